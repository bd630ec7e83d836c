"""Records merged on both sides: every clone comes to the same one, and nothing that anybody wrote is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.sync.repos import settle
from tuicrm.crm.conflicts import conflicts
from tuicrm.store.changes import Write
from tuicrm.store.forwards import survivors
from tuicrm.store.join import join
from tuicrm.store.ulid import Clock

if TYPE_CHECKING:
    from tests.sync.repos import Clone, Team


def two(team: Team, *names: str) -> tuple[Clone, Clone, list[str]]:
    """Two clones, and companies that both have."""
    ann, bob = team.clones("ann", "bob")
    made = [ann.add("company", name=name) for name in names]
    settle(ann, bob)
    return ann, bob, made


def shown(clone: Clone) -> dict[str, str]:
    """What a clone lists, by id."""
    return {key: one["name"] for key, one in clone.records("company").items()}


def test_a_reference_that_arrives_after_the_merge_leads_on(team: Team) -> None:
    ann, bob, (acme, zeta) = two(team, "Acme", "Zeta")
    deal = bob.add("deal", name="Big", company=zeta)
    call = bob.add("activity", type="call", subject="hello", deal=deal, company=zeta)
    ann.ok("company", "merge", acme, zeta)
    settle(ann, bob)
    for one in (ann, bob):
        assert shown(one) == {acme: "Acme"}
        assert one.get("deal", deal)["company"] == acme
        assert one.get("activity", call)["company"] == acme
        assert one.json("company", "list", "--where", "name:Zeta") == []
        assert "call: hello" in one.ok("history", "Zeta")


def test_merged_the_other_way_round_the_smaller_id_stays_with_all_that_both_chose(team: Team) -> None:
    ann, bob, (acme, zeta) = two(team, "Acme", "Zeta")
    ann.edit("company", acme, phone="1")
    bob.edit("company", zeta, phone="2", city="Bonn")
    ann.ok("company", "merge", acme, zeta)
    bob.ok("company", "merge", zeta, acme)
    settle(ann, bob)
    for one in (ann, bob):
        assert shown(one) == {acme: "Acme"}
        assert "edited there since" in one.ok("history", acme)
        assert "edited since: city, phone" in one.ok("duplicate", "list")
    # What Bob wrote on the one that did not stay is listed until somebody takes it in, or does not.
    bob.ok("company", "merge", acme, zeta, "--take", "phone=A")
    settle(ann, bob)
    assert {key: ann.get("company", acme)[key] for key in ("phone", "city")} == {"phone": "1", "city": "Bonn"}
    assert "edited there since" not in ann.ok("history", acme)
    assert ann.hash() == bob.hash()


def test_one_merged_into_two_goes_to_one_of_them_and_the_other_is_in_the_ledger(team: Team) -> None:
    ann, bob, (acme, zeta, other) = two(team, "Acme", "Zeta", "Other")
    bob.edit("company", zeta, phone="7")
    ann.ok("company", "merge", acme, zeta)
    bob.ok("company", "merge", other, zeta)
    settle(ann, bob)
    assert shown(ann) == shown(bob) == {acme: "Acme", other: "Other"}
    session = ann.session()
    with session.ws:
        (led,) = session.ws.forwards("company").values()
        assert led == other
        (lost,) = conflicts(session)
        assert (lost.label, lost.lost, lost.current) == ("merged into", "Acme", "Other")
    ann.ok("conflict", "resolve", "Zeta", "--keep", "lost")
    settle(ann, bob)
    assert [one.json("company", "show", zeta)["name"] for one in (ann, bob)] == ["Acme", "Acme"]


def test_an_edit_that_the_merger_had_not_seen_is_told_however_old_it_is(team: Team) -> None:
    ann, bob, (acme, zeta) = two(team, "Acme", "Zeta")
    bob.skew_ms = -60_000
    bob.edit("company", zeta, phone="+49 30 1")
    bob.skew_ms = 0
    ann.ok("company", "merge", acme, zeta)
    settle(ann, bob)
    assert "edited there since: phone" in ann.ok("history", acme)
    ann.ok("company", "merge", acme, zeta)
    settle(ann, bob)
    assert bob.get("company", acme)["phone"] == "+49 30 1"
    assert "edited there since" not in bob.ok("history", acme)


def test_undoing_brings_it_back_whole_on_every_clone(team: Team) -> None:
    ann, bob, (acme, zeta) = two(team, "Acme", "Zeta")
    deal = ann.add("deal", name="Big", company=zeta)
    ann.ok("company", "merge", acme, zeta)
    settle(ann, bob)
    bob.edit("company", zeta, city="Bonn")
    ann.ok("undo")
    settle(ann, bob)
    assert shown(ann) == shown(bob) == {acme: "Acme", zeta: "Zeta"}
    assert bob.get("deal", deal)["company"] == zeta
    assert ann.get("company", zeta)["city"] == "Bonn"


def test_what_one_side_removed_shows_the_other_again(team: Team) -> None:
    ann, bob, (acme, zeta) = two(team, "Acme", "Zeta")
    ann.ok("company", "merge", acme, zeta)
    bob.ok("company", "rm", acme)
    settle(ann, bob)
    assert shown(ann) == shown(bob)
    assert shown(ann), "whatever stands, one of the two is there"


PLACES = st.integers(0, 4)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), PLACES, PLACES), max_size=12),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), max_size=6),
    st.permutations(range(3)),
)
def test_replicas_that_merged_anything_agree(
    merges: list[tuple[int, int, int]], talks: list[tuple[int, int]], order: list[int]
) -> None:
    ticks = iter(range(1_700_000_000_000, 1_800_000_000_000))
    clock = Clock(now_ms=lambda: next(ticks))
    ids = [clock.new() for _ in range(5)]
    replicas: list[dict[str, dict[str, Any]]] = [{key: {"id": key} for key in ids} for _ in range(3)]

    def take(into: int, of: int) -> None:
        replicas[into] = {key: join(replicas[into][key], replicas[of][key]) for key in ids}

    def view(records: dict[str, dict[str, Any]]) -> dict[str, str]:
        edges = {key: one["merged_into"] for key, one in records.items() if "merged_into" in one}
        found = survivors(edges, records)
        assert all(end not in found and end in records for end in found.values())
        assert len(found) < len(ids)
        return found

    waiting = list(talks)
    for at, first, second in merges:
        led = view(replicas[at])
        keep, gone = (led.get(ids[one], ids[one]) for one in (first, second))
        if keep != gone:
            replicas[at][gone] = _written(replicas[at][gone], keep, clock)
            # One is left of the two, and it is there: the merge that was just made is never undone by older ones.
            after = view(replicas[at])
            assert after.get(keep, keep) == after.get(gone, gone)
        if waiting:
            take(*waiting.pop())
    for _ in range(2):
        for one, other in zip(order, (*order[1:], order[0]), strict=True):
            take(other, one)
    assert view(replicas[0]) == view(replicas[1]) == view(replicas[2])


def _written(record: dict[str, Any], into: str, clock: Clock) -> dict[str, Any]:
    from tuicrm.records.registry import groups
    from tuicrm.store.transact import work_out

    change = Write("company", record["id"], {"merged_into": into, "merged_seen": "{}"})
    draft = work_out([change], lambda *_: record, lambda *_: None, clock, groups, "ann", None)
    return draft.find("company", record["id"]) or record
