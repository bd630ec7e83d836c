"""A file to be imported, opened: what it is, what it is full of, its items, and how it was read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, UsageProblem
from tuicrm.exchange.items import NOTHING, Item, Parsed
from tuicrm.store.quiet import quiet_gc

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tuicrm.crm.session import Session
    from tuicrm.exchange.formats import Context
    from tuicrm.exchange.importing import Importer
    from tuicrm.exchange.mapping import Mapping
    from tuicrm.exchange.outcome import Import
    from tuicrm.exchange.presets import Preset
    from tuicrm.exchange.sheet import Sheet
    from tuicrm.records.field import Field, Kind

KINDS = ("company", "contact", "deal", "product", "user", "lead")
"""What a table is usually full of."""


@dataclass(frozen=True)
class Options:
    """What a user may say of an import; what is not said is found out."""

    kind: str = ""
    format: str = ""
    """As `formats` names them, or `csv`."""
    maps: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    preset: str = ""
    """A preset's name; `none` for none."""
    extra: str = "fields"
    """What becomes of columns that no field has: `fields` of the team's own, or `drop`."""
    dates: str = ""
    numbers: str = ""
    encoding: str = ""
    separator: str = ""
    header: int | None = None
    create_missing: bool = False
    update: bool = False
    match: tuple[str, ...] = ()
    """Fields that together tell which record a row is."""
    leads: bool = False
    """Whether people whom nobody knows and who wrote an e-mail become leads."""


@dataclass
class Source:
    """An opened file."""

    name: str
    path: Path | None
    kind: Kind
    items: Sequence[Item]
    sheet: Sheet | None = None
    mapping: Mapping | None = None
    fresh: tuple[Field, ...] = ()
    order: str = ""
    """How `10/11/2026` is read."""
    parsed: Parsed | None = None
    said: list[str] = field(default_factory=list)
    is_guess: bool = False
    """Whether the kind was found out."""

    def importer(self, session: Session, options: Options) -> Importer:
        """Return what works out the import."""
        from tuicrm.exchange.importing import Importer

        by = tuple(_match_field(self.kind, name) for text in options.match for name in text.split(","))
        return Importer(
            session,
            self.items,
            self.kind,
            create_missing=options.create_missing,
            update=options.update or bool(by),
            by=by,
            order=self.order,
            fresh=self.fresh,
        )

    @quiet_gc()
    def work_out(
        self, session: Session, options: Options, progress: Callable[[int, int], None] | None = None
    ) -> Import:
        """Return what importing the file would do."""
        done = self.importer(session, options).work_out(progress)
        done.said[:0] = self.said
        if self.parsed is not None:
            done.rejected[:0] = [(Item(self.kind.name, {}, where), reason) for where, reason in self.parsed.broken]
        return done

    @quiet_gc()
    def let_go(self, done: Import) -> None:
        """Forget what the file says, once only what comes of it counts: that may be as much memory again."""
        self.items = ()
        if self.sheet is not None:
            self.sheet = replace(self.sheet, rows=())
        done.created = [(Item(item.kind, NOTHING, item.where, line=item.line), record) for item, record in done.created]


@quiet_gc()
def open_file(session: Session, path: Path, options: Options, data: bytes | None = None) -> Source:
    """Open a file of any format, or what came on standard input (`data`); raises what is wrong with it."""
    from tuicrm.exchange import formats

    if options.format in ("", "csv"):
        begins = head(path) if data is None else data[: formats.HEAD]
        found = None if options.format else formats.detect(None if data is not None else path, begins)
        if found is None:
            return open_table(session, path, options, data)
    else:
        found = formats.format_named(options.format)
    refuse_table_words(options, found.words)
    parsed = formats.read(found, path if data is None else data, _context(session, options))
    counts = Counter(item.kind for item in parsed.items)
    if counts and options.kind and session.kind(options.kind).name not in counts:
        held = " and ".join(session.kind(name).many for name in counts)
        raise UsageProblem(f"{path.name} holds {held}, and no {session.kind(options.kind).many} as --as says")
    kind = options.kind or (counts.most_common(1)[0][0] if counts else "contact")
    return Source(
        path.name, path if data is None else None, session.kind(kind), parsed.items, parsed=parsed, said=parsed.said
    )


TABLE_WORDS = {
    **{"maps": "--map", "values": "--value", "preset": "--preset", "dates": "--dates", "numbers": "--numbers"},
    **{"encoding": "--encoding", "separator": "--separator", "header": "--header-line"},
}
"""Options that say how a table is read, and what people call them."""


def refuse_table_words(options: Options, words: str) -> None:
    """Raise UsageProblem where something was said that means nothing for a file that is no table."""
    said = [word for name, word in TABLE_WORDS.items() if getattr(options, name) not in ("", (), None)]
    if said:
        raise UsageProblem(f"{' and '.join(said)} can be said of tables (CSV) only, and this is {words}")


def head(path: Path) -> bytes:
    """Return a file's beginning, which tells its format; nothing where it cannot be read."""
    from tuicrm.exchange.formats import HEAD

    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except (OSError, ValueError):
        return b""  # Whoever reads it whole says what is wrong.


def _context(session: Session, options: Options) -> Context:
    from tuicrm.exchange.formats import Context
    from tuicrm.folding import fold
    from tuicrm.records.registry import KINDS as ALL

    addresses = {fold(one) for record in session.ws.all("contact").values() for one in record.get("emails") or ()}
    own = frozenset(fold(str(one["email"])) for one in session.ws.all("user").values() if one.get("email"))
    return Context(
        now=session.now,
        zone=session.zone,
        kind=session.kind(options.kind).name if options.kind else "",
        kinds={name: session.kind(name) for name in ALL},
        own=own,
        known=addresses.__contains__,
        here=_here(session),
        keep_bodies=session.setting("mail_bodies") != "no",
        leads=options.leads,
    )


def _here(session: Session) -> Callable[[str, str], bool]:
    return lambda kind, key: session.ws.get(kind, key) is not None


def open_table(session: Session, path: Path, options: Options, data: bytes | None = None) -> Source:
    """Open a CSV file; raises what is wrong with it, or with what was said of it."""
    from tuicrm.exchange.sheet import read_sheet

    sheet = read_sheet(path, encoding=options.encoding, separator=options.separator, header=options.header, data=data)
    return of_sheet(session, sheet, options)


@quiet_gc()
def of_sheet(session: Session, sheet: Sheet, options: Options) -> Source:
    """Return a table with its columns mapped."""
    from tuicrm.exchange.mapping import map_columns, values_from
    from tuicrm.exchange.reading import date_order
    from tuicrm.exchange.rows import Rows

    preset = _preset(session, sheet, options)
    kind = session.kind(options.kind or (preset.kind if preset else guess_kind(session, sheet)))
    mapping = map_columns(session, sheet, kind, options.maps, preset=preset, extra=options.extra == "fields")
    order, dates = date_order(sheet, mapping, options.dates, session.setting("date_order"))
    values = values_from(session, mapping, options.values)
    rows = Rows(sheet, mapping, values, options.numbers, _here(session))
    told = [
        f"recognised as an export of {preset.label}" if preset else "",
        dates,
        rows.said,
    ]
    fresh = tuple(one.field for one in mapping.fresh)
    said = [*filter(None, told)]
    return Source(sheet.name, sheet.path, kind, list(rows), sheet, mapping, fresh, order, None, said, not options.kind)


def _preset(session: Session, sheet: Sheet, options: Options) -> Preset | None:
    from tuicrm.exchange.presets import preset_named, recognise

    wanted = session.kind(options.kind).name if options.kind else ""
    if options.preset == "none":
        return None
    if options.preset:
        found = preset_named(options.preset)
        if wanted and found.kind != wanted:
            raise UsageProblem(f"the preset {found.name} is for {session.kind(found.kind).plural}, not --as {wanted}")
        return found
    return recognise(sheet.columns, wanted)


def _match_field(kind: Kind, name: str) -> str:
    from tuicrm.crm.parsing import field_of

    found = field_of(kind, name.strip())
    if found.computed:
        raise Invalid(f"{found.name}: is worked out by the program; records cannot be matched by it", field=name)
    return found.name


def guess_kind(session: Session, sheet: Sheet) -> str:
    """Return the kind that a table most probably holds: the one its columns are named for, then its name."""
    from tuicrm.exchange.mapping import map_columns
    from tuicrm.exchange.synonyms import GIVEN
    from tuicrm.text import fold, slug

    name = fold(sheet.path.stem)
    people = any(slug(column) in GIVEN for column in sheet.columns)

    def fits(kind: str) -> int:
        declared = session.kind(kind)
        try:
            mapping = map_columns(session, sheet, declared, ())
        except Invalid:
            return 0
        named = any(one in name for one in (declared.name, declared.plural, *declared.aliases))
        own = sum(2 if one.field in declared.fields else 1 for one in mapping.columns)
        return own + (3 if named else 0) + (3 if people and kind == "contact" else 0)

    return max(KINDS, key=lambda kind: (fits(kind), -KINDS.index(kind)))


def with_map(options: Options, text: str) -> Options:
    """Return options with one more `COLUMN=TARGET`, in place of what was said of that column."""
    column = text.rpartition("=")[0].strip()
    kept = tuple(one for one in options.maps if one.rpartition("=")[0].strip() != column)
    return replace(options, maps=(*kept, text.strip()))
