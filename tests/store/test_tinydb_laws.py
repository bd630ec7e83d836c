"""Laws of the TinyDB side: the same documents as TinyDB's own, only changes committed, errors change nothing."""

from __future__ import annotations

import json
from timeit import repeat
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tinydb import TinyDB, where
from tinydb.operations import delete, increment
from tinydb.storages import MemoryStorage
from tinydb.table import Table

from tuicrm.store.tables import open_db

NAMES = st.sampled_from(["a", "b", "c"])
SCALARS = st.one_of(st.booleans(), st.integers(-3, 3), st.text('ab\u03b1 "/~', max_size=3))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(SCALARS, max_size=3),
        st.dictionaries(st.sampled_from(["x", "y/z", "~", ""]), inner, max_size=3),
    ),
    max_leaves=5,
)
DOCUMENTS = st.dictionaries(NAMES, VALUES, max_size=3)
CONDITIONS = st.builds(
    lambda name, kind, value: where(name).exists() if kind else where(name) == value, NAMES, st.booleans(), SCALARS
)
UPDATES = st.one_of(DOCUMENTS, NAMES.map(lambda name: lambda document: document.pop(name, None)))
STEPS = st.one_of(
    st.tuples(st.just("insert"), DOCUMENTS),
    st.tuples(st.just("insert_multiple"), st.lists(DOCUMENTS, max_size=3)),
    st.tuples(st.just("update"), UPDATES),
    st.tuples(st.just("update"), UPDATES, CONDITIONS),
    st.tuples(st.just("update_multiple"), st.lists(st.tuples(UPDATES, CONDITIONS), max_size=3)),
    st.tuples(st.just("upsert"), DOCUMENTS, CONDITIONS),
    st.tuples(st.just("remove"), CONDITIONS),
    st.tuples(st.just("search"), CONDITIONS),
    st.tuples(st.just("truncate")),
)


def fresh_table(records: Any) -> Any:
    return open_db(records, by="ann").table(records.kind)


def canonical(value: Any) -> Any:
    """Lists as the sets that records hold, all else as it is."""
    if isinstance(value, dict):
        return {key: canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        texts = {json.dumps(item, ensure_ascii=False) for item in value}
        return [json.loads(text) for text in sorted(texts, key=str.encode)]
    return value


def shown(documents: Any) -> list[str]:
    return [json.dumps(canonical(document), sort_keys=True) for document in documents]


def canonical_step(step: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(canonical(part) if isinstance(part, dict) else part for part in step)


def clear_empty(document: Any) -> None:
    """What a record does by itself: a field without a value is no field."""
    for name in [name for name, value in document.items() if value in ("", [], {})]:
        del document[name]


def run(table: Table, step: tuple[Any, ...]) -> Any:
    answer = getattr(table, step[0])(*canonical_step(step)[1:])
    if step[0] == "search":
        return shown(answer)
    return len(answer) if isinstance(answer, list) else None


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=1, max_size=8))
def test_any_operations_give_the_documents_that_tinydb_gives(make_records: Any, steps: Any) -> None:
    ours, stock = fresh_table(make_records()), TinyDB(storage=MemoryStorage).table("t")
    for step in steps:
        assert run(ours, step) == run(stock, step)
        stock.update(clear_empty)
        assert shown(ours) == shown(stock)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DOCUMENTS, min_size=1, max_size=6), UPDATES)
def test_an_update_commits_the_documents_and_fields_that_differ(make_records: Any, documents: Any, update: Any) -> None:
    records = make_records()
    table = fresh_table(records)
    ids = table.insert_multiple(documents)
    before = {doc_id: dict(table.get(doc_id=doc_id)) for doc_id in ids}
    records.commits.clear()
    assert table.update(update) == ids
    after = {doc_id: dict(table.get(doc_id=doc_id)) for doc_id in ids}
    expected = [
        (doc_id, fields)
        for doc_id in ids
        if (fields := {name for name in "abc" if differ(before[doc_id], after[doc_id], name)})
    ]
    committed = [change for changes in records.commits for change in changes]
    assert [(change.id, {path.split("/")[0] for path in change.leaves}) for change in committed] == expected
    assert len(records.commits) == bool(expected)


def differ(before: dict[str, Any], after: dict[str, Any], name: str) -> bool:
    return shown([{"-": before.get(name)}]) != shown([{"-": after.get(name)}])


def test_true_and_one_are_different_values(records: Any) -> None:
    table = fresh_table(records)
    doc_id = table.insert({"a": 1, "b": [1]})
    table.update({"a": True, "b": [True]})
    assert shown([table.get(doc_id=doc_id)]) == ['{"a": true, "b": [true]}']


@pytest.mark.parametrize("how", ["update", "update_multiple"])
def test_an_updater_that_raises_changes_nothing(records: Any, how: Any) -> None:
    table = fresh_table(records)
    table.insert_multiple([{"n": 1, "tags": ["a"]}, {"n": 2, "tags": ["a"]}, {"tags": ["a"]}])
    before = shown(table)

    def updater(document: Any) -> None:
        document["tags"].append("b")
        document["n"] += 1

    with pytest.raises(KeyError):
        table.update(updater) if how == "update" else table.update_multiple([(updater, where("tags").exists())])
    assert shown(table) == before
    assert len(records.commits) == 1
    with pytest.raises(KeyError):
        table.update(delete("n"))
    assert shown(table) == before


def test_an_update_by_id_does_not_depend_on_the_size_of_the_table(make_records: Any) -> None:
    def seconds_and_changes(size: int) -> tuple[float, int]:
        records = make_records()
        table = fresh_table(records)
        middle = table.insert_multiple({"name": f"n{n}", "n": n} for n in range(size))[size // 2]
        records.commits.clear()
        seconds = min(repeat(lambda: table.update(increment("n"), doc_ids=[middle]), number=5, repeat=8))
        return seconds, sum(len(changes) for changes in records.commits)

    small, small_changes = seconds_and_changes(300)
    large, large_changes = seconds_and_changes(30_000)
    assert small_changes == large_changes == 40
    assert large < 10 * small


def test_a_selective_search_costs_about_what_tinydb_takes(make_records: Any) -> None:
    documents = [{"name": f"n{n}", "size": n, "stage": "lead", "note": "x" * 20} for n in range(10_000)]
    ours, stock = fresh_table(make_records()), TinyDB(storage=MemoryStorage).table("t")
    ours.insert_multiple(documents)
    stock.insert_multiple(documents)

    def seconds(table: Any) -> float:
        def search() -> None:
            table.clear_cache()
            assert len(table.search((where("stage") == "lead") & (where("size") == 77))) == 1

        return min(repeat(search, number=1, repeat=7))

    assert seconds(ours) < 3 * seconds(stock)
