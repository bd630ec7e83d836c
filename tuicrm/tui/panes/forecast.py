"""The forecast: months against quotas, what they are made of, the funnel, and what people did."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from tuicrm.errors import TuicrmError
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import FORECAST
from tuicrm.tui.figuring import Choice, Figuring, Look
from tuicrm.tui.nofigures import NoFigures
from tuicrm.tui.outlook.about import about
from tuicrm.tui.outlook.canvas import Canvas
from tuicrm.tui.outlook.months import BARS, CURVE
from tuicrm.tui.outlook.page import page
from tuicrm.tui.outlook.place import ACTIVITY, MONTHS, Place, behind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.crm.periods import Period
    from tuicrm.tui.outlook.model import Outlook
    from tuicrm.tui.safe import Line
    from tuicrm.tui.viewing import View

CHARTS = {BARS: "chart: a bar per month", CURVE: "chart: the period added up"}
DASHBOARD = "dashboard"
FORESEEING = ("history", "simulation")
"""Methods that tell of deals to come, too, which no filter can choose."""


@dataclass
class Sight(Look):
    """Whose forecast, for which period, by which method."""

    method: str = ""
    """Empty for the best that the data supports."""


class Forecast(Figuring):
    """Figures are worked out in a thread and kept; keys only move the cursor over them."""

    PLACE = FORECAST
    OF = "deal"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(FORECAST)

    def __init__(self) -> None:
        super().__init__()
        self.view: Sight = Sight()
        self.place = Place()
        self.model: Outlook | None = None
        self.lack: NoFigures | None = None
        """Why there is no model, where none can be made."""
        self.chart = BARS
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

    def build(self, view: View) -> Outlook | NoFigures:
        """Return the figures, or why there are none."""
        from tuicrm.crm.periods import present_quarter
        from tuicrm.crm.scopes import scope_named
        from tuicrm.tui.outlook.model import outlook

        assert isinstance(view, Sight)
        session = self.figures
        period = view.period or present_quarter(session)
        try:
            scope = scope_named(session, view.owner)
            return outlook(session, period, scope, where=view.filter, method=view.method)
        except TuicrmError as error:
            return NoFigures(period, str(error), error.hint)

    def _first(self, view: View) -> Outlook | NoFigures:
        """Build the user's own forecast, or the team's where the user has no deals."""
        assert isinstance(view, Sight)
        if self.figures.me:
            view.name, view.number, view.owner = "mine", 1, "me"
            model = self.build(view)
            if isinstance(model, NoFigures) or not model.found.empty:
                return model
        view.name, view.number, view.owner = "team", 2, ""
        return self.build(view)

    def came(self, model: Outlook | NoFigures) -> None:
        """Show other figures; the cursor stays where it was, unless the period is another one."""
        self.lack = model if isinstance(model, NoFigures) else None
        if isinstance(model, NoFigures):
            self.model = None
            self.draw()
            return
        fresh = self.model is None or self.model.found.period != model.found.period
        self.model = model
        self.place.land(model, fresh=fresh)
        self.draw()

    def model_count(self, model: Outlook | NoFigures) -> int:
        """Return how many deals are in the period."""
        return 0 if isinstance(model, NoFigures) else len(model.found.total.ids)

    def counted(self, model: Outlook | NoFigures) -> str:
        """Return how many deals the period has, in words, or why that is not known."""
        return model.said if isinstance(model, NoFigures) else super().counted(model)

    def draw(self) -> None:
        """Show what differs from what is on the screen."""
        width, height = self.size
        if not width or not height:
            return
        if self.lack is not None:
            lines: list[Line] = [(), *self.lack.lines(width)]
        elif self.model is None:
            lines = [(), (("  reading the deals and how they went …", "muted"),)]
        elif self.model.found.empty:
            lines = self._nothing(self.model)
        else:
            lines = page(self.model, self.place, (width, height), self.chart, one_column=self.program.accessible)
        self.lines.put([*lines, *[()] * (height - len(lines))][:height])
        self.main.bars()

    def _nothing(self, model: Outlook) -> list[Line]:
        found = model.found
        if found.where:
            texts = [f"No deal fits the filter: {found.where}", "Esc clears it."]
        elif self.view.number != 2:
            texts = [f"No deals of {found.scope} to forecast.", "v chooses others; 2 is the team's."]
        else:
            texts = [
                "No deals to forecast yet.",
                "A deal counts in the month of its expected close.",
                "1 shows the pipeline: a adds a deal there, C gives it a close date.",
                f"Quotas: tuicrm user quota NAME 100k --period {found.period.key}",
            ]
        return [(), *(((f"  {text}", "muted" if at else "title"),) for at, text in enumerate(texts))]

    def header(self) -> list[Line]:
        """Return period, currency, view and method, or what is being worked out."""
        coming = f" | working out {self.awaited} …" if self.awaited else ""
        if self.model is None:
            title = self.lack.period.title if self.lack is not None else "Forecast"
            return [((f" {title}", "title"), (coming, "today"))]
        found, view = self.model.found, self.view
        parts = [
            f"view {view.number}: {found.scope}" if view.number else found.scope,
            *([f"filter: {view.filter}"] if view.filter else []),
            f"method: {found.method}{', little history' if found.rough else ''}",
        ]
        title = f" {found.period.title}, {found.currency}"
        return [((title, "title"), (coming, "today"), (" | " + " | ".join(parts), "muted"))]

    def strip_lines(self) -> list[Line]:
        """Return a line about what the cursor is on."""
        if self.model is None or self.model.found.empty:
            return [()]
        title, facts = about(self.model, self.place)
        return [((f" {title}", "title"), ("".join(f" | {one}" for one in facts), "muted"))]

    def standing(self) -> str:
        """Say why the method was chosen or how it works, or what a filter means for it."""
        if self.model is None:
            return "filtered. Esc clears" if self.view.filter else ""
        found = self.model.found
        if self.view.filter:
            open_only = found.method in FORESEEING
            return "filtered. Esc clears" + (f"; {found.method} of open deals only" if open_only else "")
        return found.why or f"{found.method}: {found.says}"

    def leave(self) -> bool:
        """Clear the filter, else go back to the months."""
        if self.view.filter:
            self.set_filter("")
            return True
        if self.place.area != MONTHS:
            self.place.area = MONTHS
            self.draw()
            return True
        return False

    @property
    def rows_per_page(self) -> int:
        """How many rows a page is: areas stand one above the other."""
        return max(1, self.size.height // 2)

    def move_by(self, by: int) -> None:
        """Move the cursor, and draw what differs."""
        if self.model is not None and self.place.move(self.model, by):
            self.draw()

    def action_area_next(self) -> None:
        """Months, stages, funnel, activity."""
        self.place.turn(1)
        self.draw()

    def action_area_previous(self) -> None:
        """The area before."""
        self.place.turn(-1)
        self.draw()

    def action_record_open(self) -> None:
        """Open the deals behind the row under the cursor."""
        if self.model is None:
            return
        title, groups = behind(self.model, self.place)
        if not groups:
            self.main.say("no deals behind this" + ("; 2 shows the log" if self.place.area == ACTIVITY else ""))
            return
        from tuicrm.tui.panes.deals import Deals

        self.main.enter(Deals(title, groups, above="Forecast"))

    def action_record_copy(self) -> None:
        """Copy the figures, as columns that a spreadsheet takes."""
        if self.model is None:
            return
        from tuicrm.crm.forecasttable import SHEET, sheet_rows

        found = self.model.found
        lines = [",".join(row) for row in [SHEET, *sheet_rows(found)]]
        self.copy_text("\n".join(lines) + "\n")
        self.main.say(f"Copied the figures of {found.period.title}")

    def shown_period(self) -> Period:
        """Return the period of the figures, or the present quarter where there are none yet."""
        from tuicrm.crm.periods import present_quarter

        shown = self.model.found if self.model is not None else self.lack
        if shown is not None:
            return shown.period
        with self.desk.lock:
            return present_quarter(self.desk.session)

    def choices(self) -> Iterator[Choice]:
        """Yield the dashboard, what can be typed, the other chart, and the methods."""
        from tuicrm.crm.methods import METHODS

        yield Choice("dashboard", lambda: self.program.open_report(DASHBOARD))
        yield from self.typed_choices()
        other = CURVE if self.chart == BARS else BARS
        yield Choice(CHARTS[other], lambda: self._draw_as(other))
        shown = self.model.found.method if self.model is not None else self.view.method
        for name in METHODS:
            yield Choice(f"method: {name}", partial(self._use_method, name), name == shown)
        if self.view.method:
            yield Choice("method: the best that the data supports", partial(self._use_method, ""))

    def _draw_as(self, chart: str) -> None:
        self.chart = chart
        self.draw()

    def _use_method(self, name: str) -> None:
        self.view.method = name
        self.wait_for(f"method {name}" if name else "the best method")
