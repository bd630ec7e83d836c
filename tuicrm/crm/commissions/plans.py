"""Commission plans: made and changed from typed text, checked, and read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive
from tuicrm.crm.percents import parse_percent, plain
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import table, word, words
from tuicrm.errors import Invalid, NotFound
from tuicrm.records.kinds.commission import FLAT, MARGINAL, PERIODS, TEAM, TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tuicrm.crm.session import Session

Record = dict[str, Any]
Entries = dict[str, dict[str, str]]
KIND = "commission"
_TIER = "tier: {!r} is no band: write a rate in percent and the sales from which it holds, as in '6 from 100k'"
_FASTER = "accelerator: {!r} is none: write a factor and the percent of the quota, as in '1.5 from 100'"
MOST_STEPS = 50


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan as it is reckoned with; amounts are in its own currency."""

    id: str
    name: str
    type: str
    period: str
    bands: tuple[tuple[Decimal, Decimal], ...]
    accelerators: tuple[tuple[Decimal, Decimal], ...]
    cap: Decimal | None
    currency: str
    where: str
    users: tuple[str, ...]
    teams: tuple[str, ...]
    of_team: bool
    """Whether the sales of those whom one manages count, and not one's own."""
    first: int
    """The first day, as an ordinal, on which a deal may be won; 0 for any."""
    last: int

    def holds(self, user: Record) -> bool:
        """Tell whether the plan is for a user."""
        from tuicrm.folding import fold

        if not self.users and not self.teams:
            return True
        team = fold(word(user.get("team")).strip())
        return user["id"] in self.users or (bool(team) and team in [fold(one.strip()) for one in self.teams])


def terms(session: Session, record: Record) -> Terms:
    """Return what a plan says; a stored line that makes no sense counts for nothing."""
    from decimal import Decimal

    bands = _read(record.get("rates"), "rate")
    if not bands or bands[0][0]:
        bands = ((Decimal(0), Decimal(0)), *bands)
    kind, period = word(record.get("type")), word(record.get("period"))
    return Terms(
        id=record["id"],
        name=word(record.get("name")),
        type=kind if kind in TYPES else FLAT if len(bands) == 1 else MARGINAL,
        period=period if period in PERIODS else "quarter",
        bands=bands,
        accelerators=_read(record.get("accelerators"), "times"),
        cap=derive.amount(record.get("cap")),
        currency=word(record.get("currency")) or session.currency,
        where=word(record.get("where")),
        users=tuple(words(record.get("users"))),
        teams=tuple(words(record.get("teams"))),
        of_team=record.get("sales") == TEAM,
        first=derive.day_ordinal(record.get("valid_from")),
        last=derive.day_ordinal(record.get("valid_to")),
    )


def in_order(entries: Entries) -> list[dict[str, str]]:
    """Return rates or accelerators from the lowest on."""
    from decimal import Decimal

    return sorted(entries.values(), key=lambda one: derive.amount(one.get("from")) or Decimal(0))


def _read(value: object, name: str) -> tuple[tuple[Decimal, Decimal], ...]:
    found = [(derive.amount(one.get("from")), derive.amount(one.get(name))) for one in table(value).values()]
    return tuple(
        sorted((low, share) for low, share in found if low is not None and share is not None and min(low, share) >= 0)
    )


def add(
    session: Session,
    typed: Mapping[str, Sequence[str]],
    tiers: Sequence[str] = (),
    accelerators: Sequence[str] = (),
) -> Plan:
    """Return the plan that adds a commission plan."""
    from dataclasses import replace

    from tuicrm.crm.edit import add as add_record
    from tuicrm.store.changes import Write

    if not tiers:
        raise Invalid("tier: a commission plan needs a rate, as in --tier 5", field="tier")
    made = add_record(session, KIND, typed)
    (first,) = made.changes
    assert isinstance(first, Write)
    fields = dict(first.fields)
    fields["currency"] = fields.get("currency") or session.currency
    fields |= _steps(session, {"id": first.id, **fields}, tiers, accelerators, (), ())
    fields.setdefault("type", FLAT if list(fields["rates"]) == ["0"] else MARGINAL)
    _check(session, fields)
    return replace(made, changes=(Write(KIND, first.id, fields),), said=(*made.said, *_empty_teams(session, fields)))


def _empty_teams(session: Session, record: Mapping[str, Any]) -> list[str]:
    """Return what to say of teams of a plan that nobody is in."""
    from tuicrm.folding import fold

    there = {fold(word(one.get("team")).strip()) for one in session.ws.all("user").values()}
    return [f"nobody is in team {one} yet" for one in words(record.get("teams")) if fold(one.strip()) not in there]


def edit(
    session: Session,
    record: Record,
    typed: Mapping[str, Sequence[str]],
    removed: Mapping[str, Sequence[str]],
    tiers: Sequence[str] = (),
    accelerators: Sequence[str] = (),
    drop_tiers: Sequence[str] = (),
    drop_accelerators: Sequence[str] = (),
    *,
    base: Record | None = None,
) -> Plan:
    """Return the plan that changes a commission plan; a band from the same amount takes the place of the old one.

    With `base` its bands are what these and that one's are, and not what they were.
    """
    from tuicrm.crm.edit import edited, said_of, same
    from tuicrm.crm.parsing import Typing, by_field
    from tuicrm.store.changes import Write

    of, ctx = session.kind(KIND), Typing(session)
    fields = edited(session, of, record, by_field(of, typed), by_field(of, removed), ctx)
    after = {**record, **fields}
    held = {**after, **{name: (base or after).get(name) for name in ("rates", "accelerators")}}
    steps = _steps(session, held, tiers, accelerators, drop_tiers, drop_accelerators)
    fields |= {name: value for name, value in steps.items() if not same(record.get(name), value)}
    _check(session, {**after, **fields})
    if not fields:
        note = said_of("nothing to change in", session, of, [record])
        return Plan((), note, ids=(record["id"],), said=(*ctx.notes, note))
    note = f"{said_of('edited', session, of, [record])}: {', '.join(fields)}"
    return Plan((Write(KIND, record["id"], fields),), note, ids=(record["id"],), said=ctx.notes)


def _steps(
    session: Session,
    record: Record,
    tiers: Sequence[str],
    accelerators: Sequence[str],
    drop_tiers: Sequence[str],
    drop_accelerators: Sequence[str],
) -> dict[str, Any]:
    """Return the maps of rates and accelerators as they are afterwards."""
    currency = word(record.get("currency")) or session.currency
    rates, faster = ({**table(record.get(name))} for name in ("rates", "accelerators"))
    for text in drop_tiers:
        _drop(rates, "tier", text, _bound(text, currency))
    for text in drop_accelerators:
        _drop(faster, "accelerator", text, plain(parse_percent(text, "accelerator", most=100_000)))
    typed: set[str] = set()
    for text in tiers:
        share, bound = _parted(text, _TIER)
        low = _bound(bound, currency) if bound else "0"
        if low in typed:
            raise Invalid(f"tier: two rates hold from {low}: {text.strip()!r} and one before it", field="tier")
        typed.add(low)
        rates[low] = {"from": low, "rate": plain(parse_percent(share, "tier"))}
    for text in accelerators:
        share, bound = _parted(text.strip().removeprefix("x"), _FASTER)
        if not bound:
            raise Invalid(_FASTER.format(text.strip()[:40]), field="accelerator")
        low = plain(parse_percent(bound, "accelerator", most=100_000))
        faster[low] = {"from": low, "times": _factor(share)}
    if max(len(rates), len(faster)) > MOST_STEPS:
        raise Invalid(f"tier: a plan has at most {MOST_STEPS} bands", field="tier")
    return {"rates": rates or None, "accelerators": faster or None}


def _parted(text: str, wrong: str) -> tuple[str, str]:
    """Return the two sides of `6 from 100k`; the second is empty where nothing follows."""
    import re

    found = re.fullmatch(r"(\S+(?: ?%)?)(?:\s+(?:from|above|over)\s+(\S.*))?", text.strip())
    if found is None:
        raise Invalid(wrong.format(text.strip()[:40]), field=wrong.partition(":")[0])
    return found[1], found[2] or ""


def _bound(text: str, currency: str) -> str:
    from tuicrm.crm.parsing import named
    from tuicrm.money import parse_money

    try:
        money = parse_money(text, currency=currency)
    except Invalid as problem:
        raise named(problem, "tier") from None
    if money.currency != currency:
        raise Invalid(
            f"tier: {text!r} is in {money.currency}, but the plan is in {currency}; --currency changes that",
            field="tier",
        )
    return plain(money.amount)


def _factor(text: str) -> str:
    import re
    from decimal import Decimal

    found = re.fullmatch(r"x?(\d{1,3}(?:\.\d{1,6})?)x?", text.strip(), re.ASCII)
    if found is None or not Decimal(found[1]):
        raise Invalid(f"accelerator: {text.strip()[:40]!r} is no factor such as 1.5", field="accelerator")
    return plain(Decimal(found[1]))


def _drop(held: Entries, name: str, text: str, key: str) -> None:
    if key not in held:
        there = f"there are {', '.join(held)}" if held else "there is none"
        raise NotFound(f"the plan has no {name} from {text.strip()}; {there}")
    del held[key]


def _check(session: Session, record: Mapping[str, Any]) -> None:
    """Raise Invalid for a plan that could not be reckoned with."""
    if not record.get("rates"):
        raise Invalid("tier: a commission plan needs a rate", field="tier")
    if record.get("type") == FLAT and len(record["rates"]) > 1:
        raise Invalid("type: a flat plan has one rate; say marginal or retroactive for several", field="type")
    if record.get("type") == FLAT and "0" not in record["rates"]:
        raise Invalid("type: the rate of a flat plan holds from the first sale, so it takes no amount", field="type")
    check_fields(session, record)


def check_fields(session: Session, record: Mapping[str, Any]) -> None:
    """Raise Invalid for a query that cannot be read, and for days in the wrong order."""
    from tuicrm.crm.query import compile_query

    if where := word(record.get("where")).strip():
        try:
            compile_query(session, "deal", where)
        except Invalid as problem:
            raise Invalid(f"where: {problem.message}", field="where", hint=problem.hint) from None
    first, last = (word(record.get(name)) for name in ("valid_from", "valid_to"))
    if first and last and last < first:
        raise Invalid(f"valid_to: {last} is before {first}, on which it begins", field="valid_to")
