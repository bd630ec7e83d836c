"""One repository with plain git in it, for tests of the parts that sync is made of."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.sync.git import Git

if TYPE_CHECKING:
    from collections.abc import Mapping

WHO = {
    "GIT_AUTHOR_NAME": "Ann Lee",
    "GIT_AUTHOR_EMAIL": "ann@acme.example",
    "GIT_AUTHOR_DATE": "1700000000 +0100",
    "GIT_COMMITTER_NAME": "Bob Ray",
    "GIT_COMMITTER_EMAIL": "bob@acme.example",
    "GIT_COMMITTER_DATE": "1700000001 +0000",
}


class Repository:
    """A work tree, plain git as a person uses it, and the git that sync uses."""

    def __init__(self, root: Path, *, form: str = "sha1") -> None:
        self.root = root
        root.mkdir(exist_ok=True)
        self.env = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(root.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "LC_ALL": "C.UTF-8",
            **WHO,
        }
        self.git("init", "--quiet", "--initial-branch=main", f"--object-format={form}")
        self.api = Git(str(root), str(root / ".git"), self.env)
        self.private = root / ".git" / "tuicrm"
        self.private.mkdir(mode=0o700)

    def git(self, *words: str, data: bytes = b"", ok: bool = True) -> str:
        """Run plain git; its output without the last newline."""
        done = subprocess.run(
            ["git", "-c", "core.fsync=none", *words], cwd=self.root, env=self.env, input=data, capture_output=True,
            timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0 or not ok, (words, done)
        return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")

    def put(self, path: str, content: str | bytes) -> Path:
        """Write a file of the work tree."""
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)
        return target

    def commit(self, files: Mapping[str, str | bytes | None] | None = None, message: str = "work") -> str:
        """Write files (None removes) and commit everything that is in the work tree; the commit's id."""
        for path, content in (files or {}).items():
            if content is None:
                (self.root / path).unlink()
            else:
                self.put(path, content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.head

    @property
    def head(self) -> str:
        return self.git("rev-parse", "HEAD")

    def blob(self, content: bytes) -> str:
        return self.git("hash-object", "-w", "--stdin", "--no-filters", data=content)

    def planted(self, *entries: tuple[str, str, str], parent: str = "") -> str:
        """Commit a tree of any (path, mode, id), whatever a careful git would say to it."""
        tree = self._tree([(path.split("/"), mode, oid) for path, mode, oid in entries])
        words = ("-p", parent) if parent else ()
        return self.git("commit-tree", tree, *words, "-m", "planted")

    def _tree(self, entries: list[tuple[list[str], str, str]]) -> str:
        lines = [(mode, "commit" if mode == "160000" else "blob", oid, parts[0])
                 for parts, mode, oid in entries if len(parts) == 1]  # fmt: skip
        folders = dict.fromkeys(parts[0] for parts, _, _ in entries if len(parts) > 1)
        for folder in folders:
            deeper = [one for one in entries if len(one[0]) > 1 and one[0][0] == folder]
            inner = self._tree([(parts[1:], mode, oid) for parts, mode, oid in deeper])
            lines.append(("040000", "tree", inner, folder))
        data = b"".join(f"{mode} {kind} {oid}\t{name}\0".encode() for mode, kind, oid, name in lines)
        return self.git("mktree", "-z", "--missing", data=data)

    def content(self, rev: str, path: str) -> bytes:
        """What a commit has at a path."""
        return subprocess.run(
            ["git", "cat-file", "blob", f"{rev}:{path}"], cwd=self.root, env=self.env, capture_output=True, check=True
        ).stdout

    def paths(self, rev: str) -> list[str]:
        return [one for one in self.git("ls-tree", "-r", "-z", "--name-only", rev).split("\0") if one]
