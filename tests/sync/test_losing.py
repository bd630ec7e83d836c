"""Which values count as given way: those that nobody had seen, each one once, and none that a birth or a base had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.store.join import apply, bury, canonical, is_dead, join, purge, revive
from tuicrm.store.leaves import ABSENT, MEMBER, flatten, versions
from tuicrm.store.tombstone import DELETION
from tuicrm.store.ulid import encode
from tuicrm.sync.ledger import entry
from tuicrm.sync.losing import Lost, lost

if TYPE_CHECKING:
    from collections.abc import Mapping

Record = dict[str, Any]
ID = encode(1_000, 7)


def at(moment: int, who: int = 0) -> str:
    return encode(1_000 + moment, who)


def written(record: Record, moment: int, leaves: Mapping[str, Any], who: int = 0) -> Record:
    return apply(record, {path: (value, at(moment, who)) for path, value in leaves.items()})


BORN: Record = {"id": ID, "name": "Acme renewal", "stage": "lead", "tags": ["hot"]}


def gave_way(base: Record | None, *parts: Record) -> list[tuple[str, Any]]:
    joined = parts[0]
    for part in parts[1:]:
        joined = join(joined, part)
    return [(one.path, one.value) for one in lost("deal", joined, parts, [base])]


def test_different_fields_are_no_conflict() -> None:
    assert gave_way(BORN, written(BORN, 1, {"stage": "demo"}), written(BORN, 2, {"name": "Acme"})) == []


def test_one_value_typed_twice_is_no_conflict() -> None:
    assert gave_way(BORN, written(BORN, 1, {"stage": "demo"}), written(BORN, 2, {"stage": "demo"})) == []


def test_the_lower_version_gives_way_and_the_value_of_birth_does_not() -> None:
    assert gave_way(BORN, written(BORN, 1, {"stage": "demo"}), written(BORN, 2, {"stage": "offer"})) == [
        ("stage", "demo")
    ]
    assert gave_way(BORN, BORN, written(BORN, 2, {"stage": "offer"})) == []


def test_values_of_one_version_are_told_each() -> None:
    values: tuple[Any, ...] = ("demo", "offer", {}, 1, True)
    tied = [written(BORN, 1, {"stage": value}) for value in values]
    told = gave_way(BORN, *tied, tied[0], written(BORN, 2, {"stage": "won"}))
    assert [repr(value) for _, value in told] == ["'demo'", "'offer'", "{}", "1", "True"]


def test_a_value_that_the_base_had_was_seen() -> None:
    base = written(BORN, 1, {"stage": "demo"})
    assert gave_way(base, base, written(base, 2, {"stage": "offer"})) == []


def test_a_removed_tag_against_an_added_one() -> None:
    base = written(BORN, 1, {"tags/hot": ABSENT})
    assert gave_way(base, written(base, 2, {"tags/hot": MEMBER}), written(base, 3, {"tags/hot": "x"})) != []
    kept = written(BORN, 3, {"tags/hot": ABSENT})
    assert gave_way(BORN, written(written(BORN, 1, {"tags/hot": ABSENT}), 2, {"tags/hot": MEMBER}), kept) == [
        ("tags/hot", MEMBER)
    ]


def test_a_deletion_gives_way_to_an_edit_that_did_not_know_of_it() -> None:
    dead, edited = bury(BORN, "bob", at(9)), written(BORN, 2, {"stage": "offer"})
    assert gave_way(BORN, dead, edited) == [(DELETION, "bob")]
    assert not is_dead(join(dead, edited))
    assert gave_way(BORN, dead, BORN) == []
    assert gave_way(dead, dead, revive(dead, at(12))) == []


def test_what_was_erased_for_good_is_not_told() -> None:
    base = written(BORN, 1, {"stage": "demo"})
    gone = purge(bury(base, "bob", at(9)))
    assert gave_way(BORN, gone, base) == []


def test_an_entry_is_the_same_wherever_it_is_made() -> None:
    one = Lost("deal", ID, "stage", at(3), "demo")
    assert entry(one) == entry(Lost(*one))
    assert canonical(entry(one)) == entry(one)
    others = [one._replace(path="name"), one._replace(value="x"), one._replace(value=ABSENT), one._replace(value=True)]
    assert len({entry(each)["id"] for each in (one, *others)}) == 5


LEAVES = st.dictionaries(st.sampled_from(("name", "stage", "tags/hot", "tags/cold")), st.integers(0, 3), min_size=1)


@given(st.lists(st.tuples(st.integers(0, 1), LEAVES), max_size=8))
def test_every_value_of_a_tip_is_shown_or_seen_or_told(edits: list[tuple[int, dict[str, int]]]) -> None:
    sides = [BORN, BORN]
    for moment, (side, leaves) in enumerate(edits, 1):
        sides[side] = written(sides[side], moment, leaves, who=side)
    joined = join(*sides)
    told = {(each.path, each.version) for each in lost("deal", joined, sides, [BORN])}
    shown, base = versions(joined), versions(BORN)
    for tip in sides:
        values = flatten(tip)
        for path, version in versions(tip).items():
            same = values.get(path, ABSENT) == flatten(joined).get(path, ABSENT)
            assert same or version in (shown.get(path), base.get(path), ID) or (path, version) in told
