"""`next`: what to do now, ranked and explained."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.output import format_options, give_json, give_json_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.advice.suggesting import Suggestion
    from tuicrm.crm.session import Session

SHOWN = 10
NAMES = ("kind", "id", "reason", "say", "reasons", "score", "do", "also", "value", "chance", "urgency", "weight")
REFS = ("deal", "company", "contacts", "lead", "followup")


def build(name: str) -> click.Command:
    """Return `next`."""
    return next_step


@command(
    "next",
    help="Show what to do now, the most worth doing first, each with why and with the command that does it: late "
    "follow-ups, rotting deals, deals past their close or without a next step, hot leads, deals nearly ready for their "
    "next stage, customers due for another purchase, steps of sequences. Words in capitals in a command are for you to "
    "fill in. What you dismiss stays away until its facts change; `tuicrm undo` takes that back.",
    examples=[
        "tuicrm next",
        "tuicrm next --kind late --kind rotting --limit 5 --json",
        'tuicrm next --dismiss "Acme renewal" --until "next monday"',
    ],
    json_names=(*NAMES, *REFS),
)
@click.option("--user", default="", metavar="USER", help="Of this user; yours where not given.")
@click.option("--all", "everyone", is_flag=True, help="Of everybody.")
@click.option("--kind", "kinds", multiple=True, metavar="REASON", help="Only for this reason; may be repeated.")
@click.option("--limit", type=click.IntRange(min=0), metavar="N", help=f"At most so many; {SHOWN} where not given.")
@click.option("--explain", is_flag=True, help="Say how each score came about, and how all are made.")
@click.option("--dismiss", metavar="REF", help="Send this suggestion away, until its facts change.")
@click.option("--until", default="", metavar="WHEN", help="With --dismiss: it comes back on this day.")
@click.option("--dismissed", is_flag=True, help="Show what was dismissed instead.")
@click.option("--restore", is_flag=True, help="Bring back all that you dismissed.")
@format_options(("table", "json", "jsonl"))
def next_step(
    state: State,
    *,
    user: str,
    everyone: bool,
    kinds: Sequence[str],
    limit: int | None,
    explain: bool,
    dismiss: str | None,
    until: str,
    dismissed: bool,
    restore: bool,
    form: str | None,
) -> None:
    """Print the suggestions, or send one away."""
    from tuicrm.cli.outcome import carry_out
    from tuicrm.crm.advice.suggesting import suggestions
    from tuicrm.crm.advice.weights import reason_named

    session = state.session
    _refuse_odd(user=user, everyone=everyone, dismiss=dismiss, until=until, dismissed=dismissed, restore=restore)
    if restore:
        from tuicrm.crm.advice.dismissing import restore as bring_back

        carry_out(state, bring_back(session), ids=False)
        return
    wanted = [reason_named(one, "kind") for one in kinds]
    held = suggestions(session, user=_user(session, user, everyone), kinds=wanted, dismissed=dismissed)
    if dismiss is not None:
        from tuicrm.crm.advice.dismissing import dismiss as send_away
        from tuicrm.crm.advice.suggesting import matching

        carry_out(state, send_away(session, [matching(session, held, dismiss)], until), ids=False)
        return
    shown = held[: SHOWN if limit is None else limit]
    if form == "json":
        give_json(state, [facts(session, one) for one in shown])
    elif form == "jsonl":
        give_json_lines(state, [facts(session, one) for one in shown])
    else:
        _give_lines(state, shown, explain=explain)
        if len(held) > len(shown):
            state.tell(f"{len(held) - len(shown):,} more; --limit shows them")
        if not held:
            nothing = f"nothing of the kind {', '.join(kinds)}" if kinds else "all has a next step, and none is late"
            state.tell("nothing was dismissed" if dismissed else f"nothing waits: {nothing}")


def _refuse_odd(*, user: str, everyone: bool, dismiss: str | None, until: str, dismissed: bool, restore: bool) -> None:
    from tuicrm.errors import UsageProblem

    if user and everyone:
        raise UsageProblem("--user and --all: only one of them")
    if until and dismiss is None:
        raise UsageProblem("--until says when what --dismiss names comes back: name that, too")
    if dismiss is not None and (dismissed or restore):
        raise UsageProblem("--dismiss goes with neither --dismissed nor --restore")


def _user(session: Session, user: str, everyone: bool) -> str:
    """Return whose suggestions are meant; empty for everybody's, also where who acts is nobody of the team."""
    if everyone:
        return ""
    if not user:
        return session.me
    from tuicrm.crm.lookup import find

    return str(find(session, "user", user)["id"])


def facts(session: Session, one: Suggestion) -> dict[str, Any]:
    """Return a suggestion as JSON shows it."""
    from tuicrm.crm.about import about
    from tuicrm.crm.advice.registry import REASONS
    from tuicrm.crm.advice.weights import weights

    told, hit = one.told(), one.first.hit
    record = session.ws.get(one.kind, one.id) or {"id": one.id}
    of = about(session, one.kind, record)
    return {
        "kind": one.kind,
        "id": one.id,
        "reason": one.first.reason,
        "say": told.say,
        "reasons": one.reasons(),
        "score": round(one.score, 2),
        "do": told.do,
        "also": [
            {"reason": found.reason, "id": found.hit.id, "do": REASONS[found.reason].tell(one.ground, found.hit).do}
            for found in one.found[1:]
        ],
        "value": None if hit.stake.value is None else f"{hit.stake.value:.2f}",
        "chance": hit.stake.chance,
        "urgency": round(hit.urgency, 2),
        "weight": weights(session)[one.first.reason],
        "deal": of.deal or None,
        "company": of.company or None,
        "contacts": list(of.contacts),
        "lead": of.lead or None,
        "followup": of.followup or None,
    }


def _give_lines(state: State, shown: Sequence[Suggestion], *, explain: bool) -> None:
    from tuicrm.crm.lookup import short_id
    from tuicrm.text import clean_line, pad, truncate

    session, width = state.session, state.width or 10_000
    lines = []
    for one in shown:
        told = one.told()
        ref = short_id(session, one.kind, one.id)
        texts = [f"{pad(ref, 6)} {told.say}", f"       {'; '.join(one.reasons())}", f"       {told.do}"]
        if explain:
            from tuicrm.crm.advice.suggesting import explained

            texts += [f"       {text}" for text in explained(session, one)]
        lines += [truncate(clean_line(text), width) for text in texts]
    if lines:
        state.give("".join(f"{line}\n" for line in lines))
    if explain:
        _give_method(state)


def _give_method(state: State) -> None:
    """Say how scores are made, and what counts how much here."""
    from tuicrm.crm.advice.registry import REASONS
    from tuicrm.crm.advice.weights import weights

    held = weights(state.session)
    lines = [
        "",
        "score = weight x urgency x worth x chance in percent; reasons about one thing add up",
        "worth: the value in usual deals (the median of the open ones); 1 where nobody gave a value",
    ]
    for key, one in REASONS.items():
        lines += [f"{key} {held[key]:g}: {one.label}", f"  urgency: {one.how}"]
    state.give("".join(f"{line}\n" for line in lines))
    state.tell('tuicrm config set next_weights "late 5, rotting 1" sets weights; 0 leaves a reason out')
