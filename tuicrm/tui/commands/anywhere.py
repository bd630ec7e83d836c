"""Commands that work in every pane: panes, palette, undo, help."""

from __future__ import annotations

from tuicrm.tui.commands.command import ALL, Command

EVERYWHERE: tuple[Command, ...] = (
    Command("pane.pipeline", ("1",), "pipeline", "Go to the pipeline board", ALL, "tuicrm board"),
    Command("pane.activity", ("2",), "activity", "Go to the activity log", ALL, "tuicrm activity list"),
    Command("pane.followups", ("3",), "follow-ups", "Go to the follow-ups", ALL, "tuicrm agenda"),
    Command("pane.forecast", ("4",), "forecast", "Go to the forecast", ALL, "tuicrm forecast"),
    Command("pane.contacts", ("5",), "contacts", "Go to the contacts", ALL, "tuicrm contact list"),
    Command("pane.companies", ("6",), "companies", "Go to the companies", ALL, "tuicrm company list"),
    Command(
        "palette.open",
        ("ctrl+p", "P"),
        "palette",
        "Find any record or command by a few letters, an e-mail or a phone number",
        ALL,
        "tuicrm search TEXT",
    ),
    Command(
        "quick.add",
        ("colon",),
        "quick",
        "Quick add in one line: call jane tomorrow 10am re acme; or a list's name, to go there",
        ALL,
        "tuicrm quick TEXT",
    ),
    Command("help.keys", ("question_mark",), "keys", "Show the keys that work here", ALL, "tuicrm --help"),
    Command("step.undo", ("u",), "undo", "Undo the last change, also one made by a command", ALL, "tuicrm undo"),
    Command("step.redo", ("U", "ctrl+r"), "redo", "Do again what was undone", ALL, "tuicrm redo"),
    Command("step.history", (), "undo list", "List what was done, to undo and redo it", ALL, "tuicrm undo --list"),
    Command(
        "problems.show",
        ("exclamation_mark",),
        "problems",
        "Conflicts, problems, and the messages so far",
        ALL,
        "tuicrm doctor",
    ),
    Command("since.show", (), "since", "What teammates changed since you last looked", ALL, "tuicrm since"),
    Command("sync.now", ("S",), "sync", "Sync with the team, in the background; ctrl+c stops it", ALL, "tuicrm sync"),
    Command("sync.changes", (), "synced", "List what syncs brought since the start", ALL, "tuicrm sync --json"),
    Command(
        "conflicts.show",
        (),
        "conflicts",
        "What gave way when two people had changed the same thing, to decide about it",
        ALL,
        "tuicrm conflict list",
    ),
    Command(
        "duplicates.show",
        ("equals_sign",),
        "duplicates",
        "Records that may be one thing, kept twice: merge them, or keep both",
        ALL,
        "tuicrm duplicate list",
    ),
    Command("rules.show", (), "rules", "The team's rules: on, off, and what they did", ALL, "tuicrm rule list", "rule"),
    Command("theme.choose", (), "theme", "Choose the colours; they are remembered", ALL),
    Command("data.import", (), "import", "Bring in a CSV file", ALL, "tuicrm import FILE --as KIND"),
    Command("go.back", ("escape", "backspace"), "back", "Back: unmark, clear the filter, or the previous screen", ALL),
    Command("app.leave", ("q",), "quit", "Close this; at the top level quit", ALL),
    Command("screen.redraw", ("ctrl+l",), "redraw", "Draw the screen again", ALL),
    Command("app.suspend", ("ctrl+z",), "suspend", "Back to the shell; `fg` returns", ALL),
    Command("app.cancel", ("ctrl+c",), "cancel", "Cancel what is going on; never quits at once", ALL),
)
