"""What a repository's own configuration may decide, what the user can allow, and which remote it names."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tuicrm.errors import Decision, Invalid, NotFound, ReadOnly
from tuicrm.sync.git import Git, find, make_repository
from tuicrm.sync.trust import ALLOWED, Config, allow, read, refused
from tuicrm.sync.urls import checked_url, is_folder, without_password

MAIN = "refs/heads/main"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def git(tmp_path: Path, home: Path) -> Git:
    root = tmp_path / "work"
    root.mkdir()
    return make_repository(str(root), {"PATH": os.environ["PATH"], "HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"})


def put(git: Git, key: str, value: str) -> None:
    """Add a value to the repository's configuration as a person would."""
    subprocess.run(["git", "config", "--add", key, value], cwd=git.root, env=dict(git.environ), check=True)


RUN_OR_LEAD = [
    ("core.sshCommand", "x"),
    ("core.gitProxy", "x"),
    ("core.askPass", "x"),
    ("core.alternateRefsCommand", "x"),
    ("core.worktree", "/elsewhere"),
    ("credential.helper", "!x"),
    ("credential.https://Git.example.helper", "!x"),
    ("credential.useHttpPath", "true"),
    ("url.ext::sh -c x .insteadOf", "https://"),
    ("url.https://Other.example/.pushInsteadOf", "https://git.example/"),
    ("include.path", "x"),
    ("includeIf.onbranch:main.path", "x"),
    ("protocol.ext.allow", "always"),
    ("remote.origin.vcs", "ext"),
    ("remote.origin.uploadpack", "x"),
    ("remote.origin.receivepack", "x"),
    ("remote.origin.proxy", "http://x"),
    ("remote.origin.promisor", "true"),
    ("remote.origin.partialclonefilter", "blob:none"),
    ("extensions.partialClone", "origin"),
    ("http.proxy", "http://x"),
    ("http.sslVerify", "false"),
    ("http.sslCAInfo", "x"),
    ("http.https://git.example.extraHeader", "A: b"),
    ("http.cookieFile", "x"),
    ("http.sslKey", "x"),
    ("http.curloptResolve", "git.example:443:127.0.0.1"),
    ("http.followRedirects", "true"),
    ("http.delegation", "always"),
    ("fetch.bundleURI", "https://x"),
    ("fetch.fsck.missingEmail", "ignore"),
    ("fetch.fsck.skipList", "x"),
    ("gc.recentObjectsHook", "x"),
]


@pytest.mark.parametrize(("key", "value"), RUN_OR_LEAD)
def test_what_runs_or_leads_elsewhere_is_refused_until_it_is_allowed(git: Git, key: str, value: str) -> None:
    put(git, key, value)
    with pytest.raises(Decision) as caught:
        read(git, MAIN)
    assert key.lower() in str(caught.value).lower()
    assert str(Path(git.git_dir, "config")) in str(caught.value)
    assert "tuicrm sync --allow" in caught.value.hint
    assert allow(git, key) == [value]
    assert read(git, MAIN).values[-1][1] == value


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("core.hooksPath", ".husky"),
        ("core.autocrlf", "true"),
        ("core.sharedRepository", "group"),
        ("user.email", "ann@acme.example"),
        ("remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"),
        ("remote.pushDefault", "origin"),
        ("branch.main.rebase", "true"),
        ("http.postBuffer", "1000000"),
        ("http.https://git.example.sslVerify", "true"),
        ("gpg.format", "ssh"),
        ("pull.rebase", "true"),
        ("receive.denyCurrentBranch", "updateInstead"),
        ("fetch.prune", "true"),
        ("gc.auto", "0"),
        ("filter.lfs.clean", "git-lfs clean -- %f"),
    ],
)
def test_what_a_team_sets_every_day_is_left_alone(git: Git, key: str, value: str) -> None:
    put(git, key, value)
    assert read(git, MAIN).values[-1][1] == value
    with pytest.raises(Invalid, match="needs no leave"):
        allow(git, key)


def test_the_users_own_configuration_is_trusted(git: Git, home: Path) -> None:
    (home / ".gitconfig").write_text("[core]\n\tsshCommand = mine\n[user]\n\tname = Ann\n\temail = a@home.example\n")
    put(git, "user.email", "a@work.example")
    config = read(git, MAIN)
    assert "mine" not in dict(config.values).values()
    assert (config.anywhere("user.name"), config.anywhere("user.email")) == ("Ann", "a@work.example")
    assert (config.get("user.name"), config.get("user.name", "nobody")) == ("", "nobody")


def test_included_files_and_those_of_one_work_tree_are_looked_at(git: Git, tmp_path: Path) -> None:
    (tmp_path / "included").write_text("[core]\n\tsshCommand = x\n")
    put(git, "include.path", str(tmp_path / "included"))
    allow(git, "include.path")
    with pytest.raises(Decision, match=r"included sets core\.sshcommand"):
        read(git)
    allow(git, "core.sshCommand")
    read(git)
    put(git, "extensions.worktreeConfig", "true")
    allow(git, "extensions.worktreeConfig")
    (Path(git.git_dir) / "config.worktree").write_text("[credential]\n\thelper = x\n")
    with pytest.raises(Decision, match=r"config\.worktree sets credential\.helper"):
        read(git)


def test_what_was_allowed_is_allowed_value_for_value(git: Git) -> None:
    put(git, "credential.helper", "first")
    allow(git, "Credential.Helper")
    read(git)
    put(git, "credential.helper", "second")
    with pytest.raises(Decision):
        read(git)
    assert allow(git, "credential.helper") == ["first", "second"]
    read(git)
    put(git, "http.proxy", "x")
    with pytest.raises(Decision, match=r"http\.proxy"):
        read(git)
    assert allow(git, "http.proxy") == ["x"]
    read(git)


def test_what_was_allowed_does_not_travel_with_the_folder(git: Git, tmp_path: Path) -> None:
    put(git, "core.sshCommand", "x")
    allow(git, "core.sshCommand")
    shutil.copytree(git.root, tmp_path / "copy")
    copied = find(str(tmp_path / "copy"), git.user_environ)
    assert copied is not None
    with pytest.raises(Decision):
        read(copied)
    read(git)


def test_a_spoilt_memory_of_what_was_allowed_allows_nothing(git: Git, home: Path) -> None:
    put(git, "core.sshCommand", "x")
    allow(git, "core.sshCommand")
    held = home / ".local" / "state" / "tuicrm" / ALLOWED
    assert held.stat().st_mode & 0o777 == 0o600
    for text in ("", "[]", '{"x": 1}', "[" * 100_000, json.dumps({git.root: {"core.sshcommand": "x"}}), "\xff"):
        held.write_text(text, "latin-1")
        with pytest.raises(Decision):
            read(git)
    allow(git, "core.sshCommand")
    read(git)
    held.unlink()
    held.mkdir()
    with pytest.raises(ReadOnly, match="cannot write"):
        allow(git, "core.sshCommand")


def test_only_what_is_there_can_be_allowed(git: Git) -> None:
    with pytest.raises(NotFound, match=r"holds no core\.sshcommand"):
        allow(git, "core.sshCommand")


def test_a_work_tree_that_is_this_one_is_no_detour(git: Git) -> None:
    put(git, "core.worktree", "../../work")
    read(git)


def test_a_hostile_configuration_is_told_of_in_clean_words(git: Git) -> None:
    put(git, "url.https://ann:hush@x/\x1b[2J.insteadOf", "y")
    with pytest.raises(Decision) as caught:
        read(git)
    assert not {"\x1b"} & set(f"{caught.value}{caught.value.hint}")
    assert "hush" not in f"{caught.value}{caught.value.hint}"


def test_a_branch_has_its_remote_else_origin_else_the_only_one(git: Git) -> None:
    assert read(git, MAIN) == Config(read(git).values, read(git).global_values)
    put(git, "remote.Team.url", "https://git.example/team.git")
    assert (read(git, MAIN).remote, read(git, MAIN).url) == ("Team", "https://git.example/team.git")
    put(git, "remote.other.url", "https://git.example/other.git")
    assert read(git, MAIN).remote == ""
    put(git, "remote.origin.url", "../origin.git")
    put(git, "remote.origin.url", "../second.git")
    config = read(git, MAIN)
    assert (config.remote, config.url, config.push_url, config.upstream) == ("origin", "../origin.git", config.url, "")
    put(git, "branch.main.remote", "Team")
    put(git, "branch.main.merge", "refs/heads/trunk")
    put(git, "remote.Team.pushurl", "git@git.example:team.git")
    config = read(git, MAIN)
    assert (config.remote, config.push_url, config.upstream) == ("Team", "git@git.example:team.git", "refs/heads/trunk")
    assert (read(git, "refs/heads/other").remote, read(git).remote) == ("origin", "origin")
    put(git, "branch.main.remote", ".")
    assert (read(git, MAIN).remote, read(git, MAIN).upstream) == ("origin", "")


@pytest.mark.parametrize("url", ["ext::sh -c x", "--upload-pack=x", "http://git.example/x", "a\x1bb", "ssh://-oX/y"])
def test_a_remote_whose_url_is_none_is_refused(git: Git, url: str) -> None:
    put(git, "remote.origin.url", url)
    with pytest.raises(Decision, match="the remote's URL"):
        read(git, MAIN)


def test_a_pushed_url_is_checked_too(git: Git) -> None:
    put(git, "remote.origin.url", "https://git.example/x")
    put(git, "remote.origin.pushurl", "ext::sh -c x")
    with pytest.raises(Decision, match="the remote's URL"):
        read(git, MAIN)


@pytest.mark.parametrize("url", ["https://git.example/a", "backup", "../a.b"])
def test_no_remote_decides_what_the_url_of_another_means(git: Git, url: str) -> None:
    put(git, "remote.origin.url", url)
    put(git, "remote.team/other.url", "https://other.example/a")
    assert read(git, MAIN).url == url
    put(git, f"remote.{url}.url", "https://other.example/a")
    with pytest.raises(Decision, match="another one's name"):
        read(git, MAIN)


def test_old_files_that_name_remotes_decide_nothing(git: Git) -> None:
    put(git, "remote.origin.url", "host:sales.git")
    read(git)
    (Path(git.git_dir) / "remotes").mkdir()
    (Path(git.git_dir) / "remotes" / "host:sales.git").write_text("URL: https://other.example/\n")
    with pytest.raises(Decision, match="decides what host:sales"):
        read(git)


def test_rewritten_urls_are_known_as_git_knows_them(git: Git, home: Path) -> None:
    (home / ".gitconfig").write_text(
        '[url "https://git.example/"]\n\tinsteadOf = g:\n[url "/srv/"]\n\tinsteadOf = g:srv/\n'
        '[url "ssh://git.example/"]\n\tpushInsteadOf = g:\n'
    )
    config = read(git)
    for url in ("g:a", "g:srv/a", "h:a"):
        assert config.rewritten(url) == git.lines("ls-remote", "--get-url", url)[0]
    assert config.rewritten("g:a", pushing=True) == "ssh://git.example/a"


@pytest.mark.parametrize(
    "url",
    ["https://git.example/a.git", "ssh://git@git.example:22/a", "git@git.example:a/b.git", "/srv/a.git", "../a", "C:/a",
     "file:///srv/a b.git", "ssh://git@[::1]/a", "[::1]:a", "Größe/a.git", "a::b/c"],
)  # fmt: skip
def test_a_proper_url_is_taken(url: str) -> None:
    if url.startswith("a::"):
        with pytest.raises(Invalid):
            checked_url(url)
    else:
        assert checked_url(f" {url}\n") == url


@pytest.mark.parametrize(
    "url",
    ["", "-u", "ext::x", "a.b+c-d::x", "fd::3", "ssh://-oProxyCommand=x/y", "http://x/y", "git://x/y", "ftp://x/y",
     "HTTP://x/y", "a\0b", "a\nb", "a\x7fb", "a\x9bb", "\udc80", "https://x/" + "y" * 3000],
)  # fmt: skip
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked_url(url)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("url", "is_one"),
    [("/srv/a", True), ("../a", True), ("a.git", True), ("file:///a", True), ("FILE:///a", True), ("./a:b", True),
     ("host:a", False), ("me@host:/a", False), ("ssh://host/a", False), ("https://host/a", False)],
)  # fmt: skip
def test_a_folder_is_told_from_a_host(url: str, is_one: bool) -> None:
    assert is_folder(url) is is_one


def test_no_password_is_shown() -> None:
    text = "at https://ann:se%40cret@git.example/x and ssh://git@host/y, not me@host:z or https://host/a@b"
    assert without_password(text) == "at https://git.example/x and ssh://host/y, not me@host:z or https://host/a@b"
    assert without_password("https://a:b@c@host/x") == "https://host/x"


def test_keys_are_compared_as_git_compares_them() -> None:
    assert refused("core.sshcommand")
    assert not refused("core.sshcommands")
    assert refused("remote.a.b.vcs")
    assert not refused("remote.url.fetch")
