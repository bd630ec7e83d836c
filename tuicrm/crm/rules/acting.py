"""What each action of a rule changes, and how that is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from tuicrm.crm.rules.model import OWNER
from tuicrm.crm.shapes import word, words
from tuicrm.errors import Invalid, TuicrmError
from tuicrm.text import in_shell

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.rules.engine import Engine
    from tuicrm.crm.rules.events import Run
    from tuicrm.crm.rules.model import Action
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
Written: TypeAlias = "tuple[dict[str, Any], list[Change]]"
NOTICE = "notice"
"""The tag of follow-ups that are there to be read, not to be worked on."""

_FAILED = {"followup": "follow-up", "set": "setting the field", "assign": "assigning", "tag": "tagging"}


def act(engine: Engine, run: Run, action: Action) -> list[Change]:
    """Return the changes that an action makes; one that cannot be done is said, and the others go on."""
    try:
        return _ACTS[action.do](engine, run, action)
    except TuicrmError as problem:
        run.did.append(f"{_FAILED.get(action.do, action.do)} failed: {problem.message}")
        return []


def links(session: Session, kind: str, record: Record) -> dict[str, Any]:
    """Return the fields by which a follow-up or an entry is about a record."""
    key = str(record["id"])
    found: dict[str, Any] = {name: record.get(name) for name in ("deal", "company", "lead")}
    found["contacts"] = words(record.get("contacts"))
    if kind == "contact":
        found["contacts"] = [key]
    elif kind in ("deal", "company", "lead"):
        found[kind] = key
    return {name: value for name, value in found.items() if value and not isinstance(value, dict)}


def _write(engine: Engine, run: Run, typed: dict[str, list[str]], gone: dict[str, list[str]] | None = None) -> Written:
    """Return the fields that typed text changes, and the changes that write them."""
    from tuicrm.crm.edit import edited, written
    from tuicrm.crm.parsing import Typing
    from tuicrm.store.changes import Write

    then = engine.at(run.now)
    kind = then.kind(run.kind)
    fields = edited(then, kind, run.record, typed, gone or {}, Typing(then))
    if not fields:
        return {}, []
    made = written(then, kind, run.record, fields)
    if run.timed:
        made = [_shared(run, one) if isinstance(one, Write) and one.kind == "activity" else one for one in made]
    return fields, made


def _shared(run: Run, entry: Any) -> Change:
    """Return an automatic entry of a change as every clone makes it, still after the field's change before."""
    from tuicrm.store.changes import Write
    from tuicrm.store.ulid import alike, ms_of, rank

    name = entry.fields["field"]
    last = rank((run.record.get("_v") or {}).get(name, run.record["id"]))
    ms = max(int(run.now.timestamp() * 1000), ms_of(last) + 1 if last else 0)
    fields = {key: value for key, value in entry.fields.items() if key != "owner"}
    return Write("activity", alike(ms, run.entry, name), fields)


def _followup(engine: Engine, run: Run, action: Action) -> list[Change]:
    then = engine.at(run.now)
    due = None
    if action.due:
        from tuicrm.when import parse_moment

        due = parse_moment(action.due, then.reading)
    who = _whom(engine, run, action.who)
    made = _task(engine, run, action, {"subject": action.text, "due": str(due) if due else "", "owner": who})
    run.did.append(f"follow-up {action.text}{f', {_day(then, due)}' if due else ''}{_for(engine, run, who)}")
    return made


def _task(engine: Engine, run: Run, action: Action, fields: dict[str, Any]) -> list[Change]:
    from tuicrm.store.changes import Write
    from tuicrm.store.ulid import alike

    key = alike(run.event.ms, run.entry, action.key)
    whole = {**fields, **links(engine.session, run.kind, run.record)}
    return [Write("followup", key, {name: value for name, value in whole.items() if value})]


def _day(session: Session, due: Any) -> str:
    from tuicrm.crm.todo import said_day
    from tuicrm.crm.worklist import when

    return said_day(session, *when(session, {"due": str(due)}))


def _whom(engine: Engine, run: Run, who: str) -> str:
    """Return the user an action is for: the one named, else the record's owner, else the rule's or who acts."""
    if who and who != OWNER:
        return who
    fallback = run.rule.owner if run.timed else engine.session.me
    return word(run.record.get("owner")) or fallback


def _for(engine: Engine, run: Run, who: str) -> str:
    from tuicrm.crm.rules.doing import handle

    return f" for {handle(engine.session, who)}" if who and who != word(run.record.get("owner")) else ""


def _assign(engine: Engine, run: Run, action: Action) -> list[Change]:
    from tuicrm.crm.rules.assigning import choose
    from tuicrm.crm.rules.doing import handle

    who = action.who or choose(engine, run, action)
    _, made = _write(engine, run, {"owner": [who]})
    if made:
        run.assigned = who
        run.did.append(f"assigned to {handle(engine.session, who)}")
    elif action.how == "round robin":
        # Noted all the same, or it would be their turn again.
        run.assigned = who
        run.did.append(f"stays with {handle(engine.session, who)}")
    return made


def _set(engine: Engine, run: Run, action: Action) -> list[Change]:
    kind = engine.session.kind(run.kind)
    if action.field not in kind.by_name:
        raise Invalid(f"{kind.many} have no field {action.field!r} any more")
    fields, made = _write(engine, run, {action.field: [action.value]})
    if made:
        from tuicrm.crm.rows import cells

        name = action.field if action.field in fields or action.field == "product" else next(iter(fields))
        (shown,) = cells(engine.session, run.kind, {**run.record, **fields}, [name])
        run.did.append(f"{kind.by_name[name].title}: {shown}" if shown else f"{kind.by_name[name].title} cleared")
    return made


def _tag(engine: Engine, run: Run, action: Action) -> list[Change]:
    _, made = _write(engine, run, {"tags": [action.text]})
    if made:
        run.did.append(f"tag {action.text}")
    return made


def _untag(engine: Engine, run: Run, action: Action) -> list[Change]:
    _, made = _write(engine, run, {}, {"tags": [action.text]})
    if made:
        run.did.append(f"no longer tagged {action.text}")
    return made


def _log(engine: Engine, run: Run, action: Action) -> list[Change]:
    run.did.append(action.text)
    return []


def _notify(engine: Engine, run: Run, action: Action) -> list[Change]:
    from tuicrm.crm.rules.doing import handle

    who = _whom(engine, run, action.who)
    if not who:
        raise Invalid("nobody owns the record")
    then = engine.at(run.now)
    fields = {"subject": action.text, "due": then.today.isoformat(), "owner": who, "tags": [NOTICE]}
    made = _task(engine, run, action, fields)
    run.did.append(f"notified {handle(engine.session, who)}: {action.text}")
    return made


def _draft(engine: Engine, run: Run, action: Action) -> list[Change]:
    from tuicrm.crm.rules.drafting import drafted

    then = engine.at(run.now)
    subject, text = drafted(then, run.kind, run.record, action.text)
    who = _whom(engine, run, action.who)
    fields = {"subject": f"Look over and send: {subject}", "due": then.today.isoformat(), "owner": who}
    made = _task(engine, run, action, fields)
    run.did.append(f"drafted the e-mail {subject}")
    run.more.append(text)
    return made


def _command(engine: Engine, run: Run, action: Action) -> list[Change]:
    from tuicrm.crm.rules.commands import errand, is_allowed

    if not is_allowed(engine.session, action.text):
        # Whoever keeps the rule is told; on the machines of others it is nobody's fault.
        if run.rule.owner == engine.session.me:
            how = f"tuicrm rule allow {in_shell(run.rule.name)}"
            engine.hints.append(f"Rule '{run.rule.name}': its command is not allowed on this machine ({how})")
        return []
    made = errand(engine.session, run.rule, action.text, run.kind, run.record)
    engine.errands.append(made)
    run.did.append(f"started {made.argv[0]}")
    return []


_ACTS: dict[str, Callable[[Engine, Run, Action], list[Change]]] = {
    "followup": _followup,
    "assign": _assign,
    "set": _set,
    "tag": _tag,
    "untag": _untag,
    "log": _log,
    "notify": _notify,
    "draft": _draft,
    "command": _command,
}
