"""Giving a discount, asking for one that is above one's limit, and approving or declining what was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.crm.derive import amount
from tuicrm.crm.discounting import (
    ASKED,
    WHOLE,
    approvers,
    called,
    entry,
    limits,
    my_limit,
    percent,
    refuse_above,
    refused,
)
from tuicrm.crm.percents import parse_percent, plain
from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import table, word
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
NONE = ("none", "-", "0")


class Ask(NamedTuple):
    """A discount that waits for somebody's yes."""

    deal: Record
    key: str
    share: Decimal
    reason: str
    by: str
    """The id of who asked."""
    followup: str
    """The id of the follow-up that tells who may approve it."""


def asks(deal: Record) -> list[Ask]:
    """Return what is asked for on a deal; what was given since, by whatever way, is asked for no longer."""
    from tuicrm.crm.discounting import given

    held, found = given(deal), []
    for key, one in sorted(table(deal.get("discounts")).items()):
        share = amount(one.get("asked"))
        there = key == WHOLE or key in table(deal.get("items"))
        if share and there and not (key in held and held[key].share >= share):
            by, followup = word(one.get("asked_by")), word(one.get("followup"))
            found.append(Ask(deal, key, share, word(one.get("asked_reason")), by, followup))
    return found


def waiting(session: Session) -> list[Ask]:
    """Return what is asked for on all open deals."""
    from tuicrm.crm import derive

    status = derive.deals(session).status
    held = [one for one in session.ws.all("deal").values() if one.get("discounts") and status(one) == "open"]
    return [ask for deal in held for ask in asks(deal)]


def items_named(session: Session, deal: Record, refs: Sequence[str]) -> list[str]:
    """Return the keys of the items that texts name, by place, key or product; all of them where none is named."""
    from tuicrm.folding import fold

    held = sorted(table(deal.get("items")).items(), key=lambda row: (word(row[1].get("order")), row[0]))
    keys = [key for key, _ in held]
    if not refs:
        return keys or [WHOLE]
    names = {key: called(session, deal, key) for key in keys}
    found = []
    for ref in refs:
        wanted = fold(ref.strip())
        at = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 0
        fitting = (
            [keys[at - 1]] if 0 < at <= len(keys) else [key for key in keys if wanted in (fold(names[key]), fold(key))]
        )
        listed = ", ".join(f"{place} {names[key]}" for place, key in enumerate(keys, 1))
        if len(fitting) > 1:
            raise Ambiguous(f"{ref!r} fits several items: {listed}", candidates=[(key, names[key]) for key in fitting])
        if not fitting:
            raise NotFound(f"the deal has no item {ref!r}; it has {listed or 'none'}")
        found += fitting
    return list(dict.fromkeys(found))


def give(
    session: Session, deal: Record, text: str, reason: str, refs: Sequence[str] = (), *, ask: bool = False
) -> Plan:
    """Return the plan that gives a discount on items, or on the deal where it has none; `none` takes it away.

    What is above one's limit is refused, or asked for with `ask`. The value of the deal stays as it is.
    """
    from tuicrm.crm.edit import written
    from tuicrm.crm.lookup import title
    from tuicrm.crm.parsing import refuse_unstorable

    reason = " ".join(reason.split())
    refuse_unstorable(reason, "reason")
    share = None if text.strip().casefold() in NONE else parse_percent(text, "discount")
    if share and not reason:
        raise Invalid("reason: a discount needs a reason (--reason)", field="reason")
    keys = items_named(session, deal, refs)
    wanted: dict[str, tuple[Decimal | None, str]] = dict.fromkeys(keys, (share, reason))
    if not refs and WHOLE in table(deal.get("discounts")):
        wanted.setdefault(WHOLE, (None, ""))  # one on each item stands in place of one on the whole
    fields = _with(deal, wanted)
    name = title(session, "deal", deal)
    if ask and share and limits(session) and share > my_limit(session):
        return _ask(session, deal, keys, share, reason)
    refuse_above(session, deal, {**deal, **fields})
    if all(fields[one] == (deal.get(one) or None) for one in fields):
        note = f"nothing to change in {name}"
        return Plan((), note, ids=(deal["id"],), said=(note,))
    made = written(session, session.kind("deal"), deal, fields)
    said = f"gave {name} a discount of {percent(share)}" if share else f"took the discount from {name}"
    return Plan(tuple(made), said, ids=(deal["id"],), said=_value_stays(deal))


def _value_stays(deal: Record) -> tuple[str, ...]:
    value = word(deal.get("value"))
    return (f"the value stays {deal.get('currency', '')} {value}; tuicrm deal edit changes it",) if value else ()


def _with(deal: Record, wanted: Mapping[str, tuple[Decimal | None, str]]) -> dict[str, Any]:
    """Return the fields of a deal with discounts by key, and nothing asked for there any longer."""
    items, own = {**table(deal.get("items"))}, {**table(deal.get("discounts"))}
    for key, (share, reason) in wanted.items():
        held = own.pop(key, {}) if key == WHOLE else items[key]
        if key != WHOLE:
            own.pop(key, None)
        kept = {name: one for name, one in held.items() if not name.startswith(("discount", "asked", "followup"))}
        entry_ = {**kept, "discount": plain(share), "discount_reason": reason} if share else kept
        if key != WHOLE:
            items[key] = entry_
        elif entry_:
            own[key] = entry_
    return {"items": items or None, "discounts": own or None}


def _ask(session: Session, deal: Record, keys: Sequence[str], share: Decimal, reason: str) -> Plan:
    from tuicrm.crm.edit import add
    from tuicrm.crm.lookup import title
    from tuicrm.store.changes import Write

    may = approvers(session, share)
    if not may:
        raise refused(session, deal, share, my_limit(session))
    who = _chosen(session, may)
    name = title(session, "deal", deal)
    todo = add(
        session,
        "followup",
        {
            "subject": [f"approve {percent(share)} discount: {reason}"],
            "due": [session.today.isoformat()],
            "deal": [deal["id"]],
            "owner": [who["id"]],
        },
    )
    own = {**table(deal.get("discounts"))}
    asked = {"asked": plain(share), "asked_reason": reason, "asked_by": session.me, "followup": todo.ids[0]}
    for key in keys:
        own[key] = {**own.get(key, {}), **{name: one for name, one in asked.items() if one}}
    changes: list[Change] = [Write("deal", deal["id"], {"discounts": own}), *todo.changes]
    changes.append(entry(session, deal, ASKED, "", percent(share), reason))
    called_ = title(session, "user", who)
    return Plan(tuple(changes), f"asked {called_} for a discount of {percent(share)} on {name}", ids=(deal["id"],))


def _chosen(session: Session, may: Sequence[Record]) -> Record:
    """Return who is asked: the manager where that is one who may, else whose limit is the lowest that will do."""
    from tuicrm.folding import fold

    me = session.ws.get("user", session.me) or {}
    manager = fold(word(me.get("manager")).strip())
    named = [one for one in may if manager and manager in (fold(word(one.get("name"))), fold(word(one.get("handle"))))]
    return (named or list(may))[0]


def settle(session: Session, deal: Record, *, decline: bool = False, reason: str = "") -> Plan:
    """Return the plan that approves, or declines, all that is asked for on a deal; raises DiscountRefused."""
    from tuicrm.crm.edit import written
    from tuicrm.crm.lookup import name_of, title
    from tuicrm.crm.parsing import refuse_unstorable

    held = asks(deal)
    name = title(session, "deal", deal)
    if not held:
        raise NotFound(f"nobody asks for a discount on {name}")
    reason = " ".join(reason.split())
    refuse_unstorable(reason, "reason")
    limit = my_limit(session)
    most = max(one.share for one in held)
    if most > limit and not (decline and all(one.by == session.me for one in held)):
        raise refused(session, deal, most, limit, hint="")
    by = ", ".join(dict.fromkeys(filter(None, (name_of(session, "user", one.by) for one in held))))
    changes: list[Change] = []
    if decline:
        own = {key: _answered(one) for key, one in table(deal.get("discounts")).items()}
        changes += written(
            session, session.kind("deal"), deal, {"discounts": {k: one for k, one in own.items() if one} or None}
        )
        changes.append(entry(session, deal, ASKED, percent(most), "declined", reason))
    else:
        fields = _with(deal, {one.key: (one.share, one.reason) for one in held})
        why = "; ".join(filter(None, (f"asked by {by}" if by else "", reason)))
        changes += written(session, session.kind("deal"), deal, fields, why)
    verb = "declined" if decline else "approved"
    changes += _followups_done(session, held)
    changes += _answers(session, deal, held, f"{percent(most)} discount {verb}" + (f": {reason}" if reason else ""))
    said = () if decline else _value_stays(deal)
    return Plan(tuple(changes), f"{verb} a discount of {percent(most)} on {name}", ids=(deal["id"],), said=said)


def _answers(session: Session, deal: Record, held: Sequence[Ask], subject: str) -> list[Change]:
    """Return the follow-ups that tell those who asked, other than the acting user, what the answer is."""
    from tuicrm.crm.edit import add

    made: list[Change] = []
    for key in dict.fromkeys(one.by for one in held):
        user = session.ws.get("user", key)
        if user is None or key == session.me or user.get("active") is False:
            continue
        typed = {"subject": [subject], "due": [session.today.isoformat()], "deal": [deal["id"]], "owner": [key]}
        made += add(session, "followup", typed).changes
    return made


def _answered(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in one.items() if not name.startswith(("asked", "followup"))}


def _followups_done(session: Session, held: Sequence[Ask]) -> list[Change]:
    from tuicrm.crm.followups import done

    keys = dict.fromkeys(one.followup for one in held)
    open_ = [one for key in keys if (one := session.ws.get("followup", key)) is not None and not one.get("done_at")]
    return list(done(session, open_).changes) if open_ else []
