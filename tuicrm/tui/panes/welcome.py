"""Where there is no workspace: make one, fetch one, bring in a file, look around, or leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tuicrm.errors import TuicrmError
from tuicrm.tui.lines import Wrapped
from tuicrm.tui.pane import Pane
from tuicrm.tui.panes import starting

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Line

LONGEST_FOLDER = 48
"""Letters of a folder that fit on the line of a screen of 80 cells."""
CHOICES = (
    ("create", "Create a workspace here", "makes this folder one, with the usual pipeline and you as its first user"),
    ("create_elsewhere", "Create a workspace in another folder", "the same, in a folder that you name"),
    ("clone", "Clone a team's workspace", "fetches one that others share, from the URL of its git repository"),
    ("import", "Import a CSV file", "creates a workspace here and fills it from a spreadsheet or another CRM"),
    ("demo", "Open the sample workspace", "sixty invented deals to look around in; nothing can break"),
    ("quit", "Quit", ""),
)
"""What each digit does: action, name, and what comes of it."""


class Opened(Message):
    """A workspace is open, or could not be."""

    def __init__(self, session: Session | None, sentence: str = "", *, then_import: bool = False) -> None:
        super().__init__()
        self.session = session
        self.sentence = sentence
        self.then_import = then_import


class Welcome(Pane):
    """A numbered list; a digit chooses."""

    PLACE = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(place), action, show=False) for place, (action, _, _) in enumerate(CHOICES, 1)),
        Binding("j,down", "step(1)", show=False),
        Binding("k,up", "step(-1)", show=False),
        Binding("enter", "take", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="welcome")
        self.body = Wrapped()
        self.at = 0
        self.busy = ""
        """What is going on; empty while nothing is."""
        self._cancelled = False

    def compose(self) -> ComposeResult:
        yield self.body

    def on_mount(self) -> None:
        """Show the choices."""
        self.body.put(self._lines())

    def _lines(self) -> list[Line]:
        # The end of a long path says enough: all of it would push the last choice off a small screen.
        folder = str(Path.cwd())
        folder = folder if len(folder) <= LONGEST_FOLDER else f"…{folder[1 - LONGEST_FOLDER :]}"
        made: list[Line] = [
            (),
            (("  Welcome to tuicrm", "head"),),
            (),
            ((f"  There is no workspace in {folder} yet.", "text"),),
            (("  A workspace is a folder: it holds your customers, deals and history.", "muted"),),
            (),
        ]
        for place, (_, name, what) in enumerate(CHOICES):
            here = place == self.at
            made.append(
                ((" >" if here else "  ", "key"), (f"{place + 1} ", "key"), (name, "title" if here else "text"))
            )
            if what:
                made.append(((f"    {what}", "muted"),))
        return made

    def strip_lines(self) -> list[Line]:
        """Leave room for what a long message has to say."""
        return [(), ()]

    def hints(self) -> list[tuple[str, str]]:
        """Return what the digits do."""
        if self.busy:
            return [("Esc", "cancel")]
        return [("1-6", "choose"), ("Enter", "take"), ("q", "quit"), ("?", "keys")]

    def action_step(self, by: int) -> None:
        """Go down or up."""
        self.at = min(max(0, self.at + by), len(CHOICES) - 1)
        self.body.put(self._lines())

    async def action_take(self) -> None:
        """Do what the cursor is on."""
        await self.run_action(CHOICES[self.at][0])

    def action_quit(self) -> None:
        """Leave the program."""
        self.program.exit(0)

    def action_create(self) -> None:
        """Ask for the name and the currency, then make the workspace."""
        self._create(Path.cwd())

    def action_create_elsewhere(self) -> None:
        """Ask for the folder first."""
        self._ask("In which folder:", "~/sales", lambda text: self._create(starting.folder_of(text)))

    def action_import(self) -> None:
        """Make a workspace, then ask for the file."""
        self._create(Path.cwd(), then_import=True)

    def _create(self, folder: Path, *, then_import: bool = False) -> None:
        def named(name: str) -> None:
            self._ask("Its currency:", "EUR", lambda currency: make(name, currency))

        def make(name: str, currency: str) -> None:
            env = self.program.env
            self._open(lambda: starting.create(folder, name, currency, env), then_import=then_import)

        self._ask("Name of the workspace:", folder.name, named)

    def action_clone(self) -> None:
        """Ask for the URL and the folder, then fetch it."""

        def fetched(url: str) -> None:
            try:
                name = starting.clone_name(url)
            except TuicrmError as error:
                self.main.say(f"{error}: {error.hint}" if error.hint else str(error), "late")
                return
            self._ask("Into which folder:", name, lambda text: self._clone(url, starting.folder_of(text)))

        self._ask("URL of the repository:", "", fetched)

    def _clone(self, url: str, folder: Path) -> None:
        env = self.program.env

        def said(line: str) -> None:
            self.call_later(self._progress, line)

        self._open(
            lambda: starting.fetch(url, folder, env, said, lambda: self._cancelled), what="cloning … (Esc cancels)"
        )

    def _progress(self, line: str) -> None:
        if self.busy and not self._cancelled:
            self.main.say(f"{line} (Esc cancels)", "muted")

    def action_demo(self) -> None:
        """Open the sample workspace, made when it is asked for the first time."""
        self._open(lambda: starting.sample(self.program.env))

    def _ask(self, prompt: str, value: str, take: Callable[[str], None]) -> None:
        if self.busy:
            return

        def done(text: str | None) -> None:
            if text is not None and text.strip():
                take(text.strip())

        self.ask(prompt, value, done=done)

    def _open(self, make: Callable[[], Session], *, then_import: bool = False, what: str = "one moment …") -> None:
        if self.busy:
            return
        self.busy, self._cancelled = what, False
        self.main.say(what)

        def work() -> None:
            try:
                self.post_message(Opened(make(), then_import=then_import))
            except TuicrmError as error:
                self.post_message(Opened(None, f"{error} ({error.hint})" if error.hint else str(error)))

        self.run_worker(work, thread=True, group="opening", exit_on_error=False)

    def leave(self) -> bool:
        """Give up what is going on."""
        if not self.busy:
            return False
        self._cancelled = True
        self.main.say("cancelling …")
        return True

    def on_opened(self, message: Opened) -> None:
        """Go on to the board, once it is known who acts."""
        self.busy = ""
        session = message.session
        if session is None:
            self.main.say(message.sentence, "late")
            return
        people = [] if session.me else starting.team(session)
        if not people:
            self._enter(session, then_import=message.then_import)
            return

        from tuicrm.tui.screens.choose import Choose

        def chosen(place: int | None) -> None:
            acting = session if place is None else starting.act_as(session, people[place][0], self.program.env)
            self._enter(acting, then_import=False)

        self.app.push_screen(Choose("Who are you? (Esc: none of them)", [name for _, name in people]), chosen)

    def _enter(self, session: Session, *, then_import: bool) -> None:
        from tuicrm.crm.opening import remember_last

        program = self.program
        remember_last(session.ws.root, program.env)
        self.main.stack.clear()
        self.remove()
        self.main.hush(self.main.note)
        program.open_session(session)
        if then_import:
            from tuicrm.tui.screens.importing import open_import

            open_import(program)
