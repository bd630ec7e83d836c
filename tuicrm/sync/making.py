"""The commit that a sync comes to: what its tree holds, which parents it has, or that one there is enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.errors import Decision
from tuicrm.store.manifest import NAME as MANIFEST
from tuicrm.sync import refs
from tuicrm.sync.content import Content, is_data
from tuicrm.sync.index import settled
from tuicrm.sync.merging import Merging
from tuicrm.sync.message import subject
from tuicrm.sync.objects import FILE, bases, is_ancestor
from tuicrm.sync.ours import merge_ours
from tuicrm.sync.outside import merge_outside
from tuicrm.sync.place import named
from tuicrm.sync.worktree import TOP, blob_id
from tuicrm.sync.writing import NewCommit, write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.sync.content import Contents
    from tuicrm.sync.git import Git
    from tuicrm.sync.local import Local
    from tuicrm.sync.losing import Lost
    from tuicrm.sync.objects import Entry, Objects
    from tuicrm.sync.worktree import Scan

NOTHING = Content({}, {}, ())


class Author(NamedTuple):
    """Whose name a commit carries, and when it is made (seconds since 1970)."""

    name: str
    email: str
    at: int


class Made(NamedTuple):
    """The state that this clone and the remote are to have."""

    commit: str
    files: Mapping[str, Entry]
    """All its files."""
    written: Mapping[str, bytes]
    """Contents that no commit had before, by path."""
    edits: int
    """How many edits went to the ledger."""


class Making:
    """One attempt to bring this clone's side and the remote's tip together."""

    def __init__(self, git: Git, objects: Objects, contents: Contents, scan: Scan, local: Local, tip: str) -> None:
        self._git = git
        self._objects = objects
        self._contents = contents
        self._scan = scan
        self._local = local
        self._tip = tip
        if tip and local.heads:
            contents.files(tip, local.heads[0])
        self._theirs = contents.of(tip) if tip else NOTHING
        self._common = sorted({oid for head in local.heads for oid in bases(git, head, tip)}) if tip else []

    def merged(self, also: Sequence[Lost], by: Author, *, adopt: bool) -> Made:
        """Join both sides."""
        common = [self._contents.of(oid) for oid in self._common]
        merging = Merging(self._contents, self._local.content, self._theirs, common)
        files, edits = merging.run(also)
        return self._finished(files, edits, common, by, parents=self._parents(), adopt=adopt)

    def rewritten(self, synced: str, also: Sequence[Lost], by: Author) -> Made:
        """Put only what changed here since the last sync on top of a remote whose history was rewritten."""
        if MANIFEST not in self._theirs.files:
            raise Decision(
                "The remote's branch has been replaced by one that is no workspace.",
                hint="Look at it there. To give it this workspace instead, push to another branch or repository.",
            )
        before = self._contents.of(synced)
        files, edits = Merging(self._contents, self._local.content, self._theirs, [before]).onto(before, also)
        return self._finished(files, edits, [before], by, parents=(self._tip,), adopt=False)

    def _parents(self) -> tuple[str, ...]:
        """Return the commits that the result goes back to, without those that another one includes."""
        every = [*self._local.heads, *([self._tip] if self._tip else [])]
        kept: list[str] = []
        for one in dict.fromkeys(every):
            if not any(other != one and is_ancestor(self._git, one, other) for other in every):
                kept.append(one)
        return tuple(kept)

    def _finished(
        self,
        merged: Mapping[str, bytes | str],
        edits: int,
        common: Sequence[Content],
        by: Author,
        *,
        parents: tuple[str, ...],
        adopt: bool,
    ) -> Made:
        files, written = self._all_files(merged, common, adopt=adopt)
        if len(parents) == 1:
            known = self._contents.files(parents[0], self._near())
            if known == files:
                return Made(parents[0], known, written, edits)
        return Made(self._commit(files, written, parents, by), files, written, edits)

    def _near(self) -> str:
        return self._local.heads[0] if self._local.heads else ""

    def _all_files(
        self, merged: Mapping[str, bytes | str], common: Sequence[Content], *, adopt: bool
    ) -> tuple[dict[str, Entry], dict[str, bytes]]:
        """Return every file of the result, and the contents of those that have no blob yet."""
        ours = self._local.content.files
        files = {path: (FILE, entry[1]) for path, entry in ours.items() if is_data(path)}
        written: dict[str, bytes] = {}
        like = self._tip or self._near()
        for path, content in merged.items():
            if isinstance(content, bytes):
                written[path] = content
                files[path] = (FILE, blob_id(content, like))
            else:
                files[path] = (FILE, content)
        beside = self._beside()
        result = _together(beside, _outside(self._theirs), common)
        self._refuse_gone_on(beside, result)
        files.update(result)
        for name, content in self._own_files(common, adopt=adopt).items():
            written[name] = content
            files[name] = (FILE, blob_id(content, like))
        return files, written

    def _beside(self) -> dict[str, Entry]:
        """Return the files beside the workspace's own that this clone has, with those of a merge that was begun."""
        files = _outside(self._local.content)
        for other in self._local.heads[1:]:
            shared = [self._contents.of(oid) for oid in bases(self._git, self._local.heads[0], other)]
            files = _together(files, _outside(self._contents.of(other)), shared, settled(self._git))
        return files

    def _refuse_gone_on(self, beside: Mapping[str, Entry], result: Mapping[str, Entry]) -> None:
        """Refuse what a begun merge has staged and the remote has changed again: it would look like the user's own."""
        before = self._local.content.files
        gone_on = [path for path in beside if beside[path] not in (result.get(path), before.get(path))]
        if gone_on:
            raise Decision(
                f"a merge was begun here, and the remote has changed {named(gone_on)} again since",
                hint="Conclude the merge with git commit, then sync again.",
            )

    def _own_files(self, common: Sequence[Content], *, adopt: bool) -> dict[str, bytes]:
        """Return tuicrm.json and .gitattributes, joined."""
        ours = {name: self._scan.changed.get(name) or self._held(self._local.content, name) for name in TOP}
        theirs = {name: self._held(self._theirs, name) for name in TOP}
        before = [{name: self._held(one, name) for name in TOP} for one in common]
        return merge_ours(before, ours, theirs, adopt=adopt)

    def _held(self, content: Content, name: str) -> bytes | None:
        entry = content.files.get(name)
        return None if entry is None else self._objects.blob(entry[1])

    def _commit(
        self, files: Mapping[str, Entry], written: Mapping[str, bytes], parents: tuple[str, ...], by: Author
    ) -> str:
        before = self._contents.files(parents[0], self._near()) if parents else {}
        told: dict[str, bytes | Entry | None] = {path: None for path in before if path not in files}
        for path, entry in files.items():
            if before.get(path) != entry:
                told[path] = written.get(path, entry)
        text = subject(self._local.went) if self._local.went else "Merged what others changed"
        new = NewCommit(parents, told, text, "", by.name, by.email, by.at)
        return write(self._git, new, refs.MADE)


def _outside(content: Content) -> dict[str, Entry]:
    return {path: entry for path, entry in content.files.items() if not is_data(path) and path not in TOP}


def _together(
    ours: dict[str, Entry],
    theirs: Mapping[str, Entry],
    common: Sequence[Content],
    by_hand: Mapping[str, Entry] | None = None,
) -> dict[str, Entry]:
    """Return the files beside the workspace's own after a merge; Decision where both sides changed one."""
    taken = merge_outside([one.files for one in common], ours, theirs, by_hand)
    return {path: entry for path, entry in {**ours, **taken}.items() if entry is not None}
