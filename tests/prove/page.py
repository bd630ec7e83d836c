"""docs/reliability.md, made of nothing but what a run measured."""

from __future__ import annotations

import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from tests.results import file_system, machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.prove.cost import Cost
    from tests.prove.crowd import Crowd
    from tests.prove.histories import Story
    from tests.prove.imports import Imported
    from tests.prove.kills import Killed
    from tests.prove.laws import Proven


class Row(NamedTuple):
    """One line of the table: what is promised, its bound, what was found, and whether that keeps the promise."""

    promise: str
    bound: str
    found: str
    kept: bool


@dataclass
class Part:
    """What one area of the proof gives to the page."""

    title: str
    text: str
    rows: list[Row] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    commit: str = ""
    """The commit that it ran at."""
    when: str = ""
    """The day on which it ran."""


def of_laws(told: Proven) -> Part:
    seeds = ", ".join(map(str, told.seeds))
    part = Part(
        "The laws of joining",
        "Hypothesis makes up records of any shape, sound or not: known and unknown fields, sets, maps, versions "
        "that are "
        "garbage, tombstones. The join of two must not depend on their order (commutative), that of three not on how "
        "they are grouped (associative), and joining once more must change nothing (idempotent); unknown fields stay. "
        "Of two records that went on from one base, every value written is shown by their join or told to have lost; "
        "an edit that a deleter had not seen brings the record back, and the deletion is told to have lost. "
        f"Seeds: {seeds}. {told.seconds:,.0f} s.",
        failures=told.failures,
    )
    part.rows.append(Row("join laws: cases of each", ">= 100,000", f"{told.cases:,}", told.cases >= 100_000))
    part.rows.append(Row("join laws: broken", "0", str(len(told.failures)), not told.failures))
    return part


def of_histories(told: Sequence[Story], seconds: float) -> Part:
    exact = [one for one in told if one.exact]
    verdicts = [one.verdict for one in exact]
    total = {
        name: sum(getattr(one, name) for one in verdicts)
        for name in ("typed", "in_place", "seen_overwritten", "gave_way", "ledger", "deletions", "dead", "outvoted")
    }
    missing, unseen, unexplained = (
        sum(len(getattr(one, name)) for one in verdicts) for name in ("missing", "dead_unseen", "unexplained")
    )
    joins, merges, replays = (sum(getattr(one, name) for one in told) for name in ("joins", "merges", "replays"))
    seeds = f"{min(one.seed for one in told)} to {max(one.seed for one in told)}"
    part = Part(
        "Whole histories",
        f"{len(told):,} made-up histories (seeds {seeds}) of {min(one.clones for one in told)} to "
        f"{max(one.clones for one in told)} clones with real git repositories between them: "
        f"{sum(one.steps for one in told):,} random steps and {sum(one.syncs for one in told):,} syncs. People edit, "
        "delete and restore through tuicrm, some in a workspace that stays open; some have clocks that are off by "
        "up to "
        "thirty years; some change lines in the files by hand, commit with plain git, merge with and without the "
        "attributes and commit the markers, leave a merge half done, rebase, cherry-pick, push. Then all sync in "
        f"random order until a whole round changes nothing: at most "
        f"{max(one.rounds for one in told)} rounds. {joins:,} syncs brought changes of both sides together, and "
        f"plain git "
        f"{merges:,} times; rebases and cherry-picks: {replays:,}. "
        f"{len(told) - len(exact):,} of them also merge with `-X ours`, `-X theirs` and `-s ours`, which drop lines on "
        "purpose, leave changes in a stash that git could not bring back, or have a team's process going on in several "
        "clones (leads converted, rules run, stages added, renamed and removed while deals move on), which has to keep "
        "its promises as well: these have to converge only.\n\n"
        "An oracle keeps what each person wrote, and what that person saw just before. In the other histories people "
        f"wrote {total['typed']:,} values: {total['in_place']:,} are in their place in the end, "
        f"{total['seen_overwritten']:,} were overwritten by somebody who saw them, and {total['gave_way']:,} gave "
        f"way to "
        f"somebody who had not: each of those has to be in the ledger ({total['ledger']:,} entries), and nothing "
        "else that nobody typed. "
        f"Of {total['deletions']:,} deletions {total['dead']:,} records are in the trash in the end. "
        f"{total['outvoted']:,} of them had an edit that their deleter had not seen and that had lost against a value "
        f"which the deleter had seen: it is in the ledger. {seconds:,.0f} s.",
        failures=[line for one in told if not one.sound for line in _told(one)],
    )
    part.rows += [
        Row("histories", ">= 500", f"{len(told):,}", len(told) >= 500),
        Row("merges in them", ">= 20,000", f"{joins + merges:,}", joins + merges >= 20_000),
        Row(
            "histories that end with one content hash over all clones",
            "all",
            f"{sum(one.hashes == 1 for one in told):,}",
            all(one.hashes == 1 for one in told),
        ),
        Row(
            "conflict markers in the end", "0", str(sum(one.markers for one in told)), not any(o.markers for o in told)
        ),
        Row("values lost without a trace", "0", f"{missing} of {total['gave_way'] + missing:,}", not missing),
        Row("ledger entries that nobody typed", "0", str(unexplained), not unexplained),
        Row("records dead whose edit no deleter had seen", "0", str(unseen), not unseen),
        Row("histories with any other trouble", "0", str(sum(map(_troubled, told))), not any(map(_troubled, told))),
    ]
    return part


def _troubled(story: Story) -> bool:
    return bool(story.problems)


def _told(story: Story) -> list[str]:
    verdict = story.verdict
    lines = [*story.problems, *verdict.missing[:3], *verdict.dead_unseen[:3], *verdict.unexplained[:3]]
    return [f"seed {story.seed}: {line}" for line in lines] or [f"seed {story.seed}: {story.hashes} hashes"]


def of_kills(told: Killed, why_not: str) -> Part:
    part = Part(
        "A sync that is killed",
        why_not
        or f"A sync that meets all that there is (changes in the journal, in the files and in a commit made by hand; "
        f"conflicts; a deletion of what the other one edits; a staged file beside the data) makes {told.calls:,} "
        f"system "
        f"calls that write, in {told.processes} processes, those of git and of the remote's side among them. Before "
        f"each of them, once, everything was killed at once (`kill -9` for the whole tree): {told.runs:,} times. "
        f"The next "
        "sync has to complete, and both clones have to end with the very content and ledger of a sync that nobody "
        "disturbed, with `git fsck` content, no lock left, what was staged still staged, and the remote "
        "taking the next change.",
        failures=told.failures,
    )
    if not why_not:
        found = f"{told.runs - len(told.failures):,} of {told.runs:,}"
        part.rows.append(Row("killed at each writing call, the next sync completes", "all", found, not told.failures))
    return part


def of_crowd(told: Crowd) -> Part:
    part = Part(
        "A crowd",
        f"{told.clones} clones, each a process of its own, sync against one bare repository at once, after each of "
        f"their "
        f"edits; every other edit is of one record that all of them share. {told.syncs:,} syncs, the slowest took "
        f"{told.longest:.1f} s.",
        failures=told.problems,
    )
    part.rows += [
        Row("edits that arrived in every clone", "all", f"{told.arrived} of {told.edits}", told.arrived == told.edits),
        Row("syncs that gave up", "0", str(told.gave_up), not told.gave_up and not told.problems),
    ]
    return part


def of_imports(told: Imported) -> Part:
    part = Part(
        "Damaged files",
        f"{told.files:,} files of every format that an import reads (CSV, vCard, iCalendar, mbox, an e-mail, JSON, "
        "JSON lines), each with some bytes changed, cut, doubled or put in, go through the whole import into a "
        "workspace. "
        f"{told.refused:,} were refused with a sentence; {told.taken:,} brought {told.records:,} records, and "
        f"{told.rejected:,} parts were rejected with their reason. None may end in anything but that, write half of "
        f"what it says, or take more than 5 s of work; one undo has to take each back. {told.seconds:,.0f} s.",
        failures=told.problems,
    )
    part.rows += [
        Row("damaged files imported", ">= 10,000", f"{told.files:,}", told.files >= 10_000),
        Row("of them with a failure, half an import, or no end", "0", str(len(told.problems)), not told.problems),
    ]
    return part


def of_cost(told: Sequence[Cost], folder: Path) -> Part:
    rounds = len(told[0].ours)
    part = Part(
        "What a sync costs",
        f"A workspace of {told[0].records:,} records of about 400 bytes on {file_system(folder)}. Both sides "
        "change as many records; the other side has pushed already. Timed in turn: a sync, as a command that has to "
        "start first and in a program that is open already, and as whole processes "
        "`git add -A`, `git commit`, `git fetch`, `git merge`, `git push` of as many changes to the same files, where "
        f"nobody changes the same record. Medians of {rounds} rounds; the ratio is the median of the rounds' own. "
        "For the size of a push: what `git pack-objects --thin` makes of it, and what the clone's object store "
        "takes more on disk after the sync, what was fetched included; the worst round.",
    )
    for one in told:
        most = 3 if one.changed > 10 else 2
        times = f"{statistics.median(one.ours) * 1000:,.0f} ms, git {statistics.median(one.plain) * 1000:,.0f} ms"
        how = "tuicrm open" if one.inside else "with the start of Python"
        what = f"sync of {one.changed:,} changed on each side, {one.same:,} of them the same; {how}"
        part.rows.append(Row(what, f"<= {most} x git", f"{one.ratio:.2f} x ({times})", one.ratio <= most))
    small = min(told, key=lambda one: one.changed)
    packed, loose = max(small.packed), max(small.loose)
    edits = f"{small.changed} edits"
    part.rows += [
        Row(f"{edits}: packed for the push", "<= 10 KB", f"{packed / 1000:.1f} KB", packed <= 10_000),
        Row(f"{edits}: more on disk", "<= 500 KB", f"{loose / 1000:.0f} KB", loose <= 500_000),
    ]
    return part


def write(parts: Sequence[Part]) -> str:
    """The whole page."""
    commits = sorted({part.commit for part in parts})
    where = f"all at commit {commits[0]}" if len(commits) == 1 else "each at the commit that it names"
    lines = ["# Reliability", "", f"Written by `make prove` from what its parts found, {where}. {machine()}", ""]
    lines += ["| what | bound | found | kept |", "|---|---|---|---|"]
    for part in parts:
        for row in part.rows:
            lines.append(f"| {row.promise} | {row.bound} | {row.found} | {'yes' if row.kept else '**no**'} |")
    for part in parts:
        lines += ["", f"## {part.title}", "", f"{part.text} (Commit {part.commit}, {part.when}.)"]
        if part.failures:
            lines += ["", "What failed:", "", *(f"* `{line[:300]}`" for line in part.failures[:20])]
    return "\n".join(lines) + "\n"
