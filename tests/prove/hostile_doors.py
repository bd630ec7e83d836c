"""The ways in by commands: each option and argument of each command there is, found in the program's own tree."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import click

from tests.prove.hostile_desk import holds
from tests.prove.hostile_values import storable
from tuicrm.cli.paths import FilePath

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.prove.hostile_desk import Desk, Told

Ids = dict[str, list[str]]

RECORDS = ("ref", "refs", "names", "first", "item", "template", "old")
"""Arguments that name a record of the command's kind."""
KIND_OF = {
    "lead status": "lead_status", "lead score": "score_rule", "log": "activity", "touch": "lead", "history": "deal",
    "activity touch": "lead", "territory test": "company", "duplicate merge": "contact", "duplicate dismiss": "contact",
    "commission statement": "user", "target set": "user", "lead score show": "lead", "deal item": "deal",
    "quote add": "deal", "sequence stop": "contact",
}  # fmt: skip
"""Whose records a command is about, where its first word does not say."""
ARGUMENTS = {
    "sequence start": {"ref": "contact"}, "template fill": {"ref": "contact"}, "lead status set": {"refs": "lead"},
}  # fmt: skip
USUAL = {
    "sort": "event", "what": "call", "text": "hello", "texts": "decision", "amount": "10k", "stage_text": "won",
    "share": "5", "key": "seller_name", "value": "Us", "kind": "contact", "kind_name": "contacts", "words": "query",
    "question": "What else?", "currency": "USD", "rate": "0.9", "points": "5", "where": "country:de", "item": "1",
    "items": "1", "status": "working", "shell": "bash", "url": "../nowhere.git", "folder": "fresh", "second": "",
}  # fmt: skip
FILES = {"import": "people.csv", "intake": "post.json", "restore": "kept.zip", "backup": "new.zip", "export": "out.csv"}
"""What the FILE of a command is."""
ALSO = {("intake", "--watch"): ("--once",), ("intake", "--every"): ("--watch", ".", "--once")}
"""What a command needs beside an option, so that it ends."""
CALLS = {("sync", "--remote"), ("init", "--remote"), ("clone", "url")}
"""Where a name with a colon is a machine, which would be called."""
FOLDERS = ("init", "demo", "restore", "clone")
"""What prints the folder that it made, as it is for a script, and cleaned for a terminal."""
UNDERSTOOD = frozenset(
    (
        "currency", "date", "day", "due", "period", "until", "value", "price", "quantity", "discount", "tax",
        "probability", "employees", "founded", "stage", "owner", "country", "phone", "email", "website", "domain",
    )
)  # fmt: skip
"""Options whose text is read as something else, and kept as that."""


class Door(NamedTuple):
    """One option or argument of one command."""

    path: tuple[str, ...]
    param: str
    """The option with its dashes, or the argument's name."""
    command: click.Command

    @property
    def name(self) -> str:
        """What it is called in what failed."""
        return " ".join((*self.path, self.param))

    def line(self, ids: Ids, text: str) -> list[str]:
        """Return the command line that brings a text in here."""
        given = usual(self.path, self.command, ids)
        if not self.param.startswith("--"):
            names = [str(one.name) for one in self.command.params if isinstance(one, click.Argument)]
            given[names.index(self.param)] = text
            return [*self.path, "--", *given]
        return [*self.path, *ALSO.get((self.path[0], self.param), ()), f"{self.param}={text}", "--", *given]


def tree() -> dict[tuple[str, ...], click.Command]:
    """Return every command that does something, by its words."""
    from tuicrm.cli.root import build_root

    root = build_root()
    return dict(_leaves(root, click.Context(root, info_name="tuicrm"), ()))


def _leaves(
    command: click.Command, ctx: click.Context, path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(ctx):
        inner = command.get_command(ctx, name)
        if inner is not None:
            yield from _leaves(inner, click.Context(inner, parent=ctx, info_name=name), (*path, name))


def doors(commands: Mapping[tuple[str, ...], click.Command]) -> list[Door]:
    """Return all that takes text: arguments, and options that are no flags."""
    found = []
    for path, command in commands.items():
        for one in command.params:
            if isinstance(one, click.Argument):
                found.append(Door(path, str(one.name), command))
            elif isinstance(one, click.Option) and not one.is_flag and one.name != "workspace":
                found.append(Door(path, one.opts[0], command))
    some = ("company", "list")
    return [*found, Door(some, "--workspace", commands[some])]


def kind_of(path: Sequence[str]) -> str:
    """Return the kind of record that a command is about; its first word where nothing else is said."""
    for length in (3, 2, 1):
        found = KIND_OF.get(" ".join(path[:length]))
        if found is not None:
            return found
    return path[0]


def usual(path: tuple[str, ...], command: click.Command, ids: Ids) -> list[str]:
    """Return arguments with which a command makes sense."""
    kind, given = kind_of(path), []
    own = ARGUMENTS.get(" ".join(path), {})
    for one in command.params:
        name = str(one.name)
        if not isinstance(one, click.Argument):
            continue
        known = ids.get(own.get(name, kind), [])
        if name == "file":
            given.append(FILES[path[0]])
        elif name in own or (name in RECORDS and known and path[-1] != "add") or (name == "ref" and known):
            given.append(known[0])
        elif name == "second" and known:
            given.append(known[-1])
        elif name == "name" and path == ("sequence", "start"):
            given.append(ids["sequence"][0])
        else:
            given.append(USUAL.get(name, "fresh"))
    return given


def attempt(desk: Desk, told: Told, door: Door, value: str, text: str, ids: Ids) -> None:
    """Bring a value in through a door: it is taken and kept as it is, or refused and nothing is changed."""
    if ":" in text and (door.path[0], door.param) in CALLS:
        return
    ran = desk.run(*door.line(ids, text), elsewhere=door.path[0] in ("init", "demo"), terminal=door.path[0] in FOLDERS)
    told.count(value, door.name, "what the command said")
    what = f"{door.name} with {value}"
    if ran.wrong:
        told.fail(f"{what}: {ran.wrong}")
    told.refused += ran.code != 0
    if not desk.changed:
        return
    if ran.code and door.path[0] != "intake":
        told.fail(f"{what}: refused with {ran.code}, yet something was written: {ran.err[:200]!r}")
    problem = came_back(desk, told, value, text)
    if problem and not reads_it(door):
        told.fail(f"{what}: {problem}")
    desk.put_back()


def reads_it(door: Door) -> bool:
    """Tell whether a door reads what it is given, and stores what that means."""
    from tuicrm.records.registry import KINDS
    from tuicrm.records.types import LongText, Tags, Text

    own = next(one for one in door.command.params if door.param in (one.name, *one.opts))
    if isinstance(own.type, FilePath | click.Path):
        return True
    name = door.param.removeprefix("--").replace("-", "_")
    kind = KINDS.get(kind_of(door.path))
    known = kind.by_name.get(name) if kind is not None else None
    if known is not None and type(known.type) in (Text, LongText, Tags):
        return False
    return not door.param.startswith("--") or known is not None or name in UNDERSTOOD


def came_back(desk: Desk, told: Told, value: str, text: str) -> str:
    """Say what is wrong with what was stored of a value: every record that took it gives it back as JSON."""
    if not storable(text):
        return "what is no text was stored"
    before, after = parsed_records(desk.before), desk.records()
    found = [
        (kind, key)
        for kind, held in after.items()
        for key, record in held.items()
        if record != before.get(kind, {}).get(key) and holds(record, text)
    ]
    if not found:
        return "taken, and nowhere to be found"
    for kind, key in found[:3]:
        ran = desk.run("export", kind, "--json")
        if ran.code:
            return f"export {kind} failed: {ran.err[:200]!r}"
        (record,) = [one for one in json.loads(ran.out) if one.get("id") == key] or [{}]
        if not record and after[kind][key].get("_del"):
            continue
        if not holds(record, text):
            return f"stored in a {kind}, and not in its JSON export"
    told.kept += 1
    return ""


def parsed_records(files: Mapping[str, bytes]) -> dict[str, dict[str, dict[str, object]]]:
    """Return the records that data files hold."""
    found: dict[str, dict[str, dict[str, object]]] = {}
    for name, data in files.items():
        if "/data/" in name:
            kind = name.partition("/data/")[2].partition("/")[0]
            for line in data.splitlines():
                record = json.loads(line)
                found.setdefault(kind, {})[record["id"]] = record
    return found
