"""What becomes of quotes: sent, accepted, which wins the deal, or declined. Each is one step to undo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.along import NOTHING, Along
from tuicrm.crm.plan import Plan
from tuicrm.crm.quotes.making import deal_of
from tuicrm.crm.quotes.standing import called, doubled, later, status, stored_status, totals
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid
from tuicrm.records.kinds.quote import ACCEPTED, DECLINED, EXPIRED, REVISED, SENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Write

Record = dict[str, Any]


def send(session: Session, quote: Record) -> Plan:
    """Return the plan that marks a quote as sent; its number stays with it from then on. Nobody is written to."""
    name, stands = called(session, quote), status(session, quote)
    _refuse_revised(session, quote)
    if stands == EXPIRED and stored_status(quote) != SENT:
        raise Invalid(
            f"valid_until: {name} is past its last day, {quote['valid_until']}",
            field="valid_until",
            hint=f'tuicrm quote edit {name} --valid-until "in 30 days" gives it more time.',
        )
    if stored_status(quote) != "draft":
        note = f"nothing to change: {name} is {stands} already"
        return Plan((), note, ids=(quote["id"],), said=(note,))
    fields = {"status": SENT, "sent_on": session.today.isoformat(), "number": name}
    return Plan((_write(quote, fields),), f"marked {name} as sent", ids=(quote["id"],), said=doubled(session, quote))


def accept(
    session: Session,
    quote: Record,
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    along: Along = NOTHING,
    take_value: bool = False,
) -> Plan:
    """Return the plan that accepts a quote and wins its deal, as its pipeline asks; raises MissingFields.

    With `take_value` the deal's value becomes what was accepted, before tax.
    """
    from tuicrm.crm import deals
    from tuicrm.crm.derive import deals as facts
    from tuicrm.crm.lookup import title

    name = called(session, quote)
    _refuse_revised(session, quote)
    deal = deal_of(session, quote)
    said = [f"{name} was past its last day, {quote['valid_until']}"] if status(session, quote) == EXPIRED else []
    if stored_status(quote) == ACCEPTED:
        note = f"nothing to change: {name} is accepted already"
        return Plan((), note, ids=(quote["id"],), said=(note,))
    write = _write(quote, {**_decided(session, ACCEPTED), "number": name})
    if take_value:
        typed = {**(typed or {}), "value": [str(totals(quote).net)], "currency": [word(quote.get("currency"))]}
    if facts(session).status(deal) == "won" and not typed:
        plan = Plan((), f"{title(session, 'deal', deal)} is won already")
    else:
        plan = deals.win(session, [deal], typed=typed, along=along)
    said += [*plan.said, *doubled(session, quote), *_worth(session, quote, after(deal, plan))]
    note = f"accepted {name}; {plan.note}"
    return replace(plan, changes=(write, *plan.changes), note=note, ids=(quote["id"],), said=tuple(said))


def decline(
    session: Session,
    quote: Record,
    reason: str = "",
    *,
    lose: bool = False,
    typed: Mapping[str, Sequence[str]] | None = None,
    along: Along = NOTHING,
) -> Plan:
    """Return the plan that notes that a quote was declined, and why; with `lose` its deal is lost for that reason."""
    from tuicrm.crm import deals
    from tuicrm.crm.derive import deals as facts
    from tuicrm.crm.lookup import short_id
    from tuicrm.crm.parsing import refuse_unstorable

    name, why = called(session, quote), " ".join(reason.split())
    refuse_unstorable(why, "reason")
    _refuse_revised(session, quote)
    deal = deal_of(session, quote)
    if stored_status(quote) == DECLINED and not lose and why in ("", word(quote.get("reason"))):
        note = f"nothing to change: {name} is declined already"
        return Plan((), note, ids=(quote["id"],), said=(note,))
    why = why or (word(quote.get("reason")) if stored_status(quote) == DECLINED else "")
    write = _write(quote, {**_decided(session, DECLINED), "reason": why or None, "number": name})
    if lose:
        plan = deals.lose(session, [deal], why, typed=typed, along=along)
        return replace(plan, changes=(write, *plan.changes), note=f"declined {name}; {plan.note}", ids=(quote["id"],))
    said: tuple[str, ...] = ()
    short = short_id(session, "deal", deal["id"])
    if facts(session).status(deal) == "won":
        said = (f"its deal is won: tuicrm deal reopen {short} takes it up again",)
    elif facts(session).status(deal) == "open":
        said = (f"its deal is still open: tuicrm deal lose {short} --reason TEXT, or tuicrm quote revise {name}",)
    return Plan((write,), f"declined {name}", ids=(quote["id"],), said=said)


def _decided(session: Session, stands: str) -> Record:
    return {"status": stands, "decided_on": session.today.isoformat(), "reason": None}


def _write(quote: Record, fields: Record) -> Write:
    from tuicrm.store.changes import Write

    # The whole group, so that no merge makes one answer of two.
    group = {"status": quote.get("status"), "decided_on": quote.get("decided_on"), "reason": quote.get("reason")}
    return Write("quote", quote["id"], {**group, **fields})


def _refuse_revised(session: Session, quote: Record) -> None:
    newer = later(session, quote)
    if newer is not None and status(session, quote) == REVISED:
        name, now = called(session, quote), called(session, newer)
        raise Invalid(f"{name} has been revised: {now} is the one that counts", hint=f"say {now} instead.")


def after(record: Record, plan: Plan) -> Record:
    """Return a record as a plan leaves it."""
    from tuicrm.store.changes import Write

    written = (one.fields for one in plan.changes if isinstance(one, Write) and one.id == record["id"])
    return {**record, **next(written, {})}


class Worth(NamedTuple):
    """What a quote comes to before tax, and what its deal is said to be worth; as people read them."""

    quote: str
    deal: str
    """Nothing where the deal has no value."""


def other_value(session: Session, quote: Record, deal: Record | None = None) -> Worth | None:
    """Return both amounts where a deal's value is not what its quote comes to before tax; None where it is."""
    from tuicrm.crm.derive import amount
    from tuicrm.money import Money, show

    deal = deal or deal_of(session, quote)
    found, currency = totals(quote).net, str(quote.get("currency") or session.currency)
    value = amount(deal.get("value"))
    if value == found and deal.get("currency") == currency:
        return None
    own = show(Money(value, word(deal.get("currency")) or session.currency)) if value is not None else ""
    return Worth(show(Money(found, currency)), own)


def _worth(session: Session, quote: Record, deal: Record) -> list[str]:
    """Return what to say where a deal's value is not what was accepted."""
    from tuicrm.crm.lookup import short_id

    found = other_value(session, quote, deal)
    if found is None:
        return []
    short, worth = short_id(session, "deal", deal["id"]), f"is {found.deal}" if found.deal else "is not set"
    way = f'tuicrm deal edit {short} --value "{found.quote}"'
    return [f"the deal's value {worth}; the quote is {found.quote} before tax: {way}"]
