"""Every top-level command, listed once: name, module and one line; imports nothing."""

from __future__ import annotations

SECTIONS: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "Start",
        (
            ("init", "tuicrm.cli.init", "Make a workspace in a folder."),
            ("clone", "tuicrm.cli.clone", "Fetch a team's workspace from a git repository."),
            ("demo", "tuicrm.cli.demo", "Open a sample workspace."),
        ),
    ),
    (
        "Records",
        (
            ("company", "tuicrm.cli.noun", "Organisations that buy."),
            ("contact", "tuicrm.cli.contact", "People at customers and prospects."),
            ("lead", "tuicrm.cli.lead", "People and companies not yet qualified."),
            ("deal", "tuicrm.cli.deal", "Possible sales on their way through a pipeline."),
            ("product", "tuicrm.cli.noun", "What is sold."),
            ("quote", "tuicrm.cli.quote", "What is offered in writing for deals."),
            ("activity", "tuicrm.cli.activity", "Things that happened: calls, e-mails, meetings, notes."),
            ("followup", "tuicrm.cli.followup", "Things to do: tasks and reminders."),
            ("user", "tuicrm.cli.user", "The people of the sales team."),
        ),
    ),
    (
        "Daily work",
        (
            ("quick", "tuicrm.cli.quick", "Add a deal, contact, follow-up or log entry in one line."),
            ("log", "tuicrm.cli.activity", "Log a call, an e-mail, a meeting or a note."),
            ("touch", "tuicrm.cli.touch", "Note what brought a lead or a contact here, or back."),
            ("next", "tuicrm.cli.next_step", "What to do now: ranked, with reasons and the command that does it."),
            ("agenda", "tuicrm.cli.agenda", "What is due today: follow-ups, meetings, closes."),
            ("since", "tuicrm.cli.since", "What teammates changed since you last looked."),
            ("board", "tuicrm.cli.board", "The pipeline as a board of text."),
            ("forecast", "tuicrm.cli.forecast", "The months ahead: won, committed, expected, against quota."),
            ("report", "tuicrm.cli.report", "Figures to steer by: win rate, funnel, cycle, quota and more."),
            ("search", "tuicrm.cli.search", "Find records of every kind by words in them."),
            ("history", "tuicrm.cli.history", "What happened with a record."),
            ("undo", "tuicrm.cli.undo", "Take back the last change."),
            ("redo", "tuicrm.cli.undo", "Do again what undo took back."),
        ),
    ),
    (
        "The team's setup",
        (
            ("pipeline", "tuicrm.cli.pipeline", "Pipelines and their stages."),
            ("view", "tuicrm.cli.view", "Saved filters."),
            ("field", "tuicrm.cli.field", "Fields of your own."),
            ("template", "tuicrm.cli.template", "E-mails to write again and again, filled in from records."),
            ("sequence", "tuicrm.cli.sequence", "Steps over days that are taken with leads and contacts."),
            ("answer", "tuicrm.cli.answer", "Questions that customers ask, and what is said to them."),
            ("rule", "tuicrm.cli.rule", "What the program does by itself: when, if, do."),
            ("run", "tuicrm.cli.due", "Do what is due by itself; for cron."),
            ("territory", "tuicrm.cli.territory", "Whose companies, leads and deals are, by rules."),
            ("target", "tuicrm.cli.target", "What is asked of people and teams in a period."),
            ("commission", "tuicrm.cli.commission", "What people earn by the deals they win, and statements of it."),
            ("mapping", "tuicrm.cli.noun", "How files of one origin are imported, as saved."),
            ("config", "tuicrm.cli.config", "Settings of the workspace."),
        ),
    ),
    (
        "Together",
        (
            ("sync", "tuicrm.cli.sync", "Send your changes to the team's repository, and fetch theirs."),
            ("conflict", "tuicrm.cli.conflict", "Values that gave way when two changed the same thing."),
        ),
    ),
    (
        "Data",
        (
            ("import", "tuicrm.cli.import_", "Read records from a file."),
            ("intake", "tuicrm.cli.intake", "Take form posts and e-mails from outside as leads."),
            ("duplicate", "tuicrm.cli.duplicate", "Records kept twice: list, merge, or call different."),
            ("export", "tuicrm.cli.export", "Write records to a file: one kind, or all there is."),
            ("backup", "tuicrm.cli.backup", "Put the whole workspace into one file."),
            ("restore", "tuicrm.cli.backup", "Make a workspace again from a backup."),
            ("schema", "tuicrm.cli.schema", "The JSON Schema of a kind of record."),
            ("quality", "tuicrm.cli.quality", "What to fix first in the data: wrong, missing and old details."),
            ("doctor", "tuicrm.cli.doctor", "Look for damage, and mend what can be mended."),
        ),
    ),
    (
        "Help",
        (
            ("help", "tuicrm.cli.help", "Help on a command or a topic: exit-codes, query, dates."),
            ("completion", "tuicrm.cli.completion", "Completion for bash, zsh or fish."),
        ),
    ),
)

ALIASES = {
    "task": "followup",
    "tasks": "followup",
    "followups": "followup",
    "companies": "company",
    "contacts": "contact",
    "leads": "lead",
    "deals": "deal",
    "products": "product",
    "quotes": "quote",
    "activities": "activity",
    "users": "user",
    "pipelines": "pipeline",
    "views": "view",
    "reports": "report",
    "templates": "template",
    "answers": "answer",
    "sequences": "sequence",
    "territories": "territory",
    "targets": "target",
    "commissions": "commission",
    "fields": "field",
    "mappings": "mapping",
    "rules": "rule",
    "conflicts": "conflict",
    "duplicates": "duplicate",
}

OPTIONS = (
    ("--workspace DIR", "The workspace to work on."),
    ("--remote", "For slow links, with the TUI: no animation, 16 colours."),
    ("--accessible", "For screen readers, with the TUI."),
    ("--version", "Show the version."),
    ("--help", "Show this page."),
)

INTRO = "A CRM for sales teams. Without a command it opens on the pipeline board."
OUTRO = """\
Examples:
  tuicrm demo
  tuicrm deal add "Acme renewal" --company Acme --value 12k --close "end of next month"
  tuicrm deal list --where "owner:me value>10k" --json
  tuicrm log call "Wants the report first" --with "Jane Roe" --next "call in 3 days"

The workspace is the one named by --workspace or TUICRM_WORKSPACE, else the one
around the current folder, else the one last opened. Every command has --help.
"""


def top_help() -> str:
    """Return what `tuicrm --help` shows."""
    rows = [row for _, section in SECTIONS for row in section]
    wide = max(len(name) for name, _, _ in rows) + 2
    parts = [f"Usage: tuicrm [OPTIONS] [COMMAND] [ARGS]...\n\n  {INTRO}\n"]
    for title, section in SECTIONS:
        lines = "".join(f"  {name:<{wide}}{text}\n" for name, _, text in section)
        parts.append(f"{title}:\n{lines}")
    wide = max(len(name) for name, _ in OPTIONS) + 2
    parts.append("Options:\n" + "".join(f"  {name:<{wide}}{text}\n" for name, text in OPTIONS))
    parts.append(OUTRO)
    return "\n".join(parts)
