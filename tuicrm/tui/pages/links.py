"""Phone numbers, addresses and web pages as links that a terminal can open: only harmless characters get through."""

from __future__ import annotations

from tuicrm.text import clean_line

LINK = " "
"""What parts the name of a look from the address that its text leads to."""
_PLAIN = "%/:?#[]@!$&'()*+,;=-._~"
_IN_ADDRESS = "@!$'*+-._~"
"""The same of an e-mail address, in which nothing may begin another part of the link."""
LONGEST = 1000
"""Longer addresses are no links: some terminals cut them."""


def target(name: str, text: str) -> str:
    """Return where the text of a field leads to (`tel:…`, `mailto:…`, `https://…`); empty where it leads nowhere."""
    value = text.strip()
    if not value or len(value) > LONGEST or any(not one.isprintable() for one in value):
        return ""
    if value.startswith(("https://", "http://")):
        return _quoted(value)
    if " " not in value and "@" in value:
        return f"mailto:{_quoted(value, _IN_ADDRESS)}"
    if name in ("website", "domain", "url") and "." in value and " " not in value:
        return f"https://{_quoted(value)}"
    if name in ("phones", "phone"):
        digits = "".join(one for one in value.partition("x")[0] if one.isascii() and (one.isdigit() or one == "+"))
        return f"tel:{digits}" if len(digits) > 2 else ""
    return ""


def _quoted(text: str, safe: str = _PLAIN) -> str:
    from urllib.parse import quote

    return quote(text, safe=safe, errors="replace")


def linked(text: str, look: str, href: str) -> tuple[str, str]:
    """Return a span that leads somewhere; a plain one where there is nowhere to go."""
    return (clean_line(text), f"{look}{LINK}{href}" if href else look)
