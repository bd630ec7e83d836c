"""What reasons stand on: the indexes of the workspace, read once for all of them, and whose work is looked for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive, nexts
from tuicrm.crm.advice.stake import LOOSE, Stakes, of_lead
from tuicrm.crm.shapes import word
from tuicrm.crm.touches import touches

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.advice.stake import Stake
    from tuicrm.crm.derive import Deals
    from tuicrm.crm.nexts import Nexts
    from tuicrm.crm.session import Session
    from tuicrm.crm.talks import Talks
    from tuicrm.crm.touches import Touches

Record = dict[str, Any]


class Ground:
    """One look at the workspace for one user; empty for everybody."""

    def __init__(self, session: Session, user: str) -> None:
        self.session = session
        self.user = user

    @cached_property
    def today(self) -> int:
        """The day, as an ordinal."""
        return self.session.today.toordinal()

    @cached_property
    def facts(self) -> Deals:
        """What follows for deals."""
        return derive.deals(self.session)

    @cached_property
    def log(self) -> Touches:
        """When deals were last talked about and moved."""
        return touches(self.session)

    @cached_property
    def todo(self) -> Nexts:
        """What is planned."""
        return nexts.nexts(self.session)

    def mine(self, record: Record) -> bool:
        """Tell whether a record is of the user who is asked about; what nobody owns is everybody's."""
        return not self.user or record.get("owner") in (None, "", self.user)

    @cached_property
    def _by_status(self) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {"open": [], "won": [], "lost": []}
        status = self.facts.status
        for deal in self.session.ws.all("deal").values():
            found.setdefault(status(deal), []).append(deal)
        return found

    @property
    def won(self) -> list[Record]:
        """Everybody's won deals."""
        return self._by_status["won"]

    @property
    def all_open(self) -> list[Record]:
        """Everybody's open deals."""
        return self._by_status["open"]

    @cached_property
    def open(self) -> list[Record]:
        """The user's open deals."""
        return [deal for deal in self.all_open if self.mine(deal)]

    @cached_property
    def stakes(self) -> Stakes:
        """What is at stake."""
        return Stakes(self.session, self.facts, self.all_open)

    @cached_property
    def talks(self) -> Talks:
        """When people, companies and leads were last talked to."""
        from tuicrm.crm.talks import talks

        return talks(self.session)

    @cached_property
    def score(self) -> Callable[[Record], int | None]:
        """What reads the score of a lead."""
        from tuicrm.crm.scoring import reader

        def own(lead: Record) -> int | None:
            score = lead.get("score")
            return score if score.__class__ is int else None

        return reader(self.session) or own

    @cached_property
    def steps(self) -> dict[str, Record]:
        """The follow-ups that are steps of sequences and wait, with who is in the sequence."""
        if not self.session.ws.all("enrolment"):
            return {}
        from tuicrm.crm.enrolments import place, running

        found = {}
        for one in running(self.session):
            at = place(self.session, one)
            if at.followup is not None and at.waiting:
                found[at.followup["id"]] = one
        return found

    @cached_property
    def due(self) -> list[tuple[Record, int]]:
        """The user's undone follow-ups that are late or due today and in sight, each with its day (an ordinal)."""
        found, session = [], self.session
        days: dict[str, int] = {}
        for one in session.ws.all("followup").values():
            if one.get("done_at") or not self.mine(one):
                continue
            text = word(one.get("due"))
            if text not in days:
                days[text] = nexts.due_day(session, one)
            if 0 < days[text] <= self.today and not nexts.snoozed(session, one):
                found.append((one, days[text]))
        return found

    def concerns(self, followup: Record) -> tuple[tuple[str, str], Stake]:
        """Return what a follow-up is about and what is at stake: its open deal, its lead, else itself."""
        ws = self.session.ws
        deal = ws.get("deal", word(followup.get("deal")))
        if deal is not None and self.facts.status(deal) == "open":
            return ("deal", deal["id"]), self.stakes.of_deal(deal)
        lead = ws.get("lead", word(followup.get("lead")))
        if lead is not None and not lead.get("converted_at"):
            return ("lead", lead["id"]), of_lead(self.score(lead))
        return ("followup", followup["id"]), LOOSE

    def touched(self, deal: Record) -> int:
        """Return when a deal was last talked about or moved, in milliseconds since 1970; 0 for never."""
        return max(self.log.talked(deal["id"]), self.log.staged(deal["id"]))

    def worth_facts(self, deal: Record) -> str:
        """Return what a dismissal of anything about a deal rests on: its value and its stage."""
        return f"{word(deal.get('value'))} {word(deal.get('currency'))} {word(deal.get('stage'))}"
