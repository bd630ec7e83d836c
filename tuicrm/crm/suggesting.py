"""What a half-typed field may mean: records for references, words in use for the rest, the best first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.crm.lookup import ending, phone_cores, title
from tuicrm.crm.shapes import word, words
from tuicrm.folding import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

Record = dict[str, Any]

_DETAIL = {
    "contact": ("title", "company", "emails"),
    "company": ("city", "domain"),
    "deal": ("company", "stage", "value"),
    "followup": ("due", "deal"),
    "product": ("sku", "price", "currency"),
    "user": ("handle", "team"),
    "activity": ("at", "type", "contacts"),
}
_ALL, _HANDLE, _START, _WORD, _PART, _WORDS = 100, 90, 80, 60, 40, 30
_NEAR = 15
"""What a record of the same company gains: among several Janes the customer's own comes first."""
_OVER = 25
"""What a closed deal, a done follow-up or somebody who left loses."""
MANY = 200
"""Words in use that are offered at most."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One thing that a text may mean."""

    key: str
    """The id of a record; the text itself for a word."""
    text: str
    detail: str = ""
    """What tells it from its namesakes."""


def records(session: Session, kind: str, text: str, *, company: str = "", limit: int = 8) -> list[Suggestion]:
    """Return the live records that a text may mean: by name, by e-mail or phone, by the end of the id.

    An empty text means any of them. Those of the `company` (an id) come before their equals.
    """
    name = session.kind(kind).name
    wanted = " ".join(fold(text).split())
    held = session.ws.all(name)
    exact = {*ending(session, name, text.strip()), *_by_phone(session, name, text)}
    found: list[tuple[int, int, str, str]] = []
    parts = wanted.split(" ")
    first = max(parts, key=len)
    for key, (called, handles) in _texts(session, name).items():
        if first not in called and first not in handles and key not in exact:
            continue
        score = _ALL if key in exact else _score(called, handles, wanted, parts)
        if score:
            record = held[key]
            score += _NEAR if company and _of_company(name, record, company) else 0
            found.append((-score + (_OVER if _over(session, name, record) else 0), len(called), called, key))
    found.sort()
    return [_suggestion(session, name, held[key]) for *_, key in found[:limit]]


def suggestion(session: Session, kind: str, key: str) -> Suggestion | None:
    """Return one record as a suggestion; None where there is none of this id."""
    record = session.ws.get(kind, key)
    return _suggestion(session, kind, record) if record is not None else None


def _suggestion(session: Session, kind: str, record: Record) -> Suggestion:
    from tuicrm.crm.rows import cells

    called = title(session, kind, record)
    texts = [one for one in cells(session, kind, record, _DETAIL.get(kind, ())) if one and one != called]
    return Suggestion(str(record["id"]), called, ", ".join(texts))


def _score(called: str, handles: str, wanted: str, parts: Sequence[str]) -> int:
    if called == wanted:
        return _ALL
    if called.startswith(wanted):
        return _START
    if len(wanted) == 1 and wanted.isascii():
        # A single letter is in nearly every name.
        return 0
    if f"\n{wanted}" in handles:
        return _HANDLE
    at = called.find(wanted)
    if at > 0:
        while at > 0:
            if not called[at - 1].isalnum():
                return _WORD
            at = called.find(wanted, at + 1)
        return _PART
    if all(part in called or part in handles for part in parts):
        return _WORDS
    return 0


def _of_company(kind: str, record: Record, company: str) -> bool:
    return word(record.get("company")) == company or (kind == "company" and record["id"] == company)


def _over(session: Session, kind: str, record: Record) -> bool:
    if kind == "deal":
        return bool(record.get("closed_on"))
    if kind == "followup":
        return bool(record.get("done_at"))
    return (kind == "user" and record.get("active") is False) or record.get("status") == "left"


def _by_phone(session: Session, kind: str, text: str) -> list[str]:
    core = phones.core(text.strip()) if phones.looks_like_one(text.strip()) else ""
    return [key for held, key in phone_cores(session, kind) if phones.fits(held, core)] if core else []


def _texts(session: Session, kind: str) -> dict[str, tuple[str, str]]:
    """Return (folded title, folded handles on lines of their own) of each record of a kind, by its id."""

    def make() -> dict[str, tuple[str, str]]:
        # Records are replaced, never changed in place: while it is the same object, its texts are the same.
        kept: dict[str, tuple[Record, tuple[str, str]]] = session.kept.setdefault(f"suggested {kind}", {})
        fields = (*session.kind(kind).handles, "external_id")
        # What a deal without a name is called follows from other records.
        fixed = kind != "deal"
        found: dict[str, tuple[str, str]] = {}
        for key, record in session.ws.all(kind).items():
            held = kept.get(key)
            if held is None or held[0] is not record or not (fixed or record.get("name")):
                handles = [one for name in fields for one in words(record.get(name))]
                texts = (fold(title(session, kind, record)), fold("".join(f"\n{one}" for one in handles)))
                held = kept[key] = (record, texts)
            found[key] = held[1]
        return found

    texts: dict[str, tuple[str, str]] = session.remember(f"suggested {kind}", make)
    return texts


def suggestions(
    session: Session, kind: str, field: Field, text: str, *, company: str = "", pipeline: str = "", limit: int = 8
) -> list[Suggestion]:
    """Return what a text typed into a field may mean; `company` and `pipeline` (ids) are those of the same record."""
    refers = field.type.refers
    if refers == "stage":
        return _stages(session, pipeline, text)[:limit]
    if refers:
        return records(session, refers, text, company=company, limit=limit)
    return answers(session, kind, field, text, limit=limit)


def _stages(session: Session, pipeline: str, text: str) -> list[Suggestion]:
    from tuicrm.crm.lookup import matching_stages
    from tuicrm.crm.stages import stages

    held = stages(session.ws.get("pipeline", pipeline) or {})
    found = matching_stages(held, text) if text.strip() else held
    return [Suggestion(one.key, one.name, one.kind if one.kind != "open" else "") for one in found]


def answers(session: Session, kind: str, field: Field, text: str = "", *, limit: int = 8) -> list[Suggestion]:
    """Return the words that a field can hold or holds elsewhere, the most used first; with a text, what it may mean."""
    wanted = fold(text).strip()
    ranked: list[tuple[int, int, str]] = []
    for place, one in enumerate(_in_use(session, kind, field)):
        folded = fold(one).replace("_", " ") if field.type.choices else fold(one)
        rank = 0 if folded == wanted or folded.startswith(wanted) else 1 if f" {wanted}" in folded else 2
        if rank < 2 or wanted in folded:
            ranked.append((rank, place, one))
    ranked.sort()
    criteria = _criteria(session, field)
    return [Suggestion(one, one, criteria.get(one, "")) for *_, one in ranked[:limit]]


def _criteria(session: Session, field: Field) -> dict[str, str]:
    """Return what has to hold for each status of leads, by name; empty for any other field."""
    if field.type.name != "lead status":
        return {}
    from tuicrm.crm.statuses import statuses

    return {one.name: one.criteria for one in statuses(session)}


def _in_use(session: Session, kind: str, field: Field) -> list[str]:
    name = session.kind(kind).name

    def make() -> list[str]:
        team = declared(session, name, field)
        counts: Counter[str] = Counter()
        # Tags mean the same on every kind of record.
        kinds = (
            ("company", "contact", "lead", "deal", "activity", "followup", name) if field.name == "tags" else (name,)
        )
        for of in dict.fromkeys(kinds):
            held = filter(None, (record.get(field.name) for record in session.ws.all(of).values()))
            counts.update(one for value in held for one in words(value))
        used = [one for one, _ in counts.most_common(MANY) if one not in team and field.type.text(one) not in team]
        return [*team, *used] if not _closed(field) else list(team)

    found: list[str] = session.remember(f"in use {name} {field.name}", make)
    return found


def declared(session: Session, kind: str, field: Field) -> list[str]:
    """Return the words that a field has to choose from, whether or not it takes others as well."""
    if kind == "deal" and field.name == "lost_reason":
        return [one.strip() for one in session.setting("lost_reasons").split(",") if one.strip()]
    if kind == "lead" and field.name == "reason":
        from tuicrm.crm.leads import disqualify_reasons

        return disqualify_reasons(session)
    if field.type.name == "lead status":
        from tuicrm.crm.statuses import statuses

        return [one.name for one in statuses(session)]
    if field.type.name == "currency":
        return [session.currency]
    from tuicrm.records.kinds.activity import AUTOMATIC

    # The program's own entries are nothing that people write.
    return [one for one in field.type.choices if not (kind == "activity" and one in AUTOMATIC)]


def _closed(field: Field) -> bool:
    """Tell whether a field takes nothing but its choices."""
    return bool(field.type.choices) and not getattr(field.type, "open_ended", False)
