"""Territories: rules that say whose companies, leads and deals are; the first that fits decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.shapes import word, words
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.parsing import Typing
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]
KIND = "territory"
SETTING = "territory_owners"
OFF, SUGGEST, SET = "off", "suggest", "set"
ASKED = ("company", "lead")
"""The kinds that a condition is asked of; deals and contacts go by their company."""
PLACED = ("company", "lead", "deal")
"""The kinds whose records get an owner by their territory."""
STEP = 10
_SAID = "territory "
UNPLACED = 1 << 40
"""Sorts behind every order that can be given."""


class Territory(NamedTuple):
    """One territory, ready to be asked."""

    id: str
    name: str
    condition: str
    companies: frozenset[str]
    reps: tuple[str, ...]
    """Its active users, in the order of their handles."""
    tests: Mapping[str, Callable[[Record], bool]]
    """What the condition asks, by kind; a kind that has no such fields is left out."""
    wrong: str = ""
    """Why it can be asked of no kind, as where its field was removed since."""


def territories(session: Session) -> list[Territory]:
    """Return the territories in the order in which they are asked."""
    if not session.ws.all(KIND):
        return []
    found: list[Territory] = session.remember(f"territories {session.today}", lambda: _read(session))
    return found


def _read(session: Session) -> list[Territory]:
    users = session.ws.all("user")

    made = []
    for record in sorted(session.ws.all(KIND).values(), key=_place):
        reps = [users[one] for one in words(record.get("reps")) if one in users]
        reps = [one for one in reps if one.get("active") is not False]
        reps.sort(key=lambda one: (word(one.get("handle")), one["id"]))
        condition = word(record.get("condition")).strip()
        tests, wrong = _tests(session, condition)
        made.append(
            Territory(
                id=record["id"],
                name=word(record.get("name")),
                condition=condition,
                companies=frozenset(words(record.get("companies"))),
                reps=tuple(one["id"] for one in reps),
                tests=tests,
                wrong=wrong.message if wrong else "",
            )
        )
    return made


def _tests(session: Session, condition: str) -> tuple[dict[str, Callable[[Record], bool]], Invalid | None]:
    """Return the test of a condition for each kind that has its fields; why where none has."""
    from tuicrm.crm.query import compile_query

    found: dict[str, Callable[[Record], bool]] = {}
    wrong: Invalid | None = None
    if not condition:
        return found, None
    for kind in ASKED:
        try:
            found[kind] = compile_query(session, kind, condition)
        except Invalid as problem:
            wrong = wrong or problem
    return found, None if found else wrong


def check_condition(session: Session, condition: str) -> None:
    """Raise Invalid for a condition that no kind has the fields of, or that goes by what it decides."""
    from tuicrm.crm.query import parse
    from tuicrm.crm.query.tree import terms

    _, wrong = _tests(session, condition.strip())
    if wrong is not None:
        raise Invalid(f"condition: {wrong.message}", field="condition", hint=wrong.hint)
    if any(one.name.lower() == "owner" or one.value.lower() == "me" for one in terms(parse(condition))):
        raise Invalid("condition: a territory cannot go by owners, since it is what gives them", field="condition")


def territory_of(session: Session, kind: str, record: Record) -> Territory | None:
    """Return the first territory that a record fits; None where none does."""
    company = company_of(session, kind, record)
    return next((one for one in territories(session) if fits(one, kind, record, company)), None)


def company_of(session: Session, kind: str, record: Record) -> Record | None:
    """Return the company that decides for a record: itself, or the one it belongs to."""
    return record if kind == "company" else session.ws.get("company", word(record.get("company")))


def fits(one: Territory, kind: str, record: Record, company: Record | None) -> bool:
    """Tell whether a record lies in a territory; in one that asks for nothing, all do."""
    if company is not None and company["id"] in one.companies:
        return True
    if not one.condition:
        return not one.companies
    test = one.tests.get(kind) if kind != "company" else None
    of_company = one.tests.get("company")
    return bool((test and test(record)) or (of_company and company is not None and of_company(company)))


def mode(session: Session) -> str:
    """Return what territories do with what is added: nothing where there are none."""
    return session.setting(SETTING) if session.ws.all(KIND) else OFF


def least_busy(session: Session, kind: str, reps: Sequence[str], loads: dict[str, dict[str, int]]) -> str:
    """Return who of some users has the fewest open records of a kind, the first of those; nothing of nobody.

    `loads` counts along what one step gives, so that it is spread.
    """
    if len(reps) < 2:
        return reps[0] if reps else ""
    if kind not in loads:
        from tuicrm.crm.listing import select

        counts: dict[str, int] = {}
        for one in select(session, kind):
            owner = word(one.get("owner"))
            counts[owner] = counts.get(owner, 0) + 1
        loads[kind] = counts
    held = loads[kind]
    chosen = min(reps, key=lambda one: (held.get(one, 0), reps.index(one)))
    held[chosen] = held.get(chosen, 0) + 1
    return chosen


def placed(kind: str, fields: Mapping[str, Any], ctx: Typing) -> str:
    """Return who owns what is being added, by its territory; nothing where that is left to others.

    Where territories only suggest, a note says whose it would be.
    """
    session = ctx.session
    does = mode(session)
    if kind not in PLACED or does == OFF:
        return ""
    found = territory_of(session, kind, {"id": session.ws.new_id(), **fields})
    if found is None or not found.reps:
        return ""
    if does == SET:
        owner = least_busy(session, kind, found.reps, ctx.loads)
        if ctx.doubts:
            ctx.note(f"{_SAID}{found.name}: the owner is {_names(session, [owner])}")
        return owner
    if ctx.doubts and session.me not in found.reps:
        ctx.note(f"{_SAID}{found.name} is of {_names(session, found.reps)}; --owner gives it to them")
    return ""


def told(session: Session, plan: Plan) -> list[str]:
    """Return what adding a record said about its territory, without what commands have for it."""
    if not session.ws.all(KIND):
        return []
    return [one.partition("; --owner")[0] for one in plan.said if one.startswith(_SAID)]


def _names(session: Session, users: Sequence[str]) -> str:
    from tuicrm.crm.lookup import name_of

    return " or ".join(name_of(session, "user", one) for one in users)


def last_order(session: Session) -> int:
    """Return the place of a territory that is added without one: behind all others."""
    held = [place for one in session.ws.all(KIND).values() if (place := _place(one)[0]) < UNPLACED]
    return max(held, default=0) // STEP * STEP + STEP


def _place(record: Record) -> tuple[int, str]:
    order = record.get("order")
    return (order if isinstance(order, int) else UNPLACED, record["id"])
