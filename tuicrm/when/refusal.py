"""How text that is no date is refused."""

from __future__ import annotations

from tuicrm.errors import Invalid


def quoted(text: str) -> str:
    """Return user text in quotes, safe to print and not too long for a sentence."""
    from tuicrm.text import clean_line, truncate

    return f'"{truncate(clean_line(text[:200]), 40)}"'


def not_understood(text: str) -> Invalid:
    """Return the error for text that says no date."""
    return Invalid(
        f"{quoted(text)} is no date I understand: write one such as tomorrow, next tuesday 10am, in 3 days, "
        "end of next month, 1 dec or 2026-12-01."
    )
