"""docs/performance.md, made of nothing but what the areas of a run found."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tests.benchmarks import growth
from tests.benchmarks.limits import LIMITS
from tests.benchmarks.promises import ELSEWHERE, SECTIONS
from tests.results import machine

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.benchmarks.measure import Figure
    from tests.benchmarks.promises import Promise
    from tests.benchmarks.results import Found
    from tests.benchmarks.slowest import Profile

HEAD = ("| number | tuicrm | beside | ratio | bound | kept |", "|---|---|---|---|---|---|")
PLACES = {
    "prove": "[reliability.md](reliability.md), by `make prove`",
    "guard": "counted by the tests: tests/benchmarks/test_guard.py, tests/cli/test_startup.py",
}
BUSY = 2.5
"""Processes that want to run, those of the run itself among them: above that, the machine had other work to do."""
LONGEST_NAME = 60


def write(areas: Mapping[str, Found | None]) -> str:
    """Return the whole page; an area is None where it was not run."""
    run = {name: found for name, found in areas.items() if found is not None}
    figures = [one for found in run.values() for one in found.figures]
    samples = [one for found in run.values() for one in found.samples]
    lines = ["# Performance", "", f"Written by `make bench` from what its areas found, {_where(run)}. {machine()}", ""]
    lines += _busy(run)
    lines += _summary(figures)
    for title, promises in SECTIONS.items():
        lines += ["", f"## {title}", "", *_section(promises, figures)]
    if others := _unclaimed(figures):
        lines += ["", "## Also measured", "", *HEAD, *map(_row, others)]
    lines += ["", "## Counted elsewhere", ""]
    lines += [f"* {one.text}: {PLACES.get(one.elsewhere, one.elsewhere)}" for one in ELSEWHERE]
    lines += growth.beside_others(samples, [one for found in run.values() for one in found.notes])
    lines += growth.as_it_grows(samples)
    lines += _profiles([one for found in run.values() for one in found.profiles])
    lines += _not_covered(areas, samples)
    return "\n".join(lines) + "\n"


def _where(run: Mapping[str, Found]) -> str:
    runs = sorted({(found.commit, found.when) for found in run.values()})
    if len(runs) == 1:
        return "all at commit {} on {}".format(*runs[0])
    return "each at the commit that is named under *What is not covered*"


def _busy(run: Mapping[str, Found]) -> list[str]:
    busy = {name: found.busy for name, found in run.items() if found.busy > BUSY}
    if not busy:
        return ["The machine had next to nothing else to do.", ""]
    told = ", ".join(f"{name} ({load:.1f})" for name, load in busy.items())
    return [f"**The machine had other work** while these began (processes that wanted to run): {told}.", ""]


def _summary(figures: Sequence[Figure]) -> list[str]:
    bound = [one for one in figures if one.bound != "-"]
    short = [one for one in bound if not one.met]
    lines = [f"{len(bound)} figures have a bound; {len(bound) - len(short)} keep it, {len(short)} fall short of it."]
    return lines + [f"* short of: {one.what.strip()}: {one.ours}, {one.ratio:.2f}, bound {one.bound}" for one in short]


def _section(promises: Sequence[Promise], figures: Sequence[Figure]) -> Iterator[str]:
    found = {promise: [one for one in figures if _shows(promise, one)] for promise in promises}
    for promise, rows in found.items():
        yield f"* {promise.text}" + ("" if rows else " (**not measured**)")
    if any(found.values()):
        yield ""
        yield from HEAD
        yield from (_row(one) for rows in found.values() for one in rows)


def _shows(promise: Promise, figure: Figure) -> bool:
    return any(fnmatchcase(figure.what, pattern) for pattern in promise.figures)


def _unclaimed(figures: Sequence[Figure]) -> list[Figure]:
    promises = [one for section in SECTIONS.values() for one in section]
    return [one for one in figures if not any(_shows(promise, one) for promise in promises)]


def _row(one: Figure) -> str:
    kept = "-" if one.bound == "-" else "yes" if one.met else "**short of**"
    return f"| {one.what.strip()} | {one.ours} | {one.other} | {one.ratio:.2f} | {one.bound} | {kept} |"


def _profiles(profiles: Sequence[Profile]) -> Iterator[str]:
    yield from ("", "## The slowest actions", "")
    if not profiles:
        yield "Not profiled."
    for one in profiles:
        yield f"### {one.action}, {one.records:,} contacts"
        yield ""
        yield (
            f"{one.seconds:.1f} s, of it {one.busy:.1f} s of the processor; {one.samples:,} samples of the stack, one "
            "every 2 ms (the sampler itself takes some of that)."
        )
        yield ""
        yield from ("| in the function itself | share | | in it and all it calls | share |", "|---|---|---|---|---|")
        for (own, mine), (whole, all_of_it) in zip(one.own, one.whole, strict=False):
            yield f"| `{own[:LONGEST_NAME]}` | {mine:.0%} | | `{whole[:LONGEST_NAME]}` | {all_of_it:.0%} |"
        yield ""
        looked = LIMITS.get(one.action)
        if looked:
            yield f"What limits it, looked at by hand at commit {looked.commit}: {looked.text}"
        else:
            yield "Nobody has looked at this profile yet."
        yield ""


def _not_covered(areas: Mapping[str, Found | None], samples: Sequence[object]) -> Iterator[str]:
    yield from ("", "## What is not covered", "")
    for name, found in areas.items():
        if found is None:
            yield f"* `{name}` was not run (`make bench AREA={name}`)."
        elif found.failure:
            yield f"* `{name}` did not come to its end: {found.failure}"
    commits = {found.commit for found in areas.values() if found is not None}
    for name, found in areas.items():
        if found is not None and len(commits) > 1:
            yield f"* `{name}` was measured at commit {found.commit}, {found.when}."
    yield "* One machine, one run. Other systems, slower disks, network file systems and a real line were not tried."
    yield "* The other programs do other things: an address book or task list holds fewer fields and no history."
    yield "  Each does what it does by its own command; what it is not made for is left out, and nothing was tuned."
    yield "* Memory is the peak of the largest single process; about 10 MB is the least that can be told apart."
    yield "* Files of earlier runs may still be in the system's memory: nothing is measured from a cold disk."
