"""What a sync did and how a workspace stands, in one line and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.errors import TuicrmError
    from tuicrm.sync.report import Report, Status

REPORT_NAMES = (
    "commit",
    "remote",
    "pushed",
    "went",
    "came",
    "changed",
    "conflicts",
    "notes",
    "said",
    "problem",
    "earlier",
)
STATUS_NAMES = (
    "repository",
    "remote",
    "branch",
    "ahead",
    "behind",
    "local",
    "last_sync",
    "last_result",
    "conflicts",
    "problem",
    "said",
    "hint",
)


def said(report: Report) -> str:
    """Return what a sync did in one line: `sent 3 deals; came: 2 contacts; 1 value gave way`."""
    parts = []
    went, came = _counted(report.went), _counted(report.came)
    earlier = f"{_commits(report.earlier)} made before" if report.earlier else ""
    if went or earlier:
        what = " and ".join(part for part in (went, earlier) if part)
        parts.append(f"sent {what}" if report.pushed else f"committed {what}")
    elif report.pushed and not came:
        parts.append("nothing to send")
    if came:
        parts.append(f"came: {came}")
    elif report.remote and report.problem is None:
        parts.append("nothing came")
    if report.conflicts:
        parts.append(f"{report.conflicts} {'value' if report.conflicts == 1 else 'values'} gave way")
    return "; ".join(parts) or "nothing to commit"


def left_alone(paths: Sequence[str]) -> str:
    """Return a sentence about files that others changed and that somebody is changing here; empty without any."""
    from tuicrm.sync.place import named

    it = "it is" if len(paths) == 1 else "they are"
    was = "it was" if len(paths) == 1 else "they were"
    told = f"left as {it} here, because {was} being changed: {named(paths)} (git diff HEAD compares)"
    return told if paths else ""


def stands(status: Status) -> str:
    """Return how a workspace stands in one line: `3 deals to send, 2 commits to fetch; last sync …`."""
    if not status.repository:
        return "this workspace is no git repository yet"
    if status.problem:
        return status.problem
    local = _counted(status.local)
    parts = [f"{local} changed here" if local else "nothing changed here since the last sync"]
    if not status.remote:
        return "; ".join([*parts, "no remote is set"])
    if status.ahead:
        parts.append(f"{_commits(status.ahead)} to send")
    if status.behind:
        parts.append(f"{_commits(status.behind)} fetched and not joined")
    if status.conflicts:
        parts.append(f"{status.conflicts} {'conflict' if status.conflicts == 1 else 'conflicts'} open")
    return "; ".join(parts)


def report_facts(report: Report) -> dict[str, Any]:
    """Return a report as a flat JSON object."""
    values = (
        report.commit,
        report.remote,
        report.pushed,
        dict(report.went),
        dict(report.came),
        [{"kind": kind, "id": key} for kind, key in report.changed],
        report.conflicts,
        list(report.notes),
        said(report),
        problem_facts(report.problem),
        report.earlier,
    )
    return dict(zip(REPORT_NAMES, values, strict=True))


def problem_facts(problem: TuicrmError | None) -> dict[str, str] | None:
    """Return why a sync could not do all, as errors are told under `--json`."""
    if problem is None:
        return None
    return {"code": problem.code, "message": problem.message, "hint": problem.hint}


def status_facts(status: Status) -> dict[str, Any]:
    """Return a status as a flat JSON object."""
    held = {name: getattr(status, name) for name in STATUS_NAMES if name != "said"}
    return {**held, "local": dict(status.local), "said": stands(status)}


def _counted(counts: Mapping[str, int]) -> str:
    from tuicrm.sync.message import subject

    return subject(counts) if any(counts.values()) else ""


def _commits(count: int) -> str:
    return f"{count} {'commit' if count == 1 else 'commits'}"
