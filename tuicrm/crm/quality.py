"""What to fix first in a team's data: details that are wrong, missing or old, each with the command that mends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

Record = dict[str, Any]

KINDS = ("contact", "company", "deal", "lead")
"""The kinds that are looked through: deals while they are open, leads while nobody decided about them."""
DECIDED = ("qualified", "unqualified", "converted")
LEAST = 50
"""Percent of the useful fields below which a record counts as incomplete."""

CHECKS = {
    "unreachable": "people with open deals who cannot be reached as noted",
    "no_address": "people without an e-mail address or a phone number",
    "deal_gap": "open deals without a company or an expected close",
    "questionable": "values that look wrong",
    "stale": "people nobody talked to or checked for long",
    "incomplete": "records of which little is known",
    "unverified": "people whose details were never checked, or long ago",
}
"""What is looked for, the most urgent first, with what it is called."""
HINTS = frozenset(("unverified",))
"""Checks that cost no score: who talks to somebody every week need not be asked for more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to fix."""

    check: str
    kind: str
    id: str
    name: str
    why: str
    fix: str
    """The command that mends it, with words in capitals for what only a person knows."""
    owner: str
    weight: int
    """Within a check, the lower the more urgent."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody's records stand, or everybody's."""

    owner: str
    """The id of a user; empty for what nobody owns."""
    records: int
    to_fix: int
    """Records with at least one finding that is more than a hint."""
    completeness: int
    """Percent, on average."""

    @property
    def score(self) -> int:
        """Percent of the records that have nothing to fix; 100 where there are none."""
        return 100 * (self.records - self.to_fix) // self.records if self.records else 100


@dataclass(frozen=True, slots=True)
class Quality:
    """What a look at the data found."""

    whole: Standing
    owners: list[Standing]
    """By owner, whoever has most to fix first."""
    findings: list[Finding]
    """The most urgent first."""

    def counts(self) -> dict[str, int]:
        """Return how often each check found something, in the order of urgency."""
        found = dict.fromkeys(CHECKS, 0)
        for one in self.findings:
            found[one.check] += 1
        return found


def quality(session: Session, kind: str = "", owners: frozenset[str] | None = None) -> Quality:
    """Return what to fix, of one kind where named, and of the records of some owners where given."""
    from tuicrm.crm.completeness import completeness

    kinds = [_kind(session, kind)] if kind else list(KINDS)
    findings: list[Finding] = []
    tallies: dict[str, list[int]] = {}
    for name in kinds:
        share, look = completeness(session, name), _looks(session, name)
        for record in _checked(session, name):
            owner = word(record.get("owner"))
            if owners is not None and owner not in owners:
                continue
            found = [one for check in look for one in check(record)]
            findings += found
            tally = tallies.setdefault(owner, [0, 0, 0])
            tally[0] += 1
            tally[1] += any(one.check not in HINTS for one in found)
            tally[2] += share(record) or 0
    order = list(CHECKS)
    findings.sort(key=lambda one: (order.index(one.check), one.weight, one.name.casefold(), one.id))
    each = [_standing(owner, *tally) for owner, tally in tallies.items()]
    each.sort(key=lambda one: (-one.to_fix, one.owner))
    sums = [sum(tally[at] for tally in tallies.values()) for at in range(3)]
    return Quality(_standing("", *sums), each, findings)


def _standing(owner: str, records: int, to_fix: int, filled: int) -> Standing:
    return Standing(owner, records, to_fix, filled // records if records else 100)


def _kind(session: Session, name: str) -> str:
    found = session.kind(name).name
    if found not in KINDS:
        raise Invalid(f"{session.kind(name).many} are not looked through; {', '.join(KINDS)} are", field="kind")
    return found


def _checked(session: Session, kind: str) -> Iterable[Record]:
    records: Iterable[Record] = list(session.ws.all(kind).values())
    if kind == "deal":
        from tuicrm.crm.derive import deals

        status = deals(session).status
        return [one for one in records if status(one) == "open"]
    if kind == "lead":
        from tuicrm.crm.leads import state_test

        undecided = state_test(session, "open")
        return [one for one in records if one.get("status") not in DECIDED and undecided(one)]
    return records


def _looks(session: Session, kind: str) -> list[Callable[[Record], Iterator[Finding]]]:
    """Return the checks of a kind."""
    own = {"contact": _Contacts(session).look, "deal": _Deals(session).look, "lead": _Leads(session).look}
    found = [own[kind]] if kind in own else []
    return [*found, _Values(session, kind).look]


class _Checker:
    """Makes findings about the records of one kind."""

    def __init__(self, session: Session, kind: str) -> None:
        self.session = session
        self.kind = kind

    def found(self, check: str, record: Record, why: str, fix: str, weight: int = 0) -> Finding:
        """Return a finding; `fix` is what follows the kind on the command line, `{}` stands for the short id."""
        from tuicrm.crm.lookup import short_id, title

        key = str(record["id"])
        command = f"tuicrm {self.kind} {fix.format(short_id(self.session, self.kind, key))}"
        name = title(self.session, self.kind, record)
        return Finding(check, self.kind, key, name, why, command, word(record.get("owner")), weight)


class _Contacts(_Checker):
    """People: can they be reached, and who has looked after them?"""

    def __init__(self, session: Session) -> None:
        from tuicrm.crm.customers import customers
        from tuicrm.crm.freshness import limit, stale

        super().__init__(session, "contact")
        self._known = customers(session)
        self._stale = {one.id: one for one in stale(session)}
        self._limit = limit(session)

    def look(self, record: Record) -> Iterator[Finding]:
        """Yield what is wrong with a person's details."""
        from tuicrm.crm.freshness import UNSURE

        status, deals = word(record.get("status")), len(self._known.open(record["id"]))
        if status in UNSURE and deals:
            many = f"{deals} open deal{'' if deals == 1 else 's'}"
            fix = "edit {} --email ADDRESS --status active" if status == "bounced" else "edit {} --status active"
            yield self.found("unreachable", record, f"{status}: {UNSURE[status]}, {many}", fix, -deals)
        if not record.get("emails") and not record.get("phones") and status != "left":
            yield self.found("no_address", record, "no e-mail, no phone", "edit {} --email ADDRESS", -deals)
        held = self._stale.get(record["id"])
        if held is not None:
            yield self.found(
                "stale", record, f"neither talked to nor checked for {held.days} days", "verify {}", -held.days
            )
        elif self._limit and self._old(record) and status not in UNSURE:
            day = word(record.get("last_verified"))
            yield self.found("unverified", record, f"last checked {day}" if day else "never checked", "verify {}")

    def _old(self, record: Record) -> bool:
        """Tell whether the details have stood unchecked for so long that they are doubtful."""
        from tuicrm.crm.derive import day_ordinal, deals
        from tuicrm.crm.touches import id_ms

        made = deals(self.session).day_of(id_ms(record["id"]))
        checked = max(made, day_ordinal(record.get("last_verified")))
        return self.session.today.toordinal() - checked > self._limit


class _Deals(_Checker):
    """Open deals: with whom, and until when?"""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "deal")

    def look(self, record: Record) -> Iterator[Finding]:
        """Yield what a deal lacks."""
        for name, option, what in (("company", "--company NAME", 0), ("expected_close", "--close DATE", 1)):
            if not record.get(name):
                title = "company" if name == "company" else "expected close"
                yield self.found("deal_gap", record, f"no {title}", "edit {} " + option, what)


class _Leads(_Checker):
    """Leads: can they be reached?"""

    def __init__(self, session: Session) -> None:
        super().__init__(session, "lead")

    def look(self, record: Record) -> Iterator[Finding]:
        """Yield what a lead lacks."""
        if not record.get("emails") and not record.get("phones"):
            yield self.found("no_address", record, "no e-mail, no phone", "edit {} --email ADDRESS")


class _Values(_Checker):
    """Any record: which values look wrong, and how much is known?"""

    def __init__(self, session: Session, kind: str) -> None:
        from tuicrm.crm.completeness import completeness
        from tuicrm.records.types import FieldType

        super().__init__(session, kind)
        held = session.kind(kind).writable
        self._shaped = [one for one in held if type(one.type).doubt is not FieldType.doubt]
        self._share = completeness(session, kind)

    def look(self, record: Record) -> Iterator[Finding]:
        """Yield the odd values of a record, and whether it is nearly empty."""
        for field in self._shaped:
            value = record.get(field.name)
            for one in value if isinstance(value, dict) else (value,):
                if isinstance(one, str) and (why := field.type.doubt(one)):
                    yield self.found("questionable", record, f"{field.title}: {one} {why}", _correction(field, one))
        share = self._share(record)
        if share is not None and share < LEAST:
            from tuicrm.crm.completeness import missing

            gaps = missing(self.session, self.kind, record)
            option = next(one.option for one in self.session.kind(self.kind).useful if one.title == gaps[0])
            fix = f"edit {{}} --{option} {option.replace('-', '_').upper()}"
            yield self.found("incomplete", record, f"{share}%: no {', '.join(gaps)}", fix, share)


def _correction(field: Field, value: str) -> str:
    """Return the end of the command that corrects a value, which a shell takes as it is."""
    from shlex import quote

    if not field.type.many:
        return f"edit {{}} --{field.option} {field.option.replace('-', '_').upper()}"
    # Braces would be taken for the place of the id.
    taken = quote(value).replace("{", "{{").replace("}", "}}")
    return f"edit {{}} --un{field.option} {taken} --{field.option} {field.option.upper()}"
