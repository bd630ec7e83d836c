"""Whose a record becomes: in turn, whoever has least to do, or whose territory it lies in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word, words
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.rules.engine import Engine
    from tuicrm.crm.rules.events import Run
    from tuicrm.crm.rules.model import Action
    from tuicrm.crm.session import Session

Record = dict[str, Any]


def choose(engine: Engine, run: Run, action: Action) -> str:
    """Return the id of the user that a record goes to, or raise Invalid where there is none."""
    among = _active(engine.session, action.among)
    if action.how == "territory":
        if engine.session.ws.all("territory"):
            among = _of_territory(engine.session, run, among)
            return among[0] if len(among) == 1 else _least(engine, run, among)
        return _by_territory(engine.session, run, among)
    if not among:
        raise Invalid("none of the users to choose from is active")
    if action.how == "load":
        return _least(engine, run, among)
    return _next(engine, run, among)


def _active(session: Session, among: Sequence[str]) -> list[str]:
    """Return the active users among these, in the order of their handles; all of them where none are named."""
    held = session.ws.all("user")
    known = [held[one] for one in (among or held) if one in held]
    known = [one for one in known if one.get("active") is not False]
    return [one["id"] for one in sorted(known, key=lambda one: (word(one.get("handle")), one["id"]))]


def _next(engine: Engine, run: Run, among: list[str]) -> str:
    """Return whose turn it is: who got the fewest since the rule was last edited, the first of those.

    Counted and not looked up, as entries of one moment have no order; an edit begins anew, so that somebody who
    joins does not get all there is for a while.
    """
    from tuicrm.crm.rules.runs import runs

    counts = dict.fromkeys(among, 0)
    got = runs(engine.session).assigned(run.rule.id, run.rule.changed_ms)
    in_step = [one.assigned for one in engine.runs if one.rule.id == run.rule.id]
    for one in (*got, *in_step):
        if one in counts:
            counts[one] += 1
    return min(among, key=lambda one: (counts[one], among.index(one)))


def _least(engine: Engine, run: Run, among: list[str]) -> str:
    """Return who has the fewest records of the kind that are still open."""
    from tuicrm.crm.listing import select

    counts = dict.fromkeys(among, 0)
    own = str(run.record["id"])
    for one in select(engine.session, run.kind):
        owner = word(one.get("owner"))
        if owner in counts and one["id"] != own:
            counts[owner] += 1
    for done in engine.runs:
        if done.assigned in counts and done.kind == run.kind:
            counts[done.assigned] += 1
    return min(among, key=lambda one: (counts[one], among.index(one)))


def _of_territory(session: Session, run: Run, among: list[str]) -> list[str]:
    """Return those of some users whose territory is the first that the record fits."""
    from tuicrm.crm.territories import territory_of

    found = territory_of(session, run.kind, run.record)
    if found is None:
        raise Invalid("it lies in no territory")
    reps = [one for one in found.reps if one in among]
    if not reps:
        raise Invalid(f"nobody to choose from works in the territory {found.name}")
    return reps


def _by_territory(session: Session, run: Run, among: list[str]) -> str:
    """Return the first user whose territory is the record's, or that of the company it is about."""
    from tuicrm.folding import fold

    company = session.ws.get("company", word(run.record.get("company"))) or {}
    place = word(run.record.get("territory")) or word(company.get("territory"))
    if not place:
        raise Invalid("neither the record nor its company says a territory")
    for one in among:
        said = session.ws.all("user")[one].get("territory")
        named = [part for text in (words(said) or [word(said)]) for part in text.split(",")]
        if fold(place) in [fold(part.strip()) for part in named]:
            return one
    raise Invalid(f"no user has the territory {place}")
