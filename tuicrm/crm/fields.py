"""The team's own fields: declared as data, and from then on like any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.records.merged import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind

Record = dict[str, Any]
EXTENSIBLE = ("company", "contact", "lead", "deal", "product", "activity", "followup", "user")
RESERVED = frozenset(("id", "me", "is", "or", "not", "and", "any", "none")) | HIDDEN
"""Words that mean something else in a record or in a query."""


def listing(session: Session, of: str = "") -> list[Record]:
    """Return the declared fields, of one kind if asked, in the order in which they are shown."""
    kind = session.kind(of).name if of else ""
    return [one for one in session.ws.all("field").values() if not kind or one.get("of") == kind]


def find(session: Session, name: str, of: str = "") -> Record:
    """Return the declaration of a field by its name (or id), or raise NotFound or Ambiguous."""
    held = listing(session, of)
    wanted = name.strip().lower().replace("-", "_")
    found = [one for one in held if one.get("name") == wanted or one["id"] == name.strip().upper()]
    if len(found) == 1:
        return found[0]
    if found:
        pairs = [(one["id"], f"{one.get('name')} of {one.get('of')}") for one in found]
        raise Ambiguous(f"{name!r} fits {len(found)} fields", candidates=pairs, hint="say which kind: --of deal")
    from tuicrm.folding import nearest

    near = nearest(wanted, [str(one.get("name", "")) for one in held])
    guess = f"; did you mean {near}?" if near else ""
    raise NotFound(f"the team has no field of its own called {name!r}{guess}")


def add(
    session: Session,
    name: str,
    *,
    of: str,
    type: str = "text",  # noqa: A002 - the option's name
    label: str = "",
    explains: str = "",
    choices: Sequence[str] = (),
    required: bool = False,
) -> Plan:
    """Return the plan that declares a field, its name checked against those that the kind has."""
    from tuicrm.crm.edit import add as add_record
    from tuicrm.records.custom import NAME

    kind = session.kind(of)
    if kind.name not in EXTENSIBLE:
        raise Invalid(f"of: {kind.many} cannot have fields of a team's own", field="of")
    proper = name.strip().lower().replace("-", "_").replace(" ", "_")
    if not NAME.match(proper) or len(proper) > 60:
        raise Invalid(f"name: {name!r} is not lower-case letters, digits and underscores, as in region", field="name")
    if proper.endswith("_name"):
        raise Invalid(f"name: {proper} ends in _name, which JSON keeps for the names of linked records", field="name")
    if proper in RESERVED or proper in kind.by_name:
        raise Invalid(f"name: {proper} is taken: {kind.many} have it, or it means something else", field="name")
    words = [one.strip() for text in choices for one in text.split(",") if one.strip()]
    typed = {
        "name": [proper],
        "of": [kind.name],
        "type": [type],
        "label": [label],
        "explains": [explains],
        "choices": words,
        "required": ["yes"] if required else [],
    }
    plan = add_record(session, "field", {key: texts for key, texts in typed.items() if texts and texts[0]})
    _check_choices(plan, words)
    return plan


def _check_choices(plan: Plan, words: Sequence[str]) -> None:
    from tuicrm.store.changes import Write

    kinds = [change.fields.get("type") for change in plan.changes if isinstance(change, Write)]
    if "choice" in kinds and not words:
        raise Invalid("choices: a field of the type choice needs the words to choose from", field="choices")
    if words and "choice" not in kinds:
        raise Invalid("choices: only a field of the type choice has them", field="choices")


def remove(session: Session, field: Record) -> Plan:
    """Return the plan that removes a declaration; values that records hold stay in them, unseen, and this says so."""
    from dataclasses import replace

    from tuicrm.crm.edit import remove as remove_records

    name, of = str(field.get("name")), str(field.get("of"))
    count = sum(name in record for record in session.ws.all(of).values())
    plan = remove_records(session, "field", [field])
    if not count:
        return plan
    word = "record keeps its value" if count == 1 else "records keep their values"
    return replace(plan, said=(*plan.said, f"{count} {word}, out of sight until the field is back"))


def free_name(kind: Kind, label: str, taken: Collection[str]) -> str:
    """Return a name for a field of the team's own that is called `label` elsewhere, one that nothing has yet."""
    from tuicrm.folding import slug

    stem = slug(label)[:50].strip("_")
    if stem.endswith("_name") or stem in RESERVED or stem in kind.by_name:
        stem = f"{stem}_field"
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
