"""Dates, times and repeat rules as people say them; nothing is loaded before it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.when.moment import Moment, Reading, zone_named
    from tuicrm.when.numeric import date_in_order, note_on_order
    from tuicrm.when.parse import parse_date, parse_instant, parse_moment
    from tuicrm.when.periods import parse_period
    from tuicrm.when.repeats import anchor_repeat, next_occurrence, parse_repeat, say_repeat
    from tuicrm.when.say import days_away, relative, say_date, say_day, say_instant, understood

_HOMES = {
    "Moment": "moment",
    "Reading": "moment",
    "anchor_repeat": "repeats",
    "date_in_order": "numeric",
    "days_away": "say",
    "next_occurrence": "repeats",
    "note_on_order": "numeric",
    "parse_date": "parse",
    "parse_instant": "parse",
    "parse_moment": "parse",
    "parse_period": "periods",
    "parse_repeat": "repeats",
    "relative": "say",
    "say_date": "say",
    "say_day": "say",
    "say_instant": "say",
    "say_repeat": "repeats",
    "understood": "say",
    "zone_named": "moment",
}

__all__ = [
    "Moment",
    "Reading",
    "anchor_repeat",
    "date_in_order",
    "days_away",
    "next_occurrence",
    "note_on_order",
    "parse_date",
    "parse_instant",
    "parse_moment",
    "parse_period",
    "parse_repeat",
    "relative",
    "say_date",
    "say_day",
    "say_instant",
    "say_repeat",
    "understood",
    "zone_named",
]


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
