"""A file's items as one step of changes: what is created, changed, skipped and rejected, before anything is written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.exchange.collecting import collect
from tuicrm.exchange.fresh import Fresh
from tuicrm.exchange.matching import Matching
from tuicrm.exchange.names import Names
from tuicrm.exchange.outcome import Import
from tuicrm.exchange.past import moment
from tuicrm.exchange.reading import CellReading
from tuicrm.records.types import Addresses
from tuicrm.records.values import Day

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.exchange.items import Item
    from tuicrm.records.field import Field, Kind

    Typed = Mapping[str, Sequence[str]]

Record = dict[str, Any]
STEP = 500


class Importer:
    """Goes through the items of one file."""

    def __init__(
        self,
        session: Session,
        items: Sequence[Item],
        kind: Kind,
        *,
        create_missing: bool = False,
        update: bool = False,
        by: tuple[str, ...] = (),
        order: str = "",
        fresh: Sequence[Field] = (),
    ) -> None:
        """Items of `kind` may have `fresh` fields, which the team gets; `by` are the fields that tell who is who."""
        self.session = session
        self.items = items
        self.names = Names(session, create=create_missing)
        self.ctx = CellReading(session, self.names, order)
        self.done = Import(kind, fields=[(kind, one) for one in fresh], lacking=self.names.lacking)
        self._update = update
        self._by = by
        self._kinds = {kind.name: replace(kind, custom=(*kind.custom, *fresh)) if fresh else kind}
        self._plain: dict[str, frozenset[str]] = {}
        self._fresh: dict[str, Fresh] = {}
        self._next_ids: list[str] = []
        self._matching: dict[str, Matching] = {}
        self._ids: dict[int, str] = {}
        """By place in the file: the id of what others of the file may name."""
        self._after: dict[str, Record] = {}
        """Records of the workspace as this import leaves them."""
        self._external: dict[tuple[str, str], str] = {}
        self._handles: set[str] = set()
        self._told_along: dict[tuple[Any, ...], str] = {}
        self._linked: dict[str, tuple[Item, Record]] = {}

    def kind(self, name: str) -> Kind:
        """Return a kind, with the fields that it gets by this import."""
        if name not in self._kinds:
            self._kinds[name] = self.session.kind(name)
        return self._kinds[name]

    def work_out(self, progress: Callable[[int, int], None] | None = None) -> Import:
        """Return what the import will do; an item that cannot be taken is rejected and stops no other."""
        from tuicrm.text import brief

        found = self._find_known()
        self._name_rows(found)
        for place, item in enumerate(self.items):
            if progress and place % STEP == 0:
                progress(place, len(self.items))
            marks = len(self.done.created), len(self.done.updated)
            try:
                self._take(place, item, found.get(place))
            except (Invalid, NotFound, Ambiguous) as problem:
                self._take_back(*marks)
                self.done.rejected.append((item, brief(str(problem))))
        collect(self, self._linked, self._ids)
        return self.done

    def _find_known(self) -> dict[int, Record | Ambiguous]:
        """Return the records that are here already by the places of the items that they are."""
        found: dict[int, Record | Ambiguous] = {}
        for place, item in enumerate(self.items):
            try:
                held = self._match(item)
            except Ambiguous as problem:
                found[place] = problem
            else:
                if held is not None:
                    found[place] = held
        return found

    def _match(self, item: Item) -> Record | None:
        matching = self._matching.get(item.kind)
        if matching is None:
            kind = self.kind(item.kind)
            by = self._by if item.kind == self.done.kind.name else ()
            matching = self._matching[item.kind] = Matching(self.session, kind, self.names, self.ctx.iso, by)
        return matching.record(item)

    def _name_rows(self, found: dict[int, Record | Ambiguous]) -> None:
        """Give ids to what other items of the file may name, before any is read."""
        kinds = {item.kind for item in self.items}
        named = {one.type.refers for name in kinds for one in self.kind(name).writable if one.type.refers}
        for place, item in enumerate(self.items):
            if item.kind in named and place not in found and not item.wrong:
                made = self._ids[place] = self.session.ws.new_id()
                self._answer(item.kind, made, item)

    def _answer(self, kind: str, record_id: str, item: Item) -> None:
        """Let a record answer to what its item says that it is called."""
        declared = self.kind(kind)
        self.names.add(kind, record_id, record_id)
        for name in dict.fromkeys((declared.naming[0], *declared.handles, "external_id")):
            for text in item.typed.get(name, ()):
                if text.strip():
                    self.names.add(kind, record_id, text)

    def _take(self, place: int, item: Item, held: Record | Ambiguous | None) -> None:
        if item.wrong:
            raise Invalid(item.wrong)
        if isinstance(held, Ambiguous):
            raise held
        if held is not None and not self._update:
            self.done.skipped.append((item, f"{_shown(self.kind(item.kind), item, held)} is here already"))
            return
        typed = self._typed(item)
        if item.linked:
            typed = {**typed, **{name: [self._linked_id(sub)] for name, sub in item.linked.items()}}
        if held is None:
            self.done.created.append((item, self._record(item, typed, self._ids.get(place, ""))))
        else:
            self._edit(item, held, typed)
        for sub in item.linked.values() if self._update else ():
            told = self._match(sub)
            if told is not None:
                self._edit(sub, told, self._typed(sub), along=True)

    def _take_back(self, created: int, updated: int) -> None:
        """Forget what an item that is rejected after all has done so far, also to the records that it tells along."""
        del self.done.created[created:]
        for _, before, _ in reversed(self.done.updated[updated:]):
            self._after[before["id"]] = before
        del self.done.updated[updated:]

    def _edit(self, item: Item, held: Record, typed: Typed, *, along: bool = False) -> None:
        """Change what the item says otherwise; an empty cell says nothing. What a row tells along is no row skipped."""
        from tuicrm.crm.edit import edited

        before = self._after.get(held["id"], held)
        self.ctx.pipeline = ""
        fields = edited(self.session, self.kind(item.kind), before, typed, {}, self.ctx)
        if not fields and along:
            return
        if not fields:
            self.done.skipped.append(
                (item, f"{_shown(self.kind(item.kind), item, held)} is here already, and the same")
            )
            return
        self._after[held["id"]] = {**before, **fields}
        self.done.updated.append((item, before, fields))

    def _record(self, item: Item, typed: Typed, record_id: str) -> Record:
        """Return the record that an item makes, checked like one that was typed in."""
        kind = self.kind(item.kind)
        self.ctx.pipeline = ""
        made = record_id or self._new_id(typed)
        fresh = self._fresh.get(kind.name)
        if fresh is None:
            fresh = self._fresh[kind.name] = Fresh(kind, self.ctx)
        record = fresh.record(typed, made)
        if kind.name == "deal" and "closed_on" not in typed:
            self._close(record)
        if kind.name == "user":
            self.own_handle(record)
        external = record.get("external_id")
        if external:
            before = self._external.setdefault((kind.name, external), item.where)
            if before != item.where:
                raise Invalid(f"external_id: {external!r} is in {before} already")
        return record

    def _new_id(self, typed: Typed) -> str:
        """Return an id of the time at which a record was made, as far as its item says."""
        at = moment(self.session, typed)
        if at is not None:
            return self.session.ws.new_id(at)
        if not self._next_ids:
            self._next_ids = self.session.ws.new_ids(STEP)[::-1]
        return self._next_ids.pop()

    def _close(self, deal: Record) -> None:
        """A deal that comes closed was closed when the file expected it, if that is past; else nobody knows when."""
        expected = deal.get("expected_close")
        if deal.pop("closed_on", None) and expected and expected <= self.session.reading.today.isoformat():
            deal["closed_on"] = expected

    def _typed(self, item: Item) -> Typed:
        kind = self.kind(item.kind)
        plain = self._plain.get(item.kind)
        if plain is None:
            plain = self._plain[item.kind] = _plain_names(kind)
        if plain.issuperset(item.typed):
            return item.typed
        typed: dict[str, Sequence[str]] = {}
        for name, texts in item.typed.items():
            field = kind.by_name.get(name)
            if field is None:
                raise Invalid(f"{kind.many} have no field {name!r}", field=name)
            if isinstance(field.type, Day):
                texts = [self.ctx.iso(field, texts[-1])]
            elif name in item.loose and field.type.refers:
                texts = self._answering(field, texts)
                if not texts:
                    continue
            typed[name] = texts
        return typed

    def _answering(self, field: Field, texts: Sequence[str]) -> list[str]:
        """Return the names that somebody answers to."""
        kept = []
        for text in texts:
            if text == "me" or len(self.names.known(field.type.refers, text)) == 1:
                kept.append(text)
            elif text.strip():
                self.done.left_out[f"{field.name} {text.strip()}"] += 1
        return kept

    def _linked_id(self, sub: Item) -> str:
        """Return the id of the record that an item tells along, which is made where nobody has it."""
        told = (sub.kind, *((name, *texts) for name, texts in sub.typed.items()))
        known = self._told_along.get(told)
        if known is None:
            known = self._told_along[told] = self._find_linked(sub)
        return known

    def _find_linked(self, sub: Item) -> str:
        held = self._match(sub)
        if held is not None:
            return str(held["id"])
        declared = self.kind(sub.kind)
        for name in ("external_id", *declared.handles, declared.naming[0]):
            for text in sub.typed.get(name, ()):
                found = self.names.known(sub.kind, text)
                if len(found) == 1:
                    return found[0]
        made = self._record(sub, self._typed(sub), "")
        self._linked[made["id"]] = (sub, made)
        self._answer(sub.kind, made["id"], sub)
        return str(made["id"])

    def own_handle(self, record: Record) -> None:
        """Give each user a handle of their own, as they would have got had they come one by one."""
        stem, number = str(record["handle"]), 1
        while record["handle"].casefold() in self._handles:
            number += 1
            record["handle"] = f"{stem}-{number}"
        self._handles.add(record["handle"].casefold())


def _plain_names(kind: Kind) -> frozenset[str]:
    """Return the fields whose texts are taken as they stand: all but dates, and names that may be left out."""
    return frozenset(one.name for one in kind.writable if not isinstance(one.type, Day) and not one.type.refers)


def _shown(kind: Kind, item: Item, held: Record) -> str:
    """Return what people know a record by that is here already."""
    for name in ("external_id", *(one.name for one in kind.fields if isinstance(one.type, Addresses)), kind.naming[0]):
        texts = item.typed.get(name)
        if texts and texts[0].strip():
            return texts[0].strip()
    return str(held.get(kind.naming[0]) or held["id"])
