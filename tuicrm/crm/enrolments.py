"""Who is in which sequence, and where: worked out from the follow-ups that the steps became, so that clones agree."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word, words
from tuicrm.crm.steps import WAIT, Step, steps
from tuicrm.store.ulid import alike, is_ulid, ms_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tuicrm.crm.session import Session

Record = dict[str, Any]
Ref = tuple[str, str]


@lru_cache(maxsize=100_000)
def step_id(enrolment: str, step: str) -> str:
    """Return the id of the follow-up that a step becomes; every clone works out the same."""
    return alike(ms_of(enrolment) if is_ulid(enrolment) else 0, "step", enrolment, step)


@dataclass(frozen=True)
class Place:
    """How far somebody is."""

    step: Step | None
    """The step that is to be done, or the last that was; None before the first."""
    followup: Record | None
    """What it became."""
    number: int
    """The step's place among all, counted from 1; 0 before the first."""
    of: int

    @property
    def waiting(self) -> bool:
        """Whether the step is still to be done."""
        return self.followup is not None and not self.followup.get("done_at")


def place(session: Session, enrolment: Record) -> Place:
    """Return how far somebody is: at the last step that became a follow-up."""
    held = _steps(session, enrolment)
    ws = session.ws
    for number in range(len(held), 0, -1):
        step = held[number - 1]
        if step.what != WAIT and (record := ws.get("followup", step_id(enrolment["id"], step.key))) is not None:
            return Place(step, record, number, len(held))
    return Place(None, None, 0, len(held))


def after(session: Session, enrolment: Record, step: Step | None, *, passing_removed: bool = False) -> Step | None:
    """Return the next step in which there is something to do; None where none is left.

    A step whose follow-up somebody removed is passed over if asked.
    """
    held = _steps(session, enrolment)
    start = next((at + 1 for at, one in enumerate(held) if step is not None and one.key == step.key), 0)
    gone = session.ws.dead("followup") if passing_removed else {}
    left = (one for one in held[start:] if one.what != WAIT and step_id(enrolment["id"], one.key) not in gone)
    return next(left, None)


def numbers(session: Session, enrolment: Record) -> dict[str, int]:
    """Return the place of each step among all, counted from 1, by its key."""
    return {one.key: at for at, one in enumerate(_steps(session, enrolment), 1)}


def step_ids(session: Session, enrolment: Record) -> list[str]:
    """Return the ids of the follow-ups that the steps become."""
    return [step_id(enrolment["id"], one.key) for one in _steps(session, enrolment)]


def last_day(session: Session, enrolment: Record) -> int:
    """Return the day of the last step, a wait included."""
    return max((one.day for one in _steps(session, enrolment)), default=0)


def sequence_of(session: Session, enrolment: Record) -> Record | None:
    """Return the sequence of an enrolment; None where it is gone."""
    return session.ws.get("sequence", word(enrolment.get("sequence")))


def _steps(session: Session, enrolment: Record) -> list[Step]:
    """Return the steps of an enrolment's sequence, also of one in the trash: what it left behind is still known."""
    key = word(enrolment.get("sequence"))

    def read() -> list[Step]:
        return steps(session.ws.get("sequence", key) or session.ws.dead("sequence").get(key) or {})

    found: list[Step] = session.remember(f"steps {key}", read)
    return found


def person(session: Session, enrolment: Record) -> tuple[str, Record] | None:
    """Return who is in it: the contact, also the one that a lead was converted to, else the lead; None if gone."""
    lead = session.ws.get("lead", word(enrolment.get("lead")))
    key = word(enrolment.get("contact")) or word((lead or {}).get("contact"))
    contact = session.ws.get("contact", key) if key else None
    if contact is not None:
        return "contact", contact
    return ("lead", lead) if lead is not None else None


def keys(session: Session, enrolment: Record) -> set[str]:
    """Return the ids that stand for the person in the log and in deals."""
    lead = session.ws.get("lead", word(enrolment.get("lead"))) or {}
    found = {word(enrolment.get("contact")), word(enrolment.get("lead")), word(lead.get("contact"))}
    held = person(session, enrolment)
    return (found | ({held[1]["id"]} if held else set())) - {""}


def running(session: Session) -> list[Record]:
    """Return the enrolments that have not ended, the oldest first."""
    found: list[Record] = session.remember("running enrolments", lambda: _running(session))
    return found


def _running(session: Session) -> list[Record]:
    held = session.ws.all("enrolment").values()
    return sorted((one for one in held if not one.get("ended_at")), key=lambda one: str(one["id"]))


def of_followup(session: Session, key: str) -> tuple[Record, Step] | None:
    """Return the running enrolment and the step that a follow-up belongs to, looked for among those of its people."""
    followup = session.ws.get("followup", key)
    for one in of_people(session, of_entry(followup)) if followup is not None else ():
        for step in _steps(session, one):
            if step_id(one["id"], step.key) == key:
                return one, step
    return None


def of_people(session: Session, refs: Iterable[str]) -> list[Record]:
    """Return the running enrolments of the people with these ids, each once."""
    known: dict[str, list[Record]] = session.remember("enrolments by person", lambda: _by_person(session))
    found = {one["id"]: one for ref in refs for one in known.get(ref, ())}
    return [found[key] for key in sorted(found)]


def _by_person(session: Session) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for one in running(session):
        for key in keys(session, one):
            found.setdefault(key, []).append(one)
    return found


def times(session: Session, sequence: str, key: str) -> int:
    """Return how often somebody was put into a sequence, those times that were undone included."""
    known: dict[tuple[str, str], int] = session.remember("times enrolled", lambda: _times(session))
    return known.get((sequence, key), 0)


def _times(session: Session) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for one in (*session.ws.all("enrolment").values(), *session.ws.dead("enrolment").values()):
        for key in (word(one.get("contact")), word(one.get("lead"))):
            if key:
                pair = (word(one.get("sequence")), key)
                found[pair] = found.get(pair, 0) + 1
    return found


def of_entry(entry: Record) -> list[str]:
    """Return the ids of the people that an entry of the log is about."""
    return [*words(entry.get("contacts")), *words(entry.get("lead"))]


def called(session: Session, enrolment: Record) -> tuple[str, str]:
    """Return the names of the sequence and of who is in it."""
    from tuicrm.crm.lookup import name_of, title

    held = person(session, enrolment)
    sequence = name_of(session, "sequence", word(enrolment.get("sequence"))) or "a sequence"
    return sequence, title(session, *held) if held else "somebody"
