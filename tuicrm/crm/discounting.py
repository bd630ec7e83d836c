"""Discounts: what is given on a deal, who may give how much, and what the history says of it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.derive import amount
from tuicrm.crm.percents import parse_percent, plain
from tuicrm.crm.shapes import table, word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
SETTING = "discount_limits"
EVERYONE = "everyone"
WHOLE = "deal"
"""The key of the discount on a deal as a whole; those on line items go by the items' keys."""
NOTHING = Decimal(0)
ASKED = "discount asked"


class Discount(NamedTuple):
    """What is given on one item, or on the deal as a whole."""

    share: Decimal
    reason: str


class DiscountRefused(Invalid):
    """More is given than the acting user may; `approvers` are the names of those who may."""

    def __init__(self, message: str, *, approvers: tuple[str, ...], hint: str) -> None:
        super().__init__(message, field="discount", hint=hint)
        self.approvers = approvers


def given(deal: Mapping[str, Any]) -> dict[str, Discount]:
    """Return what is given on a deal, by the key of the item; nothing where there is no discount."""
    whole = table(deal.get("discounts")).get(WHOLE, {})
    found = {}
    for key, entry in (*table(deal.get("items")).items(), (WHOLE, whole)):
        share = amount(entry.get("discount"))
        if share is not None and share > 0:
            found[key] = Discount(share, word(entry.get("discount_reason")))
    return found


def read_limits(text: str) -> dict[str, Decimal]:
    """Return limits in percent by role or handle, from `rep 10, manager 25`; raises Invalid."""
    found: dict[str, Decimal] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        who, _, share = part.removesuffix("%").strip().rpartition(" ")
        if not who.strip():
            raise Invalid(
                f"{SETTING}: {part!r} names nobody; write a role or a handle first, as in rep 10", field=SETTING
            )
        found[who.strip().casefold()] = parse_percent(share, SETTING)
    return found


def limits_text(found: Mapping[str, Decimal]) -> str:
    """Return limits as the setting holds them."""
    return ", ".join(f"{who} {plain(share)}" for who, share in found.items())


def limits(session: Session) -> dict[str, Decimal]:
    """Return the limits that the team has set; none where everybody may give what they like."""
    try:
        return read_limits(session.setting(SETTING))
    except Invalid:
        return {}


def limit_of(session: Session, user: Mapping[str, Any]) -> Decimal:
    """Return how much a user may give in percent: by handle, else by role, else what everyone may; else nothing."""
    held = limits(session)
    if not held:
        return Decimal(100)
    names = (word(user.get("handle")), word(user.get("role")), EVERYONE)
    return next((held[name.strip().casefold()] for name in names if name.strip().casefold() in held), NOTHING)


def my_limit(session: Session) -> Decimal:
    """Return how much the acting user may give."""
    return limit_of(session, session.ws.get("user", session.me) or {})


def approvers(session: Session, share: Decimal) -> list[Record]:
    """Return the active users who may give so much, those with the lowest limit first."""
    users = [one for one in session.ws.all("user").values() if one.get("active") is not False]
    found = [(limit_of(session, one), word(one.get("handle")), one) for one in users]
    return [one for limit, _, one in sorted(found, key=lambda row: (row[0], row[1], row[2]["id"])) if limit >= share]


def refuse_above(session: Session, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Raise DiscountRefused where a change of a deal gives more than the acting user may.

    Only what is given anew counts: what a manager gave stays when somebody else edits the deal.
    """
    if not limits(session):
        return
    held, limit = given(before), my_limit(session)
    for key, one in given(after).items():
        if one.share <= held.get(key, Discount(NOTHING, "")).share:
            continue
        if one.share > limit:
            raise refused(session, after, one.share, limit)
        if not one.reason.strip():
            raise Invalid("discount_reason: a discount needs a reason", field="discount_reason")
    _refuse_below_list(session, before, after, limit)


def _refuse_below_list(session: Session, before: Mapping[str, Any], after: Mapping[str, Any], limit: Decimal) -> None:
    """Raise DiscountRefused where an item gets a price that lies further below its product's than a limit allows."""
    from tuicrm.crm.lineitems import currency_of, list_price
    from tuicrm.crm.lookup import short_id

    held = table(before.get("items"))
    for key, item in table(after.get("items")).items():
        was = held.get(key, {})
        if all(item.get(name) == was.get(name) for name in ("price", "product")):
            continue
        price = amount(item.get("price"))
        listed = amount(list_price(session, word(item.get("product")), currency_of(session, dict(after))))
        if price is None or not listed or price >= listed:
            continue
        left = price * (100 - (amount(item.get("discount")) or NOTHING)) / listed
        share = (100 - left).quantize(Decimal("0.01"))
        if share > limit:
            name, short = called(session, after, key), short_id(session, "deal", str(after["id"]))
            way = f'tuicrm deal discount {short} {plain(share)} --item "{name}" --reason TEXT --ask'
            raise DiscountRefused(
                f"price: {name} would be {plain(share)} % below its list price, which is more than the "
                f"{plain(limit)} % that you may give; {_who_may(session, share)}",
                approvers=_names(session, share),
                hint=f"leave it at the list price; {way} asks for it.",
            )


def _names(session: Session, share: Decimal) -> tuple[str, ...]:
    from tuicrm.crm.lookup import title

    return tuple(title(session, "user", one) for one in approvers(session, share))


def _who_may(session: Session, share: Decimal) -> str:
    names = _names(session, share)
    return f"{', '.join(names)} may approve it" if names else "nobody's limit allows it"


def refused(
    session: Session, deal: Mapping[str, Any], share: Decimal, limit: Decimal, hint: str | None = None
) -> DiscountRefused:
    """Return what says that a discount is above a limit, and who may approve it."""
    from tuicrm.crm.lookup import short_id

    names, may = _names(session, share), _who_may(session, share)
    ref = short_id(session, "deal", str(deal["id"]))
    way = f"tuicrm deal discount {ref} {plain(share)} --reason TEXT --ask asks for it." if names else ""
    message = f"discount: {plain(share)} % is more than the {plain(limit)} % that you may give; {may}"
    return DiscountRefused(message, approvers=names, hint=way if hint is None else hint)


def entries(session: Session, before: Mapping[str, Any], after: Mapping[str, Any], why: str = "") -> Iterator[Change]:
    """Yield the entries of the history that say which discounts of a deal changed, and why."""
    held, fresh = given(before), given(after)
    several = len({*held, *fresh}) > 1
    for key in dict.fromkeys((*held, *fresh)):
        old, new = held.get(key), fresh.get(key)
        if (old and old.share) == (new and new.share):
            continue
        item = called(session, after if key in table(after.get("items")) else before, key) if several else ""
        said = "; ".join(filter(None, (item, new.reason if new else "", why)))
        yield entry(
            session, after, "discount", percent(old.share if old else None), percent(new.share if new else None), said
        )


def percent(share: Decimal | None) -> str:
    """Return a share as the history holds it; nothing for none."""
    return f"{plain(share)} %" if share else ""


def called(session: Session, deal: Mapping[str, Any], key: str) -> str:
    """Return what people call the item that a discount is on: its product or its name."""
    from tuicrm.crm.lookup import name_of

    item = table(deal.get("items")).get(key)
    if item is None:
        return "the deal" if key == WHOLE else key[-4:]
    return word(item.get("name")) or name_of(session, "product", word(item.get("product"))) or f"item {key[-4:]}"


def entry(session: Session, deal: Mapping[str, Any], field: str, old: str, fresh: str, reason: str) -> Change:
    """Return an entry of the history about a deal's discounts."""
    from tuicrm.records.kinds.activity import CHANGE
    from tuicrm.store.changes import Write

    said = {
        "type": CHANGE,
        "deal": deal["id"],
        "field": field,
        "before": old or None,
        "after": fresh or None,
        "reason": reason or None,
        "owner": session.me or None,
        "company": deal.get("company"),
    }
    return Write("activity", session.ws.new_id(), {name: value for name, value in said.items() if value is not None})
