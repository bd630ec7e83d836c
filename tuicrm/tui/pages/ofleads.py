"""What the page of a lead says besides its fields: what its status asks for, what gave its score, what it became."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.lookup import title
from tuicrm.crm.shapes import word
from tuicrm.tui.pages import linked
from tuicrm.tui.pages.row import LINKS, Row, heading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tuicrm.crm.session import Session

Record = dict[str, Any]


def lead_rows(session: Session, lead: Record) -> Iterator[Row]:
    """Yield the status with its criteria, and the score with the rules that gave it."""
    from tuicrm.crm import scoring
    from tuicrm.crm.leads import converted
    from tuicrm.crm.statuses import status_of

    status = status_of(session, lead)
    told = "  converted" if converted(lead) else ""
    line = (("status ", "muted"), (status.name, "title"), (told, "good"))
    yield Row((line,), "field status", field="status", copy=status.name)
    if status.criteria:
        yield Row((((f"  {status.criteria}", "muted"),),))
    points = scoring.score(session, lead)
    if points is not None:
        yield Row(((("score ", "muted"), (str(points), "text")),), "field score", field="score", copy=str(points))
        for one in scoring.explain(session, lead):
            yield Row((((f"  {one.points:+d} {one.why}", "muted"),),))


def became_rows(session: Session, lead: Record) -> Iterator[Row]:
    """Yield the deal, the company and the person that a lead became."""
    deal = session.ws.get("deal", word(lead.get("deal")))
    yield from linked.deal_rows(session, [deal] if deal is not None else [])
    yield from linked.company_rows(session, word(lead.get("company")))
    person = session.ws.get("contact", word(lead.get("contact")))
    yield from linked.people_rows(session, [person] if person is not None else [], full=True)


def lead_row(session: Session, key: str) -> Iterator[Row]:
    """Yield the lead that an entry or a follow-up is about."""
    lead = session.ws.get("lead", key) if key else None
    if lead is not None:
        yield from heading("LEAD", LINKS)
        name = title(session, "lead", lead)
        yield Row((((name, "title"),),), f"lead {key}", LINKS, ("lead", key), copy=name)
