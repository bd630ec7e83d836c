"""What is asked of somebody as one line to type: `ann: 450k, call 240, meeting 60, 2026-Q4`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, NotFound
from tuicrm.records.kinds.activity import LOGGED

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

EXAMPLE = "ann: 450k, call 240, 2026-Q4"
_BETWEEN = re.compile(r",\s+|,$|;")
_PERIOD = re.compile(r"\d{4}(-(Q[1-4]|\d{1,2}))?", re.IGNORECASE)


def read(session: Session, text: str) -> Plan:
    """Return the plan that sets what a line says of a user or of a team; raises Invalid and NotFound."""
    from tuicrm.crm.lookup import find
    from tuicrm.crm.targets import set_target

    who, colon, rest = text.partition(":")
    if not colon or not who.strip():
        raise Invalid(f"write whom it is for, a colon and what is asked, as in {EXAMPLE}")
    quota, period, asked = "", "", []
    for part in filter(None, (one.strip() for one in _BETWEEN.split(rest))):
        if _PERIOD.fullmatch(part):
            period = part
        elif part.partition(" ")[0].lower() in LOGGED:
            asked.append(part)
        else:
            quota = part
    if not quota and not asked:
        raise Invalid(f"say what is asked, as in {EXAMPLE}")
    try:
        users, team = [find(session, "user", who.strip())], ""
    except NotFound:
        users, team = [], who.strip()
    return set_target(session, users, team, period, quota, ", ".join(asked))
