"""Answers: the common verbs, looking through them, and questions that wait for an answer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import click

from tuicrm.cli.lazy import LazyGroup, Verb, command
from tuicrm.cli.longtext import adding, editing
from tuicrm.cli.noun import noun
from tuicrm.cli.noun_read import json_names, list_command
from tuicrm.cli.outcome import carry_out
from tuicrm.cli.output import FORMATS, format_options, give_list
from tuicrm.records.kinds.answer import ANSWER

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.cli.lazy import Command
    from tuicrm.cli.state import State


def build(name: str) -> LazyGroup:
    """Return the group of answer commands."""
    extra = {
        "add": Verb("Add a question with its answer.", lambda: adding(ANSWER, "answer")),
        "list": Verb("List answers.", _list_command),
        "edit": Verb("Change answers, or answer a question.", lambda: editing(ANSWER, "answer")),
        "search": Verb("Look through the answers.", lambda: search),
        "ask": Verb("Collect a question that nobody has answered yet.", lambda: ask),
    }
    return noun(ANSWER, extra, aliases={"find": "search"})


def _list_command() -> Command:
    made = list_command(ANSWER)
    made.params.append(click.Option(["--unanswered"], is_flag=True, help="Only questions that wait for an answer."))
    inner: Callable[..., Any] = made.callback or (lambda **_: None)
    made.callback = partial(_list, inner)
    return made


def _list(inner: Callable[..., Any], *, unanswered: bool, where: str | None, sort: str | None, **values: Any) -> None:
    """List answers, the most used first where nothing else is asked for."""
    if unanswered:
        where = f"answer:none ({where})" if where else "answer:none"
    inner(where=where, sort=sort or ("created_at" if unanswered else "-used,question"), **values)


@command(
    "search",
    help="Look through questions, answers and tags for words: the most used first.",
    examples=["tuicrm answer search soc2", "tuicrm answer search price year --json"],
    json_names=lambda: json_names(ANSWER),
)
@click.argument("text", nargs=-1, required=True, metavar="TEXT...")
@click.option(
    "--limit", type=click.IntRange(min=0), default=20, show_default=True, metavar="N", help="At most so many."
)
@format_options(FORMATS)
def search(state: State, *, text: Sequence[str], limit: int, form: str | None) -> None:
    """Look through the answers."""
    from tuicrm.crm import answers

    session = state.session
    give_list(state, session.kind("answer"), answers.search(session, " ".join(text), limit=limit), form)


@command(
    "ask",
    help="Collect a question that nobody has answered yet, for whoever keeps the answers; `list --unanswered` shows "
    "what waits, and `edit REF --answer` answers it.",
    examples=['tuicrm answer ask "Do you have an office in Ghent?"'],
    json_names=lambda: json_names(ANSWER),
)
@click.argument("question", nargs=-1, required=True, metavar="QUESTION...")
@click.option("--json", "form", flag_value="json", help="Print the question as JSON instead of its id.")
def ask(state: State, *, question: Sequence[str], form: str | None) -> None:
    """Collect a question."""
    from tuicrm.crm import answers

    carry_out(state, answers.ask(state.session, " ".join(question)), "answer", form)
