"""Two records that are one thing: which value of each field stays, and the step that makes one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import words
from tuicrm.errors import Invalid
from tuicrm.records.merged import MERGEABLE, MERGED_INTO, MERGED_SEEN

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.forwarded import Gone
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field, Kind

Record = dict[str, Any]
KEPT, GONE, BOTH = "A", "B", "both"
"""Whose value a field gets: that of the record that stays, of the one that goes, or what both have."""

_MOVE = ("pipeline", "stage", "closed_on", "lost_reason")
"""What one move of a deal writes: a stage of one deal with the closing of another would be neither."""
_EMPTY: tuple[Any, ...] = (None, "", [], {})


@dataclass(frozen=True, slots=True)
class Choice:
    """Fields that are decided about together, and what they may become."""

    fields: tuple[str, ...]
    label: str
    kept: dict[str, Any]
    """The values of the record that stays, by field."""
    gone: dict[str, Any]
    take: str
    """`A`, `B`, or `both`."""
    can_unite: bool

    @property
    def differs(self) -> bool:
        """Whether there is anything to choose."""
        from tuicrm.crm.edit import same

        return not all(same(self.kept[name], self.gone[name]) for name in self.fields)


def choices(
    session: Session, kind: str, keep: Record, gone: Record, take: Mapping[str, str] | None = None
) -> list[Choice]:
    """Return what is to be decided for two records, in the order in which fields are shown; `take`: field -> A or B.

    Where nothing is said, sets are united, notes are kept of both, and else the fuller one goes first, A before B. What
    was edited in a record after it was merged goes before what the other one has.
    """
    declared = session.kind(kind)
    asked = _said(declared, take or {})
    said = {**_late(session, declared, keep, gone), **asked}
    found: list[Choice] = []
    for fields in _units(declared):
        kept = {one.name: _held(keep, one, gone) for one in fields}
        other = {one.name: _held(gone, one, keep) for one in fields}
        united = len(fields) == 1 and _unites(fields[0])
        wanted = _agreed(fields, asked) or next((said[one.name] for one in fields if one.name in said), "")
        default = _default(fields[0], kept, other, united)
        if wanted == BOTH and not united:
            raise Invalid(f"{fields[0].name}: one value has to be chosen, A or B", field=fields[0].name)
        names = tuple(one.name for one in fields)
        found.append(Choice(names, ", ".join(one.title for one in fields), kept, other, wanted or default, united))
    return found


def values(choice: Choice) -> dict[str, Any]:
    """Return the values that the chosen side of a choice gives, by field."""
    if choice.take == KEPT:
        return choice.kept
    if choice.take == GONE:
        return choice.gone
    (name,) = choice.fields
    return {name: _united(choice.kept[name], choice.gone[name])}


def merge(session: Session, kind: str, keep: Record, gone: Record, take: Mapping[str, str] | None = None) -> Plan:
    """Return the plan that makes one of two records: `keep` stays, and whoever names `gone` is led to it."""
    from tuicrm.crm.checks import check
    from tuicrm.crm.edit import same, written
    from tuicrm.crm.forwarded import called, seen_text
    from tuicrm.crm.lookup import title
    from tuicrm.store.changes import Write

    declared = session.kind(kind)
    if declared.name not in MERGEABLE:
        raise Invalid(f"{declared.many} cannot be merged")
    stored = session.ws.stored.get(declared.name, gone["id"])
    if keep["id"] == gone["id"] or stored is None:
        raise Invalid(f"both name the same {declared.one}, {title(session, declared.name, keep)}")
    decided = choices(session, declared.name, keep, gone, take)
    fields: dict[str, Any] = {}
    for one in decided:
        made = values(one)
        if any(not same(keep.get(name), value) for name, value in made.items()):
            fields.update(made)
    changes = written(session, declared, keep, fields) if fields else []
    check(session, declared, keep, {**keep, **fields}, fields)
    leads = {MERGED_INTO: keep["id"], MERGED_SEEN: seen_text(stored)}
    changes.append(Write(declared.name, gone["id"], leads))
    name, other = title(session, declared.name, keep), called(session, declared.name, gone["id"])
    more = f" ({declared.one} {gone['id'][-4:]})" if name == other else ""
    said = tuple(_told(one) for one in decided if one.differs and one.take != KEPT)
    return Plan(tuple(changes), f"merged {other}{more} into {name}", ids=(keep["id"],), said=said)


def _late(session: Session, kind: Kind, keep: Record, gone: Record) -> dict[str, str]:
    """Return whose value a field gets that was edited in a record after that was merged: the edit is to be seen."""
    from tuicrm.crm.forwarded import gone_into, unseen_fields

    held = [one for one in gone_into(session, kind.name, keep["id"]) if one.record["id"] == gone["id"]]
    fields = [kind.by_name[name] for one in held for name in unseen_fields(session, one) if name in kind.by_name]
    return {one.name: BOTH if _unites(one) else GONE for one in fields}


def _told(choice: Choice) -> str:
    return f"{choice.label}: {'of both' if choice.take == BOTH else 'of the other one'}"


def find_pair(session: Session, kind: str, first: str, second: str) -> tuple[Record, Record]:
    """Return the records that two texts name; the second may be merged into the first and edited since."""
    from tuicrm.crm.forwarded import unseen
    from tuicrm.crm.lookup import title

    keep, other, held = _named(session, kind, first, second)
    if held is None:
        return keep, other
    if unseen(session, held):
        return keep, held.record
    raise Invalid(f"{title(session, kind, held.record)} is merged into {title(session, kind, keep)} already")


def find_two(session: Session, kind: str, first: str, second: str) -> tuple[Record, Record]:
    """Return the records that two texts name; the second may be merged into the first, and is named by its id then."""
    keep, other, held = _named(session, kind, first, second)
    return keep, other if held is None else held.record


def _named(session: Session, kind: str, first: str, second: str) -> tuple[Record, Record, Gone | None]:
    """Return the records that two texts lead to, and where that is one, which of its parts the second is the id of."""
    from tuicrm.crm.forwarded import gone_into
    from tuicrm.crm.lookup import find, title

    keep, other = find(session, kind, first), find(session, kind, second)
    if keep["id"] == other["id"]:
        wanted = second.strip().upper()
        held = [one for one in gone_into(session, kind, keep["id"]) if one.record["id"].endswith(wanted)]
        if len(held) != 1 or len(wanted) < 4:
            raise Invalid(f"both name the same {session.kind(kind).one}, {title(session, kind, keep)}")
        return keep, other, held[0]
    return keep, other, None


def _said(kind: Kind, take: Mapping[str, str]) -> dict[str, str]:
    """Return whose value was asked for, by the fields' own names."""
    found: dict[str, str] = {}
    for name, whose in take.items():
        field = kind.by_name.get(name.strip().lower().replace("-", "_"))
        if field is None or field.computed:
            from tuicrm.folding import nearest

            near = nearest(name, [one.name for one in kind.writable])
            guess = f"; did you mean {near}?" if near else ""
            raise Invalid(f"{kind.many} have no field {name!r} to choose{guess}", field=name)
        word = {"a": KEPT, "b": GONE, "both": BOTH}.get(whose.strip().lower())
        if word is None:
            raise Invalid(
                f"{field.name}: {whose!r} is neither A, the first record, nor B, the second", field=field.name
            )
        found[field.name] = word
    return found


def _agreed(fields: tuple[Field, ...], asked: Mapping[str, str]) -> str:
    """Return whose value was asked for of fields that are taken together; empty where nothing was."""
    found = {asked[one.name]: one.name for one in fields if one.name in asked}
    if len(found) > 1:
        names = ", ".join(one.name for one in fields)
        raise Invalid(f"{names} are taken together: choose A or B for all of them", field=next(iter(found.values())))
    return next(iter(found), "")


def _units(kind: Kind) -> list[tuple[Field, ...]]:
    """Return the fields that people fill in, those together that only make sense together."""
    groups = [group for group in kind.groups if group[0] not in _MOVE]
    if kind.name == "deal":
        groups.append(_MOVE)
    found: list[tuple[Field, ...]] = []
    taken: set[str] = set()
    for field in kind.writable:
        if field.name in taken or (kind.name == "deal" and field.name == "product"):
            # A deal's product is a view of its line items.
            continue
        names = next((group for group in groups if field.name in group), (field.name,))
        taken.update(names)
        found.append(tuple(one for one in kind.writable if one.name in names))
    return found


def _held(record: Record, field: Field, other: Record) -> Any:
    """Return a field of a record; nothing where it names one of the two, as of a company merged with its parent."""
    value = record.get(field.name)
    return None if field.type.refers and value in (record["id"], other["id"]) else value


def _unites(field: Field) -> bool:
    from tuicrm.records.types import Addresses, LongText

    return isinstance(field.type, Addresses | LongText) or (field.type.many and field.type.name != "map")


def _default(field: Field, kept: Mapping[str, Any], gone: Mapping[str, Any], united: bool) -> str:
    if united:
        has = [any(value not in _EMPTY for value in one.values()) for one in (kept, gone)]
        return BOTH if all(has) else GONE if has[1] else KEPT
    counts = [sum(value not in _EMPTY for value in one.values()) for one in (kept, gone)]
    return GONE if counts[1] > counts[0] else KEPT


def _united(kept: Any, gone: Any) -> Any:
    if isinstance(kept, dict) or isinstance(gone, dict):
        return _addresses(kept, gone)
    if isinstance(kept, str) and isinstance(gone, str):
        return kept if gone.strip() in kept else gone if kept.strip() in gone else f"{kept}\n\n{gone}"
    return list(dict.fromkeys([*words(kept), *words(gone)]))


def _addresses(kept: Any, gone: Any) -> dict[str, dict[str, Any]]:
    """Return the addresses of both, those of the record that stays first, each once however it was typed."""
    from tuicrm.crm import phones
    from tuicrm.folding import fold
    from tuicrm.records.types import ranked, with_ranks

    first: Sequence[str] = ranked(kept)
    more = []
    for one in ranked(gone):
        core = "" if "@" in one else phones.core(one)
        if core:
            known = any(phones.same(phones.core(held), core) for held in first)
        else:
            known = fold(one) in {fold(held) for held in first}
        if not known:
            more.append(one)
    if not more:
        return kept if isinstance(kept, dict) else {}
    labels = {**(gone if isinstance(gone, dict) else {}), **(kept if isinstance(kept, dict) else {})}
    return with_ranks([*first, *more], labels)
