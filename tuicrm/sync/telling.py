"""Changes of leaves in words: `phone: 1 > 2`, `tags: +hot -cold`, and who made them by name."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.forwarded import called
from tuicrm.crm.lookup import name_of
from tuicrm.crm.shapes import word
from tuicrm.folding import fold
from tuicrm.records.merged import MERGED_INTO, MERGED_SEEN
from tuicrm.store.leaves import ABSENT, key_of, top
from tuicrm.store.tombstone import ALIVE, DELETION
from tuicrm.store.ulid import is_ulid
from tuicrm.sync.identity import domain, made_up
from tuicrm.sync.identity import name_of as full_name
from tuicrm.text import clean_line, truncate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field
    from tuicrm.sync.blame import By, Change

Record = dict[str, Any]

LONGEST_NAME = 60
LONGEST_VALUE = 120
"""Cells of one side of a change."""
_UNTOLD = frozenset(("rank", "order"))
"""Parts of map entries that only sort them."""


class Told(NamedTuple):
    """What one person did to one field at one moment."""

    at: int
    """Milliseconds since 1970."""
    by: str
    field: str
    text: str
    before: str
    """What was there before; of several values, those that went."""
    after: str
    commit: str
    version: str
    new: Any
    """The value itself where the field has one; ABSENT where it was cleared or has several."""


def told(
    session: Session, kind: str, record: Record, changes: Iterable[tuple[str, Change]], call: Callable[[By], str]
) -> list[Told]:
    """Return changes, given with their versions, in words, oldest first: those of one field in one step as one.

    `call` says what the people are called.
    """
    found = []
    places = {one.name: at for at, one in enumerate(session.kind(kind).all_fields)}

    def step(item: tuple[str, Change]) -> tuple[int, str, int, str]:
        _, change = item
        field = top(change.path)
        return change.at, call(change.by), places.get(field, len(places)), field

    for (at, by, _, field), group in groupby(sorted(changes, key=lambda one: (*step(one), one[0])), key=step):
        held = list(group)
        leaves = _by_path(change for _, change in held)
        said = _said(session, kind, record, key_of(field), leaves)
        if said is None:
            continue
        plain = leaves[0].new if len(leaves) == 1 and leaves[0].path == field else ABSENT
        commit = next((change.commit for _, change in held if change.commit), "")
        found.append(Told(at, by, key_of(field), *said, commit, held[-1][0], plain))
    return found


def _by_path(changes: Iterable[Change]) -> list[Change]:
    """Return the changes of each path as one, from the first value to the last."""
    found: dict[str, Change] = {}
    for one in changes:
        known = found.get(one.path)
        found[one.path] = one if known is None else replace(one, old=known.old)
    return list(found.values())


def _said(
    session: Session, kind: str, record: Record, field: str, changes: Sequence[Change]
) -> tuple[str, str, str] | None:
    """Return a line about the changes of one field, what was before and what came; None where nothing shows."""
    if field == DELETION:
        return "deleted", "", ""
    if field == ALIVE:
        return "restored", "", ""
    if field == MERGED_SEEN or (kind == "deal" and field == "discounts"):  # the log tells of discounts
        return None
    declared = session.kind(kind).by_name.get(field)
    head = declared.title if declared is not None else _short(field.replace("_", " "))
    before, after, parts = _values(session, kind, record, field, declared, changes)
    if parts:
        return f"{head}: {' '.join(parts)}", before, after
    if before == after:
        return None
    if not after:
        return f"{head}: cleared, was {_short(before)}", before, after
    return (f"{head}: {_short(before)} > {_short(after)}" if before else f"{head}: {_short(after)}"), before, after


def _values(
    session: Session, kind: str, record: Record, field: str, declared: Field | None, changes: Sequence[Change]
) -> tuple[str, str, list[str]]:
    """Return what went, what came, and for a field of several values a line about each of them."""
    from tuicrm.crm.ticks import check_text

    gone: list[str] = []
    came: list[str] = []
    parts: list[str] = []
    entries: dict[str, list[Change]] = {}
    for change in changes:
        _, _, rest = change.path.partition("/")
        if rest:
            entries.setdefault(top(rest), []).append(change)
            continue
        gone += filter(None, [_scalar(session, kind, record, field, declared, change.old)])
        came += filter(None, [_scalar(session, kind, record, field, declared, change.new)])
    if not entries:
        return ", ".join(gone), ", ".join(came), []
    for entry, held in entries.items():
        name = _entry(session, declared, key_of(entry))
        if kind == "deal" and field == "checks":
            name = check_text(session, record, key_of(entry))
        within = False
        if kind in ("deal", "quote") and field == "items":
            name = _item(session, record, key_of(entry), held)
            within = _is_within(record, key_of(entry), held)
            held = _without_discount(held) if within else held
        if within or not held:
            parts += _of_entry(name, entry, held)
        elif all(one.old is ABSENT for one in held):
            came.append(name)
        elif all(one.new is ABSENT for one in held):
            gone.append(name)
        else:
            parts += _of_entry(name, entry, held)
    signs = [f"-{_short(one)}" for one in sorted(gone)] + [f"+{_short(one)}" for one in sorted(came)]
    return ", ".join(gone), ", ".join(came), [*signs, *parts]


def _item(session: Session, record: Record, key: str, changes: Sequence[Change]) -> str:
    """Return what a line item is called: as the record has it, else as it was."""
    from tuicrm.crm.lineitems import called as item_called
    from tuicrm.crm.shapes import table

    lost = {_leaf(one): one.new if one.old is ABSENT else one.old for one in changes}
    return item_called(session, table(record.get("items")).get(key, lost))


def _leaf(change: Change) -> str:
    return key_of(change.path.rpartition("/")[2])


def _is_within(record: Record, key: str, changes: Sequence[Change]) -> bool:
    """Tell whether changes are about parts of a line item that stays: its quantity came, and goes, with it."""
    from tuicrm.crm.shapes import table

    known = table(record.get("items")).get(key, {"quantity": ""})
    return "quantity" in known and all(_leaf(one) != "quantity" for one in changes)


def _without_discount(changes: Sequence[Change]) -> list[Change]:
    """Leave out a discount that was given or taken, with its reason: the log tells of it."""
    if all(_leaf(one) != "discount" for one in changes):
        return list(changes)
    return [one for one in changes if _leaf(one) not in ("discount", "discount_reason")]


def _of_entry(name: str, entry: str, changes: Sequence[Change]) -> list[str]:
    """Return what changed within one entry of a map: `jane@acme.example label work > home`."""
    found = []
    for one in changes:
        path = [key_of(part) for part in one.path.split("/")[1:]]
        where = " ".join([_short(name), *path[1:]]) if path[0] == key_of(entry) else _short(name)
        if path[-1] not in _UNTOLD:
            found.append(f"{where} {_plain(one.old) or '(none)'} > {_plain(one.new) or '(none)'}")
    return found


def _entry(session: Session, declared: Field | None, key: str) -> str:
    """Return what one of several values is called: a record by its name, what is only an id by its end."""
    if declared is not None and declared.type.refers and (name := name_of(session, declared.type.refers, key)):
        return name
    return f"…{key[-4:]}" if is_ulid(key) else key


def _scalar(session: Session, kind: str, record: Record, field: str, declared: Field | None, value: Any) -> str:
    """Return a value as lists show it."""
    if value is ABSENT or value is None:
        return ""
    if field == MERGED_INTO:
        return called(session, kind, str(value))
    if declared is None or declared.computed or not isinstance(value, str | int):
        return _plain(value)
    from tuicrm.crm.rows import cells

    (said,) = cells(session, kind, {**record, field: value}, [field])
    return said


def _plain(value: Any) -> str:
    if value is ABSENT or value is None:
        return ""
    return _short(value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value))


def _short(text: str) -> str:
    return truncate(clean_line(text), LONGEST_VALUE)


class People:
    """Who a handle or a commit's author is: the team's user, found by what stayed the same where a name has changed."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[tuple[By, str], str] = {}
        self._by_handle: dict[str, Record] = {}
        self._by_name: dict[str, list[Record]] = {}
        self._by_email: dict[str, list[Record]] = {}
        for one in [*session.ws.dead("user").values(), *session.ws.all("user").values()]:
            handle = word(one.get("handle"))
            self._by_handle[fold(handle)] = one
            for name in {fold(handle), fold(word(one.get("name"))), fold(full_name(one))} - {""}:
                self._by_name.setdefault(name, []).append(one)
            for email in {fold(word(one.get("email"))), made_up(session, handle)}:
                self._by_email.setdefault(email, []).append(one)

    def name(self, by: By) -> str:
        """Return the full name of who did something; as it was written down where nobody of the team answers to it."""
        return self._called(by, "name", "handle")

    def handle(self, by: By) -> str:
        """Return the handle of who did something, else the same as `name`."""
        return self._called(by, "handle", "name")

    def _called(self, by: By, *fields: str) -> str:
        asked = (by, fields[0])
        found = self._known.get(asked)
        if found is None:
            user = self._user(by)
            said = by.name if user is None else next(filter(None, (word(user.get(one)) for one in fields)), "")
            found = self._known[asked] = truncate(clean_line(said).strip(), LONGEST_NAME)
        return found

    def _user(self, by: By) -> Record | None:
        named = self._by_name.get(fold(by.name), [])
        if by.email is None:
            return self._by_handle.get(fold(by.name)) or (named[-1] if named else None)
        addressed = self._by_email.get(fold(by.email), []) if by.email else []
        if by.email.endswith(f"@{domain(self._session)}"):
            return addressed[-1] if addressed else None
        both = [one for one in addressed if one in named]
        return next(iter(both or addressed or (named if len(named) == 1 else [])), None)
