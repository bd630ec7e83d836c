"""What the palette does about touches: one is noted of each record that is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Span

EXAMPLE = "as in event Spring fair, campaign Autumn letter, referral Tom Ek"


class TouchKeys(Targets):
    """They act on people, companies and deals."""

    def action_touch_add(self) -> None:
        """Type what brought them here, or back: what it was, then its name."""
        from tuicrm.crm.touchpoints import TOUCHED, touch_all

        refs = [(kind, key) for kind, key in self.targets() if kind in TOUCHED]
        if not refs:
            self.main.say("a touch is of a lead, a contact, a company or a deal: there is none here")
            return

        def plan(session: Session, text: str) -> Plan:
            sort, _, name = text.strip().partition(" ")
            held = [(kind, session.ws.get(kind, key)) for kind, key in refs]
            return touch_all(session, [(kind, one) for kind, one in held if one is not None], sort, name.strip())

        def judged(text: str) -> Span:
            from tuicrm.errors import TuicrmError

            if " " not in text.strip():
                return (EXAMPLE, "muted")
            try:
                with self.desk.lock:
                    made = plan(self.desk.session, text)
                return (f"{text.split()[0]} touch of {len(refs)}" if len(refs) > 1 else made.note, "good")
            except TuicrmError as problem:
                return (str(problem), "late")

        def done(text: str | None) -> None:
            if text is not None and text.strip():
                self.finish(self.desk.write(lambda session: plan(session, text)), refs)

        line = self.ask("Touch:", done=done, typing=lambda text: line.judge(*judged(text)))
        line.judge(EXAMPLE, "muted")
