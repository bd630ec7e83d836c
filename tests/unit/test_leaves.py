"""Records as paths and values, and back."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.store.join import canonical
from tuicrm.store.leaves import ABSENT, MEMBER, canonical_json, component, flatten, key_of, unflatten, versions
from tuicrm.store.ulid import encode

ID, LATER = encode(1_700_000_000_000, 1), encode(1_700_000_000_001, 1)

scalars = st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


def test_what_becomes_a_leaf() -> None:
    record: dict[str, Any] = {
        "id": ID,
        "stage": "won",
        "tags": ["hot", "a/b", "~"],
        "codes": [1, True, None, [], {"b": 1, "a": [2]}],
        "items": {"A": {"quantity": 2, "note": None}, "B": {}},
        "empty": [],
        "nothing": None,
        "_v": {"stage": LATER},
        "_del": {"by": "ann"},
    }
    leaves: dict[str, Any] = {
        "stage": "won",
        "tags/hot": MEMBER,
        "tags/a~1b": MEMBER,
        "tags/~0": MEMBER,
        "codes/~j1": MEMBER,
        "codes/~jtrue": MEMBER,
        "codes/~jnull": MEMBER,
        "codes/~j[]": MEMBER,
        'codes/~j{"a":[2],"b":1}': MEMBER,
        "items/A/quantity": 2,
        "items/A/note": MEMBER,
        "items/B": {},
        "empty": [],
        "nothing": MEMBER,
    }
    assert {**flatten(record), "nothing": MEMBER} == leaves
    assert flatten(record)["nothing"] is None


@given(st.dictionaries(st.text(max_size=3).filter(lambda key: key not in ("id", "_v", "_del")), values, max_size=4))
def test_leaves_make_the_canonical_record_again(body: dict[str, Any]) -> None:
    record = canonical({"id": ID, **body})
    assert canonical_json({"id": ID, **unflatten(flatten(record))}) == canonical_json(record)
    assert flatten(canonical({"id": ID, **body})) == flatten({"id": ID, **body})


@given(st.text(max_size=6))
def test_any_key_is_one_path_component(key: str) -> None:
    part = component(key)
    assert "/" not in part
    assert key_of(part) == key


def test_versions_know_what_is_cleared_and_default_to_the_id() -> None:
    record = {"id": ID, "a": 1, "b": {"c": 2}, "_v": {"b/c": LATER, "gone": LATER, "odd": 5, "id": LATER}}
    assert versions(record) == {"a": ID, "b/c": LATER, "gone": LATER, "odd": ""}


@pytest.mark.parametrize("mark", [ABSENT, MEMBER])
def test_marks_stay_themselves_when_copied(mark: Any) -> None:
    assert copy.deepcopy(mark) is mark
    assert pickle.loads(pickle.dumps(mark)) is mark
