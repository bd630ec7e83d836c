"""The team's rates as a list to read, to add to and to take from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tuicrm.crm.plan import Plan
from tuicrm.crm.rates import FRACTION_DIGITS, NUMBER, WHOLE_DIGITS, Rate, held, rates
from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from decimal import Decimal

    from tuicrm.crm.parsing import Typing
    from tuicrm.crm.session import Session

NOW, PAST, LATER, OTHER = "now", "past", "later", "other base"
"""How a rate stands: it holds today, another one followed it, it is yet to come, it is into another currency."""
NEAREST = 3
"""So many days are offered in place of one that has no rate."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One rate as lists show it."""

    currency: str
    since: str
    """The ISO day from which it holds."""
    rate: str
    base: str
    status: str
    """`now`, `past`, `later` or `other base`."""


def entries(session: Session, currency: str = "") -> list[Entry]:
    """Return the rates of one currency (of all, where empty), by currency, the latest first; raises Invalid."""
    from tuicrm.money import valid_currency

    wanted = valid_currency(currency) if currency.strip() else ""
    found = sorted(held(session), key=lambda one: (one.currency, -one.since))
    return [_entry(session, one) for one in found if not wanted or one.currency == wanted]


def _entry(session: Session, one: Rate) -> Entry:
    today = session.today.toordinal()
    if one.base != session.currency:
        status = OTHER
    elif one.since > today:
        status = LATER
    else:
        status = NOW if rates(session).day_of(one.currency, today) == one.since else PAST
    return Entry(one.currency, _day(one), f"{one.value:f}", one.base, status)


def _day(one: Rate) -> str:
    return date.fromordinal(one.since).isoformat()


def set_rate(session: Session, currency: str, rate: str, since: str = "") -> Plan:
    """Return the plan that sets what one unit is worth in the base currency from a day on, today where empty."""
    from tuicrm.crm.parsing import Typing
    from tuicrm.store.changes import Write

    ctx = Typing(session)
    code = _foreign(session, currency)
    one = Rate(code, _since(since, ctx), _value(rate), session.currency)
    ids = _ids(session, one.key)
    stored = f"{one.value:f} {one.base}"
    said = f"1 {code} = {stored} from {_day(one)}"
    if ids and all((session.ws.get("setting", key) or {}).get("value") == stored for key in ids):
        note = f"nothing to change: {said} already"
        return Plan((), note, ids=tuple(ids), said=(*ctx.notes, note))
    ids = ids or [session.ws.new_id()]
    # Two clones may each have made a record of the rate: both are written, so that they agree.
    made = tuple(Write("setting", key, {"key": one.key, "value": stored}) for key in ids)
    return Plan(made, f"set {said}", ids=tuple(ids), said=ctx.notes)


def remove_rate(session: Session, currency: str, since: str) -> Plan:
    """Return the plan that takes away the rate from a day on; raises NotFound where none is from that very day."""
    from tuicrm.crm.parsing import Typing
    from tuicrm.money import valid_currency
    from tuicrm.store.changes import Remove

    ctx = Typing(session)
    code, day = valid_currency(currency), _since(since, ctx)
    ours = [one for one in held(session) if one.currency == code]
    match = next((one for one in ours if one.since == day), None)
    if match is None:
        near = sorted(ours, key=lambda one: abs(one.since - day))[:NEAREST]
        days = ", ".join(sorted(_day(one) for one in near))
        hint = f"The nearest rates of {code} are from {days}." if days else f"There are no rates of {code}."
        raise NotFound(f"there is no rate of {code} from {date.fromordinal(day).isoformat()}", hint=hint)
    ids = _ids(session, match.key)
    note = f"took away 1 {code} = {match.value:f} {match.base} from {_day(match)}"
    return Plan(tuple(Remove("setting", key) for key in ids), note, ids=tuple(ids), said=ctx.notes)


def unused_after(session: Session, base: str) -> str:
    """Return what a change of the base currency means for the rates there are; empty where it means nothing."""
    into = sorted({one.base for one in held(session)} - {base})
    if not into:
        return ""
    return f"rates into {', '.join(into)} do not count while the base currency is {base}: tuicrm config rate lists them"


def _foreign(session: Session, currency: str) -> str:
    from tuicrm.money import valid_currency

    code = valid_currency(currency)
    if code == session.currency:
        raise Invalid(
            f"{code} is the base currency, which needs no rate: name another one, as in tuicrm config rate USD 0.92",
            field="currency",
        )
    return code


def _since(text: str, ctx: Typing) -> int:
    """Return the day that is meant, as an ordinal."""
    from tuicrm.crm.parsing import parse_value
    from tuicrm.records.field import Field
    from tuicrm.records.values import Day

    if not text.strip():
        return ctx.session.today.toordinal()
    return date.fromisoformat(parse_value(Field("from", Day()), text, ctx)).toordinal()


def _value(text: str) -> Decimal:
    """Return a typed rate, without zeros at its end."""
    import re
    from decimal import Decimal

    from tuicrm.folding import fold

    plain = fold(text.strip()) if len(text) < 100 else ""
    value = Decimal(plain) if re.fullmatch(NUMBER, plain, re.ASCII) else Decimal(0)
    if not value:
        from tuicrm.text import clean_line, truncate

        raise Invalid(
            f'rate: "{truncate(clean_line(text[:200]), 40)}" is no rate: write a number above zero, with a point and '
            f"at most {WHOLE_DIGITS} digits before and {FRACTION_DIGITS} after it, such as 0.92",
            field="rate",
        )
    return Decimal(f"{value:f}".rstrip("0").rstrip(".")) if "." in plain else value


def _ids(session: Session, key: str) -> list[str]:
    """Return the settings that hold a rate."""
    return [one["id"] for one in session.ws.all("setting").values() if one.get("key") == key]
