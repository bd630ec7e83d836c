"""The laws that make replicas end equal, and what an edit, a deletion and a hand edit do to a record."""

from __future__ import annotations

import os
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.store.join import apply, bury, canonical, diff, is_dead, join, purge, revive, rivals, successor
from tuicrm.store.leaves import ABSENT, MEMBER, canonical_json, flatten, versions
from tuicrm.store.ulid import Clock, encode, is_ulid, ms_of, rank

proof = settings(
    max_examples=int(os.environ.get("TUICRM_PROOF", "100")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)

OLDER, ID, V1, V2, V3 = (encode(1_700_000_000_000 + n, 7 * n) for n in range(-1, 4))
LATEST = encode(1_800_000_000_000, 5)
FUTURE = encode(7_300_000_000_000, 1)
GARBAGE: list[Any] = ["", "x", 5, None, {"a": 1}, FUTURE, V1.lower()]
KEYS = ["x", "y", "~j5", "~j[]", "a/b", ""]
FIELDS = ["a", "b", "we/ird~", "_alive", ""]

EMPTY = (b'{"v":null}', b'{"v":""}', b'{"v":[]}', b'{"v":{}}')

scalars: st.SearchStrategy[Any] = st.sampled_from(["", "p", "q", 0, 1, True, False, None, -5, 2**63, [], {}])
sets = st.lists(st.sampled_from(["x", "y", "~j5", 5, True, None, [], {"k": [1, 2]}, ["z"], ""]), max_size=3)
values = st.recursive(
    scalars | sets, lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=3), max_leaves=5
)
stamps = st.sampled_from([V1, V2, V3, V1, V2, V3, ID, OLDER, *GARBAGE])
paths = st.lists(st.sampled_from(["x", "y", "~j5", "~0j[]", "a~1b", "", "~jtrue", "~j["]), max_size=2).flatmap(
    lambda tail: st.sampled_from(["a", "b", "we~1ird~0", "_alive", ""]).map(lambda field: "/".join([field, *tail]))
)
stamp_maps = st.dictionaries(paths | st.sampled_from(["id", "_v/x", "_del/seen", "zz"]), stamps, max_size=5)
tombs = st.fixed_dictionaries(
    {},
    optional={
        "by": st.sampled_from(["ann", "bob", 5]),
        "v": stamps,
        "seen": stamp_maps | st.just("garbage"),
        "purged": st.sampled_from([True, False, "yes"]),
        "why": st.sampled_from(["spam", 1]),
    },
)
bodies = st.dictionaries(st.sampled_from(FIELDS), values, max_size=3)


@st.composite
def records(draw: st.DrawFn, *, tombstones: bool = True) -> dict[str, Any]:
    """One replica's version of the record ID: any mix of fields, versions and tombstone, sound or not."""
    record: dict[str, Any] = {"id": ID, **draw(bodies)}
    if draw(st.integers(0, 3)):
        record["_v"] = draw(st.one_of(stamp_maps, stamp_maps, st.just("garbage")))
    if tombstones and not draw(st.integers(0, 2)):
        record["_del"] = draw(st.one_of(tombs, tombs, st.just("garbage")))
    return record


def text(record: dict[str, Any]) -> bytes:
    return canonical_json(record)


class TestLaws:
    @proof
    @given(records(), records())
    def test_commutative(self, a: dict[str, Any], b: dict[str, Any]) -> None:
        assert text(join(a, b)) == text(join(b, a))

    @proof
    @given(records(), records(), records())
    def test_associative(self, a: dict[str, Any], b: dict[str, Any], c: dict[str, Any]) -> None:
        assert text(join(join(a, b), c)) == text(join(a, join(b, c)))

    @proof
    @given(records(), records())
    def test_idempotent_and_canonical(self, a: dict[str, Any], b: dict[str, Any]) -> None:
        once = join(a, b)
        assert (
            text(join(once, once)) == text(join(once, a)) == text(join(b, once)) == text(canonical(once)) == text(once)
        )
        assert text(join(a, a)) == text(canonical(a)) == text(join(a, canonical(a)))

    @proof
    @given(records())
    def test_death_does_not_depend_on_the_spelling(self, a: dict[str, Any]) -> None:
        assert is_dead(a) == is_dead(canonical(a))

    @proof
    @given(records(), records())
    def test_arguments_stay_as_they_are(self, a: dict[str, Any], b: dict[str, Any]) -> None:
        before = text(a), text(b)
        join(a, b)
        apply(a, {"a/x": (1, V3)})
        successor(a, b)
        assert (text(a), text(b)) == before

    @proof
    @given(st.dictionaries(st.sampled_from(FIELDS), scalars, max_size=4))
    def test_without_versions_a_record_survives_unchanged(self, body: dict[str, Any]) -> None:
        record = {"id": ID, **body, "known": {"deep": {"n": 1}, "more": ["a", "b"]}, "zero": [1, 2]}
        assert text(join(record, record)) == text(canonical(record)) == text(record)

    @proof
    @given(records(), st.sampled_from(["a", "a/x", "a/x/y", "b/a~1b", "/x"]), scalars, stamps)
    def test_apply_is_a_join_with_the_written_leaf(self, a: dict[str, Any], path: str, value: Any, stamp: Any) -> None:
        lone = value
        for part in reversed(path.split("/")):
            lone = {part.replace("~1", "/"): lone}
        expected = join(a, {"id": ID, **lone, "_v": {path: stamp}})
        assert text(canonical(apply(a, {path: (value, stamp)}))) == text(expected)


def test_per_leaf_the_higher_version_wins() -> None:
    a = {"id": ID, "name": "Acme", "stage": "won", "tags": ["hot", "big"], "_v": {"stage": V2, "tags/big": V1}}
    b = {"id": ID, "name": "Acme", "stage": "lost", "tags": ["hot", "cold"], "_v": {"stage": V1, "tags/big": V2}}
    joined = join(a, b)
    assert joined == {
        "id": ID,
        "name": "Acme",
        "stage": "won",
        "tags": ["cold", "hot"],
        "_v": {"stage": V2, "tags/big": V2},
    }


def test_equal_versions_take_the_higher_json_and_versions_equal_to_the_id_are_left_out() -> None:
    one, other = {"id": ID, "n": "b", "_v": {"n": ID}}, {"id": ID, "n": "a", "m": 1}
    assert join(one, other) == join(other, one) == {"id": ID, "n": "b", "m": 1}


@pytest.mark.parametrize("garbage", GARBAGE)
def test_garbage_never_freezes_a_field(garbage: Any) -> None:
    joined = join({"id": ID, "n": "zzz", "_v": {"n": garbage}}, {"id": ID, "n": "aaa"})
    assert joined == {"id": ID, "n": "aaa"}


def test_true_and_one_are_different_values() -> None:
    a, b = {"id": ID, "n": True}, {"id": ID, "n": 1}
    assert text(join(a, b)) == text(join(b, a))
    assert diff(a, {"n": 1}) == {"n": 1}


def test_join_refuses_two_different_records() -> None:
    with pytest.raises(ValueError, match="two different records"):
        join({"id": ID}, {"id": V1})


class TestScalarsAndMapsOnOnePath:
    SCALAR: ClassVar[dict[str, Any]] = {"id": ID, "x": 5, "_v": {"x": V2}}

    def test_a_scalar_erases_what_is_older_below_it(self) -> None:
        assert join(self.SCALAR, {"id": ID, "x": {"p": 1}, "_v": {"x/p": V1}}) == self.SCALAR

    def test_at_equal_versions_the_scalar_stays(self) -> None:
        assert join(self.SCALAR, {"id": ID, "x": {"p": 1}, "_v": {"x/p": V2}}) == self.SCALAR
        assert join({"id": ID, "x": 5}, {"id": ID, "x": {"p": 1}}) == {"id": ID, "x": 5}

    def test_what_is_younger_below_hides_it_and_its_version_stays(self) -> None:
        joined = join(self.SCALAR, {"id": ID, "x": {"p": 1, "q": 2}, "_v": {"x/p": V3}})
        assert joined == {"id": ID, "x": {"p": 1}, "_v": {"x": V2, "x/p": V3}}

    def test_a_set_that_meets_a_map_keeps_its_elements(self) -> None:
        joined = join({"id": ID, "x": ["a", 5]}, {"id": ID, "x": {"p": 1}})
        assert joined == {"id": ID, "x": {"a": None, "~j5": None, "p": 1}}
        assert apply(joined, {"x/p": (ABSENT, V1)})["x"] == ["a", 5]


class TestDiffAndApply:
    def written(self, record: dict[str, Any], fields: dict[str, Any], version: str = V3) -> dict[str, Any]:
        return apply(record, {path: (value, version) for path, value in diff(record, fields).items()})

    def test_names_only_what_differs(self) -> None:
        record = {"id": ID, "name": "A", "tags": ["x", "y"], "emails": {"j@a": {"label": "work", "rank": 1}}}
        wanted = {"name": "A", "tags": ["y", "z"], "emails": {"j@a": {"label": "home", "rank": 1}, "k@a": {"rank": 2}}}
        assert diff(record, wanted) == {
            "tags/x": ABSENT,
            "tags/z": MEMBER,
            "emails/j@a/label": "home",
            "emails/k@a/rank": 2,
        }

    @pytest.mark.parametrize("empty", [None, "", [], {}])
    def test_none_and_empty_clear(self, empty: Any) -> None:
        record = {"id": ID, "name": "A", "tags": ["x"], "other": 1}
        assert diff(record, {"name": empty, "tags": empty, "absent": empty}) == {"name": ABSENT, "tags/x": ABSENT}
        assert self.written(record, {"name": empty, "tags": empty}) == {
            "id": ID,
            "other": 1,
            "_v": {"name": V3, "tags/x": V3},
        }

    def test_a_record_to_be_born_differs_in_all_that_it_holds(self) -> None:
        assert diff(None, {"name": "A", "notes": None, "tags": ["x"]}) == {"name": "A", "tags/x": MEMBER}

    @proof
    @given(records(tombstones=False), bodies)
    def test_writing_gives_what_was_wanted(self, raw: dict[str, Any], wanted: dict[str, Any]) -> None:
        record = canonical(raw)
        edited = self.written(record, wanted, LATEST)
        clean = canonical({"id": ID, **wanted})
        for name in wanted:
            if text({"v": clean[name]}) in EMPTY:
                assert name not in edited or text({"v": edited[name]}) == text({"v": record[name]})
            else:
                assert text({"v": edited[name]}) == text({"v": clean[name]})
        assert {k: v for k, v in edited.items() if k not in (*wanted, "_v")} == {
            k: v for k, v in record.items() if k not in (*wanted, "_v")
        }
        assert text(canonical(edited)) == text(edited)
        assert not diff(edited, wanted)

    def test_an_outranked_leaf_changes_nothing_so_a_replay_is_harmless(self) -> None:
        record = {"id": ID, "stage": "won", "_v": {"stage": V2}}
        assert apply(record, {"stage": ("lost", V1)}) == record
        assert apply(apply(record, {"stage": ("lost", V3)}), {"stage": ("lost", V3)})["stage"] == "lost"

    def test_rivals_cover_the_line_of_ancestry_and_the_deleter(self) -> None:
        record = {"id": ID, "_v": {"x": V1, "x/p/q": V3, "y": V2}, "_del": {"seen": {"y": V3}}}
        assert set(rivals(record, ["x/p"])) == {ID, V1, V3}
        assert set(rivals(record, ["y"])) == {ID, V3}
        assert rivals(record, ["z"]) == [ID]


class TestTombstones:
    RECORD: ClassVar[dict[str, Any]] = {"id": ID, "name": "A", "tags": ["x"], "_v": {"name": V1}}

    def test_deleted_until_somebody_edits_what_the_deleter_had_not_seen(self) -> None:
        buried = bury(self.RECORD, "ann", V2)
        assert is_dead(buried)
        assert not is_dead(self.RECORD)
        assert buried["name"] == "A"
        edited_elsewhere = apply(self.RECORD, {"tags/y": (MEMBER, V1)})
        assert not is_dead(join(buried, edited_elsewhere))

    def test_restored_and_deleted_again(self) -> None:
        alive = revive(bury(self.RECORD, "ann", V2), V2)
        assert not is_dead(alive)
        again = bury(alive, "bob", V3)
        assert is_dead(again)
        assert is_dead(join(again, alive))
        assert again["_del"] == {"by": "bob", "v": V3, "seen": {"name": V1, "_alive": V2}}

    def test_delete_and_delete_keeps_the_later_name_and_all_that_was_seen(self) -> None:
        one = bury(self.RECORD, "ann", V2)
        other = bury(apply(self.RECORD, {"tags/x": (ABSENT, V2)}), "bob", V3)
        joined = join(one, other)
        assert is_dead(joined)
        assert joined["_del"] == {"by": "bob", "v": V3, "seen": {"name": V1, "tags/x": V2}}

    def test_what_either_deleter_saw_counts_whichever_comes_first(self) -> None:
        one = bury(self.RECORD, "ann", V3)
        other = bury(apply(self.RECORD, {"name": ("later", V2)}), "bob", V2)
        for joined in (join(one, other), join(other, one)):
            assert is_dead(joined)
            assert joined["_del"] == {"by": "ann", "v": V3, "seen": {"name": V2}}

    def test_purged_contents_do_not_come_back_but_unseen_edits_do(self) -> None:
        erased = purge(bury(self.RECORD, "ann", V2))
        assert set(erased) == {"id", "_del"}
        assert join(erased, self.RECORD) == erased
        survivor = join(erased, apply(self.RECORD, {"phone": ("1", V1)}))
        assert not is_dead(survivor)
        assert {k: v for k, v in survivor.items() if k != "_del"} == {"id": ID, "phone": "1", "_v": {"phone": V1}}

    def test_a_purge_erases_below_what_was_seen_and_keeps_hiding_what_was_hidden(self) -> None:
        erased = purge(bury({"id": ID, "x": 5, "_v": {"x": V2}}, "ann", V3))
        assert join(erased, {"id": ID, "x": {"p": 1}, "_v": {"x/p": V1}}) == erased
        erased = purge(bury({"id": ID, "x": {"p": 1}, "_v": {"x/p": V2}}, "ann", V3))
        assert "x" not in join(erased, {"id": ID, "x": 5, "_v": {"x": V1}})

    def test_only_the_deleted_can_be_purged(self) -> None:
        assert purge(self.RECORD) == self.RECORD
        alive = revive(bury(self.RECORD, "ann", V2), V2)
        assert purge(alive) == alive

    @proof
    @given(records(), st.sampled_from(["ann", "bob"]))
    def test_bury_kills_and_revive_revives_whatever_the_record(self, record: dict[str, Any], by: str) -> None:
        clock = Clock(now_ms=lambda: 0)
        buried = bury(record, by, clock.after(V3))
        assert is_dead(buried)
        assert not is_dead(revive(buried, clock.after(*rivals(buried, ["_alive"]))))
        assert set(purge(buried)) <= {"id", "_del"}


class TestHandEdits:
    BASE: ClassVar[dict[str, Any]] = {
        "id": ID,
        "stage": "a",
        "tags": ["x"],
        "x": {"p": 1},
        "_v": {"stage": V2, "x/p": V1},
    }

    def test_a_changed_value_gets_the_next_version(self) -> None:
        edited = successor(self.BASE, {**self.BASE, "stage": "b"})
        assert edited["stage"] == "b"
        assert ms_of(edited["_v"]["stage"]) == ms_of(V2) + 1
        assert join(self.BASE, edited) == edited

    def test_the_same_edit_is_the_same_version_and_another_is_not(self) -> None:
        one, two = (successor(self.BASE, {**self.BASE, "stage": "b", "new": True}) for _ in range(2))
        other = successor(self.BASE, {**self.BASE, "stage": "c"})
        assert one == two
        assert one["_v"]["stage"] != other["_v"]["stage"]

    def test_a_value_with_its_own_higher_version_is_no_hand_edit(self) -> None:
        edited = {**self.BASE, "stage": "b", "_v": {"stage": V3, "x/p": V1}}
        assert successor(self.BASE, edited) == edited

    @proof
    @given(records(tombstones=False), bodies)
    def test_what_was_typed_is_what_stays(self, raw: dict[str, Any], body: dict[str, Any]) -> None:
        base = canonical(raw)
        edited = {"id": ID, **body, **({"_v": base["_v"]} if "_v" in base else {})}
        merged = join(base, successor(base, edited))
        assert text({k: v for k, v in merged.items() if k != "_v"}) == text(
            {k: v for k, v in canonical({"id": ID, **body}).items() if k != "_v"}
        )


@proof
@given(records())
def test_versions_name_every_leaf(record: dict[str, Any]) -> None:
    found = versions(record)
    assert set(flatten(record)) <= set(found)
    assert all(version == "" or (is_ulid(version) and rank(version)) for version in found.values())
