"""What the page says of faults: power cuts, failing calls, real limits, crashes while mending, damaged files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.prove.page import Part, Row

if TYPE_CHECKING:
    from tests.prove.damage import Damage
    from tests.prove.failing import Failed
    from tests.prove.limits import Limited
    from tests.prove.power import Cuts
    from tests.prove.recovery import Mended


def _paragraphs(text: str) -> str:
    """Text that was broken into lines for the program's sake, as one line a paragraph."""
    return "\n\n".join(" ".join(one.split()) for one in text.split("\n\n"))


def of_power(told: Cuts) -> Part:
    part = Part(
        "The power goes",
        _paragraphs(
            f"""
            {len(told.seeds)} made-up days (seeds {min(told.seeds)} to {max(told.seeds)}): a workspace is
            started, pairs of records are added, edited, deleted, brought back and erased, files are edited
            beside it, what others changed is put in, all is carried over again and again. All that this does
            to the disk is recorded ({told.operations:,} operations), and after each operation the states are
            made up that a power cut could leave: what was synced is there; of the rest each choice, or a
            hundred of them where there are many, in and out of order; the last write cut at every byte, or
            with zeros behind or before that byte (every 40th byte in most stories). A file's bytes count as
            safe from its own fsync on, a name from that of its folder on, which is stricter than ext4 or xfs.
            Of {told.states:,} different states, {told.torn:,} with a torn write, each is laid out and opened
            ({told.judged:,} times judged by what has to be in it): every acknowledged change has to be there,
            no half of a transaction, nothing unreadable; the values that gave way to others' have to be told;
            the torn end has to be kept aside; a further change has to go through and be carried over.
            {told.seconds:,.0f} s.

            Not covered: a disk that says that something is safe and loses it, a rename that is half done,
            data that reach the disk in pieces smaller than a write's two halves, and git's own files (git
            syncs those by its own rules). The undo log is not synced: after a power cut, what can be undone
            may end earlier.
            """
        ),
        failures=told.failures,
    )
    part.rows += [
        Row("power cuts: states of the disk", ">= 50,000", f"{told.states:,}", told.states >= 50_000),
        Row("of them with a change lost or half there", "0", str(len(told.failures)), not told.failures),
    ]
    return part


def of_failing(told: Failed) -> Part:
    kinds = ", ".join(f"{name} {count:,}" for name, count in sorted(told.cases.items()))
    part = Part(
        "Calls that fail",
        _paragraphs(
            f"""
            In made-up days (seeds {min(told.seeds)} to {max(told.seeds)}) each call that the store makes to
            the system fails, once or from there on to the end of the step: opening, reading, writing,
            syncing, renaming, linking, locking, closing. {kinds}. {told.refused:,} of these steps were
            refused, the others were done all the same. A refusal has to be a sentence with the reason; then
            nothing may have changed, in memory or on the disk (where a sync fails nobody can know whether,
            and that is said). The same process has to go on, and the next one to find all that was
            acknowledged, with no line damaged. {told.seconds:,.0f} s.

            Not covered: failures inside git, and of calls beside the store's one module (a few looks at
            paths).
            """
        ),
        failures=told.failures,
    )
    total = told.cases.total()
    part.rows += [
        Row("calls that failed", ">= 5,000", f"{total:,}", total >= 5_000),
        Row("of them with damage, a traceback or no reason", "0", str(len(told.failures)), not told.failures),
    ]
    return part


def of_limits(told: Limited) -> Part:
    kinds = ", ".join(f"{name} {count}" for name, count in sorted(told.cases.items()))
    part = Part(
        "Real limits",
        _paragraphs(
            f"""
            Commands as processes of their own, thirteen kinds of them, on a tmpfs that is full but for 0 to
            14 pages, with limits on the size of files and on open files, on a read-only mount, and in a
            folder without permission to write: {kinds}. {told.refused} were refused. None may
            end in a traceback, change records and say that it failed, or say that it was done when it was
            not; once the limit is gone, the next change has to go through. {told.seconds:,.0f} s.
            """
        )
        + (f" Left out: {told.lacking}." if told.lacking else ""),
        failures=told.failures,
    )
    total = told.cases.total()
    part.rows += [
        Row("commands at real limits", ">= 200", str(total), total >= 200),
        Row("of them with damage, a traceback or an untruth", "0", str(len(told.failures)), not told.failures),
    ]
    return part


def of_recovery(told: Mended) -> Part:
    part = Part(
        "A crash while a crash is mended",
        _paragraphs(
            f"""
            {told.scenes} crashes (seeds {min(told.seeds)} to {max(told.seeds)}): with git's lock left behind,
            with a torn journal, with successors of files waiting. Opening the workspace and carrying its
            journal over takes {told.steps:,} calls that write in all. Before each of them, the process is
            killed, or the power goes and takes all that was not synced; the next try is killed at a step by
            chance; the third one has to end with the very content hash of one that nobody disturbed:
            {told.runs:,} times. {told.seconds:,.0f} s.

            Not covered here: a sync that is taken up again, which has a part of its own.
            """
        ),
        failures=told.failures,
    )
    found = f"{told.runs - len(told.failures):,} of {told.runs:,}"
    part.rows.append(
        Row("killed twice while mending, same content", ">= 500, all", found, told.runs >= 500 and not told.failures)
    )
    return part


def of_damage(told: Damage) -> Part:
    ends = "; ".join(f"{name}: {count:,}" for name, count in told.ends.most_common() if name)
    unseen = ", ".join(f"{name} {count:,}" for name, count in told.unseen.most_common())
    part = Part(
        "Damaged files of a workspace",
        _paragraphs(
            f"""
            A small workspace that has every file there is: {len(told.files)} files,
            {sum(told.files.values()):,} bytes. Each file is cut at every byte ({told.cut:,}) and each of its
            bits turned over ({told.flipped:,}). {ends}. A record whose line is whole may never differ; what
            is no record any more has to stay in its file or in quarantine; a journal may lose its last
            changes, as after a crash, but never give what nobody wrote, and where it is refused, `tuicrm
            doctor --fix` has to mend it. {told.seconds:,.0f} s.

            Without a word: {unseen}. A data file is plain lines of JSON that people may edit, without a
            checksum, so a bit in a value makes another value, as an edit would; git's last commit still has
            the line. The undo log, the log of conflicts and the settings of this machine are such lines as
            well.
            """
        ),
        failures=told.failures,
    )
    total = told.cut + told.flipped
    part.rows += [
        Row("damaged files: cut at every byte, every bit turned", "all", f"{total:,}", total > 20_000),
        Row("of them with other data lost, or a traceback", "0", str(len(told.failures)), not told.failures),
    ]
    return part
