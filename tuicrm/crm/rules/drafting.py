"""E-mails that a rule drafts from a template: filled in, kept with the entry, never sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tuicrm.crm.session import Session

Record = dict[str, Any]


def template_named(session: Session, text: str) -> str:
    """Return the id of the template that a text names, or raise NotFound or Ambiguous."""
    from tuicrm.crm.lookup import find

    return str(find(session, "template", text)["id"])


def drafted(session: Session, kind: str, record: Record, template: str) -> tuple[str, str]:
    """Return the subject and the whole text of an e-mail; raises as filling in does."""
    from tuicrm.crm.letters import fill, plain
    from tuicrm.errors import NotFound

    held = session.ws.get("template", template)
    if held is None:
        raise NotFound("its template was removed")
    letter = fill(session, held, kind, record)
    marks = "".join(f"\n({one})" for one in letter.warnings)
    return letter.subject, f"{plain(letter)}{marks}"
