"""Which format an intake has, found out by looking, and its posts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.exchange.intake.posts import (
    IMPORT,
    LARGEST,
    LARGEST_MAIL,
    MOST_LINES,
    MOST_POSTS,
    Post,
    Posts,
    checked,
    numbered,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

_PAIRS = re.compile(rb"[^\s=&]+=[^\s&]*(?:&[^\s=&]*(?:=[^\s&]*)?)*")
_PARTS = re.compile(rb"--[^\r\n]{1,200}\r?\nContent-Disposition:", re.IGNORECASE)
_BINARY = {
    b"PK\x03\x04": "a zip archive or an office file",
    b"\x1f\x8b": "a compressed file",
    b"%PDF": "a PDF file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}


def read_posts(data: bytes, name: str) -> Posts:
    """Return the posts of an intake; raises Invalid where it is none, or too large, and then nothing of it is taken."""
    from tuicrm.exchange.formats import HEAD, detect

    found = detect(None, data[:HEAD])
    form = found.name if found else ""
    refuse_size(name, len(data), mail=form == "eml" and _has_parts(data))
    if not data.strip():
        raise Invalid(f"{name} holds nothing")
    lines = data.count(b"\n")
    if form != "eml" and lines > MOST_LINES:
        raise Invalid(f"{name} has {lines:,} lines; an intake has at most {MOST_LINES:,}", hint=IMPORT)
    what = next((words for begin, words in _BINARY.items() if data.startswith(begin)), "")
    if what or form in ("vcard", "icalendar"):
        said = what or (found.words if found else "")
        raise Invalid(f"{name} is {said}, and no form post or e-mail", hint="" if what else "tuicrm import takes it")
    posts = _reader(form, data)(data, name)
    if len(posts.held) > MOST_POSTS:
        raise Invalid(f"{name} holds {len(posts.held):,} posts; an intake has at most {MOST_POSTS:,}", hint=IMPORT)
    return posts


def refuse_size(name: str, size: int, *, mail: bool) -> None:
    """Raise Invalid where an intake is larger than one may be."""
    most = LARGEST_MAIL if mail else LARGEST
    if size >= most:
        raise Invalid(
            f"{name} has {size:,} bytes; an intake has fewer than {most:,}, so nothing of it was taken", hint=IMPORT
        )


def _has_parts(data: bytes) -> bool:
    """Tell whether an e-mail may be large since something is attached to it."""
    head = data[:65_536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return re.search(rb"^content-type:\s*multipart/", head, re.IGNORECASE | re.MULTILINE) is not None


def _reader(form: str, data: bytes) -> Callable[[bytes, str], Posts]:
    if form in ("json", "jsonl"):
        return _json if form == "json" else _json_lines
    if form in ("eml", "mbox"):
        return _letter if form == "eml" else _mbox
    if _PARTS.match(data):
        return _multipart
    if _PAIRS.fullmatch(data.strip()):
        return _urlencoded
    return _table_or_text


def text_of(data: bytes, name: str) -> str:
    """Return the text of a form post, which is in UTF-8 unless a mark says UTF-16; raises Invalid for others."""
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Invalid(f"{name}, line {line}: not readable as UTF-8", hint="send the post in UTF-8") from None


def _json(data: bytes, name: str) -> Posts:
    from tuicrm.exchange.jsontexts import parsed_json

    try:
        held = parsed_json(text_of(data, name))
    except Invalid as problem:
        raise Invalid(problem.message if name in problem.message else f"{name}: {problem.message}") from None
    rows = held if isinstance(held, list) else [held]
    return Posts("a JSON post", _rows(zip(numbered(rows, "post"), rows, strict=True)))


def _json_lines(data: bytes, name: str) -> Posts:
    from tuicrm.exchange.jsontexts import parsed_json

    made: list[Post] = []
    for number, line in enumerate(text_of(data, name).split("\n"), 1):
        if line.strip():
            where = f"line {number}"
            try:
                made += _rows([(where, parsed_json(line))])
            except Invalid as problem:
                made.append(Post(where, wrong=problem.message.partition(": ")[2] or problem.message))
    return Posts("JSON lines", made)


def _rows(rows: Iterable[tuple[str, Any]]) -> list[Post]:
    from tuicrm.exchange.intake.jsonposts import answers

    made = []
    for where, row in rows:
        try:
            made.append(Post(where, checked(answers(row))))
        except Invalid as problem:
            made.append(Post(where, wrong=problem.message))
    return made


def _urlencoded(data: bytes, name: str) -> Posts:
    from urllib.parse import parse_qsl

    try:
        pairs = parse_qsl(data.strip().decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        raise Invalid(f"{name}: the form is not in UTF-8", hint="send the post in UTF-8") from None
    try:
        # A form that names its questions `form_fields[email]` or `topics[]` means what stands in the brackets.
        return Posts("a form post", [Post("", checked((_inner(key), text) for key, text in pairs))])
    except Invalid as problem:
        return Posts("a form post", [Post("", wrong=problem.message)])


def _inner(key: str) -> str:
    inner = [one for one in re.findall(r"\[([^\[\]]*)\]", key) if one and not one.isdigit()]
    return inner[-1] if inner else key.partition("[")[0]


def _multipart(data: bytes, name: str) -> Posts:
    from tuicrm.exchange.intake.multipart import answers

    try:
        found = answers(data)
    except Invalid as problem:
        raise Invalid(f"{name}: {problem.message}", hint=problem.hint) from None
    try:
        return Posts("a multipart form", [Post("", checked((_inner(key), text) for key, text in found))])
    except Invalid as problem:
        return Posts("a multipart form", [Post("", wrong=problem.message)])


def _letter(data: bytes, name: str) -> Posts:
    from tuicrm.exchange.intake.mailposts import mail_post
    from tuicrm.exchange.mailfiles import MOST

    return Posts("an e-mail", [mail_post(data[:MOST], "")])


def _mbox(data: bytes, name: str) -> Posts:
    from io import BytesIO

    from tuicrm.exchange.intake.mailposts import mail_post
    from tuicrm.exchange.mailfiles import messages

    held = list(messages(BytesIO(data)))
    places = numbered(held, "message")
    return Posts("a mailbox", [mail_post(one, where) for one, where in zip(held, places, strict=True)])


def _table_or_text(data: bytes, name: str) -> Posts:
    """Read a table whose columns are named like questions of forms; else lines such as `Name: Jane Roe`."""
    from tuicrm.exchange.intake.mailposts import lines_of
    from tuicrm.exchange.intake.meaning import is_form, role
    from tuicrm.exchange.sheet import read_sheet

    try:
        sheet = read_sheet(Path(name), data=data)
    except Invalid:
        sheet = None
    if sheet is not None and {role(one) for one in sheet.columns} & {"email", "phone"}:
        made = []
        for row in sheet.rows:
            where, wide = f"line {row.line}", len(sheet.columns)
            if any(cell.strip() for cell in row.cells[wide:]):
                made.append(Post(where, wrong=f"it has {len(row.cells)} cells where the header has {wide}"))
                continue
            try:
                made.append(Post(where, checked(zip(sheet.columns, row.cells, strict=False))))
            except Invalid as problem:
                made.append(Post(where, wrong=problem.message))
        return Posts("a CSV post", [one for one in made if one.answers or one.wrong])
    answers = lines_of(text_of(data, name))
    if not is_form(answers):
        raise Invalid(
            f"{name} is no JSON, no form post, no table with a column for e-mail or phone, and no e-mail",
            hint="tuicrm intake --help says what is taken",
        )
    return Posts("a form as text", [Post("", checked(answers))])
