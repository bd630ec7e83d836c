"""Values that gave way, put into the ledger as a sync does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.edit import edit
from tuicrm.store.changes import Write
from tuicrm.store.ulid import encode

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

LATER = 1_791_450_000_000
"""2026-10-08T09:00:00Z in milliseconds: when the sample is looked at."""
MINUTE = 60_000


def lose(session: Session, kind: str, record: str, path: str, value: str, *, at: int = LATER, seed: int = 1) -> str:
    """Put a value into the ledger, and return the entry's id."""
    fields = {"of": kind, "record": record, "field": path, "version": encode(at, seed), "value": value}
    key = session.ws.new_id(at + seed)
    session.ws.commit([Write("conflict", key, fields)], by="sync", note="")
    return key


def deal(session: Session, name: str) -> dict[str, Any]:
    """Return a deal of the sample by its name."""
    return next(one for one in session.ws.all("deal").values() if one.get("name") == name)


def lose_two(session: Session) -> dict[str, Any]:
    """Let a next step and an amount of a deal give way, and return the deal."""
    found = deal(session, "Acme renewal")
    session.commit(edit(session, "deal", [found], {"next_step": ["call Jane"]}))
    lose(session, "deal", found["id"], "currency", "USD", at=LATER - 60 * MINUTE, seed=5)
    lose(session, "deal", found["id"], "value", "15000.00", at=LATER - 60 * MINUTE, seed=5)
    lose(session, "deal", found["id"], "next_step", "send the quote", at=LATER - MINUTE)
    return deal(session, "Acme renewal")


def lose_some(session: Session) -> None:
    """Let several values give way: of a deal and its company, and the deletion of another deal."""
    found = lose_two(session)
    notes = "Jane wants the report before the demo. The budget is signed off by Tom; Kite is the other bidder."
    long = deal(session, "Monta")
    session.ws.commit([Write("deal", long["id"], {"notes": f"{notes} Ask Tom in November."})], by="ann", note="")
    lose(session, "deal", long["id"], "notes", f"{notes} They decide on 20 October.", at=LATER - 2 * MINUTE)
    lose(session, "deal", deal(session, "Orbis")["id"], "_del", "bob", at=LATER - 90 * MINUTE)
    lose(session, "company", found["company"], "phone", "+49 30 555 0100", at=LATER - 1500 * MINUTE)
