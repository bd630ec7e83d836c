"""A line to type into, in place of the status line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.containers import Horizontal

from tuicrm.tui.lines import Lines
from tuicrm.tui.safe import cells, short
from tuicrm.tui.typed import Typed

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult
    from textual.widgets import Input


class OneLine(Typed):
    """The line of an Ask: Esc gives it up."""

    BINDINGS = [Binding("escape", "give_up", show=False)]  # noqa: RUF012  # as the toolkit declares it

    def action_give_up(self) -> None:
        """Close the line without its text."""
        assert isinstance(self.parent, Ask)
        self.parent.close(None)


class Ask(Horizontal):
    """A prompt, a line of text, and what there is to say about it."""

    def __init__(
        self,
        prompt: str,
        value: str = "",
        *,
        done: Callable[[str | None], None],
        typing: Callable[[str], None] | None = None,
    ) -> None:
        super().__init__(classes="ask")
        self.prompt = Lines()
        self.field = OneLine(value)
        self.verdict = Lines()
        self._prompt = prompt
        self._done = done
        self._typing = typing
        self._over = False

    def compose(self) -> ComposeResult:
        yield self.prompt
        yield self.field
        yield self.verdict

    def on_mount(self) -> None:
        """Take the focus."""
        self.prompt.styles.width = cells(self._prompt) + 2
        self.prompt.put([((f" {self._prompt} ", "key"),)])
        self.verdict.styles.width = 0
        self.field.focus()

    def judge(self, text: str, look: str = "muted") -> None:
        """Say something about what is typed, at the right."""
        words = short(text, max(10, self.size.width * 3 // 5))
        self.verdict.styles.width = cells(words) + 1 if words else 0
        self.verdict.put([((words, look),)])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Pass on what is typed."""
        event.stop()
        if self._typing is not None and not self._over:
            self._typing(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter takes the text."""
        event.stop()
        self.close(event.value)

    def close(self, text: str | None) -> None:
        """Go away and hand over the text; None where it was given up."""
        if not self._over:
            self._over = True
            self.remove()
            self._done(text)
