"""The line items of a deal: adding, changing and taking away; the deal's value follows only where it is asked to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.derive import amount
from tuicrm.crm.edit import same, written
from tuicrm.crm.ordering import between
from tuicrm.crm.parsing import Typing, named, parse_value, refuse_unstorable
from tuicrm.crm.plan import Plan
from tuicrm.crm.pricing import ordered, reckon
from tuicrm.crm.shapes import table, word
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.records.field import Field
from tuicrm.records.figures import Percent, Quantity
from tuicrm.records.types import Ref, Text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.pricing import Totals
    from tuicrm.crm.session import Session

Record = dict[str, Any]
Item = dict[str, Any]
SHOWN = 6
"""Items that an error names."""

FIELDS = {
    one.name: one
    for one in (
        Field("product", Ref("product"), help="The product; its list price is taken where none is given."),
        Field("name", Text(), help="What is printed; the product's name where empty."),
        Field("quantity", Quantity(), help="How many; 1 where not said."),
        Field("price", Text(), help="The price of one, in the deal's currency."),
        Field("discount", Percent(), help="What is taken off, in percent."),
        Field("discount_reason", Text(), label="discount reason", help="Why; customers are not shown it."),
        Field("tax", Percent(), help="Its tax rate in percent; the usual one where empty."),
    )
}
"""What can be said of one item."""


def totals(session: Session, deal: Mapping[str, Any]) -> Totals:
    """Return the line items of a deal, reckoned in its currency with the team's usual tax rate."""
    return reckon(deal.get("items"), currency_of(session, deal), session.setting("tax_rate"))


def currency_of(session: Session, deal: Mapping[str, Any]) -> str:
    """Return the currency of a deal."""
    return word(deal.get("currency")) or session.currency


def called(session: Session, item: Mapping[str, Any]) -> str:
    """Return what an item is called: its own name, else the product's."""
    from tuicrm.crm.lookup import name_of

    return word(item.get("name")) or name_of(session, "product", word(item.get("product"))) or "item"


def said(session: Session, deal: Mapping[str, Any]) -> str:
    """Return the line items of a deal in one line: `20 x Team plan, 1 x Training`."""
    held = ordered(deal.get("items"))
    return ", ".join(f"{item.get('quantity') or 1} x {called(session, item)}" for _, item in held)


def find_item(session: Session, deal: Record, ref: str) -> str:
    """Return the key of the item that `ref` names: by its place in the list, by id, or by name."""
    from tuicrm.folding import fold

    held = ordered(deal.get("items"))
    wanted = ref.strip()
    if wanted.isdecimal() and 1 <= int(wanted) <= len(held):
        return held[int(wanted) - 1][0]
    names = {key: called(session, item) for key, item in held}
    found = [key for key, name in names.items() if key == wanted or fold(name) == fold(wanted)]
    if not found and len(wanted) > 1:
        found = [key for key, name in names.items() if fold(wanted) in fold(name)]
    if len(found) == 1:
        return found[0]
    shown = [f"{place} {names[key]}" for place, (key, _) in enumerate(held, 1) if not found or key in found]
    listed = ", ".join(shown[:SHOWN]) + (f" and {len(shown) - SHOWN} more" if shown[SHOWN:] else "")
    if found:
        pairs = [(key, names[key]) for key in found]
        raise Ambiguous(f"{wanted!r} fits {len(found)} items; say which by its place: {listed}", candidates=pairs)
    raise NotFound(f"the deal has no item {wanted!r}; it has {listed or 'none'}")


def add(session: Session, deal: Record, typed: Mapping[str, str], *, take_value: bool = False) -> Plan:
    """Return the plan that adds a line item to a deal, behind the others."""
    held = ordered(deal.get("items"))
    item = {"quantity": "1", "order": between(word(held[-1][1].get("order")) if held else "", "")}
    ctx = Typing(session)
    item = _filled(session, deal, item, typed, ctx)
    if not item.get("product") and not item.get("name"):
        raise Invalid("product: an item is of a product (--product) or has a name (--name)", field="product")
    items = {**table(deal.get("items")), session.ws.new_id(): item}
    return _planned(session, deal, items, f"added {called(session, item)} to", ctx, take_value)


def edit(session: Session, deal: Record, key: str, typed: Mapping[str, str], *, take_value: bool = False) -> Plan:
    """Return the plan that changes a line item; an empty text clears what it says."""
    items = table(deal.get("items"))
    ctx = Typing(session)
    item = _filled(session, deal, items[key], typed, ctx)
    if not item.get("product") and not item.get("name"):
        raise Invalid("name: an item is of a product or has a name", field="name")
    return _planned(session, deal, {**items, key: item}, f"changed {called(session, item)} of", ctx, take_value)


def remove(session: Session, deal: Record, keys: list[str], *, take_value: bool = False) -> Plan:
    """Return the plan that takes line items away."""
    items = table(deal.get("items"))
    gone = ", ".join(called(session, items[key]) for key in keys)
    left = {key: item for key, item in items.items() if key not in keys}
    return _planned(session, deal, left, f"removed {gone} from", Typing(session), take_value)


def take_value(session: Session, deal: Record) -> Plan:
    """Return the plan that gives a deal the value that its items come to."""
    if not table(deal.get("items")):
        raise Invalid("the deal has no line items whose sum its value could be")
    return _planned(session, deal, table(deal["items"]), "took over the sum of the items of", Typing(session), True)


def _filled(session: Session, deal: Record, held: Item, typed: Mapping[str, str], ctx: Typing) -> Item:
    item = dict(held)
    for name, text in typed.items():
        value = _price(session, deal, text) if name == "price" else parse_value(FIELDS[name], text, ctx)
        if name == "quantity" and value is None:
            value = "1"
        if value is None:
            item.pop(name, None)
        else:
            item[name] = value
    if item.get("product") != held.get("product") and "price" not in typed:
        item.pop("price", None)
        price = list_price(session, word(item.get("product")), currency_of(session, deal))
        if price:
            item["price"] = price
    if item.get("price") is None:
        ctx.note(f"{called(session, item)} has no price in {currency_of(session, deal)} yet: --price sets it")
    return item


def list_price(session: Session, product: str, currency: str) -> str:
    """Return the list price of a product where it has one in this currency."""
    listed = session.ws.get("product", product) or {} if product else {}
    same_money = listed.get("currency", session.currency) == currency
    return word(listed.get("price")) if same_money else ""


def _price(session: Session, deal: Record, text: str) -> str | None:
    from tuicrm.money import amount_text, parse_money

    refuse_unstorable(text, "price")
    if not text.strip():
        return None
    own = currency_of(session, deal)
    try:
        money = parse_money(text, currency=own)
        if money.currency != own:
            raise Invalid(f"{text!r} is in {money.currency}, but the deal is in {own}")
    except Invalid as problem:
        raise named(problem, "price") from None
    return amount_text(money.amount, own)


def _planned(session: Session, deal: Record, items: dict[str, Item], verb: str, ctx: Typing, taking: bool) -> Plan:
    from tuicrm.crm.lookup import short_id, title
    from tuicrm.money import Money, amount_text, show

    currency = currency_of(session, deal)
    fields: Record = {"items": items or None}
    found = reckon(items, currency)
    value = amount_text(found.net, currency)
    if taking and items:
        fields |= {"value": value, "currency": currency}
    fields = {name: one for name, one in fields.items() if not same(deal.get(name), one)}
    if "value" in fields:
        fields["currency"] = currency
    said = list(ctx.notes)
    if items:
        said.append(f"the items come to {show(Money(found.net, currency))}")
    held = {**deal, **fields}.get("value")
    if items and amount(held) != found.net:
        short = short_id(session, "deal", deal["id"])
        worth = f"its value is {currency} {held}" if held else "it has no value"
        said.append(f"{worth}; to take over the sum of its items: tuicrm deal edit {short} --value {value}")
    if not fields:
        note = f"nothing to change in {title(session, 'deal', deal)}"
        return Plan((), note, ids=(deal["id"],), said=(*said, note))
    made = written(session, session.kind("deal"), deal, fields)
    return Plan(tuple(made), f"{verb} {title(session, 'deal', deal)}", ids=(deal["id"],), said=tuple(said))
