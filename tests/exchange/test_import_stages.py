"""Deals whose pipeline the import makes: their stages end deals as anywhere, and undo takes all of it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.exchange.conftest import Shell

HUBSPOT = (
    "Record ID,Deal Name,Deal Stage,Close Date,Amount,Associated Company,Pipeline,Create Date\n"
    '901,Renewal,Closed Won (Sales Pipeline),2017-03-01 14:22,"12,500.00",Acme Inc,Sales Pipeline,2017-01-05 09:00\n'
    "902,New,Appointment Scheduled (Sales Pipeline),2019-03-01 14:22,1200,Beta LLC,Sales Pipeline,2017-02-05 09:00\n"
    "903,Gone,Closed lost,2017-05-01,100,,Sales Pipeline,2017-02-05\n"
)


@pytest.fixture(autouse=True)
def clean(shell: Shell) -> Iterator[None]:
    """Every test begins with an empty workspace: imports are undone."""
    yield
    while shell.run("undo") == 0:
        pass
    assert "there is nothing to undo" in shell.err


def bring(shell: Shell, folder: Path, text: str, *options: str) -> None:
    """Import a text with what it names."""
    file = folder / "deals.csv"
    file.write_text(text, "utf-8")
    shell.ok("import", str(file), "--create-missing", *options)


def test_a_pipeline_that_an_import_makes_has_stages_that_end_deals(shell: Shell, tmp_path: Path) -> None:
    bring(shell, tmp_path, HUBSPOT)
    (made,) = (one for one in shell.rows("export", "pipelines") if one["name"] == "Sales Pipeline")
    kinds = {one["name"]: one["kind"] for one in made["stages"].values()}
    assert kinds == {"Appointment Scheduled": "open", "Won": "won", "Lost": "lost"}
    closed = {one["name"]: (one["stage"], one["closed_on"]) for one in shell.rows("export", "deals")}
    assert closed == {
        "Renewal": ("won", "2017-03-01"),
        "New": ("appointment_scheduled", None),
        "Gone": ("lost", "2017-05-01"),
    }
    assert "made way" not in shell.err


def test_an_import_that_made_a_pipeline_is_undone_whole(shell: Shell, tmp_path: Path) -> None:
    before = [one["name"] for one in shell.rows("export", "pipelines")]
    bring(shell, tmp_path, HUBSPOT)
    shell.ok("undo")
    assert [one["name"] for one in shell.rows("export", "pipelines")] == before
    assert shell.rows("export", "deals") == shell.rows("export", "companies") == []


def test_a_made_pipeline_without_stages_of_its_own_has_the_usual_ones(shell: Shell, tmp_path: Path) -> None:
    bring(shell, tmp_path, "name,stage,pipeline\nOne,Demo,Second\n", "--as", "deals")
    (made,) = (one for one in shell.rows("export", "pipelines") if one["name"] == "Second")
    assert len(made["stages"]) == 8
    (deal,) = shell.rows("export", "deals")
    assert deal["stage"] == "demo"


def test_a_row_that_is_rejected_makes_no_pipeline(shell: Shell, tmp_path: Path) -> None:
    text = "name,stage,pipeline,value\nGood,Demo,,5\nBad,Odd,Third,much\n"
    bring(shell, tmp_path, text, "--as", "deals", "--rejects", str(tmp_path / "rejects.csv"))
    assert len(shell.rows("export", "pipelines")) == 1


def test_a_change_that_names_a_rejected_row_is_rejected_too(shell: Shell, tmp_path: Path) -> None:
    shell.ok("company", "add", "Alpha")
    file = tmp_path / "companies.csv"
    file.write_text("name,parent,employees,city\nAlpha,Omega,,\nOmega,,many,\nAlpha,,,Bonn\n", "utf-8")
    out = shell.ok("import", str(file), "--as", "companies", "--update", "--json", "--rejects", str(tmp_path / "r.csv"))
    assert [one["line"] for one in json.loads(out)["rejected"]] == [3, 2]
    (alpha,) = shell.rows("export", "companies")
    assert (alpha["parent"], alpha["city"]) == (None, "Bonn")
