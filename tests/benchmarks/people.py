"""The same people for every program that is measured."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Person(NamedTuple):
    """What every program holds of somebody."""

    name: str
    email: str
    phone: str


def people(count: int) -> Iterator[Person]:
    """Yield so many people."""
    for number in range(count):
        yield Person(f"Person {number:06d}", f"person{number}@company{number % 700}.example", f"+4930{number:07d}")


def write_csv(file: Path, count: int) -> None:
    """Write them as a table."""
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(Person._fields)
        writer.writerows(people(count))


def write_cards(folder: Path, count: int) -> None:
    """Write them as vCards, a file each."""
    folder.mkdir()
    for number, one in enumerate(people(count)):
        (folder / f"{number}.vcf").write_text(card(number, one), encoding="utf-8")


def card(number: int, one: Person) -> str:
    """Return somebody as a vCard."""
    first, _, last = one.name.partition(" ")
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"UID:{number}", f"FN:{one.name}", f"N:{last};{first};;;")
    return "\n".join((*lines, f"EMAIL:{one.email}", f"TEL:{one.phone}", "END:VCARD", ""))


def write_todos(folder: Path, count: int) -> None:
    """Write a thing to do about each, a file each."""
    folder.mkdir()
    for number, one in enumerate(people(count)):
        lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bench", "BEGIN:VTODO", f"UID:{number}")
        words = f"SUMMARY:{one.name} {one.email} {one.phone}"
        text = "\r\n".join((*lines, "DTSTAMP:20260101T000000Z", words, "END:VTODO", "END:VCALENDAR", ""))
        (folder / f"{number}.ics").write_text(text, encoding="utf-8")
