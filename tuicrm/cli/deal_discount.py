"""`deal discount` and `deal approve-discount`: discounts with a reason, and a limit for each role."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.output import give_json
from tuicrm.records.kinds.deal import DEAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State

NAMES = (
    "deal",
    "deal_name",
    "item",
    "item_name",
    "discount",
    "reason",
    "asked",
    "asked_by",
    "asked_by_name",
    "approvers",
)


@command(
    "discount",
    help="Give a discount in percent on the line items of a deal, or on a deal that has none; `none` takes it away. "
    "The deal's value stays as it is. Above your limit (the setting discount_limits) it is refused: --ask asks whoever "
    "may give it. Without PERCENT the discounts of the deal; without REF those of all open deals that wait for a yes.",
    examples=[
        'tuicrm deal discount "Acme renewal" 12.5 --reason "three years"',
        'tuicrm deal discount "Acme renewal" 30 --reason "beats their offer" --ask',
        "tuicrm deal discount",
    ],
    json_names=NAMES,
)
@click.argument("ref", required=False, metavar="[REF]")
@click.argument("share", required=False, metavar="[PERCENT]")
@click.option("--reason", default="", metavar="TEXT", help="Why.")
@click.option("--item", "items", multiple=True, metavar="ITEM", help="Only this item: its place or its product.")
@click.option("--ask", is_flag=True, help="Where it is above your limit, ask somebody who may give it.")
@click.option("--json", "form", flag_value="json", help="Print the discounts as JSON.")
def discount(
    state: State, *, ref: str | None, share: str | None, reason: str, items: Sequence[str], ask: bool, form: str | None
) -> None:
    """Give a discount, or list discounts."""
    from tuicrm.crm import discountasking as asking
    from tuicrm.crm.lookup import find

    session = state.session
    if ref is None:
        facts = [_asked(state, one) for one in asking.waiting(session)]
        _print(state, facts, form, "no discount waits for a yes")
        return
    deal = find(session, "deal", ref)
    if share is not None:
        carry_out(state, asking.give(session, deal, share, reason, items, ask=ask), ids=form is None)
        deal = session.ws.get("deal", deal["id"]) or deal
    if share is None or form:
        _print(state, _facts(state, deal), form, "there is no discount on it")


@command(
    "approve-discount",
    help="Approve the discounts that are asked for on a deal, if your limit allows them. --decline says no.",
    examples=[
        'tuicrm deal approve-discount "Acme renewal"',
        'tuicrm deal approve-discount "Acme renewal" --decline --reason "15 at most"',
    ],
    json_names=lambda: json_names(DEAL),
)
@click.argument("ref", metavar="REF")
@click.option("--decline", is_flag=True, help="Say no instead.")
@click.option("--reason", default="", metavar="TEXT", help="What to say of it in the history.")
@click.option("--json", "form", flag_value="json", help="Print the deal as JSON instead of its id.")
def approve(state: State, *, ref: str, decline: bool, reason: str, form: str | None) -> None:
    """Approve or decline discounts."""
    from tuicrm.crm.discountasking import settle
    from tuicrm.crm.lookup import find

    deal = find(state.session, "deal", ref)
    carry_out(state, settle(state.session, deal, decline=decline, reason=reason), "deal", form)


def _facts(state: State, deal: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what is given on a deal, and what is asked for."""
    from tuicrm.crm.discountasking import asks
    from tuicrm.crm.discounting import given
    from tuicrm.crm.percents import plain

    held = [
        {**_on(state, deal, key), "discount": plain(one.share), "reason": one.reason}
        for key, one in given(deal).items()
    ]
    return held + [_asked(state, one) for one in asks(deal)]


def _asked(state: State, one: Any) -> dict[str, Any]:
    from tuicrm.crm.discounting import approvers
    from tuicrm.crm.lookup import name_of, title
    from tuicrm.crm.percents import plain

    session = state.session
    return {
        **_on(state, one.deal, one.key),
        "reason": one.reason,
        "asked": plain(one.share),
        "asked_by": one.by or None,
        "asked_by_name": name_of(session, "user", one.by) or None,
        "approvers": [title(session, "user", user) for user in approvers(session, one.share)],
    }


def _on(state: State, deal: dict[str, Any], key: str) -> dict[str, Any]:
    from tuicrm.crm.discounting import WHOLE, called
    from tuicrm.crm.lookup import title

    whole = key == WHOLE
    return {
        "deal": deal["id"],
        "deal_name": title(state.session, "deal", deal),
        "item": None if whole else key,
        "item_name": None if whole else called(state.session, deal, key),
        **dict.fromkeys(NAMES[4:]),
    }


def _print(state: State, facts: Sequence[dict[str, Any]], form: str | None, nothing: str) -> None:
    if form == "json":
        give_json(state, facts)
    elif not facts:
        state.tell(nothing)
    else:
        from tuicrm.cli.grid import grid

        rows = [
            [
                one["deal_name"],
                one["item_name"] or "",
                f"{one['discount'] or one['asked']} %",
                one["reason"] or "",
                f"asked by {one['asked_by_name'] or 'somebody'}" if one["asked"] else "given",
                ", ".join(one["approvers"] or ()),
            ]
            for one in facts
        ]
        heads = ["DEAL", "ITEM", "DISCOUNT", "WHY", "STATE", "MAY APPROVE"]
        state.give(grid(heads, rows, right={2}, cells=state.width, bold=state.colour)[0])
