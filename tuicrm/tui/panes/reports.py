"""The dashboard and the reports: tables of figures, the deals behind each row, and the period by keys."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from tuicrm.errors import TuicrmError
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import REPORTS
from tuicrm.tui.figuring import Choice, Figuring, Look
from tuicrm.tui.nofigures import NoFigures
from tuicrm.tui.outlook.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.crm.periods import Period
    from tuicrm.tui.reporting.model import Page, Spot
    from tuicrm.tui.safe import Line
    from tuicrm.tui.viewing import View

DASHBOARD, TRENDS = "dashboard", "trends"


@dataclass
class Sheet(Look):
    """Which report, of whom, for which period; the team's and its own period unless told."""

    report: str = DASHBOARD


class Reports(Figuring):
    """Figures are worked out in a thread and kept; keys only move the cursor over them."""

    PLACE = REPORTS
    OF = "deal"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(REPORTS)

    def __init__(self, name: str, look: Look | None = None) -> None:
        super().__init__()
        self.view: Sheet = Sheet(name="team", number=2, report=name)
        if look is not None:
            period = look.period if name != TRENDS else None
            self.view = Sheet(look.name, look.number, filter=look.filter, owner=look.owner, period=period, report=name)
        self.page: Page | None = None
        self.lack: NoFigures | None = None
        """Why there is no page, where none can be made."""
        self.at = 0
        """The place of the cursor among the rows."""
        self.top = 0
        self.lines = Canvas()

    def compose(self) -> ComposeResult:
        self.lines.styles.height = "1fr"
        yield self.lines

    def on_mount(self) -> None:
        """Ask for the figures."""
        self.ask_again()

    def on_resize(self) -> None:
        """Draw for the size at hand."""
        self.draw()

    def use_report(self, name: str) -> None:
        """Show another report; whose figures they are stays, the period is the report's own again."""
        self.view.report, self.view.period = name, None
        self.at = self.top = 0
        self.wait_for(name)

    def build(self, view: View) -> Page | NoFigures:
        """Return the figures, or why there are none."""
        from tuicrm.crm.periods import present_quarter
        from tuicrm.crm.report.declared import Ask
        from tuicrm.tui.reporting.model import page

        assert isinstance(view, Sheet)
        session = self.figures
        ask = Ask(where=view.filter, owner=view.owner, period=view.period.key if view.period else "")
        try:
            return page(session, ask, view.report)
        except TuicrmError as error:
            return NoFigures(view.period or present_quarter(session), str(error), error.hint)

    def came(self, model: Page | NoFigures) -> None:
        """Show other figures; the cursor stays on its row."""
        here, self.lack = self.spot, None
        if isinstance(model, NoFigures):
            self.page, self.lack = None, model
        else:
            self.page = model
            held = [(spot.part, spot.row.key if spot.row else None) for spot in model.spots]
            before = (here.part, here.row.key if here.row else None) if here is not None else None
            self.at = held.index(before) if before in held else min(self.at, max(len(held) - 1, 0))
        self.draw()

    def model_count(self, model: Page | NoFigures) -> int:
        """Return how many records are behind the whole."""
        return 0 if isinstance(model, NoFigures) else len(model.found.total.ids)

    def counted(self, model: Page | NoFigures) -> str:
        """Return how many records the report counts, in words, or why that is not known."""
        return model.said if isinstance(model, NoFigures) else super().counted(model)

    @property
    def spot(self) -> Spot | None:
        """Where the cursor is; None while there are no figures."""
        return self.page.spots[self.at] if self.page is not None and self.at < len(self.page.spots) else None

    def draw(self) -> None:
        """Show what differs from what is on the screen."""
        width, height = self.size
        if not width or not height:
            return
        if self.lack is not None:
            lines: list[Line] = [(), *self.lack.lines(width)]
        elif self.page is None:
            lines = [(), (("  reading …", "muted"),)]
        else:
            lines = self._window(self._lines(self.page, width), height)
        self.lines.put([*lines, *[()] * (height - len(lines))][:height])
        self.main.bars()

    def _lines(self, page: Page, width: int) -> list[Line]:
        from tuicrm.tui.reporting import board, tables

        if not page.many:
            return tables.lines(page, self.spot, width)
        made = board.lines(page, self.spot, width, one_column=self.program.accessible)
        return [*made, *(((f"  {note}", "title"),) for note in page.found.notes)]

    def _window(self, lines: list[Line], height: int) -> list[Line]:
        """Return the lines that fit, around the cursor; above them the heads of the columns that it is in."""
        looks = [{look for _, look in line} for line in lines]
        cursor = next((at for at, held in enumerate(looks) if "cursor" in held), 0)
        self.top = 0 if self.at == 0 else min(max(self.top, cursor - height + 1), max(cursor - 1, 0))
        self.top = min(self.top, max(len(lines) - height, 0))
        shown = lines[self.top : self.top + height]
        heads = next((at for at in reversed(range(cursor)) if "head" in looks[at]), 0)
        tabular = self.page is not None and not self.page.many
        return [lines[heads], *shown[1:]] if tabular and heads < self.top < cursor else shown

    def header(self) -> list[Line]:
        """Return the report, what its figures are about, or what is being worked out."""
        coming = f" | working out {self.awaited} …" if self.awaited else ""
        title = f" {self.view.report.capitalize()}"
        if self.page is None:
            about = f" | {self.lack.period.title}" if self.lack is not None else ""
            return [((title, "title"), (coming, "today"), (about, "muted"))]
        from tuicrm.crm.report import render

        view, found = self.view, self.page.found
        parts = [
            f"{render.when(found)}, {found.currency}",
            f"view {view.number}: {found.scope}" if view.number else found.scope,
            *([f"filter: {view.filter}"] if view.filter else []),
            *([render.compared(found)] if found.before else []),
        ]
        return [((title, "title"), (coming, "today"), (" | " + " | ".join(parts), "muted"))]

    def strip_lines(self) -> list[Line]:
        """Return all figures of the row under the cursor, in two lines."""
        from tuicrm.tui.reporting.tables import facts
        from tuicrm.tui.wrap import wrapped

        spot = self.spot
        if self.page is None or spot is None:
            return [(), ()]
        made = wrapped(((f" {facts(self.page, spot)}", "muted"),), self.size.width - 1)
        return [*made, (), ()][:2]

    def standing(self) -> str:
        """Say how to get rid of a filter."""
        return "filtered. Esc clears" if self.view.filter else ""

    def leave(self) -> bool:
        """Clear the filter."""
        if self.view.filter:
            self.set_filter("")
            return True
        return False

    def shown_period(self) -> Period:
        """Return the period of the figures, or the present quarter where there are none yet."""
        from tuicrm.crm.periods import present_quarter

        if self.page is not None:
            return self.page.found.period
        if self.lack is not None:
            return self.lack.period
        with self.desk.lock:
            return present_quarter(self.desk.session)

    def choices(self) -> Iterator[Choice]:
        """Yield the dashboard, what can be typed, and the reports, the team's own among them."""
        from tuicrm.crm.report.own import listing
        from tuicrm.crm.report.registry import LINES

        shown = self.view.report
        yield Choice(DASHBOARD, partial(self.use_report, DASHBOARD), shown == DASHBOARD)
        yield from self.typed_choices()
        with self.desk.lock:
            own = [one.name for one in listing(self.desk.session)]
        for name in (*(one for one in LINES if one != DASHBOARD), *own):
            yield Choice(f"report: {name}", partial(self.use_report, name), name == shown)

    @property
    def rows_per_page(self) -> int:
        """How many rows a page is."""
        return max(1, self.size.height - 1)

    def move_by(self, by: int) -> None:
        """Move the cursor, and draw what differs."""
        if self.page is not None:
            wanted = min(max(self.at + by, 0), max(len(self.page.spots) - 1, 0))
            if wanted != self.at:
                self.at = wanted
                self.draw()

    def action_record_open(self) -> None:
        """Open the records behind the row under the cursor, or the report of which the dashboard shows some lines."""
        spot = self.spot
        if self.page is None or spot is None:
            return
        part = self.page.parts[spot.part]
        if spot.row is None:
            self.main.enter(Reports(part.report, self.view))
        elif not spot.row.ids:
            self.main.say("no records behind this")
        else:
            from tuicrm.tui.panes.behind import behind

            self.main.enter(behind(part.kind, spot.row.label, [("", spot.row.ids)], above=part.report.capitalize()))

    def action_record_copy(self) -> None:
        """Copy the figures, as columns that a spreadsheet takes."""
        if self.page is None:
            return
        import csv
        import io

        from tuicrm.crm.report.render import sheet

        text = io.StringIO()
        for part in self.page.parts:
            heads, rows = sheet(part)
            csv.writer(text, lineterminator="\n").writerows([heads, *rows])
        self.copy_text(text.getvalue())
        self.main.say(f"Copied the figures of {self.view.report}")
