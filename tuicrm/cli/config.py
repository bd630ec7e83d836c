"""`config`: the settings of the workspace, and who works on this machine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.output import format_options, give_json, give_json_lines

if TYPE_CHECKING:
    from tuicrm.cli.state import State

USER = "user"
USER_HELP = "Who acts on this machine (not shared); TUICRM_USER goes before it."
NAMES = ("key", "value", "default", "given", "help")


def build(name: str) -> LazyGroup:
    """Return the group of config commands."""
    verbs = {
        "list": Verb("List the settings.", partial(_of, "list")),
        "get": Verb("Print one setting.", partial(_of, "get")),
        "set": Verb("Change a setting.", partial(_of, "set")),
        "rate": Verb("List, set or take away rates between currencies.", _rate),
    }
    return LazyGroup("config", verbs, aliases={"ls": "list"}, help="Settings that the team shares.")


def _of(verb: str) -> click.Command:
    return {"list": list_settings, "get": get, "set": set_setting}[verb]


def _rate() -> click.Command:
    from tuicrm.cli.rate import rate

    return rate


@command("list", help="List the settings with what they mean.", examples=["tuicrm config list"], json_names=NAMES)
@format_options(("table", "json", "jsonl", "csv", "tsv"))
def list_settings(state: State, *, form: str | None) -> None:
    """Print all settings."""
    from tuicrm.crm import config

    held = [
        {"key": one.key, "value": one.value, "default": one.default, "given": one.given, "help": one.help}
        for one in config.listing(state.session)
    ]
    held.append(_user_fact(state))
    if form == "json":
        give_json(state, held)
    elif form == "jsonl":
        give_json_lines(state, held)
    else:
        _give_table(state, held, form)


def _give_table(state: State, held: list[dict[str, Any]], form: str | None) -> None:
    if form in ("csv", "tsv"):
        from tuicrm.cli.sheet import sheet

        rows = [[one["key"], one["value"], one["help"]] for one in held]
        state.give(sheet(["key", "value", "help"], rows, delimiter="\t" if form == "tsv" else ","))
        return
    from tuicrm.cli.grid import grid

    rows = [[one["key"], one["value"] or "-", one["help"]] for one in held]
    state.give(grid(["KEY", "VALUE", "MEANS"], rows, fixed={0}, cells=state.width, bold=state.colour)[0])


def _user_fact(state: State) -> dict[str, Any]:
    from tuicrm.store.local import Local

    set_here = bool(Local(state.session.ws.private).get(USER))
    return {"key": USER, "value": state.session.user, "default": "", "given": set_here, "help": USER_HELP}


@command("get", help="Print one setting.", examples=["tuicrm config get currency"], json_names=NAMES)
@click.argument("key")
@format_options(("table", "json"))
def get(state: State, *, key: str, form: str | None) -> None:
    """Print one setting."""
    from tuicrm.text import clean

    if key == USER:
        fact = _user_fact(state)
    else:
        from tuicrm.crm import config

        one = config.get(state.session, key)
        fact = {"key": one.key, "value": one.value, "default": one.default, "given": one.given, "help": one.help}
    if form == "json":
        give_json(state, fact)
    else:
        state.give(f"{clean(fact['value'])}\n")


@command(
    "set",
    help="Change a setting; an empty value goes back to the default. `user` is kept on this machine alone.",
    examples=["tuicrm config set date_order mdy", "tuicrm config set user ann"],
)
@click.argument("key")
@click.argument("value")
def set_setting(state: State, *, key: str, value: str) -> None:
    """Change one setting."""
    session = state.session
    if key == USER:
        from tuicrm.crm.lookup import find
        from tuicrm.store.local import Local

        record = find(session, "user", value) if value.strip() else {}
        handle = str(record.get("handle") or record.get("name") or "")
        Local(session.ws.private).set(USER, handle)
        state.tell(f"you are {handle} on this machine" if handle else "this machine has no user of its own")
        return
    from tuicrm.crm import config

    carry_out(state, config.set_value(session, key, value), ids=False)
