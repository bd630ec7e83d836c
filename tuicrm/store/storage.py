"""TinyDB's Storage over a workspace: it reads tables as plain dicts and writes differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from tinydb.storages import Storage

from tuicrm.store.recording import detached, replacement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.store.changes import Change
    from tuicrm.store.leaves import Record


class Held(Protocol):
    """The records of a workspace as they are stored."""

    def all(self, kind: str, /) -> Mapping[str, Record]: ...

    def dead(self, kind: str, /) -> Mapping[str, Record]: ...


class Records(Protocol):
    """What TinyDB's side needs of a workspace."""

    @property
    def revision(self) -> int: ...

    @property
    def stored(self) -> Held: ...

    def kinds(self) -> Sequence[str]: ...

    def new_id(self) -> str: ...

    def commit(
        self,
        changes: Sequence[Change],
        /,
        *,
        by: str,
        note: str,
        expect: Mapping[tuple[str, str, str], str] | None = None,
    ) -> object: ...


class WorkspaceStorage(Storage):
    """A workspace as `{table: {id: fields}}`; closing it leaves the workspace to whoever opened that."""

    def __init__(self, workspace: Records, *, by: str) -> None:
        super().__init__()
        self.workspace = workspace
        self.by = by

    def read(self) -> dict[str, dict[str, Any]]:
        """A detached copy of every document; a kind without documents is no table."""
        tables = {}
        for kind in self.workspace.kinds():
            if records := self.workspace.stored.all(kind):
                tables[kind] = {doc_id: detached(record) for doc_id, record in records.items()}
        return tables

    def write(self, data: Mapping[str, Mapping[Any, Mapping[str, Any]]]) -> None:
        """Commit, as one transaction, what differs; documents are removed only from tables that are in the data."""
        changes: list[Change] = []
        for kind, documents in data.items():
            changes += replacement(self.workspace, kind, {str(doc_id): doc for doc_id, doc in documents.items()})
        self.commit(changes, f"write {', '.join(sorted(data))}")

    def commit(
        self, changes: Sequence[Change], note: str, expect: Mapping[tuple[str, str, str], str] | None = None
    ) -> None:
        """Hand over the changes of one operation, if there are any."""
        if changes:
            self.workspace.commit(changes, by=self.by, note=note, expect=expect)
