"""Records as people and scripts see them: flat objects for JSON, texts for tables."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.lookup import name_of, names
from tuicrm.errors import Invalid
from tuicrm.records.merged import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field, Kind
    from tuicrm.records.types import FieldType

    Read = Callable[[dict[str, Any]], Any]
    Readers = tuple[dict[str, Any], list[tuple[str, Read]]]

Record = dict[str, Any]

NAME_SUFFIX = "_name"
"""What the key of a reference's name has after the field's own name."""


def flat(
    session: Session, kind: str, record: Record, columns: Sequence[str] | None = None, *, full: bool = False
) -> dict[str, Any]:
    """Return a record as one flat JSON object: `id`, then the fields by name, as stored.

    References are ids, with `<field>_name` beside them; money is a decimal string; absent is null, or [] where a field
    holds several values; fields that only a later version knows come last. With `columns`, `id` and those. Derived
    fields that need the log are left out unless named in `columns`, or with `full`.
    """
    return flattener(session, kind, columns, full=full)(record)


def flattener(
    session: Session, kind: str, columns: Sequence[str] | None = None, *, full: bool = False
) -> Callable[[Record], dict[str, Any]]:
    """Return what makes flat objects of a kind's records, for whoever needs many of them."""
    asked = (kind, tuple(columns) if columns is not None else None, full, session.ws.revision, session.now)
    held = session.kept.get("flat")
    if held is None or held[0] != asked:
        held = session.kept["flat"] = (asked, _flattener(session, session.kind(kind).name, columns, full))
    found: Callable[[Record], dict[str, Any]] = held[1]
    return found


def cells(session: Session, kind: str, record: Record, columns: Sequence[str]) -> list[str]:
    """Return one text for each column, as a table shows it: names for references, wall times for instants.

    The texts are not yet cleaned for a terminal.
    """
    asked = (kind, tuple(columns), session.ws.revision, session.now)
    held = session.kept.get("cells")
    if held is None or held[0] != asked:
        held = session.kept["cells"] = (asked, [_cell(session, session.kind(kind), name) for name in columns])
    readers: list[Callable[[Record], str]] = held[1]
    return [read(record) for read in readers]


def column_names(session: Session, kind: str, columns: Sequence[str]) -> list[str]:
    """Return the proper names of columns given by any name; raises Invalid for one that does not exist."""
    declared = session.kind(kind)
    return [_column(declared, name)[0] for name in columns]


def _column(kind: Kind, name: str) -> tuple[str, Field | None]:
    """Return a column's proper name and its field; no field for `id` and for the name of a reference."""
    wanted = name.strip().lower().replace("-", "_")
    if wanted in kind.by_name:
        field = kind.by_name[wanted]
        return field.name, field
    referring = kind.by_name.get(wanted.removesuffix(NAME_SUFFIX))
    if wanted == "id" or (referring is not None and referring.type.refers):
        return wanted, None
    from tuicrm.folding import nearest

    near = nearest(wanted, ["id", *(one.name for one in kind.all_fields)])
    guess = f"; did you mean {near}?" if near else ""
    raise Invalid(f"{kind.many} have no column {name.strip()!r}{guess}", field=name.strip())


def readers(session: Session, kind: Kind, columns: Sequence[str] | None = None, *, full: bool = False) -> Readers:
    """Return the keys of flat objects, in their order, and what reads those that are not simply copied."""
    template: dict[str, Any] = {"id": None}
    special: list[tuple[str, Read]] = []
    for name, field in _shown(kind, columns, full):
        _place(session, kind, name, field, template, special)
    return template, special


def known_keys(kind: Kind) -> frozenset[str]:
    """Return the keys of a stored record that need no further look: declared fields, whether shown or not."""
    return frozenset(one.name for one in kind.all_fields) | HIDDEN


def _flattener(
    session: Session, kind: str, columns: Sequence[str] | None, full: bool
) -> Callable[[Record], dict[str, Any]]:
    declared = session.kind(kind)
    template, special = readers(session, declared, columns, full=full)
    specials = frozenset(name for name, _ in special)
    stored = frozenset(template) - specials
    size = len(template)
    # What no declaration knows is kept in the whole record; derived fields that are not shown are known as well.
    known = known_keys(declared)

    def whole(record: Record) -> dict[str, Any]:
        out = {**template, **record}
        if len(out) > size:
            extra = [key for key in out if key not in template and (key in known or key[:1] == "_")]
            for key in extra:
                del out[key]
        for key, read in special:
            out[key] = read(record)
        return out

    def part(record: Record) -> dict[str, Any]:
        out = template.copy()
        for key in stored:
            if key in record:
                out[key] = record[key]
        for key, read in special:
            out[key] = read(record)
        return out

    return part if columns is not None else whole


def _shown(kind: Kind, columns: Sequence[str] | None, full: bool) -> list[tuple[str, Field | None]]:
    if columns is not None:
        return [_column(kind, name) for name in columns]
    heavy = frozenset() if full else derive.ON_REQUEST
    return [(one.name, one) for one in kind.all_fields if not (one.computed and one.name in heavy)]


def _place(
    session: Session,
    kind: Kind,
    name: str,
    field: Field | None,
    template: dict[str, Any],
    special: list[tuple[str, Read]],
) -> None:
    """Add the keys of one column, and what reads those that are not simply copied."""
    template[name] = None
    if field is None:
        if name != "id":
            special.append((name, _names_reader(session, kind, kind.by_name[name.removesuffix(NAME_SUFFIX)])))
        return
    read = derive.computed(session, kind.name, name)
    if read is not None:
        special.append((name, read))
    elif field.type.many:
        special.append((name, _many_reader(field)))
    # A lead has a field company_name of its own: what the person said, also where there is a company.
    if field.type.refers and name + NAME_SUFFIX not in kind.by_name:
        template[name + NAME_SUFFIX] = None
        special.append((name + NAME_SUFFIX, _names_reader(session, kind, field)))


def _many_reader(field: Field) -> Read:
    name, plain = field.name, field.type.plain

    def read(record: Record) -> list[Any]:
        held = record.get(name)
        if held is None:
            return []
        made = plain(held)
        return made.copy() if made.__class__ is list else list(made) if isinstance(made, dict) else [made]

    return read


def value_reader(session: Session, kind: str, field: Field) -> Read:
    """Return what reads a field in its stored form, derived or not; None where it is absent."""
    name = field.name
    return derive.computed(session, kind, name) or (lambda record: record.get(name))


def _names_reader(session: Session, kind: Kind, field: Field) -> Read:
    """Return what reads the names that a reference shows: a text or None, or a list of texts."""
    if field.type.refers == "stage":
        return stage_name_reader(session)
    read = value_reader(session, kind.name, field)
    found = names(session, field.type.refers)

    def one(record: Record) -> str | None:
        key = read(record)
        return (found[key] or None) if key.__class__ is str else None

    def several(record: Record) -> list[str]:
        keys = read(record)
        return [found[key] if isinstance(key, str) else "" for key in keys] if isinstance(keys, list) else []

    return several if field.type.many else one


def stage_name_reader(session: Session) -> Callable[[Record], str | None]:
    """Return what reads the name of a deal's stage; its key where the pipeline has no such stage."""
    facts = derive.deals(session)

    def read(deal: Record) -> str | None:
        stage = facts.stage(deal)
        return stage.name if stage is not None else deal.get("stage")

    return read


def _cell(session: Session, kind: Kind, name: str) -> Callable[[Record], str]:
    name, field = _column(kind, name)
    if field is None:
        if name == "id":
            return lambda record: str(record["id"])
        field = kind.by_name[name.removesuffix(NAME_SUFFIX)]
    say = _sayer(session, kind, field)
    read = value_reader(session, kind.name, field)
    if kind.name == "activity" and name == "subject":
        from tuicrm.crm.history import change_text
        from tuicrm.records.kinds.activity import CHANGE

        def subject(record: Record) -> str:
            value = read(record)
            if value is None and record.get("type") == CHANGE:
                return change_text(session, record)
            return "" if value is None else say(record, value)

        return subject

    if kind.name == "deal" and name == "checks":
        from tuicrm.crm.ticks import ticked_words

        return lambda record: ", ".join(ticked_words(session, record)) if record.get("checks") else ""

    if kind.name == "deal" and name == "items":
        from tuicrm.crm.lineitems import said

        return lambda record: said(session, record) if record.get("items") else ""

    def text(record: Record) -> str:
        value = read(record)
        return "" if value is None else say(record, value)

    return text


def _sayer(session: Session, kind: Kind, field: Field) -> Callable[[Record, Any], str]:
    """Return what says a stored value of a field in a table's cell."""
    from tuicrm.records.values import Day, Instant, When

    refers, of_type = field.type.refers, field.type
    if refers == "stage":
        stage_name = stage_name_reader(session)
        return lambda record, value: str(stage_name(record) or value)
    if refers:
        return lambda record, value: ", ".join(_called(session, refers, one) for one in _listed(value))
    if isinstance(of_type, Instant):
        zone = derive.zone_of(session)
        return lambda record, value: _wall(value, zone)
    if isinstance(of_type, When):
        return lambda record, value: _moment(value, session.zone)
    if isinstance(of_type, Day):
        return lambda record, value: str(value)
    return _plain_sayer(of_type)


def _plain_sayer(of_type: FieldType) -> Callable[[Record, Any], str]:
    """Return what says a value as its type does; one of a shape that the type cannot have, as it stands."""
    from tuicrm.records.types import Addresses
    from tuicrm.records.values import Nested

    shape = dict if isinstance(of_type, (Addresses, Nested)) else list if of_type.many else (str, int)

    def say(record: Record, value: Any) -> str:
        if isinstance(value, shape):
            return of_type.text(value)
        return ", ".join(map(str, value)) if isinstance(value, (list, dict)) else str(value)

    return say


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _called(session: Session, kind: str, key: Any) -> str:
    """Return a referenced record's name; the end of its id where nobody knows it."""
    text = str(key)
    return name_of(session, kind, text) or f"…{text[-4:]}"


def _wall(value: Any, zone: Any) -> str:
    try:
        return datetime.fromisoformat(str(value)).astimezone(zone).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return str(value)


def _moment(value: Any, zone: str) -> str:
    """Return `2026-10-09 10:00`, with the zone behind it where that is not the session's."""
    wall, bracket, rest = str(value).partition("[")
    there = rest.removesuffix("]")
    return wall.replace("T", " ") + (f" {there}" if bracket and there != zone else "")
