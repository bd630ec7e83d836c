"""A short list of what a team has set up, as territories, answers or templates; edited in the form of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import short
from tuicrm.tui.screens.dialog import Dialog
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.program import Program
    from tuicrm.tui.safe import Line

WIDEST = 76
AROUND = 6
BY_LINE = {"commission": "plan:", "target": "target:"}
"""Kinds that are added as a line of text, with what asks for it."""
WAITING = {"answer": ("answer", "nobody has answered this")}
"""Kinds of which those without a field come first, with what stands in its place."""


_SORT = {"commission": "name", "answer": "-used", "template": "name"}


class KindList(Dialog[None]):
    """Enter edits what is under the cursor, `a` adds, `D` deletes; `t` types the rates of a plan anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,e", "edit", show=False),
        Binding("a", "add", show=False),
        Binding("t", "rates", show=False),
        Binding("D", "delete", show=False),
    ]

    def __init__(self, program: Program, kind: str) -> None:
        super().__init__()
        self.of = program
        self.kind = kind
        self.at = 0
        self.said = ""
        self.rows: list[tuple[str, str]] = []
        """Ids, each with its line."""
        self._load()

    def _load(self) -> None:
        from tuicrm.crm.listing import select
        from tuicrm.crm.rows import cells

        desk = self.of.desk
        with desk.lock:
            session = desk.session
            columns = list(session.kind(self.kind).columns)
            held = select(session, self.kind, sort=_SORT.get(self.kind, ""), everything=True)
            field, waits = WAITING.get(self.kind, ("", ""))
            if field:
                held = sorted(held, key=lambda one: bool(one.get(field)))
            texts = [
                [
                    cell or waits
                    for name, cell in zip(columns, cells(session, self.kind, one, columns), strict=True)
                    if cell or name == field
                ]
                for one in held
            ]
            self.many = session.kind(self.kind).many
        self.rows = [(one["id"], " | ".join(row)) for one, row in zip(held, texts, strict=True)]
        self.at = min(self.at, max(0, len(self.rows) - 1))

    def lines(self) -> list[Line]:
        width, height = max(20, min(WIDEST, self.app.size.width - AROUND)), max(3, self.app.size.height - AROUND)
        keys = [
            "Enter edits",
            *(("t rates",) if self.kind == "commission" else ()),
            "a adds",
            "D deletes",
            "Esc closes",
        ]
        head = ((f"{self.many.capitalize()} ", "head"), (", ".join(keys), "muted"))
        heads = wrapped(head, width)
        chosen = self.rows[self.at][1] if self.rows else "none yet"
        foot = [line for text in (chosen, self.said) if text for line in wrapped(((text, "muted"),), width)]
        room = max(1, height - len(heads) - len(foot))
        top = max(0, min(self.at - room // 2, len(self.rows) - room))
        body: list[Line] = [
            ((short(f"{'>' if place == self.at else ' '} {self.rows[place][1]}", width), self._look(place)),)
            for place in range(top, min(top + room, len(self.rows)))
        ]
        return [*heads, *body, *foot[: max(1, height - len(heads) - len(body))]]

    def _look(self, place: int) -> str:
        return "cursor" if place == self.at else "text"

    def _show(self, said: str = "") -> None:
        self.said = said
        self.box.put(self.lines())

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Read again what a form may have written."""
        self._load()
        self._show()

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), max(0, len(self.rows) - 1))
        self._show()

    def action_edit(self) -> None:
        """Edit what is under the cursor in a form."""
        from tuicrm.tui.forms import open_form

        if self.rows:
            open_form(self.of, self.kind, record_id=self.rows[self.at][0])

    def action_add(self) -> None:
        """Add one in a form, or in a line."""
        from tuicrm.tui.forms import open_form

        if self.kind in BY_LINE:
            self._ask("")
        else:
            open_form(self.of, self.kind)

    def action_rates(self) -> None:
        """Type the rates of a commission plan anew."""
        if self.kind == "commission" and self.rows:
            self._ask(self.rows[self.at][0])

    def _ask(self, key: str) -> None:
        """Ask for a line that adds one, or that makes the plan `key` what it says; it is judged while one types."""
        from tuicrm.crm.commissions import planline
        from tuicrm.errors import TuicrmError
        from tuicrm.tui.screens.ask import Ask

        with self.of.desk.lock:
            held = self.of.desk.session.ws.get(self.kind, key) if key else None
        example, text = self._example(), planline.write(held) if held is not None else ""

        def typing(typed: str) -> None:
            try:
                with self.of.desk.lock:
                    said, look = self._planned(self.of.desk.session, typed, key).note, "good"
            except TuicrmError as problem:
                said, look = problem.message, "late"
            line.judge(said if typed.strip() else f"as in {example}", look if typed.strip() else "muted")

        def done(typed: str | None) -> None:
            if typed is not None and typed.strip():
                self._write(lambda session: self._planned(session, typed, key))

        line = Ask(BY_LINE[self.kind], text, done=done, typing=typing)
        self.mount(line)
        if not text:
            self.call_after_refresh(line.judge, f"as in {example}")

    def _example(self) -> str:
        from tuicrm.crm import targetline
        from tuicrm.crm.commissions import planline

        return planline.EXAMPLE if self.kind == "commission" else targetline.EXAMPLE

    def _planned(self, session: Session, text: str, key: str) -> Plan:
        from tuicrm.crm import targetline
        from tuicrm.crm.commissions import planline

        if self.kind == "target":
            return targetline.read(session, text)
        return planline.read(session, text, session.ws.get(self.kind, key) if key else None)

    def action_delete(self) -> None:
        """Put what is under the cursor into the trash."""
        if not self.rows:
            return
        key = self.rows[self.at][0]

        def plan(session: Session) -> Plan | None:
            from tuicrm.crm.edit import remove

            record: dict[str, Any] | None = session.ws.get(self.kind, key)
            return remove(session, self.kind, [record]) if record is not None else None

        self._write(plan)

    def _write(self, plan: Callable[[Session], Plan | None]) -> None:
        """Write, say how that ended, and show the list as it is then."""
        done = self.of.desk.write(plan)
        self.of.tell(done)
        if done.changed:
            self.of.changed()
        self._load()
        self._show(done.said)
