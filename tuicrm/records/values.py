"""Field types for money and time, and the nested ones that have commands of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.records.types import FieldType

if TYPE_CHECKING:
    from tuicrm.records.types import Parsing, Stored


class Amount(FieldType):
    """A sum of money as a decimal string; its currency is the field `currency` beside it, if the kind has one."""

    name = "money"
    numeric = True

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.money import amount_text, parse_money

        money = parse_money(text, currency=ctx.currency)
        return amount_text(money.amount, money.currency)

    def check(self, value: Stored) -> str:
        from decimal import Decimal, InvalidOperation

        try:
            good = isinstance(value, str) and Decimal(value).is_finite()
        except InvalidOperation:
            good = False
        return "" if good else "is not a decimal number as text"

    def key(self, value: Stored) -> Any:
        from decimal import Decimal, InvalidOperation

        try:
            return Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            return Decimal(0)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}


class Currency(FieldType):
    """An ISO 4217 code."""

    name = "currency"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.money import valid_currency

        return valid_currency(text)

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[A-Z]{3}$"}


class Day(FieldType):
    """A calendar date, stored as YYYY-MM-DD."""

    name = "date"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.when import note_on_order, parse_date, understood

        day = parse_date(text, ctx.reading)
        if text.strip() != day.isoformat():
            ctx.note(note_on_order(text, ctx.reading) or understood(day, ctx.reading))
        return day.isoformat()

    def check(self, value: Stored) -> str:
        from datetime import date

        try:
            good = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
        except ValueError:
            good = False
        return "" if good else "is not a date such as 2026-12-01"

    def key(self, value: Stored) -> Any:
        return value if isinstance(value, str) else ""

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class When(Day):
    """A date, or a wall time with its zone: `2026-10-09` or `2026-10-09T10:00[Europe/Berlin]`."""

    name = "date or time"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.when import note_on_order, parse_moment, understood

        moment = parse_moment(text, ctx.reading)
        if text.strip() != str(moment):
            ctx.note(note_on_order(text, ctx.reading) or understood(moment, ctx.reading))
        return str(moment)

    def check(self, value: Stored) -> str:
        from tuicrm.when import Moment

        try:
            good = isinstance(value, str) and str(Moment.parse(value)) == value
        except Invalid:
            good = False
        return "" if good else "is not a date or a wall time with its zone"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "examples": ["2026-10-09", "2026-10-09T10:00[Europe/Berlin]"]}


class Instant(Day):
    """A point in time, stored in UTC: `2026-10-09T08:00:00Z`."""

    name = "time"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.when import note_on_order, parse_instant, understood

        instant = parse_instant(text, ctx.reading)
        stored = instant_text(instant)
        if text.strip() != stored:
            ctx.note(note_on_order(text, ctx.reading) or understood(instant, ctx.reading))
        return stored

    def check(self, value: Stored) -> str:
        from datetime import datetime

        try:
            good = isinstance(value, str) and value.endswith("Z") and bool(datetime.fromisoformat(value))
        except ValueError:
            good = False
        return "" if good else "is not an instant such as 2026-10-09T08:00:00Z"

    def schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "date-time"}


class Repeat(FieldType):
    """How often a follow-up comes back, stored as an RFC 5545 rule."""

    name = "repeat rule"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        from tuicrm.when import parse_repeat, say_repeat

        rule = parse_repeat(text)
        ctx.note(say_repeat(rule))
        return rule

    def text(self, value: Stored) -> str:
        from tuicrm.when import say_repeat

        try:
            return say_repeat(str(value))
        except Invalid:
            return str(value)


class Stage(FieldType):
    """The key of a stage of the record's pipeline; who knows the pipeline resolves it."""

    name = "stage"
    refers = "stage"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        return ctx.resolve("stage", text)


class Nested(FieldType):
    """A map of maps (line items, stages, quotas), edited by commands of its own."""

    name = "map"

    def parse(self, text: str, ctx: Parsing) -> Stored:
        raise Invalid("this field holds several values each and cannot be typed in as one")

    def check(self, value: Stored) -> str:
        return "" if isinstance(value, dict) else "is not a map"

    def text(self, value: Stored) -> str:
        def order(item: tuple[str, Any]) -> str:
            return str(item[1].get("order", "")) if isinstance(item[1], dict) else ""

        held = sorted(value.items(), key=order)
        return ", ".join(str(one.get("name", key)) if isinstance(one, dict) else key for key, one in held)

    def key(self, value: Stored) -> Any:
        return len(value) if isinstance(value, dict) else 0

    def schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": {"type": "object"}}


def instant_text(instant: Any) -> str:
    """Return an aware datetime as stored: UTC, whole seconds, `Z`."""
    from datetime import UTC

    text: str = instant.astimezone(UTC).isoformat(timespec="seconds")
    return text.replace("+00:00", "Z")
