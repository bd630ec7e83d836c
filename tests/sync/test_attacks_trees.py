"""Attacks in what the remote holds: odd paths, links, submodules, huge files. Refused by name before anything moves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.sync.attacks import SECRET, Plant, Tree, Watch, harmless
from tests.sync.repos import Clone, Team, tuicrm
from tuicrm.store.ulid import MAX_MS, encode

if TYPE_CHECKING:
    from collections.abc import Callable

LINE = '{"id":"01KA0000000000000000000AB0","name":"planted"}\n'


@dataclass
class Ground:
    """Mallory can push to the team's remote; bob syncs from it."""

    team: Team
    plant: Plant
    victim: Clone
    mallory: Clone
    tree: Tree


@pytest.fixture
def ground(team: Team) -> Ground:
    return between(team)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    """One for all that is refused, since nothing comes of it."""
    return between(Team(tmp_path_factory.mktemp("trees")))


def between(team: Team) -> Ground:
    victim, mallory = team.clones("bob", "mallory")
    return Ground(team, Plant(team), victim, mallory, Tree(team, mallory))


REFUSED: dict[str, Callable[[Tree, Plant], dict[str, str]]] = {
    "a data file that is a link": lambda t, p: {"data/deal/ZZ.jsonl": t.link(p.secret)},
    "a link to a relative place": lambda t, p: {"data/deal/ZZ.jsonl": t.link("../../../outside/id_ed25519")},
    "a kind that is a link": lambda t, p: {"data/evil": t.link(p.outside)},
    "data that is a link": lambda t, p: {"data": t.link(p.outside)},
    "a manifest that is a link": lambda t, p: {"tuicrm.json": t.link(p.secret)},
    "attributes that are a link": lambda t, p: {".gitattributes": t.link(p.secret)},
    "a submodule in data": lambda t, p: {"data/deal/sub": f"160000 commit {t.who.head}"},
    "a submodule as a data file": lambda t, p: {"data/deal/ZZ.jsonl": f"160000 commit {t.who.head}"},
    "a git folder in data": lambda t, p: {"data/.git/config": t.file("[core]\n\tfsmonitor = evil\n")},
    "a git folder": lambda t, p: {".git/hooks/post-checkout": t.file("#!/bin/sh\n")},
    "a git folder in capitals": lambda t, p: {".GIT/config": t.file("x")},
    "a short name of the git folder": lambda t, p: {"git~1/config": t.file("x")},
    "a git folder with a hidden character": lambda t, p: {".g\u200cit/config": t.file("x")},
    "a folder named for its parent": lambda t, p: {"data/../x": t.file("x")},
    "a folder named for itself": lambda t, p: {"data/./x": t.file("x")},
    "a path that a colleague's disk cannot tell apart": lambda t, p: {
        "data/evil/AB.jsonl": t.file(""),
        "data/evil/ab.jsonl": t.file(""),
    },
    "a kind that a colleague's disk cannot tell apart": lambda t, p: {"data/Deal/AB.jsonl": t.file("")},
    "a path too deep": lambda t, p: {"data/deal/2026/01/02.jsonl": t.file(LINE)},
    "no data file": lambda t, p: {"data/deal/run.sh": t.file("#!/bin/sh\n")},
    "a hidden file": lambda t, p: {"data/deal/.AB.jsonl": t.file("")},
    "a name with an escape sequence": lambda t, p: {"data/deal/\x1b]0;x\x07.jsonl": t.file("")},
    "a name with a new line": lambda t, p: {'data/deal/"a\nb".jsonl': t.file("")},
    "a folder where a data file belongs": lambda t, p: {"data/deal/ZZ.jsonl/x": t.file("")},
    "a file where a kind belongs": lambda t, p: {"data/evil": t.file("")},
    "a file where data belongs": lambda t, p: {"data": t.file("")},
    "a committed private folder": lambda t, p: {".tuicrm/journal": t.file("x")},
    "a private folder in capitals": lambda t, p: {".TuiCRM/journal": t.file("x")},
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_has_no_place_in_a_workspace_is_refused_before_anything_moves(shared: Ground, what: str) -> None:
    shared.tree.push(REFUSED[what](shared.tree, shared.plant))
    key = shared.victim.add("deal", name="Mine")
    head, files = shared.victim.head, shared.victim.files()
    watch = Watch(shared.team, shared.victim.root, shared.mallory.root)
    harmless(shared.victim.run("sync"), watch, 5, 6, 8)
    assert shared.victim.get("deal", key)["name"] == "Mine"
    assert {path: data for path, data in shared.victim.files().items() if path in files} == files
    assert shared.victim.git("merge-base", "--is-ancestor", head, "HEAD", ok=True) == ""
    assert not (shared.victim.root / ".tuicrm").exists()
    # The way out: somebody takes it away again.
    shared.mallory.git("push", "--quiet", "--force", str(shared.team.remote), f"{head}:refs/heads/main")
    harmless(shared.victim.run("sync"), watch, 0)
    shared.mallory.sync()
    assert shared.victim.tip == shared.victim.head


HARMLESS: dict[str, Callable[[Tree, Plant], dict[str, str]]] = {
    "a link beside the data": lambda t, p: {"notes": t.link(p.outside)},
    "a submodule beside the data": lambda t, p: {
        "sub": f"160000 commit {t.who.head}",
        ".gitmodules": t.file('[submodule "sub"]\n\tpath = sub\n\turl = https://git.example/sub\n'),
    },
    "attributes that name filters": lambda t, p: {
        ".gitattributes": t.file(
            "* filter=evil diff=evil merge=evil text eol=crlf ident working-tree-encoding=UTF-16\n"
        )
    },
    "attributes in the data": lambda t, p: {"docs/.gitattributes": t.file("* filter=evil\n")},
    "no attributes": lambda t, p: {".gitattributes": ""},
    "an executable data file": lambda t, p: {"data/deal/ZZ.jsonl": f"100755 blob {t.blob('')}"},
    "an odd name beside the data": lambda t, p: {'docs/"a\nb" \\c\x1b[2J': t.file("x")},
    "a name with a dash": lambda t, p: {"--upload-pack=x": t.file("x"), "-u": t.file("x")},
    "lines that are no records": lambda t, p: {"data/deal/ZZ.jsonl": t.file("nonsense\n[1]\n{}\n\x00\n")},
    "records nested without end": lambda t, p: {"data/deal/ZZ.jsonl": t.file("[" * 50_000 + "\n" + nested(900) + "\n")},
    "versions without end": lambda t, p: {"data/deal/B0.jsonl": t.file(garbage())},
    "conflicts about nothing": lambda t, p: {"data/conflict/B0.jsonl": t.file(poison())},
    "an unknown kind": lambda t, p: {"data/spaceship/B0.jsonl": t.file(LINE)},
    "hooks beside the data": lambda t, p: {"hooks/post-checkout": t.file("#!/bin/sh\n"), "HEAD": t.file("x")},
}


def nested(depth: int) -> str:
    return '{"id":"01KA0000000000000000000AZZ","x":' + '{"x":' * depth + "1" + "}" * depth + "}"


def garbage() -> str:
    """A record whose versions and tombstone are nothing that tuicrm writes."""
    key = "01KA0000000000000000000AB0"
    odd = [{"name": "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"}, {"name": 1}, [], "x", {"name/~2/": key, "": key}]
    tombs = [{"by": 1, "v": [], "seen": "x"}, True, {"seen": {"name": {}}}, {"purged": True, "v": "7ZZ"}]
    lines = [{"id": key, "name": "a", "_v": one} for one in odd] + [{"id": key, "_del": one} for one in tombs]
    return "".join(f"{json.dumps(line)}\n" for line in lines)


def poison() -> str:
    """Ledger entries that name nothing, or another kind of thing than they should."""
    key = "01KA0000000000000000000AB0"
    base = {"id": key, "of": "deal", "record": key, "field": "name", "version": key, "value": "x"}
    odd: list[dict[str, object]] = [
        {"of": "../x"},
        {"record": "\x1b[2J"},
        {"field": "items/~9//"},
        {"form": "json", "value": "{"},
        {"version": 3},
    ]
    return "".join(
        json.dumps({**base, "id": f"01KA000000000000000000{n:02}B0", **one}) + "\n" for n, one in enumerate(odd)
    )


@pytest.mark.parametrize("what", HARMLESS)
def test_what_looks_odd_is_carried_and_does_nothing(ground: Ground, what: str) -> None:
    program = ground.plant.program("filter")
    for name in ("filter.evil.smudge", "filter.evil.clean", "diff.evil.textconv", "merge.evil.driver"):
        ground.victim.git("config", name, str(program))
    ground.tree.push(HARMLESS[what](ground.tree, ground.plant))
    key = ground.victim.add("deal", name="Mine")
    watch = Watch(ground.team, ground.victim.root, ground.mallory.root)
    for command in (("sync",), ("conflict", "list"), ("deal", "list"), ("history", key), ("sync", "--status")):
        harmless(ground.victim.run(*command), watch, 0)
    harmless(ground.victim.run("doctor"), watch, 0, 8)
    assert ground.victim.get("deal", key)["name"] == "Mine"
    assert ground.victim.tip == ground.victim.head
    assert all(b"\r" not in data and SECRET.encode() not in data for data in ground.victim.files().values())
    harmless(ground.victim.run("sync"), watch, 0)


def test_nothing_is_written_through_a_link_that_came_before(ground: Ground) -> None:
    ground.tree.push({"notes": ground.tree.link(ground.plant.outside)})
    watch = Watch(ground.team, ground.victim.root, ground.mallory.root)
    harmless(ground.victim.run("sync"), watch, 0)
    ground.tree.push({"notes": "", "notes/id_ed25519": ground.tree.file("overwritten")})
    ran = ground.victim.run("sync")
    harmless(ran, watch, 0, 6)
    assert ground.plant.secret.read_text() == SECRET


def test_a_huge_file_is_refused_without_being_held_in_memory(ground: Ground) -> None:
    import resource

    size = 100_000_000
    ground.tree.push({"data/deal/ZZ.jsonl": ground.tree.file(b"a" * size)})
    watch = Watch(ground.team, ground.victim.root, ground.mallory.root)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    ran = ground.victim.spawn("sync")
    harmless(ran, watch, 6)
    assert "data/deal/ZZ.jsonl" in ran.err or "MB" in ran.err or "MiB" in ran.err, ran.err
    # The test's own git has held the file; where others did not, nothing may come near its size.
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    assert after < max(before, size) + size // 2


@pytest.mark.parametrize("both", [False, True], ids=["they alone", "both"])
def test_replaced_objects_are_seen_through(ground: Ground, both: bool) -> None:
    """A replace ref shows git other content under the name of what a teammate sends."""
    victim, mallory = ground.victim, ground.mallory
    key = victim.add("deal", name="True")
    victim.sync()
    mallory.sync()
    mallory.edit("deal", key, next_step="call")
    mallory.sync()
    if both:
        victim.edit("deal", key, owner="victim")
    path = f"data/deal/{key[-2:]}.jsonl"
    sent = mallory.git("rev-parse", f"HEAD:{path}")
    late = encode(MAX_MS - 1, 0)
    false = f'{{"_v":{{"name":"{late}"}},"id":"{key}","name":"False"}}\n'
    made = victim.git("hash-object", "-w", "--stdin", data=false.encode())
    victim.put(f".git/refs/replace/{sent}", f"{made}\n")
    victim.git("fetch", "--quiet", "origin")
    assert "False" in victim.git("cat-file", "-p", sent)
    watch = Watch(ground.team, victim.root, mallory.root)
    harmless(victim.run("sync"), watch, 0)
    assert (victim.get("deal", key)["name"], victim.get("deal", key)["next_step"]) == ("True", "call")


def test_grafts_are_seen_through(ground: Ground) -> None:
    """A graft tells git that a commit has other parents, so that what both sides had in common would be another."""
    victim, mallory = ground.victim, ground.mallory
    key = victim.add("deal", name="old")
    victim.sync()
    mallory.sync()
    mallory.edit("deal", key, name="theirs")
    mallory.sync()
    victim.edit("deal", key, name="mine")
    # A commit of its own, or the graft would be a circle, of which git says this or that by the second of the clock.
    victim.commit_by_hand()
    victim.git("fetch", "--quiet", "origin")
    tip = victim.git("rev-parse", "origin/main")
    victim.put(".git/info/grafts", f"{victim.head} {tip}\n")
    assert victim.git("merge-base", "HEAD", tip) == tip
    watch = Watch(ground.team, victim.root, mallory.root)
    harmless(victim.run("sync"), watch, 0)
    assert victim.get("deal", key)["name"] == "mine"
    assert victim.lost(key, "name") == ["theirs"]


def test_replace_refs_of_the_remote_are_not_fetched(ground: Ground) -> None:
    mallory = ground.mallory
    false = ground.tree.commit(ground.tree.make({}))
    mallory.git("push", "--quiet", str(ground.team.remote), f"{false}:refs/replace/{mallory.head}")
    mallory.git("push", "--quiet", str(ground.team.remote), f"{false}:refs/tags/evil", f"{false}:refs/heads/evil")
    mallory.add("deal", name="Acme")
    mallory.sync()
    watch = Watch(ground.team, ground.victim.root, mallory.root)
    harmless(ground.victim.run("sync"), watch, 0)
    assert ground.victim.git("for-each-ref", "refs/replace", "refs/tags", "refs/heads/evil") == ""


@pytest.mark.parametrize(
    "odd",
    [{"id": "01KA0000000000000000000AB0"}, {"format": 2}, {"format": "\x1b[2J"}, {"name": "\x1b[2J"}, {"id": 3}, []],
)
def test_a_manifest_of_another_workspace_or_a_later_format_is_not_taken(
    ground: Ground, odd: dict[str, object] | list[object]
) -> None:
    """Another workspace and a later format are refused; nonsense is replaced by what is here."""
    own = ground.victim.root / "tuicrm.json"
    manifest = json.loads(own.read_text())
    wrong = {**manifest, **odd} if isinstance(odd, dict) else odd
    ground.tree.push({"tuicrm.json": ground.tree.file(json.dumps(wrong) + "\n")})
    watch = Watch(ground.team, ground.victim.root, ground.mallory.root)
    ran = ground.victim.run("sync")
    harmless(ran, watch, 0, 5, 6, 8)
    there = json.loads(own.read_text())
    assert (there["format"], there["id"]) == (manifest["format"], manifest["id"])
    if ran.code == 0:
        assert json.loads(ground.victim.git("show", f"{ground.victim.tip}:tuicrm.json")) == there
    harmless(ground.victim.run("deal", "list"), watch, 0)


@pytest.mark.parametrize("what", ["a data file that is a link", "a git folder", "a committed private folder"])
def test_a_clone_of_an_attack_is_refused_and_leaves_nothing(shared: Ground, what: str) -> None:
    refuses_to_clone(shared, what)


@pytest.mark.slow
@pytest.mark.parametrize("what", REFUSED)
def test_a_clone_of_any_attack_is_refused_and_leaves_nothing(shared: Ground, what: str) -> None:
    refuses_to_clone(shared, what)


def refuses_to_clone(shared: Ground, what: str) -> None:
    """Try to clone a repository of its own that holds one attack upon a good commit."""
    good = shared.victim.tip
    bare = shared.team.folder / "evil.git"
    if not bare.exists():
        shared.team.bare(bare.name)
    tip = shared.tree.push(REFUSED[what](shared.tree, shared.plant))
    shared.mallory.git("push", "--quiet", "--force", str(shared.team.remote), f"{good}:refs/heads/main")
    shared.mallory.git("push", "--quiet", "--force", str(bare), f"{tip}:refs/heads/main")
    watch = Watch(shared.team, shared.victim.root, shared.mallory.root, bare)
    ran = tuicrm(shared.team.environ("bob"), "clone", str(bare), str(shared.team.folder / "copy"))
    assert ran.code != 0, (what, ran)
    harmless(ran, watch, ran.code)
