"""Which workspace a command works on, and who acts in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from .conftest import Shell


def test_init_makes_a_workspace_and_prints_it(bare: Shell) -> None:
    out = bare.ok("init", "sales", "--name", "Acme sales", "--currency", "usd", "--user", "bob")
    assert out == f"{bare.folder}/sales\n"
    assert json.loads((bare.folder / "sales" / "tuicrm.json").read_text())["name"] == "Acme sales"
    assert bare.ok("--workspace", "sales", "config", "get", "currency") == "USD\n"
    assert [one["handle"] for one in bare.json("--workspace", "sales", "user", "list")] == ["bob"]


def test_init_refuses_a_second_time(bare: Shell) -> None:
    bare.ok("init", "sales")
    assert bare.run("init", "sales") == 5


def test_init_refuses_an_unknown_currency_before_it_makes_anything(bare: Shell) -> None:
    assert bare.run("init", "sales", "--currency", "EURO") == 5
    assert not (bare.folder / "sales").exists()


def test_the_flag_goes_before_the_variable_before_the_folder_before_the_last(
    bare: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three", "four"):
        bare.ok("init", name, "--name", name)
        bare.ok("company", "add", f"of {name}", "--workspace", name)

    def seen(*words: str) -> str:
        (company,) = bare.json(*words, "company", "list")
        return company["name"]

    assert seen() == "of four"
    deep = bare.folder / "three" / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert seen() == "of three"
    monkeypatch.setenv("TUICRM_WORKSPACE", str(bare.folder / "two"))
    assert seen() == "of two"
    assert seen("--workspace", str(bare.folder / "one")) == "of one"


def test_the_workspace_is_also_taken_after_the_command(bare: Shell) -> None:
    bare.ok("init", "one")
    bare.ok("init", "two")
    bare.ok("company", "add", "Acme", "--workspace", "one")
    assert bare.json("company", "list", "--workspace", "two") == []
    assert len(bare.json("company", "list", "--workspace", "one")) == 1


def test_a_wrong_workspace_is_not_replaced_by_another(bare: Shell) -> None:
    bare.ok("init", "one")
    assert bare.run("company", "list", "--workspace", "elsewhere") == 3
    assert "elsewhere" in bare.err


def test_who_acts(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def owner() -> str:
        return shell.json("company", "add", "Acme")["owner_name"]

    shell.ok("user", "add", "Bob Ray", "--handle", "bob")
    assert owner() == "ann"
    shell.ok("config", "set", "user", "bob")
    assert owner() == "Bob Ray"
    assert shell.ok("config", "get", "user") == "bob\n"
    monkeypatch.setenv("TUICRM_USER", "ann")
    assert owner() == "ann"


def test_the_private_settings_stay_private(shell: Shell) -> None:
    shell.ok("config", "set", "user", "ann")
    held = shell.folder / ".git" / "tuicrm" / "local.json"
    assert held.stat().st_mode & 0o777 == 0o600
    assert "local.json" not in {path.name for path in shell.folder.iterdir()}


def test_the_clock_is_fixed_by_the_environment(stocked: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    first = stocked.json("company", "list")
    assert first[0]["created_at"] == "2026-10-08T09:00:00Z"
    monkeypatch.setenv("TUICRM_NOW", "2026-12-24T12:00:00Z")
    assert stocked.json("deal", "show", "Acme renewal")["age_days"] == 77
    monkeypatch.setenv("TUICRM_NOW", "soon")
    assert stocked.run("company", "list") == 2
    assert "TUICRM_NOW" in stocked.err


def test_demo_without_a_terminal_prints_the_board(bare: Shell) -> None:
    out = bare.ok("demo", "--dir", "sample")
    assert "Sales | " in out
    assert "Negotiation" in out
    assert max(map(len, out.splitlines())) <= 80
    assert "tuicrm agenda" in bare.err
    assert len(bare.json("deal", "list", "--workspace", "sample")) > 40


def test_demo_finds_its_folder_again(bare: Shell) -> None:
    bare.ok("demo", "--dir", "sample")
    bare.ok("company", "add", "Mine", "--workspace", "sample")
    bare.ok("demo", "--dir", "sample")
    assert "making" not in bare.err
    assert bare.json("company", "show", "Mine", "--workspace", "sample")["name"] == "Mine"


def test_demo_touches_no_other_folder(bare: Shell) -> None:
    (bare.folder / "mine").mkdir()
    (bare.folder / "mine" / "letter.txt").write_text("dear")
    assert bare.run("demo", "--dir", "mine") == 5
    assert [path.name for path in (bare.folder / "mine").iterdir()] == ["letter.txt"]


def test_a_newer_format_is_refused_by_name(stocked: Shell) -> None:
    manifest = stocked.folder / "tuicrm.json"
    manifest.write_text(
        manifest.read_text().replace('"format": 1', '"format": 99').replace('"format":1', '"format":99')
    )
    assert stocked.run("company", "list") in (5, 8)
    assert "99" in stocked.err


def test_another_process_that_writes_is_waited_for_or_named(stocked: Shell) -> None:
    """While somebody holds the lock, reading goes on."""
    import fcntl

    with open(stocked.folder / ".git" / "tuicrm" / "lock", "rb+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert len(stocked.json("company", "list")) == 1
