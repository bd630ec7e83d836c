"""Who a name in a file stands for: records of the workspace, rows of the same file, or one still to be made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Ambiguous, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tuicrm.crm.session import Session

Record = dict[str, Any]
PIECE = 3
MOST = 30
"""So many names of one beginning, and of one ending, are compared."""
COMPARED = 100
"""For so many names of an import others are looked for that resemble them: nobody reads more."""


@dataclass(frozen=True)
class Missing:
    """A name that nothing in the workspace answers to, and the one that it resembles."""

    kind: str
    text: str
    id: str
    near: str


class Names:
    """An exact index of names, made once per import: an import must not guess by beginnings."""

    def __init__(self, session: Session, *, create: bool) -> None:
        self.session = session
        self.create = create
        self.missing: dict[tuple[str, str], Missing] = {}
        self.lacking: dict[str, set[str]] = {}
        """By kind: names of which records were not made, as that was not asked for."""
        self._index: dict[str, dict[str, list[str]]] = {}
        self._shown: dict[str, dict[str, str]] = {}
        self._compared = 0
        self._blocks: dict[str, dict[str, list[str]]] = {}
        """By kind: names without blanks, their beginnings (`acm*`) and endings (`*gmb`), to the folded names."""

    def add(self, kind: str, record_id: str, text: str) -> None:
        """Let a record answer to `text`, as rows of the file do before they are written."""
        from tuicrm.text import fold

        folded = fold(text.strip())
        held = self._of(kind).setdefault(folded, [])
        if record_id not in held:
            held.append(record_id)
        if record_id != text:
            self._show(kind, folded, text.strip())

    def known(self, kind: str, text: str) -> list[str]:
        """Return the ids that answer to `text`."""
        from tuicrm.text import fold

        return self._of(kind).get(fold(text.strip()), [])

    def resolve(self, kind: str, text: str) -> str:
        """Return the one id that `text` stands for, making a missing record where that was asked for."""
        from tuicrm.text import fold

        if kind == "user" and text.strip() == "me" and self.session.me:
            return self.session.me
        found = self.known(kind, text)
        if len(found) == 1:
            return found[0]
        if found:
            raise Ambiguous(f"{len(found)} {self.session.kind(kind).many} are called {text!r}")
        near = self._near(kind, text)
        if not self.create:
            guess = f"; it looks like {near}" if near else ""
            self.lacking.setdefault(kind, set()).add(fold(text.strip()))
            raise NotFound(f"there is no {self.session.kind(kind).one} {text!r}{guess}")
        made = Missing(kind, text.strip(), self.session.ws.new_id(), near)
        self.missing[kind, fold(text.strip())] = made
        self.add(kind, made.id, text)
        return made.id

    def _near(self, kind: str, text: str) -> str:
        """Return the known name that resembles a text, of those that begin or end like it: all would take too long."""
        from tuicrm.text import fold, nearest

        held = self._shown[kind]
        squeezed = fold(text).replace(" ", "")
        blocks = self._blocks[kind]
        same = blocks.get(squeezed)
        if same:
            return held[same[0]]
        if self._compared == COMPARED:
            return ""
        self._compared += 1
        close = [*blocks.get(f"{squeezed[:PIECE]}*", ())[-MOST:], *blocks.get(f"*{squeezed[-PIECE:]}", ())[-MOST:]]
        near = nearest(fold(text.strip()), dict.fromkeys(close))
        return held[near] if near else ""

    def _show(self, kind: str, folded: str, text: str) -> None:
        if folded in self._shown[kind]:
            return
        self._shown[kind][folded] = text
        squeezed, blocks = folded.replace(" ", ""), self._blocks[kind]
        for key in (squeezed, f"{squeezed[:PIECE]}*", f"*{squeezed[-PIECE:]}"):
            blocks.setdefault(key, []).append(folded)

    def _of(self, kind: str) -> dict[str, list[str]]:
        if kind not in self._index:
            self._index[kind] = {}
            self._shown[kind], self._blocks[kind] = {}, {}
            for record_id, record in self.session.ws.all(kind).items():
                for name in self._names(kind, record):
                    self.add(kind, record_id, name)
            for gone, record_id in self.session.ws.forwards(kind).items():
                for name in self._names(kind, self.session.ws.stored.any(kind, gone) or {"id": gone}):
                    self.add(kind, record_id, name)
        return self._index[kind]

    def _names(self, kind: str, record: Mapping[str, Any]) -> Iterator[str]:
        declared = self.session.kind(kind)
        yield str(record["id"])
        for field in (*declared.naming, *declared.handles, "external_id"):
            value = record.get(field)
            if isinstance(value, str) and value:
                yield value
            elif isinstance(value, dict):
                yield from value
