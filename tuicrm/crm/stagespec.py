"""Stages as they are typed in (`Offer 60% 14d`), and the stages that a fresh pipeline starts with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.records.kinds.team import STAGE_KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.records.field import Kind

Entry = dict[str, Any]

STANDARD = (
    "Lead 10% 14d",
    "Qualified 20% 21d",
    "Demo 30% 21d",
    "Proposal 50% 30d",
    "Negotiation 70% 30d",
    "Verbal 90% 14d",
    "Won 100% won",
    "Lost 0% lost",
)


def standard() -> dict[str, Entry]:
    """Return the stages of the pipeline that a fresh workspace has."""
    return with_ends(STANDARD)


def with_ends(specs: Sequence[str]) -> dict[str, Entry]:
    """Return stages by key, in the order of their specs, with Won and Lost where no spec is of their kind."""
    from tuicrm.crm.ordering import spread

    parsed = [parse_spec(one) for one in specs]
    kinds = {entry["kind"] for _, entry in parsed}
    parsed += [
        parse_spec(one) for kind, one in (("won", "Won 100% won"), ("lost", "Lost 0% lost")) if kind not in kinds
    ]
    if "open" not in kinds:
        raise Invalid("stage: a pipeline needs at least one open stage", field="stages")
    found: dict[str, Entry] = {}
    for order, (key, entry) in zip(spread(len(parsed)), parsed, strict=True):
        if key in found:
            raise Invalid(f"stage: {entry['name']!r} is there twice", field="stages")
        found[key] = {**entry, "order": order}
    return found


def parse_spec(spec: str) -> tuple[str, Entry]:
    """Return the key and the entry that a spec makes: a name, then percent, days and kind in any order."""
    from tuicrm.folding import slug

    words = spec.split()
    entry: Entry = {}
    while len(words) > 1:
        word = words[-1].casefold()
        if re.fullmatch(r"\d+%", word) and "probability" not in entry:
            entry["probability"] = whole(word, "probability", 100, "%")
        elif re.fullmatch(r"\d+d", word) and "rotting_days" not in entry:
            entry["rotting_days"] = whole(word, "rotting_days", 3650, "d")
        elif word in STAGE_KINDS and "kind" not in entry:
            entry["kind"] = word
        else:
            break
        words.pop()
    name = " ".join(words)
    if not name:
        raise Invalid("stage: it needs a name, as in 'Offer 60%'", field="stages")
    ends = {"won": "won", "closed won": "won", "lost": "lost", "closed lost": "lost"}
    kind = entry.get("kind") or ends.get(name.casefold(), "open")
    entry.setdefault("probability", {"won": 100, "lost": 0}.get(kind, 0))
    return slug(name), {"name": name, "kind": kind, "rotting_days": 0, **entry}


def whole(text: str, name: str, high: int, unit: str) -> int:
    """Return a whole number from 0 to `high`, its unit allowed behind it, or raise Invalid naming the field."""
    typed = text.strip().removesuffix(unit).strip()
    if not typed.isdecimal() or int(typed) > high:
        raise Invalid(f"{name}: {text!r} is not a whole number from 0 to {high}", field=name)
    return int(typed)


def parse_requires(kind: Kind, names: Sequence[str]) -> list[str]:
    """Return the proper names of deal fields that a stage requires; unknown and computed ones raise Invalid."""
    from tuicrm.crm.parsing import field_of

    found: dict[str, None] = {}
    for text in names:
        for name in text.split(","):
            if not name.strip():
                continue
            field = field_of(kind, name)
            if field.computed or field.name in ("stage", "pipeline"):
                raise Invalid(f"requires: {field.name} cannot be required of a stage", field="requires")
            found[field.name] = None
    return list(found)
