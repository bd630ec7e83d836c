"""What a changing command prints: the ids on stdout, what was done and understood on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.cli.state import State
    from tuicrm.crm.plan import Plan


def carry_out(state: State, plan: Plan, kind: str = "", form: str | None = None, *, ids: bool = True) -> None:
    """Commit a plan and say what came of it; with `--json` print the records of `kind` instead of their ids."""
    session = state.session
    session.commit(plan)
    state.tell(plan.note)
    for line in plan.said:
        if line != plan.note:
            state.tell(f"  {line}")
    for line in session.told:
        state.tell(f"  {line}")
    if plan.changes and not session.me:
        state.tell(f"  nobody in this workspace is called {session.user!r}: tuicrm user add, or tuicrm config set user")
    if form == "json" and kind:
        from tuicrm.cli.output import give_cards

        held = [session.ws.get(kind, one) or session.ws.dead(kind).get(one) for one in plan.ids]
        give_cards(state, session.kind(kind), [one for one in held if one is not None], "json")
    elif ids:
        state.give("".join(f"{one}\n" for one in plan.ids))
