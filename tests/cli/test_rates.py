"""`tuicrm config rate`: setting, taking away and listing rates, for people and for scripts; two clones agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sync.repos import Team

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import Shell

BOTH = [
    {"currency": "GBP", "from": "2026-10-08", "rate": "1.15", "base": "EUR", "status": "now"},
    {"currency": "USD", "from": "2026-10-01", "rate": "0.92", "base": "EUR", "status": "now"},
]


@pytest.fixture
def rated(shell: Shell) -> Shell:
    shell.ok("config", "rate", "USD", "0.92", "--from", "2026-10-01")
    shell.ok("config", "rate", "gbp", "1.15")
    return shell


def test_listing(rated: Shell) -> None:
    assert rated.json("config", "rate") == BOTH
    assert rated.json("config", "rate", "usd") == BOTH[1:]
    assert [line.split() for line in rated.ok("config", "rate").splitlines()] == [
        ["CURRENCY", "FROM", "RATE", "BASE", "STATUS"],
        *([one["currency"], one["from"], one["rate"], one["base"], one["status"]] for one in BOTH),
    ]
    assert rated.ok("config", "rate", "USD", "--format", "csv") == (
        "currency,from,rate,base,status\nUSD,2026-10-01,0.92,EUR,now\n"
    )
    assert len(rated.ok("config", "rate", "--format", "jsonl").splitlines()) == 2
    assert "\t0.92\t" in rated.ok("config", "rate", "--format", "tsv")


def test_nothing_to_list(shell: Shell) -> None:
    assert shell.json("config", "rate") == []
    assert shell.ok("config", "rate", "USD") == ""
    assert "no rates" in shell.err


def test_setting_says_what_was_set_and_can_be_undone(rated: Shell) -> None:
    rated.ok("config", "rate", "USD", "0.95", "--from", "1 dec")
    assert "set 1 USD = 0.95 EUR from 2026-12-01" in rated.err
    assert rated.json("config", "rate", "USD", "0.96")[1] == BOTH[1] | {
        "from": "2026-10-08",
        "rate": "0.96",
    }
    rated.ok("undo")
    rated.ok("undo")
    assert rated.json("config", "rate") == BOTH
    rated.ok("config", "rate", "USD", "--from", "2026-10-01", "--rm")
    assert rated.json("config", "rate") == BOTH[:1]
    rated.ok("undo")
    assert rated.json("config", "rate") == BOTH


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("USD", "0"), 5, "is no rate"),
        (("USD", "0,92"), 5, "such as 0.92"),
        (("USD", "0.1234567890123"), 5, "12 after it"),
        (("EUR", "1"), 5, "base currency"),
        (("USDD", "1"), 5, "did you mean USD"),
        (("USDD",), 5, "did you mean USD"),
        (("USD", "1", "--from", "someday"), 5, "someday"),
        (("USD", "--rm"), 2, "--from DAY"),
        (("USD", "1", "--from", "today", "--rm"), 2, "takes no RATE"),
        (("USD", "--from", "today"), 2, "needs a RATE"),
        (("USD", "--from", "2026-10-02", "--rm"), 3, "2026-10-01"),
        (("JPY", "--from", "2026-10-02", "--rm"), 3, "no rates of JPY"),
        (("--from", "today", "--rm"), 5, "ISO 4217"),
    ],
)
def test_mistakes(rated: Shell, words: tuple[str, ...], code: int, says: str) -> None:
    told = rated.error("config", "rate", *words)
    assert told["exit"] == code
    assert says in told["message"] + told.get("hint", "")
    assert rated.json("config", "rate") == BOTH


def test_the_other_settings_do_not_mind(rated: Shell) -> None:
    assert not [one for one in rated.json("config", "list") if one["key"].startswith("rate")]
    assert "tuicrm config rate" in rated.error("config", "get", "rate.USD.2026-10-01")["message"]
    rated.ok("config", "set", "currency", "USD")
    assert "do not count" in rated.err
    assert {one["status"] for one in rated.json("config", "rate")} == {"other base"}
    rated.ok("doctor")


def test_a_rate_set_on_two_clones_at_once_is_one_rate_on_both(tmp_path: Path) -> None:
    ann, bob = Team(tmp_path).clones("ann", "bob")
    for clone, rate in ((ann, "0.92"), (bob, "0.93")):
        clone.ok("config", "rate", "USD", rate, "--from", "2026-10-01")
    for clone in (ann, bob, ann):
        clone.ok("sync")
    (one,) = ann.json("config", "rate")
    assert [one] == bob.json("config", "rate")
    bob.ok("config", "rate", "USD", "0.94", "--from", "2026-10-01")
    bob.ok("sync")
    ann.ok("sync")
    assert [one["rate"] for one in ann.json("config", "rate")] == ["0.94"]
