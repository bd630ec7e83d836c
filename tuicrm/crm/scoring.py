"""What leads are worth by the team's rules: points for each query that a lead fits, added up and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid, NotFound
from tuicrm.records.kinds.leading import MOST_POINTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Record = dict[str, Any]
KIND = "score_rule"
MOST_RULES = 200


class Rule(NamedTuple):
    """One rule that counts."""

    id: str
    where: str
    points: int
    label: str
    fits: Callable[[Record], bool]
    wrong: str = ""
    """Why it counts for nothing, as where its field was removed since."""


class Given(NamedTuple):
    """Points that a lead got."""

    points: int
    why: str


def rules(session: Session) -> list[Rule]:
    """Return the rules, what gives most first; one that cannot be read any more says why and fits nothing."""
    day = session.today.isoformat()
    found: list[Rule] = session.remember(f"score rules {day} {session.user}", lambda: _rules(session))
    return found


def _rules(session: Session) -> list[Rule]:
    made = []
    for record in session.ws.all(KIND).values():
        where, points = word(record.get("where")), record.get("points")
        if not where or points.__class__ is not int:
            continue
        fits: Callable[[Record], bool] = _never
        wrong = ""
        try:
            fits = _compiled(session, where)
        except Invalid as problem:
            wrong = str(problem)
        made.append(Rule(record["id"], where, points, word(record.get("label")) or where, fits, wrong))
    made.sort(key=lambda one: (-one.points, one.id))
    return made[:MOST_RULES]


def _never(record: Record) -> bool:
    return False


def _compiled(session: Session, where: str) -> Callable[[Record], bool]:
    """Return the test of a rule; Invalid where it asks for the score itself, or cannot be read."""
    from tuicrm.crm.query import compile_query, parse
    from tuicrm.crm.query.tree import terms

    if not where.strip():
        raise Invalid("where: a rule needs a query, such as country:de", field="where")
    if any(one.name.lower() == "score" for one in terms(parse(where))):
        raise Invalid("where: a rule cannot go by the score that it gives", field="where")
    return compile_query(session, "lead", where)


def reader(session: Session) -> Callable[[Record], int | None] | None:
    """Return what reads the score of leads as it counts; None where there are no rules, and it is simply stored.

    A score that somebody gave, or a file brought, stands: whoever takes it away lets the rules count again.
    """
    held = [one for one in rules(session) if not one.wrong]
    if not held:
        return None
    known: dict[str, int] = session.remember(f"scores {session.today} {session.user}", dict)

    def read(lead: Record) -> int | None:
        own = lead.get("score")
        if own.__class__ is int:
            return own
        key = lead["id"]
        found = known.get(key)
        if found is None:
            found = known[key] = _bounded(sum([one.points for one in held if one.fits(lead)]))
        return found

    return read


def _bounded(points: int) -> int:
    return max(-MOST_POINTS, min(MOST_POINTS, points))


def score(session: Session, lead: Record) -> int | None:
    """Return the score of one lead as it counts."""
    read = reader(session)
    own = lead.get("score")
    return read(lead) if read else own if own.__class__ is int else None


def explain(session: Session, lead: Record) -> list[Given]:
    """Return which rules gave a lead how many points; first the score that somebody gave it, which stands instead."""
    own = lead.get("score")
    by_hand = [Given(own, "given by hand, in place of the rules")] if own.__class__ is int else []
    return by_hand + [Given(one.points, one.label) for one in rules(session) if one.fits(lead)]


def explained(session: Session, lead: Record) -> str:
    """Return the same in one line: `35: +20 country:de, +15 Came by a fair`; empty without rules."""
    if not rules(session):
        return ""
    parts = [f"{one.points:+d} {one.why}" for one in explain(session, lead)]
    return f"{score(session, lead) or 0}: {', '.join(parts) or 'no rule fits'}"


def add(session: Session, where: str, points: str, label: str = "") -> Plan:
    """Return the plan that adds a rule; its query is read first, so that a wrong one is refused."""
    from tuicrm.crm.edit import add as add_record

    _compiled(session, where)
    if len(session.ws.all(KIND)) >= MOST_RULES:
        raise Invalid(f"there are {MOST_RULES} rules already, which is as many as there can be")
    if any(word(one.get("where")).strip() == where.strip() for one in session.ws.all(KIND).values()):
        raise Invalid(f"where: there is a rule for {where.strip()!r} already", field="where")
    typed = {"where": [where], "points": [points], **({"label": [label]} if label.strip() else {})}
    plan = add_record(session, KIND, typed)
    found = plan.changes[0]
    given = getattr(found, "fields", {}).get("points", 0)
    return Plan(
        plan.changes, f"added score rule {where.strip()}: {given:+d}", ids=plan.ids, said=(_reach(session, where),)
    )


def edit(session: Session, text: str, *, where: str = "", points: str = "", label: str | None = None) -> Plan:
    """Return the plan that changes a rule."""
    from tuicrm.crm.edit import edit as edit_record

    if where:
        _compiled(session, where)
    typed = {name: [text] for name, text in (("where", where), ("points", points)) if text}
    if label is not None:
        typed["label"] = [label]
    return edit_record(session, KIND, [find(session, text)], typed)


def remove(session: Session, text: str) -> Plan:
    """Return the plan that takes a rule away."""
    from tuicrm.crm.edit import remove as remove_record

    return remove_record(session, KIND, [find(session, text)])


def find(session: Session, text: str) -> Record:
    """Return the rule that a text names: its query, its label, its number in the list or its id."""
    from tuicrm.crm.lookup import find as find_record

    held = rules(session)
    if text.strip().isdecimal() and len(text.strip()) < 4:
        at = int(text.strip())
        if not 1 <= at <= len(held):
            raise NotFound(f"there is no score rule {at}; there are {len(held)}")
        return session.ws.all(KIND)[held[at - 1].id]
    exact = [one.id for one in held if one.where.strip() == text.strip()]
    return session.ws.all(KIND)[exact[0]] if len(exact) == 1 else find_record(session, KIND, text)


def _reach(session: Session, where: str) -> str:
    """Return how many of the open leads a query fits."""
    from tuicrm.crm.listing import select

    fits = _compiled(session, where)
    held = select(session, "lead", where="is:open")
    return f"fits {sum(1 for one in held if fits(one))} of {len(held)} open leads"
