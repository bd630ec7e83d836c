"""Targets: what is asked of a person or a team in a period, beside the quotas of people."""

from __future__ import annotations

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Integer, Ref, Text
from tuicrm.records.values import Amount, Currency

MOST = 1_000_000

TARGET = Kind(
    name="target",
    plural="targets",
    help="What is asked of a person or of a team in a month, a quarter or a year.",
    example='tuicrm target set --team north --quota 2m --activity "meeting 60" --period 2026-Q4',
    columns=("team", "user", "period", "quota", "currency", "call", "email", "meeting", "note"),
    naming=("period",),
    search=("team", "user", "period"),
    groups=(("quota", "currency"),),
    fields=(
        Field("period", Text(), required=True, help="The months that it is for, as in 2026-10 or 2026-Q4."),
        Field("user", Ref("user"), help="Whom it is for."),
        Field("team", Text(), help="The team that it is for."),
        Field("quota", Amount(), help="What a team should win; people's quotas are kept with the people."),
        Field("currency", Currency(), help="The quota's currency, an ISO code."),
        Field("call", Integer(0, MOST), help="Calls."),
        Field("email", Integer(0, MOST), help="E-mails."),
        Field("meeting", Integer(0, MOST), help="Meetings."),
        Field("note", Integer(0, MOST), help="Notes."),
    ),
)
