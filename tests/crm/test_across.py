"""One step over records of whatever kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.crm.across import close_by, give, held_tags, tag, tags_in, trash
from tuicrm.crm.undo import undo
from tuicrm.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

    Do = Callable[[Plan | None], str]


@pytest.mark.parametrize(
    ("text", "added", "gone"),
    [
        ("hot", ["hot"], []),
        ("+hot -cold", ["hot"], ["cold"]),
        ("big deal, -old one", ["big deal"], ["old one"]),
        (" , - + ,, ", [], []),
        ("hot hot", ["hot"], []),
    ],
)
def test_a_line_says_which_tags_come_and_go(text: str, added: list[str], gone: list[str]) -> None:
    assert tags_in(text) == (added, gone)


def test_an_owner_for_records_of_several_kinds_is_one_step(session: Session, acme: dict[str, str], do: Do) -> None:
    refs = [("deal", acme["deal"]), ("company", acme["company"])]
    plan = give(session, refs, "bob")
    assert plan is not None
    assert plan.note == "gave 2 records to Bob Ray"
    do(plan)
    bob = next(key for key, one in session.ws.all("user").items() if one["handle"] == "bob")
    assert {(session.ws.get(*ref) or {})["owner"] for ref in refs} == {bob}
    do(undo(session))
    assert (session.ws.get(*refs[0]) or {})["owner"] == session.me
    do(give(session, refs, ""))
    assert "owner" not in (session.ws.get(*refs[0]) or {})
    with pytest.raises(NotFound):
        give(session, refs, "nobody at all")


def test_tags_are_added_and_taken_away(session: Session, acme: dict[str, str], do: Do) -> None:
    refs = [("deal", acme["deal"])]
    do(tag(session, refs, "hot cold"))
    plan = tag(session, refs, "+new -cold -never")
    assert plan is not None
    assert plan.note == "tagged Acme renewal: +new -cold -never"
    do(plan)
    assert held_tags(session, refs) == ["hot", "new"]
    nothing = tag(session, refs, "hot")
    assert nothing is not None
    assert not nothing.changes


def test_a_close_in_words_is_said_back(session: Session, acme: dict[str, str], do: Do) -> None:
    plan = close_by(session, [acme["deal"]], "in 3 weeks")
    assert plan is not None
    assert plan.note == "Acme renewal: expected close: Thu 29 Oct 2026 (in 21 days)"
    do(plan)
    assert (session.ws.get("deal", acme["deal"]) or {})["expected_close"] == "2026-10-29"
    with pytest.raises(Invalid):
        close_by(session, [acme["deal"]], "some day")


def test_the_trash_takes_all_and_says_what_is_left(session: Session, acme: dict[str, str], do: Do) -> None:
    plan = trash(session, [("company", acme["company"])])
    assert plan is not None
    assert "still named by 1 contact, 1 deal" in plan.said[0]
    do(plan)
    assert session.ws.get("company", acme["company"]) is None
    assert trash(session, [("company", acme["company"])]) is None
