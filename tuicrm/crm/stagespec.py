"""Stages as they are typed in (`Offer 60% 14d`), and the stages that a fresh pipeline starts with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.crm.parsing import refuse_unstorable
from tuicrm.errors import Invalid
from tuicrm.records.kinds.team import STAGE_KINDS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind

Entry = dict[str, Any]
MOST = 99
"""Activities of a sort that a stage may ask for."""
LONGEST = 80
"""Characters of a check or a reason."""

STANDARD = (
    "Lead 10% 14d",
    "Qualified 20% 21d",
    "Demo 30% 21d",
    "Proposal 50% 30d",
    "Negotiation 70% 30d",
    "Verbal 90% 14d",
    "Won 100% won",
    "Lost 0% lost",
)


def standard() -> dict[str, Entry]:
    """Return the stages of the pipeline that a fresh workspace has."""
    return with_ends(STANDARD)


def with_ends(specs: Sequence[str]) -> dict[str, Entry]:
    """Return stages by key, in the order of their specs, with Won and Lost where no spec is of their kind."""
    from tuicrm.crm.ordering import spread

    parsed = [parse_spec(one) for one in specs]
    kinds = {entry["kind"] for _, entry in parsed}
    parsed += [
        parse_spec(one) for kind, one in (("won", "Won 100% won"), ("lost", "Lost 0% lost")) if kind not in kinds
    ]
    if "open" not in kinds:
        raise Invalid("stage: a pipeline needs at least one open stage", field="stages")
    found: dict[str, Entry] = {}
    for order, (key, entry) in zip(spread(len(parsed)), parsed, strict=True):
        if key in found:
            raise Invalid(f"stage: {entry['name']!r} is there twice", field="stages")
        found[key] = {**entry, "order": order}
    return found


def parse_spec(spec: str) -> tuple[str, Entry]:
    """Return the key and the entry that a spec makes: a name, then percent, days and kind in any order."""
    from tuicrm.folding import slug

    words = spec.split()
    entry: Entry = {}
    while len(words) > 1:
        word = words[-1].casefold()
        if re.fullmatch(r"\d+%", word) and "probability" not in entry:
            entry["probability"] = whole(word, "probability", 100, "%")
        elif re.fullmatch(r"\d+d", word) and "rotting_days" not in entry:
            entry["rotting_days"] = whole(word, "rotting_days", 3650, "d")
        elif word in STAGE_KINDS and "kind" not in entry:
            entry["kind"] = word
        else:
            break
        words.pop()
    name = " ".join(words)
    if not name:
        raise Invalid("stage: it needs a name, as in 'Offer 60%'", field="stages")
    ends = {"won": "won", "closed won": "won", "lost": "lost", "closed lost": "lost"}
    kind = entry.get("kind") or ends.get(name.casefold(), "open")
    entry.setdefault("probability", {"won": 100, "lost": 0}.get(kind, 0))
    return slug(name), {"name": name, "kind": kind, "rotting_days": 0, **entry}


def whole(text: str, name: str, high: int, unit: str) -> int:
    """Return a whole number from 0 to `high`, its unit allowed behind it, or raise Invalid naming the field."""
    typed = text.strip().removesuffix(unit).strip()
    if not typed.isdecimal() or int(typed) > high:
        raise Invalid(f"{name}: {text!r} is not a whole number from 0 to {high}", field=name)
    return int(typed)


def parse_requires(kind: Kind, names: Sequence[str]) -> list[str]:
    """Return the proper names of deal fields that a stage requires; unknown and computed ones raise Invalid."""
    from tuicrm.crm.parsing import field_of

    found: dict[str, None] = {}
    for text in names:
        for name in text.split(","):
            if not name.strip():
                continue
            field = field_of(kind, name)
            if field.computed or field.name in ("stage", "pipeline"):
                raise Invalid(f"requires: {field.name} cannot be required of a stage", field="requires")
            found[field.name] = None
    return list(found)


def parse_activities(session: Session, specs: Sequence[str]) -> dict[str, Entry]:
    """Return what must be logged to enter a stage, by key, from specs as `meeting`, `2 calls reached`, `call here`.

    A spec is a count (1 where none is given), a type, an outcome if it matters, and `here` where only what was logged
    since the deal entered its stage counts.
    """
    found: dict[str, Entry] = {}
    for text in specs:
        for spec in text.split(","):
            if spec.strip():
                key, entry = _activity(session, spec.strip())
                found[key] = entry
    return found


def _activity(session: Session, spec: str) -> tuple[str, Entry]:
    from tuicrm.folding import fold, slug
    from tuicrm.records.kinds.activity import LOGGED

    words = fold(spec).replace("in this stage", "here").split()
    here = words[-1:] == ["here"]
    words = words[:-1] if here else words
    count = whole(words.pop(0), "activities", MOST, "x") if words and words[0][:1].isdigit() else 1
    sorts = {name: one for one in LOGGED for name in (one, f"{one}s")} | {"mail": "email", "mails": "email"}
    sort = sorts.get(words[0].replace("-", "")) if words else None
    if sort is None or count < 1:
        raise Invalid(
            f"activities: {spec!r} is no activity; say {', '.join(LOGGED)}, as in 'meeting' or '2 calls reached'",
            field="activities",
        )
    outcome = "_".join(words[1:])
    field = session.kind("activity").by_name["outcome"]
    if outcome and outcome not in field.type.choices and outcome not in _outcomes(session):
        from tuicrm.folding import nearest

        known = [*field.type.choices, *_outcomes(session)]
        near = nearest(outcome, known)
        guess = f"did you mean {near}?" if near else f"outcomes are {', '.join(known)}"
        raise Invalid(f"activities: nobody has logged the outcome {outcome!r}; {guess}", field="activities")
    entry: Entry = {"type": sort, "count": count}
    entry |= {"outcome": outcome} if outcome else {}
    entry |= {"here": True} if here else {}
    return slug("_".join(filter(None, (sort, outcome, "here" if here else "")))), entry


def _outcomes(session: Session) -> list[str]:
    """Return the outcomes that the team uses in its own words."""
    held = {one.get("outcome") for one in session.ws.all("activity").values()}
    return sorted(one for one in held if isinstance(one, str) and one)


def with_texts(held: object, wanted: Sequence[str], name: str, taken: Iterable[str] = ()) -> dict[str, Entry]:
    """Return a map of texts (checks, reasons) in the order wanted; those that are there already keep their keys.

    `taken` are keys that mean something else.
    """
    from tuicrm.crm.ordering import spread
    from tuicrm.crm.stages import texts
    from tuicrm.folding import fold, slug

    there = {fold(one.text): one.key for one in texts(held)}
    found: dict[str, Entry] = {}
    clean = [" ".join(one.split()) for one in wanted if one.strip()]
    for order, text in zip(spread(len(clean)), clean, strict=True):
        if len(text) > LONGEST:
            raise Invalid(f"{name}: {text[:30]}... is longer than {LONGEST} characters", field=name)
        refuse_unstorable(text, name)
        key = there.get(fold(text)) or free_key(slug(text), {*taken, *there.values(), *found})
        if key in found:
            raise Invalid(f"{name}: {text!r} is there twice", field=name)
        found[key] = {"text": text, "order": order}
    return found


def free_key(key: str, taken: Container[str]) -> str:
    """Return a key that nothing else has: the one wanted, else with a number behind it."""
    unique, number = key, 1
    while unique in taken:
        number += 1
        unique = f"{key}_{number}"
    return unique
