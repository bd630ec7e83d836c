"""Territories, targets, commissions and discounts whose stored lines hold anything at all: no command stumbles."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from .test_data import ODD, line

if TYPE_CHECKING:
    from .conftest import Shell

MADE = {
    "territory": ("territory", "add", "Odd", "--if", "country:de", "--rep", "me", "--company", "Acme GmbH"),
    "target": ("target", "set", "me", "--activity", "call 5"),
    "commission": ("commission", "add", "Odd", "--tier", "5", "--accelerator", "2 from 50"),
}
READ = (
    ("territory", "list"),
    ("territory", "test", "Acme pilot"),
    ("territory", "apply", "--dry-run"),
    ("target", "list"),
    ("report", "quota", "--by", "team"),
    ("report", "activity", "--by", "team"),
    ("commission", "list"),
    ("commission", "statement", "--all", "--period", "2026"),
    ("deal", "discount"),
)
INNER: tuple[Any, ...] = (
    {"0": 7},
    {"0": {"from": 1, "rate": "x"}},
    {"0": {"from": "0", "rate": "-5"}, "1": {"from": "1e99", "rate": "5"}},
    {"deal": {"asked": "x"}, "9": {"asked": "20"}},
    {"deal": {"asked": "20", "asked_reason": 5, "followup": ["x"]}},
)


@pytest.mark.parametrize("odd", [*ODD, *INNER], ids=repr)
@pytest.mark.parametrize("kind", MADE)
def test_values_that_no_field_may_hold_stop_no_command(shell: Shell, kind: str, odd: Any) -> None:
    from tuicrm.records.registry import KINDS

    shell.ok("deal", "add", "Sold", "--value", "5k", "--stage", "won")
    shell.ok(*MADE[kind])
    (file,) = (shell.folder / "data" / kind).rglob("*.jsonl")
    record = json.loads(file.read_bytes().splitlines()[0])
    file.write_bytes(line(record, **{one.name: odd for one in KINDS[kind].all_fields if not one.computed}) + b"\n")
    for words in READ:
        assert shell.run(*words) in (0, 3, 5), (words, shell.err)


@pytest.mark.parametrize("odd", [*ODD, *INNER], ids=repr)
def test_nor_odd_discounts(shell: Shell, odd: Any) -> None:
    shell.ok("config", "set", "discount_limits", "me 5")
    deal = next(one["id"] for one in shell.json("deal", "list") if one["name"] == "Acme pilot")
    file = shell.folder / "data" / "deal" / f"{deal[-2:]}.jsonl"
    held = [json.loads(one) for one in file.read_bytes().splitlines()]
    file.write_bytes(b"".join(line(one, discounts=odd, items=odd) + b"\n" for one in held))
    for words in (("deal", "discount"), ("deal", "discount", "Acme pilot"), ("deal", "show", "Acme pilot")):
        shell.ok(*words)
    assert shell.run("deal", "discount", "Acme pilot", "9", "--reason", "x") == 5
    shell.run("deal", "discount", "Acme pilot", "none")
    assert shell.run("deal", "approve-discount", "Acme pilot") in (3, 5)
    shell.ok("deal", "edit", "Acme pilot", "--next-step", "go on")
