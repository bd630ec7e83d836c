"""From what people type to one record, and from a record to what people call it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import phones
from tuicrm.errors import Ambiguous, NotFound
from tuicrm.folding import fold, nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from tuicrm.crm.session import Session
    from tuicrm.crm.stages import StageInfo

Record = dict[str, Any]

SHORT = 4
"""The fewest characters of an id that are shown and understood."""
SHOWN_CANDIDATES = 20
NEAREST_AMONG = 20_000
"""Above so many names no nearest one is looked for: it would take longer than anybody waits for an error."""


class Names(dict[str, str]):
    """The title of each record of a kind by its id, found out on first sight; empty for an id nobody knows."""

    def __init__(self, session: Session, kind: str) -> None:
        super().__init__()
        self._session = session
        self._kind = kind

    def __missing__(self, key: str) -> str:
        ws = self._session.ws
        record = ws.all(self._kind).get(key) or ws.dead(self._kind).get(key)
        found = self[key] = title(self._session, self._kind, record) if record is not None else ""
        return found


def names(session: Session, kind: str) -> Names:
    """Return the titles of a kind's records by id, for whoever needs many of them."""
    found: Names = session.remember(f"names {kind}", lambda: Names(session, kind))
    return found


def name_of(session: Session, kind: str, key: str) -> str:
    """Return what the record with this id is called, removed ones included; empty where there is none."""
    return names(session, kind)[key] if key else ""


def title(session: Session, kind: str, record: Mapping[str, Any]) -> str:
    """Return what people call a record: its naming field, else what tells most about it, else its short id."""
    if kind == "enrolment":
        from tuicrm.crm.enrolments import called

        return " with ".join(called(session, dict(record)))
    if kind == "quote":
        from tuicrm.crm.quotes.standing import called as number

        return number(session, record)
    for field in session.kind(kind).naming:
        value = record.get(field)
        if isinstance(value, str) and value.strip():
            return value
    if kind == "deal" and (made := _made_title(session, record)):
        return made
    if kind == "activity" and isinstance(record.get("type"), str):
        return str(record["type"])
    return _text(record, "external_id") or short_id(session, kind, str(record.get("id", "")))


def product_of(deal: Mapping[str, Any]) -> str:
    """Return the id of a deal's product: that of its single line item, else empty."""
    items = deal.get("items")
    found = products_of(deal) if isinstance(items, dict) and len(items) == 1 else ()
    return found[0] if found else ""


def products_of(deal: Mapping[str, Any]) -> list[str]:
    """Return the ids of the products of all line items of a deal."""
    items = deal.get("items")
    held = items.values() if isinstance(items, dict) else ()
    return [one["product"] for one in held if isinstance(one, dict) and isinstance(one.get("product"), str)]


def short_id(session: Session, kind: str, key: str) -> str:
    """Return the shortest end of an id, of four characters or more, that no other record of the kind shares."""
    return short_ids(session, kind)(key)


def short_ids(session: Session, kind: str) -> Callable[[str], str]:
    """Return what shortens the ids of a kind, for whoever shows many of them."""
    ends, named = _by_end(session, kind), _like_ids(session, kind)

    def short(key: str) -> str:
        others = [one for one in ends.get(key[-SHORT:], ()) if one != key]
        length = SHORT
        while length < len(key) and (
            # A name wins over an id where something is looked up, so an id that reads like a name is shown longer.
            key[-length:].lower() in named or any(one.endswith(key[-length:]) for one in others)
        ):
            length += 1
        return key[-length:]

    return short


def find(session: Session, kind: str, ref: str, *, trash: bool = False) -> Record:
    """Return the one record of a kind that `ref` names, or raise NotFound or Ambiguous.

    Tried in turn: the id; name, e-mail, phone, handle and external id in full; the end of the id; the beginning of a
    name; any part of a name. `me` is the acting user; of follow-ups of one name, the one still to be done is meant.
    With `trash`, removed records are looked through instead.
    """
    kind = session.kind(kind).name
    records = session.ws.dead(kind) if trash else session.ws.all(kind)
    wanted = ref.strip()
    if kind == "user" and wanted.casefold() == "me" and session.me in records:
        return records[session.me]
    if wanted.upper() in records:
        return records[wanted.upper()]
    if not trash and (led := session.ws.forwards(kind).get(wanted.upper())):
        return records[led]
    for tier in (_named, _ends, _begins, _holds):
        found = tier(session, kind, wanted, trash) if wanted else []
        if kind == "followup" and len(found) > 1:
            # A repeating one leaves a done namesake behind each time; its name means the one that is to be done.
            found = [key for key in found if not records[key].get("done_at")] or found
        if len(found) == 1:
            return records[found[0]]
        if found:
            raise _ambiguous(session, kind, wanted, [records[key] for key in found])
    raise _not_found(session, kind, wanted, trash)


def named(session: Session, kind: str, text: str) -> list[Record]:
    """Return every live record of a kind whose name, e-mail, phone, handle or external id is exactly `text`, folded."""
    records = session.ws.all(kind)
    return [records[key] for key in _named(session, kind, text.strip(), False)]


def find_stage(session: Session, pipeline: str, text: str) -> str:
    """Return the key of the stage that `text` names in a pipeline (the default one where empty or gone)."""
    from tuicrm.crm.stages import default, stages

    record = session.ws.get("pipeline", pipeline) or default(session)
    held = stages(record)
    found = matching_stages(held, text)
    if len(found) == 1:
        return found[0].key
    if found:
        pairs = [(stage.key, stage.name) for stage in found]
        raise Ambiguous(f"{text!r} fits several stages: {_listed([one for _, one in pairs])}", candidates=pairs)
    near = nearest(text, [stage.name for stage in held])
    guess = f"did you mean {near}?" if near else f"its stages are {_listed([stage.name for stage in held])}"
    raise NotFound(f"the pipeline {record.get('name', '')} has no stage {text.strip()!r}; {guess}")


def matching_stages(held: Sequence[StageInfo], text: str) -> list[StageInfo]:
    """Return the stages that a text may mean: by name in full, else the key, a former name, how it begins, any part."""
    wanted = fold(text.strip())
    if not wanted:
        return []
    return (
        exact_stages(held, wanted)
        or [one for one in held if fold(one.name).startswith(wanted) or one.key.startswith(wanted)]
        or [one for one in held if wanted in fold(one.name)]
    )


def exact_stages(held: Sequence[StageInfo], wanted: str) -> list[StageInfo]:
    """Return the stages that a folded text names in full; what a stage was called counts where none is called so."""
    return (
        [one for one in held if wanted == fold(one.name)]
        or [one for one in held if wanted == one.key]
        or [one for one in held if any(wanted == fold(name) for name in one.former)]
    )


def label(session: Session, kind: str, record: Record) -> str:
    """Return a line that tells a record from its namesakes: its title and the first columns that are filled."""
    from tuicrm.crm.rows import cells

    declared = session.kind(kind)
    columns = [name for name in declared.columns if name not in declared.naming]
    texts = [text for text in cells(session, kind, record, columns) if text]
    return ", ".join([title(session, kind, record), *texts[:5]])


def _named(session: Session, kind: str, wanted: str, trash: bool) -> list[str]:
    index = _exact(session, kind, trash)
    found = index.get(fold(wanted), [])
    if not found and phones.looks_like_one(wanted):
        typed = phones.core(wanted)
        found = [key for core, key in phone_cores(session, kind, trash) if phones.same(core, typed)]
    return list(dict.fromkeys(found))


def ending(session: Session, kind: str, text: str) -> list[str]:
    """Return the ids of the live records whose id ends in a text of four characters or more."""
    return _ends(session, kind, text, False)


def _ends(session: Session, kind: str, wanted: str, trash: bool) -> list[str]:
    end = wanted.upper()
    if len(end) < SHORT or not end.isalnum():
        return []
    if trash:
        return [key for key in session.ws.dead(kind) if key.endswith(end)]
    found = [key for key in _by_end(session, kind).get(end[-SHORT:], ()) if key.endswith(end)]
    led = session.ws.forwards(kind)
    return list(dict.fromkeys(led.get(key, key) for key in found))


def _begins(session: Session, kind: str, wanted: str, trash: bool) -> list[str]:
    start = fold(wanted)
    if not start or (len(wanted) < 2 and wanted.isascii()):
        return []
    return [key for name, key in _folded(session, kind, trash) if name.startswith(start)]


def _holds(session: Session, kind: str, wanted: str, trash: bool) -> list[str]:
    part = fold(wanted)
    if not part or (len(wanted) < 3 and wanted.isascii()):
        return []
    return [key for name, key in _folded(session, kind, trash) if part in name]


def _records(session: Session, kind: str, trash: bool) -> Mapping[str, Record]:
    return session.ws.dead(kind) if trash else session.ws.all(kind)


def _answering(session: Session, kind: str, trash: bool) -> Iterator[tuple[str, Record]]:
    """Yield ids with the records whose names they answer to: their own, and those of what was merged into them."""
    yield from _records(session, kind, trash).items()
    if not trash:
        for gone, key in session.ws.forwards(kind).items():
            held = session.ws.stored.any(kind, gone)
            if held is not None:
                yield key, held


def _by_end(session: Session, kind: str) -> dict[str, list[str]]:
    def make() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for key in (*session.ws.all(kind), *session.ws.forwards(kind)):
            found.setdefault(key[-SHORT:], []).append(key)
        return found

    ends: dict[str, list[str]] = session.remember(f"ends {kind}", make)
    return ends


def _exact(session: Session, kind: str, trash: bool) -> dict[str, list[str]]:
    """Return ids by each folded text that names a record in full."""

    def make() -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        declared = session.kind(kind)
        fields = (*declared.naming, *declared.handles, "external_id")
        for key, record in _answering(session, kind, trash):
            for field in fields:
                value = record.get(field)
                for one in (value,) if isinstance(value, str) else value if isinstance(value, dict) else ():
                    if one:
                        found.setdefault(fold(one).strip(), []).append(key)
            if kind == "deal" and not record.get("name") and (made := _made_title(session, record)):
                found.setdefault(fold(made), []).append(key)
        return found

    index: dict[str, list[str]] = session.remember(f"exact {kind} {trash}", make)
    return index


def _like_ids(session: Session, kind: str) -> set[str]:
    """Return those of the texts of `_exact` that could be the end of an id; most texts are passed over unfolded."""

    def make() -> set[str]:
        declared = session.kind(kind)
        fields = (*declared.naming, *declared.handles, "external_id")
        found: set[str] = set()
        for _, record in _answering(session, kind, False):
            for field in fields:
                value = record.get(field)
                for one in (value,) if value.__class__ is str else value if value.__class__ is dict else ():
                    if one.strip().isalnum() or not one.isascii():
                        found.add(fold(one).strip())
            if kind == "deal" and not record.get("name"):
                found.add(fold(_made_title(session, record)))
        return found

    index: set[str] = session.remember(f"like ids {kind}", make)
    return index


def _made_title(session: Session, deal: Mapping[str, Any]) -> str:
    """Return company and product of a deal without a name; empty where neither is known."""
    parts = [name_of(session, "company", _text(deal, "company")), name_of(session, "product", product_of(deal))]
    return ": ".join(part for part in parts if part)


def phone_cores(session: Session, kind: str, trash: bool = False) -> list[tuple[str, str]]:
    """Return (core, id) for every phone number of a kind's records."""

    def make() -> list[tuple[str, str]]:
        return [
            (core, key)
            for key, record in _answering(session, kind, trash)
            for number in _numbers(record)
            if (core := phones.core(number))
        ]

    found: list[tuple[str, str]] = session.remember(f"phones {kind} {trash}", make)
    return found


def _numbers(record: Record) -> Iterable[str]:
    """Return the phone numbers of a contact (a map) or of a company (a text)."""
    held, one = record.get("phones"), record.get("phone")
    return held if isinstance(held, dict) else (one,) if isinstance(one, str) else ()


def _folded(session: Session, kind: str, trash: bool) -> list[tuple[str, str]]:
    def make() -> list[tuple[str, str]]:
        return [(fold(title(session, kind, one)), key) for key, one in _records(session, kind, trash).items()]

    found: list[tuple[str, str]] = session.remember(f"folded {kind} {trash}", make)
    return found


def _ambiguous(session: Session, kind: str, wanted: str, found: Sequence[Record]) -> Ambiguous:
    labels = [(str(one["id"]), label(session, kind, one)) for one in found[:SHOWN_CANDIDATES]]
    some = f", the first {SHOWN_CANDIDATES} of which are shown" if len(found) > SHOWN_CANDIDATES else ""
    return Ambiguous(
        f"{wanted!r} fits {len(found)} {session.kind(kind).many}{some}",
        candidates=labels,
        hint="name it by its id, or by more of its name",
    )


def _not_found(session: Session, kind: str, wanted: str, trash: bool) -> NotFound:
    where = " in the trash" if trash else ""
    one = session.kind(kind).one
    if not wanted:
        return NotFound(f"no {one} is named: the text is empty")
    message = f"no {one}{where} answers to {wanted!r}"
    held = _folded(session, kind, trash)
    near = nearest(wanted, _titles(session, kind, trash)) if len(held) <= NEAREST_AMONG else None
    return NotFound(f"{message}; did you mean {near}?" if near else message)


def _titles(session: Session, kind: str, trash: bool) -> Iterable[str]:
    return (title(session, kind, one) for one in _records(session, kind, trash).values())


def _listed(texts: Sequence[str]) -> str:
    return ", ".join(texts)


def _text(record: Mapping[str, Any], field: str) -> str:
    value = record.get(field)
    return value if isinstance(value, str) else ""
