"""The library of answers: looked through while one talks, counted as they are used; and questions without one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import table, word
from tuicrm.errors import Invalid
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
NOBODY = "nobody"
"""Under which uses are counted of somebody whom the team has no record of."""
_IN_QUESTION, _IN_REST = 0, 1


def used(record: Record) -> int:
    """Return how often an answer was taken, by everybody together."""
    counts = (one.get("count") for one in table(record.get("uses")).values())
    return sum(one for one in counts if type(one) is int and one > 0)


def unanswered(record: Record) -> bool:
    """Tell whether a question still waits for its answer."""
    return not word(record.get("answer")).strip()


def search(session: Session, text: str = "", *, limit: int = 20) -> list[Record]:
    """Return the answers that hold every word of a text, question first, then the most used; all for no text."""
    wanted = fold(text).split()
    found = []
    for record in session.ws.all("answer").values():
        if unanswered(record):
            continue
        question = fold(word(record.get("question")))
        whole = fold(f"{question}\n{word(record.get('answer'))}\n{' '.join(map(str, record.get('tags') or ()))}")
        if all(one in whole for one in wanted):
            place = _IN_QUESTION if all(one in question for one in wanted) else _IN_REST
            found.append((place, -used(record), question, record["id"], record))
    found.sort(key=lambda one: one[:4])
    return [one[-1] for one in found[:limit]]


def take(session: Session, ids: Iterable[str]) -> list[Change]:
    """Return the changes that count one more use of each answer, beside those that others count."""
    from tuicrm.store.changes import Write

    made: list[Change] = []
    who = session.me or NOBODY
    for key in dict.fromkeys(ids):
        record = session.ws.get("answer", key)
        if record is not None:
            held = table(record.get("uses"))
            count = held.get(who, {}).get("count")
            fields = {"uses": {**held, who: {"count": (count if type(count) is int else 0) + 1}}}
            made.append(Write("answer", key, fields))
    return made


def counted(session: Session, plan: Plan, ids: Iterable[str]) -> Plan:
    """Return a plan with the uses of the answers that it writes down."""
    from dataclasses import replace

    return replace(plan, changes=(*plan.changes, *take(session, ids)))


def same_question(session: Session, text: str) -> Record | None:
    """Return the record that has this very question, but for case and signs."""
    wanted = _plain(text)
    held = session.ws.all("answer").values()
    return next((one for one in held if _plain(word(one.get("question"))) == wanted), None)


def _plain(text: str) -> str:
    return " ".join("".join(one if one.isalnum() else " " for one in fold(text)).split())


def ask(session: Session, question: str) -> Plan:
    """Return the plan that collects a question for whoever keeps the library; nothing where it is known already."""
    from tuicrm.crm.edit import add

    text = " ".join(question.split())
    if not text:
        raise Invalid("question: there is none", field="question")
    held = same_question(session, text)
    if held is None:
        plan = add(session, "answer", {"question": [text]})
        return Plan(plan.changes, f"collected the question: {text}", ids=plan.ids, said=plan.said)
    waits = "it waits for an answer" if unanswered(held) else "it has an answer"
    return Plan((), f"that question is there already: {waits}", ids=(held["id"],))
