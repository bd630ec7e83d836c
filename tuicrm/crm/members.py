"""Who is in a sequence, and where: the list that people and scripts are shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import enrolments as enrolled
from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Record = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """One person in a sequence."""

    id: str
    """Of the enrolment."""
    kind: str
    person: str
    name: str
    step: int
    """The step that is to be done, or was last; 0 before the first."""
    of: int
    due: str
    """When it is due, as stored; empty where nothing is to be done."""
    started_at: str
    ended_at: str
    reason: str

    @property
    def flat(self) -> dict[str, Any]:
        """The same as one JSON object."""
        return {
            "id": self.id,
            "kind": self.kind,
            "person": self.person,
            "person_name": self.name,
            "step": self.step,
            "steps": self.of,
            "due": self.due or None,
            "started_at": self.started_at,
            "ended_at": self.ended_at or None,
            "reason": self.reason or None,
        }

    @property
    def cells(self) -> tuple[str, ...]:
        """The same as texts for a table."""
        at = f"{self.step} of {self.of}"
        return (self.name, at, self.due, _day(self.started_at), _day(self.ended_at), self.reason)


def _day(instant: str) -> str:
    return instant[:10]


def members(session: Session, sequence: Record) -> list[Member]:
    """Return who is and was in a sequence: those who are first, the latest start first."""
    held = [one for one in session.ws.all("enrolment").values() if one.get("sequence") == sequence["id"]]
    made = [_member(session, one) for one in held]
    return sorted(sorted(made, key=lambda one: one.started_at, reverse=True), key=lambda one: bool(one.ended_at))


def _member(session: Session, enrolment: Record) -> Member:
    at = enrolled.place(session, enrolment)
    person = enrolled.person(session, enrolment)
    return Member(
        id=enrolment["id"],
        kind=person[0] if person else "",
        person=person[1]["id"] if person else "",
        name=enrolled.called(session, enrolment)[1],
        step=at.number,
        of=at.of,
        due=word((at.followup or {}).get("due")) if at.waiting else "",
        started_at=word(enrolment.get("started_at")),
        ended_at=word(enrolment.get("ended_at")),
        reason=word(enrolment.get("reason")),
    )


def standing(session: Session, key: str) -> list[str]:
    """Return a line for each sequence that a person is in: `Outbound, step 2 of 5, due 2026-10-12`."""
    found = []
    for one in enrolled.of_people(session, [key]):
        at = enrolled.place(session, one)
        due = f", due {word((at.followup or {}).get('due'))[:10]}" if at.waiting else ""
        found.append(f"{enrolled.called(session, one)[0]}, step {at.number} of {at.of}{due}")
    return found
