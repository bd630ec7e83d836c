"""What a line was understood as: slots with their candidates, and the rows that show them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.quick.here import Here
    from tuicrm.crm.session import Session

NOTHING = "-"


@dataclass(frozen=True)
class Option:
    """One candidate for a slot."""

    key: str
    """What tells it from the others, also when more was typed: an id, a date, a name to be created; empty for none."""
    label: str
    typed: tuple[tuple[str, str], ...] = ()
    """Fields and their texts; the id of a record that this makes is filled in later, in place of an empty text."""
    spoken: str = ""
    """What stands in the subject or the name in place of the words that were typed."""
    makes: tuple[str, str] = ("", "")
    """Kind and name of a record that is created along."""
    brings: tuple[tuple[str, str], ...] = ()
    """What a deal or a contact fills in by itself: slot and name of the deal's only contact, of their company."""


@dataclass(frozen=True)
class Slot:
    """A field of the preview: the candidates, the best first, and the one that is chosen."""

    name: str
    options: tuple[Option, ...]
    at: int = 0

    @property
    def chosen(self) -> Option:
        """The candidate that will be stored."""
        return self.options[self.at]

    def pick(self, key: str | None) -> Slot:
        """Return the same with the candidate of a key chosen, where there is one."""
        place = next((at for at, one in enumerate(self.options) if one.key == key), self.at)
        return self if place == self.at else replace(self, at=place)


@dataclass(frozen=True)
class Row:
    """A line of the preview."""

    name: str
    label: str
    value: str
    others: tuple[str, ...] = ()
    """What else could be meant, in the order in which `choose` goes through them."""
    count: int = 1
    """How many candidates there are to choose from."""


@dataclass(frozen=True)
class Understood:
    """A line of text as a record to be added, and everything that could not be made sense of."""

    kind: str
    """`followup`, `activity`, `deal`, `contact` or `company`; empty for an empty line."""
    text: str
    slots: tuple[Slot, ...] = ()
    pieces: tuple[tuple[str, str], ...] = ()
    """What becomes the subject or the name: (text, "") as typed, or ("", slot) for what is chosen there."""
    rest: tuple[str, ...] = ()
    """Parts that were not understood; they stay in the subject or the name."""
    type: str = ""
    """What happened, for an activity."""
    goes: str = ""
    """The pane whose name is all that was typed."""
    warning: str = ""
    """Something to think about before saving, such as somebody who is there already."""
    picks: Mapping[str, str] = field(default_factory=dict)
    """The candidates that the user chose, by slot: the keys of their options."""
    session: Session | None = field(default=None, repr=False, compare=False)
    here: Here | None = field(default=None, repr=False, compare=False)
    """What is selected where it is typed."""

    @property
    def subject(self) -> str:
        """The name or the subject of the record."""
        from tuicrm.crm.quick.subjects import said

        return said(self)

    @property
    def not_understood(self) -> str:
        """The parts that were not understood, in one line."""
        return ", ".join(self.rest)

    @property
    def creates(self) -> tuple[str, ...]:
        """What is created along with the record: `company Acme`."""
        made = [one.chosen.makes for one in self.slots if one.chosen.makes[0]]
        return tuple(f"{kind} {name}" for kind, name in made)

    def slot(self, name: str) -> Slot | None:
        """Return a slot by its name."""
        return next((one for one in self.slots if one.name == name), None)

    @property
    def rows(self) -> tuple[Row, ...]:
        """The preview, line by line."""
        from tuicrm.crm.quick.subjects import rows

        return rows(self)

    def choose(self, name: str, place: int) -> Understood:
        """Return the line understood with another candidate in a slot, and what follows from it.

        Places outside the list count on around it.
        """
        from tuicrm.crm.quick.understanding import understand

        slot = self.slot(name)
        if slot is None or self.session is None:
            return self
        key = slot.options[place % len(slot.options)].key
        picks = {**self.picks, name: key}
        return understand(self.session, self.text, self.kind, picks, *([self.here] if self.here else []))

    def with_picks(self, picks: Mapping[str, str]) -> Understood:
        """Return the same with candidates chosen by their keys, where they are among the candidates."""
        return replace(self, slots=tuple(one.pick(picks.get(one.name)) for one in self.slots), picks=dict(picks))

    def typed(self, *, named: bool = False) -> dict[str, list[str]]:
        """Return the fields as typed texts, for a form; records to be created are left out, or given by `name`."""
        from tuicrm.crm.quick.planning import typed

        makes = [one.chosen.makes for one in self.slots if one.chosen.makes[0]]
        return typed(self, {made: made[1] for made in makes} if named else None)

    def plan(self, session: Session) -> Plan:
        """Return the one step that adds the record and what it names; raises Invalid where that cannot be."""
        from tuicrm.crm.quick.planning import plan

        return plan(session, self)

    def problem(self, session: Session) -> str:
        """Return why this cannot be saved, in one sentence; empty where it can."""
        from tuicrm.errors import TuicrmError

        try:
            self.plan(session)
        except TuicrmError as error:
            return str(error)
        return ""
