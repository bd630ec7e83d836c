"""Records of one kind made of a file's texts, thousands of them: what is the same for all is worked out once.

The outcome is that of `crm.edit.born`, which is asked wherever a record is not plain sailing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.defaults import OWNED
from tuicrm.records.types import Addresses, Text, with_ranks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.exchange.reading import CellReading
    from tuicrm.records.field import Field, Kind

Record = dict[str, Any]
PLAIN = ("company", "contact", "lead", "product")
"""Kinds of which a record depends on nothing but its own texts and a few defaults."""
FIRST = with_ranks(("",))[""]
"""What an address map says of the only address; shared, as whoever writes a record copies it."""
DEPENDENT = ("parent",)
"""Fields that are checked against other records."""


class Fresh:
    """Makes the records of one kind."""

    def __init__(self, kind: Kind, ctx: CellReading) -> None:
        self._kind = kind
        self._ctx = ctx
        amounts = {one.name for one, _ in kind.amounts}
        own = (one for one in kind.writable if one.name not in amounts and one.name not in DEPENDENT)
        plain = kind.name in PLAIN and not ctx.session.ws.all("territory")  # where they lie decides whose they are
        self._fields = {one.name: one for one in own} if plain else {}
        self._as_they_are = frozenset(name for name, one in self._fields.items() if type(one.type) is Text)
        self._required = frozenset(one.name for one in kind.required)
        self._always = self._constants()
        self._employer = kind.name == "contact" and bool(ctx.session.ws.all("company"))

    def _constants(self) -> list[tuple[str, Any]]:
        """Return what every record gets that does not say otherwise, by field."""
        me = self._ctx.session.me
        owner = [("owner", me)] if me and self._kind.name in OWNED else []
        return owner + [(one.name, self._ctx.value(one, one.default)) for one in self._kind.defaulted]

    def record(self, typed: Mapping[str, Sequence[str]], record_id: str) -> Record:
        """Return the record that typed texts make; raises what `born` does."""
        made: Record = {"id": record_id}
        fields, as_they_are = self._fields, self._as_they_are
        for name, texts in typed.items():
            field = fields.get(name)
            if field is None or len(texts) != 1:
                return self._born(typed, record_id)
            text = texts[0]
            if name in as_they_are and text.isascii() and "\0" not in text:
                value: Any = text.strip()
            else:
                value = self._value(field, text)
            if not value:
                return self._born(typed, record_id)
            made[name] = value
        for name, value in self._always:
            if name not in made:
                made[name] = value
        if self._employer and "company" not in made and "emails" in made:
            from tuicrm.crm.employers import employer

            found = employer(self._ctx.session, made["emails"])
            if found:
                made["company"] = found
        return made if made.keys() >= self._required else self._born(typed, record_id)

    def _value(self, field: Field, text: str) -> Any:
        """Return what one text makes of a field; nothing where it is blank."""
        value = self._ctx.value(field, text)
        if not field.type.many or value is None:
            return value
        return {value: FIRST} if isinstance(field.type, Addresses) else [value]

    def _born(self, typed: Mapping[str, Sequence[str]], record_id: str) -> Record:
        from tuicrm.crm.edit import born

        return born(self._ctx.session, self._kind, typed, self._ctx, record_id=record_id)
