"""One plain file that stock TinyDB opens: a table for each kind, flat documents without versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tuicrm.crm.session import Session

Record = dict[str, Any]


def tinydb_parts(
    session: Session, content: Mapping[str, Mapping[str, Record]], dumps: Callable[[Any], bytes]
) -> Iterator[bytes]:
    """Yield the file: the live records, fields by name, references as ids with names beside them."""
    begun = False
    for kind, records in content.items():
        live = [record for record in records.values() if not _is_dead(record)]
        if live:
            shape = _shape(session, kind)
            yield (b",\n" if begun else b"{\n") + dumps(kind) + b": {\n"
            yield b",\n".join([dumps(str(at)) + b": " + dumps(shape(one)) for at, one in enumerate(live, 1)])
            yield b"\n}"
            begun = True
    yield b"\n}\n" if begun else b"{}\n"


def _is_dead(record: Record) -> bool:
    from tuicrm.store.join import is_dead

    return is_dead(record)


def _shape(session: Session, kind: str) -> Callable[[Record], Record]:
    from tuicrm.crm.rows import flattener
    from tuicrm.records.registry import KINDS

    if kind in KINDS:
        return flattener(session, kind, full=True)
    return lambda record: {key: value for key, value in record.items() if not key.startswith("_")}
