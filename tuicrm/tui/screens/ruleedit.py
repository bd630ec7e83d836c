"""A rule, line by line: when, if, and each thing that it does; every change is a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.tui.screens.itemlist import AROUND, WIDEST, Item, ItemList
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Desk, Done
    from tuicrm.tui.safe import Line
    from tuicrm.tui.screens.itemlist import Make
    from tuicrm.tui.stepping import StepKeys

NAME = "name of the rule:"
WHEN = "when, as in stage Proposal or no activity for 14 days:"
IF = "if, as in value>10k; empty for all:"
DO = "do, as in followup call in 3 days or notify owner: TEXT:"


class RuleEditor(ItemList):
    """Enter changes a line, `a` adds something that the rule does, `D` takes it away."""

    def __init__(self, program: StepKeys, rule: str) -> None:
        super().__init__(program)
        self.rule = rule

    @property
    def record(self) -> dict[str, Any]:
        """The rule as it is; empty where somebody has removed it."""
        return self.desk.session.ws.get("rule", self.rule) or {}

    def heading(self) -> str:
        """Return the rule's name."""
        return f"Rule: {self.record.get('name', 'it has been removed')}"

    def keys(self) -> str:
        """Return what the keys do."""
        return "Enter changes, a adds what it does, D takes that away, Esc"

    def items(self) -> list[Item]:
        """Return a line for each part of the rule."""
        from tuicrm.crm.rules.model import rule_of
        from tuicrm.crm.rules.telling import does
        from tuicrm.crm.rules.words import say_when

        if not self.record:
            return []
        session, rule = self.desk.session, rule_of(self.record)
        when = say_when(session, rule)
        parts = zip(rule.actions, does(session, rule), strict=True)
        return [
            Item(f"name  {rule.name}", prompt=NAME, value=rule.name, make=_part("name")),
            Item(f"when  {when}", prompt=WHEN, value=when, make=_part("when")),
            Item(f"if    {rule.condition or '-'}", prompt=IF, value=rule.condition, make=_part("condition")),
            *(Item(f"do    {text}", prompt=DO, value=text, make=_action(one.key), part=one.key) for one, text in parts),
            Item("+ something more that it does", prompt=DO, make=_action("")),
        ]

    def lines(self) -> list[Line]:
        """Return the lines, and what is wrong with the rule."""
        from tuicrm.crm.rules.model import rule_of
        from tuicrm.crm.rules.telling import wrong

        with self.desk.lock:
            said = wrong(self.desk.session, rule_of(self.record)) if self.record else ""
        width = max(20, min(WIDEST, self.app.size.width - AROUND))
        return [*super().lines(), *(wrapped(((said, "late"),), width)[:2] if said else ())]

    def action_add(self) -> None:
        """Add something that the rule does."""
        self.at = len(self.items()) - 1
        self.draw()
        self.action_take()

    def action_remove(self) -> None:
        """Take away what is under the cursor, where it is something that the rule does."""
        from tuicrm.crm.rules.editing import change_action

        held = self.items()
        if held and held[self.at].part:
            key = held[self.at].part
            self.write(lambda session: change_action(session, self.record, key, ""))
        else:
            self.say("only what it does is taken away here; D in the list removes the rule")


def _part(name: str) -> Make:
    from tuicrm.crm.rules.editing import edit

    def make(session: Session, held: dict[str, Any], text: str) -> Plan:
        change: dict[str, Any] = {name: text}
        return edit(session, held, **change)

    return make


def _action(key: str) -> Make:
    from tuicrm.crm.rules.editing import change_action

    return lambda session, held, text: change_action(session, held, key, text)


def ask_for_rule(asker: ItemList, ready: Callable[[str], None]) -> None:
    """Ask for the parts of another rule, for each until it can be used; `ready` gets the id of the rule."""
    from tuicrm.tui.desk import Done

    desk = asker.desk
    typed = {"name": "", "when": "", "condition": ""}

    def take(name: str, text: str, objection: str, after: Callable[[], None]) -> Done:
        typed[name] = text.strip()
        if objection:
            asker.say(objection, "late")
            return Done(objection, failed=True)
        asker.say("")
        after()
        return Done("")

    def named(text: str) -> Done:
        return take("name", text, "" if text.strip() else "a rule needs a name", ask_when)

    def ask_when() -> None:
        asker.ask_until(WHEN, "", lambda text: take("when", text, _no_trigger(desk, text), ask_if))

    def ask_if() -> None:
        of = _of(desk, typed["when"])
        asker.ask_until(IF, "", lambda text: take("condition", text, desk.objection(of, text), ask_do))

    def ask_do() -> None:
        asker.ask_until(DO, "", does)

    def does(text: str) -> Done:
        from tuicrm.crm.rules.editing import add

        when, condition = typed["when"], typed["condition"]
        done = asker.write(lambda session: add(session, typed["name"], when=when, condition=condition, do=[text]))
        if done.changed and done.plan is not None:
            ready(done.plan.ids[0])
        return done

    asker.ask_until(NAME, "", named)


def _no_trigger(desk: Desk, text: str) -> str:
    """Return what is wrong with a trigger in words; empty where it is one."""
    from tuicrm.errors import TuicrmError

    try:
        _of(desk, text)
    except TuicrmError as problem:
        return str(problem)
    return ""


def _of(desk: Desk, when: str) -> str:
    """Return the kind of records that a trigger in words is about."""
    from tuicrm.crm.rules.words import read_when

    with desk.lock:
        return str(read_when(desk.session, when)["of"])
