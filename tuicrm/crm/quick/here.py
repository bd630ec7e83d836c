"""What is selected where a line is typed: the record that a task or an entry is about where it names no other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tuicrm.crm.quick.model import Option, Slot, Understood

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tuicrm.crm.session import Session

LINKS = ("deal", "company", "contacts")


@dataclass(frozen=True)
class Here:
    """The record that is selected."""

    kind: str = ""
    id: str = ""
    open: bool = False
    """Whether it is open, so that whatever is typed is about it, and not just under the cursor of a list."""


def placed(session: Session, one: Understood, here: Here, picks: Mapping[str, str], *, verb: bool) -> Understood:
    """Return the line with a link to what is selected, where it is to be about something and names nothing.

    In a list the link is only offered, unless the line begins with a `verb` of what one does with customers.
    """
    if one.kind not in ("followup", "activity") or not here.id or any(_names(slot) for slot in one.slots):
        return one
    found = _link(session, here)
    if found is None:
        return one
    name, option = found
    held = one.slot(name)
    # Named, unlike another way to say none, so that the cursor is here at first and the link is soon gone.
    others = held.options if held else (Option("", f"no {name.removesuffix('s')}"),)
    option = replace(option, label=f"{option.label} (selected)", spoken=others[0].spoken)
    # Somebody is named whom nobody knows: perhaps not whom the selection is about.
    sure = here.open or (verb and not any(slot.name == "contacts" for slot in one.slots))
    options = (option, *others) if sure else (others[0], option, *others[1:])
    slot = Slot(name, options).pick(picks.get(name))
    rest = [other for other in one.slots if other.name != name]
    if slot.chosen is option and one.kind == "activity":
        from tuicrm.crm.quick.aslog import closing

        answered = closing(session, one.type, (name.removesuffix("s"), option.key))
        rest += [answered] if answered else []
    return replace(one, slots=(slot, *rest))


def _names(slot: Slot) -> bool:
    """Tell whether the line names a record, or one that is to be created."""
    if slot.name not in LINKS:
        return False
    return bool(slot.chosen.key) or any(one.key and not one.makes[0] for one in slot.options)


def _link(session: Session, here: Here) -> tuple[str, Option] | None:
    """Return the slot and the candidate: the deal, else the person, else the company that the selected record is of."""
    from tuicrm.crm.about import about
    from tuicrm.crm.quick import people

    record = session.ws.get(here.kind, here.id)
    if record is None:
        return None
    of = about(session, here.kind, record)
    if of.deal:
        return "deal", people.deal(session, session.ws.all("deal")[of.deal])
    if of.contacts:
        return "contacts", people.contact(session, session.ws.all("contact")[of.contacts[0]])
    if of.company:
        return "company", people.company(session, session.ws.all("company")[of.company])
    return None
