"""A record made at once is the record that writing its leaves one by one would make."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.store.birth import born
from tuicrm.store.codec import encode
from tuicrm.store.join import apply, canonical, diff
from tuicrm.store.leaves import ABSENT

ID = "01J9ZC0V8Q4N7R2T5W8Y1B3D6F"
KEYS = st.sampled_from(["a", "b/c", "~", "~j5", "~jx", "é", "\x1f", ""])
SCALARS = st.one_of(KEYS, st.integers(-3, 3), st.booleans(), st.none())
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(["name", "emails", "x/y"]), VALUES, max_size=3))
def test_a_record_born_whole_is_the_one_written_leaf_by_leaf(fields: dict[str, Any]) -> None:
    leaves = diff(None, fields)
    slow = apply({"id": ID}, {path: (value, ID) for path, value in leaves.items() if value is not ABSENT})
    made = born(ID, fields)
    assert encode(made) == encode(slow)
    assert encode(canonical(made)) == encode(canonical(slow))
