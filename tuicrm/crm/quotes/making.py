"""Making quotes from the line items of deals, and the next version of one."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.crm import lineitems
from tuicrm.crm.edit import born
from tuicrm.crm.parsing import Typing
from tuicrm.crm.plan import Plan
from tuicrm.crm.pricing import ordered
from tuicrm.crm.quotes.standing import called, check_days, later, totals
from tuicrm.crm.shapes import word, words
from tuicrm.errors import Invalid, NotFound
from tuicrm.records.kinds.quote import DRAFT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]

CARRIED = ("contact", "recipient", "tax_rate", "terms", "tags")
"""What the next version takes over from the one before it."""
DAYS = 30


def make(session: Session, deal: Record, typed: Mapping[str, Sequence[str]]) -> Plan:
    """Return the plan that makes a quote of a deal's line items, as they are at this moment."""
    return _made(session, deal, typed, {}, ())


def revise(session: Session, quote: Record, typed: Mapping[str, Sequence[str]], *, keep: bool = False) -> Plan:
    """Return the plan that makes the next version of a quote, with the items that the deal has now, or with its own.

    The version before it stays as it was.
    """
    newer = later(session, quote)
    name = called(session, quote)
    if newer is not None:
        raise Invalid(
            f"{name} has been revised already: {called(session, newer)} came after it",
            hint=f"tuicrm quote revise {called(session, newer)} goes on from there.",
        )
    deal = deal_of(session, quote)
    carried = {one: quote[one] for one in CARRIED if quote.get(one)}
    ending = re.search(r"/(\d{1,4})$", name)
    base = name[: ending.start()] if ending else name
    version = max(int(quote.get("version") or 1), int(ending[1]) if ending else 1) + 1
    fields = {**carried, "version": version, "replaces": quote["id"]}
    if keep:
        fields |= {"items": quote.get("items"), "currency": quote.get("currency")}
    typed = {"number": [f"{base}/{version}"], **typed}
    return _made(session, deal, typed, fields, (f"{name} stays as it was",))


def deal_of(session: Session, quote: Record) -> Record:
    """Return the deal that a quote is for, or raise NotFound where it is gone."""
    deal = session.ws.get("deal", word(quote.get("deal")))
    if deal is None:
        raise NotFound(f"the deal of {called(session, quote)} is gone", hint="tuicrm deal restore lists removed ones.")
    return deal


def _made(
    session: Session, deal: Record, typed: Mapping[str, Sequence[str]], fields: Record, said: Sequence[str]
) -> Plan:
    from tuicrm.crm.lookup import title
    from tuicrm.money import Money, show
    from tuicrm.store.changes import Write

    ctx = Typing(session)
    kind = session.kind("quote")
    full = {"number": [next_number(session)], **typed, "deal": [deal["id"]]}
    record = {**fields, **born(session, kind, full, ctx)}
    record.setdefault("version", 1)
    record["status"] = DRAFT
    record.setdefault("currency", lineitems.currency_of(session, deal))
    record["items"] = record.get("items") or frozen(session, deal)
    _complete(session, deal, record)
    check_days(record)
    gross = show(Money(totals(record).gross, record["currency"]))
    note = f"made {record['number']} for {title(session, 'deal', deal)}: {gross}, valid until {record['valid_until']}"
    written = {name: value for name, value in record.items() if name != "id" and value not in (None, "")}
    ids = (record["id"],)
    return Plan((Write("quote", record["id"], written),), note, ids=ids, said=(*ctx.notes, *said))


def _complete(session: Session, deal: Record, record: Record) -> None:
    """Fill in what nobody said: the day, how long it holds, for whom, the tax rate and the terms."""
    if not record.get("date"):
        record["date"] = session.today.isoformat()
    if not record.get("valid_until"):
        days = session.setting("quote_valid_days")
        held = date.fromisoformat(record["date"])
        record["valid_until"] = (held + timedelta(days=int(days) if days.isdecimal() else DAYS)).isoformat()
    if not record.get("contact"):
        people = (one for one in words(deal.get("contacts")) if session.ws.get("contact", one) is not None)
        record["contact"] = next(people, None)
    for name, setting in (("tax_rate", "tax_rate"), ("terms", "quote_terms")):
        if record.get(name) is None:
            record[name] = session.setting(setting)
    if not record.get("recipient"):
        record["recipient"] = recipient(session, deal, word(record.get("contact")))


def recipient(session: Session, deal: Record, contact: str) -> str:
    """Return name and address of whom a quote is for, a line each."""
    company = session.ws.get("company", word(deal.get("company"))) or {}
    person = session.ws.get("contact", contact) or {}
    place = company if company else person
    lines = (word(company.get("name")), word(person.get("name")), word(place.get("address")))
    return "\n".join(filter(None, (*lines, word(place.get("city")), word(place.get("country")))))


def frozen(session: Session, deal: Record) -> dict[str, Record]:
    """Return a deal's line items as a quote keeps them: with names and prices of their own.

    A discount on the deal as a whole is on each item that has none of its own.
    """
    from tuicrm.crm.discounting import WHOLE
    from tuicrm.crm.shapes import table

    found: dict[str, Record] = {}
    whole = table(deal.get("discounts")).get(WHOLE, {})
    usual = {name: whole.get(name) for name in ("discount", "discount_reason")}
    currency = lineitems.currency_of(session, deal)
    unpriced = []
    for key, item in ordered(deal.get("items")):
        name = lineitems.called(session, item)
        price = word(item.get("price")) or lineitems.list_price(session, word(item.get("product")), currency)
        if not price:
            unpriced.append(name)
        quantity = item.get("quantity")
        item = item if item.get("discount") else {**item, **usual}
        held = {**item, "name": name, "price": price, "quantity": quantity if isinstance(quantity, str) else "1"}
        found[key] = {one: value for one, value in held.items() if value not in (None, "")}
    ref = deal.get("name") or deal["id"]
    if not found:
        raise Invalid(
            "items: the deal has no line items to quote",
            field="items",
            hint=f'tuicrm deal item add "{ref}" --product P --quantity 2 adds one.',
        )
    if unpriced:
        raise Invalid(
            f"items: {', '.join(unpriced)} has no price in {currency}",
            field="items",
            hint=f'tuicrm deal item edit "{ref}" "{unpriced[0]}" --price AMOUNT sets it.',
        )
    return found


def next_number(session: Session) -> str:
    """Return the number after the highest of this year; removed quotes keep theirs."""
    start = f"Q-{session.today.year}-"
    pattern = re.compile(rf"{re.escape(start)}(\d{{1,9}})\b")
    held = (*session.ws.all("quote").values(), *session.ws.dead("quote").values())
    found = (pattern.match(word(one.get("number"))) for one in held)
    return f"{start}{max((int(one[1]) for one in found if one), default=0) + 1:04}"
