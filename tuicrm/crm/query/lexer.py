"""The pieces of a query: terms, words, brackets, minus signs and `or`."""

from __future__ import annotations

from dataclasses import dataclass

from tuicrm.crm.query.tree import Term, Words
from tuicrm.errors import Invalid

OPERATORS = ("!=", ">=", "<=", ":", "=", ">", "<")
_OPENING = {'"': '"', "“": "”", "„": "”", "«": "»"}
"""Quotes, and what closes each; a plain one closes all of them, since editors turn them as they please."""
LONGEST = 10_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A bracket, a minus sign or a joining word: `(`, `)`, `-`, `or`, `and`."""

    sign: str
    column: int


def problem(message: str, column: int, field: str = "") -> Invalid:
    """Return the error for a query, which says where in it."""
    return Invalid(f"{message} (at column {column} of the query)", field=field)


def pieces(text: str) -> list[Piece | Term | Words]:
    """Split a query into its pieces; raises Invalid for an open quote and for a comparison with a side missing."""
    if len(text) > LONGEST:
        raise Invalid(f"the query is {len(text)} characters long; at most {LONGEST} are read")
    found: list[Piece | Term | Words] = []
    at = 0
    while at < len(text):
        letter = text[at]
        if letter.isspace():
            at += 1
        elif letter in "()":
            found.append(Piece(letter, at + 1))
            at += 1
        elif letter == "-" and text[at + 1 : at + 2].strip():
            found.append(Piece("-", at + 1))
            at += 1
        elif letter in _OPENING:
            value, end = _quoted(text, at)
            found.append(Words(value, at + 1))
            at = end
        else:
            piece, at = _word(text, at)
            found.append(piece)
    return found


def _word(text: str, start: int) -> tuple[Piece | Term | Words, int]:
    """Read a bare word, or a whole term where a comparison follows it."""
    end = start
    while end < len(text) and not _ends_word(text, end):
        end += 1
    word = text[start:end]
    after = end
    while after < len(text) and text[after].isspace():
        after += 1
    # A colon belongs to the word right before it; the signs of comparison may stand apart: `value > 10k`.
    op = _operator(text, after)
    if after > end and op == ":":
        op = ""
    if not op:
        if word.lower() in ("or", "and"):
            return Piece(word.lower(), start + 1), end
        return Words(word, start + 1), end
    if not word:
        raise problem(f"a field's name is missing before {op!r}", after + 1)
    return _term(text, word, op, start, after + len(op))


def _ends_word(text: str, at: int) -> bool:
    letter = text[at]
    return letter.isspace() or letter in "()" or letter in _OPENING or bool(_operator(text, at))


def _operator(text: str, at: int) -> str:
    return next((op for op in OPERATORS if text.startswith(op, at)), "")


def _term(text: str, name: str, op: str, start: int, at: int) -> tuple[Term, int]:
    if op == ":" and (inner := _operator(text, at)) and inner != ":":
        op, at = inner, at + len(inner)
    if op != ":":
        while at < len(text) and text[at].isspace():
            at += 1
    if text[at : at + 1] and text[at] in _OPENING:
        value, end = _quoted(text, at)
        return Term(name, op, value, True, start + 1), end
    end = at
    while end < len(text) and not text[end].isspace() and text[end] not in "()":
        end += 1
    if end == at:
        raise problem(f"a value is missing after {name}{op}", start + 1, name)
    return Term(name, op, text[at:end], False, start + 1), end


def _quoted(text: str, start: int) -> tuple[str, int]:
    """Read a quoted text, in which a backslash lets a quote or a backslash through."""
    closing = (_OPENING[text[start]], '"')
    value: list[str] = []
    at = start + 1
    while at < len(text):
        if text[at] == "\\" and text[at + 1 : at + 2] in (*closing, "\\"):
            value.append(text[at + 1])
            at += 2
        elif text[at] in closing:
            return "".join(value), at + 1
        else:
            value.append(text[at])
            at += 1
    raise problem("the quote is never closed", start + 1)
