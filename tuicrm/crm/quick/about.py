"""Who, which deal and which company a line is about: the part that tasks, log entries and deals have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tuicrm.crm.quick import people
from tuicrm.crm.quick.index import BEGUN, EXACT, WHOLE_INSIDE, index
from tuicrm.crm.quick.model import Option, Slot
from tuicrm.crm.quick.vocabulary import ABOUT, PERHAPS_ABOUT, WITH
from tuicrm.crm.shapes import word

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from tuicrm.crm.quick.people import Fits
    from tuicrm.crm.quick.tokens import Line
    from tuicrm.crm.session import Session


class About:
    """Finds the people first, then the deal, and ranks each by the other."""

    def __init__(self, session: Session, line: Line, picks: Mapping[str, str], *, speak: bool) -> None:
        self.session = session
        self.line = line
        self.picks = picks
        self.speak = speak
        """Whether names stay in the subject, as in `call Jane Roe`."""
        self.slots: list[Slot] = []
        self.who: Fits = {}
        self.company = ""
        """The id of the company that the line names, if it does."""
        self._who_said = ""
        self._who_new = ""
        self._who_led = ""
        """What leads to the name, such as `with`."""
        self._full_name = False

    def marked_company(self) -> None:
        """Take `@acme`: an existing company, else one to be created."""
        line = self.line
        for at, one in enumerate(line.tokens):
            if not one.free or not one.raw.startswith("@") or len(one.raw) < 2:
                continue
            name = one.raw[1:].strip('"“”,;:.!').replace("_", " ").strip()
            if name:
                line.take(at, at + 1, "company")
                self.slots.append(self._company(name, one.raw))
                return

    def _company(self, name: str, raw: str, *, best: int = 99) -> Slot:
        from tuicrm.folding import fold

        fits = index(self.session, "company").starting(fold(name)) if len(name) > 1 else {}
        found = people.companies(self.session, {key: fit for key, fit in fits.items() if fit <= best})
        marked = [Option(one.key, one.label, one.typed) for one in found]
        # `Zeta rollout @zeta`: the name as it is written elsewhere in the line.
        name = next((one.raw.strip(",;:") for one in self.line.tokens if one.capital and one.bare == fold(name)), name)
        made = people.fresh("company", "company", name, quoted=bool(found))
        new = Option(made.key, made.label, made.typed, "", made.makes)
        return self._of_company(Slot("company", (*marked, new, people.nobody(raw))))

    def _of_company(self, slot: Slot) -> Slot:
        """Keep which company is meant: what else is named in the line is probably its own."""
        picked = slot.pick(self.picks.get("company"))
        self.company = "" if picked.chosen.makes[0] else picked.chosen.key
        return picked

    def people_after(self, start: int, *, may_create: bool = True) -> bool:
        """Take the name from a place on, where one begins there: a contact, else a company."""
        line = self.line
        if start >= len(line) or not line.tokens[start].free:
            return False
        before = start
        if line.tokens[start].bare in WITH and line.is_free(start + 1, start + 2):
            start += 1
        end, fits = people.numbered(self.session, line, start)
        if not fits:
            end, fits = people.named(self.session, "contact", line, start)
        if fits:
            self._take_who(before, start, end, fits)
            return True
        end, fits = people.named(self.session, "company", line, start)
        if people.is_good(fits, BEGUN) and not any(one.name == "company" for one in self.slots):
            found = people.companies(self.session, fits)
            spoken, led = line.raw(before, end), line.raw(before, start)
            line.take(before, end, "company")
            said = [self._spoken(one, led) for one in found]
            self.slots.append(self._of_company(Slot("company", (*said, people.nobody(spoken)))))
            return True
        end = line.run(start, people.NAME_WORDS)
        while end > start and not line.tokens[end - 1].capital:
            end -= 1
        if may_create and people.looks_like_name(line, start, end):
            self._full_name = True
            self._take_who(before, start, end, {})
            return True
        return self._perhaps(start, may_create)

    def name_like_a_date(self, first: int, unsure: Container[str]) -> bool:
        """Take a name such as May or Tom, where it comes first or after `with` and such a contact is known."""
        line = self.line
        for at, one in enumerate(line.tokens):
            after = at == first or (at > 0 and line.tokens[at - 1].bare in WITH)
            if after and one.free and one.bare in unsure:
                before = at - 1 if at > 0 and at != first and line.tokens[at - 1].free else at
                return self._known(at, before, WHOLE_INSIDE)
        return False

    def _perhaps(self, start: int, may_create: bool) -> bool:
        """Offer, but do not choose, a contact to be created from a single word that stands where a name would."""
        one = self.line.tokens[start]
        if not may_create or not one.bare.isalpha() or one.bare in (*ABOUT, *PERHAPS_ABOUT, *WITH) or len(one.bare) < 2:
            return False
        self._take_who(start, start, start + 1, {})
        return True

    def _take_who(self, before: int, start: int, end: int, fits: Fits) -> None:
        self.who = fits
        self._who_said = self.line.raw(before, end)
        self._who_led = self.line.raw(before, start)
        self._who_new = self.line.raw(start, end).strip(" ,;:.!?\"“”'")
        self.line.take(before, end, "contacts")

    def people_anywhere(self, start: int = 0) -> None:
        """Take who comes after `with` or `to`, else an address, else a full name that stands somewhere."""
        line = self.line
        for at in range(start, len(line) - 1):
            if line.tokens[at].free and line.tokens[at].bare in WITH and self._known(at + 1, at, WHOLE_INSIDE):
                return
        for at in range(start, len(line)):
            if line.tokens[at].free and self._known(at, at, EXACT):
                return

    def _known(self, at: int, before: int, most: int) -> bool:
        """Take a contact who is named from `at` on, where the name fits well enough."""
        end, fits = people.named(self.session, "contact", self.line, at, people.NAME_WORDS)
        lone = end - at < 2 and "@" not in self.line.tokens[at].raw and most == EXACT
        if lone or not people.is_good(fits, most):
            return False
        self._take_who(before, at, end, fits)
        return True

    def deal(self) -> None:
        """Take `re acme renewal`, `for acme renewal`: a deal, else the company whose deal is meant."""
        line = self.line
        for anchors, best in ((ABOUT, 99), (PERHAPS_ABOUT, WHOLE_INSIDE)):
            for at in range(len(line) - 1):
                if line.tokens[at].free and line.tokens[at].bare in anchors and self._deal_at(at, best):
                    return
        self._only_deal()

    def _deal_at(self, at: int, best: int) -> bool:
        line, session = self.line, self.session
        end, fits = people.named(session, "deal", line, at + 1)
        fits = {key: fit for key, fit in fits.items() if fit <= best}
        company_end, companies = people.named(session, "company", line, at + 1)
        companies = {key: fit for key, fit in companies.items() if fit <= best}
        theirs: list[str] = []
        if companies and company_end >= end:
            theirs = people.open_deals(session, *(f"company:{key}" for key in list(companies)[: people.SHOWN]))
        if not fits and not companies:
            return False
        end = max(end if fits else 0, company_end if companies else 0)
        linked = self._linked()
        options = people.deals(session, {**dict.fromkeys(theirs, BEGUN), **fits}, linked=linked)
        spoken = line.raw(at, end)
        if companies and not options:
            found = people.companies(session, companies)
            if not any(one.name == "company" for one in self.slots):
                line.take(at, end, "company")
                options_said = tuple(Option(one.key, one.label, one.typed) for one in found)
                self.slots.append(self._of_company(Slot("company", (*options_said, people.nobody(spoken)))))
            return True
        line.take(at, end, "deal")
        self.slots.append(Slot("deal", (*options, people.nobody(spoken))).pick(self.picks.get("deal")))
        return True

    def _linked(self) -> set[str]:
        held = self.session.ws.all("contact")
        near = set(self.who)
        near |= {word(held[key].get("company")) for key in self.who}
        return (near | {self.company}) - {""}

    def _only_deal(self) -> None:
        """Offer the open deals of whom it is about; where there is just one, it is the one that is meant."""
        session = self.session
        who = self.picks.get("contacts")
        if who is None:
            who = next((one.key for one in people.contacts(session, self.who, company=self.company)), "")
        held = people.open_deals(session, f"contact:{who}")
        if not held and self.company:
            held = people.open_deals(session, f"company:{self.company}")
        if not held:
            return
        options = people.deals(session, dict.fromkeys(held, BEGUN))
        none = people.nobody("", "-")
        slot = Slot("deal", (*options, none) if len(held) == 1 else (none, *options))
        self.slots.append(slot.pick(self.picks.get("deal")))

    def _spoken(self, one: Option, led: str) -> Option:
        """Return a candidate as it stands in the subject, with the word that leads to it; or not at all."""
        return replace(one, spoken=f"{led} {one.spoken}".strip() if self.speak else "")

    def finish(self) -> None:
        """Rank who it is about by the deal, and add the slot."""
        if not self._who_new:
            return
        session = self.session
        deal = next((one.chosen.key for one in self.slots if one.name == "deal"), "")
        found = people.contacts(session, self.who, company=self.company, deal=session.ws.get("deal", deal))
        options = [self._spoken(one, self._who_led) for one in found]
        made = people.fresh("contact", "contacts", self._who_new, quoted=not self._full_name)
        new = self._spoken(made, self._who_led)
        none = people.nobody(self._who_said, "none: it stays in the text" if found or self._full_name else "-")
        order = (*options, new, none) if found or self._full_name else (none, new)
        self.slots.append(Slot("contacts", order).pick(self.picks.get("contacts")))
