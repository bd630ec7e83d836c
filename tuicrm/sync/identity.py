"""Who a commit is by: the acting user as the team knows them, else as git on this machine does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.folding import fold, slug
from tuicrm.text import clean_line, truncate

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session

Record = dict[str, Any]

LONGEST = 100
"""Cells of a name or an address in a commit."""
_FRAMING = str.maketrans(dict.fromkeys("<>\n\0", ""))
_EDGES = " .,:;\"'\\"
"""What git itself cuts off the ends of a name."""


def author(session: Session, config_get: Callable[[str], str]) -> tuple[str, str]:
    """Return the name and the e-mail address that a commit of the acting user carries.

    `config_get` gives a value of the user's own git configuration, or an empty text. What git knows stands in only for
    what the team does not know, and only where it is nobody else of the team.
    """
    me = session.ws.get("user", session.me) or {}
    handle = word(me.get("handle")) or session.user
    name, email = name_of(me), _address(word(me.get("email")))
    if not name or not email:
        theirs = _plain(config_get("user.name")), _address(config_get("user.email"))
        if _fits((name, email), theirs) and not _is_another(session, *theirs):
            name, email = name or theirs[0], email or theirs[1]
    return name or _plain(handle) or "somebody", email or made_up(session, handle)


def made_up(session: Session, handle: str) -> str:
    """Return an address that nobody can have, for a user whose own is not known."""
    return f"{slug(handle) or 'somebody'}@{domain(session)}"


def domain(session: Session) -> str:
    """Return the domain of made-up addresses, which is this workspace's alone."""
    return f"{session.ws.id.lower()}.invalid"


def name_of(user: Record) -> str:
    """Return the full name in a user's record, as a commit can carry it; empty where there is only the handle."""
    name = word(user.get("name"))
    return "" if fold(name) == fold(word(user.get("handle"))) else _plain(name)


def _fits(own: tuple[str, str], theirs: tuple[str, str]) -> bool:
    """Tell whether what the team knows of a user and what git knows can be about the same person."""
    return all(not mine or fold(mine) == fold(one) for mine, one in zip(own, theirs, strict=True))


def _is_another(session: Session, name: str, email: str) -> bool:
    """Tell whether somebody else of the team answers to a name or an address."""
    wanted = {fold(one) for one in (name, email) if one}
    return any(
        {fold(name_of(one)), fold(word(one.get("email")))} & wanted
        for key, one in session.ws.all("user").items()
        if key != session.me
    )


def _plain(text: str) -> str:
    return truncate(clean_line(text).translate(_FRAMING).strip(_EDGES), LONGEST)


def _address(text: str) -> str:
    """Return an address that a commit can carry; empty for what is none."""
    plain = text.strip()
    fit = plain.isprintable() and " " not in plain and "@" in plain and len(plain) <= LONGEST
    return plain if fit and plain == _plain(plain) else ""
