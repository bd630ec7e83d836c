"""The steps of a sequence: as they are typed (`3 call Any questions?`), as they are stored, and in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import table, word
from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session

Entry = dict[str, Any]

WHATS = ("call", "email", "todo", "wait")
WAIT = "wait"
LAST_DAY = 1000
MOST = 100
"""Steps of one sequence."""
_ALIASES = {"e-mail": "email", "mail": "email", "to-do": "todo", "task": "todo", "do": "todo", "phone": "call"}
_SAID = {"call": "call", "email": "e-mail", "todo": "", "wait": "wait"}
_TYPED = re.compile(r"(?:day\s+)?(\d{1,6})\s*d?[\s:.,]+(\S+)\s*(.*)", re.IGNORECASE | re.DOTALL)
_EXAMPLE = "write a day, what to do, and words: '3 call Any questions?' (call, email, todo or wait)"


@dataclass(frozen=True, slots=True)
class Step:
    """One step."""

    key: str
    day: int
    """Days after the start."""
    what: str
    text: str
    template: str
    """The id of the template that an e-mail is written from; empty for none."""
    order: str

    @property
    def said(self) -> str:
        """What there is to do, in words: `call: Any questions?`."""
        return ": ".join(filter(None, (_SAID.get(self.what, self.what), self.text))) or "to do"


def steps(sequence: Mapping[str, Any]) -> list[Step]:
    """Return the steps of a sequence in their order: by day, and as they were added."""
    made = [
        Step(
            key,
            day if isinstance(day := held.get("day"), int) and 0 <= day <= LAST_DAY else 0,
            what if (what := word(held.get("what"))) in WHATS else "todo",
            word(held.get("text")),
            word(held.get("template")),
            word(held.get("order")),
        )
        for key, held in table(sequence.get("steps")).items()
    ]
    return sorted(made, key=lambda one: (one.day, one.order, one.key))


def parse(session: Session, text: str) -> Entry:
    """Return the step that a text asks for, without key and order; Invalid for what is none."""
    found = _TYPED.fullmatch(text.strip())
    if found is None:
        raise Invalid(f"step: {text!r} is no step; {_EXAMPLE}", field="step")
    day, typed, rest = int(found[1]), found[2].casefold().rstrip(":"), " ".join(found[3].split())
    what = _ALIASES.get(typed, typed)
    if what not in WHATS:
        raise Invalid(f"step: {found[2]!r} is nothing to do; {_EXAMPLE}", field="step")
    if day > LAST_DAY:
        raise Invalid(f"step: day {day:,} is later than day {LAST_DAY:,}", field="step")
    if what == "todo" and not rest:
        raise Invalid(f"step: {text!r} does not say what to do; {_EXAMPLE}", field="step")
    return {"day": day, "what": what, "text": rest, **(_template(session, rest) if what == "email" else {})}


def _template(session: Session, text: str) -> Entry:
    """Return the template that the words of an e-mail name; none where no template is called so."""
    from tuicrm.crm.lookup import find, named

    asked = text.casefold().startswith("template:")
    if asked:
        record = find(session, "template", text.partition(":")[2])
        return {"template": record["id"], "text": record.get("name", "")}
    held = named(session, "template", text)
    return {"template": held[0]["id"]} if len(held) == 1 else {}


def entries(session: Session, texts: Sequence[str], held: Mapping[str, Any]) -> dict[str, Entry]:
    """Return steps by key: those that are held, and behind them the typed ones."""
    from tuicrm.crm.ordering import between

    found: dict[str, Entry] = dict(table(held))
    last = max((word(one.get("order")) for one in found.values()), default="")
    for text in texts:
        last = between(last, "")
        found[session.ws.new_id()] = {**parse(session, text), "order": last}
    if len(found) > MOST:
        raise Invalid(f"step: a sequence has at most {MOST} steps, this one {len(found)}", field="step")
    if all(one.get("what") == WAIT for one in found.values()):
        raise Invalid("step: a sequence needs a step in which there is something to do", field="step")
    return found


def numbered(sequence: Mapping[str, Any], text: str) -> Step:
    """Return the step with a number, as lists show it, or raise NotFound."""
    held = steps(sequence)
    typed = text.strip().lstrip("#")
    if typed.isdecimal() and 0 < int(typed) <= len(held):
        return held[int(typed) - 1]
    raise NotFound(f"{sequence.get('name')} has no step {text!r}; its steps are numbered 1 to {len(held)}")
