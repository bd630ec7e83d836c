"""The list under a field: records and words that fit what is typed, and existing records that look the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.folding import fold
from tuicrm.records.types import Addresses, Choice, Flag
from tuicrm.tui.forms.base import FormBase
from tuicrm.tui.forms.picture import MENU_LINES, Offer
from tuicrm.tui.forms.sheet import LOOKED_AT
from tuicrm.tui.forms.slot import Pick, parts

if TYPE_CHECKING:
    from tuicrm.crm.lookalikes import Lookalike
    from tuicrm.tui.forms.slot import Slot


class Offers(FormBase):
    """What a form proposes while one types."""

    _alike: tuple[Lookalike, ...] = ()

    def step_offer(self, by: int) -> None:
        """Go up or down the list."""
        look = self.picture
        look.offer = min(max(0, look.offer + by), len(look.offers) - 1)

    def offer(self, slot: Slot, *, asked: bool = False) -> None:
        """List what a text may mean; for most fields only when asked."""
        self.close_offers()
        text = _typing(slot)
        if not asked and (not text or (slot.picks and not slot.many) or not _offered(slot)):
            return
        found = self._found(slot, "" if asked and slot.picks and not slot.many else text)
        if text and any(fold(one.text) == fold(text) for one in found) and not slot.refers:
            # What is typed is one of them already: Enter saves.
            found = found if asked else []
        if text and self.sheet.can_create(slot) and not (slot.picks and not slot.many):
            found = [*found[: MENU_LINES - 1], Offer(f"create {slot.refers} '{text}'", creates=True)]
        self.picture.offers = found
        # In a field that takes any word, Enter keeps the one that is typed.
        closed = slot.refers or (isinstance(slot.field.type, Choice | Flag) and not _open_ended(slot))
        self.picture.offer = 0 if found and (closed or asked) else -1

    def _found(self, slot: Slot, text: str) -> list[Offer]:
        from tuicrm.crm.suggesting import suggestions

        held = suggestions(
            self.desk.session,
            self.sheet.kind.name,
            slot.field,
            text,
            company=self.sheet.chosen("company"),
            pipeline=self.sheet.pipeline if slot.refers == "stage" else "",
            limit=MENU_LINES,
        )
        there = {one.typed for one in slot.picks} if slot.many else set()
        words = set(parts(slot.text)) - {text} if slot.many else set()
        return [Offer(one.text, one.detail, one.key) for one in held if one.key not in there and one.text not in words]

    def take_offer(self) -> bool:
        """Take the offer at the cursor; False where there is none."""
        look, slot = self.picture, self.picture.slot
        if slot is None or not 0 <= look.offer < len(look.offers):
            return False
        taken = look.offers[look.offer]
        with self.desk.lock:
            if taken.creates:
                slot.pick(Pick("", _typing(slot)))
            elif slot.refers:
                slot.pick(Pick(taken.key, taken.text, taken.detail))
            elif slot.many:
                slot.type(", ".join([*parts(slot.text.rpartition(",")[0]), taken.text]))
            else:
                slot.type(taken.text)
            self.close_offers()
            self.judge(slot)
        self.load()
        self.draw()
        return True

    def action_search(self) -> None:
        """Look through the answers that a field can have."""
        slot = self.picture.slot
        if slot is None:
            return
        if slot.long and self.sheet.kind.name != "answer":
            self.find_answer()
            return
        with self.desk.lock:
            self.offer(slot, asked=True)
        if not self.picture.offers:
            self.say("nobody has filled this in yet: type an answer", "muted")
        self.draw()

    def find_answer(self) -> None:
        """Look through the team's answers, and put one into the text; its use counts when the form is saved."""
        from tuicrm.tui.answering import find_answer

        def take(key: str, text: str) -> None:
            if self.area is not None:
                self.area.insert(text)
            self.sheet.answers.append(key)

        def tell(said: str) -> None:
            self.say(said, "muted")
            self.draw()

        find_answer(self.app, self.desk, take, tell)

    def warm(self) -> None:
        """Read what references and look-alikes are looked up in, so that the first letter need not wait for it."""
        from tuicrm.crm.lookalikes import lookalikes
        from tuicrm.crm.suggesting import records

        for kind in {slot.refers for slot in self.sheet.slots if slot.refers not in ("", "stage")}:
            with self.desk.lock:
                records(self.desk.session, kind, "-")
        if not (self.sheet.only or self.sheet.several):
            with self.desk.lock:
                lookalikes(self.desk.session, self.sheet.kind.name, {})

    def look_alike(self, slot: Slot) -> None:
        """Warn of records that look like the one that is typed."""
        if slot.name not in LOOKED_AT:
            return
        from tuicrm.crm.lookup import label

        self._alike = tuple(self.sheet.alike())
        if not self._alike:
            return
        first, more = self._alike[0], len(self._alike) - 1

        record = self.desk.session.ws.get(first.kind, first.id) or {"id": first.id}
        others = f" (and {more} more)" if more else ""
        why = first.why if first.why.startswith("similar") else f"same {first.why}"
        named = label(self.desk.session, first.kind, record)
        self.say(f"! ctrl+t opens one with the {why}{others}: {named}".replace("the similar", "a similar"), "today")

    def action_existing(self) -> None:
        """Open the existing record instead of adding another."""
        if not self._alike:
            self.say("nothing here looks like it", "muted")
            self.draw()
            return
        if len(self._alike) == 1:
            self.instead(0)
            return
        from tuicrm.crm.lookup import label
        from tuicrm.tui.screens.choose import Choose

        session = self.desk.session
        with self.desk.lock:
            texts = [
                label(session, one.kind, session.ws.get(one.kind, one.id) or {"id": one.id}) for one in self._alike
            ]
        self.app.push_screen(Choose("Open instead", texts), self.instead)

    def instead(self, place: int | None) -> None:
        """Leave the form for an existing record."""
        if place is not None:
            one = self._alike[place]
            self.leave_for(one.kind, one.id)


def _typing(slot: Slot) -> str:
    """Return the part of a field that is being typed: of words with commas the last."""
    text = slot.text
    return (text.rpartition(",")[2] if slot.many and not slot.refers else text).strip()


def _offered(slot: Slot) -> bool:
    """Tell whether a field lists what fits without being asked."""
    return bool(slot.refers) or slot.choices or _words(slot)


def _words(slot: Slot) -> bool:
    return slot.many and not isinstance(slot.field.type, Addresses)


def _open_ended(slot: Slot) -> bool:
    return bool(getattr(slot.field.type, "open_ended", False))
