"""The questions and answers of a JSON object, as form services post it: flat, or one level down."""

from __future__ import annotations

from typing import Any

from tuicrm.errors import Invalid
from tuicrm.exchange.intake.meaning import plain, role
from tuicrm.exchange.intake.posts import shown
from tuicrm.exchange.jsontexts import Odd, Row, texts_of

_ASKED = ("label", "name", "key", "title", "question", "field", "id")
_WRAPPERS = frozenset(
    ("fields", "data", "form_fields", "form_data", "answers", "values", "payload", "submission", "entry", "responses")
)
_ANSWERED = ("value", "answer")


def answers(row: Any) -> list[tuple[str, str]]:
    """Return the questions and answers of one post; raises Invalid for what is none."""
    if not isinstance(row, Row):
        raise Invalid(str(row) if isinstance(row, Odd) else "it is no object with questions and answers")
    _refuse_twice(row)
    made: dict[str, str] = {}
    for key, value in row.items():
        if isinstance(value, Row) and _pair(value) is None:
            _refuse_twice(value)
            for inner, deeper in value.items():
                for name, text in _one(inner, deeper, f"{key}.{inner}"):
                    short = _is_wrapper(key, name) and name not in made and name not in row
                    made[name if short else f"{key}.{name}"] = text
        else:
            for name, text in _one(key, value, key):
                made[name if name not in made else f"{key}.{name}"] = text
    return list(made.items())


def _is_wrapper(key: str, inner: str) -> bool:
    """Tell whether a question one level down stands for itself: the name in `form` is not that of a person."""
    return plain(key) in _WRAPPERS or (not role(f"{key}.{inner}") and role(inner) in ("email", "phone", "message"))


def _refuse_twice(row: Row) -> None:
    if row.twice:
        raise Invalid(f"the key {shown(row.twice)!r} stands twice in it")


def _one(key: str, value: Any, path: str) -> list[tuple[str, str]]:
    """Return what a value answers: one question, or those of a list of pairs; raises Invalid for deeper ones."""
    if isinstance(value, Row) and (pair := _pair(value)) is not None:
        _refuse_twice(value)
        return [(key, _text(pair[1], path))]
    if isinstance(value, list) and value and all(isinstance(one, Row) for one in value):
        pairs = [_pair(one) for one in value]
        if all(pair is not None and pair[0] for pair in pairs):
            for one in value:
                _refuse_twice(one)
            return [(pair[0], _text(pair[1], f"{path}.{pair[0]}")) for pair in pairs if pair is not None]
    return [(key, _text(value, path))]


def _pair(row: Row) -> tuple[str, Any] | None:
    """Return question and answer of an object such as `{"label": "Name", "value": "Jane Roe"}`; None for others."""
    answered = next((name for name in _ANSWERED if name in row), None)
    if answered is None:
        return None
    asked = next((row[name] for name in _ASKED if isinstance(row.get(name), str)), "")
    return asked, row[answered]


def _text(value: Any, path: str) -> str:
    try:
        texts = texts_of(value)
    except Invalid as problem:
        raise Invalid(f"{shown(path)}: {problem.message}") from None
    if texts is None:
        raise Invalid(f"{shown(path)}: it is nested too deeply; answers are read one level down")
    return ", ".join(one for one in texts if one.strip())
