"""TinyDB's documented usage holds on a workspace's records."""

from __future__ import annotations

from typing import Any

import pytest
from tinydb import Query, where
from tinydb.middlewares import CachingMiddleware
from tinydb.operations import add, decrement, delete, increment, subtract
from tinydb.operations import set as set_field
from tinydb.table import Document

from tuicrm.errors import Invalid
from tuicrm.store.changes import Patch, Remove, Write
from tuicrm.store.leaves import ABSENT, MEMBER
from tuicrm.store.tables import WorkspaceDB, WorkspaceStorage, open_db


@pytest.fixture
def db(records: Any) -> Any:
    return open_db(records, by="ann")


@pytest.fixture
def deals(db: Any) -> Any:
    table = db.table("deal")
    table.insert_multiple(
        [
            {"name": "Acme", "stage": "lead", "size": 5, "tags": ["hot", "new"], "site": {"city": "Riga", "floor": 2}},
            {"name": "Bolt", "stage": "lead", "size": 7, "tags": ["new"], "site": {"city": "Baku"}},
            {"name": "Cogs", "stage": "won", "size": 9},
        ]
    )
    return table


def above(size: Any, low: Any = 0) -> bool:
    return bool(size > low)


def names(documents: Any) -> list[str]:
    return [document["name"] for document in documents]


def test_insert_returns_the_id_of_the_document(deals: Any) -> None:
    doc_id = deals.insert({"name": "Dyne"})
    assert isinstance(doc_id, str)
    assert deals.get(doc_id=doc_id) == {"name": "Dyne"}
    assert deals.get(doc_id=doc_id).doc_id == doc_id
    assert len(deals) == 4


def test_insert_takes_the_id_of_a_document(deals: Any, records: Any) -> None:
    doc_id = records.new_id()
    assert deals.insert(Document({"name": "Dyne"}, doc_id=doc_id)) == doc_id
    with pytest.raises(ValueError, match="already exists"):
        deals.insert(Document({"name": "Else"}, doc_id=doc_id))
    assert deals.get(doc_id=doc_id) == {"name": "Dyne"}


def test_insert_multiple_is_one_commit_and_all_or_nothing(deals: Any, records: Any) -> None:
    before = len(records.commits)
    assert len(deals.insert_multiple({"name": str(n)} for n in range(4))) == 4
    assert len(records.commits) == before + 1
    twice = Document({"name": "x"}, doc_id=records.new_id())
    with pytest.raises(ValueError, match="already exists"):
        deals.insert_multiple([{"name": "y"}, twice, twice])
    with pytest.raises(ValueError, match="not a Mapping"):
        deals.insert_multiple([{"name": "y"}, "no document"])
    assert len(deals) == 7
    assert deals.insert_multiple([]) == []
    assert len(records.commits) == before + 1


def test_an_empty_document_is_a_document(deals: Any) -> None:
    doc_id = deals.insert({})
    assert deals.get(doc_id=doc_id) == {}
    assert len(deals) == 4


def test_documents_show_fields_and_nothing_internal(deals: Any) -> None:
    acme = deals.all()[0]
    assert set(acme) == {"name", "stage", "size", "tags", "site"}
    deals.update({"stage": "won"})
    seen: list[dict[str, Any]] = []
    deals.search(lambda document: seen.append(document) or False)
    assert all(not name.startswith("_") and name != "id" for document in [*seen, *deals] for name in document)
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (where("name") == "Acme", ["Acme"]),
        (where("name") != "Acme", ["Bolt", "Cogs"]),
        (where("size") < 7, ["Acme"]),
        (where("size") <= 7, ["Acme", "Bolt"]),
        (where("size") > 7, ["Cogs"]),
        (where("size") >= 7, ["Bolt", "Cogs"]),
        (where("tags").exists(), ["Acme", "Bolt"]),
        (~where("tags").exists(), ["Cogs"]),
        (where("name").matches("[AB].*"), ["Acme", "Bolt"]),
        (where("name").search("og"), ["Cogs"]),
        (where("size").test(above, 6), ["Bolt", "Cogs"]),
        (where("tags").any(["hot", "cold"]), ["Acme"]),
        (where("tags").all(["new"]), ["Acme", "Bolt"]),
        (where("name").one_of(["Acme", "Cogs"]), ["Acme", "Cogs"]),
        (Query().site.city == "Riga", ["Acme"]),
        (Query()["site"]["floor"].exists(), ["Acme"]),
        (Query().fragment({"stage": "lead", "size": 7}), ["Bolt"]),
        (Query().site.fragment({"city": "Baku"}), ["Bolt"]),
        (where("name").map(str.lower) == "bolt", ["Bolt"]),
        (Query().noop(), ["Acme", "Bolt", "Cogs"]),
        ((where("stage") == "lead") & (where("size") > 5), ["Bolt"]),
        ((where("stage") == "won") | (where("size") == 5), ["Acme", "Cogs"]),
        (~((where("stage") == "won") | (where("size") == 5)), ["Bolt"]),
        (where("_v").exists(), []),
        (where("id").exists(), []),
        (~where("_v").exists(), ["Acme", "Bolt", "Cogs"]),
        (Query().fragment({"_v": {}}), []),
        (Query().map(lambda document: sorted(document)[0]) == "_v", []),
    ],
)
def test_queries_find_what_they_say(deals: Any, query: Any, found: Any) -> None:
    deals.update({"size": 5}, where("name") == "Acme")
    assert names(deals.search(query)) == found
    assert names(deals.search(query)) == found
    assert deals.count(query) == len(found)
    assert deals.contains(query) == bool(found)
    first = deals.get(query)
    assert (first and first["name"]) == (found[0] if found else None)


def test_no_query_reaches_what_is_hidden(deals: Any) -> None:
    cogs = deals.get(where("name") == "Cogs").doc_id
    for query in (
        Query().fragment({"id": cogs}),
        (where("id") == cogs) | (where("size") == 0),
        (where("size") == 9) & ~~(where("id") == cogs),
        lambda document: document.get("id") == cogs,
    ):
        assert deals.search(query) == []


def test_get_and_contains_by_id(deals: Any, records: Any) -> None:
    ids = [document.doc_id for document in deals]
    assert names(deals.get(doc_ids=[ids[2], ids[0], records.new_id()])) == ["Acme", "Cogs"]
    assert deals.contains(doc_id=ids[1])
    assert not deals.contains(doc_id=records.new_id())
    assert deals.get(doc_id=records.new_id()) is None
    for method in (deals.get, deals.contains, deals.remove):
        with pytest.raises(RuntimeError):
            method()


def test_update_by_condition_by_ids_and_of_all(deals: Any, records: Any) -> None:
    ids = [document.doc_id for document in deals]
    assert deals.update({"size": 1, "note": "n"}, where("stage") == "lead") == ids[:2]
    assert deals.update({"size": 2}, doc_ids=[ids[2], records.new_id()]) == ids[2:]
    assert deals.update({"stage": "lost"}) == ids
    assert [(d["size"], d["stage"], d.get("note")) for d in deals] == [(1, "lost", "n")] * 2 + [(2, "lost", None)]


def test_update_operations(deals: Any) -> None:
    acme = where("name") == "Acme"
    deals.update(add("size", 10), acme)
    deals.update(subtract("size", 3), acme)
    deals.update(increment("size"), acme)
    deals.update(decrement("size"), acme)
    deals.update(set_field("stage", "won"), acme)
    deals.update(delete("site"), acme)
    assert deals.get(acme) == {"name": "Acme", "stage": "won", "size": 12, "tags": ["hot", "new"]}


def test_update_multiple_applies_rules_in_order_to_each_document(deals: Any) -> None:
    updated = deals.update_multiple(
        [
            (increment("size"), where("stage") == "lead"),
            ({"stage": "big"}, where("size") == 8),
            (delete("tags"), where("stage") == "big"),
        ]
    )
    assert [(d["name"], d["stage"], d["size"], "tags" in d) for d in deals] == [
        ("Acme", "lead", 6, True),
        ("Bolt", "big", 8, False),
        ("Cogs", "won", 9, False),
    ]
    ids = [document.doc_id for document in deals]
    assert updated == [ids[0], ids[1], ids[1], ids[1]]


def test_upsert_updates_all_matches_or_inserts(deals: Any, records: Any) -> None:
    assert len(deals.upsert({"stage": "lost"}, where("stage") == "lead")) == 2
    assert deals.count(where("stage") == "lost") == 2
    deals.upsert({"name": "Dyne"}, where("name") == "Dyne")
    assert deals.count(where("name") == "Dyne") == 1
    document = Document({"name": "Else"}, doc_id=records.new_id())
    assert deals.upsert(document) == deals.upsert(document) == [document.doc_id]
    assert len(deals) == 5
    with pytest.raises(ValueError, match="doc_id"):
        deals.upsert({"name": "nobody"})


def test_remove_by_condition_and_ids(deals: Any, records: Any) -> None:
    ids = [document.doc_id for document in deals]
    assert deals.remove(where("stage") == "won") == ids[2:]
    assert deals.remove(doc_ids=[ids[0], records.new_id(), ids[0]]) == ids[:1]
    assert names(deals) == ["Bolt"]
    assert [change for changes in records.commits[1:] for change in changes] == [
        Remove("deal", ids[2]),
        Remove("deal", ids[0]),
    ]


def test_inserting_under_a_removed_id_starts_afresh(deals: Any) -> None:
    acme = deals.get(where("name") == "Acme")
    deals.remove(doc_ids=[acme.doc_id])
    deals.insert(Document({"name": "Acme", "size": 6}, doc_id=acme.doc_id))
    assert deals.get(doc_id=acme.doc_id) == {"name": "Acme", "size": 6}
    deals.remove(doc_ids=[acme.doc_id])
    deals.insert(Document({"name": "Acme", "size": 6}, doc_id=acme.doc_id))
    assert deals.get(doc_id=acme.doc_id) == {"name": "Acme", "size": 6}


def test_truncate_is_one_commit(deals: Any, records: Any) -> None:
    before = len(records.commits)
    deals.truncate()
    assert len(records.commits) == before + 1
    assert (len(deals), deals.all(), list(deals)) == (0, [], [])


def test_changing_a_returned_document_changes_nothing_stored(deals: Any) -> None:
    query = where("name") == "Acme"
    for found in (deals.search(query)[0], deals.search(query)[0], deals.get(query), deals.all()[0], next(iter(deals))):
        found["tags"].append("mine")
        found["site"]["city"] = "Oslo"
        found["name"] = "Mine"
    assert deals.search(query)[0] == {
        "name": "Acme",
        "stage": "lead",
        "size": 5,
        "tags": ["hot", "new"],
        "site": {"city": "Riga", "floor": 2},
    }


def test_changing_what_was_inserted_changes_nothing_stored(deals: Any) -> None:
    site: dict[str, Any] = {"city": "Oslo", "rooms": ["a"]}
    doc_id = deals.insert({"name": "Dyne", "site": site})
    site["city"] = "Bonn"
    site["rooms"].append("b")
    assert deals.get(doc_id=doc_id)["site"] == {"city": "Oslo", "rooms": ["a"]}


def test_tables_of_a_database(db: Any, deals: Any) -> None:
    assert db.tables() == {"deal"}
    assert db.table("deal") is deals
    db.insert({"a": 1})
    assert db.tables() == {"deal", db.default_table_name}
    assert len(db) == 1
    assert [dict(document) for document in db] == [{"a": 1}]
    db.drop_table("deal")
    assert db.tables() == {db.default_table_name}
    assert len(db.table("deal")) == 0
    assert set(db.storage.read()) == {db.default_table_name}
    db.drop_tables()
    assert db.tables() == set()


def test_a_database_is_a_context_manager(records: Any) -> None:
    with open_db(records, by="ann") as db:
        db.table("deal").insert({"name": "Acme"})
        assert isinstance(db.storage, WorkspaceStorage)
    assert len(records.all("deal")) == 1


def test_a_middleware_may_stand_before_the_storage(records: Any) -> None:
    db = WorkspaceDB(records, by="ann", storage=CachingMiddleware(WorkspaceStorage))
    db.table("deal").insert({"name": "Acme"})
    assert len(records.all("deal")) == 1


def test_cached_answers_follow_every_change(deals: Any, db: Any, records: Any) -> None:
    query = where("stage") == "lead"
    assert deals.count(query) == 2
    records.commit([Write("deal", deals.get(query).doc_id, {"stage": "won"})], by="bob", note="elsewhere")
    assert deals.count(query) == 1
    db.table("other").insert({"stage": "lead"})
    assert deals.count(query) == 1
    deals.remove(query)
    assert deals.search(query) == []


def test_the_query_cache_keeps_answers_but_not_those_of_regular_expressions(deals: Any) -> None:
    calls: list[Any] = []
    query = where("size").test(lambda size: calls.append(size) or True)
    deals.search(query)
    deals.search(query)
    assert len(calls) == 3
    deals.clear_cache()
    deals.search(query)
    assert len(calls) == 6
    assert deals.count(where("name").matches("acme")) == 0
    assert deals.count(where("name").matches("acme", flags=2)) == 1


def test_storage_reads_and_writes_wholes(db: Any, deals: Any, records: Any) -> None:
    deals.insert({"name": "Dyne"})
    db.insert({"a": 1})
    data = db.storage.read()
    assert set(data) == {"deal", db.default_table_name}
    assert names(data["deal"].values()) == ["Acme", "Bolt", "Cogs", "Dyne"]
    acme, bolt, *_ = data["deal"]
    data["deal"][acme]["tags"].append("x")
    del data["deal"][acme]["size"]
    del data["deal"][bolt]
    data["deal"][new := records.new_id()] = {"name": "Else"}
    before = len(records.commits)
    db.storage.write({"deal": data["deal"]})
    assert len(records.commits) == before + 1
    assert records.commits[-1] == [
        Remove("deal", bolt),
        Patch("deal", acme, {"size": ABSENT, "tags/x": MEMBER}),
        Write("deal", new, {"name": "Else"}),
    ]
    assert len(db) == 1
    db.storage.write(db.storage.read())
    assert len(records.commits) == before + 1


@pytest.mark.parametrize(
    "fields",
    [
        {"size": 1.5},
        {"size": float("nan")},
        {"size": 2**64},
        {"size": b"x"},
        {"size": {1, 2}},
        {"site": {"rooms": [{"area": 1.5}]}},
        {"site": {1: "one"}},
        {"site": {"floor": None}},
        {"name": "\ud800"},
        {"site": {"\ud800": 1}},
        {1: "one"},
        {"": 1},
        {"_v": {}},
        {"_note": "x"},
        {"id": "other"},
    ],
)
def test_what_a_record_cannot_hold_is_refused_in_one_sentence(deals: Any, records: Any, fields: Any) -> None:
    before = len(records.commits), [dict(document) for document in deals]
    for attempt in (
        lambda: deals.insert({"name": "Dyne", **fields}),
        lambda: deals.insert_multiple([{"name": "Dyne"}, fields]),
        lambda: deals.update(fields, where("name") == "Bolt"),
        lambda: deals.update(lambda document: document.update(fields)),
        lambda: deals.upsert(fields, where("name") == "Dyne"),
    ):
        with pytest.raises(Invalid, match=r"^The .*[^.]\.$"):
            attempt()
    assert (len(records.commits), [dict(document) for document in deals]) == before


def test_an_id_that_is_no_ulid_is_refused(deals: Any) -> None:
    with pytest.raises(Invalid, match="ULID"):
        deals.insert(Document({"name": "Dyne"}, doc_id=7))
    assert len(deals) == 3


@pytest.mark.parametrize("empty", [None, "", [], (), {}])
def test_an_empty_value_clears_its_field(deals: Any, records: Any, empty: Any) -> None:
    doc_id = deals.insert({"name": "Dyne", "size": empty, "site": {"city": "Riga"}})
    assert deals.get(doc_id=doc_id) == {"name": "Dyne", "site": {"city": "Riga"}}
    deals.update({"site": empty, "tags": empty}, doc_ids=[doc_id])
    assert deals.get(doc_id=doc_id) == {"name": "Dyne"}
    assert records.commits[-1] == [Patch("deal", doc_id, {"site/city": ABSENT})]


@pytest.mark.parametrize("depth", [300, 100_000])
def test_what_is_nested_too_deeply_is_refused(deals: Any, depth: int) -> None:
    nested: Any = []
    for _ in range(depth):
        nested = [nested]
    with pytest.raises(Invalid):
        deals.insert({"nested": {"inside": nested}})
    assert len(deals) == 3


def test_lists_are_sets(deals: Any) -> None:
    bolt = where("name") == "Bolt"
    deals.update({"tags": ["b", "a", "b"]}, bolt)
    assert deals.get(bolt)["tags"] == ["a", "b"]
    deals.update({"points": [[2, 1], [1, 2]]}, bolt)
    assert deals.get(bolt)["points"] == [[1, 2], [2, 1]]
