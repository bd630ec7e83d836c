"""Commands of this machine that a rule may run: only those which this user allowed here, word for word.

A rule comes along with the team's data, so what it would run was perhaps written by somebody else. What was allowed
is kept in the user's own state folder; a file beside the data could come with it, and allow itself.
"""

from __future__ import annotations

import json
import os
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

Record = dict[str, Any]
ALLOWED = "rule-commands-allowed"
"""What the state folder keeps it under: texts by the workspace's folder, as JSON."""
SECONDS = 10
"""How long a command may take."""
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "USER", "LOGNAME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS")


class Errand(NamedTuple):
    """A command to be run once the step that it belongs to is written; nothing more has to be looked up for it."""

    rule: str
    argv: tuple[str, ...]
    env: Mapping[str, str]
    home: str


def words(text: str) -> list[str]:
    """Return the words of a command as a shell would split them; nothing in them is looked up. Raises Invalid."""
    try:
        found = shlex.split(text)
    except ValueError:
        raise Invalid("do: a quotation mark in the command is never closed", field="actions") from None
    if not found:
        raise Invalid("do: the command is empty", field="actions")
    return found


def allow(session: Session, texts: Sequence[str]) -> None:
    """Remember that commands may be run for rules of this workspace, by this user, on this machine."""
    from tuicrm.crm.memory import remember

    for text in texts:
        _program(session, words(text))
    held = _held(session.env)
    place = _place(session)
    held[place] = sorted({*held.get(place, ()), *texts})
    remember(session.env, ALLOWED, json.dumps(held))


def is_allowed(session: Session, text: str) -> bool:
    """Tell whether this user allowed exactly this command here."""
    return text in _held(session.env).get(_place(session), ())


def _held(env: Mapping[str, str]) -> dict[str, list[str]]:
    from tuicrm.crm.memory import recall

    try:
        held = json.loads(recall(env, ALLOWED) or "{}")
    except ValueError:
        return {}
    return {key: [str(one) for one in texts] for key, texts in held.items()} if isinstance(held, dict) else {}


def _place(session: Session) -> str:
    return os.path.realpath(session.ws.root)


def _program(session: Session, argv: list[str]) -> list[str]:
    """Return the words with the program found; what lies in the workspace could come along with it, and is refused."""
    import shutil

    root = _place(session)
    for one in argv:
        path = os.path.realpath(os.path.join(_home(session.env), os.path.expanduser(one)))
        if path == root or path.startswith(root + os.sep):
            raise Invalid(f"{one} lies in the workspace, where anybody on the team may change it; keep it elsewhere")
    found = argv[0] if os.path.isabs(argv[0]) else shutil.which(argv[0], path=session.env.get("PATH"))
    if not found or not os.access(found, os.X_OK):
        raise Invalid(f"{argv[0]} is no program that can be run here; write its whole path")
    return [os.path.abspath(found), *argv[1:]]


def _home(env: Mapping[str, str]) -> str:
    return env.get("HOME") or "/"


def errand(session: Session, rule: Rule, text: str, kind: str, record: Record) -> Errand:
    """Return a command made ready; Invalid where this user has not allowed it here, or it cannot be run.

    What is known of the record goes into its environment, and nowhere into its words.
    """
    if not is_allowed(session, text):
        raise Invalid("it is not allowed on this machine")
    argv = _program(session, words(text))
    return Errand(rule.name, tuple(argv), _surroundings(session, rule, kind, record), _home(session.env))


def run(one: Errand) -> str:
    """Run a command to its end and return what went wrong; empty where nothing did."""
    import subprocess

    head = f"{one.rule}: {one.argv[0]}"
    try:
        done = subprocess.run(
            one.argv,
            env=dict(one.env),
            cwd=one.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        return f"{head} was stopped after {SECONDS} seconds"
    except (OSError, ValueError) as problem:
        return f"{head} could not be started: {getattr(problem, 'strerror', None) or problem}"
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return f"{head} ended with {done.returncode}{f': {said[-1][:200]}' if said else ''}" if done.returncode else ""


def _surroundings(session: Session, rule: Rule, kind: str, record: Record) -> dict[str, str]:
    from tuicrm.crm.lookup import title
    from tuicrm.crm.rows import flat

    told = {
        "TUICRM_RULE": rule.name,
        "TUICRM_KIND": kind,
        "TUICRM_ID": str(record["id"]),
        "TUICRM_TITLE": title(session, kind, record),
        "TUICRM_RECORD": json.dumps(flat(session, kind, record, full=True), default=str),
    }
    held = {name: session.env[name] for name in _INHERITED if name in session.env}
    return {**held, **{name: text.replace("\0", "") for name, text in told.items()}}
