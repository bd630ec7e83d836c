"""Records of a sample workspace, made one by one with a history that fits them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

from tuicrm.crm import sampledata as data
from tuicrm.crm.stages import default, stages
from tuicrm.records.kinds.activity import CHANGE
from tuicrm.records.types import with_ranks

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Write

Record = dict[str, Any]
DAY = 86_400_000
HOUR = 3_600_000
REMEMBERED = 300
"""Days back for which closed deals have a log; older ones came without, as after an import."""
Customer = tuple[str, str]
"""The ids of a company and of its main contact."""


class Sample:
    """Collects the writes; all chance comes from one seed, all times from the session's clock."""

    def __init__(self, session: Session, seed: int) -> None:
        self.session = session
        self.random = Random(seed)
        self.now_ms = int(session.now.timestamp()) * 1000
        self.records: dict[str, tuple[str, Record]] = {}
        self.pipeline = default(session)
        self.ways = [one for one in stages(self.pipeline) if one.kind == "open"]
        self.products: list[tuple[str, str]] = []

    @property
    def changes(self) -> list[Write]:
        """The writes that make all records, in the order in which they were made."""
        from tuicrm.store.changes import Write

        return [Write(kind, record_id, fields) for record_id, (kind, fields) in self.records.items()]

    def add(self, kind: str, ms: int, fields: Mapping[str, Any]) -> str:
        """Keep a record made at a time, and return its id."""
        from tuicrm.store.ulid import encode

        made = encode(ms, self.random.getrandbits(80))
        self.records[made] = (kind, {name: value for name, value in fields.items() if value not in (None, "", [], {})})
        return made

    def edit(self, record_id: str, **fields: Any) -> None:
        """Set fields of a record made before."""
        self.records[record_id][1].update(fields)

    def user(self, handle: str, name: str, team: str) -> str:
        """Return the id of the user with this handle, made where the team has none."""
        for held in self.session.ws.all("user").values():
            if held.get("handle") == handle:
                if held.get("name") == handle:
                    self.records[held["id"]] = ("user", {"name": name, "team": team})
                return str(held["id"])
        fields = {"handle": handle, "name": name, "email": f"{handle}@team.example", "team": team, "active": True}
        return self.add("user", self.now_ms - 800 * DAY, fields)

    def quota(self, user: str, amount: str) -> None:
        """Give a user made here a quota for the quarter before, the present one and the next."""
        from tuicrm.crm.periods import present_quarter
        from tuicrm.crm.quotas import quota_key

        now = present_quarter(self.session)
        held = {quota_key(now.moved(by)): {"amount": amount, "currency": self.session.currency} for by in (-1, 0, 1)}
        if user in self.records:
            self.edit(user, quotas=held)

    def product(self, name: str, sku: str, family: str, price: str) -> None:
        """Make a product with its list price."""
        fields = {"name": name, "sku": sku, "family": family, "price": price, "currency": "EUR", "active": True}
        self.products.append((self.add("product", self.now_ms - 700 * DAY, fields), price))

    def customer(
        self, name: str, city: str, country: str, industry: str, person: str, role: str, owner: str
    ) -> Customer:
        """Make a company with its main contact."""
        ms = self._office(self.random.uniform(200, 600))
        fields = {
            "name": name,
            "city": city,
            "country": country,
            "industry": industry,
            "domain": f"{_plain(name)}.example",
            "employees": self.random.choice((8, 15, 30, 45, 80, 120, 260, 500, 1400)),
            "owner": owner,
        }
        company = self.add("company", ms, fields)
        return company, self.person(person, company, role, owner, ms + HOUR)

    def person(self, name: str, company: str, role: str, owner: str, ms: int) -> str:
        """Make a contact with an address and a number."""
        domain = self.records[company][1]["domain"]
        number = f"+49305550{self.random.randrange(100, 1000)}"
        fields = {
            "name": name,
            "company": company,
            "title": role,
            "emails": with_ranks([f"{_plain(name.split()[0])}@{domain}"]),
            "phones": with_ranks([number]),
            "owner": owner,
            "source": self.random.choice(("referral", "fair", "website", "cold call")),
        }
        return self.add("contact", ms, fields)

    def open_deal(self, name: str, customer: Customer, owner: str, stage: str, value: int, rotting: bool) -> Record:
        """Make a deal in a stage, with the calls and moves that brought it there; returns what follow-ups refer to."""
        place = next((spot for spot, one in enumerate(self.ways) if one.key == stage), 0)
        limit = self.ways[place].rotting_days or 30
        quiet = limit + self.random.uniform(2, 9) if rotting else self.random.uniform(0.2, min(limit - 1, 7))
        age = quiet + self.random.uniform(4, 9) + place * self.random.uniform(5, 11)
        closes = self.session.today + timedelta(days=round((len(self.ways) - place) * self.random.uniform(9, 19)))
        fields = self._deal(name, customer, owner, value) | {
            "stage": self.ways[place].key,
            "expected_close": closes.isoformat(),
        }
        deal = self.add("deal", self._office(age), fields)
        about = {"deal": deal, "company": customer[0], "contacts": [customer[1]], "owner": owner}
        self._way(about, [one.key for one in self.ways[: place + 1]], age, quiet)
        self._talk(about, 1 + place // 2, age, quiet)
        if place > 1 and self.random.random() < 0.4:
            before = f"{round(value * 0.8, -2):.0f}.00 EUR"
            self._change(about, self._between(age, quiet), "value", before, f"{value}.00 EUR")
        return about

    def closed_deal(self, name: str, customer: Customer, owner: str, value: int, how: str, ago: float) -> str:
        """Make a deal that was won, or lost for the reason `how`, some days ago."""
        end = next(one for one in stages(self.pipeline) if one.kind == ("won" if how == "won" else "lost"))
        age = ago + self.random.uniform(25, 70)
        reached = len(self.ways) if how == "won" else self.random.randrange(1, len(self.ways))
        closed = self._office(ago)
        fields = self._deal(name, customer, owner, value) | {
            "stage": end.key,
            "closed_on": self.day(closed),
            "expected_close": self.day(closed + self.random.randrange(-10, 11) * DAY),
            "lost_reason": "" if how == "won" else how,
        }
        deal = self.add("deal", self._office(age), fields)
        about = {"deal": deal, "company": customer[0], "contacts": [customer[1]], "owner": owner}
        if ago > REMEMBERED:
            return deal
        self._way(about, [*(one.key for one in self.ways[:reached]), end.key], age, ago)
        self._talk(about, reached // 2 + 1, age, ago + 0.5)
        return deal

    def _deal(self, name: str, customer: Customer, owner: str, value: int) -> Record:
        fields: Record = {
            "name": name,
            "company": customer[0],
            "contacts": [customer[1]],
            "owner": owner,
            "pipeline": self.pipeline["id"],
            "value": f"{value}.00",
            "currency": "EUR",
            "source": self.random.choice(("referral", "fair", "website", "cold call", "")),
        }
        if self.products and self.random.random() < 0.5:
            product, price = self.random.choice(self.products)
            count = max(1, round(value / float(price)))
            fields["items"] = {"1": {"product": product, "quantity": str(count), "price": price}}
        if self.random.random() < 0.2:
            fields["tags"] = [self.random.choice(("renewal", "hot", "partner", "tender"))]
        return fields

    def _way(self, about: Record, keys: list[str], age: float, quiet: float) -> None:
        """Write the moves from stage to stage, spread over the time from the opening to the last touch."""
        steps = len(keys) - 1
        for step, (before, after) in enumerate(pairwise(keys), 1):
            self._change(about, age - (age - quiet) * step / steps, "stage", before, after)

    def _change(self, about: Record, ago: float, field: str, before: str, after: str) -> None:
        entry = {"type": CHANGE, "field": field, "before": before, "after": after}
        kept = {name: about[name] for name in ("deal", "company", "owner")}
        self.add("activity", self._office(ago), {**kept, **entry})

    def _talk(self, about: Record, count: int, age: float, quiet: float) -> None:
        """Log some calls and mails, the last of them on the day of the last touch."""
        for turn in range(count):
            kind, subject, body, outcome = self.random.choice(data.TALK)
            ago = quiet if turn == count - 1 else self._between(age, quiet)
            entry: Record = {"type": kind, "subject": subject, "body": body, "outcome": outcome}
            if kind in ("call", "meeting") and outcome in ("", "reached"):
                entry["duration"] = self.random.choice((5, 12, 20, 30, 45))
            self.add("activity", self._office(ago), {**about, **entry})

    def followup(
        self, subject: str, days: int, about: Record, *, hour: int = 0, repeat: str = "", snoozed: int = 0
    ) -> str:
        """Make a follow-up due some days from today, some of them at an hour."""
        hour = hour or (self.random.choice((0, 0, 9, 10, 11, 14, 16)) if days >= 0 else 0)
        due = (self.session.today + timedelta(days=days)).isoformat()
        until = (self.session.today + timedelta(days=snoozed)).isoformat() if snoozed else ""
        fields = {
            **about,
            "subject": subject,
            "due": f"{due}T{hour:02}:00[{self.session.zone}]" if hour else due,
            "repeat": repeat,
            "snoozed_until": until,
            "priority": "high" if days < -5 else "",
        }
        return self.add("followup", self._office(max(1.0, 3.0 - days)), fields)

    def view(self, name: str, where: str, sort: str, owner: str) -> None:
        """Save a filter of deals."""
        fields = {"name": name, "of": "deal", "where": where, "sort": sort, "owner": owner}
        self.add("view", self.now_ms - 90 * DAY, fields)

    def _between(self, age: float, quiet: float) -> float:
        return self.random.uniform(quiet, age)

    def _office(self, ago: float) -> int:
        """Return a time some days ago, in milliseconds, in working hours and never in the future.

        The order of times is kept: a day is squeezed into 8 to 17 o'clock, a weekend into the end of its Friday.
        """
        at = datetime.fromtimestamp(self.now_ms / 1000 - ago * 86_400, UTC)
        midnight = at.replace(hour=0, minute=0, second=0, microsecond=0)
        share = (at - midnight) / timedelta(days=1)
        late = max(0, at.weekday() - 4)
        start, hours = (8.0, 9.0) if not late else (16.0 + late, 1.0)
        squeezed = midnight - timedelta(days=late) + timedelta(hours=start + hours * share)
        latest = self.now_ms - round((1 + self.random.random()) * HOUR / 6)
        return min(int(squeezed.timestamp() * 1000), latest)

    def day(self, ms: int) -> str:
        """Return the date of a moment, as records hold it."""
        return datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()


def _plain(name: str) -> str:
    """Return a name as it may stand in an address: plain letters and digits."""
    from tuicrm.folding import slug

    return slug(name).replace("_", "-").strip("-")[:40]
