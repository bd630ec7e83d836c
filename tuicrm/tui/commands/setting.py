"""Commands that edit what a team has set up, and the noting of touches: in the palette once a team uses them."""

from __future__ import annotations

from tuicrm.tui.commands.command import ALL, RECORDS, Command

SETTING: tuple[Command, ...] = (
    Command(
        "status.edit",
        (),
        "lead statuses",
        "Lead statuses: what each asks for, their names and order",
        ALL,
        "tuicrm lead status edit STATUS",
        "lead",
    ),
    Command(
        "score.edit",
        (),
        "score rules",
        "Score rules: what gives leads points",
        ALL,
        "tuicrm lead score edit RULE",
        "lead",
    ),
    Command(
        "touch.add",
        (),
        "touch",
        "Note a touch: what brought them here, or back",
        RECORDS,
        "tuicrm touch REF SORT NAME",
        "lead",
    ),
    Command(
        "sequence.edit",
        (),
        "sequences",
        "Sequences: edit their steps, add and remove them",
        ALL,
        "tuicrm sequence edit REF",
        "sequence",
    ),
    Command(
        "answer.show",
        (),
        "answers",
        "The library of answers, first the questions that wait for one",
        ALL,
        "tuicrm answer list",
        "answer",
    ),
    Command(
        "template.show",
        (),
        "templates",
        "The team's e-mail templates",
        ALL,
        "tuicrm template list",
        "template",
    ),
)
