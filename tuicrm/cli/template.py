"""Templates: the common verbs, bodies from files and editors, and filling one in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.longtext import adding, editing
from tuicrm.cli.noun import noun
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.paths import FilePath
from tuicrm.errors import NotFound
from tuicrm.records.kinds.template import LETTERED, TEMPLATE

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.cli.state import State
    from tuicrm.crm.letters import Letter
    from tuicrm.crm.session import Session

_BLANK = "Hello {first_name|there},\n\n"
"""What the editor starts with."""
NAMES = ("to", "name", "subject", "body", "of", "id", "warnings")


def build(name: str) -> LazyGroup:
    """Return the group of template commands."""
    extra = {
        "add": Verb("Add a template.", lambda: adding(TEMPLATE, "body", _BLANK)),
        "edit": Verb("Change a template.", lambda: editing(TEMPLATE, "body")),
        "fill": Verb("Write a draft from a template and a record.", lambda: fill),
    }
    return noun(TEMPLATE, extra, aliases={"draft": "fill"})


@command(
    "fill",
    help="Write the e-mail that a template makes of a record: printed, or written as a draft for a mail program "
    "(--out), or opened in one (--open). Nothing is sent, and nothing is logged but with --log.",
    examples=[
        "tuicrm template fill Intro jane@acme.example",
        'tuicrm template fill Renewal "Acme renewal" --open --log',
        "tuicrm template fill Intro jane@acme.example --out intro.eml",
    ],
    json_names=NAMES,
)
@click.argument("template")
@click.argument("ref")
@click.option("--of", default="", metavar="KIND", help="What REF is, where several kinds have one of that name.")
@click.option("--out", type=FilePath(), default=None, metavar="FILE", help="Write the draft into a file, as .eml.")
@click.option("--open", "opening", is_flag=True, help="Open it in $TUICRM_MAILER, or the desktop's mail program.")
@click.option("--print", "printing", is_flag=True, help="Print it, also where it is written or opened.")
@click.option("--log", "logging", is_flag=True, help="Log it as an e-mail that was sent.")
@click.option("--json", "form", flag_value="json", help="Print it as JSON.")
def fill(
    state: State,
    *,
    template: str,
    ref: str,
    of: str,
    out: Path | None,
    opening: bool,
    printing: bool,
    logging: bool,
    form: str | None,
) -> None:
    """Fill in a template."""
    from tuicrm.crm import letters
    from tuicrm.crm.lookup import find
    from tuicrm.exchange.outfile import written_whole

    session = state.session
    chosen = find(session, "template", template)
    letter = letters.fill(session, chosen, *_named(session, str(chosen.get("of")), of, ref))
    for line in letter.warnings:
        state.tell(f"tuicrm: {line}")
    if out is not None:
        draft = letters.eml(letter)
        with written_whole(out, root=session.ws.root) as file:
            file.write(draft)
        state.tell(f"wrote the draft to {out}")
    if opening:
        from tuicrm.crm.mailer import open_letter

        state.tell(open_letter(letter, state.env))
    if form == "json":
        from tuicrm.cli.output import give_json

        give_json(state, _flat(letter))
    elif printing or not (out or opening):
        _show(state, letters.plain(letter))
    if logging:
        carry_out(state, letters.logged(session, letter), ids=False)


def _flat(letter: Letter) -> dict[str, Any]:
    kind, key = letter.about
    values = (letter.to, letter.name, letter.subject, letter.body, kind, key, list(letter.warnings))
    return dict(zip(NAMES, values, strict=True))


def _show(state: State, text: str) -> None:
    """Print a text as it is into a file, and without anything that a terminal would obey on one."""
    from tuicrm.text import clean

    state.give(clean(text) if state.on_terminal else text)


def _named(session: Session, of: str, said: str, ref: str) -> tuple[str, dict[str, Any]]:
    """Return the record that REF names: of the template's kind first, then of those that lead to one."""
    from tuicrm.crm.lookup import find

    if said:
        kind = session.kind(said).name
        return kind, find(session, kind, ref)
    try:
        return of, find(session, of, ref)
    except NotFound as problem:
        for kind in LETTERED:
            if kind != of and (held := _found(session, kind, ref)) is not None:
                return kind, held
        raise problem from None


def _found(session: Session, kind: str, ref: str) -> dict[str, Any] | None:
    from tuicrm.crm.lookup import find

    try:
        return find(session, kind, ref)
    except NotFound:
        return None
