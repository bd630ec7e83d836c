"""TinyDB's side of a workspace that several processes, or one after the other, have open."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tinydb import where
from tinydb.operations import increment

from tuicrm.errors import Invalid
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Workspace]:
    with Workspace.create(tmp_path / "acme", name="Acme") as workspace:
        yield workspace


@pytest.fixture
def there(here: Workspace) -> Iterator[Workspace]:
    with Workspace.open(here.root) as workspace:
        yield workspace


def test_documents_are_there_when_the_workspace_is_opened_again(here: Workspace) -> None:
    documents = [{"name": "Acme", "tags": ["a", "b"], "site": {"city": "Riga"}}, {}]
    ids: list[Any] = here.table("deal").insert_multiple(documents)
    here.close()
    table = Workspace.open(here.root).table("deal")
    assert [(document.doc_id, document) for document in table] == list(zip(ids, documents, strict=True))


def test_a_cached_answer_gives_way_to_what_another_process_wrote(here: Workspace, there: Workspace) -> None:
    query = where("stage") == "lead"
    here.table("deal").insert_multiple([{"stage": "lead"}, {"stage": "lead"}])
    assert there.table("deal").count(query) == here.table("deal").count(query) == 2
    ids: list[Any] = list(there.all("deal"))
    there.table("deal").update({"stage": "won"}, doc_ids=ids[:1])
    here.refresh()
    assert here.table("deal").count(query) == 1


@pytest.mark.parametrize("how", ["update", "update_multiple"])
def test_an_update_that_was_overtaken_counts_both(here: Workspace, there: Workspace, how: str) -> None:
    mine, theirs = here.table("deal"), there.table("deal")
    mine.insert({"calls": 1, "notes": {"a": "x"}})
    assert len(theirs) == 1
    seen: list[int] = []

    def overtaken(document: Any) -> None:
        if not seen:
            theirs.update(increment("calls"))
        seen.append(document["calls"])
        document["calls"] += 10

    mine.update(overtaken) if how == "update" else mine.update_multiple([(overtaken, where("calls").exists())])
    assert seen == [1, 2]
    assert mine.all() == [{"calls": 12, "notes": {"a": "x"}}]


def test_what_two_people_add_to_a_set_is_kept(here: Workspace, there: Workspace) -> None:
    mine, theirs = here.table("deal"), there.table("deal")
    mine.insert({"name": "Acme", "tags": ["a", "b"]})
    assert len(theirs) == 1
    theirs.update({"name": "Acme Ltd", "tags": ["b", "c"]})
    mine.update(lambda document: document["tags"].append("d"))
    assert mine.all() == [{"name": "Acme Ltd", "tags": ["b", "c", "d"]}]


def test_a_table_name_that_is_no_kind_is_refused(here: Workspace) -> None:
    for name in ("../deal", "", "Deal table"):
        with pytest.raises(Invalid):
            here.table(name)
    assert here.db.tables() == set()
