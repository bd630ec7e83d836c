"""What rules cost: each change asks those that wait for it and no others, and compiles nothing again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmarks.rules import change, in_turn, mixed, same, workspace

if TYPE_CHECKING:
    from pathlib import Path


class Counted:
    """Counts the calls of a function."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
        from importlib import import_module

        module, _, name = target.rpartition(".")
        self.calls = 0
        self._inner = getattr(import_module(module), name)
        monkeypatch.setattr(target, self)

    def __call__(self, *words: object, **named: object) -> object:
        self.calls += 1
        return self._inner(*words, **named)


def test_conditions_are_compiled_once_and_only_for_rules_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = workspace(tmp_path / "full", mixed, rules=300)
    compiled = Counted(monkeypatch, "tuicrm.crm.rules.book.compile_node")
    read = Counted(monkeypatch, "tuicrm.crm.rules.book.rule_of")
    change(session, 1)
    assert read.calls == 300
    first = compiled.calls
    assert 0 < first <= 100
    for at in range(2, 6):
        change(session, at)
    # A condition that fits may have a part that goes by the log, and that part alone is compiled again.
    assert (compiled.calls, read.calls) == (first, 300)


def test_a_change_that_no_rule_waits_for_asks_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tuicrm.crm.edit import edit

    session = workspace(tmp_path / "full", same, rules=50)
    asked = Counted(monkeypatch, "tuicrm.crm.rules.book.compile_node")
    deal = next(iter(session.ws.all("deal").values()))
    session.commit(edit(session, "deal", [deal], {"next_step": ["call"]}))
    session.commit(edit(session, "user", [session.ws.all("user")[session.me]], {"team": ["north"]}))
    assert asked.calls == 0


@pytest.mark.parametrize("rule", [mixed, same])
def test_a_thousand_rules_cost_at_most_five_times_the_change_alone(tmp_path: Path, rule: type[object]) -> None:
    full, alone = workspace(tmp_path / "full", rule), workspace(tmp_path / "alone", None)  # type: ignore[arg-type]
    assert in_turn(full, alone, rounds=15)[2] <= 5
