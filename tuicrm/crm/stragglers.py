"""What was logged and planned about a lead by a colleague who had not heard yet that it is converted: it follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.following import Following, followed
from tuicrm.crm.shapes import word, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tuicrm.crm.due import Due
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]


class Lone(Following):
    """Entries of the log that name a lead and nobody whom it could have become."""

    def _reset(self) -> None:
        self.found: list[Record] = []

    def _read(self, entries: Sequence[Record]) -> None:
        self.found += [one for one in entries if one.get("lead") and _alone(one)]


def _alone(one: Record) -> bool:
    return not (one.get("contacts") or one.get("deal") or one.get("company"))


def went_along(one: Record, company: str, contact: str, deal: str) -> dict[str, Any]:
    """Return the fields by which an entry or a follow-up about a lead is about what it became as well."""
    people = words(one.get("contacts"))
    fields: dict[str, Any] = {"contacts": [*people, contact]} if contact and contact not in people else {}
    return {
        **fields,
        **{name: key for name, key in (("company", company), ("deal", deal)) if key and not one.get(name)},
    }


def due(session: Session) -> Iterator[Due]:
    """Yield what still has to go along with converted leads."""
    from tuicrm.crm.due import Due
    from tuicrm.crm.plan import Plan
    from tuicrm.store.changes import Write

    left = [("activity", one) for one in followed(session, "lone entries of leads", Lone).found]
    left += [("followup", one) for one in session.ws.all("followup").values() if one.get("lead") and _alone(one)]
    made: list[Change] = []
    for kind, one in left:
        became = _became(session, session.ws.get("lead", word(one.get("lead"))) or {})
        if fields := went_along(one, **became):
            made.append(Write(kind, one["id"], fields))
    if made:
        count = f"{len(made):,} {'entry' if len(made) == 1 else 'entries'}"
        note = f"{count} about converted leads went along"
        # It is what the conversion would have done, had it known: nothing for rules to answer, or for `u` to take back.
        yield Due(Plan(tuple(made), note, final=True), told=(note,), records=len(made))


def _became(session: Session, lead: Mapping[str, Any]) -> dict[str, str]:
    """Return what a converted lead is now, as far as that is still here; nothing where it is not converted."""
    kinds = ("company", "contact", "deal")
    held = {kind: word(lead.get(kind)) if lead.get("converted_at") else "" for kind in kinds}
    return {kind: key if key and session.ws.get(kind, key) is not None else "" for kind, key in held.items()}


def leads_of(session: Session, kind: str, key: str) -> frozenset[str]:
    """Return the leads that became a contact, a company or a deal."""
    found: dict[tuple[str, str], frozenset[str]] = session.remember("leads by what they became", lambda: _by(session))
    return found.get((kind, key), frozenset())


def _by(session: Session) -> dict[tuple[str, str], frozenset[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for key, lead in session.ws.all("lead").items():
        if lead.get("converted_at"):
            for kind in ("company", "contact", "deal"):
                found.setdefault((kind, word(lead.get(kind))), set()).add(key)
    return {pair: frozenset(keys) for pair, keys in found.items()}
