"""What the next best step and the triage list cost, beside reading the workspace they are made from, in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.crm.beside import beside_reading, crowd
from tuicrm.crm.advice.suggesting import suggestions
from tuicrm.crm.leads import triage
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    import pytest

    from tuicrm.crm.session import Session

MANY, MOST = 1000, 3


def test_they_take_at_most_three_times_as_long_as_reading(session: Session) -> None:
    crowd(session, MANY)
    counts: list[tuple[int, int]] = []

    def steps(one: Session) -> None:
        counts.append((len(suggestions(one)), 0))

    def leads(one: Session) -> None:
        counts.append((0, len(triage(one))))

    assert beside_reading(session, steps) <= MOST
    assert beside_reading(session, leads) <= MOST
    assert all(steps > MANY or leads == MANY for steps, leads in counts)


def test_words_are_made_for_what_is_shown_alone(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    writes = [Write("followup", session.ws.new_id(), {"subject": f"call {n}", "due": "2026-10-01"}) for n in range(50)]
    session.ws.commit(writes, by="ann", note="many")
    titles: list[object] = []
    monkeypatch.setattr("tuicrm.crm.lookup.title", lambda session, kind, record: titles.append(record) or "")
    held = suggestions(session)
    assert len(held) == 50
    assert titles == []
    held[0].told()
    assert len(titles) == 1
