"""Commands that act on records: the marked ones, else the one under the cursor."""

from __future__ import annotations

from tuicrm.tui.commands.command import ACTIVITY, CONTACTS, FIGURES, FOLLOWUPS, RECORD, RECORDS, Command

ACTING: tuple[Command, ...] = (
    Command("log.call", ("c",), "call", "Log a call", RECORDS, "tuicrm activity log call TEXT --with REF"),
    Command("log.email", ("m",), "mail", "Log an e-mail", RECORDS, "tuicrm activity log email TEXT --with REF"),
    Command("log.meeting", ("M",), "meeting", "Log a meeting", RECORDS, "tuicrm activity log meeting TEXT --with REF"),
    Command("log.note", ("n",), "note", "Log a note", RECORDS, "tuicrm activity log note TEXT --with REF"),
    Command(
        "activity.move",
        (),
        "move entry",
        "Move an entry of the log to another deal",
        (ACTIVITY,),
        "tuicrm activity edit REF --deal REF",
    ),
    Command(
        "followup.add",
        ("f",),
        "follow-up",
        "Add a follow-up, in words: tue 10 send quote",
        RECORDS,
        "tuicrm followup add TEXT --due WHEN",
    ),
    Command(
        "followup.done",
        ("d",),
        "done",
        "The next follow-up is done; asks for the next step",
        RECORDS,
        "tuicrm followup done REF",
    ),
    Command(
        "followup.reschedule",
        ("r",),
        "reschedule",
        "Another day for the next follow-up, in words",
        RECORDS,
        "tuicrm followup reschedule REF --until WHEN",
    ),
    Command(
        "followup.snooze",
        ("z",),
        "snooze",
        "Out of sight until a day",
        RECORDS,
        "tuicrm followup snooze REF --until WHEN",
    ),
    Command(
        "deal.forward",
        ("L", "shift+right"),
        "move",
        "Move the deal a stage forward (a follow-up a day later); presses within 2 seconds are one move",
        RECORDS,
        "tuicrm deal move REF STAGE",
    ),
    Command(
        "deal.backward",
        ("H", "shift+left"),
        "move back",
        "Move the deal a stage back (a follow-up a day earlier)",
        RECORDS,
        "tuicrm deal move REF STAGE",
    ),
    Command("deal.stage", ("s",), "stage", "Choose a stage", RECORDS, "tuicrm deal move REF STAGE"),
    Command(
        "deal.push",
        (),
        "push on",
        "Move the deal to a stage without what that asks for",
        RECORDS,
        "tuicrm deal move REF STAGE --force",
    ),
    Command("deal.check", (), "check", "Tick what the next stage asks for", RECORDS, "tuicrm deal check REF TEXT"),
    Command("deal.win", ("w",), "won", "The deal is won", RECORDS, "tuicrm deal win REF"),
    Command("deal.lose", ("x",), "lost", "The deal is lost: choose the reason", RECORDS, "tuicrm deal lose REF"),
    Command("deal.reopen", (), "reopen", "Reopen a closed deal", RECORDS, "tuicrm deal reopen REF"),
    Command("deal.clone", (), "clone", "A deal like this one, at the first stage", RECORDS, "tuicrm deal clone REF"),
    Command("record.edit", ("e",), "edit", "Edit the record in a form", RECORDS, "tuicrm deal edit REF"),
    Command(
        "record.notes", ("E",), "notes", "Write its notes in your editor", RECORDS, "tuicrm deal edit REF --notes TEXT"
    ),
    Command("record.add", ("a",), "add", "Add what this list shows", RECORDS, "tuicrm deal add NAME"),
    Command(
        "record.add-linked",
        ("A",),
        "add linked",
        "Add something that belongs to this record",
        RECORDS,
        "tuicrm contact add NAME",
    ),
    Command(
        "record.close-date",
        ("C",),
        "close date",
        "Another expected close, in words",
        RECORDS,
        "tuicrm deal edit REF --close WHEN",
    ),
    Command(
        "record.owner", ("O",), "owner", "Give it to somebody else", RECORDS, "tuicrm deal edit REF --owner HANDLE"
    ),
    Command("record.tags", ("t",), "tags", "Tag and untag: hot -cold", RECORDS, "tuicrm deal edit REF --tag TAG"),
    Command(
        "record.copy",
        ("y",),
        "copy",
        "Copy a field, or the figures of a forecast or report, to the clipboard",
        (*RECORDS, *FIGURES),
        "tuicrm deal show REF",
    ),
    Command(
        "contact.verify",
        ("i",),
        "is right",
        "The details of this person are still right, as of today",
        (CONTACTS, FOLLOWUPS, RECORD),
        "tuicrm contact verify REF",
    ),
    Command("record.delete", ("D",), "delete", "Delete to the trash", RECORDS, "tuicrm deal rm REF"),
)
