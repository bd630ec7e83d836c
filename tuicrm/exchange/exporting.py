"""Records on their way out: which ones, and as CSV, JSON or JSON lines, a part at a time."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

from tuicrm.exchange.formulas import MARK, STARTS, defused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind

    Read = Callable[[dict[str, Any]], Any]
    Column = Callable[[Sequence[dict[str, Any]]], list[str]]
    Progress = Callable[[int, int], None] | None

Record = dict[str, Any]
PART = 500
"""Records that are written at a time: few enough for a processor's cache, where column after column is quick."""
_TOLD = 5_000
"""Records between two words about how far it has come."""
_EDGE = "\0"
_QUOTE = '"'
_QUOTED = frozenset((_QUOTE, ",", "\n", "\r"))


def parts(records: Sequence[Record], progress: Progress = None) -> Iterator[Sequence[Record]]:
    """Yield records a part at a time, saying how far it has come."""
    for start in range(0, len(records), PART):
        if progress is not None and start % _TOLD == 0:
            progress(start, len(records))
        yield records[start : start + PART]


def csv_parts(
    session: Session,
    kind: Kind,
    records: Sequence[Record],
    columns: Sequence[str] | None = None,
    *,
    progress: Progress = None,
) -> Iterator[str]:
    """Yield a table with a line of heads: the same columns as the JSON has, each value as an import reads it."""
    heads, cells = _columns(session, kind, records, columns)
    yield ",".join(_quoted(heads)) + "\n"
    for part in parts(records, progress):
        # Column after column, then joined to rows: in half the time of the csv module, which looks at every cell.
        yield "\n".join([*map(",".join, zip(*[column(part) for column in cells], strict=True)), ""])


def json_parts(
    session: Session,
    kind: Kind,
    records: Sequence[Record],
    columns: Sequence[str] | None = None,
    *,
    lines: bool,
    dumps: Callable[[Any], bytes],
    progress: Progress = None,
) -> Iterator[bytes]:
    """Yield flat objects, as `list --json` shows them: an array with one a line, or one a line and nothing else."""
    from tuicrm.crm.rows import flattener

    shape = flattener(session, kind.name, columns, full=True)
    before, between, after = (b"", b"\n", b"\n") if lines else (b"[\n", b",\n", b"\n]\n")
    begun = False
    for part in parts(records, progress):
        yield (between if begun else before) + between.join([dumps(shape(one)) for one in part])
        begun = True
    yield after if begun else (b"" if lines else b"[]\n")


def _columns(
    session: Session, kind: Kind, records: Sequence[Record], columns: Sequence[str] | None
) -> tuple[list[str], list[Column]]:
    """Return the heads, and what makes the cells of a column for a part of the records."""
    from tuicrm.crm.rows import known_keys, readers

    template, special = readers(session, kind, columns, full=True)
    heads = list(template)
    present = set().union(*records)
    if columns is None:
        # What no declaration knows, as fields of a later version, leaves as well.
        extra = present - known_keys(kind) - set(template)
        heads += sorted(key for key in extra if not key.startswith("_"))
    return heads, [_column(session, kind, name, dict(special), present) for name in heads]


def _column(session: Session, kind: Kind, name: str, special: Mapping[str, Read], present: Collection[str]) -> Column:
    """Return what makes the cells of one column; all that depends on the column alone is found out here."""
    from tuicrm.crm.derive import computed
    from tuicrm.records.types import Addresses

    field = kind.by_name.get(name)
    numeric = field is not None and field.type.numeric
    text = _in_order if field is not None and isinstance(field.type, Addresses) else _text
    is_stored = name not in special or (
        field is not None and field.type.many and not computed(session, kind.name, name)
    )
    if is_stored and name not in present:
        return lambda records: [""] * len(records)
    read = None if is_stored else special[name]

    def cells(records: Sequence[Record]) -> list[str]:
        values = _stored(records, name) if read is None else list(map(read, records))
        if set(map(type, values)) != {str}:
            values = [one if one.__class__ is str else text(one) for one in values]
        together = _EDGE + _EDGE.join(values)
        if any(sign in together and _EDGE + sign in together for sign in (*STARTS, MARK)):
            values = [defused(one, numeric=numeric) for one in values]
        return _quoted(values) if any(sign in together for sign in _QUOTED) else values

    return cells


def _quoted(values: Sequence[str]) -> list[str]:
    """Return cells with quotes around those that need them (RFC 4180)."""
    return [f'"{one.replace(_QUOTE, _QUOTE * 2)}"' if not _QUOTED.isdisjoint(one) else one for one in values]


def _stored(records: Sequence[Record], name: str) -> list[Any]:
    try:
        return list(map(itemgetter(name), records))
    except KeyError:
        return [one.get(name, "") for one in records]


def _in_order(value: Any) -> str:
    """Return addresses, the main one first."""
    if value.__class__ is dict and len(value) == 1:
        return str(next(iter(value)))
    from tuicrm.records.types import ranked

    return ", ".join(ranked(value)) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str:
    """Return a value that is no text as an import reads it."""
    if value is None:
        return ""
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    if isinstance(value, (list, dict)):
        import json

        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(value)
