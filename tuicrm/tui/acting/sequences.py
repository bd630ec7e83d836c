"""What keys do with sequences: start one with the people chosen, stop those that they are in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.pane import Ref


class SequenceKeys(Targets):
    """They act on people: those chosen, or the first person of a deal, a follow-up or an entry."""

    def _persons(self) -> list[Ref]:
        found: dict[Ref, None] = {}
        for one in self.abouts():
            if one.lead and not one.contacts:
                found["lead", one.lead] = None
            elif one.contacts:
                found["contact", one.contacts[0]] = None
        if not found:
            self.main.say("a sequence is for people: there is nobody here")
        return list(found)

    def action_sequence_start(self) -> None:
        """Choose a sequence, and start it with each person."""
        from tuicrm.tui.screens.find import Entry, Find, Found

        people = self._persons()
        if not people:
            return
        with self.desk.lock:
            session = self.desk.session
            steps = session.kind("sequence").by_name["steps"].type
            held = list(session.ws.all("sequence").values())
            entries = [Entry(one["id"], str(one.get("name", "")), steps.text(one.get("steps") or {})) for one in held]

        def chosen(found: Found | None) -> None:
            if found is not None and found.key:
                self._start(found.key, people)

        self.app.push_screen(Find("Start which sequence?", entries), chosen)

    def _start(self, key: str, people: list[Ref]) -> None:
        from tuicrm.crm.sequences import start_all

        done = self.desk.write(lambda session: start_all(session, key, people))
        said = done.plan.said if done.plan is not None else ()
        self.finish(replace(done, said="; ".join((done.said, *said[:1]))), people)

    def action_sequence_stop(self) -> None:
        """Stop all sequences that the people are in."""
        from tuicrm.crm.sequences import stop

        people = self._persons()
        if not people:
            return
        kind, key = people[0]

        def plan(session: Session) -> Plan | None:
            record = session.ws.get(kind, key)
            return stop(session, None, kind, record) if record is not None else None

        self.finish(self.desk.write(plan), people)
