"""Writes that a stage's gate may stop: what it asks for is asked for, and then it is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.crm.along import NOTHING, Along, Given
from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.gates import MissingFields
    from tuicrm.crm.needs import Lack
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done

    Make = Callable[[Session, Sequence[dict[str, Any]], Given], Plan]
    Then = Callable[[Given], None]

OTHER = "another reason: type it"


class Gated(Targets):
    """What is given fills in only what a deal lacks, however many deals go through the gate together."""

    def through(
        self, ids: list[str], make: Make, *, heading: str, note: str, stage: str = "", along: Along = NOTHING
    ) -> None:
        """Write what `make` plans for these deals as one step; `note` names the step where the deals differ."""

        def attempt(given: Given) -> None:
            from tuicrm.crm.bulk import lacking, merged

            held = self.desk.deals(ids)
            done = self.desk.write(
                lambda session: merged(
                    lacking(held, given.typed, lambda deals, typed: make(session, deals, replace(given, typed=typed))),
                    note,
                )
            )
            if not self.asked(done, ids, heading, given, attempt):
                self.finish(done, [("deal", one) for one in ids], stage)

        attempt(Given(along=along))

    def asked(self, done: Done, ids: list[str], heading: str, given: Given, then: Then) -> bool:
        """Ask for the first thing that a gate misses, and go on with all that was given; False where there is nothing.

        What else it misses it says the next time.
        """
        gate = done.gate
        if gate is None:
            return False

        def more(found: Given) -> None:
            then(given.plus(found))

        if gate.fields:
            from tuicrm.tui.forms.gates import ask_missing

            return ask_missing(self, gate.fields, ids, heading, lambda typed: more(Given(typed)))
        if gate.needs.checks:
            self._ask_boxes(gate, heading, more)
        elif gate.needs.talks:
            self._ask_talk(gate, gate.needs.talks[0], more)
        else:
            self._ask_why(gate, heading, more)
        return True

    def _ask_boxes(self, gate: MissingFields, heading: str, then: Then) -> None:
        from tuicrm.crm.needs import talk_text
        from tuicrm.tui.screens.boxes import Boxes

        later = "".join(f" {talk_text(one.wanted, one.missing)} and" for one in gate.needs.talks)

        def ticked(found: Along | None) -> None:
            if found is not None:
                then(Given(along=found))

        self.app.push_screen(Boxes(heading, f"{gate.stage} needs{later}:", gate.needs.checks, force=gate.force), ticked)

    def _ask_talk(self, gate: MissingFields, lack: Lack, then: Then) -> None:
        """Let what the stage asks for be logged in one line; several of them one after the other."""
        from tuicrm.crm.needs import talk_text

        def done(text: str | None) -> None:
            if text is not None and text.strip():
                given = Given(along=Along(logs=((lack.wanted.type, text.strip()),), spare=True))
                self.after_line(lambda: then(given))

        line = self.ask(f"{talk_text(lack.wanted, 1)}:", done=done)
        self.call_after_refresh(line.judge, f"{gate.stage} needs it: say what it was")

    def _ask_why(self, gate: MissingFields, heading: str, then: Then) -> None:
        from tuicrm.tui.screens.choose import Choose

        def because(text: str | None) -> None:
            if text is not None and text.strip():
                given = Given(along=Along(reason=text.strip()))
                self.after_line(lambda: then(given))

        def chosen(place: int | None) -> None:
            if place is None:
                return
            if place == len(gate.reasons):
                self.ask("reason:", done=because)
            else:
                because(gate.reasons[place])

        self.app.push_screen(Choose(f"{heading}: why back?", [*gate.reasons, OTHER]), chosen)
