"""Who changed what: from git, from this machine's log, and from both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.sync.repos import Clone, Team, settle
from tuicrm.store.changes import Write
from tuicrm.sync.history import full_history

if TYPE_CHECKING:
    from collections.abc import Callable


def told(clone: Clone, kind: str, key: str) -> list[tuple[str, str]]:
    """Return who did what to a record, newest first, as `history` tells it."""
    session = clone.session()
    try:
        return [(event.by, event.text) for event in full_history(session, kind, key, clone.env)]
    finally:
        session.ws.close()


def join(team: Team, first: Clone, user: str) -> Clone:
    """Let somebody join with plain git who has a user record of their own."""
    first.commit_by_hand("as it was")
    first.git("push", "--quiet", "origin", "HEAD:main")
    return team.join(user)


def add_user(clone: Clone, handle: str, name: str, email: str = "") -> str:
    return clone.add("user", handle=handle, name=name, email=email or f"{handle}@acme.example", active=True)


def forget(clone: Clone) -> None:
    """Let a machine know no more than git does."""
    clone.private.joinpath("undo.jsonl").unlink(missing_ok=True)


def test_this_machine_knows_who_did_what_before_any_commit(team: Team) -> None:
    ann = team.alone("ann")
    add_user(ann, "bob", "Bob Ray")
    key = ann.id("contact", "add", "Jane Roe", "--tag", "hot", "--email", "jane@acme.example")
    ann.ok("contact", "edit", "Jane", "--title", "CTO")
    ann.user = "bob"
    ann.ok("contact", "edit", "Jane", "--title", "CEO", "--untag", "hot", "--tag", "vip")
    ann.ok("undo")
    assert told(ann, "contact", key) == [
        ("Bob Ray", "title: CEO > CTO"),
        ("Bob Ray", "tags: -vip +hot"),
        ("Bob Ray", "title: CTO > CEO"),
        ("Bob Ray", "tags: -hot +vip"),
        ("ann", "title: CTO"),
        ("ann", "added"),
    ]


def test_what_was_given_the_value_that_it_had_is_no_change(team: Team) -> None:
    ann = team.alone("ann")
    key = ann.id("deal", "add", "Acme renewal")
    ann.ok("deal", "move", "Acme renewal", "proposal")
    ann.ok("undo")
    assert told(ann, "deal", key) == [
        ("ann", "stage: Proposal > Lead"),
        ("ann", "stage: Lead > Proposal"),
        ("ann", "added"),
    ]


def test_git_tells_what_others_did_on_their_machines(team: Team) -> None:
    ann = team.start("ann")
    add_user(ann, "bob", "Bob Ray")
    key = ann.add("contact", name="Jane Roe", title="CTO", tags=["hot"])
    bob = join(team, ann, "bob")
    bob.edit("contact", key, title="CEO", tags=["vip"])
    bob.commit_by_hand()
    bob.git("push", "--quiet", "origin", "main")
    ann.git("pull", "--quiet", "--ff-only", "origin", "main")
    assert told(ann, "contact", key) == [
        ("Bob Ray", "title: CTO > CEO"),
        ("Bob Ray", "tags: -hot +vip"),
        ("ann", "added"),
    ]
    forget(bob)
    assert told(bob, "contact", key)[:2] == told(ann, "contact", key)[:2]
    assert told(bob, "contact", key)[2] == ("Ann Lee", "added")


def test_a_change_is_told_once_before_and_after_it_is_committed(team: Team) -> None:
    ann = team.alone("ann")
    key = ann.id("deal", "add", "Acme renewal", "--value", "9k")
    ann.ok("deal", "edit", "Acme", "--value", "12k", "--next-step", "call")
    ann.ok("deal", "move", "Acme", "demo")
    ann.ok("deal", "lose", "Acme", "--reason", "price")
    before = told(ann, "deal", key)
    texts = [text for _, text in before]
    assert set(texts[:2]) == {"stage: Demo > Lost", "lost reason: price"}
    assert texts[2] == "stage: Lead > Demo"
    assert set(texts[3:5]) == {"next step: call", "value: EUR 9,000 > EUR 12,000"}
    assert texts[5:] == ["added"]
    assert {by for by, _ in before} == {"ann"}
    ann.commit_by_hand()
    assert told(ann, "deal", key) == before
    forget(ann)
    after = told(ann, "deal", key)
    assert sorted(text for _, text in after) == sorted(texts)
    assert {by for by, _ in after} <= {"ann", "Ann Lee"}


def test_commits_are_named_where_there_are_any(team: Team) -> None:
    ann = team.alone("ann")
    key = ann.add("company", name="Acme", city="Bonn")
    ann.commit_by_hand("first")
    ann.edit("company", key, city="Ulm")
    made = ann.commit_by_hand("second")
    ann.edit("company", key, city="Kiel")
    facts = {(one["before"], one["after"]): one for one in ann.json("history", key)}
    assert facts["Bonn", "Ulm"]["commit"] == made
    assert facts["Ulm", "Kiel"]["commit"] == ""
    assert facts["Ulm", "Kiel"]["field"] == "city"
    assert facts["", ""]["text"] == "added"


def test_an_edit_by_hand_belongs_to_who_committed_it_when_they_did(team: Team) -> None:
    ann = team.start("ann")
    key = ann.add("contact", name="Jane Roe", title="CTO")
    eve = join(team, ann, "eve")
    eve.edit_by_hand("contact", key, title="CEO")
    eve.commit_by_hand()
    when = int(eve.git("log", "-1", "--format=%at"))
    session = eve.session()
    event = full_history(session, "contact", key, eve.env)[0]
    session.ws.close()
    assert (event.by, event.text) == ("Eve Orr", "title: CTO > CEO")
    assert int(event.at.timestamp()) == when


def test_after_a_sync_everything_is_told_as_before(team: Team) -> None:
    ann = team.start("ann")
    add_user(ann, "bob", "Bob Ray")
    key = ann.add("contact", name="Jane Roe", title="CTO", city="Bonn")
    ann.sync()
    bob = team.join("bob")
    bob.edit("contact", key, title="CEO")
    ann.edit("contact", key, city="Ulm")
    eve = team.join("eve")
    eve.edit_by_hand("contact", key, name="Jane Roe-Diaz")
    eve.commit_by_hand()
    settle(ann, bob, eve)
    for one in (ann, bob, eve):
        forget(one)
        lines = told(one, "contact", key)
        assert sorted(lines[:3]) == [
            ("Ann Lee", "city: Bonn > Ulm"),
            ("Bob Ray", "title: CTO > CEO"),
            ("Eve Orr", "name: Jane Roe > Jane Roe-Diaz"),
        ]
        assert [text for _, text in lines[3:]] == ["added"]


def test_a_merge_by_hand_makes_nobody_the_author_of_what_others_wrote(team: Team) -> None:
    ann = team.start("ann")
    add_user(ann, "bob", "Bob Ray")
    key = ann.add("contact", name="Jane Roe", title="CTO", city="Bonn")
    bob = join(team, ann, "bob")
    bob.edit("contact", key, title="CEO")
    bob.commit_by_hand()
    bob.git("push", "--quiet", "origin", "main")
    ann.edit("contact", key, city="Ulm")
    ann.commit_by_hand()
    eve = team.join("eve")
    eve.git("pull", "--quiet", "--no-rebase", "--no-edit", str(ann.root), "main")
    forget(eve)
    assert sorted(told(eve, "contact", key)[:-1]) == [("Ann Lee", "city: Bonn > Ulm"), ("Bob Ray", "title: CTO > CEO")]


def test_cherry_picked_and_rebased_commits_tell_a_change_once(team: Team) -> None:
    ann = team.start("ann")
    key = ann.add("contact", name="Jane Roe", title="CTO")
    ann.commit_by_hand()
    ann.git("checkout", "--quiet", "-b", "other")
    ann.edit("contact", key, title="CEO")
    ann.commit_by_hand()
    ann.git("checkout", "--quiet", "main")
    ann.edit("contact", key, city="Ulm")
    ann.commit_by_hand()
    ann.git("cherry-pick", "--allow-empty", "other", ok=False)
    ann.git("merge", "--quiet", "--no-edit", "other", ok=False)
    forget(ann)
    assert [text for _, text in told(ann, "contact", key)].count("title: CTO > CEO") == 1


def test_deleting_and_restoring_are_told(team: Team) -> None:
    ann = team.alone("ann")
    key = ann.add("product", name="Widget", sku="W1")
    ann.commit_by_hand()
    ann.ok("product", "rm", key)
    ann.commit_by_hand()
    ann.ok("product", "restore", key)
    ann.commit_by_hand()
    expected = [("ann", "restored"), ("ann", "deleted"), ("ann", "added")]
    assert told(ann, "product", key) == expected
    forget(ann)
    assert [text for _, text in told(ann, "product", key)] == [text for _, text in expected]


def test_a_user_who_has_another_name_by_now_is_called_by_it(team: Team) -> None:
    ann = team.alone("ann")
    bob = add_user(ann, "bob", "Bob Ray")
    key = ann.add("contact", name="Jane Roe", title="CTO")
    ann.commit_by_hand()
    ann.edit("contact", key, title="CEO")
    ann.git("add", "--all")
    ann.git("-c", "user.name=Bob Ray", "-c", "user.email=BOB@acme.example", "commit", "--quiet", "--message", "x")
    ann.edit("user", bob, name="Robert Ray", handle="rob")
    forget(ann)
    assert told(ann, "contact", key)[0] == ("Robert Ray", "title: CTO > CEO")


def test_handles_and_made_up_addresses_lead_to_the_user(team: Team) -> None:
    from tuicrm.sync.blame import By
    from tuicrm.sync.telling import People

    ann = team.alone("ann")
    add_user(ann, "bob", "Bob Ray")
    add_user(ann, "bob2", "Bob Ray", "other@acme.example")
    add_user(ann, "carla", "Carla Diaz")
    session = ann.session()
    people, domain = People(session), f"{session.ws.id.lower()}.invalid"
    names = [people.name(By(*one)) for one in (("x", f"carla@{domain}"), ("carla", None), ("nobody", None), ("", ""))]
    session.ws.close()
    assert names == ["Carla Diaz", "Carla Diaz", "nobody", ""]


def test_an_address_says_more_than_a_name(team: Team) -> None:
    from tuicrm.sync.blame import By
    from tuicrm.sync.telling import People

    ann = team.alone("ann")
    add_user(ann, "bob", "Bob Ray")
    add_user(ann, "bobby", "Bob Rayner", "other@acme.example")
    session = ann.session()
    people = People(session)
    asked = (("Bob Ray", "other@acme.example"), ("Bob Ray", "bob@home.example"), ("Bob Ray", "bob@acme.example"))
    names = [people.name(By(*one)) for one in asked]
    session.ws.close()
    assert names == ["Bob Rayner", "Bob Ray", "Bob Ray"]


@pytest.mark.parametrize("name", ["\x1b[2J\x1b]0;gone\x07Eve", "Eve ‮drawkcab", "x" * 5_000, "Eve\rAnn Lee"])
def test_what_an_author_is_called_cannot_harm_a_terminal(team: Team, name: str) -> None:
    ann = team.alone("ann")
    key = ann.add("contact", name="Jane Roe", title="CTO")
    ann.commit_by_hand()
    ann.edit("contact", key, title="CEO")
    ann.git("add", "--all")
    ann.git("-c", f"user.name={name}", "-c", "user.email=eve@evil.example", "commit", "--quiet", "--message", "x")
    forget(ann)
    ((by, text), *_) = told(ann, "contact", key)
    assert text == "title: CTO > CEO"
    assert by.isprintable()
    assert by
    assert len(by) <= 60
    assert "\x1b" not in ann.ok("history", key)


def commit_raw(clone: Clone, author: bytes, when: bytes) -> None:
    """Commit the work tree with an author line that git's own commands would not write."""
    clone.git("add", "--all")
    tree, parent = clone.git("write-tree"), clone.head
    head = b"tree %b\nparent %b\nauthor %b <e@x> %b +0000\n" % (tree.encode(), parent.encode(), author, when)
    data = head + b"committer e <e@x> 1700000000 +0000\n\nx\n"
    oid = clone.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", data=data)
    clone.git("update-ref", "HEAD", oid)


@pytest.mark.parametrize("when", [b"0", b"99999999999999999999", b"-5", b"soon", b"253402300800"])
def test_a_commit_from_no_possible_time_is_told_all_the_same(team: Team, when: bytes) -> None:
    ann = team.alone("ann")
    key = ann.add("contact", name="Jane Roe", title="CTO")
    ann.commit_by_hand()
    ann.edit("contact", key, title="CEO")
    commit_raw(ann, b"E\xffve", when)
    forget(ann)
    assert "title: CTO > CEO" in [text for _, text in told(ann, "contact", key)]
    assert ann.json("history", key)


def test_markers_and_doubled_lines_in_a_commit_are_read_as_anywhere(team: Team) -> None:
    ann = team.alone("ann")
    key = ann.add("contact", name="Jane Roe", title="CTO")
    ann.commit_by_hand()
    path, line = ann.file_of("contact", key), ann.line("contact", key)
    ann.edit("contact", key, title="CEO")
    mine = ann.line("contact", key)
    path.write_text(f"<<<<<<< ours\n{line}\n=======\n{mine}\n>>>>>>> theirs\n{{broken {key}\n")
    ann.commit_by_hand()
    forget(ann)
    assert [text for _, text in told(ann, "contact", key)] == ["title: CTO > CEO", "added"]


def test_without_git_this_machine_tells_what_it_knows(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = team.alone("ann")
    key = ann.id("contact", "add", "Jane Roe")
    ann.ok("contact", "edit", "Jane", "--title", "CTO")
    ran = ann.run("history", "Jane", "--json")
    monkeypatch.setattr("tests.sync.repos.os.environ", {"PATH": "/nowhere"})
    without = ann.run("history", "Jane", "--json")
    assert without.code == 0
    assert without.json == ran.json
    assert len(without.json) == 2
    assert "left out" in without.err
    assert told(ann, "contact", key)[0] == ("ann", "title: CTO")


def test_a_partial_clone_is_not_asked_since_reading_could_run_what_it_names(team: Team) -> None:
    ann = team.alone("ann")
    key = ann.add("contact", name="Jane Roe")
    ann.commit_by_hand()
    ann.git("config", "remote.evil.promisor", "true")
    ran = ann.run("history", key, "--json")
    assert ran.code == 0
    assert "partial clone" in ran.err


def test_beyond_the_limit_nothing_is_put_on_the_wrong_person(team: Team) -> None:
    from tuicrm.sync.blame import from_git
    from tuicrm.sync.git import find
    from tuicrm.sync.objects import Objects
    from tuicrm.sync.past import points

    ann = team.alone("ann")
    key = ann.add("contact", name="Jane Roe", title="0")
    for number in range(1, 6):
        ann.edit("contact", key, title=str(number))
        ann.commit_by_hand()
    git = find(str(ann.root), ann.env)
    assert git is not None
    with Objects(git) as objects:
        whole, part = (from_git(points(git, objects, "contact", key, most=most)) for most in (100, 2))
    assert {one.new for one in whole.changes.values()} == set("12345")
    assert {one.new for one in part.changes.values()} == {"5"}
    assert whole.added is not None
    assert part.added is None


@pytest.fixture
def members(team: Team) -> Callable[[str, dict[str, Any], dict[str, Any]], str]:
    """Return what tells how one edit of a record is put into words."""
    ann = team.alone("ann")

    def edited(kind: str, before: dict[str, Any], after: dict[str, Any]) -> str:
        key = ann.add(kind, **before)
        ann.edit(kind, key, **after)
        return "; ".join(text for _, text in told(ann, kind, key) if text != "added")

    return edited


@pytest.mark.parametrize(
    ("kind", "before", "after", "said"),
    [
        ("contact", {"emails": {"a@x.example": {"rank": 1}}}, {"emails": {"b@x.example": {"rank": 1}}},
         "e-mails: -a@x.example +b@x.example"),
        ("contact", {"phones": {"+491": {"label": "work"}}}, {"phones": {"+491": {"label": "home"}}},
         "phones: +491 label work > home"),
        ("contact", {"do_not_contact": False}, {"do_not_contact": True}, "do not contact: no > yes"),
        ("contact", {"city": "Bonn"}, {"city": None}, "city: cleared, was Bonn"),
        ("contact", {"notes": "x"}, {"notes": "one\ntwo\x1b[2J"}, "notes: x > one⏎two␛[2J"),
        ("contact", {"nickname": "J"}, {"nickname": "JJ"}, "nickname: J > JJ"),
        ("deal", {"next_step": "call"}, {"next_step": "visit"}, "next step: call > visit"),
    ],
)  # fmt: skip
def test_changes_in_words(
    members: Callable[[str, dict[str, Any], dict[str, Any]], str],
    kind: str,
    before: dict[str, Any],
    after: dict[str, Any],
    said: str,
) -> None:
    assert members(kind, before, after) == said


def test_references_are_called_by_name(team: Team) -> None:
    ann = team.alone("ann")
    acme, jane = ann.add("company", name="Acme"), ann.add("contact", name="Jane Roe")
    key = ann.add("deal", name="Renewal")
    with ann.opened() as ws:
        ws.commit([Write("deal", key, {"company": acme, "contacts": [jane]})], by="ann", note="")
    assert set(told(ann, "deal", key)) >= {("ann", "company: Acme"), ("ann", "contacts: +Jane Roe")}
