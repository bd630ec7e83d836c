"""What happens when a deal enters a stage: required fields, the date and the reason of its closing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.stages import stage_of
from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo

Record = dict[str, Any]


class MissingFields(Invalid):
    """A stage asks for fields that are empty; `fields` names them, `asks` says so without naming the `deal`."""

    def __init__(self, message: str, *, fields: Sequence[str], asks: str = "", deal: str = "") -> None:
        super().__init__(message, field=fields[0], hint=f"fill in {', '.join(fields)} along with the move")
        self.fields = tuple(fields)
        self.asks = asks or message
        self.deal = deal


def enter(session: Session, before: Record | None, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields completed by what entering their stage means; raise MissingFields where its gate is shut.

    A deal that stays in its stage passes untouched. Typed dates and reasons are never overwritten.
    """
    held = before or {}
    after = {**held, **fields}
    stage = stage_of(session, after)
    if stage is None or (before is not None and _place(before) == _place(after)):
        return fields
    declared = [field.name for field in session.kind("deal").all_fields]
    missing = sorted(
        (name for name in stage.requires if not filled(after, name)),
        key=lambda name: declared.index(name) if name in declared else len(declared),
    )
    if missing:
        from tuicrm.crm.lookup import title

        asks = _asks(session, stage, missing)
        what = title(session, "deal", dict(after)) if after.get("id") else "the deal"
        message = f"{asks}, which {what} does not have yet"
        raise MissingFields(message, fields=missing, asks=asks, deal=str(after.get("id", "")))
    was = stage_of(session, before) if before is not None else None
    return {**_closing(session, stage, was, fields), **fields}


def _place(deal: Mapping[str, Any]) -> tuple[Any, Any]:
    return (deal.get("pipeline"), deal.get("stage"))


def filled(deal: Mapping[str, Any], name: str) -> bool:
    """Tell whether a deal has something in a field; `product` is its line items."""
    value = deal.get("items" if name == "product" else name)
    return value is not None and value not in ("", [], {})


def _asks(session: Session, stage: StageInfo, missing: Sequence[str]) -> str:
    known = session.kind("deal").by_name
    titles = [known[name].title if name in known else name for name in missing]
    listed = " and ".join([", ".join(titles[:-1]), titles[-1]] if titles[1:] else titles)
    return f"{stage.name} needs {listed}"


def _closing(session: Session, stage: StageInfo, was: StageInfo | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return what closing or reopening sets by itself."""
    closed_before = was is not None and was.kind != "open"
    if stage.kind == "open":
        return {"closed_on": None, "lost_reason": None} if closed_before else {}
    found: dict[str, Any] = {} if closed_before else {"closed_on": session.today.isoformat()}
    if stage.kind == "won":
        found["lost_reason"] = None
    return found
