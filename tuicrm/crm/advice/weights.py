"""How much each reason counts for this team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.advice.registry import REASONS
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

SETTING = "next_weights"
MOST = 100


def weights(session: Session) -> dict[str, float]:
    """Return the weight of each reason: the team's, else its own."""
    try:
        own = parse_weights(session.setting(SETTING))
    except Invalid:
        # Two versions of the program may share a workspace, and one may know reasons that the other does not.
        own = {}
    return {key: own.get(key, one.weight) for key, one in REASONS.items()}


def parse_weights(text: str) -> dict[str, float]:
    """Return the weights that a text gives, as in `late 5, rotting 1`; raises Invalid naming what is wrong."""
    found: dict[str, float] = {}
    for part in filter(None, (one.strip() for one in text.split(","))):
        name, _, number = part.rpartition(" ")
        key = reason_named(name.strip(), SETTING) if name.strip() else ""
        if not key:
            raise _wrong(part)
        found[key] = _number(number, part)
    return found


def _number(text: str, part: str) -> float:
    whole, _, rest = text.partition(".")
    digits = whole + rest
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 6) or float(text) > MOST:
        raise _wrong(part)
    return float(text)


def _wrong(part: str) -> Invalid:
    said = f"{part!r} is no weight: write a reason and a number up to {MOST}, as in late 5"
    return Invalid(f"{SETTING}: {said}", field=SETTING)


def reason_named(text: str, field: str) -> str:
    """Return the key of a reason; raises Invalid naming those that there are."""
    key = text.lower().replace("-", "_").replace(" ", "_")
    if key in REASONS:
        return key
    raise Invalid(f"{field}: there is no reason {text!r}; there are {', '.join(REASONS)}", field=field)


def weights_text(found: dict[str, float]) -> str:
    """Return weights as the setting holds them."""
    return ", ".join(f"{key} {weight:g}" for key, weight in found.items())
