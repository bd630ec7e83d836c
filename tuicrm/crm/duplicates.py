"""Records that may be one thing, in pairs with a score and the reason; found in blocks, never all against all."""

from __future__ import annotations

from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.lookalikes import DOMAIN, EMAIL, NAME, NEAR, PHONE, SCORES, TOGETHER
from tuicrm.crm.pairing import SIMILAR, Candidates, Ids, alike
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import words
from tuicrm.errors import Invalid
from tuicrm.records.merged import DISTINCT_FROM, HIDDEN, MERGEABLE, MERGED_INTO, MERGED_SEEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tuicrm.crm.lookalikes import Lookalike
    from tuicrm.crm.session import Session

Record = dict[str, Any]

LEAST_SCORE = 60
"""What is shown where nobody asks for more or for less."""
BEST = 100
_CLOSED = 30
"""What it takes away that one of two deals is closed already: a renewal has the name of the last one."""
_TOGETHER, _HALF_CLOSED, _NOTHING = frozenset(("company",)), frozenset(("one closed",)), frozenset[str]()
_OTHER_NAME = {EMAIL: 20, PHONE: 40}
"""What a different name takes away from a shared address: several people answer at info@, and at a switchboard."""


class Pair(NamedTuple):
    """Two records that may be one."""

    kind: str
    keep: str
    """The id of the fuller one, the older where both are."""
    gone: str
    score: int
    """Up to 100."""
    why: tuple[str, ...]
    """What they have in common: `e-mail`, `phone`, `domain`, `name`, `similar name`, `company`."""
    late: tuple[str, ...] = ()
    """The fields that somebody edited in `gone` after it was merged into `keep`."""

    @property
    def reason(self) -> str:
        """The reason in words."""
        return f"edited since: {', '.join(self.late)}" if self.late else ", ".join(self.why)


def duplicates(session: Session, kind: str = "", *, least: int = LEAST_SCORE) -> list[Pair]:
    """Return the pairs of a kind, or of all, that nobody has called different: edits to be seen, then the surest."""
    names = [session.kind(kind).name] if kind else list(MERGEABLE)
    for name in names:
        if name not in MERGEABLE:
            raise Invalid(f"{session.kind(name).many} are not compared; {', '.join(MERGEABLE)} are")
    return [one for name in names for one in _all(session, name, least)]


def _all(session: Session, kind: str, least: int) -> list[Pair]:
    from tuicrm.store.quiet import quiet_gc

    def make() -> list[Pair]:
        session.ws.all(kind)
        with quiet_gc():
            return [*_late(session, kind), *_pairs(session, kind, least)]

    found: list[Pair] = session.remember(f"duplicates {kind} {least}", make)
    return found


def _late(session: Session, kind: str) -> list[Pair]:
    """Return what was edited in merged records by somebody who did not know of the merge."""
    if not session.ws.forwards(kind):
        return []
    from tuicrm.crm.forwarded import all_gone, unseen_fields

    held = [(one, unseen_fields(session, one)) for one in all_gone(session, kind)]
    return [Pair(kind, one.into, one.record["id"], BEST, (), late) for one, late in held if late]


def _pairs(session: Session, kind: str, least: int) -> list[Pair]:
    records = session.ws.all(kind)
    shared: dict[Ids, frozenset[str]] = {}
    found_by = Candidates(kind, records, session.setting("country"))
    for why, ids in found_by.pairs():
        shared[ids] = shared.get(ids, _NOTHING) | {why}
    closed = _closed(session, records, shared) if kind == "deal" else _NOTHING
    found, names = [], found_by.names
    for (one, other), whys in shared.items():
        first, second = records[one], records[other]
        if _is_dismissed(first, second):
            continue
        whys |= alike(names.get(one, ""), names.get(other, ""))
        if first.get("company") == second.get("company") and first.get("company"):
            whys |= _TOGETHER
        if (one in closed) != (other in closed):
            whys |= _HALF_CLOSED
        score, held = _scored(kind, whys)
        if score >= least:
            keep, gone = (other, one) if _filled(second) > _filled(first) else (one, other)
            found.append(Pair(kind, keep, gone, score, held))
    found.sort(key=attrgetter("keep", "gone"))
    found.sort(key=attrgetter("score"), reverse=True)
    return found


def _is_dismissed(one: Record, other: Record) -> bool:
    return any(
        second["id"] in words(first[DISTINCT_FROM])
        for first, second in ((one, other), (other, one))
        if DISTINCT_FROM in first
    )


def _closed(session: Session, records: Mapping[str, Record], pairs: Iterable[Ids]) -> frozenset[str]:
    """Return which of the deals in pairs are won or lost."""
    from tuicrm.crm import derive

    facts = derive.deals(session)
    return frozenset(key for ids in pairs for key in ids if facts.status(records[key]) != "open")


@cache
def _scored(kind: str, whys: frozenset[str]) -> tuple[int, tuple[str, ...]]:
    """Return how sure it is that two records are one, and what speaks for it, the strongest first."""
    held = sorted(whys - _HALF_CLOSED, key=lambda why: (-_worth(kind, why), why))
    score = _worth(kind, held[0]) + TOGETHER * (len(held) - 1)
    if whys >= _HALF_CLOSED:
        score -= _CLOSED
    if not whys & {NAME, SIMILAR}:
        score -= _OTHER_NAME.get(held[0], 0)
    return min(score, BEST), tuple(held)


def _worth(kind: str, why: str) -> int:
    if why == SIMILAR:
        return NEAR + TOGETHER if kind == "company" else NEAR
    return SCORES[why] if why in (EMAIL, PHONE, DOMAIN, NAME) else 0


def _filled(record: Record) -> int:
    return len(record) - len(HIDDEN & record.keys())


def customers_like(session: Session, kind: str, typed: Mapping[str, Sequence[str]]) -> list[Lookalike]:
    """Return the contacts that a lead which is being typed is already, by address or number; none for other kinds."""
    from tuicrm.crm.lookalikes import lookalikes

    if kind != "lead" or not (typed.get("emails") or typed.get("phones")):
        return []
    held = {name: typed.get(name, ()) for name in ("emails", "phones")}
    return [one for one in lookalikes(session, "contact", held) if one.score >= SCORES[PHONE]]


def lookalike_of(session: Session, kind: str, plan: Plan) -> tuple[Record, str] | None:
    """Return the record that one which a plan adds looks most like, and why; None where there is none to speak of."""
    from tuicrm.crm.lookalikes import lookalikes
    from tuicrm.store.changes import Write

    for change in plan.changes:
        if isinstance(change, Write) and change.kind == kind and change.id == plan.ids[0]:
            typed = {name: words(value) for name, value in change.fields.items()}
            found = lookalikes(session, kind, typed, but=change.id, limit=1, once=True)
            record = session.ws.get(kind, found[0].id) if found and found[0].score >= LEAST_SCORE else None
            return (record, found[0].why) if record is not None else None
    return None


def dismiss(session: Session, kind: str, one: Record, other: Record) -> Plan:
    """Return the plan that notes that two records are not one thing: on the older of the two, as one of a set.

    Where the second is merged into the first, it becomes a record of its own again; the first keeps what it has.
    """
    from tuicrm.crm.lookup import title
    from tuicrm.store.changes import Write

    kind = session.kind(kind).name
    if kind not in MERGEABLE:
        raise Invalid(f"{session.kind(kind).many} are not compared; {', '.join(MERGEABLE)} are")
    if one["id"] == other["id"]:
        raise Invalid(f"both name the same {session.kind(kind).one}, {title(session, kind, one)}")
    first, second = sorted((one, other), key=lambda held: str(held["id"]))
    known = words(first.get(DISTINCT_FROM))
    note = f"{title(session, kind, one)} and {title(session, kind, other)} are not the same"
    changes = [Write(kind, first["id"], {DISTINCT_FROM: [*known, second["id"]]})]
    said: tuple[str, ...] = ()
    if session.ws.forwards(kind).get(other["id"]) == one["id"]:
        if session.ws.stored.get(kind, other["id"]) is None:
            raise Invalid(f"{title(session, kind, other)} is in the trash, and merged into {title(session, kind, one)}")
        changes.append(Write(kind, other["id"], {MERGED_INTO: None, MERGED_SEEN: None}))
        said = (f"{title(session, kind, one)} keeps what it took over; tuicrm history tells what that was",)
    return Plan(tuple(changes), note, ids=(one["id"], other["id"]), said=said)
