"""The ways in by files: each format that an import, an intake or an option reads, with one value in its places."""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote_plus

from tests.prove.fuzz_import import SOUND
from tests.prove.hostile_desk import holds
from tests.prove.hostile_doors import came_back
from tests.prove.hostile_values import harm, storable

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from tests.prove.hostile_desk import Desk, Told
    from tests.prove.hostile_doors import Ids

MAIL = "From: {name} <web@x.example>\r\nTo: ann@us.example\r\nDate: Tue, 6 Oct 2026 10:00:00 +0200\r\n\
Subject: {name}\r\nMessage-ID: <1@x.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\
Content-Transfer-Encoding: base64\r\n\r\n{body}\r\n"
RAW_MAIL = "From: {text} <web@x.example>\r\nTo: ann@us.example\r\nDate: Tue, 6 Oct 2026 10:00:00 +0200\r\n\
Subject: {text}\r\nMessage-ID: <{text}>\r\nReferences: {text}\r\nX-{text}: y\r\n\r\nName: {text}\r\n{text}\r\n"


class File(NamedTuple):
    """One file that brings a value in."""

    door: str
    name: str
    data: bytes
    words: tuple[str, ...] = ("import", "{}")
    whole: bool = True
    """Whether the format can say the value exactly, so that it has to arrive or be told."""


def bring_all(
    desk: Desk, told: Told, value: str, text: str, ids: Ids, chance: random.Random, *, share: float = 1.0
) -> None:
    """Bring a value in by such a share of every sort of file."""
    for file in _files(text, ids):
        if chance.random() < share:
            _bring(desk, told, value, text, file)
    if chance.random() < share:
        _archives(desk, told, value, text)


def _bring(desk: Desk, told: Told, value: str, text: str, file: File) -> None:
    place = desk.place / "in"
    place.mkdir(exist_ok=True)
    path = place / file.name
    try:
        path.write_bytes(file.data)
    except (OSError, ValueError):
        return  # no file can be called that
    ran = desk.run(*(one.replace("{}", str(path)) for one in file.words))
    told.count(value, file.door, "what the import said")
    told.refused += ran.code != 0
    what = f"{file.door} with {value}"
    rejects = b"".join(one.read_bytes() for one in desk.place.glob("*.rejected*.csv"))
    if ran.wrong:
        told.fail(f"{what}: {ran.wrong}")
    if desk.changed:
        if ran.code and file.words[0] != "intake":
            told.fail(f"{what}: refused with {ran.code}, yet something was written")
        if file.whole and storable(text):
            problem = came_back(desk, told, value, text)
            if problem and not rejects and "left" not in ran.err:
                told.fail(f"{what}: {problem}")
        elif not storable(text) and any(holds(one, text) for held in desk.records().values() for one in held.values()):
            told.fail(f"{what}: what is no text was stored")
        desk.put_back()
    elif not ran.code and not rejects and file.whole and "nothing" not in ran.err and "known" not in ran.err:
        told.fail(f"{what}: neither taken nor refused: {ran.err[:200]!r}")
    for one in (*place.iterdir(), *desk.place.glob("*.rejected*.csv")):
        one.unlink()


def _files(text: str, ids: Ids) -> Iterator[File]:
    """Yield the value in files of every format, said as the format says it, and put in raw."""
    rows = [["name", "email", "notes"], [text, "web@x.example", text]]
    yield File("import csv", "a.csv", _sheet(rows, ","), ("import", "{}", "--as", "contacts"))
    yield File("import tsv", "a.tsv", _sheet(rows, "\t"), ("import", "{}", "--as", "contacts"))
    yield File("import csv of leads", "l.csv", _sheet(rows, ";"), ("import", "{}", "--as", "leads"))
    head = [["name", "email", text], ["Web Person", "web@x.example", text]]
    yield File("import csv, a column's name", "a.csv", _sheet(head, ","), ("import", "{}", "--as", "contacts"))
    deals = [
        ["name", "stage", "pipeline", "company", "owner"],
        ["Big", text, "", text, ""],
        [text, "Demo", "", "", text],
    ]
    more = ("import", "{}", "--as", "deals", "--create-missing")
    yield File("import csv of deals", "d.csv", _sheet(deals, ","), more)
    for cell, field in ((text, "value"), (text, "expected_close"), (text, "currency"), (text, "probability")):
        told = _sheet([["name", field], ["Big", cell]], ",")
        yield File(f"import csv, {field}", "d.csv", told, ("import", "{}", "--as", "deals"), whole=False)
    plain = {"name": text, "notes": text, "emails": ["web@x.example"], "tags": [text], text: text}
    data = _json([plain])
    yield File("import json", "a.json", data, ("import", "{}", "--as", "contacts"))
    yield File("import jsonl", "a.jsonl", data[1:-1] + b"\n" + data[1:-1], ("import", "{}", "--as", "contacts"))
    tiny = _json({"contact": {"1": plain}, "_default": {}})
    yield File("import tinydb", "t.json", tiny, ("import", "{}", "--format", "tinydb"), whole=False)
    yield File("import vcard", "a.vcf", _card(text))
    yield File("import icalendar", "a.ics", _calendar(text))
    body = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
    word = f"=?utf-8?b?{body}?=" if len(body) < 2000 else "x"
    letter = MAIL.format(name=word, body="\r\n".join(body[at : at + 76] for at in range(0, len(body), 76))).encode()
    yield File("import eml", "a.eml", letter, ("import", "{}", "--leads"), whole=False)
    box = b"From web@x.example Tue Oct  6 10:00:00 2026\r\n" + letter
    yield File("import mbox", "a.mbox", box, ("import", "{}", "--leads"), whole=False)
    raw = RAW_MAIL.format(text=text).encode("utf-8", "surrogatepass")
    yield File("import eml, raw", "r.eml", raw, ("import", "{}", "--leads"), whole=False)
    yield File("log --from-file", "r.eml", raw, ("log", "email", "--from-file", "{}"), whole=False)
    yield File("log --from-file, encoded", "a.eml", letter, ("log", "email", "--from-file", "{}"), whole=False)
    yield from _posts(text, letter, raw)
    stored = text.encode("utf-8", "surrogatepass")
    yield File("template --body-file", "b.txt", stored, ("template", "edit", ids["template"][0], "--body-file", "{}"))
    yield File("answer --answer-file", "b.txt", stored, ("answer", "edit", ids["answer"][0], "--answer-file", "{}"))
    for form, samples in SOUND.items():
        for number, sample in enumerate(samples):
            for old in (b"Jane", b"Weekly", b"jane@acme.example", b"2026", b"u1"):
                if old in sample:
                    spoilt = sample.replace(old, stored)
                    yield File(f"import {form} {number}, raw for {old.decode()}", f"s.{form}", spoilt, whole=False)
    name = text if "/" not in text and text not in (".", "..") else "x"
    yield File(
        "import, a file's name", f"{name}.csv", _sheet(rows, ","), ("import", "{}", "--as", "contacts"), whole=False
    )


def _posts(text: str, letter: bytes, raw: bytes) -> Iterator[File]:
    """Yield posts of web forms and letters, as an intake takes them."""
    take = ("intake", "{}")
    post = {"name": "Web Person", "email": "web@x.example", "message": text, text: text, "company": text}
    yield File("intake json", "p.json", _json(post), take, whole=False)
    yield File("intake json, a name", "p.json", _json({**post, "name": text}), take, whole=False)
    code = quote_plus(text, errors="surrogatepass")
    yield File(
        "intake form", "p", f"name={code}&email=web@x.example&message={code}&{code}={code}".encode(), take, whole=False
    )
    rows = [["name", "email", "message"], ["Web Person", "web@x.example", text]]
    yield File("intake csv", "p.csv", _sheet(rows, ","), take, whole=False)
    said = f"Name: Web Person\nEmail: web@x.example\nMessage: {text}\n{text}: {text}\n".encode("utf-8", "surrogatepass")
    yield File("intake lines", "p.txt", said, take, whole=False)
    yield File("intake eml", "p.eml", letter, take, whole=False)
    yield File("intake eml, raw", "p.eml", raw, take, whole=False)
    yield File(
        "intake --source", "p.json", _json({**post, "utm_source": text, "utm_campaign": text}), take, whole=False
    )


def _sheet(rows: list[list[str]], mark: str) -> bytes:
    held = io.StringIO(newline="")
    csv.writer(held, delimiter=mark).writerows(rows)
    return held.getvalue().encode("utf-8", "surrogatepass")


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def _card(text: str) -> bytes:
    said = (
        text.replace("\\", "\\\\")
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\n", "\\n")
        .replace(",", "\\,")
        .replace(";", "\\;")
    )
    lines = ["BEGIN:VCARD", "VERSION:4.0", "FN:Web Person", f"NOTE:{said}", f"TITLE:{said}", "EMAIL:web@x.example"]
    return "\r\n".join([*lines, "END:VCARD", ""]).encode("utf-8", "surrogatepass")


def _calendar(text: str) -> bytes:
    from icalendar import Calendar, Todo

    made, todo = Calendar(), Todo()
    todo.add("uid", "1")
    todo.add("summary", text)
    todo.add("description", text)
    made.add_component(todo)
    try:
        data: bytes = made.to_ical()
    except UnicodeEncodeError:
        return b"BEGIN:VCALENDAR\r\nBEGIN:VTODO\r\nSUMMARY:\xed\xa0\x80\r\nEND:VTODO\r\nEND:VCALENDAR\r\n"
    return data


def _archives(desk: Desk, told: Told, value: str, text: str) -> None:
    """Restore and import an archive whose members are called by the value, or whose lines hold it."""
    whole = desk.place / "kept.zip"
    for door, change in (("a member's name", _renamed), ("a manifest", _manifest), ("a line", _line)):
        path = desk.place / "odd.zip"
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as packed:
            change(old, packed, text)
        for words in (("restore", str(path), "from-odd"), ("import", str(path))):
            ran = desk.run(*words)
            told.count(value, f"{words[0]}, {door}", "what the command said")
            told.refused += ran.code != 0
            if ran.wrong:
                told.fail(f"{words[0]}, {door} with {value}: {ran.wrong}")
            if ran.code and ((desk.place / "from-odd").exists() or desk.changed):
                told.fail(f"{words[0]}, {door} with {value}: refused, yet something was written")
            if not ran.code and door == "a line":
                told.fail(f"{words[0]}, {door} with {value}: a changed archive was taken")
            if desk.changed:
                desk.put_back()
            desk.drop("from-odd")
    if harm("".join(one.name for one in desk.home.rglob("PWNED*"))) or any(desk.home.rglob("PWNED")):
        told.fail(f"archive with {value}: something was unpacked elsewhere")


def _renamed(old: zipfile.ZipFile, packed: zipfile.ZipFile, text: str) -> None:
    for one in old.namelist():
        packed.writestr(one, old.read(one))
    for name in (text, f"data/{text}.jsonl", f"records/{text}"):
        try:
            packed.writestr(zipfile.ZipInfo(name[:60_000]), b"{}\n")
        except (UnicodeEncodeError, ValueError):
            continue


def _manifest(old: zipfile.ZipFile, packed: zipfile.ZipFile, text: str) -> None:
    for one in old.namelist():
        data = old.read(one)
        if one.endswith("manifest.json"):
            held = json.loads(data)
            data = _json({**held, "made_at": text, "workspace": {**held["workspace"], "name": text}, text: text})
        packed.writestr(one, data)


def _line(old: zipfile.ZipFile, packed: zipfile.ZipFile, text: str) -> None:
    for one in old.namelist():
        data = old.read(one)
        if one.endswith("contact.jsonl"):
            data = data.replace(b"Jane Roe", text.encode("utf-8", "surrogatepass"))
        packed.writestr(one, data)
