"""The team's rules: what sets each off, when it ran last, on and off, and what it would have done of late."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType

from tuicrm.tui.safe import short
from tuicrm.tui.screens.itemlist import ItemList
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from textual import events

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.rules.replay import Replay
    from tuicrm.crm.session import Session
    from tuicrm.tui.safe import Line
    from tuicrm.tui.stepping import StepKeys

WIDEST = 76
AROUND = 6
DAYS = 30
SHOWN = 5
"""Runs of the past that are shown; `tuicrm rule test` shows them all."""


class Rules(ItemList):
    """Enter turns the rule under the cursor on or off, `e` changes it, `p` shows what it would have done."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "turn", show=False),
        Binding("e", "edit", show=False),
        Binding("p", "preview", show=False),
    ]

    def __init__(self, program: StepKeys) -> None:
        super().__init__(program)
        self.rows: list[dict[str, Any]] = []
        self.below: list[str] = []
        """What there is to say about the rule under the cursor."""
        self._load()

    def _load(self) -> None:
        from tuicrm.crm.rules.model import rules
        from tuicrm.crm.rules.telling import held_back, row

        desk = self.desk
        with desk.lock:
            self.rows = [
                {**row(desk.session, one), "held": held_back(desk.session, one)} for one in rules(desk.session)
            ]
        self.at = min(self.at, max(0, len(self.rows) - 1))

    def lines(self) -> list[Line]:
        width, height = min(WIDEST, self.app.size.width - AROUND), max(3, self.app.size.height - AROUND)
        keys = "a adds, Enter on/off, e edits, D removes, p previews 30 days, u undoes, Esc"
        heads = wrapped((("Rules ", "head"), (keys, "muted")), width)
        said = wrapped((self.note,), width) if self.note[0] else []
        if not self.rows:
            return [*heads, ((short("  none yet: a adds one", width), "muted"),), *said]
        chosen = self.rows[self.at]
        what = f"{chosen['when']}{', if ' + chosen['if'] if chosen['if'] else ''}: {'; '.join(chosen['do'])}"
        told = [what, *(chosen[one] for one in ("problem", "held") if chosen[one]), *self.below]
        foot = [*(line for text in told for line in wrapped(((text, "muted"),), width)), *said]
        room = max(1, height - len(heads) - len(foot))
        top = max(0, min(self.at - room // 2, len(self.rows) - room))
        body: list[Line] = [self._row(place, width) for place in range(top, min(top + room, len(self.rows)))]
        return [*heads, *body, *foot[: max(1, height - len(heads) - len(body))]]

    def _row(self, place: int, width: int) -> Line:
        one = self.rows[place]
        state = "wrong" if one["problem"] else "on" if one["active"] else "off"
        ran = (
            f"{one['runs']} run{'s' * (one['runs'] != 1)}, last {one['last_ran_at'][:10]}"
            if one["last_ran_at"]
            else "never ran"
        )
        text = f"{'>' if place == self.at else ' '} {state:<5} {one['name']} | {ran}"
        look = "cursor" if place == self.at else "late" if one["problem"] else "text" if one["active"] else "muted"
        return ((short(text, width), look),)

    def _show(self, *below: str) -> None:
        self.below, self.note = list(below), ("", "muted")
        self.box.put(self.lines())

    def draw(self) -> None:
        """Show the rules as they are now."""
        self._load()
        super().draw()

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Read again what was changed on the page of a rule."""
        self.draw()

    def action_step(self, by: int) -> None:
        """Go down or up the list."""
        self.at = min(max(0, self.at + by), max(0, len(self.rows) - 1))
        self._show()

    def action_turn(self) -> None:
        """Turn the rule on or off."""
        from tuicrm.crm.rules import editing

        if not self.rows:
            return
        one, self.below = self.rows[self.at], []

        def plan(session: Session) -> Plan | None:
            record = session.ws.get("rule", one["id"])
            return editing.edit(session, record, active=not one["active"]) if record is not None else None

        self.write(plan)

    def action_edit(self) -> None:
        """Open the rule, to change it line by line."""
        from tuicrm.tui.screens.ruleedit import RuleEditor

        if self.rows:
            self.app.push_screen(RuleEditor(self.stepping, self.rows[self.at]["id"]))

    def action_add(self) -> None:
        """Ask for the parts of another rule."""
        from tuicrm.tui.screens.ruleedit import ask_for_rule

        def ready(key: str) -> None:
            self.at = next((at for at, one in enumerate(self.rows) if one["id"] == key), 0)
            super(Rules, self).draw()

        self.below = []
        ask_for_rule(self, ready)

    def action_remove(self) -> None:
        """Put the rule under the cursor into the trash."""
        from tuicrm.crm.edit import remove

        if not self.rows:
            return
        key, self.below = self.rows[self.at]["id"], []

        def plan(session: Session) -> Plan | None:
            record = session.ws.get("rule", key)
            return remove(session, "rule", [record]) if record is not None else None

        self.write(plan)

    def action_preview(self) -> None:
        """Show what the rule would have done in the last days: found in a thread."""
        if self.rows:
            self._show("looking at the last 30 days …")
            key = self.rows[self.at]["id"]
            self.run_worker(lambda: self._preview(key), thread=True, exclusive=True, group="rules", exit_on_error=False)

    def _preview(self, key: str) -> None:
        from tuicrm.crm.rules.checking import check_rule
        from tuicrm.crm.rules.model import rule_of
        from tuicrm.crm.rules.replay import replay
        from tuicrm.errors import TuicrmError

        try:
            with self.desk.aside.held() as session:
                check_rule(session, session.ws.all("rule")[key])
                found = replay(session, rule_of(session.ws.all("rule")[key]), DAYS)
                said = _said(session, found)
        except (TuicrmError, KeyError) as error:
            said = [str(error)]
        self.app.call_later(self._previewed, key, said)

    def _previewed(self, key: str, said: list[str]) -> None:
        if self.is_attached and self.rows and self.rows[self.at]["id"] == key:
            self._show(*said)


def _said(session: Session, found: Replay) -> list[str]:
    from datetime import UTC, datetime

    zone = session.reading.now.tzinfo
    lines = [f"would have run {len(found.runs)} times in the last {DAYS} days"]
    for one in found.runs[-SHOWN:][::-1]:
        at = datetime.fromtimestamp(one.ms / 1000, UTC).astimezone(zone)
        lines.append(f"{at.day} {at:%b} {one.title}: {one.did}")
    return lines
