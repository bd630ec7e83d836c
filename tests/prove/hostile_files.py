"""The ways out by files: exports, quotes and drafts of e-mails, read back by readers that are not the program's own."""

from __future__ import annotations

import csv
import io
import json
from email import message_from_bytes, policy
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from tests.prove.hostile_desk import Desk, holds
from tests.prove.hostile_values import storable
from tuicrm.cli.export import FORMATS, WHOLE
from tuicrm.cli.quote_give import FORMS
from tuicrm.exchange import icalout, vcardout
from tuicrm.exchange.formulas import STARTS, bare
from tuicrm.records.registry import KINDS
from tuicrm.store.contenthash import content_hash

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.prove.hostile_desk import Told
    from tests.prove.hostile_doors import Ids

HEADERS = {"x-unsent", "from", "to", "subject", "mime-version", "content-type", "content-transfer-encoding",
           "content-disposition"}  # fmt: skip
"""What a draft may have."""
TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "address", "h1", "dl", "dt", "dd", "table", "thead"),
    *("tbody", "tfoot", "tr", "th", "td", "footer", "span", "br"),
}
"""What the page of a quote is made of."""
MARKUP = {"html_inline", "html_block", "link_open", "image", "code_inline", "fence", "code_block"}
"""What no text of a quote may become in Markdown."""
ACTIVE = (b"/JavaScript", b"/JS ", b"/Launch", b"/OpenAction", b"/URI", b"/EmbeddedFile", b"/AcroForm")
"""What makes a PDF do something; OpenAction only where it leads to a page."""


def write_all(desk: Desk, told: Told, value: str, text: str, ids: Ids, door: str) -> None:
    """Write all that can be written, and read it again."""
    for surface, path, problem in _files(desk, ids, text):
        told.count(value, door, surface)
        if problem:
            told.fail(f"{surface}, {value} by {door}: {problem}")
        path.unlink(missing_ok=True)
    problem = _restored(desk, text)
    told.count(value, door, "export all and restore")
    if problem:
        told.fail(f"restore, {value} by {door}: {problem}")
    desk.put_back()


def _files(desk: Desk, ids: Ids, text: str) -> Iterator[tuple[str, Path, str]]:
    held = desk.records()
    for kind in ids:
        for form in FORMATS:
            fits = {"vcard": kind in vcardout.KINDS, "ical": kind in icalout.KINDS}.get(form, form not in WHOLE)
            if kind in KINDS and fits:
                path = desk.place / f"out.{form}"
                ran = desk.run("export", kind, path.name, "--format", form)
                live = [one for key, one in held[kind].items() if key in ids[kind] or "_del" not in one]
                there = storable(text) and holds(live, text)
                yield f"export {kind} as {form}", path, ran.wrong or _read(path, form, text, len(live), there=there)
    for quote in ids["quote"]:
        for form in FORMS:
            path = desk.place / f"quote.{form}"
            ran = desk.run("quote", "print", quote, "--format", form, "--out", path.name)
            yield f"quote as {form}", path, ran.wrong or _quote(path, form)
    for words in (
        *(("template", "fill", template, ids[kind][0]) for template in ids["template"] for kind in ("contact", "lead")),
        *(("template", "fill", template, ids["deal"][0], "--of", "deal") for template in ids["template"]),
        ("quote", "send", ids["quote"][0]),
    ):
        path = desk.place / "letter.eml"
        ran = desk.run(*words, "--draft" if words[0] == "quote" else "--out", path.name)
        yield " ".join(words[:2]), path, ran.wrong or _letter(path)


def _read(path: Path, form: str, text: str, count: int, *, there: bool) -> str:
    if not path.exists():
        return "nothing was written"
    data = path.read_bytes()
    told = data.decode()
    if form in ("json", "jsonl"):
        rows = json.loads(told) if form == "json" else [json.loads(one) for one in told.split("\n") if one]
        return "" if not there or holds(rows, text) else "what is stored is not in it"
    if form == "csv":
        head, *body = csv.reader(io.StringIO(told, newline=""))
        cells = [cell for row in body for cell in row]
        if any(len(row) != len(head) for row in body):
            return "a row that is longer or shorter than the others"
        wild = [one for one in cells if one.startswith(STARTS) and not one[1:].replace(".", "", 1).isdecimal()]
        if wild:
            return f"a cell that begins a formula: {wild[0][:60]!r}"
        shown = "," not in text and there and text.strip()
        return "" if not shown or any(_in(text, bare(one)) for one in cells) else "what is stored is in no cell"
    return _lines(told, form, count)


def _in(text: str, cell: str) -> bool:
    """Tell whether a cell holds a value; of maps and lists it shows the texts as JSON or words."""
    return text.strip() in cell or json.dumps(text, ensure_ascii=False)[1:-1] in cell or len(text) > 10_000


def _lines(told: str, form: str, count: int) -> str:
    """Say what is wrong with a vCard or a calendar: a property or a part that the data put in."""
    names = [one.split(":")[0].split(";")[0].upper() for one in told.split("\r\n") if one[:1] not in (" ", "\t")]
    if "\n" in told.replace("\r\n", "") or "\r" in told.replace("\r\n", ""):
        return "a line break of the data's own"
    if "FN:PWNED" in told.split("\r\n") or "SUMMARY:PWNED" in told.split("\r\n"):
        return "a property that the data made"
    begun = sum(one in ("BEGIN:VCARD", "BEGIN:VTODO", "BEGIN:VEVENT") for one in told.split("\r\n"))
    if form == "vcard" and begun != count:
        return f"{begun} cards of {count} records"
    if begun > count or names.count("BEGIN") != names.count("END"):
        return f"{begun} parts of {count} records"
    if form == "ical":
        from icalendar import Calendar

        Calendar.from_ical(told)
    long = max((len(one.encode()) for one in told.split("\r\n")), default=0)
    return f"a line of {long} bytes" if long > 75 else ""


class _Tags(HTMLParser):
    """Collects what a page has beside text."""

    def __init__(self) -> None:
        super().__init__()
        self.odd: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.odd += [tag] if tag not in TAGS else []
        self.odd += [f"{tag} {name}" for name, _ in attrs if name.startswith("on") or name in ("href", "src")]

    def handle_comment(self, data: str) -> None:
        self.odd.append("a comment")

    def handle_pi(self, data: str) -> None:
        self.odd.append("an instruction")


def _quote(path: Path, form: str) -> str:
    if not path.exists():
        return "nothing was written"
    data = path.read_bytes()
    if form == "html":
        tags = _Tags()
        tags.feed(data.decode())
        return f"{tags.odd[:3]} in the page" if tags.odd else ""
    if form == "md":
        parts = MarkdownIt("commonmark", {"html": True}).enable("table").parse(data.decode())
        odd = [one.type for part in parts for one in (part, *(part.children or ())) if one.type in MARKUP]
        return f"{odd[:3]} in the Markdown" if odd else ""
    if form == "pdf":
        live = [one.decode() for one in ACTIVE if one in data and one != b"/OpenAction"]
        sound = data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
        return "" if sound and not live else f"no sound PDF, or an active one: {live}"
    data.decode()
    return ""


def _letter(path: Path) -> str:
    """Say what is wrong with a draft; it may have been refused."""
    if not path.exists():
        return ""
    letter = message_from_bytes(path.read_bytes(), policy=policy.default)
    odd = sorted({one.lower() for one in list(letter)} - HEADERS)
    if odd:
        return f"the headers {odd}"
    if letter.defects:
        return f"a malformed draft: {letter.defects}"
    to = letter["to"]
    if to is not None and len(to.addresses) != 1:
        return f"a draft to {to}"
    return ""


def _restored(desk: Desk, text: str) -> str:
    ran = desk.run("export", "all", "whole.zip")
    again = Desk(desk.home / "again")
    ran = (
        ran
        if ran.wrong or ran.code
        else again.run("restore", str(desk.place / "whole.zip"), str(again.folder), elsewhere=True)
    )
    if ran.wrong or ran.code:
        return ran.wrong or f"refused: {ran.err[:200]!r}"
    if content_hash(again.records()) != content_hash(desk.records()):
        return "what was restored is not what was exported"
    import shutil

    shutil.rmtree(again.home)
    return ""
