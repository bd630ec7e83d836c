"""A file's rows as one step of changes: what is created, skipped and rejected, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tuicrm.crm.plan import Plan
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.exchange.names import Names
from tuicrm.exchange.past import closing_entries, moment
from tuicrm.exchange.reading import CellReading, date_order
from tuicrm.records.values import Day

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.session import Session
    from tuicrm.exchange.mapping import Mapping
    from tuicrm.exchange.names import Missing
    from tuicrm.exchange.sheet import Row, Sheet
    from tuicrm.records.field import Kind
    from tuicrm.store.changes import Change

Record = dict[str, Any]
Typed = dict[str, list[str]]
IDENTITY = {"company": "name", "product": "name", "user": "name", "contact": "emails"}
"""The field by which a row is known to be here already, beside the external id."""


@dataclass
class Import:
    """What an import will do, worked out before anything is written."""

    kind: Kind
    created: list[tuple[Row, Record]] = field(default_factory=list)
    skipped: list[tuple[Row, str]] = field(default_factory=list)
    rejected: list[tuple[Row, str]] = field(default_factory=list)
    missing: list[Missing] = field(default_factory=list)
    """Records that rows named and nothing answered to, to be created along."""
    stages: dict[str, dict[str, str]] = field(default_factory=dict)
    """By pipeline id: stages to be added, key to name."""
    said: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def plan(self, source: str) -> Plan:
        """Return the one step that writes everything."""
        what = self.kind.one if len(self.created) == 1 else self.kind.many
        note = f"imported {len(self.created):,} {what} from {source}"
        return Plan(tuple(self.changes), note, ids=tuple(record["id"] for _, record in self.created))


class Importer:
    """Goes through the rows of one file."""

    def __init__(
        self, session: Session, sheet: Sheet, kind: Kind, mapping: Mapping, *, create_missing: bool, dates: str
    ) -> None:
        order, said = date_order(sheet, mapping, dates, session.setting("date_order"))
        self.session = session
        self.sheet = sheet
        self.kind = kind
        self.mapping = mapping
        self.names = Names(session, create=create_missing)
        self.ctx = CellReading(session, self.names, order)
        self.done = Import(kind, said=[said] if said else [])
        self._own = [one.name for one in kind.writable if one.type.refers == kind.name]
        """Fields by which records of this kind name each other."""
        self._external: dict[str, int] = {}
        self._handles: set[str] = set()

    def work_out(self, progress: Callable[[int, int], None] | None = None) -> Import:
        """Return what the import will do; a row that cannot be taken is rejected and stops no other."""
        from tuicrm.text import brief

        rows = self._not_here_yet()
        ids = {row.line: self._named(row) for row in rows} if self._own else {}
        for count, row in enumerate(rows):
            if progress and count % 500 == 0:
                progress(count, len(rows))
            try:
                self.done.created.append((row, self._record(row, ids.get(row.line, ""))))
            except (Invalid, NotFound, Ambiguous) as problem:
                self.done.rejected.append((row, brief(str(problem))))
        self._reject_orphans(set(ids.values()))
        self._collect()
        return self.done

    def _not_here_yet(self) -> list[Row]:
        """Return the rows whose external id, name or e-mail nothing in the workspace has."""
        wanted = ("external_id", IDENTITY.get(self.kind.name, ""))
        places = [(place, name) for name in wanted if (place := self.mapping.position(name)) is not None]
        held = {place: self._held(name) for place, name in places}
        left = []
        for row in self.sheet.rows:
            here = next((cell for place, _ in places if (cell := _cell(row, place)) and _key(cell) in held[place]), "")
            if here:
                self.done.skipped.append((row, f"{here} is here already"))
            else:
                left.append(row)
        return left

    def _held(self, name: str) -> frozenset[str]:
        values = [record.get(name) for record in self.session.ws.stored.all(self.kind.name).values()]
        return frozenset(_key(one) for value in values for one in ([value] if isinstance(value, str) else value or ()))

    def _named(self, row: Row) -> str:
        """Return the id of a row's record, which other rows may name."""
        made: str = self.session.ws.new_id()
        place = self.mapping.position(self.kind.naming[0])
        if place is not None and _cell(row, place):
            self.names.add(self.kind.name, made, _cell(row, place))
        return made

    def _record(self, row: Row, record_id: str) -> Record:
        """Return the record that a row makes, checked like one that was typed in."""
        from tuicrm.crm.edit import born

        typed = self._typed(row)
        self.ctx.pipeline = ""
        made = record_id or self.session.ws.new_id(moment(self.session, typed))
        record = born(self.session, self.kind, typed, self.ctx, record_id=made)
        if self.kind.name == "deal" and "closed_on" not in typed:
            record.pop("closed_on", None)
        if self.kind.name == "user":
            self._own_handle(record)
        external = record.get("external_id")
        if external:
            if external in self._external:
                raise Invalid(f"external_id: {external!r} is in line {self._external[external]} already")
            self._external[external] = row.line
        return record

    def _typed(self, row: Row) -> Typed:
        extra = [cell for cell in row.cells[self.mapping.width :] if cell.strip()]
        if extra:
            raise Invalid(f"the row has {len(row.cells)} cells where the header has {self.mapping.width}")
        typed: Typed = {}
        for place, one in self.mapping.filled:
            cell = _cell(row, place)
            if not cell:
                continue
            if one.type.many:
                typed[one.name] = [part.strip() for part in cell.replace(";", ",").split(",") if part.strip()]
            else:
                typed[one.name] = [self.ctx.iso(one, cell) if isinstance(one.type, Day) else row.cells[place]]
        return typed

    def _own_handle(self, record: Record) -> None:
        """Give each row a handle of its own, as it would have got had they come one by one."""
        stem, number = str(record["handle"]), 1
        while record["handle"].casefold() in self._handles:
            number += 1
            record["handle"] = f"{stem}-{number}"
        self._handles.add(record["handle"].casefold())

    def _reject_orphans(self, own: set[str]) -> None:
        """Reject rows that name a rejected row of the same file, until none is left."""
        lost = own - {record["id"] for _, record in self.done.created}
        while lost:
            created = [record for _, record in self.done.created]
            orphans = {one["id"]: name for one in created for name in self._own if one.get(name) in lost}
            kept = []
            for row, record in self.done.created:
                if record["id"] in orphans:
                    reason = f"{orphans[record['id']]}: names a row of this file that was rejected"
                    self.done.rejected.append((row, reason))
                else:
                    kept.append((row, record))
            self.done.created = kept
            lost = set(orphans)

    def _collect(self) -> None:
        """Put the changes together: stages and missing records first, then the rows, each with its history."""
        from tuicrm.store.changes import Write

        self.done.stages = {key: made for key, made in self.ctx.stages_made.items() if made}
        self.done.missing = list(self.names.missing.values())
        changes = self.done.changes
        changes.extend(Write("pipeline", key, self._with_stages(key, made)) for key, made in self.done.stages.items())
        changes.extend(Write(one.kind, one.id, self._minimal(one)) for one in self.done.missing)
        for _, record in self.done.created:
            changes.append(Write(self.kind.name, record["id"], {k: v for k, v in record.items() if k != "id"}))
            if self.kind.name == "deal" and record.get("closed_on"):
                changes.extend(closing_entries(self.session, record))

    def _minimal(self, missing: Missing) -> dict[str, Any]:
        from tuicrm.crm.edit import born

        kind = self.session.kind(missing.kind)
        record = born(self.session, kind, {kind.naming[0]: [missing.text]}, self.ctx, record_id=missing.id)
        if kind.name == "user":
            self._own_handle(record)
        return {name: value for name, value in record.items() if name != "id"}

    def _with_stages(self, pipeline: str, made: dict[str, str]) -> dict[str, Any]:
        from tuicrm.exchange.openstages import with_stages

        used = {str(record.get("stage")) for _, record in self.done.created if record.get("pipeline") == pipeline}
        stages, gone = with_stages(self.session, pipeline, made, used)
        if gone:
            self.done.said.append(f"starter stages that no deal is in made way: {', '.join(gone)}")
        return {"stages": stages}


def _cell(row: Row, place: int) -> str:
    return row.cells[place].strip() if place < len(row.cells) else ""


def _key(text: str) -> str:
    from tuicrm.text import fold

    return fold(text.strip())
