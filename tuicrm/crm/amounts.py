"""Amounts in full, as records, strips and search results show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal


def worth(currency: object, value: Decimal | None) -> str:
    """Return `EUR 12,000`: thousands apart, no cents where there are none; empty without a value."""
    if value is None:
        return ""
    figures = f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,f}"
    return f"{currency or ''} {figures}".strip()
