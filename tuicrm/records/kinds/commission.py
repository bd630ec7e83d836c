"""Commission plans: what people earn by the deals that they win."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Choice, Refs, Tags, Text
from tuicrm.records.values import Amount, Currency, Day, Nested

if TYPE_CHECKING:
    from tuicrm.records.types import Stored

FLAT, MARGINAL, RETROACTIVE = "flat", "marginal", "retroactive"
TYPES = (FLAT, MARGINAL, RETROACTIVE)
PERIODS = ("month", "quarter", "year")
OWN, TEAM = "own", "team"


class Steps(Nested):
    """Rates by the amount, or factors by the attainment, from which they hold: `5 %, 6 % from 100000`."""

    def __init__(self, of: str, before: str, after: str, unit: str) -> None:
        self.of, self.before, self.after, self.unit = of, before, after, unit

    def text(self, value: Stored) -> str:
        amount = Amount()
        held = [
            (amount.key(one["from"]), one.get(self.of))
            for one in value.values()
            if isinstance(one, dict) and not amount.check(one.get("from"))
        ]
        held.sort(key=lambda pair: pair[0])
        return ", ".join(
            f"{self.before}{share}{self.after}" + (f" from {bound:f}{self.unit}" if bound else "")
            for bound, share in held
        )


COMMISSION = Kind(
    name="commission",
    plural="commissions",
    spoken="commission plan",
    help="What people earn by the deals that they win.",
    example='tuicrm commission add Standard --type marginal --tier 5 --tier "6 from 100k" --tier "7 from 125k"',
    columns=("name", "type", "rates", "accelerators", "cap", "period", "users", "teams"),
    groups=(("cap", "currency"),),
    fields=(
        Field("name", Text(), required=True, first=True, help="What to call it by."),
        Field(
            "type",
            Choice(*TYPES),
            help="flat: one rate; marginal: each band has its own; retroactive: the band reached counts for all.",
        ),
        Field("period", Choice(*PERIODS), default="quarter", help="What sales are added up over."),
        Field("rates", Steps("rate", "", " %", ""), help="By the sales from which they hold: from, rate in percent."),
        Field(
            "accelerators",
            Steps("times", "x", "", " %"),
            help="By the percent of the quota from which they hold: from, times.",
        ),
        Field("cap", Amount(), help="The most that it pays to one person in a period."),
        Field("currency", Currency(), help="What its amounts are in, an ISO code; the base currency if absent."),
        Field(
            "sales",
            Choice(OWN, TEAM),
            help="Whose sales count: one's own, or those of the team that one manages; one's own if absent.",
        ),
        Field("where", Text(), help="The query that a deal must fit, as in product:Suite or pipeline:Renewals."),
        Field("users", Refs("user"), help="Whom it is for; for everybody where neither users nor teams are named."),
        Field("teams", Tags(), help="The teams that it is for."),
        Field("valid_from", Day(), label="valid from", help="The first day on which a deal may be won."),
        Field("valid_to", Day(), label="valid to", help="The last one."),
    ),
)
