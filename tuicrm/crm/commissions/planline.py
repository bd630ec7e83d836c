"""A commission plan as one line to type: `Standard: 5, 6 from 100k, 7 from 125k, cap 20k`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.crm.commissions import plans
from tuicrm.crm.shapes import table, word
from tuicrm.errors import Invalid
from tuicrm.records.kinds.commission import PERIODS, TYPES

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]
EXAMPLE = "Standard: 5, 6 from 100k, x1.5 from 100, cap 20k"
_BETWEEN = re.compile(r",\s+|,$|;")
"""A comma within an amount is followed by a digit."""


def read(session: Session, text: str, record: Record | None = None) -> Plan:
    """Return the plan that adds what a line says, or that makes `record` what it says; raises Invalid."""
    name, colon, rest = text.partition(":")
    if not colon or not name.strip():
        raise Invalid(f"write a name, a colon and the rates, as in {EXAMPLE}", field="name")
    typed: dict[str, list[str]] = {"name": [name.strip()]}
    tiers, faster = [], []
    for part in filter(None, (one.strip() for one in _BETWEEN.split(rest))):
        first, _, more = part.partition(" ")
        if part in TYPES:
            typed["type"] = [part]
        elif part in PERIODS:
            typed["period"] = [part]
        elif first == "cap":
            typed["cap"] = [more.strip()]
        elif first[:1] == "x":
            faster.append(part)
        else:
            tiers.append(part)
    if record is None:
        return plans.add(session, typed, tiers, faster)
    typed = {"type": [""], "period": [""], "cap": [""], **typed}
    if not tiers:
        raise Invalid("tier: a commission plan needs a rate", field="tier")
    # What is there gives way to what the line says; a band of the same amount stays the same leaf.
    bare = {**record, "rates": None, "accelerators": None}
    return plans.edit(session, record, typed, {}, tiers, faster, base=bare)


def write(record: Record) -> str:
    """Return a plan as a line that reads back as it is."""
    rates = [_step(one, "rate") for one in plans.in_order(table(record.get("rates")))]
    faster = [f"x{_step(one, 'times')}" for one in plans.in_order(table(record.get("accelerators")))]
    rest = [word(record.get(name)) for name in ("type", "period")]
    cap = word(record.get("cap"))
    return f"{word(record.get('name'))}: {', '.join(filter(None, (*rates, *faster, *rest, cap and f'cap {cap}')))}"


def _step(one: dict[str, Any], name: str) -> str:
    start = word(one.get("from"))
    return word(one.get(name)) + (f" from {start}" if start not in ("", "0") else "")
