"""The ways out by commands: a workspace full of one value, and each command there is, in each of its formats."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from tests.prove.hostile_doors import tree, usual
from tests.prove.hostile_values import storable
from tuicrm.records.field import Field
from tuicrm.records.registry import KINDS
from tuicrm.records.settings import SETTINGS
from tuicrm.records.types import FieldType, Flag, Integer, LongText, Ref, Refs, Tags, Text
from tuicrm.records.values import Amount
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

    from tests.prove.hostile_desk import Desk, Ran, Told
    from tests.prove.hostile_doors import Ids

KEPT = (Ref, Refs, Amount, Integer, Flag)
"""Types whose values are left alone, so that records stay linked and sums are sums."""
NEVER = {("clone",), ("init",), ("demo",), ("restore",), ("completion",)}
"""Commands that look at no workspace."""
RAW = (("export",), ("template", "fill"))
"""What writes data as it is where the output is no terminal."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class Surface(NamedTuple):
    """One command in one of its formats, or with one of its flags."""

    path: tuple[str, ...]
    more: tuple[str, ...]
    command: click.Command
    terminal: bool
    """Whether the output is taken for a terminal."""

    @property
    def name(self) -> str:
        """What it is called in what failed."""
        return " ".join((*self.path, *self.more, *(("on a terminal",) if self.terminal else ())))


def surfaces(commands: Mapping[tuple[str, ...], click.Command]) -> list[Surface]:
    """Return every command, plain and in each format, and with each of its flags."""
    found = []
    for path, command in commands.items():
        if path in NEVER:
            continue
        ways: list[tuple[str, ...]] = [()]
        for one in command.params:
            if not isinstance(one, click.Option) or one.name in ("workspace", "version"):
                continue
            if isinstance(one.type, click.Choice) and one.opts[0] == "--format":
                ways += [("--format", form) for form in one.type.choices]
            elif one.is_flag or (one.flag_value is not None and one.opts[0] == "--json"):
                ways.append((one.opts[0],))
        found += [Surface(path, way, command, terminal) for way in ways for terminal in (True, False)]
    return found


def texts(field: Field) -> bool:
    """Tell whether a field takes any text."""
    return not field.computed and type(field.type) in (Text, LongText, Tags)


def spoken(desk: Desk, told: Told, value: str, text: str, ids: Ids, chance: random.Random, share: float) -> None:
    """Put a value into such a share of what commands take: fields of text, names of stages and items, settings."""
    for words in _sayings(text, ids):
        if chance.random() < share:
            _said(desk, told, value, *words)


def _sayings(text: str, ids: Ids) -> Iterator[tuple[str, ...]]:
    for (kind, *verb), command in tree().items():
        if verb == ["edit"] and kind in ids:
            for one in command.params:
                field = KINDS[kind].by_name.get(str(one.name))
                if field is not None and texts(field) and field.name not in ("external_id", "handle", "owner"):
                    yield (kind, "edit", f"{one.opts[0]}={text}", "--", ids[kind][0])
    contact, lead, deal = ids["contact"][0], ids["lead"][0], ids["deal"][0]
    pipeline = ids["pipeline"][0]
    yield from (
        ("pipeline", "edit", pipeline, "--stage", "Demo", f"--name={text}"),
        ("pipeline", "edit", pipeline, "--stage", "Proposal", f"--check={text}"),
        ("pipeline", "edit", pipeline, f"--back-reasons={text}"),
        ("pipeline", "edit", pipeline, f"--add={text} 40%"),
        ("pipeline", "rename", "--", ids["pipeline"][1], text),
        ("deal", "item", "edit", deal, "2", f"--name={text}"),
        ("deal", "discount", deal, "9", f"--reason={text}"),
        ("deal", "check", "--", deal, text),
        ("deal", "lose", ids["deal"][1], f"--reason={text}"),
        ("lead", "status", "rename", "--", "Meeting set", text),
        ("lead", "status", "add", f"--criteria={text}", "--", f"{text} 2"),
        ("lead", "score", "edit", ids["score_rule"][0], f"--label={text}"),
        ("lead", "disqualify", ids["lead"][1], f"--reason={text}"),
        ("touch", f"--source={text}", f"--campaign={text}", f"--page={text}", f"--note={text}", "--", lead, text, text),
        ("log", "note", f"--deal={deal}", f"--with={contact}", f"--outcome={text}", "--", text),
        ("log", "email", f"--deal={deal}", f"--next={text}", "--", text),
        ("sequence", "edit", ids["sequence"][0], "--step", "0 email Intro", "--step", f"3 call {text}"),
        ("rule", "edit", ids["rule"][0], f"--name={text}"),
        ("rule", "edit", ids["rule"][0], f"--also=log {text}"),
        ("rule", "edit", ids["rule"][0], f"--also=notify owner: {text}"),
        ("rule", "edit", ids["rule"][0], f"--also=tag {text}"),
        ("report", "add", "--measure=sum:value", "--by=name", "--", text),
        ("view", "add", "--where=is:any", "--", text),
        ("view", "rename", "--", "big", text),
        ("field", "add", "--of=deal", f"--label={text}", f"--explains={text}", f"--choice={text}", "--type=choice",
         "--", "odd"),
        ("deal", "edit", deal, f"--set=region={text}"),
        ("deal", "edit", deal, f"--set=odd={text}"),
        ("territory", "add", "--if=country:de", "--", f"{text} 2"),
        ("commission", "add", "--tier=5", f"--team={text}", "--", f"{text} 2"),
        ("target", "set", f"--team={text}", "--quota=2m", "--period=2026-Q4"),
        ("answer", "ask", "--", text),
        ("quote", "add", deal, f"--terms={text}", f"--recipient={text}"),
        ("quote", "decline", ids["quote"][0], f"--reason={text}"),
        ("rule", "run", ids["rule"][0], "--yes"),
        ("rule", "edit", ids["rule"][0], f"--also=command /bin/true {text}"),
        ("rule", "allow", ids["rule"][0], "--yes"),
        ("rule", "run", ids["rule"][0], "--yes"),
        ("contact", "edit", contact, f"--email={text}"),
        ("contact", "edit", contact, f"--phone={text}"),
        ("quick", "--", text),
        *(("config", "set", "--", key, text) for key in SETTINGS if key not in ("currency", "timezone")),
    )  # fmt: skip


def _said(desk: Desk, told: Told, value: str, *words: str) -> Ran:
    ran = desk.run(*words)
    door = " ".join(one.partition("=")[0] for one in words if one.islower() and len(one) < 30)
    told.count(value, door, "what the command said")
    told.refused += ran.code != 0
    if ran.wrong:
        told.fail(f"{door} with {value}: {ran.wrong}")
    return ran


def by_hand(desk: Desk, text: str) -> None:
    """Put a value into every field of every record that is no link, number or amount, whatever it may mean there."""
    with Workspace.open(desk.folder) as ws:
        writes = []
        for kind in ws.kinds():
            fields = [one for one in KINDS[kind].all_fields if not one.computed and not isinstance(one.type, KEPT)]
            for key, record in ws.all(kind).items():
                new = {one.name: _like(record.get(one.name), one.type, text) for one in fields}
                for name in ("key", "of", "handle"):
                    new.pop(name, None)
                writes.append(Write(kind, key, new))
        ws.commit(writes, by="eve", note=text)


def _like(held: Any, form: FieldType, text: str) -> Any:
    """Return the value in the place of each text of what a field holds."""
    if isinstance(held, dict):
        return {key: one if name_of_key(key) else _like(one, form, text) for key, one in held.items()}
    if isinstance(held, list) or type(form) is Tags:
        return [text]
    return held if isinstance(held, bool | int) else text


def name_of_key(key: str) -> bool:
    """Tell whether an entry of a map links or orders, so that a text in its place would only hide the rest."""
    return key in ("order", "product", "kind", "template", "do")


def look(desk: Desk, told: Told, value: str, text: str, surface: Surface, ids: Ids, door: str) -> None:
    """Run one command on a workspace full of a value, and judge all that it wrote."""
    words = [*surface.path, *surface.more, "--", *usual(surface.path, surface.command, ids)]
    if surface.path[0] == "intake":
        words = [*words[:-1], "post.json"]
    ran = desk.run(*words, terminal=surface.terminal)
    told.count(value, door, surface.name)
    what = f"{surface.name}, {value} by {door}"
    raw = surface.path in RAW and not surface.terminal
    if ran.wrong and not (raw and ran.wrong.startswith("stdout")):
        told.fail(f"{what}: {ran.wrong}")
    if not ran.code:
        problem = _as_promised(ran, surface.more)
        if problem:
            told.fail(f"{what}: {problem}")
    if desk.changed:
        desk.put_back()


def _as_promised(ran: Ran, more: tuple[str, ...]) -> str:
    """Say what is wrong with an output in a format that others read."""
    form = more[1] if more[:1] == ("--format",) else more[0][2:] if more else ""
    try:
        if form == "json" and ran.out:
            json.loads(ran.out)
        elif form == "jsonl":
            for line in ran.out.split("\n")[:-1]:
                json.loads(line)
        elif form in ("csv", "tsv"):
            return _cells(ran.out, "\t" if form == "tsv" else ",")
        elif form == "ids" and not all(one.isalnum() for one in ran.out.split()):
            return f"what is no id: {ran.out[:100]!r}"
    except ValueError as problem:
        return f"is no {form}: {problem}: {ran.out[:100]!r}"
    return ""


def _cells(text: str, mark: str) -> str:
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    wide = {len(row) for row in rows}
    if len(wide) > 1:
        return f"rows of {sorted(wide)} cells"
    for row in rows:
        for cell in row:
            if cell.startswith(FORMULA) and not cell[1:].replace(".", "", 1).isdecimal():
                return f"a cell that begins a formula: {cell[:60]!r}"
    return ""


def full(
    desk: Desk, told: Told, value: str, text: str, ids: Ids, chance: random.Random, *, hand: bool, share: float = 1.0
) -> str:
    """Fill the workspace with a value, by commands or, on top of that, by hand; return what that door is called."""
    if not hand:
        spoken(desk, told, value, text, ids, chance, share)
    elif storable(text):
        by_hand(desk, text)
    desk.keep()
    return "a line in a data file" if hand else "each command that takes text"
