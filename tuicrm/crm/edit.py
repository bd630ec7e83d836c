"""Adding, editing, removing and restoring records of any kind, from typed text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.parsing import Typing, by_field
from tuicrm.crm.plan import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Kind
    from tuicrm.store.changes import Change

Record = dict[str, Any]


def add(session: Session, kind: str, typed: Mapping[str, Sequence[str]], *, ctx: Typing | None = None) -> Plan:
    """Return the plan that adds one record: field name -> typed texts, several only for fields that hold several.

    A `ctx` of one's own may know records that the same step adds.
    """
    from tuicrm.crm.lookup import title
    from tuicrm.store.changes import Write

    ctx = ctx or Typing(session)
    of = session.kind(kind)
    record = born(session, of, typed, ctx)
    fields = {name: value for name, value in record.items() if name != "id"}
    note = f"added {of.one} {title(session, of.name, record)}"
    return Plan((Write(of.name, record["id"], fields),), note, ids=(record["id"],), said=ctx.notes)


def born(
    session: Session, kind: Kind, typed: Mapping[str, Sequence[str]], ctx: Typing, *, record_id: str = ""
) -> Record:
    """Return a record that typed text makes, with its id and its defaults, checked but not written."""
    from tuicrm.crm.checks import check
    from tuicrm.crm.defaults import complete
    from tuicrm.crm.filling import fill

    given = by_field(kind, typed)
    record = {"id": record_id or session.ws.new_id()}
    fields = complete(kind, fill(kind, record, given, {}, ctx), ctx)
    if kind.name == "deal":
        from tuicrm.crm.gates import enter

        fields = enter(session, None, fields, ctx.along)
    if kind.by_day and not record_id:
        record["id"] = _at_its_time(session, record["id"], fields)
    for name, value in fields.items():
        if value is not None:
            record[name] = value
    check(session, kind, None, record, record)
    return record


def _at_its_time(session: Session, made: str, fields: dict[str, Any]) -> str:
    """Return an id that carries the time at which something happened, in place of `at`; what is to come keeps `at`."""
    from datetime import datetime

    if not fields.get("at"):
        return made
    at = datetime.fromisoformat(str(fields["at"]))
    ms = int(at.timestamp()) * 1000
    if at > session.now or ms <= 0:
        return made
    del fields["at"]
    return session.ws.new_id(ms)


def edit(
    session: Session,
    kind: str,
    records: Sequence[Record],
    typed: Mapping[str, Sequence[str]],
    removed: Mapping[str, Sequence[str]] | None = None,
    *,
    ctx: Typing | None = None,
) -> Plan:
    """Return the plan that edits records alike, as one step: `typed` sets (in sets: adds), `removed` takes away."""
    ctx = ctx or Typing(session)
    of = session.kind(kind)
    records = unique(records)
    given, gone = by_field(of, typed), by_field(of, removed or {})
    made: list[Change] = []
    names: dict[str, None] = {}
    touched: list[Record] = []
    for record in records:
        fields = edited(session, of, record, given, gone, ctx)
        if fields:
            made.extend(written(session, of, record, fields))
            names.update((name, None) for name, value in fields.items() if not same(record.get(name), value))
            touched.append(record)
    note = said_of("edited", session, of, touched) + (f": {', '.join(names)}" if names else "")
    notes = ctx.notes
    if not made:
        note = said_of("nothing to change in", session, of, records)
        notes = (*notes, note)
    return Plan(tuple(made), note, ids=tuple(one["id"] for one in records), said=notes)


def edited(
    session: Session,
    kind: Kind,
    record: Record,
    typed: Mapping[str, Sequence[str]],
    removed: Mapping[str, Sequence[str]],
    ctx: Typing,
) -> dict[str, Any]:
    """Return the fields of one record that typed text changes, the groups they belong to whole; checked."""
    from tuicrm.crm.checks import check
    from tuicrm.crm.filling import fill

    wanted = fill(kind, record, typed, removed, ctx)
    if kind.name == "deal":
        from tuicrm.crm.gates import enter

        wanted = enter(session, record, wanted, ctx.along)
    fields = {name: value for name, value in wanted.items() if not same(record.get(name), value)}
    if not fields:
        return {}
    for group in kind.groups:
        if any(name in fields for name in group):
            fields.update({name: wanted.get(name, record.get(name)) for name in group})
    after = {**record, **fields}
    check(session, kind, record, after, fields)
    return fields


def written(session: Session, kind: Kind, record: Record, fields: Mapping[str, Any], reason: str = "") -> list[Change]:
    """Return the changes that write fields to a record; for a deal with its automatic entries, and why it moves."""
    from tuicrm.crm.track import entries
    from tuicrm.store.changes import Write

    made: list[Change] = [Write(kind.name, record["id"], fields)]
    if kind.name != "deal":
        return made
    made += entries(session, record, fields, reason)
    if "items" in fields or "discounts" in fields:
        from tuicrm.crm import discounting

        after = {**record, **fields}
        discounting.refuse_above(session, record, after)
        made += discounting.entries(session, record, after, reason)
    return made


def same(old: Any, fresh: Any) -> bool:
    """Tell whether two stored values are the same: nothing is nothing, a set has no order."""
    if old in (None, "", [], {}) and fresh in (None, "", [], {}):
        return True
    if isinstance(old, list) and isinstance(fresh, list) and len(old) == len(fresh):
        return all(one in fresh for one in old)
    return type(old) is type(fresh) and bool(old == fresh)


def remove(session: Session, kind: str, records: Sequence[Record]) -> Plan:
    """Return the plan that puts records into the trash, and says what still refers to them."""
    from tuicrm.crm.referrers import still_named
    from tuicrm.store.changes import Remove

    of = session.kind(kind)
    records = unique(records)
    if of.name == "pipeline":
        from tuicrm.crm.dissolving import refuse_in_use

        for record in records:
            refuse_in_use(session, record)
    ids = tuple(one["id"] for one in records)
    # What was merged into a record goes with it, or it would be in the lists again.
    parts = [gone for gone, into in session.ws.forwards(of.name).items() if into in ids]
    made = tuple(Remove(of.name, key) for key in (*ids, *parts))
    return Plan(made, said_of("removed", session, of, records), ids=ids, said=still_named(session, of.name, ids))


def restore(session: Session, kind: str, records: Sequence[Record]) -> Plan:
    """Return the plan that takes records (as `ws.dead` gives them) out of the trash again."""
    from tuicrm.store.changes import Revive

    of = session.kind(kind)
    records = unique(records)
    if of.name == "rule":
        from tuicrm.crm.rules.checking import check_back

        check_back(session, records)
    made = tuple(Revive(of.name, one["id"]) for one in records)
    return Plan(made, said_of("restored", session, of, records), ids=tuple(one["id"] for one in records))


def unique(records: Sequence[Record]) -> list[Record]:
    """Return each record once, also where it was named twice."""
    return list({str(one["id"]): one for one in records}.values())


def said_of(verb: str, session: Session, kind: Kind, records: Sequence[Record]) -> str:
    """Return `moved Acme renewal` or `moved 5 deals`."""
    from tuicrm.crm.lookup import title

    if len(records) == 1:
        return f"{verb} {title(session, kind.name, records[0])}"
    return f"{verb} {len(records)} {kind.many}"
