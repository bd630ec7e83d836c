"""One change with a thousand rules beside the change alone."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure, at_most, environment, milliseconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from tuicrm.crm.session import Session

RULES, DEALS, ROUNDS = 1_000, 200, 60
MOST = 5
WAITS = ("stage", "created", "changed")


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the figures: rules of every sort, and rules that all wait for the very field that is changed."""
    for what, rule in (("1,000 rules of all sorts", mixed), ("1,000 rules, all about the field", same)):
        alone = workspace(folder / f"alone-{len(what)}", None)
        full = workspace(folder / what.replace(" ", "-"), rule)
        ours, other, ratio = in_turn(full, alone)
        yield at_most(f"a change with {what} / alone", milliseconds(ours), milliseconds(other), ratio, MOST)


def in_turn(full: Session, alone: Session, rounds: int = ROUNDS) -> tuple[float, float, float]:
    """Return the medians of one change in two workspaces, and the median of their ratios."""
    change(full, 0), change(alone, 0)
    pairs = [(change(full, at), change(alone, at)) for at in range(1, rounds + 1)]
    ratio = statistics.median(one / other for one, other in pairs)
    return statistics.median(one for one, _ in pairs), statistics.median(other for _, other in pairs), ratio


def change(session: Session, at: int) -> float:
    """Edit the value of a deal, as a command or a form does, and return the processor's seconds that took.

    The wait for the disk, which is the same for both, is left out: it would hide what rules cost.
    """
    from tuicrm.crm.edit import edit

    deals = list(session.ws.all("deal").values())
    begin = time.process_time()
    session.commit(edit(session, "deal", [deals[at % len(deals)]], {"value": [str(20_000 + at)]}))
    return time.process_time() - begin


def workspace(folder: Path, rule: Callable[[int], Mapping[str, object]] | None, rules: int = RULES) -> Session:
    """Return a session on deals, with as many rules."""
    from tuicrm.crm.opening import create_workspace
    from tuicrm.store.changes import Write

    folder.mkdir(parents=True)
    env = environment(folder, TUICRM_USER="ann", TZ="UTC")
    session = create_workspace(folder / "acme", name="acme", currency="EUR", user="ann", env=env)
    pipeline = next(iter(session.ws.all("pipeline")))
    ws = session.ws
    made = [
        Write("deal", ws.new_id(), {"name": f"Deal {at}", "value": "100.00", "currency": "EUR", "stage": "lead",
                                    "pipeline": pipeline, "owner": session.me})
        for at in range(DEALS)
    ]  # fmt: skip
    if rule is not None:
        made += [Write("rule", ws.new_id(), dict(rule(at))) for at in range(rules)]
    ws.commit(made, by="ann", note="made", undoable=False)
    return session


def mixed(at: int) -> Mapping[str, object]:
    """Return a rule of any sort; a third of them wait for the value of deals."""
    trigger = WAITS[at % 3]
    return {
        **_rule(at),
        "trigger": trigger,
        **({"stage": f"stage{at}"} if trigger == "stage" else {"field": "value"} if trigger == "changed" else {}),
    }


def same(at: int) -> Mapping[str, object]:
    """Return a rule that waits for the value of deals, and fits none of them."""
    return {**_rule(at), "trigger": "changed", "field": "value"}


def _rule(at: int) -> dict[str, object]:
    conditions = (f"value>{at + 1}m", f"tag:t{at} is:open", f"owner:ann value>{at + 1}m", f"category:commit name:x{at}")
    action = {"a": {"do": "tag", "text": f"t{at}", "order": "i"}}
    return {"name": f"Rule {at}", "of": "deal", "condition": conditions[at % 4], "actions": action}
