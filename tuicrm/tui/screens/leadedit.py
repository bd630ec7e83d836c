"""The editors of what a team says of its leads: their statuses with the criteria, and what gives them points."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from tuicrm.crm import scoring, statuses
from tuicrm.errors import Invalid
from tuicrm.records.status import MEANINGS
from tuicrm.tui.safe import fit
from tuicrm.tui.screens.itemedit import ItemEditor
from tuicrm.tui.screens.itemlist import Item

if TYPE_CHECKING:
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.records.status import Status

NAME, MEANING, POINTS = 18, 12, 5


class StatusEditor(ItemEditor):
    """The statuses of leads: names, meanings, criteria and order."""

    def _statuses(self) -> list[Status]:
        return statuses.statuses(self.desk.session)

    def items(self) -> list[Item]:
        """Return the statuses, or what can be changed in the one that is open."""
        here = next((one for one in self._statuses() if one.key == self.inside), None)
        if here is not None:
            return _status_page(here)
        self.inside = ""
        return [
            Item(f"{fit(one.name, NAME)} {fit(one.meaning, MEANING)} {one.criteria}", key=one.key)
            for one in self._statuses()
        ]

    def heading(self) -> str:
        name = next((one.name for one in self._statuses() if one.key == self.inside), "")
        return f"Lead statuses{f' > {name}' if name else ''}"

    def below(self) -> str:
        held = self._statuses()
        key = self.inside or (held[self.at].key if self.at < len(held) else "")
        return next((one.criteria for one in held if one.key == key), "")

    def keys(self) -> str:
        return "Enter changes, Esc back" if self.inside else "Enter opens, a adds, H L order, D removes, Esc"

    def action_add(self) -> None:
        """Add a status below the one under the cursor, of the same meaning."""
        held = self._statuses()
        if self.inside or self.at >= len(held):
            return
        beside = held[self.at]

        def named(name: str) -> None:
            def write(criteria: str) -> None:
                plan = partial(statuses.add, meaning=beside.meaning, after=beside.key)
                if self.write(lambda session: plan(session, name, criteria=criteria)).changed:
                    self.action_step(1)

            self.ask(f"what has to hold for {name}:", "", write)

        self.ask(f"status that means {beside.meaning}, its name:", "", named)

    def action_remove(self) -> None:
        """Remove a status, asking where its leads go."""
        held = self._statuses()
        if self.inside or self.at >= len(held):
            return
        one = held[self.at]
        others = [each for each in held if each.key != one.key]
        count = sum(lead.get("status") == one.key for lead in self.desk.session.ws.all("lead").values())

        def gone(to: str) -> None:
            self.write(lambda session: statuses.remove(session, one.key, to))

        if count:
            leads = f"{count} {'lead' if count == 1 else 'leads'} of {one.name} to:"
            self.choose(leads, [each.name for each in others], lambda place: gone(others[place].key))
        else:
            gone("")

    def action_carry(self, by: int) -> None:
        """Carry a status earlier or later among those that mean the same."""
        held, to = self._statuses(), self.at + by
        if self.inside or not (0 <= self.at < len(held) and 0 <= to < len(held)):
            return
        key, other = held[self.at].key, held[to].key
        where: dict[str, str] = {"before": other} if by < 0 else {"after": other}
        if self.write(lambda session: statuses.edit(session, key, **where)).changed:
            self.at = to
            self.draw()


def _status_page(one: Status) -> list[Item]:
    """Return what can be changed in a status, a line each."""

    def renamed(session: Session, held: dict[str, Any], text: str) -> Plan:
        return statuses.rename(session, one.key, text)

    def criteria(session: Session, held: dict[str, Any], text: str) -> Plan:
        return statuses.edit(session, one.key, criteria=text)

    def meaning(session: Session, held: dict[str, Any], text: str) -> Plan:
        wanted = text.strip().lower()
        if wanted not in MEANINGS:
            raise Invalid(f"a status means {', '.join(MEANINGS)}", field="meaning")
        return statuses.edit(session, one.key, meaning=wanted)

    return [
        Item(f"{'criteria':<10} {one.criteria or '-'}", prompt="what has to hold:", value=one.criteria, make=criteria),
        Item(f"{'name':<10} {one.name}", prompt="name:", value=one.name, make=renamed),
        Item(
            f"{'means':<10} {one.meaning}",
            prompt="open, qualified or unqualified:",
            value=one.meaning,
            make=meaning,
        ),
    ]


class ScoreEditor(ItemEditor):
    """The rules that give leads points."""

    def _rules(self) -> list[scoring.Rule]:
        return scoring.rules(self.desk.session)

    def items(self) -> list[Item]:
        """Return the rules, or what can be changed in the one that is open."""
        here = next((one for one in self._rules() if one.id == self.inside), None)
        if here is not None:
            return _rule_page(here)
        self.inside = ""
        return [Item(f"{one.points:>+{POINTS}d}  {_said(one)}", key=one.id) for one in self._rules()]

    def heading(self) -> str:
        return "What gives leads points" + (" > a rule" if self.inside else "")

    def below(self) -> str:
        held = self._rules()
        here = next((one for one in held if one.id == self.inside), None)
        here = here or (held[self.at] if self.at < len(held) else None)
        return here.wrong if here is not None else ""

    def action_add(self) -> None:
        """Add a rule, typed as points and a query."""

        def write(text: str) -> None:
            points, _, where = text.strip().partition(" ")
            if where.strip():
                self.write(lambda session: scoring.add(session, where, points))
            else:
                self.say("points and a query are needed, as in +10 country:de", "late")

        if not self.inside:
            self.ask("points and query, as in +10 country:de:", "", write)

    def action_remove(self) -> None:
        """Remove the rule under the cursor."""
        held = self._rules()
        if not self.inside and self.at < len(held):
            key = held[self.at].id
            self.write(lambda session: scoring.remove(session, key))


def _said(one: scoring.Rule) -> str:
    return one.where if one.label == one.where else f"{one.label}: {one.where}"


def _rule_page(one: scoring.Rule) -> list[Item]:
    """Return what can be changed in a rule, a line each."""

    def points(session: Session, held: dict[str, Any], text: str) -> Plan:
        return scoring.edit(session, one.id, points=text)

    def where(session: Session, held: dict[str, Any], text: str) -> Plan:
        return scoring.edit(session, one.id, where=text)

    def label(session: Session, held: dict[str, Any], text: str) -> Plan:
        return scoring.edit(session, one.id, label=text)

    called = "" if one.label == one.where else one.label
    return [
        Item(f"{'points':<10} {one.points:+d}", prompt="points:", value=f"{one.points:+d}", make=points),
        Item(f"{'where':<10} {one.where}", prompt="which leads, as in country:de:", value=one.where, make=where),
        Item(f"{'called':<10} {called or '-'}", prompt="why, in words:", value=called, make=label),
    ]
