"""Which records a list shows, and in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

Record = dict[str, Any]

DEFAULT_SORT = {
    **{"activity": "-at", "followup": "due", "company": "name", "contact": "name", "product": "name"},
    **{"territory": "order", "target": "period"},
}
"""The order of a list where nobody chose one; by age where a kind is not named here."""


def select(
    session: Session, kind: str, *, where: str = "", sort: str = "", limit: int | None = None, everything: bool = False
) -> list[Record]:
    """Return the live records of a kind that a query fits, ordered by fields such as `-value,name`.

    What the kind lists by itself (deals: the open ones) is added unless the query names a state or `everything` is
    set. Empty values come last whichever the direction; records that are equal keep the order of their ids.
    """
    declared = session.kind(kind)
    kind = declared.name
    if limit is not None and limit < 0:
        raise Invalid(f"a limit of {limit} makes no sense; 0 or more does", field="limit")
    orders = sort_keys(session, kind, sort or DEFAULT_SORT.get(kind, ""))
    found = list(session.ws.all(kind).values())
    if where.strip() or (declared.listed and not everything):
        from tuicrm.crm.query import compile_query, names_states

        if declared.listed and not everything and not names_states(session, kind, where):
            found = list(filter(compile_query(session, kind, declared.listed), found))
        found = list(filter(compile_query(session, kind, where), found))
    return ordered(found, orders)[:limit]


def ordered(records: list[Record], orders: Sequence[tuple[Callable[[Record], Any], bool]]) -> list[Record]:
    """Return records in the order of (key, reverse) pairs, the first counting most; what has no key comes last."""
    found = sorted(records, key=lambda record: record["id"])
    for key, reverse in reversed(orders):
        filled = [(value, record) for record in found if (value := key(record)) is not None]
        empty = [record for record in found if key(record) is None] if len(filled) < len(found) else []
        filled.sort(key=lambda pair: pair[0], reverse=reverse)
        found = [record for _, record in filled] + empty
    return found


def sort_keys(session: Session, kind: str, sort: str) -> list[tuple[Callable[[Record], Any], bool]]:
    """Return (key, reverse) pairs for `-value,name`; raises Invalid naming the nearest field."""
    declared = session.kind(kind)
    found: list[tuple[Callable[[Record], Any], bool]] = []
    for typed in filter(None, (part.strip() for part in sort.split(","))):
        name = typed.lstrip("+-").strip().lower().replace("-", "_").removesuffix("_name")
        reverse = typed.startswith("-")
        if name == "id":
            found.append((lambda record: record["id"], reverse))
        elif name in declared.by_name:
            found.append((sort_key(session, kind, declared.by_name[name]), reverse))
        else:
            from tuicrm.folding import nearest

            near = nearest(name, ["id", *(one.name for one in declared.all_fields)])
            guess = f"; did you mean {near}?" if near else ""
            raise Invalid(f"{declared.many} cannot be sorted by {typed!r}: there is no such field{guess}", field="sort")
    return found


def sort_key(session: Session, kind: str, field: Field) -> Callable[[Record], Any]:
    """Return what orders records by a field, in the natural order of its type; None where a record has nothing."""
    from tuicrm.crm.query.compare import reader
    from tuicrm.records import values

    if isinstance(field.type, values.Stage):
        return _stage_key(session)
    if field.name in ("created_at", "updated_at") or (kind == "activity" and field.name == "at"):
        return _time_key(kind, field.name)
    read = reader(session, kind, field)
    if field.type.refers:
        return _name_key(session, field, read)
    if isinstance(field.type, values.Amount):
        from tuicrm.crm.derive import amount

        return lambda record: amount(read(record))
    natural = field.type.key

    def key(record: Record) -> Any:
        value = read(record)
        return None if value is None or value in ("", [], {}) else natural(value)

    return key


def _time_key(kind: str, name: str) -> Callable[[Record], Any]:
    from tuicrm.crm import derive, touches

    if name == "created_at":
        return lambda record: record["id"]
    return touches.at_ms if name == "at" else derive.updated_ms


def _stage_key(session: Session) -> Callable[[Record], Any]:
    """Deals sort by pipeline, then by the place of their stage; unknown stages come last."""
    from tuicrm.crm import derive
    from tuicrm.crm.stages import stages

    facts = derive.deals(session)
    places = {
        (key, stage.key): (place, key)
        for key, one in session.ws.all("pipeline").items()
        for place, stage in enumerate(stages(one))
    }
    return lambda deal: places.get((facts.pipeline(deal), facts.standing(deal)))


def _name_key(session: Session, field: Field, read: Callable[[Record], Any]) -> Callable[[Record], Any]:
    from tuicrm.crm.lookup import names
    from tuicrm.folding import fold

    called = names(session, field.type.refers)
    folded: dict[str, str] = {}

    def name(key: Any) -> str:
        if key not in folded:
            folded[key] = fold(called[key])
        return folded[key]

    def of_record(record: Record) -> Any:
        value = read(record)
        first = value if isinstance(value, str) else value[0] if isinstance(value, list) and value else None
        return name(first) or None if isinstance(first, str) and first else None

    return of_record
