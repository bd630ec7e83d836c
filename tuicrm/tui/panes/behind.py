"""The records behind a figure: a list above the pane of figures, from which Esc comes back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import ACTIVITY, DEALS
from tuicrm.tui.listing import Column, Group, ListModel
from tuicrm.tui.panes.activity import Activity
from tuicrm.tui.panes.listpane import ListPane
from tuicrm.tui.viewing import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span


class Behind(ListPane):
    """Which records they are is fixed; filter, order and keys are as in other lists."""

    def __init__(self, title: str, groups: Sequence[tuple[str, Sequence[str]]], *, above: str) -> None:
        """Show groups of records (a heading and ids each); `above` names the pane that they are shown above."""
        super().__init__()
        self._title = title
        self._above = above
        self.groups = [(name, tuple(ids)) for name, ids in groups]
        self.view = View(name=title, order=next((key for key, _ in self.ORDERS), ""))

    def heading_line(self) -> Line:
        """Return where the list comes from."""
        count = self.listing.model.count
        kind = self.desk.session.kind(self.OF)
        parts = [
            f"{count:,} {kind.one if count == 1 else kind.many}",
            *([f"filter: {self.view.filter}"] if self.view.filter else []),
            *([f"order: {self.order_name}"] if self.order_name else []),
        ]
        return ((f" {self._above} > {self._title}", "title"), (" | " + " | ".join(parts), "muted"))

    def action_view_choose(self) -> None:
        """The views are those of the pane below."""
        self.main.say(f"Esc goes back to {self._above}, where v chooses whose these are")

    def use(self, view: View) -> None:
        """Keep the records; only the filter and the order are taken."""
        first = next((key for key, _ in self.ORDERS), "")
        self.view = replace(self.view, filter=view.filter, order=view.order or first)
        self.ask_again()


class BehindLog(Behind, Activity):
    """Entries of the log behind a figure, by day."""

    PLACE = ACTIVITY
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(ACTIVITY)

    def build(self, view: View) -> ListModel:
        """Return the days with those of the entries that there still are and that the filter fits."""
        held = {key for _, ids in self.groups for key in ids}
        found = super().build(view)
        groups = []
        for day in found.groups:
            refs = [ref for ref in day.refs if ref[1] in held]
            if refs:
                groups.append(replace(day, title=f"{day.title.rpartition(' (')[0]} ({len(refs):,})", refs=refs))
        return ListModel(groups, found.columns)


class BehindOthers(Behind):
    """Records of any other kind, by name."""

    PLACE = DEALS
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(DEALS)

    def __init__(self, kind: str, title: str, groups: Sequence[tuple[str, Sequence[str]]], *, above: str) -> None:
        super().__init__(title, groups, above=above)
        self.OF = kind

    def build(self, view: View) -> ListModel:
        """Return the records that there still are and that the filter fits."""
        from tuicrm.crm.listing import select

        session = self.desk.session
        held = {key for _, ids in self.groups for key in ids}
        found = select(session, self.OF, where=view.filter, everything=True)
        refs = [(self.OF, str(one["id"])) for one in found if one["id"] in held]
        columns = (Column("name", session.kind(self.OF).one), Column("detail", "", drop=1))
        return ListModel((Group("", "", refs),), columns)

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return what a record is called, and what tells it from others."""
        from tuicrm.crm.search import described

        record = self.desk.session.ws.get(*ref)
        name, detail = described(self.desk.session, ref[0], record) if record is not None else ("", "")
        return [(name, "text"), (detail, "muted")]


def behind(kind: str, title: str, groups: Sequence[tuple[str, Sequence[str]]], *, above: str) -> Behind:
    """Return a list of records of a kind, in groups of a heading and ids; `above` names the pane below it."""
    if kind == "deal":
        from tuicrm.tui.panes.deals import Deals

        return Deals(title, groups, above=above)
    if kind == "activity":
        return BehindLog(title, groups, above=above)
    return BehindOthers(kind, title, groups, above=above)
