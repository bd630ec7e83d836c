"""A value that gave way and the one that stands, in the words that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.forwarded import called
from tuicrm.crm.losers import group_of
from tuicrm.crm.shapes import word
from tuicrm.records.merged import MERGED_INTO, MERGED_SEEN
from tuicrm.records.registry import KINDS
from tuicrm.store.tombstone import DELETION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.losers import Edit
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field, Kind

Record = dict[str, Any]

THERE = "there"
GONE = "removed"
KEPT = "kept"
EMPTY = "empty"


def describe(session: Session, edit: Edit, record: Record | None, lost: Record | None) -> tuple[str, str, str]:
    """Return what an edit was about, and both sides of it: what lost, and what stands.

    `record` is the record as it is, `lost` as it would be with the lost edit; both None where it is gone.
    """
    first = edit.first
    if first.path == DELETION:
        by = word(first.value)
        return "deleted", f"deleted by {by}" if by else "deleted", GONE if record is None else KEPT
    known = session.kind(first.kind) if first.kind in KINDS else None
    names = first.path.split("/")
    if len(names) > 1:
        return _nested(session, known, edit, record)
    fields = leading(edit)
    if known is None:
        return _raw(edit, fields, record)
    titles = [known.by_name[one].title if one in known.by_name else _words(one) for one in fields]
    return (
        ", ".join(titles),
        ", ".join(field_shown(session, known, one, lost or edit.leaves) for one in fields),
        ", ".join(field_shown(session, known, one, record) for one in fields) if record is not None else "",
    )


def leading(edit: Edit) -> list[str]:
    """Return the fields that are shown: the one that stands for its group, else each."""
    from tuicrm.store.leaves import key_of

    fields = [key_of(one.path) for one in edit.losers]
    group = group_of(edit.first.kind, fields[0])
    for leader, others in (
        ("stage", ("stage", "pipeline")),
        ("value", ("value", "currency")),
        (MERGED_INTO, (MERGED_INTO, MERGED_SEEN)),
    ):
        if leader in group and any(one in fields for one in others):
            return [leader]
    return fields


def field_shown(session: Session, kind: Kind, name: str, record: Mapping[str, Any] | None) -> str:
    """Return a field of a record as people say it."""
    held = (record or {}).get(name)
    if held in (None, "", [], {}):
        return EMPTY
    if kind.name == "deal" and name == "value":
        return _money(held, (record or {}).get("currency"))
    field = kind.by_name.get(name)
    if field is None:
        return called(session, kind.name, word(held)) if name == MERGED_INTO else str(held)
    text = _cell(session, kind, field, {"id": "", **(record or {})})
    if name == "stage" and len(session.ws.all("pipeline")) > 1:
        from tuicrm.crm.lookup import name_of

        pipeline = name_of(session, "pipeline", word((record or {}).get("pipeline")))
        return f"{pipeline}: {text}" if pipeline else text
    return text


def _cell(session: Session, kind: Kind, field: Field, record: Record) -> str:
    from tuicrm.crm.rows import cells
    from tuicrm.errors import NotFound

    try:
        (text,) = cells(session, kind.name, record, [field.name])
    except NotFound:
        text = str(record.get(field.name))
    return text


def _money(held: object, currency: object) -> str:
    from tuicrm.crm.derive import amount
    from tuicrm.money import MINOR_UNITS, Money, show

    found = amount(held)
    if found is None or currency not in MINOR_UNITS:
        return f"{currency or ''} {held}".strip()
    return show(Money(found, str(currency)))


def _nested(session: Session, known: Kind | None, edit: Edit, record: Record | None) -> tuple[str, str, str]:
    """Return the words for an element of a set, or for an entry of a map."""
    from tuicrm.store.leaves import ABSENT, MEMBER, flatten, key_of

    field, element, *_ = edit.first.path.split("/")
    leaves = flatten(record) if record is not None else {}
    prefix = f"{field}/{element}"
    declared = known.by_name.get(key_of(field)) if known is not None else None
    label = _element_label(session, declared, key_of(field), key_of(element), record)
    stands = any(path == prefix or path.startswith(f"{prefix}/") for path in leaves)
    lost = edit.leaves
    if all(value is ABSENT for value in lost.values()):
        return label, GONE, THERE if stands else GONE
    if all(value is MEMBER or value is ABSENT for value in lost.values()):
        return label, THERE, THERE if stands else GONE
    return label, _parts(session, prefix, lost), _parts(session, prefix, {p: leaves.get(p, ABSENT) for p in lost})


def _element_label(session: Session, field: Field | None, name: str, element: str, record: Record | None) -> str:
    if field is None:
        return f"{_words(name)} {element}"
    title = field.type.singular(field.title)
    if field.type.refers:
        from tuicrm.crm.lookup import name_of

        return f"{title} {name_of(session, field.type.refers, element) or element}"
    entry = ((record or {}).get(field.name) or {}) if field.type.name == "map" else {}
    inner = entry.get(element) if isinstance(entry, dict) else None
    if isinstance(inner, dict):
        return f"{title} {_called(session, inner) or element}"
    return f"{title} {element}"


def _called(session: Session, entry: Mapping[str, Any]) -> str:
    """Return what an entry of a map is called: its name, or that of its product."""
    from tuicrm.crm.lookup import name_of

    return word(entry.get("name")) or name_of(session, "product", word(entry.get("product")))


def _parts(session: Session, prefix: str, leaves: Mapping[str, Any]) -> str:
    """Return `quantity 5, price 10`."""
    from tuicrm.crm.lookup import name_of
    from tuicrm.store.leaves import ABSENT, MEMBER, key_of

    said = []
    for path, value in leaves.items():
        part = "/".join(key_of(one) for one in path.removeprefix(prefix).strip("/").split("/"))
        text = EMPTY if value is ABSENT else THERE if value is MEMBER else str(value)
        if part == "product" and isinstance(value, str):
            text = name_of(session, "product", value) or value
        said.append(f"{_words(part)} {text}".strip())
    return ", ".join(said)


def _raw(edit: Edit, fields: list[str], record: Record | None) -> tuple[str, str, str]:
    """Return the words for a kind of record that only a later version knows."""
    from tuicrm.store.leaves import ABSENT, key_of

    held = {key_of(path): value for path, value in edit.leaves.items()}
    lost = [EMPTY if held.get(one, ABSENT) is ABSENT else str(held[one]) for one in fields]
    stands = [str((record or {}).get(one, EMPTY)) for one in fields]
    return ", ".join(map(_words, fields)), ", ".join(lost), ", ".join(stands) if record is not None else ""


def _words(name: str) -> str:
    return name.replace("_", " ")
