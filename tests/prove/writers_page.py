"""What the page says of writers that are killed, of many at once, of steps beside a dict, and of stock TinyDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.prove.page import Part, Row

if TYPE_CHECKING:
    from tests.prove.control import Control
    from tests.prove.killing import Killings
    from tests.prove.walking import Walked
    from tests.prove.writers import Written


def of_killing(told: Killings, why_not: str) -> Part:
    calls = ", ".join(f"`{call}` {count:,}" for call, count in told.calls.most_common(12))
    part = Part(
        "A writer that is killed",
        why_not
        or "Writers work through random transactions (up to 40 records at once of four kinds, one of them unknown; "
        "edits, deletions, restoring, erasing, undo, redo, checkpoints, reopening) and say before each what they "
        "will do and after each that it is done. Each is killed (`kill -9`) right before one of its system calls "
        "that write, the first to the 150th in turn; fifteen writers live and die in one workspace, one after the "
        f"other. {told.alone:,} died alone, {told.together:,} times two that worked at once died together, and "
        f"{told.beside:,} times one went on while the other died. Then the workspace, opened afresh, must hold all "
        "that was acknowledged, exactly, and of the transaction that was under way all or nothing; in two of five "
        "cases the next writer must be able to write and to carry the journal over, and find no lock and no "
        f"temporary file left after that. {told.acknowledged:,} transactions were acknowledged. Of those that were "
        f"not any more, {told.kept_unsaid:,} were there whole and {told.dropped_unsaid:,} not at all. Most often "
        f"killed at: {calls}; {len(told.calls):,} kinds of call and file in all. Not covered: memory that the system "
        f"loses with the process, which a kill does not do (see power loss). {told.seconds:,.0f} s.",
        failures=told.failures,
    )
    if not why_not:
        lost = told.lost + told.unreadable
        part.rows += [
            Row("writers killed, each at a call that writes", ">= 5,000", f"{told.kills:,}", told.kills >= 5000),
            Row("of them with an acknowledged change lost", "0", str(lost), not lost),
            Row("of them with half a transaction", "0", str(told.halves), not told.halves),
            Row("of them with trouble for the next writer", "0", str(told.stuck), not told.failures),
        ]
    return part


def of_writers(told: Written) -> Part:
    looks = " and ".join(f"{count:,}" for _, count in sorted(told.looks.items()))
    part = Part(
        "Many writers at once",
        f"{told.writers} processes write {told.wanted // told.writers:,} transactions each: a deal, a call that "
        f"belongs to it, a counter of the writer's own and its field of a record that all share. {told.kills:,} "
        f"times one of them was killed (`kill -9`) at a random moment and started again; {told.found:,} times its "
        "successor found one more than had been acknowledged. Two readers, one with a handle that stays open and "
        f"one that opens the workspace for each look, looked {looks} times: every look must show all that was "
        f"acknowledged before it, no number missing, and the four parts of each transaction together. {told.waits:,} "
        "times a writer was told that others had been writing for five seconds, and tried again. "
        f"{told.seconds:,.0f} s.",
        failures=told.failures,
    )
    whole = told.acknowledged == told.there == told.wanted
    part.rows += [
        Row("transactions acknowledged, and there in the end", f"{told.wanted:,}", f"{told.there:,}", whole),
        Row("looks that showed half of one, or too little", "0", str(len(told.failures)), not told.failures),
    ]
    return part


def of_stateful(told: Walked) -> Part:
    done = ", ".join(f"{name} {told.rules[name]:,}" for name in sorted(told.rules))
    refused = ", ".join(f"{name} {told.refused[name]:,}" for name in sorted(told.refused))
    part = Part(
        "Step by step beside a dict",
        "Hypothesis makes up what two people do at one workspace, each with a handle that stays open, and a plain "
        "dict says what must come of it. After each step (in half of the examples; in the others only where "
        "something is read, so that much stays unread) the handle that took it must show what the dict says, and in "
        "the end both handles do, and whoever opens the workspace afresh, before and after a checkpoint, with "
        f"nothing to report and no conflict. Steps that were made: {done}. Steps that must be refused, and were, "
        f"leaving everything as it was: {refused}. Seeds {min(told.seeds, default=0)} to "
        f"{max(told.seeds, default=0)}. {told.seconds:,.0f} s. Not covered here: sync, files that somebody edits by "
        "hand, what commands and the TUI add to it.",
        failures=told.failures,
    )
    steps = told.steps / max(1, told.examples)
    part.rows += [
        Row("workspaces beside a dict", ">= 2,000", f"{told.examples:,}", told.examples >= 2000),
        Row("steps in each, on average", ">= 50", f"{steps:.1f} ({told.steps:,} in all)", steps >= 50),
        Row("workspaces that said something else", "0", str(len(told.failures)), not told.failures),
    ]
    return part


def of_control(told: Control) -> Part:
    table = "\n".join(f"| {line.what} | {line.ours} | {line.stock} |" for line in told.lines)
    part = Part(
        "The control: stock TinyDB",
        "The same programs with TinyDB's own `JSONStorage` in the place of tuicrm's store, to show that they find "
        "what they look for. TinyDB does not claim to survive this: its manual says that it is not made for several "
        "processes or for transactions, so a change of several records is as many writes, and `JSONStorage` writes "
        "its one file over in place. What it does well: with one process that nobody disturbs nothing is lost, a "
        "change of one record is safe against a kill at most of its calls, it is one file that anything can read, "
        "and it takes a tenth of the code. A file size limit stands for the full disk; a torn write is the new "
        "bytes up to a point and the old ones after it, in TinyDB's file or in tuicrm's journal.\n\n| trial | "
        f"tuicrm | TinyDB with JSONStorage |\n|---|---|---|\n{table}\n\n{told.seconds:,.0f} s.",
        failures=told.failures,
    )
    part.rows.append(
        Row("the control's trials: what tuicrm lost in them", "0", str(len(told.failures)), not told.failures)
    )
    return part
