"""Commands that move about a pane and choose what it shows."""

from __future__ import annotations

from tuicrm.tui.commands.command import FORECAST, LISTS, MARKED_IN, MOVED_IN, PANES, PIPELINE, RECORD, Command

MOVING: tuple[Command, ...] = (
    Command("cursor.left", ("h", "left"), "left", "To the left: the stage before", (PIPELINE,)),
    Command("cursor.down", ("j", "down"), "down", "Down", MOVED_IN),
    Command("cursor.up", ("k", "up"), "up", "Up", MOVED_IN),
    Command("cursor.right", ("l", "right"), "right", "To the right: the next stage", (PIPELINE,)),
    Command("cursor.first", ("g", "home"), "first", "To the first", MOVED_IN),
    Command("cursor.last", ("G", "end"), "last", "To the last", MOVED_IN),
    Command("cursor.page-up", ("pageup",), "page up", "A page up", MOVED_IN),
    Command("cursor.page-down", ("pagedown",), "page down", "A page down", MOVED_IN),
    Command("area.next", ("tab",), "area", "To the next area", (RECORD, FORECAST)),
    Command("area.previous", ("shift+tab",), "area before", "To the area before", (RECORD, FORECAST)),
    Command("record.open", ("enter",), "open", "Open what is under the cursor", MOVED_IN, "tuicrm deal show REF"),
    Command(
        "mark.toggle",
        ("space",),
        "mark",
        "Mark this, or unmark it; keys act on all that are marked. In a record: tick the box",
        (*MARKED_IN, RECORD),
    ),
    Command("mark.down", ("J", "shift+down"), "mark down", "Mark this and go down", MARKED_IN),
    Command("mark.up", ("K", "shift+up"), "mark up", "Mark this and go up", MARKED_IN),
    Command("mark.all", ("asterisk",), "mark all", "Mark all that are shown, or unmark all", MARKED_IN),
    Command(
        "list.filter",
        ("slash",),
        "filter",
        "Filter while typing, in the query language: value>10k stage:demo owner:me",
        PANES,
        "tuicrm deal list --where QUERY",
    ),
    Command("list.order", ("o",), "order", "Choose the order", LISTS, "tuicrm deal list --sort FIELD"),
    Command(
        "list.preview", ("p",), "preview", "Show the record under the cursor beside the list, or hide it", MARKED_IN
    ),
    Command("list.fold", ("minus",), "fold", "Fold this group, or unfold it", MARKED_IN),
    Command(
        "view.choose",
        ("v",),
        "view",
        "Choose a view: mine, the team's, a saved one; of figures also the method, the dashboard, a report",
        MOVED_IN,
        "tuicrm view list",
    ),
    Command(
        "view.save", ("V",), "save view", "Save this view under a name, for the team", LISTS, "tuicrm view add NAME"
    ),
    Command(
        "view.columns", (), "columns", "Choose the columns of the list", LISTS, "tuicrm contact list --columns NAMES"
    ),
    Command("view.rename", (), "rename view", "Give a saved view another name", LISTS, "tuicrm view rename NAME NEW"),
    Command("view.remove", (), "remove view", "Remove a saved view", LISTS, "tuicrm view rm NAME"),
    Command("period.previous", ("comma",), "previous", "The previous record, pipeline, day or period", MOVED_IN),
    Command("period.next", ("full_stop",), "next", "The next record, pipeline, day or period", MOVED_IN),
)
