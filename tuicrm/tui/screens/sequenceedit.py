"""The editor of sequences: a list, each of which opens into its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import sequences
from tuicrm.crm.shapes import word
from tuicrm.crm.steps import Step, steps
from tuicrm.tui.safe import fit
from tuicrm.tui.screens.itemedit import ItemEditor
from tuicrm.tui.screens.itemlist import Item

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.screens.itemlist import Make

NAME = 22
STEP = "day, what to do, words, as in 3 call Any questions?"


class SequenceEditor(ItemEditor):
    """The sequences of the team, with their steps."""

    def _held(self) -> list[dict[str, Any]]:
        held = self.desk.session.ws.all("sequence").values()
        return sorted(held, key=lambda one: (word(one.get("name")).casefold(), one["id"]))

    @property
    def record(self) -> dict[str, Any]:
        """The sequence that is open; empty for the list."""
        return self.desk.session.ws.get("sequence", self.inside) or {}

    def items(self) -> list[Item]:
        """Return the sequences, or the steps of the one that is open."""
        if record := self.record:
            return [*map(_step_line, steps(record)), _more(), _name(word(record.get("name")))]
        self.inside = ""
        return [Item(_summary(one), key=one["id"]) for one in self._held()]

    def heading(self) -> str:
        name = word(self.record.get("name"))
        return f"Sequences{f' > {name}' if name else ''}"

    def keys(self) -> str:
        return "Enter changes, a adds, D removes a step, Esc back" if self.inside else super().keys()

    def action_add(self) -> None:
        """Add a sequence, asking for its name and its first step; in a sequence, a step."""
        if self.inside:
            self.at = len(steps(self.record))
            self.action_take()
            return

        def named(name: str) -> None:
            def write(text: str) -> None:
                self.write(lambda session: sequences.add(session, name, [text]))

            self.ask(f"first step: {STEP}:", "", write)

        self.ask("name of the sequence:", "", named)

    def action_remove(self) -> None:
        """Remove the sequence under the cursor; in a sequence, the step."""
        item = self.here()
        if item is None:
            return
        if self.inside and item.part:
            number = str(self.at + 1)
            self.write(lambda session: sequences.edit_steps(session, self.record, [], [number]))
        elif item.key:
            held = self.desk.session.ws.get("sequence", item.key)
            if held is not None:
                self.write(lambda session: sequences.remove(session, [held]))


def _summary(record: dict[str, Any]) -> str:
    told = ", ".join(f"{one.day} {one.said}" for one in steps(record))
    return f"{fit(word(record.get('name')), NAME)} {told}"


def _step_line(one: Step) -> Item:
    typed = " ".join(filter(None, (str(one.day), one.what, one.text)))
    return Item(f"day {one.day:>3}  {one.said}", prompt=f"{STEP}:", value=typed, make=_retyped(one.key), part=one.key)


def _retyped(key: str) -> Make:
    return lambda session, held, text: sequences.retype_step(session, held, key, text)


def _more() -> Item:
    def make(session: Session, held: dict[str, Any], text: str) -> Plan:
        return sequences.edit_steps(session, held, [text], [])

    return Item("+ a step", prompt=f"{STEP}:", make=make)


def _name(name: str) -> Item:
    def make(session: Session, held: dict[str, Any], text: str) -> Plan:
        from tuicrm.crm.edit import edit

        return edit(session, "sequence", [held], {"name": [text]})

    return Item(f"name: {name}", prompt="name:", value=name, make=make)
