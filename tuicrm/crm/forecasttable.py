"""The forecast as figures to read and to copy: one row per month and one for the whole, the same everywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.money import amount_text, short

if TYPE_CHECKING:
    from decimal import Decimal

    from tuicrm.crm.forecast import Bar, Forecast
    from tuicrm.crm.forecastparts import Part

HEADS = ("MONTH", "WON", "COMMIT", "OPEN", "MORE", "EXPECTED", "QUOTA", "%", "GAP")
AHEAD = "+"
"""What marks a month after the period, which the sums leave out."""


def rows(found: Forecast) -> list[list[str]]:
    """Return what the table shows, in short amounts; the last row is the whole period."""
    return [_row(found, bar) for bar in (*found.months, found.total)]


def _row(found: Forecast, bar: Bar) -> list[str]:
    currency = found.currency
    quota = bar.quota.get(currency)
    return [
        name_of(found, bar),
        sum_text(bar.won, currency),
        short(bar.committed(currency)),
        short(bar.open.expected_in(currency)),
        short(bar.more) if bar.more else "",
        short(bar.expected(currency)),
        short(quota) if quota is not None else "",
        percent(bar.expected(currency), quota),
        gap_text(bar.gap(currency)),
    ]


def name_of(found: Forecast, bar: Bar) -> str:
    """Return the name of a bar: its month, with a sign where it lies after the period."""
    return bar.period.title + (f" {AHEAD}" if bar.ahead else "")


def sum_text(part: Part, currency: str) -> str:
    """Return the sum of a part, short."""
    return short(part.of(currency))


def converted(found: Forecast) -> str:
    """Return what of the period was agreed on in other currencies; empty where nothing was."""
    from tuicrm.crm.amounts import worth

    held = [worth(code, amount) for code, amount in _foreign(found.total).items()]
    return f"Converted at the rates of tuicrm config rate: {', '.join(held)}" if held else ""


def percent(value: Decimal, quota: Decimal | None) -> str:
    """Return how far a quota is reached; empty where there is none to reach."""
    return f"{value * 100 / quota:.0f}%" if quota is not None and quota > 0 else ""


def gap_text(gap: Decimal | None) -> str:
    """Return `short 38k` or `over 50k`; empty without a quota."""
    if gap is None:
        return ""
    return f"short {short(gap)}" if gap > 0 else f"over {short(-gap)}"


def summary(found: Forecast) -> list[tuple[str, str]]:
    """Return the figures of the whole period, each with its name; the range first where little is known."""
    currency, total = found.currency, found.total
    won, expected = ("Won so far", sum_text(total.won, currency)), ("Expected", short(total.expected(currency)))
    span = [("8 times in 10:", range_text(found))] if found.range else [("Commit", short(total.committed(currency)))]
    pairs = [won, *span, expected] if found.rough else [won, expected, *span]
    quota = total.quota.get(currency)
    return [*pairs, ("Quota", short(quota))] if quota is not None else pairs


def range_text(found: Forecast) -> str:
    """Return where the period should end: `331k-470k`; empty where the method cannot say."""
    return f"{short(found.range.low)}-{short(found.range.high)}" if found.range else ""


def chance_text(found: Forecast) -> str:
    """Return `Chance of quota 27%. `; empty where the method cannot say, or there is no quota."""
    if found.range is None or found.range.chance is None:
        return ""
    chance = found.range.chance
    shown = "under 1" if chance < 1 else "over 99" if chance > 99 else str(chance)
    return f"Chance of quota {shown}%. "


def verdict(found: Forecast) -> str:
    """Return how the period stands against its quota, and what would close a gap."""
    gap = found.total.gap(found.currency)
    if gap is None:
        return "No quota to compare with" if not found.where else "Filtered: quotas are for all of an owner's deals"
    if gap <= 0:
        return f"Over the quota by {short(-gap)}" if gap else "Exactly on the quota"
    if not found.closers:
        every = len(found.stakes)
        return (
            f"Short by {short(gap)}: not even all {every:,} open deals would close it"
            if every
            else (f"Short by {short(gap)}, and no open deal of the period could close it")
        )
    count = len(found.closers)
    return f"Short by {short(gap)}: {count:,} {'deal' if count == 1 else 'deals'}, if won, would close it"


def risks(found: Forecast, bar: Bar) -> list[tuple[str, Part]]:
    """Return what may make a bar come out smaller, as far as there is any; of the whole period, also what is not in it.

    The parts overlap with the stages, and with each other.
    """
    held = [("Past its close date", bar.past), ("No next step", bar.unplanned)]
    if bar is found.total:
        held += [
            ("Should have closed before", found.before),
            ("No expected close", found.undated),
            ("Omitted", found.omitted),
        ]
    return [(name, part) for name, part in held if part.count]


SHEET = ("month", "won", "commit", "weighted", "more", "expected", "quota", "gap")
"""The columns of a sheet, with amounts in full."""


def sheet_rows(found: Forecast) -> list[list[str]]:
    """Return a row per month for a spreadsheet; empty where there is no quota."""
    rows = [{"month": bar.period.key, **_bar_facts(found, bar)} for bar in found.months]
    return [["" if one[name] is None else str(one[name]) for name in SHEET] for one in rows]


def facts(found: Forecast) -> dict[str, Any]:
    """Return the forecast as JSON shows it; amounts in the base currency, and what of them was in which other one."""
    total = found.total
    return {
        "period": found.period.key,
        "from": found.period.first.isoformat(),
        "to": (found.period.end - timedelta(days=1)).isoformat(),
        "owner": found.scope,
        "where": found.where,
        "method": found.method,
        "why": found.why,
        "little_history": found.rough,
        **_range_facts(found),
        "currency": found.currency,
        **_bar_facts(found, total),
        "closers": list(found.closers),
        "months": [{"month": bar.period.key, "ahead": bar.ahead, **_bar_facts(found, bar)} for bar in found.months],
        "left_out": {
            name: _part_facts(found, part)
            for name, part in (
                ("before", found.before),
                ("undated", found.undated),
                ("later", found.later),
                ("omitted", found.omitted),
            )
        },
    }


def _range_facts(found: Forecast) -> dict[str, Any]:
    span, code = found.range, found.currency
    if span is None:
        return dict.fromkeys(("low", "middle", "high", "quota_chance"))
    held: dict[str, Any] = {name: amount_text(getattr(span, name), code) for name in ("low", "middle", "high")}
    return {**held, "quota_chance": span.chance}


def _bar_facts(found: Forecast, bar: Bar) -> dict[str, Any]:
    code = found.currency
    quota, gap = bar.quota.get(code), bar.gap(code)
    return {
        "won": amount_text(bar.won.of(code), code),
        "commit": amount_text(bar.committed(code), code),
        "weighted": amount_text(bar.open.expected_in(code), code),
        "more": amount_text(bar.more, code),
        "expected": amount_text(bar.expected(code), code),
        "quota": None if quota is None else amount_text(quota, code),
        "gap": None if gap is None else amount_text(gap, code),
        "won_deals": list(bar.won.ids),
        "commit_deals": list(bar.commit.ids),
        "other_deals": list(bar.rest.ids),
        "stages": {name: _part_facts(found, part) for name, part in bar.stages},
        "past_close": _part_facts(found, bar.past),
        "no_next_step": _part_facts(found, bar.unplanned),
        "other_currencies": {held: amount_text(amount, held) for held, amount in _foreign(bar).items()},
    }


def _foreign(bar: Bar) -> dict[str, Decimal]:
    from tuicrm.crm.forecastparts import merged

    return dict(sorted(merged((bar.won, bar.commit, bar.rest)).foreign.items()))


def _part_facts(found: Forecast, part: Part) -> dict[str, Any]:
    code = found.currency
    return {
        "count": part.count,
        "value": amount_text(part.of(code), code),
        "weighted": amount_text(part.expected_in(code), code),
    }
