"""What a query says, once it is read: terms and words, joined by and, or and not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Term:
    """A field compared with a value: `value>10k`."""

    name: str
    op: str
    """`:`, `=`, `!=`, `>`, `>=`, `<` or `<=`."""
    value: str
    quoted: bool
    column: int
    """Where it begins in the query, the first character being 1."""


@dataclass(frozen=True, slots=True)
class Words:
    """Free text: one bare word, or whatever stood between quotes."""

    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Not:
    """What does not fit the inner node."""

    node: Node


@dataclass(frozen=True, slots=True)
class All:
    """What fits every node; with none, everything."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """What fits at least one node."""

    nodes: tuple[Node, ...]


Node = Term | Words | Not | All | Either


def terms(node: Node) -> Iterator[Term]:
    """Yield every term of a query, negated ones included."""
    for one in leaves(node):
        if isinstance(one, Term):
            yield one


def leaves(node: Node) -> Iterator[Term | Words]:
    """Yield every term and every word of a query, negated ones included."""
    if isinstance(node, Not):
        yield from leaves(node.node)
    elif isinstance(node, (All, Either)):
        for one in node.nodes:
            yield from leaves(one)
    else:
        yield node
