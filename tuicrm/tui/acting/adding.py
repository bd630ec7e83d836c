"""What keys add: what a list shows, or something that belongs to a record, with the links filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.acting.targets import Targets
from tuicrm.tui.commands import ACTIVITY, COMPANIES, CONTACTS, FOLLOWUPS, FORECAST, LEADS, PIPELINE, RECORD

if TYPE_CHECKING:
    from tuicrm.crm.about import About
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

SHOWN = {
    PIPELINE: "deal",
    FORECAST: "deal",
    ACTIVITY: "activity",
    FOLLOWUPS: "followup",
    CONTACTS: "contact",
    COMPANIES: "company",
    LEADS: "lead",
}
"""What each list shows."""
LINKED_BY = {("deal", "contact"): "contacts", ("contact", "company"): "company"}
"""The field by which a record names what is added to it, where that has no field of its own for it."""
LINKABLE = ("deal", "contact", "followup", "activity", "company")


class AddKeys(Targets):
    """Actions that add records."""

    ADDS: ClassVar[str] = ""
    """The kind that the pane shows, where its place does not tell."""

    @property
    def closes_with_its_record(self) -> bool:
        """Whether the pane shows one record, so that nothing is left of it once that is deleted."""
        return self.PLACE == RECORD

    def adds(self) -> tuple[str, dict[str, str]]:
        """Return the kind that `a` adds here, and what is filled in."""
        kind = self.ADDS or SHOWN.get(self.PLACE, "")
        pipeline = str(getattr(getattr(self, "view", None), "pipeline", ""))
        return kind, {"pipeline": pipeline} if kind == "deal" and pipeline else {}

    def action_record_add(self) -> None:
        """Add what this list shows; in a record, something that belongs to it."""
        from tuicrm.tui.forms import open_form

        kind, typed = self.adds()
        if kind:
            open_form(self.program, kind, typed=typed, then=lambda ids: self.added(kind, ids))
        else:
            self.action_record_add_linked()

    def action_record_add_linked(self) -> None:
        """Choose what to add, with its links to the chosen record filled in."""
        abouts = self.abouts()
        if not abouts:
            self.action_record_add_alone()
            return
        about = abouts[0]
        session = self.desk.session
        kinds = [kind for kind in LINKABLE if kind != "company" or about.kind == "contact"]
        names = [session.kind(kind).one for kind in kinds]
        self.pick(f"Add to {about.title}", names, 0, lambda place: self._add_to(about, kinds[place]))

    def action_record_add_alone(self) -> None:
        """Add a record that is linked to nothing: there is nothing here to link it to."""
        from tuicrm.tui.forms import open_form

        session = self.desk.session
        names = [session.kind(kind).one for kind in LINKABLE]

        def take(place: int) -> None:
            kind = LINKABLE[place]
            open_form(self.program, kind, then=lambda ids: self.added(kind, ids))

        self.pick("Add", names, 0, take)

    def _add_to(self, about: About, kind: str) -> None:
        from tuicrm.tui.forms import open_form

        def along(session: Session, plan: Plan) -> Plan:
            return linked(session, about, kind, plan)

        heading = f"New {self.desk.session.kind(kind).one} for {about.title}"
        open_form(
            self.program,
            kind,
            typed=links(about, kind),
            heading=heading,
            then=lambda ids: self.added(kind, ids),
            along=along,
        )

    def added(self, kind: str, ids: list[str]) -> None:
        """Take note of what was added: a list may put its cursor there."""


def links(about: About, kind: str) -> dict[str, str]:
    """Return what a record of a kind that belongs to another is filled in with: field name -> ids with commas."""
    people = ",".join(about.contacts)
    held = {
        "contact": {"company": about.company},
        "deal": {"company": about.company, "contacts": people},
        "followup": {"deal": about.deal, "contacts": people, "company": about.company, "lead": about.lead},
        "activity": {
            "type": "note",
            "deal": about.deal,
            "contacts": people,
            "company": about.company,
            "lead": about.lead,
        },
    }.get(kind, {})
    return {name: text for name, text in held.items() if text}


def linked(session: Session, about: About, kind: str, plan: Plan) -> Plan:
    """Return the plan that adds a record, and lets another name it where the record cannot name that one itself."""
    from dataclasses import replace

    from tuicrm.crm.edit import edit
    from tuicrm.crm.parsing import Typing

    field = LINKED_BY.get((about.kind, kind), "")
    record = session.ws.get(about.kind, about.id) if field else None
    if record is None or not plan.ids:
        return plan
    key = plan.ids[-1]
    ctx = Typing(session)
    ctx.expect(kind, key, key)
    step = edit(session, about.kind, [record], {field: [key]}, ctx=ctx)
    return replace(plan, changes=(*plan.changes, *step.changes))
