"""Writes that a stage's gate may stop: what it asks for is asked for, and then it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done

    Make = Callable[[Session, Sequence[dict[str, Any]], Mapping[str, Sequence[str]]], Plan]
    Typed = dict[str, list[str]]


class Gated(Targets):
    """What is typed fills in only what a deal lacks, however many deals go through the gate together."""

    def through(self, ids: list[str], make: Make, *, heading: str, note: str, stage: str = "") -> None:
        """Write what `make` plans for these deals as one step; `note` names the step where the deals differ."""

        def attempt(typed: Typed) -> None:
            from tuicrm.crm.bulk import lacking, merged

            held = self.desk.deals(ids)
            done = self.desk.write(
                lambda session: merged(
                    lacking(held, typed, lambda deals, given: make(session, deals, given)),
                    note,
                )
            )
            if not self.asked(done, ids, heading, typed, attempt):
                self.finish(done, [("deal", one) for one in ids], stage)

        attempt({})

    def asked(
        self, done: Done, ids: list[str], heading: str, typed: Mapping[str, list[str]], then: Callable[[Typed], None]
    ) -> bool:
        """Ask for what a gate misses, and go on with all that was typed; False where there is nothing to ask for."""
        if not done.missing:
            return False
        from tuicrm.tui.forms.gates import ask_missing

        return ask_missing(self, done.missing, ids, heading, lambda more: then({**typed, **more}))
