"""What limits the slowest actions, in words: written after looking at a profile, with the commit it was looked at."""

from __future__ import annotations

from typing import NamedTuple


class Looked(NamedTuple):
    """What somebody saw."""

    commit: str
    text: str


LIMITS: dict[str, Looked] = {
    "import": Looked(
        "56d6706",
        "Python's own work on each cell. About a third is spent on turning rows into records (numbers, addresses and "
        "names are normalised and checked one by one, and looked up so that nobody is added twice), a third on the "
        "transaction (a version for each record, the line of the journal, what undo needs), a fifth on the 1,024 data "
        "files. No function has more than a tenth of it by itself. Less would need a path of its own for whole "
        "tables, past the checks that each record goes through now; waiting for the disk is a small part.",
    ),
    "export": Looked(
        "56d6706",
        "Reading comes first: every record is parsed, and written once more to see that the file is as it should be "
        "(two fifths of the time). The rest is making texts, column by column; the time of the last change and the "
        "completeness of each record are worked out then.",
    ),
    "list": Looked(
        "56d6706",
        "Showing more than reading: a text for each cell, the short id of each row and the width of each column take "
        "more than half of it, reading the records a quarter, sorting an eighth. `--limit` leaves the last two.",
    ),
    "search": Looked(
        "56d6706",
        "Reading (two fifths) and folding the text of every record, since no index is kept on disk: it would have to "
        "be kept right under git, too. An open TUI keeps the folded texts and does not pay again.",
    ),
    "sync": Looked(
        "56d6706",
        "Waiting for git (about half), and the start of Python with its imports. Of the files, only "
        "those that changed are looked at.",
    ),
}
"""By the action."""
