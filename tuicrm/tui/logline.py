"""The log line: a few rows at the bottom of the screen in which a call, a mail, a meeting or a note is put down."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from tuicrm.crm.answering import MAILED, OUTCOMES, retry, unanswered
from tuicrm.crm.logabout import Typed as Said
from tuicrm.crm.logabout import answers, echo, outcomes, waits
from tuicrm.errors import TuicrmError
from tuicrm.tui.inserting import Inserting
from tuicrm.tui.lines import Lines
from tuicrm.tui.logfields import Offer, OutcomeField, TextField, Tick
from tuicrm.tui.logtalk import closes_line, head_line
from tuicrm.tui.safe import cells

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.app import ComposeResult
    from textual.widget import Widget

    from tuicrm.crm.about import About
    from tuicrm.tui.program import Program
    from tuicrm.tui.safe import Line

LABEL = 9
OUTCOME_WIDTH = 16
NEXT_WIDTH = 26
WIDE = 70
"""Below this width fields take whole lines, and what is said about them stands in the last one."""
HINTS = "Enter saves  Tab next  ctrl+g editor  Esc keeps it"


@dataclass(frozen=True)
class Entered:
    """All that was put down, to be saved or kept as a draft."""

    said: Said
    abouts: tuple[About, ...]
    body: str = ""
    """What follows the first line of the text."""
    used: tuple[str, ...] = ()
    """The answers of the library that went into it."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to keep."""
        said = self.said
        return not (said.text.strip() or self.body.strip() or said.outcome.strip() or said.next.strip())

    @property
    def whole(self) -> Said:
        """What is to be logged: the text with all its lines."""
        text = f"{self.said.text.strip()}\n{self.body}" if self.body.strip() else self.said.text.strip()
        return replace(self.said, text=text)


class LogLine(Inserting):
    """Rows of fields; `save` is given what was entered and answers with a sentence where that failed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "walk(1)", show=False),
        Binding("shift+tab", "walk(-1)", show=False),
        Binding("down", "walk(1)", show=False),
        Binding("up", "walk(-1)", show=False),
        Binding("enter", "save", show=False),
        Binding("escape", "keep", show=False),
        Binding("ctrl+g", "editor", show=False),
        Binding("ctrl+f", "answers", show=False),
        Binding("ctrl+t", "template", show=False),
        # What these do elsewhere would happen behind the half-filled line.
        Binding("ctrl+p,ctrl+r,ctrl+o", "nothing", show=False),
    ]

    def __init__(
        self, program: Program, entered: Entered, *, save: Callable[[Entered], str], over: Callable[[Entered], None]
    ) -> None:
        super().__init__(classes="logline")
        self.program = program
        self.entered = entered
        self._save = save
        self._over = over
        self._gone = False
        self._error = ""
        self.head, self.foot = Lines(count=1), Lines(count=1)
        self.text = TextField(entered.said.text)
        self.outcome = OutcomeField(entered.said.outcome.replace("_", " "))
        with program.desk.lock:
            self.outcome.choices = outcomes(program.desk.session, entered.said, entered.abouts)
        self.next = Offer(entered.said.next)
        self.tick = Tick(count=1)
        self.more, self.choices, self.echo = Lines(count=1), Lines(count=1), Lines(count=1)
        self._rows = [
            self._row("text", self.text, self.more),
            self._row("outcome", self.outcome, self.choices),
            self._row("next", self.next, self.echo),
        ]

    def _row(self, name: str, field: Widget, info: Widget) -> Horizontal:
        label = Lines(count=1)
        label.styles.width = LABEL
        label.put([((f" {name}", "key"),)])
        return Horizontal(label, field, info, classes="logrow")

    def compose(self) -> ComposeResult:
        yield self.head
        yield from self._rows
        yield self.tick
        yield self.foot

    def on_mount(self) -> None:
        """Take the focus."""
        self.look_again()
        self.text.focus()
        self.text.cursor_position = len(self.text.value)

    def on_resize(self) -> None:
        """Put fields and what is said about them beside each other, where there is room."""
        self.look_again()

    @property
    def fields(self) -> list[Widget]:
        """Where Tab goes, in this order."""
        return [
            self.text,
            *([self.outcome] if self.outcome.choices else []),
            self.next,
            *([self.tick] if self._held else []),
        ]

    def _now(self) -> Entered:
        """Return what is entered at this moment."""
        said = self.entered.said
        outcome = self.outcome.value if said.sort in OUTCOMES else said.outcome
        if said.sort == "email" and self.outcome.value in MAILED:
            outcome = self.outcome.value
        return replace(self.entered, said=replace(said, text=self.text.value, outcome=outcome, next=self.next.value))

    def look_again(self) -> None:
        """Say what the line is about, what was understood, and what it closes."""
        self.entered = now = self._now()
        size, said, abouts = self.app.size.width, now.said, list(now.abouts)
        with self.desk.lock:
            session = self.desk.session
            held = answers(session, said, abouts)
            understood = echo(session, said, abouts)
            self.head.put([head_line(session, said, abouts, size)])
            self.tick.put([closes_line(session, said, held, waits(session, said), size)])
            self.outcome.choices = offered = outcomes(session, said, abouts)
        self._held = bool(held)
        wide = size >= WIDE
        lines = now.body.count("\n") + 1 if now.body.strip() else 0
        self._inform(self.text, self.more, f"+{lines} line{'s' * (lines > 1)}" if lines else "", width=0, wide=wide)
        listed = " ".join(f"{at + 1} {one}" for at, one in enumerate(self.outcome.choices))
        self._inform(self.outcome, self.choices, listed, width=OUTCOME_WIDTH, wide=wide)
        typed = min(cells(self.next.value) + 2, size * 2 // 3 - LABEL)
        self._inform(self.next, self.echo, understood, width=max(NEXT_WIDTH, typed), wide=wide)
        self._rows[1].display = bool(offered)
        self.tick.display = self._held
        self.styles.height = 4 + bool(offered) + self._held
        told = {self.outcome: listed, self.next: understood}.get(self.screen.focused) if not wide else ""  # type: ignore[call-overload]
        line: Line = ((f" {self._error or told or self.hints(HINTS)}", "late" if self._error else "muted"),)
        self.foot.put([line])

    _held = False

    def _inform(self, field: Widget, info: Lines, text: str, *, width: int, wide: bool) -> None:
        """Put a text behind a field; a width of 0 leaves it just the room it takes."""
        field.styles.width = width if width and wide else "1fr"
        info.styles.width = ("1fr" if width else len(text) + 2) if wide or (text and not width) else 0
        info.put([((f" {text}", "muted"),)])

    def on_input_changed(self, event: Input.Changed) -> None:
        """Follow what is typed; where nobody was reached another try is suggested."""
        event.stop()
        self._error = ""
        if event.input is self.outcome:
            with self.desk.lock:
                again = retry(self.desk.session, self.outcome.value) if unanswered(self.outcome.value) else ""
            self.next.offer(again)
        self.look_again()

    def on_tick_turned(self) -> None:
        """Close what this answers, or leave it."""
        self.entered = replace(self.entered, said=replace(self.entered.said, closes=not self.entered.said.closes))
        self.look_again()

    def on_text_field_pasted(self, event: TextField.Pasted) -> None:
        """Several lines: an e-mail becomes one, other text a note of several lines."""
        event.stop()
        from tuicrm.crm.mail import read_mail

        mail = read_mail(event.text)
        if mail is None:
            self.insert(event.text)
            return
        from tuicrm.crm.mailentry import letter

        with self.desk.lock:
            found = letter(self.desk.session, mail, self.entered.abouts[0] if self.entered.abouts else None)
        said = replace(self.entered.said, sort="email", outcome=found.typed.outcome, at=found.typed.at)
        self.entered = replace(self.entered, said=said, abouts=(found.about,), body=mail.body)
        with self.text.prevent(Input.Changed):
            self.text.value = mail.subject
        self._error = (
            f"nobody here has the address {found.strangers[0]}; Enter saves all the same" if found.strangers else ""
        )
        self.look_again()

    def insert(self, text: str) -> None:
        """Put a text where the cursor is; what follows its first line goes into the lines behind."""
        first, _, rest = text.strip().replace("\r\n", "\n").replace("\r", "\n").partition("\n")
        self.text.insert_text_at_cursor(first)
        self.entered = replace(self.entered, body="\n".join(filter(None, (self.entered.body, rest))))
        self.look_again()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter saves from any field."""
        event.stop()
        self.action_save()

    def action_save(self) -> None:
        """Write it down; where that fails, say why and stay."""
        if self._gone:
            return
        self._error = self._save(self._now())
        if self._error:
            self.look_again()
        else:
            self._leave()

    def action_keep(self) -> None:
        """Close the line; what was typed is kept."""
        if not self._gone:
            self._over(self._now())
            self._leave()

    def _leave(self) -> None:
        self._gone = True
        self.remove()

    def action_walk(self, by: int) -> None:
        """To the next field, or the one before."""
        fields: Sequence[Widget] = self.fields
        here = self.screen.focused
        at = fields.index(here) if here in fields else 0
        self.screen.set_focus(fields[(at + by) % len(fields)])
        self.call_after_refresh(self.look_again)

    def action_editor(self) -> None:
        """Write the text in the user's editor."""
        from tuicrm.tui.editor import edit_text

        try:
            found = edit_text(self.program, self._now().whole.text)
        except TuicrmError as error:
            self._error = str(error)
            self.look_again()
            return
        if found is not None:
            first, _, rest = found.partition("\n")
            self.entered = replace(self.entered, body=rest.strip("\n"))
            self.text.value = first
            self.look_again()

    def action_nothing(self) -> None:
        """Do nothing."""

    def on_descendant_blur(self) -> None:
        """A click elsewhere leaves the line."""
        self.call_after_refresh(self._look_for_focus)

    def _look_for_focus(self) -> None:
        here = self.screen.focused if self.is_attached else None
        if here is not None and not self._gone and here not in self.fields:
            self.action_keep()
