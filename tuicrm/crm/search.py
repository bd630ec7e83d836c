"""Search in everything that a team keeps about its customers: words, names, addresses, phone numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.crm.lookup import ending, phone_cores, title
from tuicrm.crm.query.freetext import haystack
from tuicrm.folding import fold
from tuicrm.records.kinds.activity import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tuicrm.crm.session import Session

Record = dict[str, Any]

SEARCHED = ("contact", "company", "deal", "lead", "followup", "quote", "product", "user", "activity")
"""The kinds that are searched; where two records fit equally well, the earlier kind comes first."""
_DETAIL = {
    "contact": ("title", "company", "emails", "phones"),
    "company": ("domain", "city", "country"),
    "deal": ("company", "stage", "value", "owner"),
    "lead": ("company_name", "emails", "phones", "status"),
    "followup": ("due", "contacts", "deal"),
    "quote": ("deal", "gross", "status"),
    "product": ("sku", "family", "price"),
    "user": ("handle", "email"),
    "activity": ("at", "type", "contacts", "deal"),
}
_ALL, _HANDLE, _START, _WORD, _PART, _WORDS, _ELSEWHERE = 100, 90, 80, 60, 40, 30, 10
_CLOSED = 5
"""What a deal that is won or lost, or a follow-up that is done, loses against a live one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found."""

    kind: str
    id: str
    title: str
    detail: str
    """The columns that tell it from its namesakes, with commas."""
    score: int
    """How well it fits, for the order only."""


def search(session: Session, text: str, limit: int = 50, *, kinds: Sequence[str] = SEARCHED) -> list[Hit]:
    """Return the records that hold every word of a text, the best first: by name, then by anything else they say.

    Case, accents and look-alike letters do not matter; a phone number is found with or without its country code; the
    end of an id finds its record. The log is the longest to read: who types leaves `activity` out of `kinds` at first.
    """
    wanted = " ".join(fold(text).split())
    if not wanted or limit <= 0:
        return []
    found: list[tuple[int, int, int, str, str, Record]] = []
    for place, kind in enumerate(kinds):
        for score, name, record in _in_kind(session, kind, wanted, text.strip()):
            found.append((-score, place, len(name), name, record["id"], record))
    # Ids are unique, so that records themselves are never compared.
    found.sort(key=lambda one: one[:5])
    return [_hit(session, kinds[place], record, -score) for score, place, _, _, _, record in found[:limit]]


def described(session: Session, kind: str, record: Record) -> tuple[str, str]:
    """Return a record's title, and the columns that tell it from its namesakes, with commas."""
    from tuicrm.crm.amounts import worth
    from tuicrm.crm.derive import amount
    from tuicrm.crm.rows import cells

    called = title(session, kind, record)
    names = _DETAIL.get(kind, ())
    texts = dict(zip(names, cells(session, kind, record, names), strict=True))
    for name in ("value", "price"):
        if name in texts:
            texts[name] = worth(record.get("currency"), amount(record.get(name)))
    return called, ", ".join(one for one in texts.values() if one and one != called)


def _hit(session: Session, kind: str, record: Record, score: int) -> Hit:
    called, detail = described(session, kind, record)
    return Hit(kind=kind, id=record["id"], title=called, detail=detail, score=score)


def _in_kind(session: Session, kind: str, wanted: str, typed: str) -> Iterator[tuple[int, str, Record]]:
    """Yield (score, folded title, record) for what a kind holds that fits."""
    records = session.ws.all(kind)
    exact = {*ending(session, kind, typed), *_by_phone(session, kind, typed)}
    handles = (*session.kind(kind).handles, "external_id")
    words = wanted.split(" ")
    first, rest = max(words, key=len), [word for word in words if word != max(words, key=len)]
    of = haystack(session, kind, wide=True).of
    over = _over(session, kind)
    for key, record in records.items():
        text = of(record)
        if first not in text or any(word not in text for word in rest):
            if key in exact:
                yield _HANDLE, fold(title(session, kind, record)), record
            continue
        if kind == "activity" and record.get("type") in AUTOMATIC:
            continue
        name = fold(title(session, kind, record))
        score = _score(name, wanted, words)
        if score < _HANDLE and (key in exact or _is_handle(record, handles, wanted)):
            score = _HANDLE
        yield score - (_CLOSED if over(record) else 0), name, record


def _score(name: str, wanted: str, words: list[str]) -> int:
    if name == wanted:
        return _ALL
    if name.startswith(wanted):
        return _START
    at = name.find(wanted)
    while at > 0:
        if not name[at - 1].isalnum():
            return _WORD
        at = name.find(wanted, at + 1)
    if wanted in name:
        return _PART
    return _WORDS if all(word in name for word in words) else _ELSEWHERE


def _is_handle(record: Record, handles: Sequence[str], wanted: str) -> bool:
    """Tell whether the whole text is an address or another handle of the record."""
    for field in handles:
        value = record.get(field)
        for one in (value,) if isinstance(value, str) else value if isinstance(value, dict) else ():
            if fold(one) == wanted:
                return True
    return False


def _over(session: Session, kind: str) -> Any:
    if kind == "deal":
        from tuicrm.crm.derive import deals

        facts = deals(session)
        return lambda deal: facts.status(deal) != "open"
    if kind == "followup":
        return lambda followup: bool(followup.get("done_at"))
    return lambda record: False


def _by_phone(session: Session, kind: str, typed: str) -> list[str]:
    """Return the ids of the records with a phone number that the typed digits belong to."""
    if not phones.looks_like_one(typed):
        return []
    core = phones.core(typed)
    return [key for held, key in phone_cores(session, kind) if core and phones.fits(held, core)]
