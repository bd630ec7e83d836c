"""What a team's process adds to a history: leads that are converted, rules that run, pipelines that are edited.

These go on in several clones at once. What they write follows from rules rather than from somebody's typing, so such
a history has to converge, and to keep what the process promises, but no oracle watches each value.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from tests.prove.people import NOW
from tuicrm.crm import deals, dissolving, edit, pipelines
from tuicrm.crm.along import Along
from tuicrm.crm.converting import convert
from tuicrm.crm.due import carry_out, due
from tuicrm.crm.query import compile_query
from tuicrm.crm.rules import editing
from tuicrm.crm.session import Session
from tuicrm.crm.stages import default, stage_of, stages
from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.prove.people import Person

CHASE = "ask about the close"
DAY_MS = 86_400_000
FORCE = Along(force=True)


@contextmanager
def session_of(person: Person) -> Iterator[Session]:
    """The person at work, with rules and all, on the day that the history has come to."""
    with person.at_work() as ws:
        yield Session(ws, user=person.user, now=NOW + timedelta(milliseconds=person.world.tick))


def begins(team: Sequence[Person]) -> None:
    """Agree on rules: one that time sets off, one that a change sets off."""
    with session_of(team[0]) as session:
        does = [f"followup {CHASE} in 1 day"]
        session.commit(editing.add(session, "Chase", when="expected_close reached", condition="", do=does))
        session.commit(editing.add(session, "Fresh", when="deal created", condition="", do=["tag fresh"]))
        for number, stage in enumerate(one for one in stages(default(session)) if one.kind == "open"):
            asks = f'stage:"{stage.name}"'
            session.commit(editing.add(session, f"In {number}", when="owner changed", condition=asks, do=["log x"]))
            session.commit(edit.add(session, "view", {"name": [f"In {number}"], "of": ["deal"], "where": [asks]}))
    for person in team:
        person.syncs()


def acts(person: Person) -> None:
    """Do one thing that belongs to the process; what is refused with a sentence is no trouble."""
    what: tuple[Callable[[Person, Session], None], ...] = (_finds, _converts, _sells, _moves, _edits_pipeline, _runs)
    with session_of(person) as session, suppress(TuicrmError):
        person.world.chance.choice(what)(person, session)


def _finds(person: Person, session: Session) -> None:
    word, firm = person.world.counter, person.world.chance.choice(("Acme", "Orbis", "Tarn"))
    person.world.counter += 1
    typed = {"name": [f"Lead {word}"], "company_name": [firm], "emails": [f"lead{word}@{firm.lower()}.example"]}
    session.commit(edit.add(session, "lead", typed))


def _converts(person: Person, session: Session) -> None:
    waiting = [one for one in session.ws.all("lead").values() if not one.get("converted_at")]
    if waiting:
        # The oldest ones, so that others convert the same.
        session.commit(convert(session, person.world.chance.choice(waiting[:3])))


def _sells(person: Person, session: Session) -> None:
    person.world.counter += 1
    days = person.world.chance.randint(0, 3)
    close = (session.today - timedelta(days=days)).isoformat()
    typed = {"name": [f"Sale {person.world.counter}"], "value": ["1000"], "expected_close": [close]}
    session.commit(edit.add(session, "deal", typed))


def _moves(person: Person, session: Session) -> None:
    own = str(default(session)["id"])
    there = [one for one in session.ws.all("deal").values() if one.get("pipeline") == own]
    if there:
        to = person.world.chance.choice([one for one in stages(default(session)) if one.kind == "open"])
        session.commit(deals.move(session, [person.world.chance.choice(there)], to.name, along=FORCE))


def _edits_pipeline(person: Person, session: Session) -> None:
    chance, pipeline = person.world.chance, default(session)
    person.world.counter += 1
    open_ones = [one.name for one in stages(pipeline) if one.kind == "open"]
    roll = chance.random()
    if roll < 0.4:
        session.commit(pipelines.add_stage(session, pipeline, f"Stage {person.world.counter} 40%"))
    elif roll < 0.6:
        stage = chance.choice(open_ones)
        session.commit(pipelines.edit_stage(session, pipeline, stage, name=f"Called {person.world.counter}"))
    elif len(open_ones) > 2:
        gone, to = chance.sample(open_ones, 2)
        session.commit(dissolving.remove_stage(session, pipeline, gone, to=to))


def _runs(person: Person, session: Session) -> None:
    for one in due(session):
        carry_out(session, one)


def troubles(person: Person) -> list[str]:
    """Return what the process promises and does not hold in the end."""
    with session_of(person) as session:
        return [*_homeless(session), *_done_twice(session), *_half_converted(session), *_unreadable(session)]


def _homeless(session: Session) -> Iterator[str]:
    """Deals of the team's pipeline that are in no stage of it."""
    own = str(default(session)["id"])
    for one in session.ws.all("deal").values():
        if one.get("pipeline") == own and stage_of(session, one) is None:
            yield f"deal {one['id']} is in the stage {one.get('stage')!r}, which nobody has"


def _unreadable(session: Session) -> Iterator[str]:
    """Rules and views that name a stage by a name which nothing answers to any more."""
    for kind, field in (("rule", "condition"), ("view", "where")):
        for one in session.ws.all(kind).values():
            try:
                compile_query(session, "deal", str(one.get(field, "")))
            except TuicrmError as problem:
                yield f"the {kind} {one.get('name')}: {problem}"


def _done_twice(session: Session) -> Iterator[str]:
    """Follow-ups that a rule made twice for one deal and one day."""
    seen: set[object] = set()
    for one in session.ws.all("followup").values():
        deal = session.ws.get("deal", str(one.get("deal")))
        if one.get("subject") == CHASE and deal is not None:
            key = (deal["id"], one.get("due"))
            if key in seen:
                yield f"the rule did its work twice for deal {deal['id']}"
            seen.add(key)


def _half_converted(session: Session) -> Iterator[str]:
    """Converted leads whose contact or deal never came to be."""
    for one in session.ws.all("lead").values():
        for kind in ("contact", "deal") if one.get("converted_at") else ():
            key = str(one.get(kind) or "")
            if key and session.ws.stored.any(kind, key) is None:
                yield f"lead {one['id']} became a {kind} {key} that nobody has"
