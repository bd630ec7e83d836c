"""The follow-ups: what is late, due today, this week, later; who it is for, and how things stand with them."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from tuicrm.crm.worklist import GROUPS, ORDERS, worklist
from tuicrm.errors import TuicrmError
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import FOLLOWUPS
from tuicrm.tui.listing import Column, Group, ListModel
from tuicrm.tui.panes import asking
from tuicrm.tui.panes.aboutpane import AboutPane
from tuicrm.tui.panes.chosencolumns import chosen, spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.viewing import View

FOLDED = ("later", "snoozed")
"""Groups that are folded where there is something before them."""
LOOKS = {"late": "late", "today": "today"}
NARROW = 60
"""Below this width the line about the list says only what matters most."""
WIDE = 100
"""From this width on, people and deals get more room."""


@dataclass(frozen=True)
class Todos(ListModel):
    """The list, with the group that each follow-up is in."""

    group_of: dict[str, str] = field(default_factory=dict)

    def size(self, key: str) -> int:
        """Return how many follow-ups are in a group."""
        return next((len(one.refs) for one in self.groups if one.key == key), 0)


def columns(width: int) -> tuple[Column, ...]:
    """Return the columns for a screen of this width."""
    wide = width >= WIDE
    return (
        Column("due", "due", 16),
        Column("subject", "what"),
        Column("contacts", "who", 24 if wide else 15, drop=1),
        Column("deal", "deal", 24 if wide else 14, drop=2),
        Column("value", "value", 10 if wide else 6, right=True, drop=3),
    )


class Followups(AboutPane):
    """The list of things to do; keys work through it from the top."""

    PLACE = FOLLOWUPS
    OF = "followup"
    ORDERS = ORDERS
    ORDER_HEADING = "Order within a group"
    DEFAULT = tuple(one.name for one in columns(0))
    DERIVED: ClassVar[dict[str, str]] = {one.name: one.title for one in columns(0)}
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(FOLLOWUPS)

    def on_mount(self) -> None:
        """Ask for the list, then for what is known of the people behind it."""
        super().on_mount()
        self.run_worker(self._warm, thread=True, group="talks", exit_on_error=False)

    def _warm(self) -> None:
        from tuicrm.crm.talks import ready, warm

        if not ready(self.desk.session):
            with contextlib.suppress(TuicrmError):
                warm(self.desk.session, self.desk.lock)
            self.app.call_later(self._warmed)

    def _warmed(self) -> None:
        self._about = (None, [])
        self.ask_again()
        self.main.foot()

    def build(self, view: View) -> ListModel:
        """Return the groups, and have ready what rows need."""
        from tuicrm.crm.derive import deals
        from tuicrm.crm.touches import touches

        session = self.desk.session
        mine = bool(view.query) and view.query == self.desk.mine()
        found = worklist(session, view.filter if mine else view.where, view.order, mine=mine)
        deals(session)
        touches(session)
        first = next((key for key, _ in GROUPS if found.groups[key]), "")
        groups = [
            Group(
                key,
                f"{title} ({len(ids):,})",
                [("followup", one) for one in ids],
                folded=key in FOLDED and key != first,
                look=LOOKS.get(key, "head"),
            )
            for key, title in GROUPS
            if (ids := found.groups[key])
        ]
        group_of = {one: key for key, ids in found.groups.items() for one in ids}
        if not view.filter and (mine or not view.query):
            asked = asking.group(session, mine=mine)
            groups += asked
            group_of.update((key, asking.KEY) for one in asked for _, key in one.refs)
        return Todos(groups, self._columns(view), group_of)

    def _columns(self, view: View) -> tuple[Column, ...]:
        return chosen(self.desk.session, self.OF, columns(self.main.size.width), view.columns)

    def came(self, model: ListModel) -> None:
        """Show the list; a follow-up that keys are moving stays in sight, also where its group is folded."""
        at = self.listing.cursor
        if isinstance(model, Todos) and at is not None and self.days.moved(at[1]):
            key = model.group_of.get(at[1], "")
            group = next((one for one in model.groups if one.key == key), None)
            if group is not None and self.listing.folded(group):
                self.listing.unfold(key)
        super().came(model)

    def wrote(self, refs: list[Ref], stage: str = "") -> None:
        """Build the list again; while keys move a follow-up by days, only its row until they have settled."""
        if not all(self.days.moved(key) for _, key in refs):
            super().wrote(refs, stage)
            return
        self.rows.forget()
        self.fill()
        self.ask_soon()

    def lay_out(self) -> None:
        """Fit the list to the screen, columns first."""
        wanted = self._columns(self.view)
        if self.listing.model.groups and self.listing.model.columns != wanted:
            self.listing.model = replace(self.listing.model, columns=wanted)
        super().lay_out()

    def heading_line(self) -> Line:
        """Return the day and how much it asks for."""
        from tuicrm.crm.todo import said_day

        session, view, model = self.desk.session, self.view, self.listing.model
        today = session.today
        size = model.size if isinstance(model, Todos) else lambda _: 0
        counts = [(size("late"), "late"), (size("today"), "today"), (size("week"), "this week")]
        narrow = self.main.size.width < NARROW
        parts = [
            *([] if narrow else [f"view {view.number}: {view.name}"]),
            ", ".join(f"{count:,} {name}" for count, name in counts),
            *([f"filter: {view.filter}"] if view.filter else []),
            *([f"order: {self.order_name}"] if view.order != ORDERS[0][0] else []),
        ]
        head = f" {said_day(session, today.toordinal())}" + ("" if narrow else f" {today.year}")
        return ((head, "title"), (" | " + " | ".join(parts), "muted"))

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return the cells of a follow-up."""
        from tuicrm.crm.todo import todo

        session = self.desk.session
        record = session.ws.get(*ref)
        if record is None:
            return [("", "text")] * len(self.listing.model.columns)
        if ref[0] == "contact":
            return asking.row(session, record, self.listing.model.columns)
        group = self._group(ref)
        one = todo(session, record, group)
        both = f"{one.due} {one.repeat}"
        fits = bool(one.repeat) and len(both) <= columns(0)[0].width
        what = one.what if fits or not one.repeat else f"{one.what} ({one.repeat})"
        deal = f"~{one.deal}" if one.rotting else one.deal
        own = {
            "due": (both if fits else one.due, LOOKS.get(group, "text")),
            "subject": (what, "text"),
            "contacts": (one.who or "-", "text"),
            "deal": (deal or "-", "rotting" if one.rotting else "text"),
            "value": (one.value or "-", "text"),
        }
        return spans(session, ref, self.listing.model.columns, own)

    def _group(self, ref: Ref) -> str:
        model = self.listing.model
        return model.group_of.get(ref[1], "") if isinstance(model, Todos) else ""

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return whom the follow-up is for, then how things stand."""
        from tuicrm.crm.talks import ready
        from tuicrm.crm.todo import behind

        record = self.desk.session.ws.get(*ref)
        if record is None or not ready(self.desk.session):
            return [(), ()]
        if ref[0] == "contact":
            return asking.about(self.desk.session, ref[1])
        one = behind(self.desk.session, record)
        missed = f"{one.missed} call{'' if one.missed == 1 else 's'} missed" if one.missed else ""
        facts = [one.role, one.phone, f"{one.there} there" if one.there else "", missed]
        told = "".join(f" | {fact}" for fact in facts if fact)
        first: Line = ((f" {one.who or 'about nobody in particular'}", "title"), (told, "muted"))
        second: list[Span] = [(f"  last: {one.last}" if one.last else "  nothing logged yet", "text")]
        if one.rotting:
            second.append((f" | ~ROTTING {one.rotting} days", "rotting"))
        if one.deal:
            second.append((f" | deal {one.deal}", "text"))
        return [first, tuple(second)]

    def empty(self) -> list[Line]:
        """Return how to get something to do."""
        return [
            (("  Nothing to do.", "title"),),
            (),
            (("  a adds a follow-up: tue 10 call Jane, every 2 weeks check in.", "muted"),),
            (("  f adds one about a deal, a contact or a company, in any list.", "muted"),),
        ]

    def action_record_add(self) -> None:
        """Add a follow-up about nobody in particular."""
        self.add_followup([])
