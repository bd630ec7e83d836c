"""The application behind its keys: theme, session, panes, messages, and live updates."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.app import App
from textual.filter import Monochrome, NoColor

from tuicrm.errors import Invalid, TuicrmError
from tuicrm.tui import themes, userconfig
from tuicrm.tui.commands import PIPELINE
from tuicrm.tui.crash import Crashing
from tuicrm.tui.keymap import Keymap, keymap
from tuicrm.tui.lines import Drawn
from tuicrm.tui.looks import Looks
from tuicrm.tui.main import Main

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import PurePath

    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.screen import Screen
    from textual.theme import Theme
    from textual.timer import Timer
    from textual.widget import Widget

    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Desk, Done
    from tuicrm.tui.lately import Lately
    from tuicrm.tui.overdue import Overdue
    from tuicrm.tui.pane import Pane, Ref
    from tuicrm.tui.safe import Span
    from tuicrm.tui.syncing import Syncing
    from tuicrm.tui.userconfig import UserConfig

POLL_SECONDS = 0.5
IDLE_SECONDS = 5.0
MOST_VISITED = 20


class Program(Crashing, inherit_bindings=False):
    """tuicrm in a terminal; `session` is None where there is no workspace yet."""

    CSS_PATH: ClassVar[list[str | PurePath]] = ["styles/base.tcss", "styles/dialogs.tcss"]
    ENABLE_COMMAND_PALETTE = False
    TITLE = "tuicrm"

    def __init__(
        self,
        session: Session | None,
        *,
        env: Mapping[str, str],
        remote: bool = False,
        accessible: bool = False,
    ) -> None:
        self.looks = Looks(colours=not env.get("NO_COLOR"))
        self.env = env
        self.accessible = accessible
        """Whether the picture is made for screen readers and magnifiers: one column, no boxes, a visible cursor."""
        super().__init__()
        self._at_start: list[tuple[str, str]] = []
        """Messages to show once there is a screen."""
        config = userconfig.read(env)
        self._notify_of = config.notify
        self.sync_wish = config.sync
        self._looking = False
        """Whether a thread is looking for what others wrote."""
        self.overdue: Overdue | None = None
        self.lately: Lately | None = None
        self.syncing: Syncing | None = None
        self.keymap = self._first_keymap(config)
        theme = self._first_theme(config.theme, remote=remote)
        self.register_theme(theme)
        self.set_reactive(App.theme, theme.name)
        self._theme_at_start()
        self.session = session
        self._desk: Desk | None = None
        self._quiet: Timer | None = None
        self._offer: Span | None = None
        """The message that offers an undo."""
        self.visited: list[Ref] = []
        """The records that were opened, the latest last."""
        self.typing_into: Widget | None = None
        """A line of the whole program that is open, such as quick add's."""
        self.main = Main()

    def _first_keymap(self, config: UserConfig) -> Keymap:
        """Return the user's keys; what is wrong with them is said, and the rest is used."""
        problems = list(config.problems)
        held = Keymap()
        if config.keys:
            held, wrong = keymap(config.keys)
            problems += wrong
            self.set_keymap(held.for_toolkit())
        self._at_start += [(one, "late") for one in problems]
        return held

    def _first_theme(self, configured: str, *, remote: bool) -> Theme:
        """Return the theme to start with; one that was remembered but cannot be used is no reason not to start."""
        name = themes.chosen(self.env, remote=remote, configured=configured)
        try:
            return themes.load(name, self.env)
        except Invalid as error:
            if self.env.get("TUICRM_THEME"):
                raise
            self._at_start.append((str(error), "late"))
            return themes.load(themes.DEFAULT)

    def _theme_at_start(self) -> None:
        """Use the theme from the first style sheet on: changing it later would parse them twice."""
        self._invalidate_css()
        self.stylesheet.set_variables(self.get_css_variables())
        # The toolkit chose these for its own default theme; the terminal's own colours must reach it as they are.
        self._refresh_truecolor_filter(self.ansi_theme)
        self._fit_filters()

    def _fit_filters(self) -> None:
        """Without colours a 16-colour theme sends none, any other one shades of grey."""
        wanted = NoColor if self.current_theme.ansi else Monochrome
        self._filters = [wanted() if isinstance(one, Monochrome | NoColor) else one for one in self._filters]

    def use_theme(self, name: str) -> None:
        """Change the colours; Invalid where the theme cannot be used."""
        self.register_theme(themes.load(name, self.env))
        self.theme = name
        self._fit_filters()

    @property
    def desk(self) -> Desk:
        """The session behind the screens."""
        assert self._desk is not None
        return self._desk

    def get_driver_class(self) -> type[Driver]:
        base = super().get_driver_class()
        if not self.accessible:
            return base
        from tuicrm.tui.plain import plain_driver

        return plain_driver(base)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        if self.accessible and screen is self.screen:
            from tuicrm.tui.caret import caret

            place = caret(screen)
            self.cursor_position = self.cursor_position if place is None else place
        super()._display(screen, renderable)

    def get_default_screen(self) -> Screen[None]:
        return self.main

    def on_mount(self) -> None:
        """Paint the frame first; the data follows."""
        self.theme_changed_signal.subscribe(self, self._restyle)
        self.looks.take_from(self.main)
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        if self.session is None:
            from tuicrm.tui.panes.welcome import Welcome

            self.main.enter(Welcome())
        else:
            self.open_session(self.session)
        for text, look in self._at_start:
            self.main.say(text, look)

    def open_session(self, session: Session) -> None:
        """Show a workspace."""
        from tuicrm.tui.desk import Desk, clock_of

        self.session = session
        self._desk = Desk(session, clock_of(self.env))
        self.main.about = ((session.ws.name, "muted"), (session.user, "muted"))
        self.show_tab(PIPELINE)
        self.set_interval(POLL_SECONDS, self._poll)
        self._quiet = self.set_interval(IDLE_SECONDS, self._rest)

    def arrived(self) -> None:
        """Begin, with the first data shown, what goes on beside the panes: what is late, what others changed."""
        if self.overdue is not None:
            return
        from tuicrm.tui.duties import Duties
        from tuicrm.tui.lately import Lately
        from tuicrm.tui.overdue import Notify, Overdue
        from tuicrm.tui.syncing import Syncing

        self.overdue = Overdue(self, Notify.of(self._notify_of))
        self.overdue.start()
        self.lately = Lately(self)
        self.guard(self.lately.start)
        self.syncing = Syncing(self, self.sync_wish)
        self.syncing.start()
        Duties(self).start()

    def on_unmount(self) -> None:
        """What is on the screen now is what the user has seen."""
        if self.lately is not None:
            self.lately.seen()
        if self.syncing is not None:
            self.syncing.leave()

    def _restyle(self, _: object) -> None:
        self.looks.take_from(self.main)
        self.main.refresh()
        for one in self.main.query(Drawn):
            one.restyle()

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Key) and not event.is_forwarded:
            event = self._as_latin(event)
            if self._quiet is not None:
                self._quiet.reset()
        await super().on_event(event)

    def _as_latin(self, event: events.Key) -> events.Key:
        """Return a key of another keyboard layout as the Latin key at its place, unless text is being typed."""
        held, _, last = event.key.rpartition("+")
        typed = event.character or ""
        # Of a sign such as the Arabic question mark the toolkit gives the name.
        letter = typed if len(typed) == 1 and not typed.isascii() else last
        if letter.isascii() or getattr(self.focused, "takes_text", False) or hasattr(self.focused, "cursor_position"):
            return event
        from textual.keys import _character_to_key

        from tuicrm.tui.layouts import translate

        latin = translate(letter, self.env)
        if not latin:
            return event
        key = _character_to_key(latin)
        return events.Key(f"{held}+{key}" if held else key, None if held else latin)

    def guard(self, act: Callable[[], None]) -> None:
        """Do something that may fail for a reason that people understand, and say so."""
        try:
            act()
        except TuicrmError as error:
            self.main.say(str(error), "late")

    def tell(self, done: Done, *, undo: bool = True) -> None:
        """Say how a write ended."""
        key = self.keymap.shown("step.undo")
        offer = f": {key} undoes" if done.changed and undo and key else ""
        self.main.say(f"{done.said}{offer}", "late" if done.failed else "text")
        self._offer = self.main.note if offer else None

    def changed(self, *, but: Pane | None = None) -> None:
        """Let every pane look at the workspace again, except one that knows already."""
        for pane in self.main.panes():
            if pane is not but:
                pane.changed()
        if self.overdue is not None:
            self.overdue.soon()
        if self.syncing is not None:
            self.syncing.soon()

    def show_tab(self, place: str) -> Pane:
        """Go to a pane of the row at the top and return it; it is made when it is first looked at."""
        from tuicrm.tui.tabs import tab_of

        main = self.main
        if place not in main.roots:
            main.add(place, tab_of(place).made())
        main.show(place)
        return main.roots[place]

    def badge(self, place: str, text: str) -> None:
        """Put a short text behind the name of a pane in the row at the top; empty takes it away."""
        self.main.badge(place, text)

    def open_record(self, kind: str, record_id: str) -> None:
        """Open a record above the present pane; Esc comes back to it."""
        from tuicrm.tui.panes.record import RecordPane

        self.visited = [*(one for one in self.visited if one != (kind, record_id)), (kind, record_id)][-MOST_VISITED:]
        self.main.enter(RecordPane(kind, record_id))

    def open_report(self, name: str) -> None:
        """Show a report above the present pane, or in the place of the one that is shown."""
        from tuicrm.tui.panes.reports import Reports

        pane = self.main.pane
        if isinstance(pane, Reports):
            pane.use_report(name)
        elif self._desk is not None:
            self.main.enter(Reports(name))

    def _poll(self) -> None:
        """Look in a thread whether others have written something: listing thousands of files would hold up keys."""
        if not self._looking:
            self._looking = True
            self.run_worker(self._look, thread=True, group="poll", exit_on_error=False)

    def _look(self) -> None:
        changed, sentence = False, ""
        try:
            changed = self.desk.refresh()
        except TuicrmError as error:
            sentence = str(error)
        finally:
            self.call_later(self._looked, changed, sentence)

    def _looked(self, changed: bool, sentence: str) -> None:
        self._looking = False
        if sentence:
            self.main.say(sentence, "late")
        if changed:
            # The last step may be somebody else's now, or undone.
            self.main.hush(self._offer)
            self.changed()

    def _rest(self) -> None:
        """Nobody typed for a while: a good time to fold the journal away."""
        if self.desk.unsaved:
            self.run_worker(self._checkpoint, thread=True, exclusive=True, group="checkpoint", exit_on_error=False)

    def _checkpoint(self) -> None:
        try:
            self.desk.checkpoint()
        except TuicrmError as error:
            self.call_from_thread(self.main.say, str(error), "late")
