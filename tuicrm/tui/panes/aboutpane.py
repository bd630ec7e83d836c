"""A list of entries that are about something else: opening one opens the deal, the person or the company behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.panes.listpane import ListPane

if TYPE_CHECKING:
    from tuicrm.tui.pane import Ref


class AboutPane(ListPane):
    """Remembers which entry a record was opened for, so that `.` and `,` go on from there."""

    def __init__(self) -> None:
        super().__init__()
        self._entry_of: dict[Ref, Ref] = {}
        """The records that were opened from here, with the entries that they were opened for."""

    def open(self, ref: Ref) -> None:
        """Open what an entry is about: the deal, else the person or the company, else itself."""
        target = self._subject(ref)
        self._entry_of[target] = ref
        self.program.open_record(*target)

    def _subject(self, ref: Ref) -> Ref:
        from tuicrm.crm.about import about

        with self.desk.lock:
            record = self.desk.session.ws.get(*ref)
            return about(self.desk.session, ref[0], record).subject if record is not None else ref

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """Return what the next entry is about that is about something else, or the one before."""
        at: Ref | None = self._entry_of.get(ref, ref)
        while at is not None:
            at = super().neighbour(at, by)
            target = self._subject(at) if at is not None else ref
            if at is not None and target != ref:
                self._entry_of[target] = at
                return target
        return None

    def position(self, ref: Ref) -> str:
        """Return where the entry that a record was opened for is in the list."""
        return super().position(self._entry_of.get(ref, ref))
