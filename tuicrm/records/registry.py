"""All record kinds by name; a kind joins with one line here."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid
from tuicrm.records.kinds.activity import ACTIVITY
from tuicrm.records.kinds.answer import ANSWER
from tuicrm.records.kinds.commission import COMMISSION
from tuicrm.records.kinds.company import COMPANY
from tuicrm.records.kinds.conflict import CONFLICT
from tuicrm.records.kinds.contact import CONTACT
from tuicrm.records.kinds.deal import DEAL
from tuicrm.records.kinds.dismissal import DISMISSAL
from tuicrm.records.kinds.followup import FOLLOWUP
from tuicrm.records.kinds.lead import LEAD
from tuicrm.records.kinds.leading import LEAD_STATUS, SCORE_RULE
from tuicrm.records.kinds.product import PRODUCT
from tuicrm.records.kinds.quote import QUOTE
from tuicrm.records.kinds.report import REPORT
from tuicrm.records.kinds.rule import RULE
from tuicrm.records.kinds.sequence import ENROLMENT, SEQUENCE
from tuicrm.records.kinds.target import TARGET
from tuicrm.records.kinds.team import CUSTOM_FIELD, MAPPING, PIPELINE, SETTING, VIEW
from tuicrm.records.kinds.template import TEMPLATE
from tuicrm.records.kinds.territory import TERRITORY
from tuicrm.records.kinds.user import USER
from tuicrm.records.merged import GROUP, MERGEABLE

if TYPE_CHECKING:
    from tuicrm.records.field import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        COMPANY,
        CONTACT,
        LEAD,
        DEAL,
        PRODUCT,
        QUOTE,
        ACTIVITY,
        FOLLOWUP,
        USER,
        PIPELINE,
        VIEW,
        MAPPING,
        REPORT,
        RULE,
        TEMPLATE,
        SEQUENCE,
        ENROLMENT,
        ANSWER,
        DISMISSAL,
        TERRITORY,
        TARGET,
        COMMISSION,
        SETTING,
        CUSTOM_FIELD,
        LEAD_STATUS,
        SCORE_RULE,
        CONFLICT,
    )
}


def groups(kind: str) -> tuple[tuple[str, ...], ...]:
    """Return the groups of fields of a kind that are restamped together; none for an unknown kind."""
    if kind not in KINDS:
        return ()
    return (*KINDS[kind].groups, GROUP) if kind in MERGEABLE else KINDS[kind].groups


@cache
def references(kind: str) -> tuple[tuple[str, str], ...]:
    """Return the fields of a kind that name records which can be merged, each with the kind that it names."""
    fields = KINDS[kind].all_fields if kind in KINDS else ()
    return tuple((one.name, one.type.refers) for one in fields if one.type.refers in MERGEABLE)


def kind_named(name: str) -> Kind:
    """Return the kind that `name`, its plural or an alias stands for, or raise Invalid."""
    wanted = name.strip().lower().replace("-", "_")
    for kind in KINDS.values():
        if wanted in (kind.name, kind.plural, *kind.aliases, *(f"{alias}s" for alias in kind.aliases)):
            return kind
    from tuicrm.text import nearest

    near = nearest(wanted, [*KINDS, *(kind.plural for kind in KINDS.values())])
    guess = f"; did you mean {near}?" if near else ""
    raise Invalid(f"there is no kind of record called {name!r}{guess}")
