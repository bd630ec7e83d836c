"""How quotes stand: their status, their numbers where two clones made the same one, and what they come to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.pricing import reckon
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid
from tuicrm.records.kinds.quote import ACCEPTED, DECLINED, DRAFT, EXPIRED, REVISED, SENT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.crm.pricing import Totals
    from tuicrm.crm.session import Session

Record = dict[str, Any]

KEPT = (SENT, ACCEPTED, DECLINED)
LONGEST = 60
"""Characters of a number."""
SUFFIX = 4
"""Characters of the id that tell drafts of one number apart."""


def stored_status(quote: Mapping[str, Any]) -> str:
    """Return what was said of a quote: draft, sent, accepted or declined."""
    held = word(quote.get("status"))
    return held if held in KEPT else DRAFT


def status(session: Session, quote: Mapping[str, Any]) -> str:
    """Return how a quote stands today."""
    held = stored_status(quote)
    if held in (ACCEPTED, DECLINED):
        return held
    if quote["id"] in _later(session):
        return REVISED
    until = word(quote.get("valid_until"))
    return EXPIRED if until and until < session.today.isoformat() else held


def later(session: Session, quote: Mapping[str, Any]) -> Record | None:
    """Return the version that came after a quote; None where it is the last."""
    return session.ws.get("quote", _later(session).get(str(quote["id"]), ""))


def _later(session: Session) -> dict[str, str]:
    """Return, for each quote that was revised, the latest version that replaces it."""

    def make() -> dict[str, str]:
        held = session.ws.all("quote").values()
        pairs = sorted((word(one.get("replaces")), str(one["id"])) for one in held)
        return {before: key for before, key in pairs if before}

    found: dict[str, str] = session.remember("quotes later", make)
    return found


def called(session: Session, quote: Mapping[str, Any]) -> str:
    """Return what a quote is called.

    Two clones may have given one number twice. What was sent keeps it; of drafts the first keeps it where none was
    sent, and the others bear the end of their id, until they are sent and so keep that.
    """
    number, key = word(quote.get("number")), str(quote.get("id", ""))
    if not number or stored_status(quote) != DRAFT:
        return number or key[-SUFFIX:]
    holders = _holders(session).get(number, [key])
    return number if holders[0] == key or key not in holders else f"{number}-{key[-SUFFIX:]}"


def doubled(session: Session, quote: Record) -> tuple[str, ...]:
    """Return what to say where another quote is called the same, as two clones may have sent them."""
    others = [one for one in _holders(session).get(word(quote.get("number")), []) if one != quote["id"]]
    held = [session.ws.get("quote", one) or {} for one in others]
    same = [one for one in held if called(session, one) == called(session, quote)]
    return (f"another quote has the number {called(session, quote)} as well",) if same else ()


def _holders(session: Session) -> dict[str, list[str]]:
    """Return the ids of the quotes of each number: those that left the house first, then the older ones."""

    def make() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for one in sorted(session.ws.all("quote").values(), key=lambda one: (stored_status(one) == DRAFT, one["id"])):
            found.setdefault(word(one.get("number")), []).append(str(one["id"]))
        return found

    held: dict[str, list[str]] = session.remember("quotes by number", make)
    return held


def of_deal(session: Session, deal: str) -> list[Record]:
    """Return the quotes of a deal, the latest first."""
    held = [one for one in session.ws.all("quote").values() if one.get("deal") == deal]
    return sorted(held, key=lambda one: str(one["id"]), reverse=True)


def totals(quote: Mapping[str, Any]) -> Totals:
    """Return what a quote comes to."""
    return reckon(quote.get("items"), word(quote.get("currency")), quote.get("tax_rate"))


def computed(session: Session, name: str) -> Callable[[Record], Any] | None:
    """Return what reads a field of quotes that follows from others; None for one that is stored."""
    from tuicrm.money import amount_text

    if name == "status":
        return lambda quote: status(session, quote)
    if name == "version":
        return lambda quote: quote.get("version") or 1
    if name in ("net", "tax", "gross"):
        return lambda quote: amount_text(getattr(totals(quote), name), word(quote.get("currency")))
    return None


def _is_number(text: str) -> bool:
    return 0 < len(text) <= LONGEST and text.isprintable()


def check_days(quote: Mapping[str, Any]) -> None:
    """Raise Invalid where the last day of a quote lies before its first."""
    day, until = word(quote.get("date")), word(quote.get("valid_until"))
    if day and until and until < day:
        raise Invalid(f"valid_until: {until} lies before the day of the quote, {day}", field="valid_until")


def check(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """Raise Invalid where a quote would change that is no draft any more, or take a number that is in use."""
    if "number" in touched and not _is_number(word(after.get("number"))):
        raise Invalid(f"number: {after.get('number')!r} is no number such as Q-2026-0012", field="number")
    if touched & {"date", "valid_until"}:
        check_days(after)
    held = _holders(session).get(word(after.get("number")), [])
    if "number" in touched and any(one != after.get("id") for one in held):
        raise Invalid(f"number: there is a quote {after['number']} already", field="number")
    if before is None:
        return
    if "deal" in touched and before.get("deal") != after.get("deal"):
        raise Invalid("deal: a quote stays with its deal", field="deal", hint="tuicrm quote add DEAL makes another.")
    frozen = sorted(touched - {"owner", "tags", "external_id"})
    if frozen and (status(session, before) == REVISED or stored_status(before) != DRAFT):
        name = called(session, before)
        raise Invalid(
            f"{frozen[0]}: {name} is {status(session, before)} and stays as it is",
            field=frozen[0],
            hint=f"tuicrm quote revise {name} makes the next version.",
        )
