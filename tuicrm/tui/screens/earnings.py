"""What one has earned by the commission plans in a quarter, deal by deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.text import pad, width
from tuicrm.tui.safe import short
from tuicrm.tui.screens.dialog import Dialog
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.crm.periods import Period
    from tuicrm.crm.session import Session
    from tuicrm.tui.program import Program
    from tuicrm.tui.safe import Line

WIDEST = 76
AROUND = 6
NAME_CELLS = 24


class Earnings(Dialog[None]):
    """`,` and `.` go to another quarter; it is worked out in a thread."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("comma", "quarter(-1)", show=False),
        Binding("full_stop", "quarter(1)", show=False),
    ]

    def __init__(self, program: Program) -> None:
        from tuicrm.crm.periods import present_quarter

        super().__init__()
        self.of = program
        with program.desk.lock:
            self.period: Period = present_quarter(program.desk.session)
        self.told: list[Line] = []

    def on_mount(self) -> None:
        """Show the frame, and have the figures worked out."""
        super().on_mount()
        self._load()

    def lines(self) -> list[Line]:
        head = ((f"Commission, {self.period.title} ", "head"), (", . another quarter, Esc closes", "muted"))
        return [*wrapped(head, self._wide), *(self.told or [(("working it out …", "muted"),)])]

    @property
    def _wide(self) -> int:
        return max(20, min(WIDEST, self.app.size.width - AROUND))

    def action_quarter(self, by: int) -> None:
        """Go to another quarter."""
        self.period = self.period.moved(by)
        self.told = []
        self.box.put(self.lines())
        self._load()

    def _load(self) -> None:
        period, wide = self.period, self._wide
        self.run_worker(
            lambda: self._work_out(period, wide), thread=True, exclusive=True, group="earnings", exit_on_error=False
        )

    def _work_out(self, period: Period, wide: int) -> None:
        from tuicrm.errors import TuicrmError

        try:
            with self.of.desk.aside.held() as session:
                told = list(_told(session, period, wide))
        except TuicrmError as problem:
            told = wrapped(((f"{problem} {problem.hint}".strip(), "late"),), wide)
        self.app.call_later(self._show, period, told)

    def _show(self, period: Period, told: list[Line]) -> None:
        if self.is_attached and period == self.period:
            self.told = told
            self.box.put(self.lines())


def _told(session: Session, period: Period, wide: int) -> Iterator[Line]:
    from tuicrm.crm.commissions import telling
    from tuicrm.crm.commissions.statement import flat, statements

    me = session.ws.get("user", session.me)
    found = [flat(session, one) for one in statements(session, [me], period)] if me is not None else []
    if not found:
        yield (("nothing was earned: no deal was won that a plan pays for", "muted"),)
    for one in found:
        yield (("", "text"),)
        yield from wrapped(((telling.head(session, one), "title"),), wide)
        yield from _table([list(telling.HEADS), *telling.rows(one)], telling.RIGHT, wide)
        if foot := telling.capped(one):
            yield from wrapped(((foot, "late"),), wide)


def _table(rows: Sequence[Sequence[str]], right: Any, wide: int) -> Iterator[Line]:
    cut = [[short(cell, NAME_CELLS) for cell in row] for row in rows]
    widths = [max(width(row[at]) for row in cut) for at in range(len(cut[0]))]
    for place, row in enumerate(cut):
        parts = [
            " " * (size - width(cell)) + cell if at in right else pad(cell, size)
            for at, (cell, size) in enumerate(zip(row, widths, strict=True))
        ]
        look = "muted" if not place else "title" if place == len(cut) - 1 else "text"
        yield ((short("  ".join(parts).rstrip(), wide), look),)
