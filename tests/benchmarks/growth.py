"""The tables of what was measured at several sizes: beside other programs, and how it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.samples import fit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tests.benchmarks.measure import Note
    from tests.benchmarks.samples import Sample

OURS = "tuicrm"
FEW_POINTS = 3


def beside_others(samples: Sequence[Sample], notes: Sequence[Note]) -> Iterator[str]:
    """Yield a table of each action: every program at every size."""
    yield from ("", "## The same things done by other programs", "")
    compared = [one for one in samples if not one.action.startswith("activities")]
    if not compared:
        yield "Not measured."
        return
    yield "The same made-up people for each: contacts in tuicrm, TinyDB, khard, abook; a task about each in the others."
    yield "Whole processes, started anew each time; medians; in brackets the peak memory. Sync is of one edit, to a"
    yield "bare repository on the same disk: `tuicrm sync`; the others have none without a server, so `git add`,"
    yield "`git commit` and `git push` of their files, which bring nothing together."
    yield ""
    yield from (f"* {one.text}" for one in notes)
    sizes = sorted({one.records for one in compared if one.records})
    for action in dict.fromkeys(one.action for one in compared):
        rows = [one for one in compared if one.action == action]
        flat = action == "start" or not any(one.records for one in rows)
        shown = sizes[:1] if flat else sizes
        yield ""
        yield from _head(action, [""] if flat else [f"{size:,}" for size in shown])
        for program in dict.fromkeys(one.program for one in rows):
            held = {one.records: one for one in rows if one.program == program}
            every = held.get(0)
            yield _line(program, [_cell(held.get(size, every)) for size in shown])
    yield ""
    yield from _head("data on disk", [f"{size:,}" for size in sizes])
    on_disk = [one for one in compared if one.disk]
    for program in dict.fromkeys(one.program for one in on_disk):
        held = {one.records: one for one in on_disk if one.program == program}
        yield _line(program, [_bytes(held[size].disk) if size in held else "-" for size in sizes])


def as_it_grows(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield how time, memory and files grow with the records."""
    yield from ("", "## How it grows", "")
    yield "The exponent of a straight line through the logarithms of size and of what was measured, by least squares: 1"
    yield "grows with the records, 0 not at all. The start of the program is in each, so small sizes look flat;"
    yield "therefore the last column has what each further record costs between the two largest sizes."
    yield ""
    yield from _log_table(samples)
    yield from ("| action | sizes | time | memory | each further record |", "|---|---|---|---|---|")
    for program, action in dict.fromkeys((one.program, one.action) for one in samples if one.action != "start"):
        rows = [one for one in samples if (one.program, one.action) == (program, action) and one.records]
        seconds = [(one.records, one.seconds) for one in rows if one.seconds]
        times, memory = fit(seconds), fit([(one.records, one.memory) for one in rows if one.seconds])
        if times is None or memory is None:
            continue
        few = " (few points)" if times.points < FEW_POINTS else ""
        span = f"{min(seconds)[0]:,} to {max(seconds)[0]:,}: {times.points}{few}"
        each = f"{times.each * 1e6:.1f} µs" if times.each > 0 else "nothing to see"
        yield f"| {program}: {action} | {span} | {times.exponent:.2f} | {memory.exponent:.2f} | {each} |"
    yield ""
    for program in dict.fromkeys(one.program for one in samples if one.disk):
        for what, wanted in (("contacts", _contacts), ("activities", _activities)):
            sizes = [(one.records, one.disk) for one in samples if one.program == program and one.disk and wanted(one)]
            grown = fit(sizes)
            if grown is not None:
                bytes_each = max(sizes)[1] / max(sizes)[0]
                few = f" ({grown.points} points)" if grown.points < FEW_POINTS else ""
                yield f"* {program}, {what} on disk: exponent {grown.exponent:.2f}{few}, {bytes_each:.0f} bytes each."


def _contacts(one: Sample) -> bool:
    return not one.action.startswith("activities")


def _activities(one: Sample) -> bool:
    return not _contacts(one)


def _log_table(samples: Sequence[Sample]) -> Iterator[str]:
    """Yield what a long log costs, at each size."""
    rows = [one for one in samples if _activities(one) and one.seconds]
    if not rows:
        yield from ("A long log was not measured.", "")
        return
    sizes = sorted({one.records for one in rows})
    yield from _head("a log of", [f"{size:,} activities" for size in sizes])
    for action in dict.fromkeys(one.action for one in rows):
        held = {one.records: one for one in rows if one.action == action}
        yield _line(action.removeprefix("activities: "), [_cell(held.get(size)) for size in sizes])
    yield ""


def _head(first: str, columns: Sequence[str]) -> Iterator[str]:
    yield _line(f"**{first}**", columns)
    yield "|---" * (len(columns) + 1) + "|"


def _line(first: str, cells: Sequence[str]) -> str:
    return f"| {' | '.join((first, *cells))} |"


def _cell(one: Sample | None) -> str:
    if one is None:
        return "-"
    if one.seconds is None:
        return one.remark
    return f"{_seconds(one.seconds)} ({_bytes(one.memory * 1024)})"


def _seconds(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _bytes(count: int) -> str:
    for unit, size in (("MB", 1_000_000), ("KB", 1_000)):
        if count >= size:
            return f"{count / size:.0f} {unit}"
    return f"{count} B"
