"""A form without its screen: the fields of a kind, what was typed into them, and the plan that saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.echo import Verdict, bare, can_type, verdict
from tuicrm.crm.entering import CREATABLE, Fresh, enter
from tuicrm.crm.shapes import word
from tuicrm.crm.suggesting import declared
from tuicrm.errors import Ambiguous, NotFound, TuicrmError
from tuicrm.tui.forms.holding import NOTHING, hints, holding, known
from tuicrm.tui.forms.slot import Held, Slot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.lookalikes import Lookalike
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

Record = dict[str, Any]
Typed = dict[str, list[str]]
Draft = dict[str, Held]
"""What was typed, by field, of a form that was left."""

LOOKED_AT = ("name", "company", "emails", "phones", "phone", "domain", "website")
"""The fields by which a record is recognised."""


class Sheet:
    """The fields that a form shows; `ids` are the records it edits (none: it adds one)."""

    def __init__(
        self,
        session: Session,
        kind: str,
        *,
        ids: Sequence[str] = (),
        typed: Mapping[str, str] | None = None,
        only: Sequence[str] = (),
    ) -> None:
        self.session = session
        self.kind = session.kind(kind)
        self.ids = tuple(ids)
        self.only = tuple(only)
        fields = [one for one in self.kind.all_fields if can_type(one) and (not only or one.name in only)]
        if not session.ws.all("lead"):
            # A team without leads is not asked which one something is about.
            fields = [one for one in fields if one.type.refers != "lead"]
        first = [one for one in fields if only or one.first or one.required]
        # What is filled in already comes after what is to be typed.
        first += [one for one in fields if one.name in (typed or {}) and one not in first]
        self.slots = [Slot(one) for one in first]
        self.folded = [Slot(one) for one in fields if one not in first]
        """Fields that come on demand."""
        self.prefilled = dict(typed or {})
        self.removed = False
        """Whether the record has been deleted since."""
        self.along: Callable[[Session, Plan], Plan] | None = None
        """Adds to the plan what is written in the same step, such as the link to what is added."""
        self.answers: list[str] = []
        """The answers of the library that went into long texts: saving counts their use."""
        self.optional = False
        """Whether the fields that are asked for alone may stay empty."""
        self._start: Draft = {}
        """What stood in the fields when the form was opened."""
        self._read()

    @property
    def everything(self) -> list[Slot]:
        """All fields, the folded ones too."""
        return [*self.slots, *self.folded]

    @property
    def adds(self) -> bool:
        """Whether the form adds a record."""
        return not self.ids

    @property
    def several(self) -> bool:
        """Whether the form edits several records alike: then only what is filled in is written."""
        return len(self.ids) > 1

    @property
    def dirty(self) -> list[Slot]:
        """The fields that saving would write."""
        return [slot for slot in self.everything if slot.dirty]

    def slot(self, name: str) -> Slot | None:
        """Return the field of this name, if the form has it."""
        return next((one for one in self.everything if one.name == name), None)

    def unfold(self, *names: str) -> None:
        """Show the folded fields: the named ones, or all."""
        for slot in list(self.folded):
            if not names or slot.name in names:
                self.folded.remove(slot)
                self.slots.append(slot)

    @property
    def record(self) -> Record:
        """The one record that is edited; empty where there is none."""
        found = self.session.ws.get(self.kind.name, self.ids[0]) if len(self.ids) == 1 else None
        return found or {}

    def _read(self) -> None:
        """Fill in what the record holds, and in grey what is saved where nothing is typed."""
        fields = [slot.field for slot in self.everything]
        held = holding(self.session, self.kind.name, self.record, fields) if self.record else {}
        greys = hints(self.session, self.kind, self.ids, fields) if len(self.ids) != 1 and not self.only else {}
        for slot in self.everything:
            slot.hold(held.get(slot.name, NOTHING))
            slot.hint = greys.get(slot.name, "")
            slot.choices = bool(declared(self.session, self.kind.name, slot.field))
            slot.meanwhile = ""
        for name, text in self.prefilled.items():
            self._prefill(name, text)
        self._start = {slot.name: (slot.text, tuple(slot.picks)) for slot in self.everything}
        for slot in self.everything:
            self.judge(slot)

    def _prefill(self, name: str, text: str) -> None:
        slot = self.slot(name)
        if slot is None or not text:
            return
        keys = [one.strip() for one in text.split(",")] if slot.many else [text]
        picks = [one for one in (known(self.session, slot.refers, key) for key in keys) if one is not None]
        if len(picks) == len(keys):
            for one in picks:
                slot.pick(one)
        else:
            slot.type(text)

    def judge(self, slot: Slot) -> None:
        """Read what is typed into a field, as saving would, and say what is understood."""
        if slot.refers and slot.refers != "stage":
            detail = "; ".join(one.detail for one in slot.picks[-1:] if one.detail)
            fresh = [f"{slot.refers} is added" for one in slot.picks if not one.key]
            slot.verdict = Verdict(fresh[0] if fresh else detail)
            return
        texts = slot.texts()
        kept = slot.many and not slot.dirty
        beside = {name: texts for name, texts in self._beside(slot).items() if texts}
        slot.verdict = (
            Verdict() if kept else verdict(self.session, self.kind.name, self.record, slot.field, texts, beside)
        )

    def _beside(self, slot: Slot) -> Typed:
        """Return what is typed into the fields that go with this one: an amount's currency, a stage's pipeline."""
        groups = [group for group in self.kind.groups if slot.name in group]
        names = [name for group in groups for name in group if name in ("currency", "pipeline") and name != slot.name]
        found = [one for one in self.everything if one.name in names and one.dirty]
        return {one.name: one.texts() for one in found if not one.verdict.bad}

    def together(self, slot: Slot) -> list[Slot]:
        """Return the other fields whose reading depends on this one."""
        if slot.name not in ("currency", "pipeline"):
            return []
        names = {name for group in self.kind.groups if slot.name in group for name in group} - {slot.name}
        return [one for one in self.everything if one.name in names and not one.empty]

    def settle(self, slot: Slot) -> None:
        """Find out whom a reference means that was typed and not chosen."""
        text = slot.text.strip()
        if not slot.refers or slot.refers == "stage" or not text or (slot.picks and not slot.many):
            return
        if not slot.dirty:
            return
        from tuicrm.crm.lookup import find
        from tuicrm.crm.suggesting import records

        if text.casefold() != "me" and not records(self.session, slot.refers, text, limit=1):
            # Sooner known than `find` would know it, which also looks for the nearest spelling.
            slot.verdict = Verdict(f"no {self.session.kind(slot.refers).one} '{text}'", bad=True)
            return
        try:
            key = str(find(self.session, slot.refers, text)["id"])
        except (NotFound, Ambiguous) as problem:
            slot.verdict = Verdict(str(problem), bad=True)
            return
        if found := known(self.session, slot.refers, key):
            slot.pick(found)
            self.judge(slot)

    def can_create(self, slot: Slot) -> bool:
        """Tell whether a record that a field names can be added along with the form."""
        return slot.refers in CREATABLE and not self.only

    def chosen(self, name: str) -> str:
        """Return the id that a single reference of the form holds; empty for none."""
        slot = self.slot(name)
        if slot is not None:
            return slot.picks[0].key if slot.picks else ""
        return word(self.record.get(name))

    @property
    def pipeline(self) -> str:
        """The pipeline whose stages are meant."""
        from tuicrm.crm.stages import default

        if found := self.chosen("pipeline"):
            return found
        try:
            return str(default(self.session)["id"])
        except TuicrmError:
            return ""

    def typed(self) -> tuple[Typed, Typed]:
        """Return what saving writes and what it takes away, by field."""
        typed: Typed = {}
        removed: Typed = {}
        for slot in self.dirty:
            added, gone = (slot.texts(), []) if self.adds or self.several else slot.changes()
            if added:
                typed[slot.name] = added
            if gone:
                removed[slot.name] = gone
        return typed, removed

    def plan(self) -> Plan:
        """Return the plan that saves the form; raises one sentence, with the field that it is about."""
        typed, removed = self.typed()
        fresh = tuple(Fresh(one.refers, pick.text) for one in self.dirty for pick in one.picks if not pick.key)
        plan = enter(self.session, self.kind.name, self.ids, typed, removed=removed, fresh=fresh)
        plan = self.along(self.session, plan) if self.along else plan
        if not self.answers:
            return plan
        from tuicrm.crm.answers import counted

        return counted(self.session, plan, self.answers)

    def complain(self, name: str, sentence: str) -> Slot | None:
        """Put a sentence to the field that it is about, and return the field."""
        slot = self.slot(name)
        if slot is None:
            return None
        self.unfold(name)
        slot.verdict = Verdict(bare(sentence, slot.field), bad=True)
        return slot

    def follow(self) -> bool:
        """Follow what somebody else wrote; what was typed stays. True where anything on the form is different."""
        if self.several:
            return self._follow_several()
        if not self.ids:
            return False
        record = self.record
        if not record:
            gone, self.removed = not self.removed, True
            return gone
        self.removed = False
        held = holding(self.session, self.kind.name, record, [slot.field for slot in self.everything])
        changed = [slot for slot in self.everything if slot.rebase(held[slot.name])]
        for slot in changed:
            self.judge(slot)
        return bool(changed)

    def _follow_several(self) -> bool:
        """Show in grey what the records hold alike, or that they differ, as it is at this moment."""
        if self.only:
            return False
        live = [key for key in self.ids if self.session.ws.get(self.kind.name, key) is not None]
        gone, self.removed = not live and not self.removed, not live
        greys = hints(self.session, self.kind, self.ids, [slot.field for slot in self.everything])
        changed = [slot for slot in self.everything if slot.hint != greys.get(slot.name, "")]
        for slot in changed:
            slot.hint = greys.get(slot.name, "")
        return gone or bool(changed)

    def draft(self) -> Draft:
        """Return what was typed."""
        held = {slot.name: (slot.text, tuple(slot.picks)) for slot in self.dirty}
        return {name: one for name, one in held.items() if one != self._start[name]}

    def restore(self, draft: Draft) -> None:
        """Put back what was typed."""
        for slot in self.everything:
            if slot.name in draft:
                slot.text, slot.picks = draft[slot.name][0], list(draft[slot.name][1])
                self.unfold(slot.name)
                self.judge(slot)

    def reset(self) -> None:
        """Throw away what was typed."""
        self._read()

    def alike(self) -> list[Lookalike]:
        """Return the records that look the same as what is typed."""
        from tuicrm.crm.duplicates import customers_like
        from tuicrm.crm.lookalikes import lookalikes

        if self.several or self.only:
            return []
        held = [slot for slot in self.everything if slot.name in LOOKED_AT]
        if not any(slot.dirty for slot in held):
            return []
        typed = {slot.name: slot.texts() for slot in held if slot.name != "company"}
        typed["company"] = [one for one in [self.chosen("company")] if one]
        known = customers_like(self.session, self.kind.name, typed) if self.adds else []
        return [*known, *lookalikes(self.session, self.kind.name, typed, but=self.ids[0] if self.ids else "")]
