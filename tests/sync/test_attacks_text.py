"""Attacks in text: URLs that are options or programs, names and messages with escape sequences or git's own syntax."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.sync.attacks import Plant, Tree, Watch, harmless
from tests.sync.repos import git, tuicrm

if TYPE_CHECKING:
    from tests.sync.repos import Team

URLS = (
    "ext::sh -c {command}",
    "fd::17/foo",
    "evil::anything",
    "--upload-pack={command}",
    "-oProxyCommand={command}",
    "ssh://-oProxyCommand={dashed}/x",
    "-oProxyCommand={dashed}:x",
    "git@-oProxyCommand=x:x",
    "ssh://git.example/\x1b[2J",
    "https://git.example/\nx",
    "http://git.example/sales.git",
    "git://git.example/sales.git",
    "ftp://git.example/sales.git",
    "\udc80",
    "x" * 3000,
)
"""None of these may reach git, or git may do nothing with them."""
HARSH = "\x1b[2J\x1b]0;title\x07 \x9b31m \u202eevil\u2028 \r\n"


@pytest.mark.parametrize("url", URLS)
def test_a_url_that_would_run_something_is_refused_wherever_it_comes_from(team: Team, url: str) -> None:
    plant = Plant(team)
    (ann,) = team.clones("ann")
    command = plant.command("url")
    url = url.format(command=command, dashed=plant.program("dashed"))
    ann.add("deal", name="Acme renewal")
    made = team.folder / "made"
    watch = Watch(team, ann.root, made)
    harmless(tuicrm(ann.env, "clone", url, str(team.folder / "copy")), watch, 2, 5, 6, 7)
    # A workspace is made even where its repository is not reached; what git takes for a folder is only not there.
    harmless(tuicrm(ann.env, "init", str(made), "--remote", url), watch, 0, 2, 5, 6, 7)
    config = ann.root / ".git" / "config"
    before = config.read_bytes()
    harmless(ann.run("sync", "--remote", url), watch, 2, 5, 6, 7)
    config.write_bytes(before)
    quoted = url.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    planted = f'[remote "origin"]\n\t%s = "{quoted}"\n'.encode(errors="surrogateescape")
    own = f"\turl = {team.remote}\n".encode()
    assert own in before
    for key, rest in ((b"url", before.replace(own, b"")), (b"pushurl", before)):
        config.write_bytes(rest + planted.replace(b"%s", key))
        harmless(ann.run("sync"), watch, 2, 5, 6, 7)
        harmless(ann.run("sync", "--status"), watch, 0, 5, 6)
    config.write_bytes(before)
    harmless(ann.run("sync"), watch, 0)


@pytest.mark.parametrize("where", ["sync", "status", "clone"])
def test_no_password_of_a_url_is_shown_or_kept(team: Team, where: str) -> None:
    (ann,) = team.clones("ann")
    url = f"file://ann:hunter2@{team.folder}/nowhere.git"
    if where == "clone":
        ran = tuicrm(ann.env, "clone", url, str(team.folder / "copy"))
    else:
        ann.git("remote", "set-url", "origin", url)
        ran = ann.run("sync", "--json", *(["--status"] if where == "status" else []))
    assert "hunter2" not in ran.out + ran.err
    assert "Traceback" not in ran.err
    kept = [path for path in ann.private.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()]
    assert kept == []


def test_messages_authors_and_branches_with_escape_sequences_are_shown_cleaned(team: Team) -> None:
    plant = Plant(team)
    ann, bob = team.clones("ann", "bob")
    tree = Tree(team, ann)
    deal = ann.add("deal", name="Acme renewal")
    ann.sync()
    record = ann.line("deal", deal).replace("Acme renewal", "Acme extension")
    path = f"data/deal/{deal[-2:]}.jsonl"
    tree.push(
        {path: tree.file(record + "\n")},
        message=f"{HARSH}\n\nTuicrm-State: 1 0123456789abcdef{HARSH}",
        also={"GIT_AUTHOR_NAME": "Eve \x1b]0;x\x07\x9b \u202e", "GIT_AUTHOR_EMAIL": "eve\x1b[31m@acme.example"},
    )
    assert plant.marks() == []
    watch = Watch(team, ann.root, bob.root)
    for command in (("sync",), ("history", deal), ("sync", "--status"), ("doctor",), ("history", deal, "--json")):
        harmless(bob.run(*command), watch, 0)
    assert bob.get("deal", deal)["name"] == "Acme extension"


def test_odd_branches_of_a_remote_are_shown_cleaned_and_are_no_options(team: Team) -> None:
    ann = team.alone("ann")
    head = ann.commit_by_hand()
    bare = team.bare("odd.git")
    for name in ("refs/heads/--upload-pack=x", "refs/heads/-x", "refs/heads/\u202eevil", "refs/heads/\u009b31m"):
        ann.git("push", "--quiet", str(bare), f"{head}:{name}")
        bare.joinpath("HEAD").write_text(f"ref: {name}\n")
        ran = tuicrm(ann.env, "clone", str(bare), str(team.folder / f"copy{len(name)}{name[-2]}"))
        assert ran.code in (0, 5, 6), ran
        assert "Traceback" not in ran.err
        assert not set("\u202e\u009b") & set(ran.err + ran.out)


DAMAGES = ("ref: refs/heads/--upload-pack=x\n", f"ref: refs/heads/{HARSH}", "ref: ../../x\n", "\x00", "")


@pytest.mark.parametrize("where", [".git/HEAD", ".git/refs/heads/main", ".git/packed-refs", ".git/MERGE_HEAD"])
def test_damaged_references_here_end_in_a_sentence(team: Team, where: str) -> None:
    (ann,) = team.clones("ann")
    whole = team.folder / "whole"
    shutil.copytree(ann.root / ".git", whole, symlinks=True)
    for text in DAMAGES:
        ann.add("deal", name="Acme renewal")
        ann.put(where, text)
        watch = Watch(team, ann.root)
        harmless(ann.run("sync"), watch, 0, 1, 5, 6, 7, 8)
        harmless(ann.run("sync", "--status"), watch, 0, 1, 5, 6, 8)
        shutil.rmtree(ann.root / ".git")
        shutil.copytree(whole, ann.root / ".git", symlinks=True)


NAMES = (
    "Eve\ncommitter Mallory <m@x> 1 +0000",
    "Eve <eve@x> 1 +0000\ndata 3\nabc",
    "<>",
    "\x00",
    "\x1b[2J",
    "",
    " ",
    '"quoted" \\back',
    "Ж Ω 日本",
    "x" * 5000,
)


@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_whoever_acts_cannot_write_into_the_history(team: Team, name: str) -> None:
    (ann,) = team.clones("ann")
    (user,) = ann.records("user")
    ann.edit("user", user, name=name or "x", email=f"{name}@x")
    company = ann.add("company", name="Acme\nM 100644 inline evil\ndata 0\n")
    watch = Watch(team, ann.root)
    harmless(ann.run("sync"), watch, 0)
    ran = git(ann.root, ann.env, "fsck", "--strict")
    assert "error" not in ran.out + ran.err, ran
    lines = ann.git("cat-file", "commit", "HEAD").partition("\n\n")[0].split("\n")
    assert [line.split(" ")[0] for line in lines] == ["tree", "parent", "author", "committer"]
    assert ann.get("company", company)["name"].startswith("Acme")
    assert "evil" not in ann.git("ls-tree", "-r", "--name-only", "HEAD")


def test_no_customers_name_is_in_a_commit_message(team: Team) -> None:
    """What is erased later must not live on in messages."""
    ann = team.start("ann")
    ann.ok("contact", "add", "Zebediah Quux", "--email", "zeb@quux.example")
    ann.ok("deal", "add", "Quux renewal")
    ann.ok("sync")
    ann.ok("contact", "edit", "Zebediah Quux", "--title", "CEO")
    ann.ok("sync")
    said = ann.git("log", "--format=%an %ae %cn %ce %B")
    assert "Zebediah" not in said
    assert "uux" not in said
