"""Leaving a form: saved, handed over, kept as a draft; and long texts in the user's editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError
from tuicrm.tui.forms.base import FormBase, Outcome

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.forms.slot import Slot


class Saving(FormBase):
    """How a form is left."""

    def action_save(self) -> None:
        """Write the form as one step; what is wrong is said beside its field."""
        self.sync()
        with self.desk.lock:
            wrong = self._wrong()
        if wrong is not None:
            self._show(wrong)
        elif self.collect is not None:
            self.desk.drafts[self.draft_key] = self.sheet.draft()
            self.dismiss(Outcome(typed=self.sheet.typed()[0]))
        else:
            self._write()

    def _wrong(self) -> Slot | None:
        """Return the first field that cannot be saved."""
        for slot in self.sheet.dirty:
            self.sheet.settle(slot)
        for slot in self.sheet.everything:
            if slot.verdict.bad and slot.dirty:
                return slot
            if slot.empty and self.sheet.only and self.collect is not None and not self.sheet.optional:
                return self.sheet.complain(slot.name, "is needed")
        return None

    def _write(self) -> None:
        problems: list[TuicrmError] = []

        def make(session: Session) -> Plan:
            try:
                return self.sheet.plan()
            except TuicrmError as problem:
                problems.append(problem)
                raise

        done = self.desk.write(make)
        if not done.failed:
            self.desk.drafts.pop(self.draft_key, None)
            self.dismiss(Outcome(done))
            return
        names = _names(problems[0]) if problems else ()
        asks = getattr(problems[0], "asks", "") if problems else ""
        needed = asks and getattr(problems[0], "fields", ())
        slots = [self.sheet.complain(name, "needed here" if needed else done.said) for name in names]
        self.say(asks or done.said)
        self.fit()
        self._show(next((one for one in slots if one is not None), None))

    def _show(self, slot: Slot | None) -> None:
        if slot is None:
            self.draw()
            return
        bad = slot.verdict
        self.sheet.unfold(slot.name)
        self.go(self.sheet.slots.index(slot))
        slot.verdict = bad
        self.draw()

    def action_leave(self) -> None:
        """Close the list, else the form; what was typed is kept as a draft."""
        if self.picture.offers:
            self.close_offers()
            self.draw()
            return
        self.sync()
        self.keep()
        self.dismiss(Outcome())

    def keep(self) -> None:
        """Keep what was typed for the next time."""
        draft = self.sheet.draft()
        if draft:
            self.desk.drafts[self.draft_key] = draft
        else:
            self.desk.drafts.pop(self.draft_key, None)

    def leave_for(self, kind: str, record_id: str) -> None:
        """Close the form and open a record."""
        self.keep()
        self.dismiss(Outcome(instead=(kind, record_id)))

    def action_editor(self) -> None:
        """Edit the present field in the user's editor."""
        from tuicrm.tui.app import TuicrmApp
        from tuicrm.tui.editor import edit_text

        slot = self.picture.slot
        if slot is None or not isinstance(self.app, TuicrmApp):
            return
        try:
            text = edit_text(self.app, slot.text)
        except TuicrmError as problem:
            self.say(str(problem))
            self.draw()
            return
        if text is not None:
            self.typed(text if slot.long else " ".join(text.split("\n")).strip())
            self.close_offers()
            self.load()
            self.draw()


def _names(problem: TuicrmError) -> tuple[str, ...]:
    """Return the fields that a problem is about."""
    several: tuple[str, ...] = getattr(problem, "fields", ())
    return several or tuple(one for one in (getattr(problem, "field", ""),) if one)
