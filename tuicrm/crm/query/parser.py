"""From the text of a query to what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.query.lexer import Piece, pieces, problem
from tuicrm.crm.query.tree import All, Either, Not

if TYPE_CHECKING:
    from tuicrm.crm.query.tree import Node, Term, Words

DEEPEST = 40
"""Brackets within brackets that are followed, so that no text can exhaust the stack."""


def parse(text: str) -> Node:
    """Read a query: terms side by side must all fit, `or` parts alternatives, `-` negates, brackets group.

    An empty query fits everything. Raises Invalid, saying at which column, and nothing else.
    """
    reader = _Reader(pieces(text))
    if not reader.left:
        return All(())
    node = reader.either(0)
    stray = reader.next()
    if stray is not None:
        raise problem("this bracket closes nothing", stray.column)
    return node


class _Reader:
    def __init__(self, found: list[Piece | Term | Words]) -> None:
        self.left = found[::-1]
        self._end = found[-1].column + 1 if found else 1

    def next(self) -> Piece | Term | Words | None:
        return self.left.pop() if self.left else None

    def _sign(self) -> str:
        """Return the sign of the next piece; empty for a term or words, and at the end."""
        ahead = self.left[-1] if self.left else None
        return ahead.sign if isinstance(ahead, Piece) else ""

    def either(self, depth: int) -> Node:
        """Read alternatives, up to the end or to a closing bracket."""
        found = [self._all(depth)]
        while self._sign() == "or":
            self.next()
            found.append(self._all(depth))
        return found[0] if len(found) == 1 else Either(tuple(found))

    def _all(self, depth: int) -> Node:
        found = [self._one(depth)]
        while self.left and self._sign() not in ("or", ")"):
            if self._sign() == "and":
                self.next()
            found.append(self._one(depth))
        return found[0] if len(found) == 1 else All(tuple(found))

    def _one(self, depth: int) -> Node:
        negated = False
        while self._sign() == "-":
            self.next()
            negated = not negated
        piece = self.next()
        if piece is None:
            raise problem("something to look for is missing at the end", self._end)
        if not isinstance(piece, Piece):
            return Not(piece) if negated else piece
        if piece.sign != "(":
            raise problem(f"something to look for is missing before {piece.sign!r}", piece.column)
        if depth >= DEEPEST:
            raise problem(f"brackets are nested more than {DEEPEST} deep", piece.column)
        node = self.either(depth + 1)
        if self.next() is None:
            raise problem("this bracket is never closed", piece.column)
        return Not(node) if negated else node
