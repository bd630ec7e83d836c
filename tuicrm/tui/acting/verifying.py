"""The key that says that somebody's details are still right."""

from __future__ import annotations

from dataclasses import replace

from tuicrm.tui.acting.targets import Targets


class VerifyKeys(Targets):
    """It acts on people, and on the people of follow-ups."""

    def action_contact_verify(self) -> None:
        """Note that the details of the chosen people are right as of today."""
        from tuicrm.crm.freshness import verify

        ids = self.here(self._people(), "person")
        if not ids:
            return
        with self.desk.lock:
            held = [one for key in ids if (one := self.desk.session.ws.get("contact", key)) is not None]
        done = self.desk.write(lambda session: verify(session, held))
        said = done.plan.said if done.plan is not None else ()
        self.finish(replace(done, said="; ".join((done.said, *said))), [("contact", one) for one in ids])

    def _people(self) -> list[str]:
        """Return the people that are chosen, and those whom chosen follow-ups are for."""
        found = dict.fromkeys(self.records("contact"))
        for one in self.abouts():
            if one.kind == "followup":
                found.update(dict.fromkeys(one.contacts))
        return list(found)
