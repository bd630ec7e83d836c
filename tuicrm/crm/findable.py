"""What a record is found by as somebody types: its name, what else it says, its handles, phone numbers and id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.lookup import name_of, title
from tuicrm.crm.phones import core
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuicrm.crm.session import Session

Record = Mapping[str, Any] if TYPE_CHECKING else Any

KINDS = ("contact", "company", "deal", "followup", "quote", "product", "user")
"""The kinds that are found; where two records fit equally well, the earlier kind comes first."""

_SAYS = {
    "contact": ("title", "city", "tags"),
    "company": ("city", "tags"),
    "deal": ("tags",),
    "product": ("family",),
    "user": ("team",),
}
_CALLS = {
    "contact": (("company", "company"),),
    "deal": (("company", "company"), ("contact", "contacts")),
    "followup": (("contact", "contacts"), ("company", "company"), ("deal", "deal")),
    "quote": (("deal", "deal"), ("contact", "contact")),
}
"""Fields that refer to other records, whose names are searched as well."""
_BLANKS = {code: " " for code in range(128) if not chr(code).isalnum()}


class Entry(NamedTuple):
    """One record, ready to be compared with what is typed."""

    over: bool
    """Whether it is won, lost or inactive: it comes after the live ones."""
    place: int
    """The place of its kind in KINDS."""
    length: int
    name: str
    """The words of its name."""
    id: str
    rest: str
    """The words of everything else that it is found by."""
    handles: tuple[str, ...]
    """Folded texts that mean this record when they are typed in full."""
    phones: tuple[str, ...]
    """The cores of its phone numbers."""


def words(text: str) -> str:
    """Return the folded words of a text with single blanks between them; ASCII signs count as blanks."""
    return " ".join(fold(text).translate(_BLANKS).split())


def findable(session: Session, kind: str) -> Iterator[Entry]:
    """Yield the entries of a kind's records; follow-ups that are done are left out."""
    declared = session.kind(kind)
    place, says, calls = KINDS.index(kind), _SAYS.get(kind, ()), _CALLS.get(kind, ())
    handled = (*declared.handles, "external_id")
    over = _over(session, kind)
    for key, record in list(session.ws.all(kind).items()):
        if kind == "followup" and record.get("done_at"):
            continue
        handles = [one for field in handled for one in _texts(record.get(field))]
        rest = [*handles, *(one for field in says for one in _texts(record.get(field)))]
        rest += [name_of(session, of, one) for of, field in calls for one in _texts(record.get(field))]
        name = words(title(session, kind, record))
        numbers = [core(one) for field in ("phones", "phone") for one in _texts(record.get(field))]
        yield Entry(
            over(record),
            place,
            len(name),
            name,
            key,
            words("\n".join(rest)),
            tuple(fold(one) for one in handles),
            tuple(one for one in numbers if one),
        )


def _texts(value: object) -> list[str]:
    """Return the texts of a field: one, or those of a set or a map."""
    if value.__class__ is str:
        return [str(value)] if value else []
    return [one for one in value if isinstance(one, str)] if isinstance(value, (list, dict)) else []


def _over(session: Session, kind: str) -> Any:
    if kind == "deal":
        from tuicrm.crm.derive import deals

        facts = deals(session)
        return lambda deal: facts.status(deal) != "open"
    if kind == "quote":
        from tuicrm.crm.quotes.standing import status

        return lambda quote: status(session, quote) not in ("draft", "sent", "accepted")
    if kind in ("product", "user"):
        return lambda record: record.get("active") is False
    return lambda record: False
