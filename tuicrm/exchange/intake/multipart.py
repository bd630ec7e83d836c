"""Forms as browsers post them with files (`multipart/form-data`): their answers; a file is named, and not kept."""

from __future__ import annotations

import re

from tuicrm.errors import Invalid

_WHOLE = "let the whole form be sent, from its first -- to the last one"
_NAME = re.compile(r'(?<![a-z*])name="((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_FILE = re.compile(r'filename\*?=(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))', re.IGNORECASE)


def answers(data: bytes) -> list[tuple[str, str]]:
    """Return questions and answers in their order; raises Invalid for a form that ends too soon."""
    between = data.partition(b"\n")[0].rstrip(b"\r")
    # What lies between two boundaries is whole lines: text that holds the same signs in a line is no boundary.
    parts = re.split(rb"(?:^|\r?\n)" + re.escape(between) + rb"(?=--|\r?\n)", data)[1:]
    if not parts or not parts[-1].startswith(b"--"):
        raise Invalid("the form ends before its last part does", hint=_WHOLE)
    return [one for one in map(_answer, parts[:-1]) if one is not None]


def _answer(part: bytes) -> tuple[str, str] | None:
    """Return the question and the answer of a part; None for a file that nobody chose."""
    head, sign, body = part.lstrip(b"\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")
    if not sign:
        head, body = head.rstrip(b"\n"), b""
    asked = _NAME.search(_text(head))
    if asked is None:
        raise Invalid("a part of the form has no name")
    question = re.sub(r"\\(.)", r"\1", asked[1])
    file = _FILE.search(_text(head))
    if file is None:
        return question, _text(body)
    called = (file[1] or file[2] or "").strip()
    return (question, f"the file {called}, which is not kept") if called else None


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise Invalid("the form is not in UTF-8", hint="send the post in UTF-8") from None
