"""Marks that work wherever they stand: #tag, @company, *owner, ! for what is urgent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.quick.model import Option, Slot
from tuicrm.folding import fold

if TYPE_CHECKING:
    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session

Record = dict[str, Any]


def tags(line: Line) -> Slot | None:
    """Take every #tag."""
    found: dict[str, None] = {}
    for at, one in enumerate(line.tokens):
        if one.raw.startswith("#") and any(letter.isalpha() for letter in one.raw):
            for part in one.raw[1:].strip(",;:.!\"“”'").split(","):
                if part.strip():
                    found[part.strip()] = None
            line.take(at, at + 1, "tags")
    if not found:
        return None
    typed = tuple(("tags", one) for one in found)
    return Slot("tags", (Option(" ".join(found), ", ".join(found), typed),))


def priority(line: Line) -> Slot | None:
    """Take `!` as high priority."""
    for at, one in enumerate(line.tokens):
        if one.raw in ("!", "!!", "!!!", "!high", "!urgent"):
            line.take(at, at + 1, "priority")
            return Slot("priority", (Option("high", "high", (("priority", "high"),)),))
    return None


def owner(session: Session, line: Line, rest: list[str]) -> Slot:
    """Take `*ann` or `owner ann`; without one the acting user owns what is added."""
    mine = [Option("mine", session.user, ())] if session.me else [Option("", "-", ())]
    for at, one in enumerate(line.tokens):
        if one.raw.startswith("*") and len(one.raw) > 1:
            found = users(session, one.raw[1:].strip('"“”,;:.'))
            if found:
                line.take(at, at + 1, "owner")
                return Slot("owner", (*found, *mine))
            rest.append(one.raw)
        elif one.bare == "owner" and line.is_free(at, at + 2):
            found = users(session, line.tokens[at + 1].bare)
            if found:
                line.take(at, at + 2, "owner")
                return Slot("owner", (*found, *mine))
    return Slot("owner", tuple(mine))


def users(session: Session, text: str) -> list[Option]:
    """Return the users whose handle or name begins with a text, exact handles first."""
    wanted = fold(text)
    if not wanted:
        return []
    if wanted == "me" and session.me:
        return [Option(session.me, session.user, (("owner", session.me),))]
    found: list[tuple[bool, str, Record]] = []
    for one in session.ws.all("user").values():
        handle, name = fold(str(one.get("handle", ""))), fold(str(one.get("name", "")))
        if one.get("active") is not False and (handle.startswith(wanted) or name.startswith(wanted)):
            found.append((handle != wanted, handle, one))
    found.sort(key=lambda it: it[:2])
    return [
        Option(one["id"], str(one.get("handle") or one.get("name") or ""), (("owner", one["id"]),))
        for _, _, one in found[:6]
    ]
