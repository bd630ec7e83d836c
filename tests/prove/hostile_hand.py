"""The way in by hand: what no program of ours writes, put into a data file in the place of a field's value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.prove.hostile_doors import kind_of, usual
from tests.prove.hostile_surfaces import RAW as RAW_OUT
from tests.prove.hostile_values import RAW
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.prove.hostile_desk import Desk, Told
    from tests.prove.hostile_doors import Ids
    from tests.prove.hostile_surfaces import Surface

SLOT = "here it goes"
MARKS = json.dumps(SLOT).encode()
EACH = 1
"""Commands of the kind, and others, that look at each spoilt record."""
ALLOWED = (0, 3, 4, 5, 6, 8)
"""How a command may end on a workspace that somebody spoilt: done, or with what is missing, wrong or damaged."""


def spoil_all(
    desk: Desk,
    told: Told,
    chance: random.Random,
    surfaces: Sequence[Surface],
    ids: Ids,
    kinds: Sequence[str],
    share: float,
) -> None:
    """Spoil records of each kind with each raw value: once all fields, and once one of them."""
    for kind in kinds:
        for value, raw in RAW.items():
            for fields in _choices(kind, chance):
                if chance.random() > share:
                    continue
                door = f"{kind}.{fields[0] if len(fields) == 1 else 'all'}"
                for file, line in spoilt(desk, kind, fields, raw):
                    _look(desk, told, chance, surfaces, ids, door, value)
                    if line not in file.read_bytes():
                        _kept(desk, told, kind, file, line, f"{door}, {value}")
                desk.put_back()


def _choices(kind: str, chance: random.Random) -> Iterator[list[str]]:
    names = [one.name for one in KINDS[kind].all_fields if not one.computed]
    yield names
    yield [chance.choice(names)]


def spoilt(desk: Desk, kind: str, fields: Sequence[str], raw: bytes) -> list[tuple[Path, bytes]]:
    """Put raw bytes into fields of the first record of a kind; return its file and its line."""
    files = sorted((desk.folder / "data" / kind).rglob("*.jsonl"))
    if not files:
        return []
    first, *rest = files[0].read_bytes().split(b"\n")
    record = json.loads(first)
    line = json.dumps({**record, **dict.fromkeys(fields, SLOT)}, ensure_ascii=False).encode().replace(MARKS, raw)
    files[0].write_bytes(b"\n".join([line, *rest]))
    return [(files[0], line)]


def _look(
    desk: Desk, told: Told, chance: random.Random, surfaces: Sequence[Surface], ids: Ids, door: str, value: str
) -> None:
    kind = door.partition(".")[0]
    own = [one for one in surfaces if kind_of(one.path) == kind]
    for surface in (*chance.sample(own, min(EACH, len(own))), *chance.sample(surfaces, EACH)):
        if surface.path[0] in ("intake", "import", "sync"):
            continue
        ran = desk.run(
            *surface.path, *surface.more, "--", *usual(surface.path, surface.command, ids), terminal=surface.terminal
        )
        told.count(value, f"a line in a data file: {door}", surface.name)
        wrong = ran.wrong
        if surface.path in RAW_OUT and not surface.terminal and wrong.startswith("stdout"):
            wrong = ""
        if not wrong and ran.code not in ALLOWED and ran.code != 2:
            wrong = f"exit code {ran.code}: {ran.err[:200]!r}"
        if wrong:
            told.fail(f"{surface.name}, {value} in {door}: {wrong}")


def _kept(desk: Desk, told: Told, kind: str, file: Path, line: bytes, what: str) -> None:
    """Note a line that is gone though it could not be read; what could be read was written anew."""
    from tuicrm.store.workspace import Workspace

    with Workspace.open(desk.folder) as ws:
        unread = [one for one in ws.problems() if kind in str(one)]
    if unread and line not in file.read_bytes():
        told.fail(f"{what}: a line that cannot be read is gone")
