"""Fetching a team's workspace into a folder of its own: into place only once it proved to be a workspace."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, ReadOnly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from tuicrm.sync.git import Git
    from tuicrm.sync.objects import Entry, Objects

AT_ONCE = 200
"""Files that are held in memory at a time."""


def target_name(url: str) -> str:
    """Return the folder that a URL suggests: its last part without `.git`; empty where there is none."""
    last = url.strip().rstrip("/").replace(":", "/").rpartition("/")[2].removesuffix(".git")
    return last if last not in ("", ".", "..", "~") and not last.startswith("-") and "\\" not in last else ""


def clone(
    url: str,
    target: Path,
    *,
    environ: Mapping[str, str],
    said: Callable[[str], None] = lambda line: None,
    cancelled: Callable[[], bool] = lambda: False,
    interactive: bool = False,
) -> Path:
    """Clone a workspace into a folder that is empty or missing, and return it.

    `said` gets git's progress, cleaned; `cancelled` is asked again and again; `interactive` lets git ask for a
    password. Raises Invalid, NotFound, ReadOnly, Decision, or what kept the remote from answering, and then leaves
    nothing behind.
    """
    import shutil
    from pathlib import Path

    from tuicrm.store.files import make_path
    from tuicrm.sync.git import make_repository
    from tuicrm.sync.setup import remote_url

    url = remote_url(url, Path.cwd())
    _refuse_taken(target)
    making = target.with_name(f".{target.name}.cloning-{os.getpid()}")
    try:
        make_path(str(target.parent))
        making.mkdir(0o700)
        git = make_repository(str(making), environ, interactive=interactive, cancelled=cancelled)
        _fill(git, url, said)
        if target.is_dir():
            target.rmdir()
        making.rename(target)
    except OSError as problem:
        why = (problem.strerror or str(problem)).lower()
        raise ReadOnly(f"{target} cannot be made: {why}") from problem
    finally:
        shutil.rmtree(making, ignore_errors=True)
    return target


def _refuse_taken(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise Invalid(f"{target} is there already, and is no folder", hint="Name another folder.")
    if target.is_dir() and any(target.iterdir()):
        raise Invalid(f"{target} is there already, and is not empty", hint="Name another folder.")


def _fill(git: Git, url: str, said: Callable[[str], None]) -> None:
    """Fetch into a fresh repository, look over what came, and check it out."""
    from tuicrm.sync import refs, setup, trust
    from tuicrm.sync.incoming import check
    from tuicrm.sync.objects import Objects, tree
    from tuicrm.sync.remote import Remote, choose_branch

    setup.set_remote(git, url)
    config = trust.read(git)
    branch = choose_branch(setup.BRANCH, Remote(git, config, setup.BRANCH).heads())
    remote = Remote(git, config, branch)
    tip = remote.fetch(said)
    if not tip:
        raise Invalid(
            f"{remote.shown} is empty, so there is no workspace to clone",
            hint="tuicrm init --remote URL makes one, and sends it there.",
        )
    files = tree(git, tip)
    with Objects(git) as objects:
        _refuse_no_workspace(files, remote.shown)
        check(git, objects, tip, "")
        _check_out(git, objects, files)
    git.run("read-tree", tip)
    git.run("update-ref", "-m", "tuicrm clone", "--create-reflog", branch, tip)
    git.run("update-ref", refs.synced(config.url), tip)
    git.run("symbolic-ref", "-m", "tuicrm clone", "HEAD", branch)
    setup.follow(git, branch, branch)


def _refuse_no_workspace(files: Mapping[str, Entry], shown: str) -> None:
    """Raise Invalid where what was fetched is no workspace, or brings files that belong to one machine alone."""
    from tuicrm.store.manifest import NAME
    from tuicrm.store.private import PLAIN

    if NAME not in files:
        raise Invalid(
            f"{shown} is no workspace: it has no {NAME}",
            hint="tuicrm init --remote URL makes one there.",
        )
    if any(path.partition("/")[0].casefold() == PLAIN for path in files):
        raise Invalid(
            f"{shown} carries a folder {PLAIN}, which belongs to one machine and must not be committed",
            hint=f"Whoever committed it can take it out: git rm -r --cached {PLAIN}",
        )


def _check_out(git: Git, objects: Objects, files: Mapping[str, Entry]) -> None:
    """Write the files into a folder that nobody else knows of yet."""
    from tuicrm.store import files as system
    from tuicrm.store.manifest import read
    from tuicrm.sync.outside import check_out
    from tuicrm.sync.worktree import is_ours

    ours = sorted(path for path in files if is_ours(path))
    for folder in sorted({path.rpartition("/")[0] for path in ours}):
        system.make_path(os.path.join(git.root, folder))
    for some in _chunks(ours):
        blobs = objects.blobs(files[path][1] for path in some)
        for path in some:
            _write(os.path.join(git.root, path), blobs[files[path][1]])
    read(git.root)
    check_out(git.root, {path: (None, entry) for path, entry in files.items() if not is_ours(path)}, objects.blob)
    root = system.open_root(git.root)
    try:
        system.sync_file_system(root)
    finally:
        system.close(root)


def _chunks(paths: list[str]) -> Iterable[list[str]]:
    return (paths[at : at + AT_ONCE] for at in range(0, len(paths), AT_ONCE))


def _write(path: str, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
