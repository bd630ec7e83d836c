"""The palette in the application: what it offers here, its index, and what Enter does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from tuicrm.errors import TuicrmError
from tuicrm.records.settings import SETTINGS
from tuicrm.tui.commands import ACTIVITY, COMPANIES, CONTACTS, FOLLOWUPS, LEADS, PIPELINE, command
from tuicrm.tui.program import Program

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from tuicrm.crm.finder import Finder, Found
    from tuicrm.tui.commands import Command
    from tuicrm.tui.palette.bar import Palette
    from tuicrm.tui.palette.offered import Offer, Offered
    from tuicrm.tui.palette.things import Thing
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.viewing import View

MOST = 40
"""Records found at most: more than anybody steps through."""
LATELY = 8
STEPS_BACK = 60
"""Steps of the undo log in which records of late are looked for."""
BULK = 12
"""A step that changed more records than this says little about what its user is busy with."""
VIEWED = {
    "deal": PIPELINE,
    "activity": ACTIVITY,
    "followup": FOLLOWUPS,
    "contact": CONTACTS,
    "company": COMPANIES,
    "lead": LEADS,
}
"""The pane that shows the saved views of a kind."""


class IndexCame(Message):
    """The records were read."""


class PaletteKeys(Program, inherit_bindings=False):
    """The part of the application that finds anything by a few letters."""

    _palette: Palette | None = None
    _finder: Finder | None = None
    _things: list[Thing]
    _views: list[tuple[str, View]]
    _lately: tuple[Ref, ...] = ()
    _colours: tuple[str, ...] = ()
    _gathered: tuple[type | None, int] = (None, -1)
    """The pane and the revision that the commands and views were gathered for."""
    _rows: dict[Ref, tuple[str, str, str]]
    _rows_at = -1

    def action_palette_open(self) -> None:
        """Open the palette."""
        if self._desk is None or self.screen is not self.main or getattr(self.focused, "takes_text", False):
            return
        from tuicrm.crm.finder import Finder
        from tuicrm.tui.palette.bar import Palette

        if self._finder is None:
            self._finder = Finder(self.desk.session)
        self._gather()
        stale = not self._finder.fresh
        if self._palette is None:
            self._palette = Palette(
                find=self._find, described=self._described, take=self._take, closed=self._palette_closed
            )
            self._palette.waiting = stale
            self.main.mount(self._palette)
        else:
            self._palette.waiting = stale
            self._palette.open()
        self.typing_into = self._palette.field
        if stale:
            self.run_worker(self._catch_up, thread=True, exclusive=True, group="palette", exit_on_error=False)

    def _gather(self) -> None:
        """Find out what can be run and switched to from here."""
        from tuicrm.tui import themes
        from tuicrm.tui.palette.things import command_things, theme_things, view_things

        pane = self.main.pane
        here = (type(pane), self.desk.session.ws.revision)
        if here == self._gathered:
            return
        self._gathered = here
        self._colours = self._colours or tuple(themes.names(self.env))
        held = command_things(pane.PLACE if pane else "", self.keymap, self._is_there_to_run, self._is_used)
        with self.desk.lock:
            self._views = [(kind, one) for kind in VIEWED for one in self.desk.views(kind)]
            many = {kind: self.desk.session.kind(kind).many for kind in VIEWED}
        held += view_things((many[kind], one.name) for kind, one in self._views)
        self._things = [*held, *theme_things(self._colours)]

    def _is_there_to_run(self, one: Command) -> bool:
        return self._runs(one) is not None

    def _is_used(self, one: Command) -> bool:
        """Tell whether the team uses what a command is about."""
        session = self.desk.session
        if not one.needs:
            return True
        return bool(session.setting(one.needs) if one.needs in SETTINGS else session.ws.all(one.needs))

    def _catch_up(self) -> None:
        """Read the records in a thread, letting others have the workspace in between."""
        from time import sleep

        finder = self._finder
        assert finder is not None
        steps = finder.catch_up()
        try:
            going = True
            while going:
                with self.desk.lock:
                    going = next(steps, self) is not self
                sleep(0)
            self._lately = self._of_late()
        except TuicrmError as error:
            self.call_from_thread(self.main.say, str(error), "late")
            return
        finder.lay_out()
        self.post_message(IndexCame())

    def _of_late(self) -> tuple[Ref, ...]:
        """Return the records that were changed last on this machine, the latest first."""
        from tuicrm.crm.findable import KINDS
        from tuicrm.crm.setup import SETUP

        with self.desk.lock:
            log = self.desk.session.ws.undo_log(limit=STEPS_BACK)
            log = [one for one in log if len(one.steps) <= BULK and one.group != SETUP]
            found = dict.fromkeys(
                (step.kind, step.id) for one in reversed(log) for step in one.steps if step.kind in KINDS
            )
            return tuple(ref for ref in list(found)[: 4 * LATELY] if self.desk.session.ws.get(*ref) is not None)

    def on_index_came(self) -> None:
        """Show what fits among the records that were read."""
        if self._palette is not None:
            self._palette.waiting = False
            self._palette.again()

    def _find(self, text: str) -> Offered:
        """Return what fits a text."""
        from tuicrm.crm.finder import Found
        from tuicrm.tui.palette.offered import offered
        from tuicrm.tui.palette.things import matching

        things = matching(self._things, text)
        if not text.strip():
            late = dict.fromkeys((*reversed(self.visited), *self._lately))
            return offered(things, [Found(*ref, 0) for ref in late if self._is_there(ref)][:LATELY], recent=True)
        found: list[Found] = self._finder.index.find(text, MOST) if self._finder else []
        found = [one for one in found if self._is_there((one.kind, one.id))]
        # Half an address means somebody, whatever a command's example has in common with it.
        return offered([] if found and "@" in text.strip()[1:] else things, found)

    def _is_there(self, ref: Ref) -> bool:
        return self.desk.session.ws.get(*ref) is not None

    def _described(self, ref: Ref) -> tuple[str, str, str]:
        """Return what is shown of a record: its kind, title and detail."""
        from tuicrm.crm.search import described

        with self.desk.lock:
            session = self.desk.session
            if self._rows_at != session.ws.revision:
                self._rows, self._rows_at = {}, session.ws.revision
            if ref not in self._rows:
                record = session.ws.get(*ref)
                texts = described(session, ref[0], record) if record is not None else ("", "")
                self._rows[ref] = (session.kind(ref[0]).one, *texts)
                self._rows_at = session.ws.revision
            return self._rows[ref]

    def _palette_closed(self) -> None:
        self.typing_into = None
        if self.main.pane is not None:
            self.main.pane.focus()

    def _take(self, offer: Offer) -> None:
        """Open a record, run a command, switch to a view or a theme."""
        from tuicrm.tui.palette.things import COMMAND, VIEW

        thing = offer.thing
        if offer.ref is not None:
            self.open_record(*offer.ref)
        elif thing is not None and thing.what == COMMAND:
            one = command(thing.key)
            self.call_later(self.run_action, one.action, self._runs(one))
        elif thing is not None and thing.what == VIEW:
            kind, view = self._views[int(thing.key)]
            self._use_view(kind, view)
        elif thing is not None:
            self._use_colours(thing.key)

    def _runs(self, one: Command) -> DOMNode | None:
        """Return what runs a command here: the pane, as its key would, else the application; None for neither."""
        name = f"action_{one.action}"
        places: tuple[DOMNode | None, ...] = (self.main.pane, self)
        return next((held for held in places if hasattr(held, name)), None)

    def _use_view(self, kind: str, view: View) -> None:
        from tuicrm.tui.saving import OWN
        from tuicrm.tui.viewing import Viewing

        pane = self.show_tab(VIEWED[kind])
        if isinstance(pane, Viewing):
            # As the pane lists it: with the digit that chooses it there.
            pane.use(next((one for one in pane.views() if one.number > OWN and one.name == view.name), view))

    def _use_colours(self, name: str) -> None:
        from tuicrm.tui.colours import ThemeKeys

        if isinstance(self, ThemeKeys):
            self.keep_theme(name)
