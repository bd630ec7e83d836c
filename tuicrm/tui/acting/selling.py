"""What the palette does about discounts and territories."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Span

Record = dict[str, Any]


class SellingKeys(Targets):
    """Discounts are given on the first of the chosen deals; territories get all that is chosen."""

    def _deal(self) -> Record | None:
        ids = self.here(self.deals(), "deal")[:1]
        held = self.desk.deals(ids)
        return held[0] if held else None

    def action_deal_discount(self) -> None:
        """Type a discount and its reason in one line; what is above one's limit is asked for."""
        from tuicrm.crm.discountasking import give

        deal = self._deal()
        if deal is None:
            return

        def plan(session: Session, text: str) -> Plan:
            share, _, reason = text.strip().partition(" ")
            return give(session, session.ws.get("deal", deal["id"]) or deal, share, reason.removeprefix("% "), ask=True)

        def typing(text: str) -> None:
            line.judge(*self._judged(lambda session: plan(session, text), text))

        def done(text: str | None) -> None:
            if text is not None and text.strip():
                written = self.desk.write(lambda session: plan(session, text))
                said = written.plan.said if written.plan is not None else ()
                self.finish(replace(written, said="; ".join((written.said, *said[:1]))), [("deal", deal["id"])])

        line = self.ask("Discount, then why:", done=done, typing=typing)
        line.judge("as in 12.5 three years; none takes it away", "muted")

    def _judged(self, make: Any, text: str) -> Span:
        """Return what a line that is being typed would do, with its look."""
        from tuicrm.errors import TuicrmError

        if not text.strip():
            return ("as in 12.5 three years; none takes it away", "muted")
        try:
            with self.desk.lock:
                return (make(self.desk.session).note, "good")
        except TuicrmError as problem:
            return (str(problem), "late")

    def action_deal_approve_discount(self) -> None:
        """Approve what is asked for on a deal."""
        from tuicrm.crm.discountasking import settle

        deal = self._deal()
        if deal is not None:
            done = self.desk.write(lambda session: settle(session, session.ws.get("deal", deal["id"]) or deal))
            self.finish(done, [("deal", deal["id"])])

    def action_deal_decline_discount(self) -> None:
        """Decline what is asked for on a deal; the reason is typed."""
        from tuicrm.crm.discountasking import settle

        deal = self._deal()
        if deal is None:
            return

        def done(reason: str | None) -> None:
            if reason is not None:
                held = self.desk.deals([deal["id"]])
                written = self.desk.write(lambda session: settle(session, held[0], decline=True, reason=reason))
                self.finish(written, [("deal", deal["id"])])

        line = self.ask("Declined, because:", done=done)
        self.call_after_refresh(line.judge, "as in 15 at most; whoever asked is told")

    def action_territory_give(self) -> None:
        """Give what is chosen to the people of its territory."""
        from tuicrm.crm.territories import PLACED
        from tuicrm.crm.territorygiving import apply, given_of

        refs = [(kind, key) for kind, key in self.targets() if kind in PLACED]
        if not refs:
            self.main.say("companies, leads and deals lie in territories: there is none here")
            return

        def plan(session: Session) -> Plan:
            held = [(kind, session.ws.get(kind, key)) for kind, key in refs]
            return apply(session, given_of(session, [(kind, one) for kind, one in held if one is not None]))

        self.finish(self.desk.write(plan), refs)
