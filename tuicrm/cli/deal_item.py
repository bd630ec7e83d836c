"""`deal item`: what a deal is made of, line by line."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import Command, LazyGroup, Verb
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.errors import UsageProblem
from tuicrm.records.kinds.deal import DEAL

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.state import State
    from tuicrm.crm.session import Session

NAMES = ("id", "product", "name", "quantity", "price", "discount", "discount_reason", "tax", "net", "currency")
HEADS = ("#", "ITEM", "QUANTITY", "PRICE", "DISCOUNT", "TAX", "NET", "REASON")
_METAVARS = {"product": "PRODUCT", "quantity": "NUMBER", "price": "AMOUNT", "discount": "PERCENT", "tax": "PERCENT"}
ALIASES = {"create": "add", "new": "add", "ls": "list", "show": "list", "remove": "rm", "delete": "rm"}


def group() -> LazyGroup:
    """Return the group of item commands."""
    verbs = {
        "add": Verb("Add a line item.", _add_command),
        "list": Verb("List the line items with what they come to.", _list_command),
        "edit": Verb("Change a line item.", _edit_command),
        "rm": Verb("Take line items away.", _rm_command),
    }
    return LazyGroup("item", verbs, aliases=ALIASES, help="The line items of a deal: products, quantities, prices.")


def _command(
    name: str, text: str, callback: Callable[..., None], params: Sequence[click.Parameter], examples: Sequence[str]
) -> Command:
    given = [click.Argument(["ref"], metavar="DEAL"), *params]
    taking = click.Option(["--take-value"], is_flag=True, help="Let the deal's value be the sum of its items.")
    asked = click.Option(["--json", "form"], flag_value="json", help="Print the deal as JSON instead of its id.")
    return Command(
        name,
        help=text,
        callback=click.pass_obj(callback),
        params=[*given, taking, asked],
        examples=examples,
        json_names=partial(json_names, DEAL),
    )


def _field_options() -> list[click.Parameter]:
    from tuicrm.crm.lineitems import FIELDS

    return [
        click.Option([f"--{one.option}", one.name], help=one.help, metavar=_METAVARS.get(one.name, "TEXT"))
        for one in FIELDS.values()
    ]


def _typed(values: dict[str, Any]) -> dict[str, str]:
    return {name: text for name, text in values.items() if text is not None}


def _add_command() -> Command:
    return _command(
        "add",
        "Add a line item to a deal. The deal's value stays as it is unless --take-value is given.",
        _add,
        _field_options(),
        [
            'tuicrm deal item add "Acme renewal" --product "Team plan" --quantity 20 --discount 10 --take-value',
            'tuicrm deal item add "Acme renewal" --name Training --quantity 2 --price 900',
        ],
    )


def _add(state: State, *, ref: str, take_value: bool, form: str | None, **values: Any) -> None:
    from tuicrm.crm import lineitems
    from tuicrm.crm.lookup import find

    deal = find(state.session, "deal", ref)
    plan = lineitems.add(state.session, deal, _typed(values), take_value=take_value)
    carry_out(state, plan, "deal", form)


def _edit_command() -> Command:
    return _command(
        "edit",
        "Change a line item, named by its place in the list or by its name. An empty value clears what it says.",
        _edit,
        [click.Argument(["item"], metavar="ITEM"), *_field_options()],
        ['tuicrm deal item edit "Acme renewal" 1 --discount 15 --discount-reason "three years"'],
    )


def _edit(state: State, *, ref: str, item: str, take_value: bool, form: str | None, **values: Any) -> None:
    from tuicrm.crm import lineitems
    from tuicrm.crm.lookup import find

    typed = _typed(values)
    if not typed:
        raise UsageProblem("nothing to change was given", hint="tuicrm deal item edit --help lists what can be.")
    deal = find(state.session, "deal", ref)
    key = lineitems.find_item(state.session, deal, item)
    carry_out(state, lineitems.edit(state.session, deal, key, typed, take_value=take_value), "deal", form)


def _rm_command() -> Command:
    return _command(
        "rm",
        "Take line items away; `tuicrm undo` brings them back.",
        _rm,
        [click.Argument(["items"], nargs=-1, required=True, metavar="ITEM...")],
        ['tuicrm deal item rm "Acme renewal" 2'],
    )


def _rm(state: State, *, ref: str, items: Sequence[str], take_value: bool, form: str | None) -> None:
    from tuicrm.crm import lineitems
    from tuicrm.crm.lookup import find

    deal = find(state.session, "deal", ref)
    keys = list(dict.fromkeys(lineitems.find_item(state.session, deal, one) for one in items))
    carry_out(state, lineitems.remove(state.session, deal, keys, take_value=take_value), "deal", form)


def _list_command() -> Command:
    from tuicrm.cli.noun_read import format_parameters

    return Command(
        "list",
        help="List the line items of a deal with what they come to, discounts taken off and before tax.",
        callback=click.pass_obj(_list),
        params=[click.Argument(["ref"], metavar="DEAL"), *format_parameters()],
        examples=['tuicrm deal item list "Acme renewal"'],
        json_names=NAMES,
    )


def _list(state: State, *, ref: str, form: str | None) -> None:
    from tuicrm.cli.output import give_json, give_json_lines
    from tuicrm.crm import lineitems
    from tuicrm.crm.lookup import find

    session = state.session
    deal = find(session, "deal", ref)
    flat = _flat(session, deal)
    if form == "json":
        give_json(state, flat)
    elif form == "jsonl":
        give_json_lines(state, flat)
    elif form == "ids":
        state.give("".join(f"{one['id']}\n" for one in flat))
    elif form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        body = [["" if one[name] is None else str(one[name]) for name in NAMES] for one in flat]
        numeric = {NAMES.index(name) for name in ("quantity", "price", "discount", "tax", "net")}
        state.give(sheet(list(NAMES), body, delimiter="\t" if form == "tsv" else ",", numeric=numeric))
    elif not flat:
        state.tell("no line items")
    else:
        from tuicrm.cli.grid import grid

        body = [[str(place), *_cells(one)] for place, one in enumerate(flat, 1)]
        text, _ = grid(HEADS, body, right={0, 2, 3, 4, 5, 6}, fixed={0}, cells=state.width, bold=state.colour)
        state.give(text)
        found = lineitems.totals(session, deal)
        state.tell(f"{found.currency} {found.net} in all, before tax")


def _cells(item: dict[str, Any]) -> list[str]:
    names = ("name", "quantity", "price", "discount", "tax", "net", "discount_reason")
    signs = {"discount": "%", "tax": "%"}
    return [f"{item[name]}{signs.get(name, '')}" if item[name] is not None else "" for name in names]


def _flat(session: Session, deal: dict[str, Any]) -> list[dict[str, Any]]:
    from tuicrm.crm import lineitems
    from tuicrm.crm.pricing import ordered
    from tuicrm.money import amount_text

    found = lineitems.totals(session, deal)
    nets = {one.key: one for one in found.lines}
    made = []
    for key, item in ordered(deal.get("items")):
        line = nets[key]
        net = amount_text(line.net, found.currency) if line.price is not None else None
        held = {name: item.get(name) for name in NAMES}
        name, count = lineitems.called(session, item), str(item.get("quantity") or 1)
        made.append({**held, "id": key, "name": name, "quantity": count, "net": net, "currency": found.currency})
    return made
