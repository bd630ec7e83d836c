"""The cursor, the marks and the folds of a list: laws that hold whatever keys are pressed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.tui.listing import HEADING, Column, Group, Listing, ListModel
from tuicrm.tui.rows import LEAST, LEFT, widths

COLUMNS = (Column("name", "name"), Column("value", "value", 8, right=True, drop=2), Column("city", "city", drop=1))

groups = st.lists(
    st.tuples(st.integers(0, 6), st.booleans(), st.booleans()), max_size=5
)  # how many records, folded, with a heading


def model(shape: list[tuple[int, bool, bool]]) -> ListModel:
    made = [
        Group(f"g{at}", f"Group {at}" if titled else "", [("deal", f"{at}-{n}") for n in range(count)], folded=folded)
        for at, (count, folded, titled) in enumerate(shape)
    ]
    return ListModel(made, COLUMNS)


def in_order(held: Listing) -> bool:
    """Whether the cursor is on an entry that is in sight."""
    if not held.entries:
        return held.at == 0 and held.top == 0
    return 0 <= held.at < len(held.entries) and held.top <= held.at < held.top + held.page


KEYS = ("down", "up", "page", "last", "first", "fold", "next", "before", "mark", "all")


def press(held: Listing, key: str) -> None:
    match key:
        case "down" | "up" | "page" | "last" | "first":
            held.down({"down": 1, "up": -1, "page": held.page, "last": 10**9, "first": -(10**9)}[key])
        case "fold":
            held.fold()
        case "next" | "before":
            held.to_group(1 if key == "next" else -1)
        case "mark":
            held.mark()
        case _:
            held.mark_all()


@given(groups, groups, st.lists(st.sampled_from(KEYS), max_size=20), st.integers(1, 9))
def test_the_cursor_is_always_in_sight(
    first: list[tuple[int, bool, bool]], then: list[tuple[int, bool, bool]], keys: list[str], page: int
) -> None:
    held = Listing()
    held.fit(page)
    held.swap(model(first))
    assert in_order(held)
    for key in keys:
        press(held, key)
        assert in_order(held)
    before = held.cursor
    held.swap(model(then))
    assert in_order(held)
    if before in held.entries:
        assert held.cursor == before
    assert held.marks <= {ref for group in held.model.groups for ref in group.refs}


@given(groups)
def test_folding_twice_changes_nothing(shape: list[tuple[int, bool, bool]]) -> None:
    held = Listing()
    held.fit(5)
    held.swap(model(shape))
    before = list(held.entries)
    group = held.group
    if group is None:
        assert not held.fold()
        return
    was = held.folded(group)
    assert held.fold()
    assert held.folded(group) != was
    assert (len(held.entries) == len(before)) == (not group.refs)
    assert held.fold()
    assert list(held.entries) == before


def test_what_is_marked_counts_before_the_cursor() -> None:
    held = Listing()
    held.fit(5)
    held.swap(model([(3, False, True)]))
    assert held.entries[0] == (HEADING, "g0")
    assert held.chosen() == [("deal", "0-0")]
    held.down(1)
    held.mark()
    held.down(1)
    assert held.chosen() == [("deal", "0-1")]


@given(st.integers(1, 250))
def test_columns_fill_the_line_and_drop_from_the_back(size: int) -> None:
    found = widths(COLUMNS, size)
    shown = [one for one in found if one]
    if size >= LEFT + LEAST:
        assert LEFT + sum(shown) + len(shown) - 1 == size
    if found[1]:
        assert found[2]
    if size >= 60:
        assert all(found)


@given(groups, st.integers(0, 40))
def test_entries_are_the_groups_one_after_the_other(shape: list[tuple[int, bool, bool]], at: int) -> None:
    held = Listing()
    held.swap(model(shape))
    plain = []
    for group in held.model.groups:
        plain += [(HEADING, group.key)] if group.title else []
        plain += [] if group.title and group.folded else group.refs
    assert list(held.entries) == plain
    assert held.entries[at : at + 5] == plain[at : at + 5]
    assert [held.entries.place(one) for one in plain] == list(range(len(plain)))
    records = [one for one in plain if one[0] != HEADING]
    assert [held.position(one) for one in records] == [(n + 1, len(records)) for n in range(len(records))]
    assert held.position(("deal", "none")) == (0, 0)
