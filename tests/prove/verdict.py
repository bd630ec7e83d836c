"""How a workspace takes damage in one of its files: what is there, what is said, what is kept."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from tests.prove.specimen import CALL, CONFIG, IDS, USER, Specimen
from tuicrm.errors import NotFound, TuicrmError
from tuicrm.store import journal, kept, private
from tuicrm.store.changes import Write
from tuicrm.store.contenthash import content
from tuicrm.store.local import Local
from tuicrm.store.workspace import Workspace
from tuicrm.sync.installing import underway
from tuicrm.sync.report import last
from tuicrm.sync.seen import Cache
from tuicrm.tui.userconfig import read

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.store.contenthash import Content

HARMLESS = "nothing is missing"
TOLD = "the rest loads, and it is said"
REFUSED = "refused with a sentence"
MENDED = "refused with a sentence, then mended on request"
SHORTER = "the last changes are missing, as after a crash"
UNSEEN = "differs without a word"
_JOURNAL = ".git/tuicrm/journal"


class Verdict(NamedTuple):
    """How it ended, in which sort of file, and what must not be."""

    end: str
    sort: str = ""
    problem: str = ""


class _Wrong(Exception):
    """What must not be."""


def verdict(root: Path, specimen: Specimen, path: str, damaged: bytes) -> Verdict:
    """Open a workspace with one damaged file, work in it, and say how that went."""
    name = path.rpartition("/")[2]
    try:
        return _verdict(root, specimen, path, damaged)
    except _Wrong as problem:
        return Verdict("", name, str(problem))
    except TuicrmError as error:
        return _refused(root, specimen, path, damaged, error)
    except Exception as error:  # noqa: BLE001 - whatever it is, a person would see a traceback
        return Verdict("", name, f"traceback: {type(error).__name__}: {error}")


def _verdict(root: Path, specimen: Specimen, path: str, damaged: bytes) -> Verdict:
    ws = Workspace.open(root)
    held = content(ws)
    said = [str(one) for one in ws.problems()]
    own = _beside(root, ws, specimen)
    _goes_on(root, held)
    if path.startswith("data/"):
        return _of_segment(root, specimen, path, damaged, held, said)
    if path == _JOURNAL and held != specimen.held:
        return _of_journal(root, specimen, damaged, held, said)
    if held != specimen.held:
        raise _Wrong("records differ")
    if path == "tuicrm.json" and (ws.id, ws.name) != _identity(specimen):
        return Verdict(UNSEEN, "id and name of the workspace")
    return own


def _refused(root: Path, specimen: Specimen, path: str, damaged: bytes, error: TuicrmError) -> Verdict:
    """A refusal has to name the file; a journal has to be mended by `doctor --fix`, with its bytes copied aside."""
    if path.rpartition("/")[2] not in str(error) and not (path == "tuicrm.json" and isinstance(error, NotFound)):
        return Verdict("", path, f"the refusal does not name the file: {error}")
    if path != _JOURNAL:
        sound = (root / path).read_bytes() == damaged
        return Verdict(REFUSED, path, "" if path == "tuicrm.json" and sound else f"refused: {error}")
    ws = Workspace.open(root)
    if not ws.journal_damage() or not ws.journal_damage(repair=True):
        return Verdict("", path, "doctor finds nothing to mend")
    try:
        held = content(Workspace.open(root))
        _goes_on(root, held)
    except TuicrmError as problem:
        return Verdict("", path, f"once mended, it is still refused: {problem}")
    if damaged not in _aside(root):
        return Verdict("", path, "the damaged journal was not copied aside")
    good = {line for line in damaged.split(b"\n") if journal.transaction(line) is not None}
    whole = [line for line in _data(specimen, path).split(b"\n") if journal.transaction(line) is not None]
    if [line for line in whole if line in good] == whole and held != specimen.held:
        return Verdict("", path, "records differ although each change could be read")
    return Verdict(MENDED, "journal")


def _of_segment(root: Path, specimen: Specimen, path: str, damaged: bytes, held: Content, said: list[str]) -> Verdict:
    """Records whose lines are whole have to be the same; bytes that are no record have to stay somewhere."""
    base, now = _data(specimen, path).split(b"\n"), damaged.split(b"\n")
    touched = {key for line in {*base} ^ {*now} if (key := _id(line))}
    differing = _differing(specimen.held, held)
    if strange := [key for key in differing if key[1] not in touched]:
        raise _Wrong(f"{strange[0]} differs, and its line is whole")
    after = b"".join(file.read_bytes() for file in (root / "data").rglob("*.jsonl"))
    kept_bytes = after + b"".join(_aside(root))
    for line in {*now} - {*base}:
        if line.strip() and _id(line) is None and line not in kept_bytes:
            raise _Wrong(f"{line!r} is gone")
    if any(path in one for one in said if "not a record" not in one and "{not a record" not in one) and _bad(
        now
    ) - _bad(base):
        return Verdict(TOLD)
    return Verdict(UNSEEN, "data file") if differing else Verdict(HARMLESS)


def _of_journal(root: Path, specimen: Specimen, damaged: bytes, held: Content, said: list[str]) -> Verdict:
    """Fewer changes may be there, never other ones; what follows the last whole one has to be kept."""
    if held not in specimen.steps:
        raise _Wrong("the journal gave what nobody wrote")
    lines = damaged.split(b"\n")
    sound = next((at for at, line in enumerate(lines) if at and journal.transaction(line) is None), len(lines))
    tail = b"\n".join(lines[sound:])
    if tail and tail not in _aside(root):
        raise _Wrong("what follows the last whole change is gone")
    if tail.endswith(b"\n") and not any("journal" in one for one in said):
        raise _Wrong("a change with a wrong checksum is dropped without a word")
    return Verdict(TOLD if tail.endswith(b"\n") else SHORTER, "journal")


def _beside(root: Path, ws: Workspace, specimen: Specimen) -> Verdict:
    """Read all that lies beside the records."""
    undo = [repr(entry) for entry in ws.undo_log()]
    lost = ws.take_losers()
    with ws._place.opened() as folder:
        deltas = kept.deltas(folder)
    if any(delta != specimen.deltas.get(key) for key, delta in deltas.items() if _is_whole(specimen, key, delta)):
        raise _Wrong("a kept journal gave what nobody wrote")
    if not {*undo} <= {*specimen.undo} or not {one[:6] for one in lost} <= {one[:6] for one in specimen.lost}:
        raise _Wrong("a log gave what nobody wrote")
    ws.behind()
    underway(ws.private)
    last(ws.private)
    Cache(ws.private)
    read({"TUICRM_CONFIG": str(root / CONFIG), "XDG_CONFIG_HOME": str(root)})
    is_other = Local(ws.private).get("user") not in (USER, "")
    return Verdict(UNSEEN, "settings of this machine") if is_other else Verdict(HARMLESS)


def _is_whole(specimen: Specimen, key: tuple[str, str], delta: Any) -> bool:
    known = specimen.deltas.get(key)
    return known is None or delta.keys() == known.keys()


def _goes_on(root: Path, held: Content) -> None:
    """Change a record of the very file, carry all over, and find the rest as it was."""
    ws = Workspace.open(root)
    key = next((one for one in (IDS[1], IDS[2], IDS[0]) if one in held.get("deal", {})), CALL)
    ws.commit([Write("deal", key, {"later": "yes"})], by=USER, note="")
    ws.checkpoint()
    again = content(Workspace.open(root))
    if ("deal", key) not in (found := _differing(held, again)) or len(found) > 1:
        raise _Wrong(f"a further change makes {found} differ")
    if ws.has_unfolded:
        raise _Wrong("the journal cannot be carried over")


def _differing(one: Content, other: Content) -> set[tuple[str, str]]:
    flat = [
        {(kind, id_): record for kind, held in each.items() for id_, record in held.items()} for each in (one, other)
    ]
    return {key for key in {*flat[0], *flat[1]} if flat[0].get(key) != flat[1].get(key)}


def _id(line: bytes) -> str | None:
    """The id of the record in a line; None where it is none."""
    with contextlib.suppress(orjson.JSONDecodeError, KeyError, TypeError, AttributeError):
        told = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))["id"]
        return told if isinstance(told, str) else None
    return None


def _bad(lines: list[bytes]) -> set[bytes]:
    return {line for line in lines if line.strip() and _id(line) is None}


def _aside(root: Path) -> list[bytes]:
    return [file.read_bytes() for file in (root / ".git" / "tuicrm" / private.QUARANTINE).glob("*")]


def _data(specimen: Specimen, path: str) -> bytes:
    return next(data for name, _, data in specimen.tree if name == path) or b""


def _identity(specimen: Specimen) -> tuple[str, str]:
    told = orjson.loads(_data(specimen, "tuicrm.json"))
    return told["id"], told["name"]
