"""The forecast: months against quotas, what they are made of, the funnel, and what people did."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from tuicrm.crm.rates import MissingRate
from tuicrm.crm.scopes import Scope
from tuicrm.errors import TuicrmError
from tuicrm.tui.acting.copying import CopyKeys
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import FORECAST
from tuicrm.tui.outlook.canvas import Canvas
from tuicrm.tui.outlook.months import BARS, CURVE
from tuicrm.tui.outlook.norate import NoRate
from tuicrm.tui.outlook.page import page
from tuicrm.tui.outlook.place import ACTIVITY, MONTHS, STAGES, Place, behind, stage_rows
from tuicrm.tui.viewing import View, Viewing

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.crm.periods import Period
    from tuicrm.tui.outlook.model import Outlook
    from tuicrm.tui.safe import Line

CHARTS = ((BARS, "chart: a bar per month"), (CURVE, "chart: the period added up"))
LISTED = 6
"""So many whole teams are offered by name; the others can be typed."""


@dataclass
class Look(View):
    """Whose forecast, for which period."""

    scope: Scope | None = None
    """None until the first look at the data decides."""
    period: Period | None = None
    """None for the present quarter."""
    method: str = ""
    """Empty for the best that the data supports."""


class Forecast(Viewing, CopyKeys):
    """Figures are worked out in a thread and kept; keys only move the cursor over them."""

    PLACE = FORECAST
    OF = "deal"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(FORECAST)

    def __init__(self) -> None:
        super().__init__()
        self.view: Look = Look()
        self.place = Place()
        self.model: Outlook | None = None
        self.lack: NoRate | None = None
        """Why there is no model, where a rate is missing."""
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

    def build(self, view: View) -> Outlook | NoRate:
        """Return the figures, or which rate they lack; called in a thread that holds the desk's lock."""
        from tuicrm.crm.periods import present_quarter
        from tuicrm.crm.scopes import everyone
        from tuicrm.tui.outlook.model import outlook

        assert isinstance(view, Look)
        session = self.desk.session
        period = view.period or present_quarter(session)
        try:
            return outlook(session, period, view.scope or everyone(), where=view.filter, method=view.method)
        except MissingRate as missing:
            return NoRate(period, str(missing), missing.hint)

    def _first(self, view: View) -> Outlook | NoRate:
        """Build the user's own forecast, or the team's where the user has no deals."""
        from tuicrm.crm.scopes import everyone, mine

        assert isinstance(view, Look)
        session = self.desk.session
        if session.me:
            view.name, view.number, view.scope = "mine", 1, mine(session)
            model = self.build(view)
            if isinstance(model, NoRate) or not model.found.empty:
                return model
        view.name, view.number, view.scope = "team", 2, everyone()
        return self.build(view)

    def came(self, model: Outlook | NoRate) -> None:
        """Show other figures; the cursor stays where it was, unless the period is another one."""
        self.lack = model if isinstance(model, NoRate) else None
        if isinstance(model, NoRate):
            self.model = None
            self.draw()
            return
        fresh = self.model is None or self.model.found.period != model.found.period
        self.model = model
        self.place.land(model, fresh=fresh)
        self.draw()

    def model_count(self, model: Outlook | NoRate) -> int:
        """Return how many deals are in the period."""
        return 0 if isinstance(model, NoRate) else len(model.found.total.ids)

    def counted(self, model: Outlook | NoRate) -> str:
        """Return how many deals the period has, in words, or why that is not known."""
        return model.said if isinstance(model, NoRate) else super().counted(model)

    def draw(self) -> None:
        """Show what differs from what is on the screen."""
        width, height = self.size
        if not width or not height:
            return
        if self.lack is not None:
            lines: list[Line] = [(), *self.lack.lines(width)]
        elif self.model is None:
            lines = [(), (("  reading …", "muted"),)]
        elif self.model.found.empty:
            lines = self._nothing(self.model)
        else:
            lines = page(self.model, self.place, (width, height), self.chart)
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
        """Return period, currency, view and method."""
        if self.lack is not None:
            return [((f" {self.lack.period.title}", "title"),)]
        if self.model is None:
            return [((" ", "text"),)]
        found, view = self.model.found, self.view
        parts = [
            f"view {view.number}: {found.scope}" if view.number else found.scope,
            *([f"filter: {view.filter}"] if view.filter else []),
            f"method: {found.method}",
        ]
        return [((f" {found.period.title}, {found.currency}", "title"), (" | " + " | ".join(parts), "muted"))]

    def strip_lines(self) -> list[Line]:
        """Return a line about what the cursor is on."""
        if self.model is None or self.model.found.empty:
            return [()]
        from tuicrm.crm.amounts import worth

        code = self.model.found.currency
        if self.place.area == ACTIVITY:
            return [
                ((" Activity", "title"), (" | calls, mails, meetings and notes, by week and by who did them", "muted"))
            ]
        title, groups = behind(self.model, self.place)
        count = sum(len(ids) for _, ids in groups)
        facts = [f"{count:,} {'deal' if count == 1 else 'deals'}"]
        if self.place.area == MONTHS:
            bar = self.place.bar(self.model)
            facts += [f"won {worth(code, bar.won.of(code))}", f"open {worth(code, bar.open.of(code))}"]
            facts += [f"weighted {worth(code, bar.open.expected_in(code).to_integral_value())}"]
        elif self.place.area == STAGES:
            rows = stage_rows(self.model, self.place.bar(self.model))
            at = self.place.at.get(STAGES, 0)
            facts += [worth(code, rows[at][1].of(code))] if at < len(rows) else []
        return [((f" {title}", "title"), ("".join(f" | {one}" for one in facts), "muted"))]

    def standing(self) -> str:
        """Say how the figures come about, or how to get rid of the filter."""
        if self.view.filter:
            return "filtered. Esc clears"
        return f"expected: {self.model.found.says}" if self.model is not None else ""

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

    def _move(self, by: int) -> None:
        if self.model is not None and self.place.move(self.model, by):
            self.draw()

    def action_cursor_down(self) -> None:
        """Down a row."""
        self._move(1)

    def action_cursor_up(self) -> None:
        """Up a row."""
        self._move(-1)

    def action_cursor_first(self) -> None:
        """To the first row."""
        self._move(-(10**6))

    def action_cursor_last(self) -> None:
        """To the last row."""
        self._move(10**6)

    def action_cursor_page_down(self) -> None:
        """Several rows down."""
        self._move(max(1, self.size.height // 2))

    def action_cursor_page_up(self) -> None:
        """Several rows up."""
        self._move(-max(1, self.size.height // 2))

    def action_area_next(self) -> None:
        """Months, stages, funnel, activity."""
        self.place.turn(1)
        self.draw()

    def action_area_previous(self) -> None:
        """The area before."""
        self.place.turn(-1)
        self.draw()

    def action_period_next(self) -> None:
        """The period after."""
        self._turn(1)

    def action_period_previous(self) -> None:
        """The period before."""
        self._turn(-1)

    def _turn(self, by: int) -> None:
        shown = self.model.found if self.model is not None else self.lack
        if shown is not None:
            self.view.period = (self.view.period or shown.period).moved(by)
            self.ask_again()

    def action_record_open(self) -> None:
        """Open the deals behind the row under the cursor."""
        if self.model is None:
            return
        title, groups = behind(self.model, self.place)
        if not groups:
            self.main.say("no deals behind this" + ("; 2 shows the log" if self.place.area == ACTIVITY else ""))
            return
        from tuicrm.tui.panes.deals import Deals

        self.main.enter(Deals(title, groups))

    def action_record_copy(self) -> None:
        """Copy the figures, as columns that a spreadsheet takes."""
        if self.model is None:
            return
        from tuicrm.crm.forecasttable import SHEET, sheet_rows

        found = self.model.found
        lines = [",".join(row) for row in [SHEET, *sheet_rows(found)]]
        self.copy_text("\n".join(lines) + "\n")
        self.main.say(f"Copied the figures of {found.period.title}")

    def action_view_choose(self) -> None:
        """Choose whose forecast it is, for how long, and how it is drawn."""
        from tuicrm.crm.scopes import everyone, mine, scopes

        with self.desk.lock:
            session = self.desk.session
            held = [mine(session), everyone()]
            held += [one for one in scopes(session) if one.name.startswith("team ")][:LISTED]
        texts = [*(one.name for one in held), "somebody …", "another period …", *(name for _, name in CHARTS)]

        def take(place: int) -> None:
            left = place - len(held)
            if left < 0:
                self._show(held[place], place + 1)
            elif left < 2:
                (self._ask_owner, self._ask_period)[left]()
            else:
                self.chart = CHARTS[left - 2][0]
                self.draw()

        self.pick("View and chart", texts, max(0, self.view.number - 1), take)

    def _show(self, scope: Scope, number: int) -> None:
        self.view = replace(self.view, name=scope.name, number=number, scope=scope)
        self.ask_again()

    def _ask_owner(self) -> None:
        def done(text: str | None) -> None:
            if text and text.strip():
                try:
                    with self.desk.lock:
                        from tuicrm.crm.scopes import scope_named

                        scope = scope_named(self.desk.session, text)
                except TuicrmError as error:
                    self.main.say(str(error), "late")
                else:
                    self._show(scope, 0)

        self.ask("whose: a name, a handle or a team", done=done)

    def _ask_period(self) -> None:
        def done(text: str | None) -> None:
            if text is None:
                return
            try:
                with self.desk.lock:
                    from tuicrm.crm.periods import period_named

                    self.view.period = period_named(self.desk.session, text)
            except TuicrmError as error:
                self.main.say(str(error), "late")
            else:
                self.ask_again()

        self.ask("period: this month, 2026-Q4, next 90 days", done=done)
