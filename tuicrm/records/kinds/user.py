"""Users: the people of the sales team."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.records.field import Field, Kind
from tuicrm.records.types import Email, Flag, Text
from tuicrm.records.values import Nested

if TYPE_CHECKING:
    from tuicrm.records.types import Stored


class Quotas(Nested):
    """What should be won, by period: `2026-Q4 450000.00 EUR`."""

    def text(self, value: Stored) -> str:
        held = sorted((key, one) for key, one in value.items() if isinstance(one, dict))
        return ", ".join(f"{key} {one.get('amount', '')} {one.get('currency', '')}".rstrip() for key, one in held)


USER = Kind(
    name="user",
    plural="users",
    help="Somebody of the team.",
    example='tuicrm user add "Ann Lee" --handle ann --email ann@acme.example --team north',
    columns=("handle", "name", "email", "team", "manager", "territory", "active"),
    naming=("name", "handle"),
    handles=("handle", "email"),
    search=("name", "handle", "email", "team", "tags"),
    fields=(
        Field("handle", Text(), first=True, help="The short name used in filters; made from the name where empty."),
        Field("name", Text(), required=True, first=True, help="Full name."),
        Field("email", Email(), label="e-mail", first=True, help="E-mail address."),
        Field("manager", Text(), help="Name or handle of the manager."),
        Field("team", Text(), help="The team that the user belongs to."),
        Field("role", Text(), help="What the user is in the team, as in rep or manager: limits of discounts go by it."),
        Field("territory", Text(), help="The sales territory."),
        Field("active", Flag(), default="yes", help="Whether the user still works here."),
        Field("quotas", Quotas(), help="Quota by period: amount and currency."),
    ),
)
