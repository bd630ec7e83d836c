"""`commission` as people use it: plans typed in words, statements deal by deal, two clones at one plan."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import pytest

from tests.sync.repos import Team, settle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

BANDS = ("--tier", "5", "--tier", "6 from 100k", "--tier", "7% from 125,000")


def won(shell: Shell, name: str, value: str, day: str, *more: str) -> str:
    return shell.id("deal", "add", name, "--value", value, "--stage", "won", "--closed", day, *more)


def statement(shell: Shell, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = shell.json("commission", "statement", *words)["statements"]
    return found


def test_a_statement_has_a_line_for_each_deal(shell: Shell) -> None:
    shell.ok("commission", "add", "Standard", *BANDS)
    first = won(shell, "First", "90k", "2026-10-01")
    won(shell, "Second", "60k", "2026-10-02")
    won(shell, "Last quarter", "60k", "2026-09-30")
    (one,) = statement(shell)
    assert (one["type"], one["sales"], one["amount"]) == ("marginal", "150000.00", "8250.00")
    assert [(line["deal_name"], line["amount"]) for line in one["deals"]] == [
        ("First", "4500.00"),
        ("Second", "3750.00"),
    ]
    assert one["deals"][0]["deal"] == first
    assert [(part["sales"], part["rate"], part["amount"]) for part in one["deals"][1]["parts"]] == [
        ("10000.00", "5", "500.00"),
        ("25000.00", "6", "1500.00"),
        ("25000.00", "7", "1750.00"),
    ]
    table = shell.ok("commission", "statement", "ann")
    assert "8,250.00" in table
    assert "1,750.00" in table
    rows = list(csv.DictReader(io.StringIO(shell.ok("commission", "statement", "--format", "csv"))))
    assert [row["amount"] for row in rows] == ["4500.00", "500.00", "1500.00", "1750.00"]


def test_a_manager_earns_by_what_the_team_sells(shell: Shell) -> None:
    shell.ok("user", "add", "Bob Ray", "--handle", "bob", "--manager", "ann")
    shell.ok("user", "add", "Cid", "--handle", "cid", "--manager", "Bob Ray")
    shell.ok("user", "edit", "ann", "--manager", "cid")  # a circle does no harm
    shell.ok("commission", "add", "Lead", "--tier", "1", "--accelerator", "2 from 100", "--sales", "team")
    shell.ok("user", "quota", "bob", "cid", "10k", "--period", "2026-Q4")
    won(shell, "Mine", "50k", "2026-10-01")
    won(shell, "His", "12k", "2026-10-02", "--owner", "bob")
    won(shell, "Theirs", "10k", "2026-10-01", "--owner", "cid")
    (one,) = statement(shell)
    assert [(line["deal_name"], line["owner_name"], line["amount"]) for line in one["deals"]] == [
        ("Theirs", "Cid", "100.00"), ("His", "Bob Ray", "140.00")
    ]  # fmt: skip
    assert (one["sales"], one["quota"], one["amount"]) == ("22000.00", "20000.00", "240.00")
    assert "His (Bob Ray)" in shell.ok("commission", "statement")
    shell.ok("user", "edit", "bob", "--manager", "")
    (one,) = statement(shell, "bob")
    assert [line["deal_name"] for line in one["deals"]] == ["Mine", "Theirs"]


def test_a_plan_may_pay_from_an_amount_on_only(shell: Shell) -> None:
    shell.ok("commission", "add", "Above", "--tier", "6 from 100k")
    won(shell, "Big", "150k", "2026-10-01")
    (one,) = statement(shell)
    assert (one["type"], one["amount"]) == ("marginal", "3000.00")


def test_a_plan_for_a_team_that_nobody_is_in_says_so(shell: Shell) -> None:
    shell.ok("user", "edit", "ann", "--team", "North")
    shell.ok("commission", "add", "A", "--tier", "5", "--team", "norht", "--team", "north")
    assert "nobody is in team norht yet" in shell.err
    assert "team north yet" not in shell.err


def test_two_rates_from_one_amount_are_refused(shell: Shell) -> None:
    assert shell.run("commission", "add", "Twice", "--tier", "5", "--tier", "6") == 5
    assert "tier: two rates hold from 0" in shell.err
    assert shell.json("commission", "list") == []


def test_a_retroactive_plan_with_a_cap(shell: Shell) -> None:
    shell.ok("commission", "add", "All", *BANDS, "--type", "retroactive", "--cap", "8k")
    won(shell, "Big", "150k", "2026-10-01")
    (one,) = statement(shell)
    assert (one["amount"], one["uncapped"], one["cap"]) == ("8000.00", "10500.00", "8000.00")
    assert "capped at 8,000.00" in shell.ok("commission", "statement")


def test_accelerators_go_by_the_quota(shell: Shell) -> None:
    shell.ok("commission", "add", "Fast", "--tier", "10", "--accelerator", "x1.5 from 100%")
    won(shell, "Big", "150k", "2026-10-01")
    assert statement(shell)[0]["amount"] == "15000.00"
    shell.ok("user", "quota", "ann", "100k", "--period", "2026-Q4")
    (one,) = statement(shell)
    assert (one["quota"], one["attainment"], one["amount"]) == ("100000.00", 150.0, "17500.00")


def test_a_plan_is_for_whom_what_and_when_it_says(shell: Shell) -> None:
    shell.ok("user", "add", "Bob Ray", "--handle", "bob", "--team", "north")
    shell.ok("product", "add", "Suite", "--price", "100")
    shell.ok("commission", "add", "North", "--tier", "1", "--team", "North")
    shell.ok("commission", "add", "Suite", "--tier", "2", "--where", "product:Suite", "--user", "ann")
    shell.ok(
        "commission", "add", "Old", "--tier", "3", "--valid-to", "2026-10-05", "--user", "ann", "--period", "month"
    )
    won(shell, "A", "1k", "2026-10-05", "--product", "Suite")
    won(shell, "B", "1k", "2026-10-06")
    won(shell, "C", "1k", "2026-10-06", "--owner", "bob")
    whole = shell.json("commission", "statement", "--all")
    told = [(one["user_name"], one["plan_name"], one["period"], one["amount"]) for one in whole["statements"]]
    assert told == [
        ("ann", "Old", "2026-10", "30.00"),
        ("ann", "Suite", "2026-Q4", "20.00"),
        ("Bob Ray", "North", "2026-Q4", "10.00"),
    ]
    assert whole["total"] == "60.00"
    assert [one["user_name"] for one in statement(shell, "--team", "north")] == ["Bob Ray"]


def test_other_currencies_count_at_the_rate_of_the_day(shell: Shell) -> None:
    shell.ok("commission", "add", "Dollars", "--tier", "10", "--tier", "20 from 1000 USD", "--currency", "USD")
    won(shell, "US", "2000 USD", "2026-10-07")
    assert shell.error("commission", "statement")["code"] == "missing_rate"
    shell.ok("config", "rate", "USD", "0.5", "--from", "2026-10-01")
    shell.ok("config", "rate", "USD", "0.8", "--from", "2026-10-05")
    (one,) = statement(shell)
    # Bands at the rate of the quarter's first day (500 EUR), the deal at that of its own (1,600 EUR).
    assert (one["sales"], one["amount"]) == ("1600.00", "270.00")


def test_plans_are_edited(shell: Shell) -> None:
    shell.ok("commission", "add", "Standard", *BANDS)
    shell.ok("commission", "edit", "Standard", "--tier", "8 from 125k", "--drop-tier", "100k", "--cap", "20k")
    (plan,) = shell.json("commission", "list")
    assert plan["rates"] == {"0": {"from": "0", "rate": "5"}, "125000": {"from": "125000", "rate": "8"}}
    assert (plan["cap"], plan["currency"]) == ("20000.00", "EUR")
    shell.ok("undo")
    assert len(shell.json("commission", "list")[0]["rates"]) == 3
    shell.ok("commission", "rm", "Standard")
    assert shell.json("commission", "list") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "X"), "needs a rate"),
        (("add", "X", "--tier", "five"), "no share such as"),
        (("add", "X", "--tier", "101"), "more than 100 %"),
        (("add", "X", "--tier", "5 from nowhere"), "tier:"),
        (("add", "X", "--tier", "5 from 10 USD"), "the plan is in EUR"),
        (("add", "X", "--tier", "5", "--tier", "6 from 1k", "--type", "flat"), "flat plan has one rate"),
        (("add", "X", "--tier", "5", "--accelerator", "1.5"), "accelerator:"),
        (("add", "X", "--tier", "5", "--accelerator", "0 from 100"), "no factor"),
        (("add", "X", "--tier", "5", "--where", "nope:1"), "where:"),
        (("add", "X", "--tier", "5", "--valid-from", "2026-10-02", "--valid-to", "2026-10-01"), "is before"),
        (("add", "standard", "--tier", "5"), "already"),
        (("edit", "Standard", "--drop-tier", "7k"), "no tier from 7k"),
        (("edit", "Standard", "--type", "flat"), "flat plan has one rate"),
        (("edit", "Standard"), "nothing to change"),
        (("statement", "ann", "--all"), "one of these"),
        (("statement", "--team", "east"), "no team"),
    ],
)
def test_nonsense_is_refused(shell: Shell, words: tuple[str, ...], said: str) -> None:
    shell.ok("commission", "add", "Standard", *BANDS)
    before = shell.json("commission", "list")
    assert shell.run("commission", *words) in (2, 3, 5)
    assert said in shell.err
    assert shell.json("commission", "list") == before


def test_nothing_to_tell_says_so(shell: Shell) -> None:
    shell.ok("commission", "statement")
    assert "there is no commission plan" in shell.err
    shell.ok("commission", "add", "Standard", *BANDS)
    shell.ok("commission", "statement")
    assert "nothing was earned in Q4 2026" in shell.err


def test_two_people_may_edit_one_plan_at_once(tmp_path: Path) -> None:
    ann, bob = Team(tmp_path).clones("ann", "bob")
    ann.ok("commission", "add", "Standard", *BANDS)
    settle(ann, bob)
    ann.ok("commission", "edit", "Standard", "--tier", "9 from 200k")
    bob.ok("commission", "edit", "Standard", "--tier", "5.5", "--cap", "30k")
    settle(ann, bob)
    plans = [one.json("commission", "list")[0] for one in (ann, bob)]
    assert plans[0] == plans[1]
    held = {low: one["rate"] for low, one in plans[0]["rates"].items()}
    assert held == {"0": "5.5", "100000": "6", "125000": "7", "200000": "9"}
    assert plans[0]["cap"] == "30000.00"
