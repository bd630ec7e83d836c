"""Deals like others, and one change to many deals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import deals, pipelines
from tuicrm.crm.bulk import lacking, merged
from tuicrm.crm.cloning import clone
from tuicrm.crm.stages import choices

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

    Put = Callable[..., str]


def held(session: Session, key: str) -> dict[str, Any]:
    """Return a deal."""
    found = session.ws.get("deal", key)
    assert found is not None
    return found


def test_a_clone_takes_over_what_a_deal_is_about(session: Session, put: Put) -> None:
    key = put("deal", name="Acme", stage="won", value="12000.00", currency="EUR", tags=["hot"], closed_on="2026-10-01")
    plan = clone(session, [held(session, key)])
    session.commit(plan)
    made = held(session, plan.ids[0])
    assert {name: made.get(name) for name in ("name", "stage", "value", "tags", "closed_on")} == {
        "name": "Acme",
        "stage": "lead",
        "value": "12000.00",
        "tags": ["hot"],
        "closed_on": None,
    }


def test_what_is_typed_fills_in_only_what_a_deal_lacks(session: Session, put: Put) -> None:
    has, lacks = put("deal", name="a", stage="lead", source="fair"), put("deal", name="b", stage="lead")

    def make(records: list[dict[str, Any]], typed: dict[str, list[str]]) -> Plan:
        return deals.move(session, records, "demo", typed=typed)

    plans = lacking([held(session, has), held(session, lacks)], {"source": ["web"]}, make)
    whole = merged(plans, "moved 2 deals")
    assert whole is not None
    assert whole.note == "moved 2 deals"
    session.commit(whole)
    assert [held(session, key)["source"] for key in (has, lacks)] == ["fair", "web"]
    assert [held(session, key)["stage"] for key in (has, lacks)] == ["demo", "demo"]
    assert merged([], "nothing") is None


def test_a_deal_goes_to_a_stage_of_another_pipeline(session: Session, put: Put) -> None:
    session.commit(pipelines.add(session, "Renewals", ["Due 20%", "Offer 60%"]))
    key = put("deal", name="a", stage="lead")
    own = str(held(session, key).get("pipeline") or next(iter(session.ws.all("pipeline"))))
    other, stage, name, kind = next(one for one in choices(session, own) if one[0] != own)
    assert (stage, name, kind) == ("due", "Renewals: Due", "open")
    session.commit(deals.move(session, [held(session, key)], stage, pipeline=other))
    assert (held(session, key)["pipeline"], held(session, key)["stage"]) == (other, "due")
