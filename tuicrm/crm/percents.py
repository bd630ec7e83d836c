"""Shares in percent as people type them, and as decimal strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from decimal import Decimal

DIGITS, PLACES = 6, 6


def parse_percent(text: str, name: str, *, most: int = 100) -> Decimal:
    """Read `12`, `12.5` or `12.5 %`; raises Invalid naming the field where it is none, or more than `most`."""
    import re
    from decimal import Decimal

    found = re.fullmatch(rf"(\d{{1,{DIGITS}}}(?:\.\d{{1,{PLACES}}})?) ?%?", text.strip(), re.ASCII)
    if found is None:
        raise Invalid(f"{name}: {text.strip()[:40]!r} is no share such as 12.5 or 12.5%", field=name)
    share = Decimal(found[1])
    if share > most:
        raise Invalid(f"{name}: {plain(share)} % is more than {most} %", field=name)
    return share


def plain(share: Decimal) -> str:
    """Return a number without an exponent and without zeros at its end: `12.5`, `20`."""
    text = f"{share:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
