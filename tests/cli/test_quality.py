"""`quality` in every format, and the two verbs that say how contacts stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Shell


def test_quality_in_every_format(shell: Shell) -> None:
    made = shell.id("contact", "add", "Jane Roe")
    shell.ok("company", "add", "Acme", "--country", "Atlantis", "--domain", "acme.example")
    found = shell.json("quality")
    assert {"score", "records", "to_fix", "completeness", "owners", "counts", "findings"} <= found.keys()
    assert found["counts"]["no_address"] == found["counts"]["questionable"] == 1
    first = found["findings"][0]
    assert (first["id"], first["check"]) == (made, "no_address")
    assert shell.ok("quality", "--format", "ids").split()[0] == made
    rows = [json.loads(line) for line in shell.ok("quality", "--format", "jsonl").splitlines()]
    assert rows == found["findings"]
    assert shell.ok("quality", "--format", "csv").splitlines()[0].startswith("check,kind,id,name,why,fix")
    table = shell.ok("quality", "--limit", "1")
    assert table.startswith(f"Score {found['score']}: of ")
    assert first["fix"] in table
    assert f"{len(rows) - 1} more; --all lists them" in shell.err


def test_the_command_that_is_named_mends_it(shell: Shell) -> None:
    shell.id("contact", "add", "Jane Roe", "--email", "jane@gmial.com")
    (odd,) = (one for one in shell.json("quality")["findings"] if one["check"] == "questionable")
    shell.ok(*odd["fix"].replace("EMAIL", "jane@gmail.com").split()[1:])
    assert shell.json("quality")["counts"]["questionable"] == 0
    assert shell.json("contact", "show", "Jane Roe")["emails"] == ["jane@gmail.com"]


def test_verified_and_bounced_are_each_one_step(shell: Shell) -> None:
    shell.id("contact", "add", "Jane Roe", "--email", "jane@acme.example")
    shell.ok("contact", "verify", "Jane Roe")
    assert shell.json("contact", "show", "Jane Roe")["last_verified"] == "2026-10-08"
    shell.ok("contact", "bounced", "jane@acme.example")
    assert shell.json("contact", "show", "Jane Roe")["status"] == "bounced"
    shell.ok("log", "email", "hello", "--with", "Jane")
    assert "marked as bounced" in shell.err
    shell.ok("undo")
    shell.ok("undo")
    assert shell.json("contact", "show", "Jane Roe")["status"] is None


@pytest.mark.parametrize("words", [("product",), ("--owner", "nobody-at-all"), ("--team", "nowhere")])
def test_nonsense_is_refused_in_one_sentence(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell.run("quality", *words) in (3, 5)
    assert len(shell.err.splitlines()) <= 2
