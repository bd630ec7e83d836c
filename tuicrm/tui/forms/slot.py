"""One field of a form: what stands in it, what it held, and what saving would write."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as made
from typing import TYPE_CHECKING

from tuicrm.crm.echo import Verdict
from tuicrm.records.types import Addresses, LongText

if TYPE_CHECKING:
    from tuicrm.records.field import Field


@dataclass(frozen=True)
class Pick:
    """A record that was chosen in a reference."""

    key: str
    """Its id; empty for one that is to be added along with the form."""
    text: str
    detail: str = ""

    @property
    def typed(self) -> str:
        """What names it when the form is saved."""
        return self.key or self.text


Held = tuple[str, tuple[Pick, ...]]
"""A text and chosen records."""


@dataclass
class Slot:
    """A field being filled in."""

    field: Field
    text: str = ""
    picks: list[Pick] = made(default_factory=list)
    base: Held = ("", ())
    """What the record holds."""
    hint: str = ""
    """What stands there while nothing is typed: a default, or what several records hold."""
    verdict: Verdict = made(default_factory=Verdict)
    choices: bool = False
    """Whether there are words to choose from, which are offered while one types."""
    meanwhile: str = ""
    """What somebody else wrote into the field while it was being edited."""

    @property
    def name(self) -> str:
        """The field's name."""
        return self.field.name

    @property
    def many(self) -> bool:
        """Whether it holds several values."""
        return self.field.type.many

    @property
    def refers(self) -> str:
        """The kind of records that can be chosen; empty for none."""
        return self.field.type.refers

    @property
    def long(self) -> bool:
        """Whether it takes texts of several lines."""
        return isinstance(self.field.type, LongText)

    @property
    def chips(self) -> list[Pick]:
        """The chosen records that stand before the text; a single reference is its text."""
        return self.picks if self.many else []

    @property
    def empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.text.strip() or self.picks)

    @property
    def dirty(self) -> bool:
        """Whether it holds something else than the record does."""
        text, picks = self.base
        if not self.many and self.text == text:
            # The same name in other letters may be another record, the same letters are not.
            return bool(self.picks) and bool(picks) and self.picks[0].key != picks[0].key
        return self.text.strip() != text.strip() or [one.typed for one in self.picks] != [one.typed for one in picks]

    def hold(self, held: Held) -> None:
        """Show what the record holds."""
        self.base = held
        self.text, self.picks = held[0], list(held[1])

    def type(self, text: str) -> None:
        """Take over what is typed; a single reference means what was chosen only as long as it reads like it."""
        self.text = text
        if self.picks and not self.many and text.strip() != self.picks[0].text.strip():
            self.picks = []

    def pick(self, chosen: Pick) -> None:
        """Take over what was chosen."""
        if not self.many:
            self.text, self.picks = chosen.text, [chosen]
            return
        self.text = ""
        if chosen.typed not in [one.typed for one in self.picks]:
            self.picks.append(chosen)

    def take_back(self) -> bool:
        """Turn the last chosen record into text again; False where there is none."""
        if not self.chips or self.text:
            return False
        self.text = self.picks.pop().text
        return True

    def texts(self) -> list[str]:
        """Return what is typed, one text for each value; none for an empty field."""
        text = self.text if self.long else self.text.strip()
        if self.refers:
            if not self.many:
                return [self.picks[0].typed] if self.picks else [text] if text else []
            return [*(one.typed for one in self.picks), *([text] if text else [])]
        return parts(text) if self.many else [text] if text.strip() else []

    def base_texts(self) -> list[str]:
        """Return the values that the record holds, as `texts` gives them."""
        text, picks = self.base
        if self.refers:
            return [one.typed for one in picks] or ([text] if text else [])
        return parts(text) if self.many else [text] if text else []

    def changes(self) -> tuple[list[str], list[str]]:
        """Return (texts to set or to add, values to take away) that turn what the record holds into what is typed.

        Sets are changed by what differs, so that what somebody else added meanwhile stays.
        """
        now = self.texts()
        if not self.many:
            return (now or [""]), []
        before = self.base_texts()
        kept = [one for one in before if one in now]
        added = [one for one in now if one not in before]
        if isinstance(self.field.type, Addresses) and kept + added != now:
            return ["", *now], []
        return added, [one for one in before if one not in now]

    def rebase(self, held: Held) -> bool:
        """Follow the record, which somebody else changed; what was typed stays. True where it shows."""
        if held == self.base:
            return False
        if not self.dirty:
            self.hold(held)
            return True
        if self.many:
            added, gone = self.changes()
            self.base = held
            if self.refers:
                mine = [one for one in self.picks if one.typed in added]
                self.picks = [one for one in held[1] if one.typed not in gone and one not in mine] + mine
            elif "" not in added:
                kept = [one for one in self.base_texts() if one not in gone and one not in added]
                self.text = ", ".join([*kept, *added])
        self.base = held
        now = held[0] or ", ".join(one.text for one in held[1])
        self.meanwhile = f"changed meanwhile: {now}" if now else "cleared meanwhile"
        return True


def parts(text: str) -> list[str]:
    """Return the values of a set that is typed with commas."""
    return [one.strip() for one in text.split(",") if one.strip()]
