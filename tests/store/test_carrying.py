"""Laws of what is carried over into a merge's result, and of the values that joined lines leave behind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.store import codec
from tuicrm.store.carrying import carry_over
from tuicrm.store.join import apply, bury, canonical, is_dead, join, purge
from tuicrm.store.leaves import ABSENT, MEMBER, flatten, versions
from tuicrm.store.outdone import Outdone, outdone
from tuicrm.store.tombstone import DELETION
from tuicrm.store.ulid import encode

IDS = [encode(1_000_000 + number, number) for number in range(3)]
VALUES = st.sampled_from(["a", "b", 1, True, ABSENT])
SETS = st.sampled_from([MEMBER, ABSENT])
LEAVES = st.one_of(
    st.tuples(st.sampled_from(["name", "stage"]), VALUES),
    st.tuples(st.sampled_from(["tags/hot", "tags/cold"]), SETS),
    st.tuples(st.sampled_from(["items/x/n", "items/y/n"]), VALUES),
)


@st.composite
def edits(draw: st.DrawFn, low: int, high: int) -> dict[str, tuple[Any, str]]:
    """Leaves with versions of their own, between two times."""
    chosen = draw(st.lists(LEAVES, max_size=4))
    return {path: (value, encode(draw(st.integers(low, high)), draw(st.integers(0, 99)))) for path, value in chosen}


BORN = st.fixed_dictionaries({"name": st.sampled_from(["a", "b"])})


@st.composite
def files(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """What a file held, what somebody made of it meanwhile, and what a merge made of it: by id."""
    seen, now, after = {}, {}, {}
    for id_ in IDS:
        base = apply({"id": id_, **draw(BORN)}, draw(edits(2_000_000, 2_000_100)))
        if draw(st.booleans()):
            seen[id_] = canonical(base)
        else:
            base = {"id": id_}
        mine, theirs = (apply(base, draw(edits(3_000_000, 3_000_100))) for _ in range(2))
        if draw(st.integers(0, 5)) == 0:
            mine = bury(mine, "ann", encode(3_000_200, 1))
        now[id_], after[id_] = canonical(mine), canonical(theirs)
    return seen, now, after


def dump(records: dict[str, Any]) -> bytes:
    return codec.dump(records.values(), [])


@given(files())
def test_what_is_carried_over_is_the_join_of_both(found: tuple[dict[str, Any], ...]) -> None:
    seen, now, after = found
    data, _ = carry_over("deal", dump(seen), dump(now), dump(after))
    assert codec.load(data).records == {id_: join(now[id_], after[id_]) for id_ in IDS}


@given(files())
def test_what_did_not_change_meanwhile_changes_nothing(found: tuple[dict[str, Any], ...]) -> None:
    seen, _, after = found
    assert carry_over("deal", dump(seen), dump(seen), dump(after)) == (dump(after), [])
    assert carry_over("deal", dump(seen), dump(seen), b"") == (b"", [])


@given(files())
def test_carrying_over_again_changes_nothing(found: tuple[dict[str, Any], ...]) -> None:
    seen, now, after = found
    data, _ = carry_over("deal", dump(seen), dump(now), dump(after))
    assert carry_over("deal", dump(seen), dump(now), data)[0] == data


@given(files())
def test_no_value_goes_without_a_note(found: tuple[dict[str, Any], ...]) -> None:
    """A value that was written on either side, and is not the other side's, is shown or noted."""
    seen, now, after = found
    data, noted = carry_over("deal", dump(seen), dump(now), dump(after))
    kept, told = codec.load(data).records, {(one.id, one.path, one.version) for one in noted}
    for id_ in IDS:
        known = versions(seen[id_]) if id_ in seen else {}
        sides = [versions(side[id_]) for side in (now, after)]
        for mine, other, side in ((sides[0], sides[1], now), (sides[1], sides[0], after)):
            for path, version in mine.items():
                written = version != known.get(path) and path in other and other[path] != known.get(path)
                value = flatten(side[id_]).get(path, ABSENT)
                shown = flatten(kept[id_]).get(path, ABSENT)
                if written and not (type(shown) is type(value) and shown == value):
                    assert (id_, path, version) in told


@given(files())
@settings(max_examples=60)
def test_doubled_lines_tell_what_they_hide(found: tuple[dict[str, Any], ...]) -> None:
    _, now, after = found
    for id_ in IDS:
        data = codec.encode(now[id_]) + b"\n" + codec.encode(after[id_]) + b"\n"
        segment = codec.load(data)
        assert segment.records[id_] == join(now[id_], after[id_])
        assert set(segment.lost) == set(outdone(now[id_], after[id_]))
        assert set(segment.lost) == set(outdone(after[id_], now[id_])), "whichever comes first"
        for one in segment.lost:
            if one.path != DELETION:
                assert one.version in {versions(side[id_]).get(one.path) for side in (now, after)}


NEWER, NEWEST = encode(3_000_000, 1), encode(4_000_000, 1)
ID = IDS[0]


@pytest.mark.parametrize(
    ("one", "other", "told"),
    [
        ({"stage": "a"}, {"stage": "b", "_v": {"stage": NEWER}}, [Outdone(ID, "stage", ID, "a")]),
        (
            {"stage": "a", "_v": {"stage": NEWER}},
            {"stage": "b", "_v": {"stage": NEWEST}},
            [Outdone(ID, "stage", NEWER, "a")],
        ),
        ({"stage": "a", "_v": {"stage": NEWER}}, {"stage": "a", "_v": {"stage": NEWEST}}, []),
        (
            {"stage": "a", "_v": {"stage": NEWER}},
            {"stage": "b", "_v": {"stage": NEWER}},
            [Outdone(ID, "stage", NEWER, "a")],
        ),
        ({"stage": "a"}, {"stage": "b"}, [Outdone(ID, "stage", ID, "a")]),
        (
            {"tags": ["x"], "_v": {"tags/x": NEWER}},
            {"_v": {"tags/x": NEWEST}},
            [Outdone(ID, "tags/x", NEWER, MEMBER)],
        ),
        ({"_v": {"stage": NEWER}}, {"stage": "b", "_v": {"stage": NEWEST}}, [Outdone(ID, "stage", NEWER, ABSENT)]),
    ],
)
def test_which_values_give_way(one: dict[str, Any], other: dict[str, Any], told: list[Outdone]) -> None:
    assert outdone({"id": ID, **one}, {"id": ID, **other}) == told


def test_a_deletion_that_gives_way_is_told_with_who_deleted() -> None:
    whole = {"id": ID, "name": "a"}
    edited = apply(whole, {"name": ("b", NEWEST)})
    assert outdone(bury(whole, "bob", NEWER), edited) == [
        Outdone(ID, "name", ID, "a"),
        Outdone(ID, DELETION, NEWER, "bob"),
    ]
    assert outdone(bury(edited, "bob", NEWEST), edited) == []


def test_what_was_purged_is_told_by_nobody() -> None:
    whole = apply({"id": ID, "name": "secret"}, {"name": ("more secret", NEWER)})
    gone = purge(bury(whole, "bob", NEWEST))
    assert is_dead(gone)
    assert outdone(whole, gone) == []
