"""Saved views: the filter, the order and the columns of a pane under a name, shared with the team."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from tuicrm.tui.pane import Pane
from tuicrm.tui.screen_words import screen_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tuicrm.tui.desk import Done
    from tuicrm.tui.viewing import View

OWN = 2
"""Views that every pane has before the saved ones: mine and the team's."""


class Saving(Pane):
    """What `v` `V` and the palette do with views; a pane says which kind it lists and what its orders sort by."""

    OF: str = ""
    """The kind of records that are listed."""
    SORTS: ClassVar[Mapping[str, str]] = {}
    """For commands: the field that an order sorts by, with a minus where it is reversed."""
    DEFAULT: ClassVar[tuple[str, ...]] = ()
    """The columns where a view names none; empty for a pane whose columns are no fields."""
    DERIVED: ClassVar[Mapping[str, str]] = {}
    """Columns beside the fields, with their titles."""

    view: View

    def ask_again(self) -> None:
        """Build the model again."""
        raise NotImplementedError

    def views(self) -> list[View]:
        """Return the views to choose from: mine, the team's, then the saved ones."""
        raise NotImplementedError

    def use(self, view: View) -> None:
        """Show a view."""
        raise NotImplementedError

    def action_view_choose(self) -> None:
        """Choose a view."""
        views = self.views()
        self.pick("View", [one.name for one in views], max(0, self.view.number - 1), lambda at: self.use(views[at]))

    def action_view_save(self) -> None:
        """Save the view that is shown under a name."""
        taken = {one.name.casefold() for one in self.views()[:OWN]}

        def done(text: str | None) -> None:
            name = (text or "").strip()
            if name.casefold() in taken:
                self.main.say(f"every pane has a view {name}: choose another name", "late")
            elif name:
                self._save(name)

        self.ask("save view as:", self.view.name if self.view.number > OWN else "", done=done)

    def _save(self, name: str) -> None:
        from tuicrm.crm import views

        view = self.view
        where = view.where if view.query and view.filter else view.query or view.filter
        with self.desk.lock:
            known = self.desk.session.kind(self.OF).by_name
        columns = ",".join(one for one in view.columns if one in known)
        saved = self.desk.write(
            lambda session: views.add(
                session,
                name,
                of=self.OF,
                where=where,
                sort=self.SORTS.get(view.order, ""),
                columns=[columns] if columns else (),
                screen=screen_words(view),
                replace=True,
            ),
            nothing=f"the view {name} is like that already",
        )
        self.program.tell(saved)
        if not saved.failed:
            self.view.filter = ""
            self._use_named(name)

    def _use_named(self, name: str) -> None:
        for one in self.views()[OWN:]:
            if one.name.casefold() == name.casefold():
                self.use(one)

    def action_view_columns(self) -> None:
        """Choose the columns of the list and their order."""
        if not self.DEFAULT:
            self.main.say("the columns of this pane are fixed; the lists (2 3 5 6) choose theirs")
            return
        from tuicrm.tui.screens.columns import ChooseColumns

        with self.desk.lock:
            fields = self.desk.session.kind(self.OF).all_fields
        names = {one.name: one.title for one in fields} | dict(self.DERIVED)
        shown = [name for name in self.view.columns or self.DEFAULT if name in names]

        def chosen(columns: tuple[str, ...] | None) -> None:
            if columns:
                self.view.columns = () if columns == self.DEFAULT else columns
                self.ask_again()
                self.main.say("V saves the columns with the view")

        self.app.push_screen(ChooseColumns(names, shown), chosen)

    def action_view_remove(self) -> None:
        """Remove a saved view."""
        from tuicrm.crm import views

        def take(record: dict[str, Any]) -> None:
            self._written(self.desk.write(lambda session: views.remove(session, record)))
            if self.view.name == record.get("name"):
                self.use(self.views()[0])

        self._pick_saved("Remove a view", take)

    def action_view_rename(self) -> None:
        """Give a saved view another name."""
        from tuicrm.crm import views

        def take(record: dict[str, Any]) -> None:
            def done(text: str | None) -> None:
                name = (text or "").strip()
                if name:
                    self._written(self.desk.write(lambda session: views.rename(session, record, name)))
                    if self.view.name == record.get("name"):
                        self.view.name = name
                        self.main.bars()

            self.ask("new name:", str(record.get("name", "")), done=done)

        self._pick_saved("Rename a view", take)

    def _written(self, done: Done) -> None:
        self.program.tell(done)

    def _pick_saved(self, heading: str, take: Callable[[dict[str, Any]], None]) -> None:
        from tuicrm.crm.views import listing

        with self.desk.lock:
            held = listing(self.desk.session, self.OF)
        if not held:
            self.main.say("no saved views here: V saves one")
            return
        self.pick(heading, [str(one.get("name", "")) for one in held], 0, lambda at: take(held[at]))
