"""The triage of leads: those that wait for a decision, the most promising first; keys go through them one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

from tuicrm.crm.leads import ORDERS
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import LEADS
from tuicrm.tui.listing import Column, Group, ListModel
from tuicrm.tui.panes.chosencolumns import chosen, spans
from tuicrm.tui.panes.listpane import ListPane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import BindingType

    from tuicrm.crm.session import Session
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span
    from tuicrm.tui.viewing import View

WIDE = 100
"""From this width on, names get more room."""


def columns(width: int) -> tuple[Column, ...]:
    """Return the columns for a screen of this width."""
    wide = width >= WIDE
    return (
        Column("score", "score", 5, right=True, drop=2),
        Column("name", "name", 24 if wide else 18),
        Column("company_name", "company", drop=1),
        Column("status", "status", 12 if wide else 10, drop=3),
        Column("age", "age", 4, right=True, drop=5),
        Column("next", "next", 10, drop=4),
        *((Column("source", "source", 14, drop=6), Column("owner", "owner", 12, drop=7)) if wide else ()),
    )


class Leads(ListPane):
    """The leads to decide about; after each decision the cursor is on the next one."""

    PLACE = LEADS
    OF = "lead"
    ORDERS = ORDERS
    DEFAULT = tuple(one.name for one in columns(WIDE))
    DERIVED: ClassVar[dict[str, str]] = {"age": "age", "next": "next"}
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(LEADS)

    def build(self, view: View) -> ListModel:
        """Return the list, and have ready what rows need; one's own are also those that nobody has taken yet."""
        from tuicrm.crm.heard import heard
        from tuicrm.crm.leads import triage
        from tuicrm.crm.nexts import nexts

        session = self.desk.session
        query = view.query
        if query and query == self.desk.mine():
            query = f"{query} or owner:none"
        where = " ".join(f"({one})" for one in (query, view.filter) if one.strip())
        nexts(session)
        heard(session)
        held = triage(session, where, view.order)
        return ListModel((Group("", "", [("lead", one["id"]) for one in held]),), self._columns(view))

    def _columns(self, view: View) -> tuple[Column, ...]:
        return chosen(self.desk.session, self.OF, columns(self.main.size.width), view.columns)

    def lay_out(self) -> None:
        """Fit the list to the screen, columns first."""
        wanted = self._columns(self.view)
        if self.listing.model.groups and self.listing.model.columns != wanted:
            self.listing.model = replace(self.listing.model, columns=wanted)
        super().lay_out()

    def decided(self, refs: list[Ref]) -> None:
        """Go to the next lead that nothing was decided about, so that one keys through them; at the end, back."""
        entries, at = self.listing.entries, self.listing.at
        around = [*range(at + 1, len(entries)), *range(at - 1, -1, -1)]
        done = set(refs)
        nearest = next((place for place in around if entries[place] not in done), at)
        self.listing.marks.clear()
        self.listing.find(entries[nearest])

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return the cells of a lead."""
        from tuicrm.crm import derive, nexts, scoring
        from tuicrm.crm.lookup import title
        from tuicrm.crm.touches import id_ms
        from tuicrm.tui.cards import SIGNS

        session = self.desk.session
        record = session.ws.get(*ref)
        own: dict[str, Span] = {}
        if record is not None:
            points = scoring.score(session, record)
            following = nexts.next_followup(session, *ref)
            state = nexts.lateness(session, following)
            days = session.today.toordinal() - derive.deals(session).day_of(id_ms(ref[1]))
            own = {
                "score": ("" if points is None else str(points), "text"),
                "name": (title(session, "lead", record), "text"),
                "age": (f"{max(0, days)}d", "muted"),
                "next": (_next(session, following, SIGNS[state]), state if state in ("late", "today") else "muted"),
            }
        return spans(session, ref, self.listing.model.columns, own)

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return who it is and where the score is from, then what the status asks for and what the lead wrote."""
        from tuicrm.crm import scoring
        from tuicrm.crm.heard import heard
        from tuicrm.crm.shapes import word
        from tuicrm.crm.statuses import status_of
        from tuicrm.records.types import ranked

        session = self.desk.session
        record = session.ws.get(*ref)
        if record is None:
            return [(), ()]
        phone, mail = (next(iter(ranked(record.get(name))), "") for name in ("phones", "emails"))
        why = scoring.explained(session, record)
        facts = [word(record.get("title")), word(record.get("company_name")), phone, mail, why and f"score {why}"]
        told = "".join(f" | {one}" for one in facts if one)
        status = status_of(session, record)
        first: Line = ((f" {word(record.get('name'))}", "title"), (told, "muted"))
        asks = f": {status.criteria}" if status.criteria else ""
        said = heard(session).of(record["id"])
        return [first, ((f"  {status.name}", "key"), (asks, "text"), (f" | wrote: {said}" if said else "", "muted"))]

    def empty(self) -> list[Line]:
        """Say what to do next."""
        return [
            (("  No lead waits for a decision.", "title"),),
            (("  a ", "key"), ("adds one; a list from elsewhere: tuicrm import FILE --as lead", "muted")),
            (("  / is:unqualified, is:converted or is:snoozed shows the others.", "muted"),),
        ]


def _next(session: Session, following: dict[str, Any] | None, sign: str) -> str:
    """Return when the next follow-up is due, with its sign; empty where nothing is planned."""
    from tuicrm.crm.shapes import word
    from tuicrm.errors import Invalid
    from tuicrm.when import Moment, relative

    if following is None:
        return ""
    try:
        return f"{sign}{relative(Moment.parse(word(following.get('due'))), session.reading)}"
    except Invalid:
        return f"{sign}no date"
