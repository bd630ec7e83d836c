"""What keys change in records: fields in a form, notes, owner, tags, closing date; and what they add and delete."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from tuicrm.errors import TuicrmError
from tuicrm.tui.acting.adding import AddKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.screens.find import Entry, Found


class FieldKeys(AddKeys):
    """Actions on fields; each is one step of undo, however many records there are."""

    NOTHING: ClassVar[str] = "nothing here"

    def _chosen(self) -> list[Ref]:
        """Return the targets that are still there; say so where there are none."""
        ws = self.desk.session.ws
        refs = [(kind, key) for kind, key in self.targets() if ws.get(kind, key) is not None]
        if not refs:
            self.main.say(self.NOTHING)
        return refs

    def _write(self, refs: list[Ref], make: Callable[[Session], Plan | None]) -> None:
        done = self.desk.write(make)
        said = done.plan.said if done.plan is not None else ()
        # What was understood is in the note already where it matters; what is still named is not.
        kept = [one for one in said if one.startswith("still named")]
        self.finish(replace(done, said="; ".join([done.said, *kept])), refs)

    def action_record_edit(self) -> None:
        """Edit what is chosen in a form; several alike."""
        from tuicrm.tui.forms import open_form

        refs = self._chosen()
        kinds = {kind for kind, _ in refs}
        if len(kinds) > 1:
            self.main.say("these are of several kinds: mark those of one kind to edit them together")
        elif refs:
            ids = [key for _, key in refs]
            open_form(self.program, refs[0][0], record_id=ids[0] if len(ids) == 1 else "", records=ids[1:] and ids)

    def action_record_notes(self) -> None:
        """Write the notes of a record in the user's editor."""
        refs = self._chosen()
        if len(refs) > 1:
            self.main.say("notes are written one record at a time: Esc clears the marks, e edits all of them in a form")
        if len(refs) != 1:
            return
        (kind, key), session = refs[0], self.desk.session
        name = _long_field(session, kind)
        if not name:
            self.main.say(f"a {session.kind(kind).one} has no notes")
            return
        try:
            self._edit_notes(kind, key, name)
        except TuicrmError as problem:
            self.main.say(str(problem), "late")

    def _edit_notes(self, kind: str, key: str, name: str) -> None:
        from tuicrm.crm.edit import edit
        from tuicrm.crm.shapes import word
        from tuicrm.tui.app import TuicrmApp
        from tuicrm.tui.editor import edit_text
        from tuicrm.tui.forms import open_form

        def held() -> str:
            return word((self.desk.session.ws.get(kind, key) or {}).get(name))

        before = held()
        assert isinstance(self.app, TuicrmApp)
        text = edit_text(self.app, before)
        if text is None:
            self.main.say("left as it was")
            return
        self.desk.refresh()
        record = self.desk.session.ws.get(kind, key)
        if record is not None and held() != before:
            open_form(
                self.program,
                kind,
                record_id=key,
                only=(name,),
                typed={name: text},
                heading=f"the {name} changed meanwhile; this is yours",
            )
            return
        self._write([(kind, key)], lambda session: edit(session, kind, [record], {name: [text]}) if record else None)

    def action_record_owner(self) -> None:
        """Give what is chosen to somebody else."""
        from tuicrm.crm.across import give
        from tuicrm.tui.screens.find import Entry, Find

        refs = self._chosen()
        if not refs:
            return
        users = [Entry(key, text, detail) for key, text, detail in self._users()]

        def chosen(found: Found | None) -> None:
            if found is not None:
                owner = "" if found.key == NOBODY else found.key
                self._write(refs, lambda session: give(session, refs, owner))

        self.app.push_screen(Find(self._heading("Owner", refs), [*users, Entry(NOBODY, "(nobody)")]), chosen)

    def _users(self) -> list[tuple[str, str, str]]:
        """Return (id, name, handle and team) of those who work here, oneself first."""
        with self.desk.lock:
            session = self.desk.session
            held = [one for one in session.ws.all("user").values() if one.get("active") is not False]
            held.sort(key=lambda one: (one["id"] != session.me, str(one.get("name", "")).casefold()))
            return [
                (
                    str(one["id"]),
                    str(one.get("name") or one.get("handle") or one["id"]),
                    ", ".join(str(one[name]) for name in ("handle", "team") if one.get(name)),
                )
                for one in held
            ]

    def action_record_tags(self) -> None:
        """Tag and untag what is chosen."""
        from tuicrm.crm.across import held_tags, tag
        from tuicrm.tui.screens.find import Find

        refs = self._chosen()
        if not refs:
            return
        with self.desk.lock:
            there = held_tags(self.desk.session, refs)

        def chosen(found: Found | None) -> None:
            if found is not None and found.text.strip():
                self._write(refs, lambda session: tag(session, refs, found.text))

        now = f"now: {', '.join(there)}. " if there else ""
        hint = f"{now}hot -cold adds and takes away; Tab completes"
        heading = self._heading("Tags", refs)
        self.app.push_screen(Find(heading, self._tag_entries(refs[0][0]), words=True, judge=lambda _: hint), chosen)

    def _tag_entries(self, kind: str) -> Callable[[str], Sequence[Entry]]:
        from tuicrm.crm.suggesting import answers
        from tuicrm.tui.screens.find import Entry

        def entries(text: str) -> list[Entry]:
            with self.desk.lock:
                session = self.desk.session
                found = answers(session, kind, session.kind(kind).by_name["tags"], text)
            return [Entry(one.key, one.text) for one in found]

        return entries

    def action_record_close_date(self) -> None:
        """Set the expected close of the chosen deals, in words."""
        from tuicrm.crm.across import close_by
        from tuicrm.crm.echo import verdict

        ids = self.here(self.deals(), "deal")
        if not ids:
            return
        session = self.desk.session
        field = session.kind("deal").by_name["expected_close"]

        def typing(text: str) -> None:
            with self.desk.lock:
                found = verdict(session, "deal", {}, field, [text])
            line.judge(found.said, "late" if found.bad else "good")

        def done(text: str | None) -> None:
            if text is not None and text.strip():
                self._write([("deal", one) for one in ids], lambda session: close_by(session, ids, text))

        line = self.ask("Expected close", done=done, typing=typing)

    def action_record_delete(self) -> None:
        """Put what is chosen into the trash."""
        from tuicrm.crm.across import trash

        refs = self._chosen()
        if refs:
            self._write(refs, lambda session: trash(session, refs))
            if self.desk.session.ws.get(*refs[0]) is None and self.closes_with_its_record:
                self.main.back()

    def _heading(self, what: str, refs: Sequence[Ref]) -> str:
        from tuicrm.crm.lookup import name_of

        if len(refs) > 1:
            return f"{what} of {len(refs)} records"
        with self.desk.lock:
            return f"{what} of {name_of(self.desk.session, *refs[0])}"


NOBODY = "-"


def _long_field(session: Session, kind: str) -> str:
    """Return the field of a kind that holds long texts; empty for none."""
    from tuicrm.records.types import LongText

    return next((one.name for one in session.kind(kind).fields if isinstance(one.type, LongText)), "")
