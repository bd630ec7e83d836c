"""What the fields of a form hold before anything is typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.echo import as_typed
from tuicrm.crm.shapes import words
from tuicrm.errors import TuicrmError
from tuicrm.tui.forms.slot import Held, Pick

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field, Kind

Record = dict[str, Any]
NOTHING: Held = ("", ())
DIFFER = "(they differ)"


def holding(session: Session, kind: str, record: Record, fields: Sequence[Field]) -> dict[str, Held]:
    """Return the text and the chosen records of each field of a record."""
    texts = as_typed(session, kind, record, fields)
    return {one.name: _held(session, one, record, texts[one.name]) for one in fields}


def _held(session: Session, field: Field, record: Record, text: str) -> Held:
    refers = field.type.refers
    if not refers or refers == "stage" or field.name == "product":
        return text, ()
    from tuicrm.crm.lookup import name_of

    keys = words(record.get(field.name))
    picks = tuple(Pick(key, name_of(session, refers, key) or f"…{key[-4:]}") for key in keys)
    if field.type.many:
        return "", picks
    return (picks[0].text if picks else text), picks[:1]


def hints(session: Session, kind: Kind, ids: Sequence[str], fields: Sequence[Field]) -> dict[str, str]:
    """Return what is saved where nothing is typed: what several records hold alike, or what a fresh one gets."""
    if not ids:
        return _defaults(session, kind, fields)
    held = [session.ws.get(kind.name, key) for key in ids]
    texts = [as_typed(session, kind.name, one, fields) for one in held if one is not None]
    found = {field.name: {one[field.name] for one in texts} for field in fields}
    return {name: several.pop() if len(several) == 1 else DIFFER for name, several in found.items() if several}


def _defaults(session: Session, kind: Kind, fields: Sequence[Field]) -> dict[str, str]:
    from tuicrm.crm.defaults import complete
    from tuicrm.crm.parsing import Typing

    try:
        record = complete(kind, {}, Typing(session))
    except TuicrmError:
        # Nothing to go by, such as a pipeline: saving says so.
        return {}
    shown = [one for one in fields if record.get(one.name)]
    return as_typed(session, kind.name, {"id": "", **record}, shown)


def known(session: Session, kind: str, key: str) -> Pick | None:
    """Return the record of an id as a choice; None where there is none."""
    from tuicrm.crm.suggesting import suggestion

    if not kind or kind == "stage":
        return None
    found = suggestion(session, kind, key)
    return Pick(found.key, found.text, found.detail) if found is not None else None
