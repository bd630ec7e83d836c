"""`add`, `edit`, `rm` and `restore` for a kind of record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command
from tuicrm.cli.noun_read import find_all, json_names
from tuicrm.cli.options import field_options, refs_argument, typed_values
from tuicrm.cli.outcome import carry_out
from tuicrm.errors import NotFound, UsageProblem
from tuicrm.records.merged import MERGEABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.plan import Plan
    from tuicrm.records.field import Kind

NAMED = "named_"
JSON = ("--json", "form")

_EDITS = {
    "company": 'edit "Acme GmbH" --employees 120 --tag key-account',
    "contact": "edit jane@acme.example --phone '+49 30 555 0142' --unemail jane@old.example",
    "deal": "edit \"Acme renewal\" --value 15k --close 'next friday' --untag cold",
    "product": 'edit "Team plan" --price 59',
    "activity": "edit 7KQ2 --outcome reached --duration 12m",
    "followup": "edit 7KQ2 --due 'next tuesday 10am' --repeat 'every 2 weeks'",
    "user": "edit ann --team north",
}


def _json_option() -> click.Option:
    return click.Option(list(JSON), flag_value="json", help="Print the record as JSON instead of its id.")


def _naming(kind: Kind) -> str:
    """Return the field that the argument of `add` fills in."""
    return kind.naming[0]


def add_command(kind: Kind) -> Command:
    """Return the command that adds a record."""
    name = _naming(kind)
    return Command(
        "add",
        help=f"Add a {kind.one} and print its id.",
        callback=click.pass_obj(partial(_add, kind.name)),
        params=[
            click.Argument([NAMED], required=False, metavar=f"[{name.upper()}]"),
            *field_options(kind, removing=False),
            _json_option(),
        ],
        examples=[kind.example],
        json_names=partial(json_names, kind),
    )


def _add(kind: str, state: State, *, form: str | None, **values: Any) -> None:
    from tuicrm.crm import edit

    declared = state.session.kind(kind)
    typed, _ = typed_values(declared, values)
    named, name = values[NAMED], _naming(declared)
    if named is not None:
        if name in typed:
            raise UsageProblem(f"the {name} is given twice: {named!r} and --{name}")
        typed[name] = [named]
    plan = edit.add(state.session, kind, typed)
    alike = _alike(state, declared.name, plan)
    carry_out(state, plan, kind, form)
    for line in alike:
        state.tell(line)


def _alike(state: State, kind: str, plan: Plan) -> list[str]:
    """Return a line about what looks like the record that is being added, where two of them can be merged."""
    if kind not in MERGEABLE:
        return []
    from tuicrm.crm.duplicates import lookalike_of
    from tuicrm.crm.lookup import short_id, title

    if known := _customer(state, kind, plan):
        return [known]
    found = lookalike_of(state.session, kind, plan)
    if found is None:
        return []
    record, why = found
    short = short_id(state.session, kind, record["id"])
    ids = f"{short} {plan.ids[0][-6:]}"
    like = f"it looks like {title(state.session, kind, record)} {short} (same {why})".replace("same similar", "similar")
    return [f"  {like}; tuicrm {kind} merge {ids} joins them"]


def _customer(state: State, kind: str, plan: Plan) -> str:
    """Return a line about the contact that a lead which is being added is already; empty for none."""
    from tuicrm.crm.duplicates import customers_like
    from tuicrm.crm.lookup import short_id, title
    from tuicrm.crm.shapes import words
    from tuicrm.store.changes import Write

    made = (one for one in plan.changes if isinstance(one, Write) and (one.kind, one.id) == (kind, plan.ids[0]))
    fields = next((one.fields for one in made), {})
    found = customers_like(state.session, kind, {name: words(fields.get(name)) for name in ("emails", "phones")})
    record = state.session.ws.get("contact", found[0].id) if found else None
    if record is None:
        return ""
    name, short = title(state.session, "contact", record), short_id(state.session, "contact", record["id"])
    return f"  the contact {name} {short} is here already (same {found[0].why}); tuicrm lead convert joins them"


def edit_command(kind: Kind) -> Command:
    """Return the command that changes records; several at once are one step to undo."""
    return Command(
        "edit",
        help=f"Change {kind.many}, all of them in one step. An empty value clears a field.",
        callback=click.pass_obj(partial(_edit, kind.name)),
        params=[
            refs_argument(required=False),
            click.Option(["--where"], metavar="QUERY", help="Change all that the query finds, instead of naming them."),
            *field_options(kind, removing=True),
            _json_option(),
        ],
        examples=[f"tuicrm {kind.name} {_EDITS.get(kind.name, 'edit 7KQ2')}"],
        json_names=partial(json_names, kind),
    )


def _edit(kind: str, state: State, *, refs: Sequence[str], where: str | None, form: str | None, **values: Any) -> None:
    from tuicrm.crm import edit

    session = state.session
    typed, removed = typed_values(session.kind(kind), values)
    if not typed and not removed:
        raise UsageProblem("nothing to change was given", hint=f"tuicrm {kind} edit --help lists what can be changed.")
    if bool(refs) == (where is not None):
        raise UsageProblem("name the records to change, or describe them with --where (one of the two)")
    if where is not None:
        from tuicrm.crm.listing import select

        records = select(session, kind, where=where)
        if not records:
            raise NotFound(f"--where {where!r} finds nothing")
    else:
        records = find_all(state, kind, refs)
    carry_out(state, edit.edit(session, kind, records, typed, removed), kind, form)


def rm_command(kind: Kind) -> Command:
    """Return the command that removes records."""
    return Command(
        "rm",
        help=f"Remove {kind.many}. They stay in the trash: `restore` or `tuicrm undo` brings them back.",
        callback=click.pass_obj(partial(_rm, kind.name)),
        params=[refs_argument()],
        examples=[f"tuicrm {kind.name} rm 7KQ2"],
    )


def _rm(kind: str, state: State, *, refs: Sequence[str]) -> None:
    from tuicrm.crm import edit

    carry_out(state, edit.remove(state.session, kind, find_all(state, kind, refs)))


def restore_command(kind: Kind) -> Command:
    """Return the command that brings removed records back."""
    return Command(
        "restore",
        help=f"Bring back removed {kind.many}; without a REF list what can be brought back.",
        callback=click.pass_obj(partial(_restore, kind.name)),
        params=[refs_argument(required=False), _list_json_option()],
        examples=[f"tuicrm {kind.name} restore", f"tuicrm {kind.name} restore 7KQ2"],
    )


def _list_json_option() -> click.Option:
    return click.Option(list(JSON), flag_value="json", help="Print records as JSON.")


def _restore(kind: str, state: State, *, refs: Sequence[str], form: str | None) -> None:
    from tuicrm.crm import edit

    session = state.session
    if not refs:
        from tuicrm.cli.output import give_list

        gone = session.ws.dead(kind)
        give_list(state, session.kind(kind), [gone[key] for key in sorted(gone)], form)
        return
    from tuicrm.crm.lookup import find

    records = [find(session, kind, ref, trash=True) for ref in refs]
    carry_out(state, edit.restore(session, kind, records), kind, form)
