"""Typed text to stored values, for one session: references, dates, money, and what no field may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.along import NOTHING
from tuicrm.errors import Invalid, NotFound
from tuicrm.records.types import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.along import Along
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field, Kind
    from tuicrm.when import Reading


class Typing:
    """What field types read typed text against; collects what was understood, each sentence once."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.pipeline = ""
        """The id of the pipeline whose stages a stage's name is looked up in."""
        self.about = ""
        """What the field that is being read is called; it goes before what is said about it."""
        self.doubts = True
        """Whether values that look wrong are remarked upon; where thousands are read, nobody would read that."""
        self.along: Along = NOTHING
        """What is given along with a move, for the gate of the stage."""
        self.loads: dict[str, dict[str, int]] = {}
        """How many open records of a kind each user has, with those that the same step gives them."""
        self._notes: dict[str, None] = {}
        self._found: dict[tuple[str, str], str] = {}

    @property
    def reading(self) -> Reading:
        """What dates in words are relative to."""
        return self.session.reading

    @property
    def currency(self) -> str:
        """The base currency, which a bare amount is in."""
        return self.session.currency

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences to echo, in the order in which they came up."""
        return tuple(self._notes)

    def note(self, text: str) -> None:
        """Keep a sentence about what was understood."""
        if text:
            self._notes[f"{self.about}: {text}" if self.about else text] = None

    def value(self, field: Field, text: str) -> Any:
        """Return the stored form of one typed value, or None for an empty one; errors name the field."""
        return parse_value(field, text, self)

    def expect(self, kind: str, text: str, key: str) -> None:
        """Let a text name a record that is about to be added under this id."""
        self._found[kind, text.strip()] = key

    def resolve(self, kind: str, text: str) -> str:
        """Return the id of the record that `text` names (for `stage`: its key), or raise NotFound or Ambiguous."""
        from tuicrm.crm import lookup

        if kind == "stage":
            return lookup.find_stage(self.session, self.pipeline, text)
        wanted = text.strip()
        if (kind, wanted) not in self._found:
            if kind == "user" and wanted.casefold() == "me":
                found = my_id(self.session)
            else:
                found = str(lookup.find(self.session, kind, wanted)["id"])
            self._found[kind, wanted] = found
        return self._found[kind, wanted]


def my_id(session: Session) -> str:
    """Return the id of the acting user's record, or raise NotFound."""
    if session.me:
        return session.me
    raise NotFound(
        f"no user of this workspace is called {session.user!r}",
        hint=f'add yourself: tuicrm user add "Your Name" --handle {session.user}',
    )


def refuse_unstorable(text: str, name: str) -> None:
    """Raise Invalid where the text holds what cannot be stored: NUL, or half of a surrogate pair."""
    if "\0" in text:
        raise Invalid(f"{name}: the text holds a NUL character, which cannot be stored", field=name)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError as problem:
            odd = f"U+{ord(text[problem.start]):04X}"
            raise Invalid(
                f"{name}: the text holds {odd}, half of a character, at {problem.start}", field=name
            ) from None


def parse_value(field: Field, text: str, ctx: Typing) -> Any:
    """Return the stored form of one typed value, or None for an empty one; errors name the field."""
    refuse_unstorable(text, field.name)
    if not text.strip():
        return None
    if type(field.type) is Text:
        return text.strip()
    ctx.about = field.title
    try:
        value = field.type.parse(text, ctx)
        if ctx.doubts and isinstance(value, str) and (why := field.type.doubt(value)):
            ctx.note(f"{value} {why}")
    except Invalid as problem:
        raise named(problem, field.name) from None
    finally:
        ctx.about = ""
    return None if value == "" else value


def named(problem: Invalid, name: str) -> Invalid:
    """Return the problem with the name of the field in front, if it does not say it yet."""
    if problem.field:
        return problem
    return Invalid(f"{name}: {problem.message}", field=name, hint=problem.hint)


def field_of(kind: Kind, name: str) -> Field:
    """Return the field that `name` stands for, or raise Invalid naming the nearest."""
    wanted = name.strip().lower().replace("-", "_")
    field = kind.by_name.get(wanted)
    if field is None:
        from tuicrm.folding import nearest

        near = nearest(wanted, [one.name for one in kind.writable])
        guess = f"; did you mean {near}?" if near else ""
        raise Invalid(f"{kind.many} have no field {name!r}{guess}", field=name)
    return field


def by_field(kind: Kind, typed: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    """Return typed texts by the proper names of their fields; unknown and computed ones raise Invalid."""
    found: Mapping[str, Sequence[str]] = typed if kind.own_names.issuperset(typed) else _renamed(kind, typed)
    for name, texts in found.items():
        if len(texts) > 1 and not kind.by_name[name].type.many:
            raise Invalid(f"{name}: holds one value, not {len(texts)}", field=name)
    return found


def _renamed(kind: Kind, typed: Mapping[str, Sequence[str]]) -> Mapping[str, Sequence[str]]:
    found: dict[str, Sequence[str]] = {}
    for name, texts in typed.items():
        field = kind.by_name.get(name) or field_of(kind, name)
        if field.computed:
            raise Invalid(f"{field.name}: is worked out by the program and cannot be set", field=field.name)
        found[field.name] = [*found[field.name], *texts] if field.name in found else texts
    return found
