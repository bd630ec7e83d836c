"""Touches: what brought a lead or a contact here, noted by hand or by an intake, and found again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.edit import born, edited, written
from tuicrm.crm.parsing import Typing
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word, words
from tuicrm.crm.touches import at_ms
from tuicrm.errors import Invalid
from tuicrm.records.kinds.activity import TOUCH, TOUCHES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
TOUCHED = ("contact", "lead", "deal", "company")
"""The kinds whose records touches may be about."""
_PLACE = {"contact": "contacts", "lead": "lead", "deal": "deal", "company": "company"}
"""The field of an activity that names a record of a kind."""


class Touch(NamedTuple):
    """A touch as it is typed."""

    sort: str
    """Campaign, event, referral, page, form, email, or a word of the team's own."""
    name: str
    """What it was: `Spring fair`."""
    source: str = ""
    """What gets the credit; the name where empty."""
    campaign: str = ""
    page: str = ""
    at: str = ""
    body: str = ""
    external_id: str = ""
    owner: str | None = None
    """The id of whose it is; empty for nobody, and who acts where nothing is said."""


def touch(session: Session, kind: str, record: Record, one: Touch) -> Plan:
    """Return the plan that notes a touch of a record, and sets the source of one that has none."""
    from tuicrm.crm.lookup import title

    ctx = Typing(session)
    entry, source = entered(session, kind, str(record["id"]), one, ctx)
    made = [logged(entry), *sourced(session, kind, record, source, ctx)]
    note = f"noted {_said(entry)} of {title(session, kind, record)}"
    return Plan(tuple(made), note, ids=(entry["id"],), said=ctx.notes)


def touch_all(session: Session, records: Sequence[tuple[str, Record]], sort: str, name: str) -> Plan:
    """Return the plan that notes a touch of each of some records, as one step."""
    plans = [touch(session, kind, record, Touch(sort, name)) for kind, record in records]
    changes = tuple(change for plan in plans for change in plan.changes)
    note = plans[0].note if len(plans) == 1 else f"noted the {sort} touch {name} of {len(plans)} records"
    return Plan(changes, note, ids=tuple(one for plan in plans for one in plan.ids))


def entered(session: Session, kind: str, key: str, one: Touch, ctx: Typing) -> tuple[Record, str]:
    """Return the entry of the log that a touch makes, checked but not written, and its source.

    A `ctx` of one's own may know a record that the same step adds.
    """
    if not one.sort.strip() or not one.name.strip():
        raise Invalid(f"a touch needs a sort ({', '.join(TOUCHES)}, or a word of yours) and a name", field="touch")
    typed = {
        "type": TOUCH,
        "touch": one.sort,
        "subject": one.name,
        "body": one.body,
        "source": one.source.strip() or one.name,
        "campaign": one.campaign.strip() or (one.name if _is_campaign(session, one.sort) else ""),
        "page": one.page,
        "at": one.at,
        "external_id": one.external_id,
        _PLACE[kind]: key,
    }
    given = {name: [text] for name, text in typed.items() if text.strip()}
    if one.owner is not None:
        given["owner"] = [one.owner]
    entry = born(session, session.kind("activity"), given, ctx)
    return entry, word(entry.get("source"))


def _is_campaign(session: Session, sort: str) -> bool:
    field = session.kind("activity").by_name["touch"]
    return bool(field.type.parse(sort, Typing(session)) == "campaign")


def logged(entry: Record) -> Change:
    """Return the change that writes an entry of the log."""
    from tuicrm.store.changes import Write

    return Write("activity", entry["id"], {name: value for name, value in entry.items() if name != "id"})


def sourced(session: Session, kind: str, record: Record, source: str, ctx: Typing) -> list[Change]:
    """Return the changes that set the source of a record that has none: the first touch is where it came from."""
    declared = session.kind(kind)
    if "source" not in declared.by_name or word(record.get("source")).strip() or not source:
        return []
    return written(session, declared, record, edited(session, declared, record, {"source": [source]}, {}, ctx))


def _said(entry: Record) -> str:
    return f"the {word(entry.get('touch'))} touch {word(entry.get('subject'))}"


class Touchpoints:
    """All touches by what they are about, each list in the order of time."""

    def __init__(self, session: Session) -> None:
        self._by: dict[str, list[tuple[int, Record]]] = {}
        held = [one for one in session.ws.all("activity").values() if one.get("type") == TOUCH]
        for at, one in sorted(((at_ms(one), one) for one in held), key=lambda pair: (pair[0], pair[1]["id"])):
            for key in _about(one):
                self._by.setdefault(key, []).append((at, one))
        self._leads: dict[str, list[str]] = {}
        for key, lead in session.ws.all("lead").items() if held else ():
            for name in ("contact", "deal"):
                if became := word(lead.get(name)):
                    self._leads.setdefault(became, []).append(key)

    def __bool__(self) -> bool:
        return bool(self._by)

    def of(self, keys: Iterable[str]) -> list[tuple[int, Record]]:
        """Return the touches of any of these records, and of the leads that became one of them, by their time."""
        wanted = dict.fromkeys(keys)
        wanted.update((lead, None) for key in list(wanted) for lead in self._leads.get(key, ()))
        found = {one["id"]: (at, one) for key in wanted for at, one in self._by.get(key, ())}
        return sorted(found.values(), key=lambda pair: (pair[0], pair[1]["id"]))


def _about(one: Record) -> list[str]:
    """Return whom a touch is of: of a company only where it names nobody in it."""
    named = [*(word(one.get(name)) for name in ("lead", "deal")), *words(one.get("contacts"))]
    named = [key for key in named if key]
    return named or [word(one.get("company"))]


def touchpoints(session: Session) -> Touchpoints:
    """Return the touches of the workspace as it is at this moment."""
    found: Touchpoints = session.remember("touchpoints", lambda: Touchpoints(session))
    return found
