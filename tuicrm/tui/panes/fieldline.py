"""Editing one field of a record where it stands: a line with what it holds, and what typing makes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.records.types import Addresses, LongText, ranked
from tuicrm.tui.acting.fields import FieldKeys

if TYPE_CHECKING:
    from tuicrm.records.field import Field
    from tuicrm.tui.pages.row import Row
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.screens.ask import Ask


class FieldLine(FieldKeys):
    """A pane that shows fields of one record."""

    ref: Ref
    _field_line: Ask | None = None

    def edit_field(self, row: Row) -> None:
        """Ask for another value of the field of a row; notes go to the editor."""
        from tuicrm.crm.echo import as_typed, can_type, verdict

        kind, key = self.ref
        session = self.desk.session
        field = session.kind(kind).by_name.get(row.field)
        record = session.ws.get(kind, key)
        if field is None or record is None or not can_type(field):
            self.main.say(f"{row.field.replace('_', ' ')} is worked out by the program" if row.field else "no field")
            return
        if isinstance(field.type, LongText):
            self.action_record_notes()
            return
        one_of = isinstance(field.type, Addresses) and bool(row.copy)
        with self.desk.lock:
            held = row.copy if one_of else as_typed(session, kind, record, [field])[field.name]

        def typing(text: str) -> None:
            with self.desk.lock:
                found = verdict(session, kind, record, field, _texts(field, text))
            if self._field_line is not None:
                self._field_line.judge(found.said, "late" if found.bad else "muted")

        def done(text: str | None) -> None:
            self._field_line = None
            if text is not None and text.strip() != held.strip():
                self._write_field(field, text, held if one_of else "")

        self._field_line = self.ask(f"{field.title}:", held, done=done, typing=typing)

    def _write_field(self, field: Field, text: str, instead_of: str) -> None:
        from tuicrm.crm.edit import edit
        from tuicrm.crm.entering import held

        kind, key = self.ref
        texts = _texts(field, text)
        if instead_of:
            record = self.desk.session.ws.get(kind, key) or {}
            # The others keep their places: the first is the one that is dialled.
            texts = [part for one in ranked(record.get(field.name)) for part in (texts if one == instead_of else [one])]
        # A field of several values is emptied first: the texts are all of them.
        typed = {field.name: ["", *texts] if field.type.many else texts}
        done = self.desk.write(lambda session: edit(session, kind, held(session, kind, [key]), typed))
        self.finish(done, [self.ref])


def _texts(field: Field, text: str) -> list[str]:
    """Return what is typed as the values of a field."""
    return [one.strip() for one in text.split(",")] if field.type.many else [text]
