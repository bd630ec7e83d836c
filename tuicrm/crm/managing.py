"""Who manages whom: users name their manager, by handle or name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from tuicrm.crm.session import Session


def managed(session: Session, user: dict[str, Any]) -> list[str]:
    """Return the ids of those whom a user manages, directly or through others; never the user's own."""
    from tuicrm.folding import fold

    def named(one: dict[str, Any], name: str) -> str:
        return fold(word(one.get(name)).strip())

    held = session.ws.all("user")
    below: dict[str, list[str]] = {}
    for key, one in held.items():
        if manager := named(one, "manager"):
            below.setdefault(manager, []).append(key)
    found: dict[str, None] = {user["id"]: None}
    waiting = [user]
    while waiting:
        one = waiting.pop()
        for name in {named(one, "handle"), named(one, "name")} - {""}:
            fresh = [key for key in below.get(name, ()) if key not in found]
            found.update(dict.fromkeys(fresh))
            waiting += [held[key] for key in fresh]
    return [key for key in found if key != user["id"]]
