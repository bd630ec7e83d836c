"""A workspace's repository and its remote: making the one, setting the other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tuicrm.errors import Decision

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tuicrm.sync.git import Git

REMOTE = "origin"
BRANCH = "refs/heads/main"
"""The branch of the team where its repository does not say which one."""


def repository(root: Path, environ: Mapping[str, str], *, make: bool) -> Git:
    """Return the git of a workspace, made where missing and `make` says so; else Decision with the way out."""
    from tuicrm.sync.git import find, make_repository

    git = find(str(root), environ)
    if git is not None:
        return git
    if make:
        return make_repository(str(root), environ)
    raise no_repository(root)


def no_repository(root: Path) -> Decision:
    """Return the error for a workspace that git knows nothing of, with the way out."""
    return Decision(
        f"{root} is no git repository yet, so there is nothing to sync with",
        hint="tuicrm sync --make-repository makes it one.",
    )


def remote_url(url: str, cwd: Path) -> str:
    """Return a checked URL; a folder as its whole path, because git would look for it from the workspace."""
    from tuicrm.sync.urls import checked_url, is_folder

    plain = checked_url(url)
    if "://" in plain or not is_folder(plain):
        return plain
    return os.path.normpath(cwd / os.path.expanduser(plain))


def set_remote(git: Git, url: str) -> str:
    """Let `origin` be the repository at a URL, for tuicrm and for git itself; returns the URL it had."""
    name = REMOTE
    was = git.lines("config", "--local", "--get-all", f"remote.{name}.url", ok=(0, 1))
    git.run("config", "--replace-all", f"remote.{name}.url", url)
    git.run("config", "--replace-all", f"remote.{name}.fetch", f"+refs/heads/*:refs/remotes/{name}/*")
    git.run("config", "--unset-all", f"remote.{name}.pushurl", ok=(0, 5))
    return was[-1] if was else ""


def follow(git: Git, branch: str, there: str) -> None:
    """Let a branch follow one of the remote, so that `git pull` and `git push` need no more words."""
    short = branch.removeprefix("refs/heads/")
    git.run("config", "--replace-all", f"branch.{short}.remote", REMOTE)
    git.run("config", "--replace-all", f"branch.{short}.merge", there)


def refuse_silent(root: Path, url: str, environ: Mapping[str, str], *, interactive: bool) -> None:
    """Raise Unreachable, or what else keeps git from reading there, where nothing answers at a URL."""
    from tempfile import TemporaryDirectory

    from tuicrm.sync import trust
    from tuicrm.sync.git import find, make_repository
    from tuicrm.sync.remote import Remote

    with TemporaryDirectory(prefix="tuicrm-") as folder:
        git = find(str(root), environ, interactive=interactive)
        git = git or make_repository(folder, environ, interactive=interactive)
        config = trust.read(git)._replace(remote=REMOTE, url=url, push_url=url)
        Remote(git, config, BRANCH).heads()


def refuse_taken(url: str, environ: Mapping[str, str], said: Callable[[str], None], *, interactive: bool) -> None:
    """Raise Decision where a remote holds a workspace already; one that does not answer may hold anything."""
    from tempfile import TemporaryDirectory

    from tuicrm.store.manifest import NAME
    from tuicrm.sync import trust
    from tuicrm.sync.git import make_repository
    from tuicrm.sync.objects import tree
    from tuicrm.sync.remote import Remote, Unreachable, choose_branch

    with TemporaryDirectory(prefix="tuicrm-") as folder:
        git = make_repository(folder, environ, interactive=interactive)
        set_remote(git, url)
        config = trust.read(git)
        try:
            remote = Remote(git, config, choose_branch(BRANCH, Remote(git, config, BRANCH).heads()))
            tip = remote.fetch(said)
        except Unreachable:
            return
        if tip and NAME in tree(git, tip, NAME):
            raise Decision(f"{remote.shown} holds a workspace already", hint=f"tuicrm clone {remote.shown} fetches it.")
