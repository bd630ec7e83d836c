"""The words of an e-mail: its encodings undone, its plain part found, its web page turned into text."""

from __future__ import annotations


def decoded(value: str) -> str:
    """Return a header with its encoded words decoded."""
    if "=?" not in value:
        return whole(value)
    from email.errors import HeaderParseError
    from email.header import decode_header

    try:
        parts = decode_header(value)
    except (HeaderParseError, ValueError):
        return whole(value)
    return "".join(_text(part, charset or "") if isinstance(part, bytes) else part for part, charset in parts)


def _text(data: bytes, charset: str) -> str:
    for name in (charset, "utf-8"):
        try:
            return data.decode(name)
        except (LookupError, ValueError):
            continue
    return data.decode("latin-1")


def whole(text: str) -> str:
    """Return a text that was kept byte for byte as what it says."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return (
            _text(text.encode("utf-8", "surrogateescape"), "utf-8")
            if _bytes(text)
            else text.encode("utf-8", "replace").decode()
        )
    return text


def _bytes(text: str) -> bool:
    return all(not "\ud800" <= one <= "\udfff" or "\udc80" <= one <= "\udcff" for one in text)


def mime_text(raw: str) -> str | None:
    """Return the plain text of a mail as it was sent, else that of its web page; None where it has neither."""
    from email import message_from_bytes

    try:
        message = message_from_bytes(raw.encode("utf-8", "surrogateescape" if _bytes(raw) else "replace"))
        pages: list[str] = []
        for part in message.walk():
            sort = part.get_content_type()
            if sort not in ("text/plain", "text/html") or part.get_filename():
                continue
            data = part.get_payload(decode=True)
            if not isinstance(data, bytes):
                continue
            text = _text(data, part.get_content_charset() or "")
            if sort == "text/plain":
                return text
            pages.append(text)
    # What a stranger sends may be anything; the parser is lenient, but not with everything.
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None
    return _page_text(pages[0]) if pages else None


def _page_text(page: str) -> str:
    """Return the words of a web page, in one pass."""
    from html import unescape

    made: list[str] = []
    hidden = ""
    for piece in page.replace("\n", " ").split("<"):
        tag, end, words = piece.partition(">")
        name = tag.strip("/ ").split(" ", 1)[0].casefold()
        if not end:
            made.append(piece if not made else "")
            continue
        if hidden:
            hidden = "" if name == hidden and tag.startswith("/") else hidden
            if hidden:
                continue
        elif name in ("script", "style", "head", "title") and not tag.startswith("/"):
            hidden = name
            continue
        made.append("\n" if name in ("br", "p", "div", "tr", "li", "h1", "h2", "h3") else "")
        made.append(words)
    lines = [" ".join(line.split()) for line in unescape("".join(made)).split("\n")]
    return "\n".join(line for at, line in enumerate(lines) if line or (at and lines[at - 1]))
