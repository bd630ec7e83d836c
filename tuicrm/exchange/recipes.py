"""How files of one origin are read, saved as a record, so that the team reads the next one alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid, NotFound, UsageProblem
from tuicrm.exchange.presets import DROP
from tuicrm.folding import fold, nearest

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.exchange.sources import Options, Source

KEPT = ("maps", "values", "match")
"""Options that hold several texts; a file's own come on top of the saved ones."""
WORDS = ("preset", "extra", "dates", "numbers", "separator", "encoding")


def saved(session: Session, plan: Plan, name: str, options: Options, source: Source) -> Plan:
    """Return the plan with one more change: the mapping saved under a name, in place of one that had it."""
    from tuicrm.store.changes import Write

    if not name.strip():
        raise Invalid("--save-mapping needs a name, as in --save-mapping hubspot")
    if source.mapping is None:
        raise UsageProblem(f"--save-mapping is for tables (CSV): {source.name} has no columns to remember")
    held = _found(session, name)
    fields: dict[str, Any] = {"name": name.strip(), "of": source.kind.name}
    # Every column, so that a file whose columns found their fields by chance is read the same next time.
    left_out = dict.fromkeys(source.mapping.dropped, DROP)
    fields["maps"] = {one.name: one.target for one in source.mapping.columns} | left_out
    fields["values"] = {text.rpartition("=")[0]: text.rpartition("=")[2] for text in options.values}
    fields["match"] = ",".join(options.match)
    fields["options"] = {word: getattr(options, word) for word in WORDS if _said(options, word)}
    made = Write("mapping", held["id"] if held else session.ws.new_id(), fields)
    return replace(plan, changes=(*plan.changes, made))


def with_recipe(session: Session, name: str, options: Options) -> Options:
    """Return options with those that a mapping was saved with; what is said now goes before."""
    held = _found(session, name)
    if held is None:
        near = nearest(name, [str(one.get("name", "")) for one in session.ws.all("mapping").values()])
        guess = f"; did you mean {near}?" if near else "; --save-mapping NAME saves one"
        raise NotFound(f"there is no saved mapping {name!r}{guess}")
    told = {one.rpartition("=")[0].strip() for one in options.maps}
    maps = [f"{column}={target}" for column, target in _table(held, "maps").items() if column not in told]
    values = [f"{before}={after}" for before, after in _table(held, "values").items()]
    words: dict[str, Any] = {
        word: text for word, text in _table(held, "options").items() if word in WORDS and not _said(options, word)
    }
    match = tuple(filter(None, str(held.get("match") or "").split(",")))
    return replace(
        options,
        kind=options.kind or str(held.get("of") or ""),
        maps=(*maps, *options.maps),
        values=(*values, *options.values),
        match=options.match or match,
        **words,
    )


def _said(options: Options, word: str) -> bool:
    value = getattr(options, word)
    return bool(value) and not (word == "extra" and value == "fields")


def _table(held: dict[str, Any], name: str) -> dict[str, str]:
    value = held.get(name)
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}


def _found(session: Session, name: str) -> dict[str, Any] | None:
    wanted = fold(name.strip())
    return next((one for one in session.ws.all("mapping").values() if fold(str(one.get("name", ""))) == wanted), None)
