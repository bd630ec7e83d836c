"""What a half-typed field would be stored as, said in words; and what it holds, as one would type it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.crm.filling import fill
from tuicrm.crm.parsing import Typing
from tuicrm.crm.shapes import word, words
from tuicrm.errors import TuicrmError
from tuicrm.records.types import Addresses
from tuicrm.records.values import Amount, Day, Instant, Nested, Repeat, When

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

Record = dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """What there is to say about what is typed into a field."""

    said: str = ""
    bad: bool = False
    """Whether it cannot be saved like this."""


def verdict(
    session: Session,
    kind: str,
    record: Record,
    field: Field,
    texts: Sequence[str],
    beside: Mapping[str, Sequence[str]] | None = None,
) -> Verdict:
    """Return what typed texts would make of a field, read exactly as saving reads them.

    `record` is the record as it is ({} for a fresh one), `beside` what is typed into the fields that go with this one.
    """
    if not any(text.strip() for text in texts):
        return Verdict()
    ctx = Typing(session)
    of = session.kind(kind)
    try:
        fields = fill(of, {"id": "", **record}, {**(beside or {}), field.name: list(texts)}, {}, ctx)
        return Verdict(_said(session, field, fields, texts, ctx))
    except TuicrmError as problem:
        return Verdict(bare(str(problem), field), bad=True)


def bare(sentence: str, field: Field) -> str:
    """Return a sentence without the field's name in front, for where the label stands beside it."""
    for name in (field.name, field.title):
        sentence = sentence.removeprefix(f"{name}: ")
    return sentence


def _said(session: Session, field: Field, fields: Mapping[str, Any], texts: Sequence[str], ctx: Typing) -> str:
    value = fields.get(field.name)
    if isinstance(field.type, Amount):
        return _money(word(value), word(fields.get("currency")) or session.currency)
    if isinstance(field.type, Day | Repeat):
        return "; ".join(bare(one, field) for one in ctx.notes) or _day(session, value)
    if field.type.refers:
        return ""
    if field.type.many:
        held = words(value)
        return ", ".join(held) if isinstance(field.type, Addresses) and held != [one.strip() for one in texts] else ""
    text = field.type.text(value) if value is not None else ""
    return text if text != texts[-1].strip() else ""


def _money(value: str, currency: str) -> str:
    from decimal import Decimal, InvalidOperation

    from tuicrm.money import Money, show

    try:
        return show(Money(Decimal(value), currency)) if value else ""
    except InvalidOperation:
        return ""


def _day(session: Session, value: object) -> str:
    """Return a date that was typed as it is stored, with its weekday and how far it is."""
    from datetime import date

    from tuicrm.when import understood

    try:
        return understood(date.fromisoformat(str(value)), session.reading)
    except ValueError:
        return ""


def as_typed(session: Session, kind: str, record: Record, fields: Sequence[Field]) -> dict[str, str]:
    """Return what fields hold as one would type it; what is typed back unchanged means the same.

    References are shown by name: who lets them be edited keeps their ids.
    """
    from tuicrm.crm.rows import cells

    texts = cells(session, kind, record, [one.name for one in fields])
    made: dict[str, str] = {}
    for field, text in zip(fields, texts, strict=True):
        value = record.get(field.name)
        if isinstance(field.type, Amount):
            text = _grouped(word(value)) or text
        elif isinstance(field.type, When) and not isinstance(field.type, Instant) and "[" in word(value):
            text = text if " " in text and text.count(" ") == 1 else word(value)
        made[field.name] = text
    return made


def _grouped(value: str) -> str:
    """Return `12,000` or `12,000.50` for a stored amount; empty for what is none."""
    from decimal import Decimal, InvalidOperation

    whole, _, fraction = value.partition(".")
    try:
        grouped = f"{Decimal(whole):,f}"
    except InvalidOperation:
        return ""
    return f"{grouped}.{fraction}" if fraction.strip("0") else grouped


def can_type(field: Field) -> bool:
    """Tell whether a field can be filled in as text."""
    return not (field.computed or isinstance(field.type, Nested))
