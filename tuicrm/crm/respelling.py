"""What speaks of a stage or a pipeline by its name, as filters and rules do: put into the other name that it gets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.crm.query.lexer import pieces
from tuicrm.crm.query.tree import Term
from tuicrm.crm.shapes import table, word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
HELD = (("rule", "of", "condition"), ("view", "of", "where"), ("report", "of", "where"), ("commission", "", "where"))
"""The kinds that hold a query: the field that says of what, where that need not be deals, and the query's field."""


def stage_respelled(
    session: Session, pipeline: Mapping[str, Any], key: str, name: str
) -> tuple[list[Change], list[str]]:
    """Return the changes that call a stage by another name wherever nothing else is meant, and a sentence about them.

    Text that means stages of other pipelines as well is left alone; the former name goes on finding this one.
    """
    from tuicrm.crm.lookup import matching_stages
    from tuicrm.crm.stages import stages

    held = [(one["id"], stages(one)) for one in session.ws.all("pipeline").values()]

    def meant(text: str) -> bool:
        found = [(id_, stage.key) for id_, steps in held for stage in matching_stages(steps, text)]
        return found == [(pipeline["id"], key)]

    return _respelled(session, "stage", meant, name)


def pipeline_respelled(session: Session, pipeline: Mapping[str, Any], name: str) -> tuple[list[Change], list[str]]:
    """Return the changes that call a pipeline by another name, and a sentence about them."""
    from tuicrm.folding import fold

    old = fold(word(pipeline.get("name")))
    return _respelled(session, "pipeline", lambda text: fold(text.strip()) == old, name)


def _respelled(session: Session, said: str, meant: Callable[[str], bool], name: str) -> tuple[list[Change], list[str]]:
    """Return what changes in all that asks for the field `said` or sets it, and a sentence about that."""
    from tuicrm.store.changes import Write

    made: list[Change] = []
    counts: list[str] = []
    for kind, of, field in HELD:
        asks = [one for one in session.ws.all(kind).values() if not of or one.get(of) == "deal"]
        fresh = {one["id"]: fields for one in asks if (fields := _fields(one, field, said, meant, name))}
        made += [Write(kind, id_, fields) for id_, fields in fresh.items()]
        if fresh:
            called = session.kind(kind)
            counts.append(f"{len(fresh)} {called.many if len(fresh) > 1 else called.one}")
    one = len(made) == 1
    return made, [f"{' and '.join(counts)} {'says' if one else 'say'} {name} now"] if made else []


def _fields(record: Record, field: str, said: str, meant: Callable[[str], bool], name: str) -> dict[str, Any]:
    """Return the fields of a rule or a filter that change."""
    text = word(record.get(field))
    fresh = respell(text, said, meant, name)
    found: dict[str, Any] = {field: fresh} if fresh != text else {}
    actions = table(record.get("actions"))
    sets = {
        key: {**one, "value": name}
        for key, one in actions.items()
        if (one.get("do"), one.get("field")) == ("set", said) and meant(word(one.get("value"))) and one["value"] != name
    }
    return {**found, "actions": {**record["actions"], **sets}} if sets else found


def respell(text: str, field: str, meant: Callable[[str], bool], name: str) -> str:
    """Return a query with another name where its terms of a field are `meant`; one that cannot be read as it is."""
    try:
        found = pieces(text)
    except Invalid:
        found = []
    if not found:
        return text
    spelled = name if re.fullmatch(r"[\w.-]+", name) else '"' + re.sub(r'(["“”„«»\\])', r"\\\1", name) + '"'
    ends = [one.column - 1 for one in found[1:]] + [len(text)]
    for one, end in reversed(list(zip(found, ends, strict=True))):
        if isinstance(one, Term) and one.name.casefold() == field and meant(one.value) and one.value != name:
            gap = text[:end][len(text[:end].rstrip()) :]
            text = f"{text[: one.column - 1]}{one.name}{one.op}{spelled}{gap}{text[end:]}"
    return text
