"""What rules did, from the entries of the log: `field` holds the rule, `before` the record, `after` whom it chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.following import Following, followed
from tuicrm.crm.shapes import word
from tuicrm.crm.touches import at_ms, id_ms
from tuicrm.records.kinds.activity import RULE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

Record = dict[str, Any]
DAY_MS = 86_400_000


class Runs(Following):
    """The entries of rules."""

    def _reset(self) -> None:
        self.by_rule: dict[str, list[Record]] = {}

    def _read(self, entries: Sequence[Record]) -> None:
        for one in entries:
            if one.get("type") == RULE:
                self.by_rule.setdefault(word(one.get("field")), []).append(one)

    def assigned(self, rule: str, since: int) -> list[str]:
        """Return the users that a rule chose on or after the day of a moment, in milliseconds since 1970."""
        held = self.by_rule.get(rule, ())
        day = since - since % DAY_MS
        return [word(one["after"]) for one in held if one.get("after") and at_ms(one) >= day]

    def made(self, rule: Rule) -> set[str]:
        """Return the ids of the follow-ups that a rule made, as far as its actions are still the same."""
        from tuicrm.store.ulid import alike

        keys = [one.key for one in rule.actions]
        return {alike(id_ms(one["id"]), one["id"], key) for one in self.by_rule.get(rule.id, ()) for key in keys}

    def last_ms(self, rule: str) -> int:
        """Return when a rule ran last, in milliseconds since 1970; 0 for never."""
        return max(map(at_ms, self.by_rule.get(rule, ())), default=0)


def runs(session: Session) -> Runs:
    """Return what rules did, as the session's workspace is at this moment; reads the activities."""
    return followed(session, "rule runs", Runs)


def log(session: Session, rule: str = "") -> list[Record]:
    """Return the entries of one rule, or of all, newest first."""
    held = runs(session).by_rule
    found = held.get(rule, []) if rule else [one for entries in held.values() for one in entries]
    return sorted(found, key=lambda one: (at_ms(one), one["id"]), reverse=True)
