"""A record as a page of lines: what it is on the left, what is next and what happened on the right."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.tui.amounts import worth
from tuicrm.tui.cards import SIGNS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.history import Event
    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Line

Record = dict[str, Any]

FIRST = ("stage", "value", "expected_close", "probability", "owner", "status", "age_days", "stage_days")
"""Fields that say how the deal stands."""
LEFT_OUT = frozenset({*FIRST, "name", "company", "contacts", "currency", "pipeline", "items", "notes", "weighted"})
INDENT = "      "


@dataclass(frozen=True)
class Page:
    """What the record view shows."""

    title: str
    stage: str
    short_id: str
    facts: tuple[Line, ...]
    timeline: tuple[Line, ...]


def deal_page(session: Session, deal: Record) -> Page:
    """Return the page of a deal."""
    from tuicrm.crm.derive import amount
    from tuicrm.crm.lookup import short_id, title
    from tuicrm.crm.rows import cells
    from tuicrm.crm.stages import stage_of

    stage = stage_of(session, deal)
    declared = session.kind("deal")
    names = [one.name for one in declared.all_fields if one.name not in ("items", "currency", "weighted")]
    shown = dict(zip(names, cells(session, "deal", deal, names), strict=True))
    shown["value"] = worth(deal.get("currency"), amount(deal.get("value")))
    titles = {one.name: one.title for one in declared.all_fields}
    facts: list[Line] = [_fact(titles[name], shown[name]) for name in FIRST if shown.get(name)]
    facts += _company(session, deal, shown.get("company", ""))
    facts += _people(session, deal)
    rest = [_fact(titles[name], text) for name, text in shown.items() if text and name not in LEFT_OUT]
    facts += [(), (("MORE", "head"),), *rest] if rest else []
    notes = str(deal.get("notes", "")).strip()
    facts += [(), (("NOTES", "head"),), *(((line, "text"),) for line in notes.splitlines())] if notes else []
    return Page(
        title=title(session, "deal", deal),
        stage=stage.name if stage else str(deal.get("stage", "")),
        short_id=short_id(session, "deal", deal["id"]),
        facts=tuple(facts),
        timeline=(*_next(session, deal), (), (("HISTORY", "head"),), *_history(session, deal)),
    )


def _fact(name: str, text: str) -> Line:
    return ((f"{name} ", "muted"), (text, "text"))


def _company(session: Session, deal: Record, name: str) -> list[Line]:
    company = session.ws.get("company", str(deal.get("company", "")))
    if company is None:
        return []
    where = ", ".join(str(company[key]) for key in ("city", "country") if company.get(key))
    what = ", ".join(str(company[key]) for key in ("industry", "phone", "domain") if company.get(key))
    lines: list[Line] = [(), (("COMPANY", "head"),), ((f"{name}{', ' if where else ''}{where}", "title"),)]
    return [*lines, ((f" {what}", "muted"),)] if what else lines


def _people(session: Session, deal: Record) -> list[Line]:
    from tuicrm.records.types import ranked

    held = deal.get("contacts")
    people = [session.ws.get("contact", str(key)) for key in (held if isinstance(held, list) else ())]
    lines: list[Line] = []
    for one in people:
        if one is not None:
            lines.append(((str(one.get("name", "")), "title"), (f"  {one.get('title', '')}", "muted")))
            lines += [((f" {text}", "text"),) for text in (*ranked(one.get("phones")), *ranked(one.get("emails")))]
    return [(), (("PEOPLE", "head"),), *lines] if lines else []


def _next(session: Session, deal: Record) -> list[Line]:
    """Return the lines about what is to be done next."""
    from tuicrm.crm.nexts import nexts
    from tuicrm.when import Moment, relative

    lines: list[Line] = [(("NEXT", "head"),)]
    for one in nexts(session).all_of("deal", deal["id"]):
        due = one.get("due")
        words = relative(Moment.parse(str(due)), session.reading) if due else "no date"
        state = "late" if words.startswith("late") else "today" if words == "today" else "later"
        sign = SIGNS[state] + words.replace("late", "LATE", 1)
        look = state if state != "later" else "muted"
        lines.append(((sign, look), (f"  {one.get('subject', '')}", "text")))
    return lines if len(lines) > 1 else [*lines, (("?no next step", "muted"),)]


def _history(session: Session, deal: Record) -> list[Line]:
    from tuicrm.crm.history import history

    events = history(session, "deal", deal["id"])
    entries = {one.id: session.ws.get("activity", one.id) for one in events if one.kind == "activity"}
    return timeline(events, {key: str(entry.get("body", "")) for key, entry in entries.items() if entry})


def timeline(events: Sequence[Event], bodies: Mapping[str, str]) -> list[Line]:
    """Return what happened, newest first, under a line for each day; `bodies` has more text, by an event's id."""
    lines: list[Line] = []
    day = ""
    for event in events:
        today = f"{event.at:%a} {event.at.day} {event.at:%b %Y}"
        if today != day:
            day = today
            lines.append(((f"── {day} ", "rule"),))
        first, *rest = event.text.splitlines() or [""]
        who = f" ({event.by})" if event.by else ""
        lines.append(((f"{event.at:%H:%M} ", "muted"), (first, "text"), (who, "muted")))
        rest += bodies.get(event.id, "").strip().splitlines()
        lines += [((INDENT + more, "text"),) for more in rest]
    return lines or [(("nothing yet", "muted"),)]
