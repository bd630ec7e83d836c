"""The oracle itself: it must see what is lost, what is dead without reason, and what nobody typed."""

from __future__ import annotations

from typing import Any

from tests.prove.oracle import Oracle
from tuicrm.store.join import apply, bury, join
from tuicrm.store.ulid import encode
from tuicrm.sync.ledger import entry
from tuicrm.sync.losing import lost

ID, V1, V2, V3 = (encode(1_700_000_000_000 + step, step) for step in range(4))
Record = dict[str, Any]
BORN: Record = {"id": ID, "name": "Acme"}
MINE = apply(BORN, {"name": ("mine", V1)})
THEIRS = apply(BORN, {"name": ("theirs", V2)})


def watched(*writes: tuple[Record | None, Record]) -> Oracle:
    oracle = Oracle()
    for before, after in writes:
        oracle.watch("deal", before, after)
    return oracle


def content(deal: Record, *ledger: Record) -> dict[str, dict[str, Record]]:
    return {"deal": {deal["id"]: deal}, "conflict": {one["id"]: one for one in ledger}}


def conflicts(joined: Record, *parts: Record) -> list[Record]:
    return [entry(one) for one in lost("deal", joined, parts, [BORN])]


def test_a_value_that_gave_way_has_to_be_in_the_ledger() -> None:
    oracle, joined = watched((None, BORN), (BORN, MINE), (BORN, THEIRS)), join(MINE, THEIRS)
    assert [line.partition(" =")[0] for line in oracle.judge(content(joined)).missing] == [f"deal/{ID}/name"]
    kept = oracle.judge(content(joined, *conflicts(joined, MINE, THEIRS)))
    assert (kept.missing, kept.unexplained, kept.gave_way) == ([], [], 1)


def test_what_was_seen_when_it_was_overwritten_need_not_be() -> None:
    later = apply(MINE, {"name": ("later", V3)})
    told = watched((None, BORN), (BORN, MINE), (MINE, later)).judge(content(later))
    assert (told.missing, told.seen_overwritten, told.in_place) == ([], 2, 1)


def test_a_value_that_sync_put_above_a_typed_one_is_seen_under_that_version() -> None:
    lifted, later = apply(BORN, {"name": ("mine", V2)}), apply(BORN, {"name": ("later", V3)})
    mine = apply(BORN, {"name": ("mine", V1)})
    assert len(watched((None, BORN), (BORN, mine), (BORN, later)).judge(content(later)).missing) == 1
    assert watched((None, BORN), (BORN, mine), (lifted, later)).judge(content(later)).missing == []


def test_a_value_that_is_simply_gone_is_missing() -> None:
    told = watched((None, BORN), (BORN, MINE)).judge(content(BORN))
    assert len(told.missing) == 1


def test_an_edit_in_a_file_is_known_by_its_value() -> None:
    oracle = watched((None, BORN))
    oracle.watch_file("deal", BORN, {**BORN, "name": "typed"})
    assert len(oracle.judge(content(BORN)).missing) == 1
    assert oracle.judge(content({**BORN, "name": "typed", "_v": {"name": V3}})).missing == []


def test_a_dead_record_must_hold_nothing_unseen() -> None:
    dead = bury(BORN, "ann", V1)
    oracle = watched((None, BORN), (BORN, dead), (BORN, THEIRS))
    wrong = {**THEIRS, "_del": {"by": "ann", "v": V3, "seen": {"name": V3}}}
    assert len(oracle.judge(content(wrong)).dead_unseen) == 1
    right = join(dead, THEIRS)
    assert len(oracle.judge(content(right)).missing) == 1
    assert oracle.judge(content(right, *conflicts(right, dead, THEIRS))).missing == []


def test_an_entry_that_nobody_typed_is_told() -> None:
    oracle = watched((None, BORN), (BORN, MINE))
    made_up = conflicts(join(MINE, THEIRS), apply(BORN, {"name": ("never", V1)}), THEIRS)
    assert len(oracle.judge(content(MINE, *made_up)).unexplained) == 1
