"""What a rule does, as people type it and read it: `followup call in 3 days`, `assign round robin ann, bob`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.rules.model import OWNER, Action
from tuicrm.errors import Ambiguous, Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind

Found = dict[str, Any]
FORMS = (
    'followup "call" in 3 days',
    "assign round robin ann, bob",
    "set category=commit",
    "tag hot",
    "untag cold",
    "log TEXT",
    "notify ann: TEXT",
    "draft TEMPLATE",
    "command /path/to/program ARG",
)
_FIRST = {
    "follow-up": "followup", "task": "followup", "remind": "followup", "owner": "assign", "note": "log",
    "tell": "notify", "email": "draft", "mail": "draft", "run": "command",
}  # fmt: skip
HOWS = ("round robin", "load", "territory")


def read_do(session: Session, text: str, kind: Kind) -> Found:
    """Return the stored form of an action in words, for records of a kind; Invalid says what can be written."""
    from tuicrm.crm.parsing import refuse_unstorable
    from tuicrm.folding import nearest

    refuse_unstorable(text, "do")
    first, _, rest = text.strip().partition(" ")
    verb = _FIRST.get(first.casefold(), first.casefold())
    if verb not in _READERS:
        near = nearest(verb, [*_READERS])
        guess = f"did you mean {near}?" if near else f"write one such as {', '.join(FORMS)}"
        raise Invalid(f"do: {first!r} is nothing that a rule can do; {guess}", field="actions")
    if not rest.strip():
        example = next(one for one in FORMS if one.startswith(verb))
        raise Invalid(f"do: {verb} needs more, as in: {example}", field="actions")
    return {"do": verb, **_READERS[verb](session, rest.strip(), kind)}


def _followup(session: Session, text: str, kind: Kind) -> Found:
    from tuicrm.crm.oneline import read_line

    words = text.split()
    found: Found = {}
    if len(words) > 2 and words[-2].casefold() == "for":
        who = _user(session, words[-1], quiet=True)
        if who:
            words, found = words[:-2], {"who": who}
    line = read_line(" ".join(words), session.reading)
    if line.repeat:
        raise Invalid("do: a rule makes follow-ups that come once, not repeating ones", field="actions")
    subject = line.subject.strip("\"'“”")
    return {"text": subject, **({"due": line.dated} if line.dated else {}), **found}


def _assign(session: Session, text: str, kind: Kind) -> Found:
    plain = " ".join(text.replace("-", " ").split())
    for how in HOWS:
        for begin in (how, f"by {how}"):
            if plain.casefold() == begin or plain.casefold().startswith(f"{begin} "):
                rest = plain[len(begin) :].strip().removeprefix("among ").removeprefix("to ")
                among = sorted({_user(session, one) for one in rest.replace(",", " ").split()})
                if how != "territory" and len(among) < 2:
                    raise Invalid(f"do: assign {how} needs the users to choose from, as in ann, bob", field="actions")
                return {"how": how, **({"among": among} if among else {})}
    return {"who": _user(session, text.removeprefix("to ").strip())}


def _set(session: Session, text: str, kind: Kind) -> Found:
    from tuicrm.crm.parsing import field_of

    name, sign, value = text.partition("=")
    if not sign:
        raise Invalid(f"do: set takes FIELD=VALUE, not {text!r}", field="actions")
    try:
        field = field_of(kind, name.strip())
    except Invalid as problem:
        raise Invalid(f"do: {problem.message}", field="actions") from None
    if field.computed:
        raise Invalid(f"do: {field.name} is worked out by the program and cannot be set", field="actions")
    text = value.strip()
    if field.type.refers == "user" and text.casefold() == "me":
        # Whoever writes the rule, not whoever happens to run it: clones have to agree.
        text = handle(session, _user(session, text))
    _try(session, kind, field.name, text)
    return {"field": field.name, "value": text}


def _try(session: Session, kind: Kind, name: str, value: str) -> None:
    """Raise Invalid where a field cannot hold a value: better now than each time that the rule runs."""
    from tuicrm.crm.parsing import Typing, parse_value

    field = kind.by_name[name]
    if kind.name == "deal" and name == "stage":
        _try_stage(session, value)
    elif value and name != "pipeline":
        try:
            parse_value(field, value, Typing(session))
        except Invalid as problem:
            raise Invalid(f"do: {problem.message}", field="actions") from None


def _try_stage(session: Session, value: str) -> None:
    """Raise Invalid where no pipeline has a stage of that name; which one is meant, the deal's own pipeline says."""
    from tuicrm.crm.lookup import matching_stages
    from tuicrm.crm.rules.words import stage_key
    from tuicrm.crm.stages import stages

    if not any(matching_stages(stages(one), value) for one in session.ws.all("pipeline").values()):
        stage_key(session, value, "do")


def _tag(session: Session, text: str, kind: Kind) -> Found:
    from tuicrm.records.common import TAGS

    return {"text": str(TAGS.type.parse(text, None))}  # type: ignore[arg-type]


def _log(session: Session, text: str, kind: Kind) -> Found:
    return {"text": text}


def _notify(session: Session, text: str, kind: Kind) -> Found:
    who, sign, said = text.partition(":")
    if not sign:
        who, _, said = text.partition(" ")
    if not said.strip():
        raise Invalid("do: say whom to notify of what, as in: notify ann: a big deal came in", field="actions")
    return {"who": OWNER if who.strip().casefold() == OWNER else _user(session, who), "text": said.strip()}


def _command(session: Session, text: str, kind: Kind) -> Found:
    from tuicrm.crm.rules.commands import words

    words(text)
    return {"text": text}


def _draft(session: Session, text: str, kind: Kind) -> Found:
    from tuicrm.crm.rules.drafting import template_named

    return {"text": template_named(session, text.strip().strip("\"'"))}


def _user(session: Session, text: str, *, quiet: bool = False) -> str:
    """Return the id of a user; where `quiet`, empty for what names none."""
    from tuicrm.crm.lookup import find

    try:
        return str(find(session, "user", text.strip().removeprefix("@"))["id"])
    except (NotFound, Ambiguous):
        if quiet:
            return ""
        raise


_READERS: dict[str, Callable[[Session, str, Kind], Found]] = {
    "followup": _followup,
    "assign": _assign,
    "set": _set,
    "tag": _tag,
    "untag": _tag,
    "log": _log,
    "notify": _notify,
    "draft": _draft,
    "command": _command,
}


def say_do(session: Session, action: Action) -> str:
    """Return an action as it can be typed."""
    who = OWNER if action.who == OWNER else handle(session, action.who)
    if action.do == "followup":
        return " ".join(filter(None, ("followup", action.text, action.due, f"for {who}" if who else "")))
    if action.do == "assign":
        among = ", ".join(handle(session, one) for one in action.among)
        return " ".join(filter(None, ("assign", action.how, among or who)))
    if action.do == "set":
        return f"set {action.field}={action.value}"
    if action.do == "notify":
        return f"notify {who}: {action.text}"
    if action.do == "draft":
        from tuicrm.crm.lookup import name_of

        return f"draft {name_of(session, 'template', action.text) or action.text}"
    return f"{action.do} {action.text}"


def handle(session: Session, key: str) -> str:
    """Return the handle of a user, else the name; empty for nobody."""
    from tuicrm.crm.lookup import name_of

    if not key:
        return ""
    held = session.ws.get("user", key) or {}
    return str(held.get("handle") or name_of(session, "user", key) or key)
