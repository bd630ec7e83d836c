"""`quote print` and `quote send`: a quote on paper, and on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.noun_read import json_names
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.paths import FilePath
from tuicrm.errors import UsageProblem
from tuicrm.records.kinds.quote import QUOTE

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.cli.state import State
    from tuicrm.crm.letters import Letter

FORMS = ("text", "md", "html", "pdf")


@command(
    "print",
    help="Print a quote, or write it into a file (--out), whose ending says the format where --format does not.",
    examples=["tuicrm quote print Q-2026-0012", "tuicrm quote print Q-2026-0012 --out offer.pdf"],
)
@click.argument("ref", metavar="QUOTE")
@click.option("--format", "form", type=click.Choice(FORMS), help="How to print it; text where not said.")
@click.option("--out", type=FilePath(), default=None, metavar="FILE", help="Write it into a file.")
def print_quote(state: State, *, ref: str, form: str | None, out: Path | None) -> None:
    """Print a quote."""
    from tuicrm.crm.lookup import find
    from tuicrm.crm.quotes.giving import form_of, give
    from tuicrm.crm.quotes.standing import doubled
    from tuicrm.exchange.outfile import written_whole

    session = state.session
    form = form or ("text" if out is None else form_of(out))
    if form == "pdf" and out is None and state.on_terminal:
        raise UsageProblem("a PDF is no text for a terminal", hint="--out FILE writes it into a file.")
    quote = find(session, "quote", ref)
    given = give(session, quote, form, state.env)
    if out is not None:
        with written_whole(out, root=session.ws.root) as file:
            file.write(given.data)
        state.tell(f"wrote {out}")
    else:
        state.give(given.data)
    for line in (*given.warnings, *doubled(session, quote)):
        state.tell(f"tuicrm: {line}")


@command(
    "send",
    help="Mark a quote as sent: it stays as it is from then on. Nobody is written to; --draft makes the e-mail for it, "
    "with the quote attached, as a file for your mail program.",
    examples=["tuicrm quote send Q-2026-0012", "tuicrm quote send Q-2026-0012 --draft offer.eml --log"],
    json_names=lambda: json_names(QUOTE),
)
@click.argument("ref", metavar="QUOTE")
@click.option("--draft", type=FilePath(), default=None, metavar="FILE", help="Write a draft of an e-mail, as .eml.")
@click.option("--attach", type=click.Choice(FORMS), default="pdf", show_default=True, help="What is attached to it.")
@click.option("--template", default="", metavar="TEMPLATE", help="The template of the e-mail, one of deals.")
@click.option("--log", "logging", is_flag=True, help="Log it as an e-mail that was sent.")
@click.option("--json", "asked", flag_value="json", help="Print the quote as JSON instead of its id.")
def send(
    state: State, *, ref: str, draft: Path | None, attach: str, template: str, logging: bool, asked: str | None
) -> None:
    """Mark a quote as sent."""
    from dataclasses import replace

    from tuicrm.crm import letters
    from tuicrm.crm.lookup import find
    from tuicrm.crm.quotes import deciding, giving, making

    session = state.session
    quote = find(session, "quote", ref)
    plan = deciding.send(session, quote)
    written = deciding.after(quote, plan)
    if draft is not None or logging:
        chosen = find(session, "template", template) if template else None
        letter = giving.letter(session, written, making.deal_of(session, quote), chosen)
        for line in letter.warnings:
            state.tell(f"tuicrm: {line}")
        if draft is not None:
            _write_draft(state, written, letter, draft, attach)
        if logging:
            entry = letters.logged(session, letter)
            note = plan.note if plan.changes else entry.note
            plan = replace(plan, changes=(*plan.changes, *entry.changes), note=note)
    carry_out(state, plan, "quote", asked)


def _write_draft(state: State, quote: dict[str, Any], letter: Letter, path: Path, attach: str) -> None:
    from tuicrm.crm import letters
    from tuicrm.crm.quotes.giving import give
    from tuicrm.exchange.outfile import written_whole

    given = give(state.session, quote, attach, state.env)
    for line in given.warnings:
        state.tell(f"tuicrm: {line}")
    data = letters.eml(letter, [(given.name, given.media, given.data)])
    with written_whole(path, root=state.session.ws.root) as file:
        file.write(data)
    state.tell(f"wrote the draft to {path}")
