"""Forms, made from nothing but the declarations of records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.forms.base import Outcome
    from tuicrm.tui.forms.sheet import Typed
    from tuicrm.tui.program import Program


def open_form(
    app: Program,
    kind: str,
    *,
    record_id: str = "",
    records: Sequence[str] = (),
    typed: Mapping[str, str] | None = None,
    only: Sequence[str] = (),
    heading: str = "",
    then: Callable[[list[str]], None] | None = None,
    collect: Callable[[Typed], None] | None = None,
    optional: bool = False,
    along: Callable[[Session, Plan], Plan] | None = None,
) -> None:
    """Open a form: to add a record of a kind, to edit one (`record_id`), or several alike (`records`).

    `typed` is filled in at first (field name -> text, for references an id, for several ids with commas); `only` shows
    just those fields. `then` gets the ids of what was written; with `collect` nothing is written, it gets what was
    typed, by field: all of `only`, unless they are `optional`. `along` adds to the plan that saves what belongs to the
    same step.
    """
    from tuicrm.tui.forms.screen import FormScreen
    from tuicrm.tui.forms.sheet import Sheet

    desk = app.desk
    ids = tuple(records) or ((record_id,) if record_id else ())
    with desk.lock:
        desk.session.at(desk.clock())
        sheet = Sheet(desk.session, kind, ids=ids, typed=typed, only=only)
        sheet.along, sheet.optional = along, optional
        title = heading or _heading(desk.session, sheet.kind.name, ids)
    key = (sheet.kind.name, ids, tuple(sorted((typed or {}).items())), tuple(only))

    def left(outcome: Outcome | None) -> None:
        if outcome is None:
            return
        if outcome.instead[0]:
            app.open_record(*outcome.instead)
        elif outcome.typed is not None and collect is not None:
            collect(outcome.typed)
        elif outcome.done is not None:
            written = list(outcome.done.plan.ids) if outcome.done.plan else []
            pane = app.main.pane
            if pane is not None:
                changes = outcome.done.plan.changes if outcome.done.plan and along else ()
                refs = [(sheet.kind.name, one) for one in written] + [(one.kind, one.id) for one in changes]
                pane.finish(outcome.done, list(dict.fromkeys(refs)))
            if then is not None and written:
                then(written)

    app.push_screen(FormScreen(desk, sheet, title, draft_key=key, collect=collect), left)


def _heading(session: Session, kind: str, ids: Sequence[str]) -> str:
    from tuicrm.crm.lookup import name_of

    of = session.kind(kind)
    if not ids:
        return f"New {of.one}"
    if len(ids) > 1:
        return f"Edit {len(ids)} {of.many}: what is filled in is written to all of them"
    return f"Edit {name_of(session, kind, ids[0])}"
