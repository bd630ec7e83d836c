"""What rules did, from the entries of the log: `field` holds the rule, `before` the record, `after` whom it chose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.crm.touches import at_ms, id_ms
from tuicrm.records.kinds.activity import RULE

if TYPE_CHECKING:
    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session

Record = dict[str, Any]
DAY_MS = 86_400_000


class Runs:
    """The entries of rules; where the log only grows at its end, no more than its new part is read."""

    def __init__(self) -> None:
        self._seen: list[Record] = []
        self._reset()

    def _reset(self) -> None:
        self.by_rule: dict[str, list[Record]] = {}

    def follow(self, log: list[Record]) -> None:
        """Take in the whole log."""
        known = len(self._seen)
        # Records are replaced, never changed in place, so equal lists compare by identity, in about a millisecond.
        if log[:known] != self._seen:
            self._reset()
            known = 0
        for one in log[known:]:
            if one.get("type") == RULE:
                self.by_rule.setdefault(word(one.get("field")), []).append(one)
        self._seen = log

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

    def make() -> Runs:
        held: Runs = session.kept.setdefault("rule runs", Runs())
        held.follow(list(session.ws.all("activity").values()))
        return held

    found: Runs = session.remember("rule runs", make)
    return found


def log(session: Session, rule: str = "") -> list[Record]:
    """Return the entries of one rule, or of all, newest first."""
    held = runs(session).by_rule
    found = held.get(rule, []) if rule else [one for entries in held.values() for one in entries]
    return sorted(found, key=lambda one: (at_ms(one), one["id"]), reverse=True)
