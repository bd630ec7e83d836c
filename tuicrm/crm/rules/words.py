"""What sets a rule off, as people type it and read it: `stage Proposal`, `no activity for 14 days`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tuicrm.crm.rules.model import Rule
from tuicrm.errors import Invalid
from tuicrm.records.kinds.rule import CHANGED, CREATED, DATE, IDLE, OVERDUE, STAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo
    from tuicrm.records.field import Kind

Found = dict[str, Any]
FORMS = (
    "deal created",
    "value changed",
    "stage Proposal",
    "follow-up overdue",
    "no activity for 14 days",
    "7 days before expected_close",
)
_SPANS = {"day": 1, "days": 1, "d": 1, "week": 7, "weeks": 7, "w": 7, "month": 30, "months": 30}
_SPAN = rf"(?P<count>\d{{1,5}}) ?(?P<span>{'|'.join(_SPANS)})"
_PATTERNS: tuple[tuple[str, Callable[[Session, Kind, re.Match[str]], Found]], ...]


def read_when(session: Session, text: str, of: str = "") -> Found:
    """Return the fields of a rule that a trigger in words stands for; Invalid says what can be written.

    `of` names the kind of records where the words do not; deals otherwise.
    """
    plain = " ".join(text.split())
    kind, rest = _kind(session, plain, of)
    for pattern, make in _PATTERNS:
        found = re.fullmatch(pattern, rest, re.IGNORECASE)
        if found:
            made = {"field": None, "stage": None, "days": None, **make(session, kind, found)}
            return {"of": kind.name, **made}
    raise Invalid(
        f"when: {text!r} is no trigger; write one such as {', '.join(FORMS[:-1])} or {FORMS[-1]}", field="trigger"
    )


def _kind(session: Session, text: str, of: str) -> tuple[Kind, str]:
    """Return the kind that the words begin with, or that is said beside them, and the words that are left."""
    first, _, rest = text.partition(" ")
    named = first.casefold().rstrip("'s") if first.casefold().endswith("'s") else first.casefold()
    if named == "new" and rest:
        return _kind(session, f"{rest} created", of)
    try:
        kind = session.kind("followup" if named in ("follow-up", "follow-ups") else named)
    except Invalid:
        kind = None
    # A field may be called as a kind is: `company changed` is about the field of deals.
    if kind is not None and rest:
        own = session.kind(of or "deal").by_name
        if not (named in own and re.fullmatch("changed|changes|reached", rest, re.IGNORECASE)):
            return kind, rest
    return session.kind(of or "deal"), text


def _created(session: Session, kind: Kind, found: re.Match[str]) -> Found:
    return {"trigger": CREATED}


def _overdue(session: Session, kind: Kind, found: re.Match[str]) -> Found:
    return {"trigger": OVERDUE, "of": "followup"}


def _idle(session: Session, kind: Kind, found: re.Match[str]) -> Found:
    if kind.name not in ("deal", "contact", "company", "lead"):
        raise Invalid(f"when: activities are not about {kind.many}, so those cannot be without one", field="of")
    days = _days(found)
    if not days:
        raise Invalid("when: say after how many days without an activity", field="days")
    return {"trigger": IDLE, "days": days}


def _days(found: re.Match[str]) -> int:
    return int(found["count"]) * _SPANS[found["span"].lower()]


def _changed(session: Session, kind: Kind, found: re.Match[str]) -> Found:
    field = _field(kind, found["field"])
    if field.computed:
        raise Invalid(f"when: {field.name} is worked out by the program, so nobody changes it", field="field")
    if kind.name == "deal" and field.name == "stage":
        return {"trigger": CHANGED, "field": "stage"}
    return {"trigger": CHANGED, "field": field.name}


def _date(session: Session, kind: Kind, found: re.Match[str]) -> Found:
    from tuicrm.records.values import Day, Instant

    field = _field(kind, found["field"])
    if not isinstance(field.type, Day) or isinstance(field.type, Instant):
        dates = [one.name for one in kind.all_fields if isinstance(one.type, Day) and not isinstance(one.type, Instant)]
        known = f"; {kind.many} have {', '.join(dates)}" if dates else f"; {kind.many} have none"
        raise Invalid(f"when: {field.name} is no date{known}", field="field")
    days = _days(found) if found.groupdict().get("count") else 0
    side = (found.groupdict().get("side") or "").lower()
    return {"trigger": DATE, "field": field.name, "days": -days if side == "before" else days}


def _field(kind: Kind, name: str) -> Any:
    from tuicrm.crm.parsing import field_of

    try:
        return field_of(kind, name.replace(" ", "_"))
    except Invalid as problem:
        raise Invalid(f"when: {problem.message}", field="field") from None


def _stage(session: Session, kind: Kind, found: re.Match[str]) -> Found:
    if kind.name != "deal":
        raise Invalid(f"when: {kind.many} have no stages, deals have", field="of")
    return {"trigger": STAGE, "stage": stage_key(session, found["stage"])}


def stage_key(session: Session, text: str, where: str = "when") -> str:
    """Return the key of the stage that a text names in any pipeline, or raise Invalid naming the nearest.

    Where pipelines call different stages so, `Renewals: Proposal` tells which is meant.
    """
    from tuicrm.crm.lookup import exact_stages
    from tuicrm.folding import fold, nearest

    held = _by_pipeline(session)
    wanted = fold(text.strip())
    found = {one.key: f"{name}: {one.name}" for name, steps in held for one in exact_stages(steps, wanted)}
    if not found:
        name, _, rest = wanted.partition(":")
        own = [steps for called, steps in held if fold(called) == name.strip()]
        found = {one.key: one.name for steps in own for one in exact_stages(steps, rest.strip())}
    if len(found) == 1:
        return next(iter(found))
    if found:
        raise Invalid(
            f"{where}: several stages are called {text!r}; write {' or '.join(found.values())}", field="stage"
        )
    names = list(dict.fromkeys(one.name for _, steps in held for one in steps))
    near = nearest(text, names)
    guess = f"did you mean {near}?" if near else f"there are {', '.join(names)}"
    raise Invalid(f"{where}: no pipeline has a stage {text!r}; {guess}", field="stage")


def _by_pipeline(session: Session) -> list[tuple[str, list[StageInfo]]]:
    from tuicrm.crm.stages import stages

    return [(str(one.get("name", "")), stages(one)) for one in session.ws.all("pipeline").values()]


_PATTERNS = (
    (r"(?:is |was |are )?(?:created|added)", _created),
    (r"(?:is |are )?(?:overdue|late)", _overdue),
    (rf"(?:has |with )?(?:no activity|without activity|idle|silent|quiet|untouched) (?:for )?{_SPAN}", _idle),
    (r"(?:enters |reaches |entered )?stage (?:entered |is )?(?P<stage>.+?)(?<! changed)(?<! changes)", _stage),
    (r"(?:enters|entered) (?P<stage>.+)", _stage),
    (rf"{_SPAN} (?P<side>before|after) (?P<field>[\w -]+?)(?: reached| is reached)?", _date),
    (r"(?P<field>[\w-]+(?: [\w-]+)?) (?:is )?reached", _date),
    (r"on (?P<field>[\w -]+)", _date),
    (r"(?P<field>[\w-]+(?: [\w-]+)?) (?:is |was )?(?:changed|changes)", _changed),
)


def say_when(session: Session, rule: Rule) -> str:
    """Return what sets a rule off, as it can be typed."""
    of = "follow-up" if rule.of == "followup" else rule.of
    lead = "" if rule.of == "deal" else f"{of} "
    if rule.trigger == CREATED:
        return f"{of} created"
    if rule.trigger == CHANGED:
        return f"{lead}{rule.field} changed"
    if rule.trigger == STAGE:
        return f"stage {_stage_name(session, rule.stage)}"
    if rule.trigger == OVERDUE:
        return "follow-up overdue"
    if rule.trigger == IDLE:
        return f"{lead}no activity for {rule.days} day{'s' * (rule.days != 1)}"
    if not rule.days:
        return f"{lead}{rule.field} reached"
    days, side = abs(rule.days), "before" if rule.days < 0 else "after"
    return f"{lead}{days} day{'s' * (days != 1)} {side} {rule.field}"


def _stage_name(session: Session, key: str) -> str:
    held = _by_pipeline(session)
    called, name = next(((called, one.name) for called, steps in held for one in steps if one.key == key), ("", key))
    alike = any(one.name == name and one.key != key for _, steps in held for one in steps)
    return f"{called}: {name}" if called and alike else name
