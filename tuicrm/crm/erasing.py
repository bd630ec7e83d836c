"""Erasing a person: the record, what was noted about nobody else, and the traces in what also concerns others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.crm.shapes import word, words
from tuicrm.errors import Invalid
from tuicrm.records.merged import MERGED_INTO

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change

Record = dict[str, Any]
Ref = tuple[str, str]

KINDS = ("contact", "lead")
ERASED = "(erased)"
"""What stands where a name or an address stood."""
LEDGER = "conflict"
_TEXTS = ("subject", "body", "notes", "next_step")
"""Where the name and the addresses are replaced in what also concerns others."""
_MAPS = ("emails", "phones")
"""Fields whose versions go by what they hold, so that a deletion alone would remember it."""


@dataclass
class Erasure:
    """What erasing somebody comes to, before anything is written."""

    kind: str
    id: str
    name: str
    people: frozenset[str] = frozenset()
    """The ids of the person: that of the record, and those of what was merged into it."""
    purged: list[Ref] = field(default_factory=list)
    """What was noted about nobody else, the ledger's entries among it; the record itself is not listed."""
    cleaned: list[Ref] = field(default_factory=list)
    """What also concerns others."""
    mentions: list[tuple[Ref, str]] = field(default_factory=list)
    """Records that still name the person, with the field: somebody has to look at them."""
    changes: list[Change] = field(default_factory=list)
    traces: Traces = field(default_factory=lambda: Traces((), ()))

    @property
    def ids(self) -> list[str]:
        """The records of which this machine has to forget what they held."""
        return [self.id, *(key for _, key in (*self.purged, *self.cleaned))]

    @property
    def plan(self) -> Plan:
        """The step that erases; its note names nobody, since notes are kept."""
        return Plan(tuple(self.changes), f"erased a {self.kind}", ids=(self.id,), final=True)


class Traces:
    """The name and the addresses of a person, as they may stand in a text."""

    def __init__(self, names: tuple[str, ...], addresses: tuple[str, ...]) -> None:
        self.needles = tuple(one for one in (*names, *addresses) if one.strip())
        # One word may be anybody's name, or no name at all, so it is only looked for in full fields.
        sure = [one for one in names if len(one.split()) > 1] + [one for one in addresses if len(one) > 5]
        self._sure = _pattern(sure)
        self._any = _pattern(list(self.needles))

    def clean(self, text: str) -> str:
        """Return a text without what surely means the person."""
        return self._sure.sub(ERASED, text) if self._sure else text

    def within(self, text: str) -> bool:
        """Tell whether a text names the person, or may do so."""
        return bool(self._any and self._any.search(text))


def _pattern(texts: list[str]) -> re.Pattern[str] | None:
    found = "|".join(re.escape(one) for one in sorted(texts, key=len, reverse=True) if one.strip())
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)", re.IGNORECASE) if found else None


def erasure(session: Session, kind: str, record: Mapping[str, Any]) -> Erasure:
    """Return what erasing a contact or a lead comes to; `record` may be in the trash.

    Activities and follow-ups about nobody else and no deal are erased; in what also concerns others the reference goes,
    and name and addresses are replaced. What somebody wrote about a deal with this person alone loses its words.
    """
    from tuicrm.crm.lookup import title

    if kind not in KINDS:
        raise Invalid(f"{session.kind(kind).many} cannot be erased like people; rm removes them")
    key = str(record["id"])
    merged = _merged(session, kind, key)
    everybody = [record, *merged]
    addresses = tuple(one for held in everybody for name in _MAPS for one in words(held.get(name)))
    made = Erasure(kind, key, title(session, kind, dict(record)), frozenset(str(one["id"]) for one in everybody))
    made.traces = Traces(tuple(word(one.get("name")) for one in everybody), addresses)
    _purge(made, kind, dict(record), in_trash=key in session.ws.dead(kind))
    for one in merged:
        _purge(made, kind, one, in_trash=one["id"] in session.ws.stored.dead(kind))
        made.purged.append((kind, one["id"]))
    if kind == "contact":
        for of in ("activity", "followup"):
            _about(session, made, of)
        _deals(session, made)
    _ledger(session, made)
    made.mentions = list(_mentions(session, made))
    return made


def _merged(session: Session, kind: str, key: str) -> list[Record]:
    """Return what was merged into the person's record, or into that: it is about the same person.

    By what is stored, since what leads to a record in the trash is followed by nobody.
    """
    stored, led = session.ws.stored, session.ws.forwards(kind)
    held = {**stored.all(kind), **stored.dead(kind)}
    found, new = {key}, {key}
    while new:
        new = {one for one, of in held.items() if not found.isdisjoint((of.get(MERGED_INTO), led.get(one)))} - found
        found |= new
    return [held[one] for one in sorted(found - {key})]


def _purge(made: Erasure, kind: str, record: Record, *, in_trash: bool) -> None:
    from tuicrm.store.changes import Patch, Purge, Remove

    key = str(record["id"])
    held = [name for name in _MAPS if record.get(name)]
    if held:
        made.changes.append(Patch(kind, key, dict.fromkeys(held, ERASED)))
    if held or not in_trash:
        made.changes.append(Remove(kind, key))
    made.changes.append(Purge(kind, key))


def _about(session: Session, made: Erasure, kind: str) -> None:
    """Deal with the activities or the follow-ups that name the person; what is in the trash goes altogether."""
    for record in list(session.ws.dead(kind).values()):
        if not made.people.isdisjoint(words(record.get("contacts"))):
            _purge(made, kind, record, in_trash=True)
            made.purged.append((kind, record["id"]))
    for record in list(session.ws.all(kind).values()):
        people = words(record.get("contacts"))
        if made.people.isdisjoint(people):
            continue
        others = [one for one in people if one not in made.people]
        if others or record.get("deal"):
            _clean(made, kind, record, others)
        else:
            _purge(made, kind, record, in_trash=False)
            made.purged.append((kind, record["id"]))


def _clean(made: Erasure, kind: str, record: Record, others: list[str]) -> None:
    """Take the person out of what also concerns others; words exchanged with nobody else go."""
    from tuicrm.store.changes import Write

    fields: dict[str, Any] = {"contacts": others or None}
    for name in _TEXTS:
        if text := word(record.get(name)):
            fields[name] = made.traces.clean(text)
    if kind == "activity" and not others:
        fields["subject"], fields["body"] = ERASED, None
    made.changes.append(Write(kind, record["id"], fields))
    made.cleaned.append((kind, record["id"]))


def _deals(session: Session, made: Erasure) -> None:
    """Take the person out of deals."""
    from tuicrm.store.changes import Write

    for deal in list(session.ws.all("deal").values()):
        people = words(deal.get("contacts"))
        if not made.people.isdisjoint(people):
            left = [one for one in people if one not in made.people] or None
            texts = {name: made.traces.clean(text) for name in ("notes", "next_step") if (text := word(deal.get(name)))}
            made.changes.append(Write("deal", deal["id"], {"contacts": left, **texts}))
            made.cleaned.append(("deal", deal["id"]))


def _ledger(session: Session, made: Erasure) -> None:
    """Erase the values that gave way in what is erased or cleaned."""
    about = {(made.kind, made.id), *made.purged, *made.cleaned}
    for held, in_trash in ((session.ws.all(LEDGER), False), (session.ws.dead(LEDGER), True)):
        for entry in list(held.values()):
            if (word(entry.get("of")), word(entry.get("record"))) in about:
                _purge(made, LEDGER, entry, in_trash=in_trash)
                made.purged.append((LEDGER, entry["id"]))


def _mentions(session: Session, made: Erasure) -> Iterator[tuple[Ref, str]]:
    """Yield the records that still name the person once all this is done."""
    gone = {(made.kind, made.id), *made.purged}
    from tuicrm.store.changes import Write

    after = {(one.kind, one.id): one.fields for one in made.changes if isinstance(one, Write)}
    for kind in session.ws.kinds():
        for held in (session.ws.all(kind), session.ws.dead(kind)):
            for key, record in held.items():
                if (kind, key) in gone:
                    continue
                for name, value in {**record, **after.get((kind, key), {})}.items():
                    # Among its versions a record remembers an address that was taken out of it.
                    if (name == "_v" or not name.startswith("_")) and any(map(made.traces.within, _texts(value))):
                        yield (kind, key), name


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a stored value, the keys of maps included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for one in value:
            yield from _texts(one)
        for one in value.values() if isinstance(value, dict) else ():
            yield from _texts(one)


def remains(session: Session, made: Erasure) -> list[str]:
    """Return the files of this machine's private folder in which the name, an address or a text still stands."""
    from tuicrm.store.searching import files_with

    return files_with(session.ws.private, [one for one in made.traces.needles if len(one) > 3])
