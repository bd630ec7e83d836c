"""TinyDB on a workspace: its tables and queries, without rewriting everything on every change."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from tinydb import TinyDB
from tinydb.table import Document, Table

from tuicrm.errors import Invalid
from tuicrm.store.changes import Change, Outdated, Remove, Write
from tuicrm.store.conditions import is_cacheable, on_records
from tuicrm.store.recording import BadDocument, Drafts, Fields, accepted, creation, detached
from tuicrm.store.segments import is_kind
from tuicrm.store.storage import Records, WorkspaceStorage

if TYPE_CHECKING:
    from tinydb.queries import QueryLike

    from tuicrm.store.leaves import Record

__all__ = ["BadDocument", "WorkspaceDB", "WorkspaceStorage", "WorkspaceTable", "open_db"]

_ATTEMPTS = 50


class WorkspaceTable(Table):
    """A kind of record as a TinyDB table: documents are the records' fields, `doc_id` is the record's id (a ULID).

    Every operation is one transaction of the documents that it really changed, and of their differing fields;
    an updater that raises changes nothing, and one that another process overtook runs again.
    What differs from TinyDB's own table:

    * A list is a **set**: it comes back sorted and without doubles, and two people's additions to it merge.
      A member that is itself a list or an object is one value, kept as it is. An order of your own needs an
      object with sort keys.
    * None, an empty text, list or object as a field's whole value clears the field: it is absent afterwards.
      An object of nothing but nulls is refused (it would be a list).
    * Floats, whole numbers beyond 64 bits, keys that are no text and other types raise BadDocument (an Invalid and
      a ValueError) before anything is written. Field names do not begin with `_`; `id` is the document's `doc_id`.
    * Documents are copies, those of a cached search too: changing one changes nothing stored.
    * Removing leaves a tombstone, which `undo` and `restore` bring back; inserting under a removed id starts afresh.
    * Documents come in the order of their ids, that is of their creation; a table without documents is not listed
      by `tables()`, and `persist_empty` has no effect.
    """

    document_id_class = str  # type: ignore[assignment]

    def __init__(
        self,
        storage: WorkspaceStorage,
        name: str,
        cache_size: int = Table.default_query_cache_capacity,
        persist_empty: bool = False,
    ) -> None:
        if not is_kind(name):
            raise Invalid(f"{name!r} is not the name of a table: those are of small letters, digits and _.")
        super().__init__(storage, name, cache_size=cache_size)
        # Read from the storage, so that a TinyDB middleware around it, which hands attributes on, works too.
        self._workspace: Records = storage.workspace
        self._commit_as_one = storage.commit
        self._cached_revision = -1

    def insert(self, document: Mapping[str, Any]) -> Any:
        """Store a document under a fresh id, or a Document under its own; returns the id."""
        return self.insert_multiple([document])[0]

    def insert_multiple(self, documents: Iterable[Mapping[str, Any]]) -> list[Any]:
        """Store documents in one transaction, all or none; returns their ids."""
        held = self._workspace.stored.all(self.name)
        changes: list[Change] = []
        doc_ids: dict[str, None] = {}
        for document in documents:
            if not isinstance(document, Mapping):
                raise BadDocument("Document is not a Mapping: a document maps field names to values.")
            if isinstance(document, self.document_class):
                doc_id = str(document.doc_id)
                if doc_id in held or doc_id in doc_ids:
                    raise BadDocument(f"Document with ID {doc_id} already exists in {self.name}.", field="id")
                changes += creation(self._workspace, self.name, doc_id, document)
            else:
                doc_id = self._workspace.new_id()
                changes.append(Write(self.name, doc_id, accepted(self.name, doc_id, document)))
            doc_ids[doc_id] = None
        self._commit(changes, "insert")
        return self._ids(doc_ids)

    def search(self, cond: QueryLike) -> list[Document]:
        """All documents that match."""
        return [self._document(record) for record in self._matching(cond)]

    def get(  # type: ignore[override]
        self, cond: QueryLike | None = None, doc_id: Any = None, doc_ids: Iterable[Any] | None = None
    ) -> Document | list[Document] | None:
        """The document of an id, those of several ids (in the table's order), or the first that matches."""
        records = self._workspace.stored.all(self.name)
        if doc_id is not None:
            return self._document(records[str(doc_id)]) if str(doc_id) in records else None
        if doc_ids is not None:
            return [self._document(records[known]) for known in sorted(set(map(str, doc_ids))) if known in records]
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id or doc_ids")
        matches = on_records(cond)
        return next((self._document(record) for record in list(records.values()) if matches(record)), None)

    def contains(self, cond: QueryLike | None = None, doc_id: Any = None) -> bool:
        """Whether there is a document of this id, or one that matches."""
        if doc_id is not None:
            return str(doc_id) in self._workspace.stored.all(self.name)
        if cond is None:
            raise RuntimeError("You have to pass either cond or doc_id")
        return self.get(cond) is not None

    def update(self, fields: Fields, cond: QueryLike | None = None, doc_ids: Iterable[Any] | None = None) -> list[Any]:
        """Set fields, or run an updater, on the documents of these ids, on those that match, or on all."""
        wanted = None if doc_ids is None else [str(doc_id) for doc_id in doc_ids]

        def edit(drafts: Drafts) -> list[str]:
            if wanted is not None:
                targets = [doc_id for doc_id in wanted if doc_id in drafts.records]
            elif cond is not None:
                targets = [record["id"] for record in self._matching(cond)]
            else:
                targets = list(drafts.records)
            for doc_id in targets:
                drafts.edit(doc_id, fields)
            return targets

        return self._edit(edit)

    def update_multiple(self, updates: Iterable[tuple[Fields, QueryLike]]) -> list[Any]:
        """Run several (fields, condition) pairs over every document, each seeing what those before it did."""
        rules = [(fields, cond, on_records(cond)) for fields, cond in updates]

        def edit(drafts: Drafts) -> list[str]:
            targets = []
            for doc_id, record in list(drafts.records.items()):
                for fields, cond, matches in rules:
                    draft = drafts.get(doc_id)
                    if matches(record) if draft is None else cond(draft):
                        drafts.edit(doc_id, fields)
                        targets.append(doc_id)
            return targets

        return self._edit(edit)

    def remove(self, cond: QueryLike | None = None, doc_ids: Iterable[Any] | None = None) -> list[Any]:
        """Bury the documents of these ids, or those that match; returns the ids of those that were there."""
        if doc_ids is not None:
            records = self._workspace.stored.all(self.name)
            targets = [doc_id for doc_id in dict.fromkeys(map(str, doc_ids)) if doc_id in records]
        elif cond is not None:
            targets = [record["id"] for record in self._matching(cond)]
        else:
            raise RuntimeError("Use truncate() to remove all documents")
        self._commit([Remove(self.name, doc_id) for doc_id in targets], "remove")
        return self._ids(targets)

    def truncate(self) -> None:
        """Bury all documents."""
        targets = list(self._workspace.stored.all(self.name))
        self._commit([Remove(self.name, doc_id) for doc_id in targets], "remove")

    def count(self, cond: QueryLike) -> int:
        """How many documents match."""
        return len(self._matching(cond))

    def __len__(self) -> int:
        return len(self._workspace.stored.all(self.name))

    def __iter__(self) -> Iterator[Document]:
        for record in list(self._workspace.stored.all(self.name).values()):
            yield self._document(record)

    def _matching(self, cond: QueryLike) -> list[Record]:
        records = self._workspace.stored.all(self.name)
        if self._cached_revision != self._workspace.revision:
            self.clear_cache()
            self._cached_revision = self._workspace.revision
        cached: list[Record] | None = self._query_cache.get(cond)  # type: ignore[assignment]
        if cached is not None:
            return cached
        matches = on_records(cond)
        # A list of its own: another thread may commit while a condition runs.
        found = [record for record in list(records.values()) if matches(record)]
        if is_cacheable(cond):
            self._query_cache[cond] = found  # type: ignore[assignment]
        return found

    def _document(self, record: Record) -> Document:
        return self.document_class(detached(record), self.document_id_class(record["id"]))  # type: ignore[arg-type]

    def _ids(self, doc_ids: Iterable[str]) -> list[Any]:
        return [self.document_id_class(doc_id) for doc_id in doc_ids]

    def _edit(self, edit: Callable[[Drafts], list[str]]) -> list[Any]:
        """Commit an edit of what was read; where another process was quicker, do it again on what that one left."""
        for attempt in range(1, _ATTEMPTS + 1):
            drafts = Drafts(self.name, self._workspace.stored.all(self.name))
            targets = edit(drafts)
            changes = drafts.changes()
            try:
                self._commit(changes, "update", drafts.seen(changes))
                break
            except Outdated:
                if attempt == _ATTEMPTS:
                    raise
        return self._ids(targets)

    def _commit(
        self, changes: Sequence[Change], verb: str, expect: Mapping[tuple[str, str, str], str] | None = None
    ) -> None:
        self._commit_as_one(changes, f"{verb} {len(changes)} in {self.name}", expect)
        self.clear_cache()

    def _get_next_id(self) -> str:
        return self._workspace.new_id()


class WorkspaceDB(TinyDB):
    """A workspace as a TinyDB database, each kind of record a table; see WorkspaceTable for what differs."""

    table_class = WorkspaceTable  # type: ignore[assignment]
    default_table_name = "document"
    default_storage_class = WorkspaceStorage  # type: ignore[assignment]

    @property
    def storage(self) -> WorkspaceStorage:
        """The workspace's side of this database."""
        return cast("WorkspaceStorage", self._storage)

    def tables(self) -> set[str]:
        """The names of the kinds that hold documents."""
        workspace = self.storage.workspace
        return {kind for kind in workspace.kinds() if workspace.stored.all(kind)}

    def drop_table(self, name: str) -> None:
        """Bury all documents of a table and forget its handle."""
        self.table(name).truncate()
        self._tables.pop(name, None)

    def drop_tables(self) -> None:
        """Bury all documents of all tables in one transaction."""
        workspace = self.storage.workspace
        doomed = [Remove(kind, doc_id) for kind in workspace.kinds() for doc_id in workspace.stored.all(kind)]
        self.storage.commit(doomed, "remove all documents")
        self._tables.clear()


def open_db(workspace: Records, *, by: str) -> WorkspaceDB:
    """The workspace's records as a TinyDB database; `by` is who the history names for changes made through it."""
    return WorkspaceDB(workspace, by=by)
