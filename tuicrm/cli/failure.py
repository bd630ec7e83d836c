"""Errors as people and scripts read them: a sentence and a hint, or JSON; a report file for the unexpected."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import click

from tuicrm.errors import Ambiguous, Invalid, TuicrmError
from tuicrm.text import brief, clean, clean_line

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

UNWRITABLE = 7
MISSING = 3
_SHOWN_CANDIDATES = 20


def asks_for_json(args: Sequence[str]) -> bool:
    """Tell whether a command line wants JSON, also where it cannot be parsed."""
    before = args[: args.index("--")] if "--" in args else args
    named = [one for one, last in zip(before[1:], before, strict=False) if last == "--format"]
    joined = [one.removeprefix("--format=") for one in before if one.startswith("--format=")]
    return "--json" in before or any(one in ("json", "jsonl") for one in (*named, *joined))


def describe(error: TuicrmError | click.ClickException | OSError, *, as_json: bool) -> tuple[int, str]:
    """Return the exit code of an expected error, and what to write to stderr."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error.exit_code, error.format_message()
    code, parts = _parts(error)
    return code, _as_json(parts) if as_json else _as_text(parts)


def _parts(error: TuicrmError | click.ClickException | OSError) -> tuple[int, dict[str, Any]]:
    """Return the exit code, and code, message and what else there is to say, in the order of the JSON."""
    if isinstance(error, TuicrmError):
        parts: dict[str, Any] = {"code": error.code, "message": clean(brief(str(error)))}
        if isinstance(error, Invalid) and error.field:
            parts["field"] = error.field
        if isinstance(error, Ambiguous):
            parts["candidates"] = [{"id": one, "label": clean_line(label)} for one, label in error.candidates]
        if error.hint:
            parts["hint"] = clean(brief(error.hint))
        return error.EXIT_CODE, parts
    if isinstance(error, click.ClickException):
        return error.exit_code, _usage_parts(error)
    missing = error.errno in (errno.ENOENT, errno.ENOTDIR)
    where = f"{error.filename}: " if error.filename else "the system refuses to go on: "
    said = (error.strerror or str(error) or type(error).__name__).lower()
    parts = {"code": "not_found" if missing else "read_only", "message": clean(brief(f"{where}{said}"))}
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        parts["hint"] = "Make room, then try again: what was saved before is safe."
    return MISSING if missing else UNWRITABLE, parts


def _usage_parts(error: click.ClickException) -> dict[str, Any]:
    message = clean(brief(error.format_message())).rstrip(".")
    parts = {"code": "usage", "message": message[:1].lower() + message[1:]}
    ctx = getattr(error, "ctx", None)
    if ctx is not None:
        if "extra argument" in message:
            parts["hint"] = f"Put quotes around text with spaces; {ctx.command_path} --help shows how."
        else:
            parts["hint"] = f"{ctx.command_path} --help shows how."
    return parts


def _as_text(parts: Mapping[str, Any]) -> str:
    message = parts["message"]
    lines = [f"tuicrm: {message}"]
    candidates = parts.get("candidates", ())
    lines += [f"  {one['id']}  {one['label']}" for one in candidates[:_SHOWN_CANDIDATES]]
    if len(candidates) > _SHOWN_CANDIDATES:
        lines.append(f"  and {len(candidates) - _SHOWN_CANDIDATES} more")
    if parts.get("hint"):
        lines.append(parts["hint"])
    return "\n".join(lines)


def _as_json(parts: Mapping[str, Any]) -> str:
    from tuicrm.cli.jsontext import dumps

    return dumps({"error": parts}).decode()


def crash(error: Exception, args: Sequence[str], env: Mapping[str, str], *, as_json: bool) -> str:
    """Write a report about an unexpected error, and return the sentence that says where it is."""
    from os import getpid

    from tuicrm.crm.crashfile import write_report

    what = clean_line(f"{type(error).__name__}: {error}")[:300]
    place = clean_line(write_report(error, repr(list(args)), env, f"report-{getpid()}.txt"))
    parts = {
        "code": "failure",
        "message": f"something unexpected went wrong ({what})",
        "hint": f"A report is in {place}; please send it along." if place else "No report could be written.",
    }
    return _as_json(parts) if as_json else _as_text(parts)
