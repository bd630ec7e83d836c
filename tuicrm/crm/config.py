"""The team's settings: reading, checking and writing them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.errors import Invalid
from tuicrm.records.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.parsing import Typing
    from tuicrm.crm.session import Session
    from tuicrm.records.settings import Setting


@dataclass(frozen=True)
class Held:
    """One setting with what the team has set."""

    key: str
    value: str
    """What holds: the team's value, else the default; a pipeline by its name."""
    given: bool
    """Whether the team has set it."""
    default: str
    help: str


def listing(session: Session) -> list[Held]:
    """Return all settings in the order of their declaration."""
    return [get(session, key) for key in SETTINGS]


def get(session: Session, key: str) -> Held:
    """Return one setting, or raise Invalid naming the nearest."""
    one = _setting(key)
    value = session.setting(one.key)
    given = one.key in {str(record.get("key")) for record in session.ws.all("setting").values()}
    if one.key == "pipeline" and value:
        value = str((session.ws.get("pipeline", value) or {}).get("name", value))
    return Held(one.key, value, given and bool(session.setting(one.key)), one.default, one.help)


def set_value(session: Session, key: str, text: str) -> Plan:
    """Return the plan that sets a setting, checked as its type asks; an empty text goes back to the default."""
    from tuicrm.crm.parsing import Typing
    from tuicrm.store.changes import Remove, Write

    one = _setting(key)
    ctx = Typing(session)
    value = _checked(one, text, ctx)
    held = [record for record in session.ws.all("setting").values() if record.get("key") == one.key]
    if value == "":
        gone = tuple(Remove("setting", record["id"]) for record in held)
        return Plan(gone, f"set {one.key} back to its default", ids=tuple(record["id"] for record in held))
    ids = [record["id"] for record in held] or [session.ws.new_id()]
    if [record.get("value") for record in held] == [value] * len(ids):
        note = f"nothing to change: {one.key} is {text.strip()} already"
        return Plan((), note, ids=tuple(ids), said=(*ctx.notes, note))
    # Two clones may each have made a record of the setting: both are written, so that they agree.
    made = tuple(Write("setting", one_id, {"key": one.key, "value": value}) for one_id in ids)
    return Plan(
        made, f"set {one.key} to {text.strip()}", ids=tuple(ids), said=(*ctx.notes, *_warnings(one, value, session))
    )


def _warnings(one: Setting, value: str, session: Session) -> tuple[str, ...]:
    """Return what a new value means for other settings."""
    if one.key != "currency":
        return ()
    from tuicrm.crm.ratebook import unused_after

    said = unused_after(session, value)
    return (said,) if said else ()


def _setting(key: str) -> Setting:
    wanted = key.strip().lower().replace("-", "_")
    if wanted in SETTINGS:
        return SETTINGS[wanted]
    if wanted.partition(".")[0] in ("rate", "rates"):
        raise Invalid("rates have a command of their own: tuicrm config rate lists and sets them", field="key")
    from tuicrm.folding import nearest

    near = nearest(wanted, SETTINGS)
    guess = f"; did you mean {near}?" if near else f"; there are {', '.join(SETTINGS)}"
    raise Invalid(f"there is no setting called {key!r}{guess}", field="key")


def _checked(one: Setting, text: str, ctx: Typing) -> str:
    """Return what is stored for a typed value; empty for the default."""
    from tuicrm.crm.parsing import parse_value
    from tuicrm.records.field import Field

    if not text.strip():
        return ""
    special = _SPECIAL.get(one.key)
    typed: Any = parse_value(Field(one.key, one.type), text, ctx)
    return special(str(typed), ctx) if special else str(typed)


def _zone(text: str, ctx: Typing) -> str:
    """Return the proper name of a time zone, whatever its case."""
    from zoneinfo import available_timezones

    zones = available_timezones()
    if text in zones:
        return text
    found = [one for one in zones if one.casefold() == text.casefold()]
    if found:
        return found[0]
    from tuicrm.folding import nearest

    near = nearest(text, sorted(zones))
    guess = f"did you mean {near}?" if near else "it is named as in Europe/Berlin"
    raise Invalid(f"timezone: there is no zone called {text!r}; {guess}", field="timezone")


def _country(text: str, ctx: Typing) -> str:
    if len(text) == 2 and text.isascii() and text.isalpha():
        return text.upper()
    raise Invalid(f"country: {text!r} is not a country code of two letters such as DE", field="country")


def _month(text: str, ctx: Typing) -> str:
    """Return the number of a month, given by that or by name."""
    from tuicrm.folding import fold
    from tuicrm.when.names import MONTH_BY_WORD

    said = fold(text.strip())
    found = MONTH_BY_WORD.get(said) or (int(said) if said.isdecimal() and len(said) <= 2 else 0)
    if not 1 <= found <= 12:
        raise Invalid(
            f"fiscal_year_start: {text!r} is no month; write its name or its number, as april or 4",
            field="fiscal_year_start",
        )
    return str(found)


def _pipeline(text: str, ctx: Typing) -> str:
    return ctx.resolve("pipeline", text)


def _reasons(text: str, ctx: Typing) -> str:
    words = [one.strip() for one in text.split(",") if one.strip()]
    if not words:
        raise Invalid("name at least one reason, with commas between several", field="value")
    return ", ".join(dict.fromkeys(words))


def _targets(text: str, ctx: Typing) -> str:
    from tuicrm.crm.report.targets import parse_targets, targets_text

    return targets_text(parse_targets(text))


def _weights(text: str, ctx: Typing) -> str:
    from tuicrm.crm.advice.weights import parse_weights, weights_text

    return weights_text(parse_weights(text))


def _limits(text: str, ctx: Typing) -> str:
    from tuicrm.crm.discounting import limits_text, read_limits

    return limits_text(read_limits(text))


_SPECIAL: dict[str, Callable[[str, Typing], str]] = {
    "timezone": _zone,
    "fiscal_year_start": _month,
    "country": _country,
    "pipeline": _pipeline,
    "lost_reasons": _reasons,
    "disqualify_reasons": _reasons,
    "activity_targets": _targets,
    "next_weights": _weights,
    "discount_limits": _limits,
}
