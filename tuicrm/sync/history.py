"""All that happened to a record: what its log tells, and every other change with who made it, synced or not."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from tuicrm.crm.history import Event, history, moment
from tuicrm.crm.touches import at_ms, id_ms
from tuicrm.crm.track import shown
from tuicrm.errors import Decision, TuicrmError
from tuicrm.records.kinds.activity import CHANGE
from tuicrm.sync.blame import By, from_git, from_ledger, from_log, together
from tuicrm.sync.ledger import KIND as LEDGER
from tuicrm.sync.telling import People, told
from tuicrm.text import clean_line

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.sync.blame import Blame
    from tuicrm.sync.git import Git
    from tuicrm.sync.telling import Told

Record = dict[str, Any]

NO_LEDGER: Mapping[tuple[str, str], str] = MappingProxyType({})
LOG = 100_000
"""Entries of this machine's log that are looked through: all of them."""
SAME_STEP = 60_000
"""Milliseconds between a change and the entry that the same step made about it, at most."""
_TOLD_BY = {"stage": "stage", "pipeline": "stage", "value": "value", "currency": "value"}
"""Field to the field whose automatic entry tells of it."""
_BECAME = ("deal", "contact", "company")
_DECIDED = ("status", "reason", "snoozed_until")
"""What a conversion writes of a lead: what it became, and how it stands."""
_FOLLOWING = frozenset(("closed_on",))
"""Fields that a move writes by itself."""


def full_history(
    session: Session,
    kind: str,
    key: str,
    environ: Mapping[str, str],
    said: Callable[[str], None] = lambda line: None,
) -> list[Event]:
    """Return what happened to a record, newest first, with every change of its own fields and who made it.

    `said` gets a sentence where git could not be asked; what this machine knows by itself is told even so.
    """
    try:
        past = git_blame(str(session.ws.root), kind, key, environ)
    except (TuicrmError, OSError) as problem:
        said(f"changes from before the last sync are left out: {problem}")
        past = None
    return events(session, kind, key, past)


def git_blame(
    root: str, kind: str, key: str, environ: Mapping[str, str], ledger: Mapping[tuple[str, str], str] = NO_LEDGER
) -> Blame | None:
    """Return what git knows about a record, which takes no session and so may be asked anywhere; None without git.

    `ledger` names by path and version the entries of values whose author is wanted too.
    """
    from tuicrm.store.private import find_git_dir

    if not find_git_dir(root):
        return None
    from tuicrm.sync.git import find
    from tuicrm.sync.objects import Objects
    from tuicrm.sync.past import points

    git = find(root, environ)
    if git is None:
        return None
    refuse_fetching(git)
    with Objects(git) as objects:
        blame = from_git(points(git, objects, kind, key))
        known = {**blame.commits, **blame.gave_way}
        found = {at: from_ledger(points(git, objects, LEDGER, id_)) for at, id_ in ledger.items() if at not in known}
    return replace(blame, gave_way={**blame.gave_way, **{at: by for at, by in found.items() if by is not None}})


def refuse_fetching(git: Git) -> None:
    """Raise Decision where reading an object could make git fetch it, by whatever program the repository names."""
    promising = r"^(extensions\.partialclone|remote\..*\.(promisor|partialclonefilter))$"
    found = git.run("config", "--name-only", "--get-regexp", promising, ok=(0, 1)).out.split()
    if found:
        raise Decision(f"this repository is a partial clone ({clean_line(found[0].decode('utf-8', 'replace'))})")


def events(session: Session, kind: str, key: str, past: Blame | None) -> list[Event]:
    """Return the same as `full_history`, of what git is known to know."""
    kind = session.kind(kind).name
    record = session.ws.stored.any(kind, key)
    if record is None:
        return []
    log = session.ws.undo_log(LOG)
    blame = together(past or from_git(()), from_log(log, kind, key), record)
    people = People(session)
    made = {step.id: people.name(By(entry.by)) for entry in log for step in entry.steps if step.born}
    made[key] = people.name(blame.added or By())
    rest, by = changes_of(session, kind, record, blame, people.name)
    made.update(by)
    known = history(session, kind, key)
    if kind == "lead":
        rest = _conversions(rest)
        if any(one.field == "converted_at" and one.after for one in rest):
            # What the record itself says of it does not say who it was.
            known = [one for one in known if one.kind != kind or not one.text.startswith("converted: ")]
    found = [
        replace(one, by=made[one.id]) if not one.by and one.id in made and one.kind in (kind, "activity") else one
        for one in known
    ]
    found += [
        Event(moment(one.at), one.by, one.text, kind, record["id"], one.field, one.before, one.after, one.commit)
        for one in rest
    ]
    return sorted(found, key=lambda event: (event.at, event.id), reverse=True)


def _conversions(found: Sequence[Told]) -> list[Told]:
    """Return a lead's changes with all that a conversion wrote, or that taking one back cleared, as one of them."""
    turns = {(one.at, one.by): one for one in found if one.field == "converted_at"}
    kept = []
    for one in found:
        turn = turns.get((one.at, one.by))
        if turn is None or one.field not in (*_BECAME, *(_DECIDED if turn.after else ()), "converted_at"):
            kept.append(one)
        elif one is turn:
            beside = {each.field: each.after for each in found if (each.at, each.by) == (one.at, one.by)}
            became = ", ".join(f"{name} {beside[name]}" for name in _BECAME if beside.get(name))
            said = f"converted: {became}" if became else "converted"
            kept.append(one._replace(text=said if one.after else "no longer converted"))
    return kept


def changes_of(
    session: Session, kind: str, record: Record, blame: Blame, call: Callable[[By], str]
) -> tuple[list[Told], dict[str, str]]:
    """Return what no entry in a record's log tells of, oldest first; and who made those that tell, by their id.

    `call` says what people are called.
    """
    pairs = ((version, change) for (_, version), change in blame.changes.items())
    found = told(session, kind, record, pairs, call)
    if kind != "deal":
        return found, {}
    entries = _entries(session, record["id"])
    moved = [one.at for one in found if one.field == "stage"]
    rest: list[Told] = []
    by: dict[str, str] = {}
    # An entry tells of one change: what undo wrote soon after, to the same effect, is another.
    told_of: set[tuple[str, str]] = set()
    for one in found:
        telling = next(
            (entry for entry in entries if (entry["id"], one.field) not in told_of and _same(one, entry)), None
        )
        if telling is not None:
            told_of.add((telling["id"], one.field))
            by[telling["id"]] = one.by
        elif one.field not in _FOLLOWING or all(abs(one.at - at) >= SAME_STEP for at in moved):
            rest.append(one)
    return rest, by


def _entries(session: Session, deal: str) -> list[Record]:
    """Return the automatic entries about a deal."""
    log = session.ws.all("activity").values()
    return [one for one in log if one.get("type") == CHANGE and one.get("deal") == deal]


def _same(one: Told, entry: Record) -> bool:
    """Tell whether an automatic entry is about a change."""
    field = entry.get("field")
    apart = min(abs(at_ms(entry) - at) for at in (one.at, id_ms(one.version)))
    if field != _TOLD_BY.get(one.field, one.field) or apart > SAME_STEP:
        return False
    if field != one.field:
        return True
    after = str(entry.get("after") or "")
    value = shown({one.field: one.new if isinstance(one.new, str) else ""}, one.field)
    return value == (after.partition(" ")[0] if field == "value" else after)
