"""A statement in rows of text, as a command and the program show it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

HEADS = ("WON", "DEAL", "SALES", "FROM", "RATE", "COMMISSION")
RIGHT = frozenset((2, 3, 4, 5))


def head(session: Session, one: dict[str, Any]) -> str:
    """Return whose statement it is, by which plan and for when; `one` is a statement as JSON has it."""
    from tuicrm.crm.periods import period_named

    text = f"{one['user_name']}: {one['plan_name']}, {period_named(session, one['period']).title}, {one['currency']}"
    if one["attainment"] is None:
        return text
    return f"{text}, {one['attainment']:g} % of a quota of {money(one['quota'], one['currency'])}"


def rows(one: dict[str, Any]) -> list[list[str]]:
    """Return a row for each part of each deal, and one for the total."""
    found, code = [], one["currency"]
    for deal in one["deals"]:
        whose = f" ({deal['owner_name']})" if deal["owner"] != one["user"] else ""
        names = [deal["closed_on"], f"{deal['deal_name']}{whose}"]
        for part in deal["parts"]:
            rate = f"{part['rate']} %" + (f" x{part['times']}" if part["times"] != "1" else "")
            amounts = [money(part[name], code) for name in ("sales", "from", "amount")]
            found.append([*names, *amounts[:2], rate, amounts[2]])
            names = ["", ""]
    return [*found, ["", "total", money(one["sales"], code), "", "", money(one["amount"], code)]]


def capped(one: dict[str, Any]) -> str:
    """Return what the cap took away, in a sentence; empty where it took nothing."""
    if one["cap"] is None or one["uncapped"] == one["amount"]:
        return ""
    code = one["currency"]
    return f"capped at {money(one['cap'], code)}: it would be {money(one['uncapped'], code)}"


def money(text: str, currency: str) -> str:
    """Return an amount with its thousands grouped, rounded to the currency's minor unit as people read it."""
    from decimal import Decimal

    from tuicrm.money import MINOR_UNITS

    return f"{Decimal(text):,.{MINOR_UNITS.get(currency, 2)}f}"
