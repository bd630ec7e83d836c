"""What panes of figures have in common: whose figures, for which period, and that no key waits while they are made."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from tuicrm.errors import TuicrmError
from tuicrm.tui.acting.copying import CopyKeys
from tuicrm.tui.commands import COMMANDS
from tuicrm.tui.rowkeys import RowKeys
from tuicrm.tui.viewing import View, Viewing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from tuicrm.crm.periods import Period
    from tuicrm.crm.session import Session

LISTED = 6
"""So many teams are offered by name; the others can be typed."""
MINE, TEAM = 1, 2
"""The numbers of the views that every pane has."""


@dataclass
class Look(View):
    """Whose figures, for which period."""

    owner: str = ""
    """Whose, as `--owner` takes it: `me`, a user, a team; everybody's where empty."""
    period: Period | None = None
    """None for the present one."""


class Choice(NamedTuple):
    """One line of what `v` offers."""

    text: str
    take: Callable[[], None]
    now: bool = False
    """Whether it is what is shown."""


class Figuring(RowKeys, Viewing, CopyKeys):
    """Figures are worked out on a picture of the workspace; what was shown stays until the others are there."""

    AT_ONCE: ClassVar[frozenset[str]] = frozenset({"period_next", "period_previous", "view_choose", "list_filter"})
    """Actions that need no figures: they do not wait for the first ones."""

    view: Look
    awaited = ""
    """What the user has asked for and waits for: a period, a view."""
    _busy = False
    _again = False
    """Whether the workspace changed while figures were made of it."""

    def at_work(self) -> AbstractContextManager[object]:
        return self.desk.aside.held()

    @property
    def figures(self) -> Session:
        """The session to work figures out on, in `build`."""
        return self.desk.aside.session

    def shown_period(self) -> Period:
        """Return the period that the keys move on from."""
        raise NotImplementedError

    def choices(self) -> Iterator[Choice]:
        """Yield what `v` offers, beside whose figures they are and for which period."""
        raise NotImplementedError

    def ask_again(self) -> None:
        self._busy = True
        super().ask_again()

    def wait_for(self, what: str) -> None:
        """Ask for other figures, and say at once that they are on their way."""
        self.awaited = what
        self.ask_again()
        self.main.bars()

    def changed(self) -> None:
        """Work the figures out again: after those that are being made, and not while nobody looks."""
        if self.display and self._busy:
            self._again = True
        else:
            super().changed()

    def answered(self) -> None:
        self._busy, self.awaited = False, ""
        self.main.bars()
        if self._again:
            self._again = False
            self.changed()

    def _is_own(self, key: str) -> bool:
        at_once = any(one.action in self.AT_ONCE and key in self.program.keymap.of(one) for one in COMMANDS)
        return super()._is_own(key) and not at_once

    def action_period_next(self) -> None:
        """The period after."""
        self._turn(1)

    def action_period_previous(self) -> None:
        """The period before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        self.view.period = (self.view.period or self.shown_period()).moved(by)
        self.wait_for(self.view.period.title)

    def action_view_choose(self) -> None:
        """Choose whose figures they are, for which period, and what is shown of them."""
        held = [*self._own_choices(), *self.choices(), *self._team_choices()]
        at = next((at for at, one in enumerate(held) if one.now), 0)
        self.pick("View", [f"{'*' if one.now else ' '} {one.text}" for one in held], at, lambda to: held[to].take())

    def _own_choices(self) -> list[Choice]:
        number = self.view.number
        return [
            Choice("mine", self._show_mine, number == MINE),
            Choice("team", lambda: self.show_owner("team", "", TEAM), number == TEAM),
        ]

    def _team_choices(self) -> list[Choice]:
        from tuicrm.crm.scopes import scopes

        with self.desk.lock:
            names = [one.name for one in scopes(self.desk.session) if one.name.startswith("team ")][:LISTED]
        return [self._team_choice(name) for name in names]

    def _team_choice(self, name: str) -> Choice:
        return Choice(name, lambda: self.show_owner(name, name.removeprefix("team "), 0), self.view.name == name)

    def typed_choices(self) -> Sequence[Choice]:
        """Return the choices that ask for a text."""
        somebody = self.view.number == 0 and bool(self.view.name) and not self.view.name.startswith("team ")
        return (
            Choice(f"somebody or a team …{f' ({self.view.name})' if somebody else ''}", self._ask_owner, somebody),
            Choice("another period …", self._ask_period),
        )

    def _show_mine(self) -> None:
        with self.desk.lock:
            known = bool(self.desk.session.me)
        if known:
            self.show_owner("mine", "me", MINE)
        else:
            self.main.say(f"nothing is yours: {self.desk.user} is no user of this workspace", "late")

    def show_owner(self, name: str, owner: str, number: int) -> None:
        """Show somebody's figures; the period, the filter and what else was chosen stay."""
        self.view = replace(self.view, name=name, number=number, owner=owner)
        self.wait_for(name)

    def _ask_owner(self) -> None:
        def done(text: str | None) -> None:
            if text and text.strip():
                try:
                    with self.desk.lock:
                        from tuicrm.crm.scopes import scope_named

                        scope = scope_named(self.desk.session, text)
                except TuicrmError as error:
                    self.main.say(str(error), "late")
                else:
                    self.show_owner(scope.name, text.strip(), 0)

        self.ask("whose: a name, a handle or a team", done=done)

    def _ask_period(self) -> None:
        def done(text: str | None) -> None:
            if text is None:
                return
            try:
                with self.desk.lock:
                    from tuicrm.crm.periods import period_named

                    self.view.period = period_named(self.desk.session, text)
            except TuicrmError as error:
                self.main.say(str(error), "late")
            else:
                self.wait_for(self.view.period.title)

        self.ask("period: this month, 2026-Q4, next 90 days", done=done)
