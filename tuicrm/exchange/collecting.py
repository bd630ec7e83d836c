"""The last part of an import: items that name rejected ones, records that nobody needs, and the changes in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.exchange.past import closing_entries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuicrm.exchange.importing import Importer
    from tuicrm.exchange.items import Item
    from tuicrm.exchange.names import Missing
    from tuicrm.records.field import Kind
    from tuicrm.store.changes import Change

Record = dict[str, Any]


def collect(importer: Importer, linked: Mapping[str, tuple[Item, Record]], ids: Mapping[int, str]) -> None:
    """Put the changes together: fields, stages and missing records first, then the rest, each with its history."""
    done = importer.done
    _reject_orphans(importer, set(ids.values()))
    used: set[str] = set()
    if linked or importer.names.missing:
        used = {key for record in _taken(importer) for key in _named_by(importer, *record)}
        kept = [one for one in linked.values() if one[1]["id"] in used]
        # What was told along names others: the company of a deal's contact.
        used |= {key for item, record in kept for key in _named_by(importer, item.kind, record)}
    done.linked = [one for one in linked.values() if one[1]["id"] in used]
    done.missing = [one for one in importer.names.missing.values() if one.id in used]
    fresh = {record["id"] for item, record in done.created if item.kind == "pipeline"}
    there = {*importer.session.ws.all("pipeline"), *(one.id for one in done.missing), *fresh}
    done.stages = {key: made for key, made in importer.ctx.stages_made.items() if made and key in there}
    done.changes.extend(_changes(importer))


def _taken(importer: Importer) -> Iterator[tuple[str, Record]]:
    for item, record in importer.done.created:
        yield item.kind, record
    for item, _, fields in importer.done.updated:
        yield item.kind, fields


def _named_by(importer: Importer, kind: str, record: Record) -> Iterator[str]:
    """Yield the ids that a record names."""
    for name in _references(importer, kind):
        value = record.get(name)
        if isinstance(value, str):
            yield value
        elif value:
            yield from value
    for item in (record.get("items") or {}).values() if kind == "deal" else ():
        yield str(item.get("product", ""))


def _references(importer: Importer, kind: str) -> tuple[str, ...]:
    return _references_of(importer.kind(kind))


def _references_of(kind: Kind) -> tuple[str, ...]:
    return tuple(one.name for one in kind.writable if one.type.refers)


def _reject_orphans(importer: Importer, own: set[str]) -> None:
    """Reject items that name a rejected one of the same file, until none is left."""
    done = importer.done
    lost = own - {record["id"] for _, record in done.created}
    while lost:
        orphans: set[str] = set()
        kept = []
        for item, record in done.created:
            field = _naming_lost(importer, item.kind, record, lost)
            if field:
                orphans.add(record["id"])
                done.rejected.append((item, f"{field}: names a row of this file that was rejected"))
            else:
                kept.append((item, record))
        done.created = kept
        lost = orphans & own
    _reject_updates(importer, own - {record["id"] for _, record in done.created})


def _reject_updates(importer: Importer, lost: set[str]) -> None:
    """Reject changes that would name a rejected row."""
    done = importer.done
    kept = []
    for item, before, fields in done.updated:
        field = _naming_lost(importer, item.kind, fields, lost)
        if field:
            done.rejected.append((item, f"{field}: names a row of this file that was rejected"))
        else:
            kept.append((item, before, fields))
    done.updated = kept


def _naming_lost(importer: Importer, kind: str, record: Record, lost: set[str]) -> str:
    for name in _references(importer, kind):
        value = record.get(name)
        if (isinstance(value, str) and value in lost) or (isinstance(value, list) and not lost.isdisjoint(value)):
            return name
    return ""


def _changes(importer: Importer) -> Iterator[Change]:
    from tuicrm.crm.edit import written
    from tuicrm.store.changes import Write

    done, session = importer.done, importer.session
    for of, one in done.fields:
        from tuicrm.crm.fields import add

        type_ = one.type.name.replace(" ", "_")
        yield from add(session, one.name, of=of.name, type=type_, label=one.label).changes
    for key, made in done.stages.items():
        if session.ws.get("pipeline", key):
            yield Write("pipeline", key, _with_stages(importer, key, made))
    for missing in done.missing:
        yield Write(missing.kind, missing.id, _minimal(importer, missing))
    for item, record in (*done.linked, *done.created):
        if item.kind == "pipeline" and not record.get("stages"):
            record |= _with_stages(importer, record["id"], done.stages.get(record["id"], {}))
        yield Write(item.kind, record["id"], record)
        if item.kind == "deal" and record.get("closed_on"):
            yield from closing_entries(session, record)
    for item, before, fields in done.updated:
        yield from written(session, importer.kind(item.kind), before, fields)


def _minimal(importer: Importer, missing: Missing) -> dict[str, Any]:
    from tuicrm.crm.edit import born

    kind = importer.session.kind(missing.kind)
    record = born(importer.session, kind, {kind.naming[0]: [missing.text]}, importer.ctx, record_id=missing.id)
    if kind.name == "user":
        importer.own_handle(record)
    if kind.name == "pipeline" and not record.get("stages"):
        # In one write with its name: two of the same new record could not be undone.
        record |= _with_stages(importer, missing.id, importer.done.stages.get(missing.id, {}))
    return {name: value for name, value in record.items() if name != "id"}


def _with_stages(importer: Importer, pipeline: str, made: dict[str, str]) -> dict[str, Any]:
    from tuicrm.exchange.openstages import with_stages

    deals = [record for item, record in importer.done.created if item.kind == "deal"]
    used = {str(record.get("stage")) for record in deals if record.get("pipeline") == pipeline}
    stages, gone = with_stages(importer.session, pipeline, made, used)
    if gone and importer.session.ws.get("pipeline", pipeline):
        importer.done.said.append(f"starter stages that no deal is in made way: {', '.join(gone)}")
    return {"stages": stages}
