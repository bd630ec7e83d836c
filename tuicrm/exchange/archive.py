"""Reading an archive of a workspace, and bringing it into another one or into a new folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.errors import Damaged, Invalid
from tuicrm.exchange.archiving import FORMAT, MANIFEST, RECORDS, WHAT
from tuicrm.exchange.containers import looks_like_archive, unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
SUFFIX = ".jsonl"
WORKBOOK = "xl/workbook.xml"
"""What an Excel file holds, which is a zip as well."""


@dataclass(frozen=True)
class Archive:
    """What an archive holds, its hash verified."""

    path: Path
    id: str
    """The workspace's id, and its name."""
    name: str
    made_at: str
    hash: str
    records: Mapping[str, Mapping[str, Record]]
    """By kind and id, the deleted ones included."""

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(map(len, self.records.values()))


@dataclass(frozen=True)
class Bringing:
    """What bringing an archive into a workspace does, or would do."""

    archive: Archive
    plan: Plan
    created: int
    changed: int
    same: int
    made_way: int
    """Records of a fresh workspace's own setup that the archive's take the place of."""

    def facts(self, *, dry_run: bool) -> dict[str, Any]:
        """Return the outcome as JSON shows it."""
        told = {name: getattr(self, name) for name in ("created", "changed", "same", "made_way")}
        return {"archive": self.archive.name, "hash": self.archive.hash, **told, "dry_run": dry_run}


def is_archive(path: Path) -> bool:
    """Whether a file is an archive (a zip or a tar.gz), by its first bytes or its name."""
    return looks_like_archive(path)


def read_archive(path: Path, *, called: Path | None = None, wanted_hash: str = "") -> Archive:
    """Read an archive and verify its hash; `called` is what messages call it.

    Raises Damaged for whatever is not exactly what was written, Invalid for a later format.
    """
    shown = called or path
    members = unpacked(path, lambda name: name in (MANIFEST, WORKBOOK) or name.startswith(RECORDS))
    if WORKBOOK in members:
        raise Invalid(f"{shown} is an Excel workbook, which is not read", hint="Save the sheet as CSV and import that.")
    told = _manifest(members.get(MANIFEST), shown)
    kinds = {name: name.removeprefix(RECORDS).removesuffix(SUFFIX) for name in members if name.endswith(SUFFIX)}
    stored = {kind: members[name] for name, kind in kinds.items()}
    _verify(stored, told, shown)
    if wanted_hash and told["hash"] != wanted_hash:
        raise Damaged(f"{shown} does not read back as it was written")
    records = {kind: _records(kind, data, shown) for kind, data in stored.items()}
    place = told["workspace"]
    return Archive(shown, place["id"], place["name"], str(told.get("made_at", "")), told["hash"], records)


def _manifest(data: bytes | None, path: Path) -> dict[str, Any]:
    import orjson

    from tuicrm.store.ulid import is_ulid

    if data is None:
        raise Damaged(
            f"{path} is no archive of a workspace: it holds no {MANIFEST}",
            hint="tuicrm export all FILE.zip and tuicrm backup make one.",
        )
    try:
        told = orjson.loads(data)
    except orjson.JSONDecodeError as problem:
        raise Damaged(f"{path}: {MANIFEST} is not valid JSON ({problem.msg}, line {problem.lineno})") from None
    if not isinstance(told, dict) or told.get("what") != WHAT or type(told.get("format")) is not int:
        raise Damaged(f"{path} is no archive of a workspace: {MANIFEST} does not say so")
    if told["format"] > FORMAT:
        raise Invalid(
            f"{path} has format {told['format']}, written by a later tuicrm; this one knows format {FORMAT}",
            hint="Update tuicrm on this machine.",
        )
    place = told.get("workspace")
    is_placed = isinstance(place, dict) and is_ulid(place.get("id")) and isinstance(place.get("name"), str)
    if not is_placed or not isinstance(told.get("hash"), str):
        raise Damaged(f"{path}: {MANIFEST} lacks the workspace's id, its name or the hash")
    return told


def _verify(stored: Mapping[str, bytes], told: Mapping[str, Any], path: Path) -> None:
    from tuicrm.store.contenthash import hash_of_lines

    if hash_of_lines(stored) != told["hash"]:
        raise Damaged(f"{path} is damaged: its records do not have the hash that {MANIFEST} names; nothing was taken")


def _records(kind: str, data: bytes, path: Path) -> dict[str, Record]:
    from tuicrm.store import codec
    from tuicrm.store.segments import is_kind

    if not is_kind(kind):
        raise Damaged(f"{path} holds records of {kind!a}, which is not the name of a kind")
    found = codec.load(data)
    if found.bad:
        first = found.bad[0]
        raise Damaged(f"{path}, {RECORDS}{kind}{SUFFIX}, line {first.line_no}: {first.reason}")
    if not found.canonical:
        raise Damaged(f"{path}, {RECORDS}{kind}{SUFFIX}: the lines are not as tuicrm writes them")
    return found.records


def plan_to_bring_in(session: Session, archive: Archive) -> Bringing:
    """Return what taking in an archive would do here: records joined, so that nothing of either side is lost."""
    from tuicrm.store.adopting import adopt
    from tuicrm.store.changes import Adopt, Remove
    from tuicrm.store.contenthash import content

    here = content(session.ws)
    made_way = _setup_alone(session, here)
    changes: list[Change] = [Remove(kind, id_) for kind, id_ in made_way if id_ not in archive.records.get(kind, ())]
    gone = len(changes)
    created = changed = same = 0
    for kind, records in archive.records.items():
        held = here.get(kind, {})
        for id_, record in records.items():
            known = held.get(id_)
            if known is not None and adopt(known, record) is None:
                same += 1
                continue
            changes.append(Adopt(kind, id_, record))
            created, changed = created + (known is None), changed + (known is not None)
    what = "record" if created + changed == 1 else "records"
    plan = Plan(tuple(changes), f"brought in {created + changed:,} {what} from {archive.path.name}", settled=True)
    return Bringing(archive, plan, created, changed, same, gone)


def _setup_alone(session: Session, here: Mapping[str, Mapping[str, Record]]) -> list[tuple[str, str]]:
    """Return the records of a workspace that holds nothing but what `init` made; none where there is more."""
    from tuicrm.crm.setup import SETUP

    log = session.ws.undo_log()
    own = [(kind, id_) for kind, records in here.items() for id_ in records]
    if len(log) != 1 or log[0].group != SETUP or {(one.kind, one.id) for one in log[0].steps} != set(own):
        return []
    return own


def import_archive(session: Session, path: Path, *, dry_run: bool) -> Bringing:
    """Bring an archive into a workspace as one step that undo takes back; with `dry_run` only say what it would do."""
    found = plan_to_bring_in(session, read_archive(path))
    if found.plan.changes and not dry_run:
        # What gives way is noted for the ledger when the journal meets the files, so those must be whole before.
        session.ws.checkpoint()
        session.commit(found.plan)
    return found


def restore_archive(archive: Archive, folder: Path) -> str:
    """Make a workspace in a new or empty folder from an archive, and return the verified hash of what is there.

    It is the same workspace again, with its id; it is made beside the folder and takes its name when it is whole.
    """
    from tuicrm.exchange.restoring import restored

    with restored(folder, archive.id, archive.name) as workspace:
        from tuicrm.store.changes import Adopt
        from tuicrm.store.contenthash import content, content_hash

        changes = [Adopt(kind, id_, one, False) for kind, held in archive.records.items() for id_, one in held.items()]
        workspace.commit(changes, by="", note=f"restored from {archive.path.name}")
        workspace.checkpoint()
        found = content_hash(content(workspace))
        if found != archive.hash:
            raise Damaged(f"what was restored from {archive.path} does not have its hash, so it was taken away again")
    return found
