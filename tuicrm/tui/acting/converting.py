"""The dialog that converts a lead: what it will become is said first, and one key does it or changes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.crm.becoming import Alike
from tuicrm.crm.converting import Wishes, convert, preview
from tuicrm.errors import TuicrmError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.tui.acting.leads import LeadKeys
    from tuicrm.tui.screens.find import Entry, Found

NOBODY_ELSE = "a new one"
OF_DEAL = ("name", "value", "expected_close")


class Conversion:
    """One lead on its way through the dialog; nothing is written before the last answer."""

    def __init__(self, pane: LeadKeys, lead: str) -> None:
        self._pane = pane
        self._id = lead
        self._wishes = Wishes()

    def ask(self) -> None:
        """Say what the lead would become, and let the user choose; what several records may be meant by is asked."""
        pane = self._pane
        held = pane.lead_records([self._id])
        if not held:
            return
        try:
            with pane.desk.lock:
                told = preview(pane.desk.session, held[0], self._wishes)
        except Alike as several:
            self._which(several.kind, str(several), several.candidates)
        except TuicrmError as problem:
            pane.main.say(str(problem), "late")
        else:
            self._choose(told)

    def _which(self, kind: str, heading: str, candidates: Sequence[tuple[str, str]]) -> None:
        def take(place: int) -> None:
            fresh = place == len(candidates)
            self._wish(kind, "" if fresh else candidates[place][0], fresh=fresh)

        self._pane.pick(heading, [*(label for _, label in candidates), NOBODY_ELSE], 0, take)

    def _wish(self, kind: str, text: str, *, fresh: bool) -> None:
        """Take over which company or contact is meant, and go on."""
        if kind == "company":
            self._wishes = replace(self._wishes, company=text, new_company=fresh, no_company=False)
        else:
            self._wishes = replace(self._wishes, contact=text, new_contact=fresh)
        self.ask()

    def _choose(self, told: Mapping[str, str]) -> None:
        company, contact, deal = told["company"] or "none", told["contact"], told["deal"]
        people, asks = f"contact {contact}; company {company}", told["asks"]
        asks = f". {asks}" if asks else ""
        filled = f"{people}; deal {deal}, which you fill in{asks}"
        ways = [
            ("with a deal", f"{people}; deal {deal}{asks}", self._now),
            ("with a deal: name, value, close", filled, lambda: self._fill(deal)),
            ("without a deal", f"{people}{asks}", self._without),
            ("another company", f"not {company}", lambda: self._find("company")),
            ("another contact", f"not {contact}", lambda: self._find("contact")),
        ]
        if told["company"]:
            ways.append(("no company", f"contact {contact} alone", self._alone))
        from tuicrm.tui.screens.choose import Choose

        def chosen(place: int | None) -> None:
            if place is not None:
                ways[place][2]()

        heading = self._pane.leads_named("Convert", [self._id])
        choose = Choose(heading, [text for text, _, _ in ways], notes=[note for _, note, _ in ways])
        self._pane.app.push_screen(choose, chosen)

    def _now(self) -> None:
        pane = self._pane
        done = pane.desk.write(lambda session: convert(session, pane.lead_records([self._id])[0], self._wishes))
        if done.gate is not None:
            # The first stage asks for more: it is asked for, and then the lead is converted.
            pane.main.say(done.gate.asks, "late")
            self._fill(self._wishes.deal, done.gate.fields)
        else:
            pane.wrote_leads([self._id], done)

    def _without(self) -> None:
        self._wishes = replace(self._wishes, no_deal=True)
        self._now()

    def _alone(self) -> None:
        self._wishes = replace(self._wishes, no_company=True, company="", new_company=False)
        self.ask()

    def _fill(self, deal: str, more: Sequence[str] = ()) -> None:
        from tuicrm.tui.forms import open_form

        def collect(typed: dict[str, list[str]]) -> None:
            held = {name: "".join(texts[:1]) for name, texts in typed.items()}
            rest = {**dict(self._wishes.typed), **{name: text for name, text in held.items() if name != "name"}}
            self._wishes = replace(self._wishes, deal=held.get("name") or deal, typed=tuple(rest.items()))
            self._now()

        open_form(
            self._pane.program,
            "deal",
            typed={"name": deal, **dict(self._wishes.typed)},
            only=tuple(dict.fromkeys((*OF_DEAL, *more))),
            heading=self._pane.leads_named("Deal", [self._id]),
            collect=collect,
            optional=True,
        )

    def _find(self, kind: str) -> None:
        from tuicrm.tui.screens.find import Find

        pane = self._pane

        def entries(text: str) -> list[Entry]:
            from tuicrm.crm.suggesting import records
            from tuicrm.tui.screens.find import Entry

            with pane.desk.lock:
                return [Entry(one.key, one.text, one.detail) for one in records(pane.desk.session, kind, text)]

        def chosen(found: Found | None) -> None:
            if found is None:
                return
            self._wish(kind, found.key or found.text, fresh=not found.key)

        pane.app.push_screen(
            Find(pane.leads_named(kind.capitalize(), [self._id]), entries, create=f"a new {kind}"), chosen
        )
