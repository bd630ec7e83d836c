"""Where there is no workspace: make one here, open the sample one, or leave."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from tuicrm.errors import TuicrmError
from tuicrm.tui.lines import Lines
from tuicrm.tui.pane import Pane

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Line


class Opened(Message):
    """A workspace was made and opened, or could not be."""

    def __init__(self, session: Session | None, sentence: str = "") -> None:
        super().__init__()
        self.session = session
        self.sentence = sentence


class Welcome(Pane):
    """A numbered list; a digit chooses."""

    PLACE = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("1", "create", show=False),
        Binding("2", "demo", show=False),
        Binding("3", "app.app_leave", show=False),
    ]

    def __init__(self) -> None:
        super().__init__(id="welcome")
        self.body = Lines()
        self.busy = False

    def compose(self) -> ComposeResult:
        yield self.body

    def on_mount(self) -> None:
        """Show the choices."""
        self.body.put(self._lines())

    def _lines(self) -> list[Line]:
        return [
            (),
            (("  Welcome to tuicrm", "head"),),
            (),
            ((f"  There is no workspace in {Path.cwd()} yet.", "text"),),
            (("  A workspace is a folder: it holds your customers, deals and history.", "muted"),),
            (),
            (("  1 ", "key"), ("Create a workspace here", "text")),
            (("  2 ", "key"), ("Open the sample workspace, to look around", "text")),
            (("  3 ", "key"), ("Quit", "text")),
        ]

    def hints(self) -> list[tuple[str, str]]:
        """Return what the digits do."""
        return [("1", "create"), ("2", "sample"), ("3", "quit"), ("?", "keys")]

    def action_create(self) -> None:
        """Ask for the name and the currency, then make the workspace."""
        folder = Path.cwd()
        self._ask("Name of the workspace:", folder.name, lambda name: self._currency(folder, name))

    def _currency(self, folder: Path, name: str) -> None:
        def make(currency: str) -> None:
            from tuicrm.crm.opening import create_workspace

            self._open(lambda: create_workspace(folder, name=name, currency=currency, user="", env=self.program.env))

        self._ask("Its currency:", "EUR", make)

    def _ask(self, prompt: str, value: str, take: Callable[[str], None]) -> None:
        from tuicrm.tui.screens.ask import Ask

        def done(text: str | None) -> None:
            self.focus()
            if text is not None and text.strip():
                take(text.strip())

        self.main.mount(Ask(prompt, value, done=done))

    def action_demo(self) -> None:
        """Open the sample workspace, made when it is asked for the first time."""
        self._open(self._sample)

    def _sample(self) -> Session:
        from tuicrm.crm.demoplace import is_there, make_sample, sample_folder
        from tuicrm.crm.opening import open_session

        path = sample_folder(self.program.env)
        if not is_there(path):
            make_sample(path, "small", self.program.env)
        return open_session(path, self.program.env)

    def _open(self, make: Callable[[], Session]) -> None:
        if self.busy:
            return
        self.busy = True
        self.main.say("one moment …")

        def work() -> None:
            try:
                self.post_message(Opened(make()))
            except TuicrmError as error:
                self.post_message(Opened(None, str(error)))

        self.run_worker(work, thread=True, group="opening", exit_on_error=False)

    def on_opened(self, message: Opened) -> None:
        """Go on to the board."""
        self.busy = False
        if message.session is None:
            self.main.say(message.sentence, "late")
            return
        from tuicrm.crm.opening import remember_last

        remember_last(message.session.ws.root, self.program.env)
        self.main.stack.clear()
        self.remove()
        self.main.hush(self.main.note)
        self.program.open_session(message.session)
