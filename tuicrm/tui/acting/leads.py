"""What keys do to leads: convert, disqualify, not now, another status; elsewhere they do what they do to deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.tui.acting.deals import DealKeys
from tuicrm.tui.acting.followups import SNOOZES, FollowupKeys, chosen_words
from tuicrm.tui.acting.gated import OTHER

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Span

Record = dict[str, Any]


class LeadKeys(DealKeys, FollowupKeys):
    """The keys of deals and follow-ups where the targets are leads; each is one step of undo, however many."""

    def lead_records(self, ids: list[str]) -> list[Record]:
        """Return the leads of these ids that are still there."""
        with self.desk.lock:
            held = (self.desk.session.ws.get("lead", one) for one in ids)
            return [one for one in held if one is not None]

    def write_leads(self, ids: list[str], make: Callable[[Session, list[Record]], Plan]) -> None:
        """Write what is planned for leads, and show it."""
        self.wrote_leads(ids, self.desk.write(lambda session: make(session, self.lead_records(ids))))

    def wrote_leads(self, ids: list[str], done: Done) -> None:
        """Show how writing about leads ended, and go on to the next one."""
        self.row_over()
        if done.changed:
            self.decided([("lead", one) for one in ids])
        self.finish(done, [("lead", one) for one in ids])

    def decided(self, refs: list[Ref]) -> None:
        """Take note that something was decided about leads, before it is shown."""

    def leads_named(self, verb: str, ids: list[str]) -> str:
        """Return `Convert: Jane Roe`, or `Convert: 3 leads`."""
        from tuicrm.crm.lookup import title

        held = self.lead_records(ids)
        if len(held) == 1:
            return f"{verb}: {title(self.desk.session, 'lead', held[0])}"
        return f"{verb}: {len(held)} leads"

    def action_lead_convert(self) -> None:
        """What the key of a deal that is won does to leads."""
        self.action_deal_win()

    def action_lead_disqualify(self) -> None:
        """What the key of a deal that is lost does to leads."""
        self.action_deal_lose()

    def action_lead_snooze(self) -> None:
        """What the key that snoozes follow-ups does to leads."""
        self.action_followup_snooze()

    def action_lead_status(self) -> None:
        """What the key of a deal's stage does to leads."""
        self.action_deal_stage()

    def action_lead_reopen(self) -> None:
        """Put leads back on the list."""
        if self.here(self.records("lead"), "lead"):
            self.action_deal_reopen()

    def action_deal_win(self) -> None:
        """Convert leads; deals are won."""
        ids = self.records("lead")
        if not ids:
            super().action_deal_win()
        elif len(ids) == 1:
            from tuicrm.tui.acting.converting import Conversion

            Conversion(self, ids[0]).ask()
        else:
            from tuicrm.crm.converting import convert_all

            self.write_leads(ids, convert_all)

    def action_deal_lose(self) -> None:
        """Disqualify leads, for a reason from the team's list or in other words; deals are lost."""
        ids = self.records("lead")
        if not ids:
            super().action_deal_lose()
            return
        from tuicrm.crm.leads import disqualify, disqualify_reasons
        from tuicrm.tui.screens.choose import Choose

        with self.desk.lock:
            reasons = disqualify_reasons(self.desk.session)

        def write(reason: str) -> None:
            self.write_leads(ids, lambda session, held: disqualify(session, held, reason))

        def chosen(place: int | None) -> None:
            if place is None:
                return
            if place == len(reasons):
                self.ask("reason:", done=lambda text: write(text) if text and text.strip() else None)
            else:
                write(reasons[place])

        # One key less than for a deal: a list of leads is gone through quickly, and `u` takes a slip back.
        self.app.push_screen(Choose(self.leads_named("Disqualify", ids), [*reasons, OTHER]), chosen)

    def action_deal_stage(self) -> None:
        """Choose a status for leads, with what it asks for in sight; deals get a stage."""
        ids = self.records("lead")
        if not ids:
            super().action_deal_stage()
            return
        from tuicrm.crm.leads import set_status
        from tuicrm.crm.statuses import status_of, statuses
        from tuicrm.tui.screens.choose import Choose

        with self.desk.lock:
            session = self.desk.session
            held = statuses(session)
            first = self.lead_records(ids)[:1]
            own = status_of(session, first[0]).key if first else ""
        at = next((place for place, one in enumerate(held) if one.key == own), 0)

        def chosen(place: int | None) -> None:
            if place is not None:
                key = held[place].key
                self.write_leads(ids, lambda session, found: set_status(session, found, key))

        heading = self.leads_named("Status", ids)
        names, criteria = [one.name for one in held], [one.criteria for one in held]
        self.app.push_screen(Choose(heading, names, at=at, confirm=True, notes=criteria), chosen)

    def action_deal_reopen(self) -> None:
        """Put leads back on the list; deals are open again."""
        ids = self.records("lead")
        if not ids:
            super().action_deal_reopen()
            return
        from tuicrm.crm.leads import reopen

        self.write_leads(ids, reopen)

    def action_followup_snooze(self) -> None:
        """Not now: leads are off the list until a day; follow-ups are snoozed."""
        ids = self.records("lead")
        if not ids:
            super().action_followup_snooze()
            return
        from tuicrm.crm.leads import snooze

        offered = ", ".join(f"{at} {name}" for at, (_, name) in enumerate(SNOOZES, 1))

        def take(text: str) -> None:
            self.write_leads(ids, lambda session, held: snooze(session, held, chosen_words(text)))

        def echo(text: str) -> Span:
            return self._echo_moment(chosen_words(text), ahead=True) if text.strip() else (offered, "muted")

        self.ask_echoing(f"{self.leads_named('Not now', ids)} until", echo, take)
