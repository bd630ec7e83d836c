"""`tuicrm since`: what teammates changed, from the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from tests.cli.conftest import Shell


def test_it_lists_what_others_did_and_remembers_what_was_seen(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    shell.ok("since", "--seen")
    assert "not looked at this workspace here yet" in shell.err
    monkeypatch.setenv("TUICRM_NOW", "2026-10-08T10:00:00Z")
    with monkeypatch.context() as bob:
        bob.setenv("TUICRM_USER", "bob")
        shell.ok("company", "add", "Orbis")
    shell.ok("company", "add", "Acme")
    assert [(one["by"], one["text"], one["kind"]) for one in shell.json("since")] == [
        ("bob", "added company Orbis", "company")
    ]
    assert "bob  2026-10-08" in shell.ok("since")
    shell.ok("since", "--seen")
    shell.ok("since")
    assert "nothing was changed by others since" in shell.err
    assert len(shell.json("since", "--from", "yesterday")) >= 1
    assert shell.error("since", "--from", "tux")["code"] == "invalid"
