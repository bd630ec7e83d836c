"""Ticking the boxes that stages ask for, one by one or all that the next stage waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from tuicrm.crm.along import Along


class CheckKeys(Targets):
    """It acts on deals."""

    def tick(self, key: str) -> None:
        """Tick a box of the deal here, or take its tick away."""
        from tuicrm.crm.needs import ticked
        from tuicrm.crm.ticks import tick

        ids = self.here(self.deals(), "deal")[:1]
        held = self.desk.deals(ids)
        if held:
            off = key in ticked(held[0])
            done = self.desk.write(lambda session: tick(session, held, [key], off=off))
            self.finish(done, [("deal", one) for one in ids])

    def action_deal_check(self) -> None:
        """Tick what the next stage of the chosen deals waits for."""
        from tuicrm.crm.lookup import title
        from tuicrm.crm.needs import ahead
        from tuicrm.crm.ticks import tick
        from tuicrm.tui.screens.boxes import Boxes

        ids = self.here(self.deals(), "deal")
        held = self.desk.deals(ids)
        if not held:
            return
        with self.desk.lock:
            session = self.desk.session
            stage, needs = ahead(session, held[0])
            alike = [one for one in held if ahead(session, one)[0] == stage]
            name = title(session, "deal", held[0]) if not held[1:] else f"{len(alike)} deals"
        if stage is None or not needs.checks:
            self.main.say(f"the next stage waits for no box{'' if stage is None else f': {stage.name}'}")
            return

        def chosen(found: Along | None) -> None:
            if found is not None:
                done = self.desk.write(lambda session: tick(session, alike, found.ticks))
                self.finish(done, [("deal", str(one["id"])) for one in alike])

        self.app.push_screen(Boxes(f"{name}: {stage.name} needs", "", needs.checks, force=False), chosen)
