"""The lists of contacts and of companies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import COMPANIES, CONTACTS
from tuicrm.tui.listing import Group, ListModel
from tuicrm.tui.panes.listpane import ListPane
from tuicrm.tui.panes.peoplerows import DERIVED, about_company, about_contact, columns, spans

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.binding import BindingType

    from tuicrm.crm.customers import Customers
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.viewing import View


@dataclass(frozen=True)
class PeopleModel(ListModel):
    """A list, and what follows for those in it."""

    known: Customers


class PeoplePane(ListPane):
    """What both lists have in common."""

    ORDERS = (
        ("name", "name"),
        ("last", "last activity"),
        ("quiet", "longest without activity"),
        ("next", "next follow-up"),
        ("value", "open deals' value"),
        ("added", "newest"),
    )
    DEFAULT: ClassVar[tuple[str, ...]] = ()
    """The columns where the view names none."""
    MATTER: ClassVar[tuple[str, ...]] = ()
    """The same by how much they matter: on a narrow screen the last go first."""
    DERIVED = DERIVED
    """Columns beside the fields that a view may name."""

    def build(self, view: View) -> PeopleModel:
        """Return the list in its order; everything that its rows need is worked out here, in the thread."""
        from tuicrm.crm.customers import customers
        from tuicrm.crm.listing import select

        session = self.desk.session
        known = customers(session)
        known.ready()
        by_field = {"name": "name", "added": "-id"}
        found = select(session, self.OF, where=view.where, sort=by_field.get(view.order, "name"))
        ids = [str(one["id"]) for one in found]
        if view.order not in by_field:
            ids = _ordered(ids, view.order, self.OF, known)
        refs = [(self.OF, key) for key in ids]
        shown = columns(session.kind(self.OF), view.columns or self.DEFAULT, () if view.columns else self.MATTER)
        return PeopleModel((Group("", "", refs),), shown, known)

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return the cells of a record."""
        model = self.listing.model
        assert isinstance(model, PeopleModel)
        return spans(self.desk.session, ref, [one.name for one in model.columns], model.known)

    def empty(self) -> list[Line]:
        """Say what to do next."""
        many = self.desk.session.kind(self.OF).many
        return [
            ((f"  No {many} yet.", "title"),),
            (("  a ", "key"), ("adds one, ", "muted"), (": ", "key"), ("takes one line in words.", "muted")),
            ((f"  A list from elsewhere: tuicrm import FILE --as {self.OF}", "muted"),),
        ]


def _ordered(ids: list[str], order: str, kind: str, known: Customers) -> list[str]:
    """Return ids, by name until here, in another order; what has nothing to order by comes last."""
    if order == "value":
        return sorted(ids, key=known.rank, reverse=True)
    if order == "next":
        from tuicrm.crm.nexts import due_key

        def due(key: str) -> tuple[bool, str]:
            found = known.next(key)
            return (found is None, due_key(found) if found is not None else "")

        return sorted(ids, key=due)
    last = {key: known.last(kind, key) for key in ids}
    way: Callable[[str], int] = last.__getitem__
    return sorted(ids, key=way, reverse=order == "last")


class Contacts(PeoplePane):
    """People, with their company and what is next with them."""

    PLACE = CONTACTS
    OF = "contact"
    DEFAULT = ("name", "company", "phones", "next_followup", "last_activity", "title", "emails", "open_deals", "owner")
    MATTER = ("name", "next_followup", "company", "phones", "last_activity", "title", "emails", "open_deals", "owner")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(CONTACTS)

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return who it is and how to reach them, then what was last and what is next."""
        model = self.listing.model
        assert isinstance(model, PeopleModel)
        return about_contact(self.desk.session, ref[1], model.known)


class Companies(PeoplePane):
    """Companies, with their open deals and what is next with them."""

    PLACE = COMPANIES
    OF = "company"
    DEFAULT = ("name", "open_deals", "next_followup", "last_activity", "city", "industry", "owner", "phone", "domain")
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(COMPANIES)

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return what it is and how to reach it, then what was last and what is next."""
        model = self.listing.model
        assert isinstance(model, PeopleModel)
        return about_company(self.desk.session, ref[1], model.known)
