"""What is wrong, or odd, in a workspace: unreadable lines, invalid values, dangling references, wrong clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field, Kind
    from tuicrm.store.changes import Change

Record = dict[str, Any]

DAMAGE = "damage"
NOTICE = "notice"
BEHIND = "the files have less of it than this machine wrote, as after a git reset"
_DAY_MS = 86_400_000


@dataclass(frozen=True)
class Finding:
    """One thing that a person should know."""

    level: str
    """`damage` for data that cannot be used as it is, else `notice`."""
    message: str
    kind: str = ""
    id: str = ""
    field: str = ""
    path: str = ""
    line: int = 0


def findings(session: Session) -> list[Finding]:
    """Return all that is to be said about a workspace, the damage first."""
    found = [Finding(DAMAGE, problem.reason, path=problem.path, line=problem.line) for problem in session.ws.problems()]
    found += [*_untidy(session.ws.root), *_clock_here(session)]
    for name in session.ws.kinds():
        if name in KINDS:
            found += _of_kind(session, session.kind(name))
        else:
            found.append(
                Finding(NOTICE, f"{name} is a kind that this version does not know; its records are kept", kind=name)
            )
    if not session.ws.all("pipeline"):
        found.append(Finding(NOTICE, "the workspace has no pipeline; tuicrm pipeline add makes one", kind="pipeline"))
    found += _locks(session.ws.private)
    found += [Finding(NOTICE, BEHIND, kind, str(record["id"])) for kind, record in session.ws.behind()]
    return sorted(found, key=lambda one: one.level != DAMAGE)


def journal_findings(root: Path, *, repair: bool) -> list[Finding]:
    """Return what makes a workspace's journal unusable, without reading records; `repair` keeps its readable part."""
    from tuicrm.store.workspace import Workspace

    found = Workspace.open(root).journal_damage(repair=repair)
    return [Finding(DAMAGE, one.reason, path=one.path, line=one.line) for one in found]


def _of_kind(session: Session, kind: Kind) -> Iterator[Finding]:
    fields = [field for field in kind.all_fields if not field.computed]
    latest = int(session.now.timestamp() * 1000) + _DAY_MS
    known: dict[str, frozenset[str]] = {}
    for key, record in session.ws.stored.all(kind.name).items():
        for field in fields:
            value = record.get(field.name)
            if value is None:
                if field.required:
                    yield Finding(NOTICE, f"has no {field.title}", kind.name, key, field.name)
                continue
            wrong = field.type.check(value)
            if wrong:
                yield Finding(DAMAGE, f"{field.name} {wrong}: {_short(value)}", kind.name, key, field.name)
            elif field.type.refers and field.type.refers != "stage":
                yield from _dangling(session, kind, field, key, value, known)
        if kind.name == "deal" and session.ws.all("pipeline"):
            yield from _stageless(session, key, record)
        yield from _clocks(kind.name, key, record, latest)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


def _dangling(
    session: Session, kind: Kind, field: Field, key: str, value: Any, known: dict[str, frozenset[str]]
) -> Iterator[Finding]:
    """Say which references lead nowhere; removed records count as there, since they can be restored."""
    refers = field.type.refers
    if refers not in known:
        known[refers] = frozenset((*session.ws.stored.all(refers), *session.ws.stored.dead(refers)))
    for one in value if isinstance(value, list) else (value,):
        if one not in known[refers]:
            yield Finding(NOTICE, f"{field.name} names a {refers} that is not here: {one}", kind.name, key, field.name)


def _stageless(session: Session, key: str, deal: Record) -> Iterator[Finding]:
    from tuicrm.crm.stages import stage_of

    if stage_of(session, deal) is None:
        yield Finding(
            NOTICE, f"stage {_short(deal.get('stage'))} is none of its pipeline's stages", "deal", key, "stage"
        )


def _clocks(kind: str, key: str, record: Mapping[str, Any], latest: int) -> Iterator[Finding]:
    """Say which versions are garbage, or lie in the future: a clock was wrong there, and such edits win for long."""
    from tuicrm.store.ulid import ms_of, rank

    versions = record.get("_v")
    stamps = [("id", key), *(versions.items() if isinstance(versions, dict) else ())]
    for path, version in stamps:
        if not rank(version):
            yield Finding(NOTICE, f"the version of {path} is no ULID before 2200: {_short(version)}", kind, key, path)
        elif ms_of(version) > latest:
            yield Finding(NOTICE, f"the version of {path} lies in the future: {version}", kind, key, path)


def _untidy(root: Path) -> Iterator[Finding]:
    """Say which files are not as tuicrm writes them, and why; reading heals them."""
    from tuicrm.store.untidy import look

    for odd in look(str(root)):
        yield Finding(
            NOTICE,
            f"holds {odd.reason}; all of it is read and joined, and tuicrm sync or tuicrm doctor --fix writes it anew",
            path=odd.path,
            line=odd.line,
        )


def _clock_here(session: Session) -> Iterator[Finding]:
    """Say that clocks differ, once for all records: by the latest version that any of them has."""
    from datetime import UTC, datetime

    from tuicrm.store.ulid import ms_of, rank

    latest = ""
    for kind in session.ws.kinds():
        for key, record in session.ws.stored.all(kind).items():
            stamps = record.get("_v")
            known = (key, *stamps.values()) if isinstance(stamps, dict) else (key,)
            latest = max(latest, *map(rank, known))
    now = int(session.now.timestamp() * 1000)
    ahead = (ms_of(latest) - now) // _DAY_MS if latest else 0
    if ahead >= 1:
        at = datetime.fromtimestamp(ms_of(latest) / 1000, UTC)
        yield Finding(
            NOTICE,
            f"a clock was wrong, here or elsewhere: something was written on {at:%Y-%m-%d}, {ahead:,} days after this "
            f"machine's today, {session.now.astimezone(UTC):%Y-%m-%d}; such a value stands until somebody who sees it "
            "changes it, which works as ever",
        )


def _locks(private: Path) -> Iterator[Finding]:
    """Say where git's own lock is held: git is at work, or a crash of it left the lock behind."""
    lock = private.parent / "index.lock"
    if private.parent.name != "" and lock.exists():
        yield Finding(
            NOTICE, "git is at work on this folder, or left its lock behind; remove it if not", path=str(lock)
        )


def recover(session: Session) -> Plan:
    """Return the plan that brings back what this machine wrote and the files have no more, as one step."""
    from tuicrm.crm.plan import Plan
    from tuicrm.store.changes import Remove, Write
    from tuicrm.store.join import is_dead

    changes: list[Change] = []
    for kind, record in session.ws.behind():
        key = str(record["id"])
        current = session.ws.stored.any(kind, key) or {}
        if is_dead(record) and session.ws.stored.get(kind, key) is not None:
            changes.append(Remove(kind, key))
            continue
        names = {name for name in (*record, *current) if name != "id" and name[:1] != "_"}
        fields = {name: record.get(name) for name in names if record.get(name) != current.get(name)}
        changes.append(Write(kind, key, fields))
    count = len(changes)
    return Plan(tuple(changes), f"brought back {count} {'record' if count == 1 else 'records'}")


def mend(session: Session) -> int:
    """Write every data file that is not in canonical form; return how many files changed."""
    before = _stamps(session.ws.root)
    session.ws.problems()
    session.ws.checkpoint()
    after = _stamps(session.ws.root)
    return sum(before.get(path) != stamp for path, stamp in after.items())


def _stamps(root: Path) -> dict[Path, tuple[int, int]]:
    found = {}
    for path in (root / "data").rglob("*.jsonl"):
        held = path.stat()
        found[path] = (held.st_ino, held.st_mtime_ns)
    return found
