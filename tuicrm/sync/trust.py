"""What a repository's own configuration may decide: nothing that runs a program, tells a secret or leads elsewhere.

A repository may come as an archive or on a stick, with whatever somebody wrote into its configuration. The user's own
(global) configuration is trusted; what is refused here can be allowed by name, value for value, on this machine.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from tuicrm.errors import Decision, Invalid, NotFound
from tuicrm.sync.urls import checked_url, same_place, without_password

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.sync.git import Git

ALLOWED = "git-config-allowed.json"
"""The file in the user's own state folder that holds what was allowed: one beside the repository could come with it."""
_OURS = frozenset((b"local", b"worktree"))
_SECTIONS = frozenset(("credential", "url", "include", "includeif", "protocol", "hook"))
"""Refused whatever follows."""
_KEYS = frozenset(
    (
        "core.sshcommand",
        "core.gitproxy",
        "core.askpass",
        "core.alternaterefscommand",
        "extensions.partialclone",
        "extensions.worktreeconfig",
        "fetch.bundleuri",
        "transfer.bundleuri",
        "gc.recentobjectshook",
    )
)
_OF_REMOTES = frozenset(
    (
        *("vcs", "pushurl", "uploadpack", "receivepack", "proxy", "proxyauthmethod"),
        *("promisor", "partialclonefilter", "serveroption"),
    )
)
_HARMLESS_HTTP = frozenset(
    ("postbuffer", "lowspeedlimit", "lowspeedtime", "version", "maxrequests", "minsessions", "maxrequestbuffer")
)
_PUSHED = ".pushurl"
_TRUE = frozenset(("true", "yes", "on", "1"))


class Config(NamedTuple):
    """The configuration that one repository's own files hold, and beside it the user's."""

    values: tuple[tuple[str, str], ...]
    """(key, value) in order; section and name in lower case, as git has them."""
    global_values: tuple[tuple[str, str], ...] = ()
    """The same of the system's and the user's files."""
    remote: str = ""
    """The name of the remote that the branch goes to; empty where there is none."""
    url: str = ""
    """Where it is fetched from, as it is written."""
    push_url: str = ""
    """Where it is pushed to; the same unless it is set apart."""
    upstream: str = ""
    """The full name of the branch there that this one follows; empty where that is not set."""

    def get(self, key: str, default: str = "") -> str:
        """Return the repository's own value, the last one where there are several."""
        return next((value for held, value in reversed(self.values) if held == key), default)

    def anywhere(self, key: str, default: str = "") -> str:
        """Return the value that counts: the repository's own, else the user's."""
        known = next((value for held, value in reversed(self.global_values) if held == key), default)
        return self.get(key, known)

    def rewritten(self, url: str, *, pushing: bool = False) -> str:
        """Return what git makes of a URL by the user's `url.….insteadOf`: the longest match counts."""
        for name in ("pushinsteadof", "insteadof") if pushing else ("insteadof",):
            found = [
                (len(value), key[len("url.") : -len(name) - 1])
                for key, value in (*self.global_values, *self.values)
                if key.startswith("url.") and key.endswith(f".{name}") and value and url.startswith(value)
            ]
            if found:
                length, base = max(found, key=lambda one: one[0])
                return base + url[length:]
        return url


def read(git: Git, branch: str = "") -> Config:
    """Return a repository's configuration, its remote that of a branch (full name).

    Raises Decision where it holds what only the user's own may decide and the user has not allowed it, and where a
    remote's URL is none.
    """
    local: list[tuple[str, str, str]] = []
    known: list[tuple[str, str]] = []
    for scope, origin, key, value in _listed(git):
        if scope in _OURS:
            local.append((origin, key, value))
        elif scope != b"command":
            known.append((key, value))
    _refuse(git, [one for one in local if not one[1].endswith(_PUSHED)])
    values = tuple((key, value) for _, key, value in local)
    config = Config(values, tuple(known))
    name = _remote_name(config, branch)
    if not name:
        return config
    upstream = _upstream(config, branch) if _follows(config, branch) == name else ""
    urls = [value for key, value in values if key == f"remote.{name}.url" and value]
    pushed = [value for key, value in values if key == f"remote.{name}.pushurl" and value]
    url = _checked(git, urls[0], values)
    push_url = _checked(git, pushed[0], values) if pushed else url
    if not same_place(url, push_url):
        # What only this user may read, fetched and joined, would go to whoever wrote that down.
        _refuse(git, [one for one in local if one[1] == f"remote.{name}{_PUSHED}"])
    return Config(
        values,
        config.global_values,
        remote=name,
        url=url,
        push_url=push_url,
        upstream=upstream,
    )


def refused(key: str, value: str = "") -> bool:
    """Whether a repository's own configuration may not hold this key (in lower case but for its middle part)."""
    section, _, rest = key.partition(".")
    name = rest.rpartition(".")[2]
    if section in _SECTIONS or key in _KEYS:
        return True
    if section == "http":
        return name not in _HARMLESS_HTTP and not (name == "sslverify" and value.lower() in _TRUE)
    if section == "remote":
        return name in _OF_REMOTES
    # Which faults in what is fetched are overlooked.
    return key.startswith("fetch.fsck.")


def allow(git: Git, key: str) -> list[str]:
    """Remember that a key may have exactly the values that this repository gives it, and return them.

    It holds for this workspace, this user and this machine. Raises NotFound where the repository has no such key,
    Invalid where there is nothing to allow.
    """
    wanted = _lowered(key.strip())
    held = [value for scope, _, one, value in _listed(git) if scope in _OURS and one == wanted]
    shown = _shown(wanted)
    if not held:
        raise NotFound(f"this repository's own configuration holds no {shown}")
    if not any(_is_refused(git, wanted, value) for value in held):
        raise Invalid(f"{shown} needs no leave: it is used as it is, or not at all")
    everything = _all_allowed(git)
    everything.setdefault(_place(git), {})[wanted] = held
    _write_allowed(git, everything)
    return held


def _listed(git: Git) -> list[tuple[bytes, str, str, str]]:
    """Return (scope, file, key, value) of all that git reads here, included files too."""
    parts = git.run("config", "--list", "--includes", "-z", "--show-scope", "--show-origin").out.split(b"\0")
    found = []
    for scope, origin, entry in zip(parts[::3], parts[1::3], parts[2::3], strict=False):
        key, _, value = entry.decode("utf-8", "surrogateescape").partition("\n")
        found.append((scope, os.fsdecode(origin).removeprefix("file:"), key, value))
    return found


def _refuse(git: Git, local: list[tuple[str, str, str]]) -> None:
    """Raise Decision for the first key that is refused and not allowed with all its values."""
    bad = next(((origin, key) for origin, key, value in local if _is_refused(git, key, value)), None)
    if bad is None:
        return
    allowed = _all_allowed(git).get(_place(git), {})
    for origin, key, value in local:
        held = [its for _, one, its in local if one == key]
        if _is_refused(git, key, value) and allowed.get(key) != held:
            shown, file = _shown(key), _shown(os.path.join(git.root, origin))
            told = f"{file} sets {shown}, which could run a program, tell a secret or lead elsewhere, so it is not used"
            if key.startswith("extensions.partialclone") or key.endswith((".promisor", ".partialclonefilter")):
                told = (
                    f"{file} sets {shown}: this clone is a part of the repository, and git would fetch the rest later"
                )
            leave = f"Look at it. To allow it here: tuicrm sync --allow {_quoted(shown)}"
            raise Decision(told, hint=f"{leave}; to take it out: git config --unset-all {_quoted(shown)}")


def _is_refused(git: Git, key: str, value: str) -> bool:
    if key == "core.worktree":
        return os.path.realpath(os.path.join(git.git_dir, value)) != os.path.realpath(git.root)
    return refused(key, value)


def _lowered(key: str) -> str:
    """Return a key as git lists it: the first and the last part in lower case."""
    section, dot, rest = key.partition(".")
    inner, inner_dot, name = rest.rpartition(".")
    return f"{section.lower()}{dot}{inner}{inner_dot}{name.lower()}"


def _shown(text: str) -> str:
    from tuicrm.text import clean_line

    return clean_line(without_password(text.encode("utf-8", "replace").decode()))[:300]


def _quoted(word: str) -> str:
    import shlex

    return shlex.quote(word)


def _short(branch: str) -> str:
    return branch.removeprefix("refs/heads/")


def _follows(config: Config, branch: str) -> str:
    return config.get(f"branch.{_short(branch)}.remote") if branch else ""


def _upstream(config: Config, branch: str) -> str:
    """Return the branch that one follows; Decision for what is none, as two of them at once."""
    from tuicrm.sync.remote import is_branch

    upstream, short = config.get(f"branch.{_short(branch)}.merge"), _shown(_short(branch))
    if upstream and not is_branch(upstream):
        raise Decision(
            f"{_shown(upstream)} is no branch that {short} could follow",
            hint=f"git branch --unset-upstream {_quoted(short)}",
        )
    return upstream


def _remote_name(config: Config, branch: str) -> str:
    """Return the remote that a branch goes to: its own, else origin, else the only one."""
    names = dict.fromkeys(
        key[len("remote.") : -len(".url")]
        for key, value in config.values
        if key.startswith("remote.") and key.endswith(".url") and value
    )
    for name in (_follows(config, branch), "origin"):
        if name in names:
            return name
    return next(iter(names)) if len(names) == 1 else ""


def _checked(git: Git, url: str, values: tuple[tuple[str, str], ...]) -> str:
    try:
        url = checked_url(url)
    except Invalid as problem:
        raise Decision(f"the remote's URL {problem.message}", hint=problem.hint) from None
    if any(key.startswith(f"remote.{url}.") for key, _ in values):
        raise Decision(
            f"{_shown(url)} is a remote's URL and another one's name, so git would go elsewhere",
            hint=f"Give that other one another name: git remote rename {_quoted(_shown(url))} NAME",
        )
    # Files of an old way to name remotes, which git would look into for a word without a slash.
    if "/" not in url and any(os.path.lexists(os.path.join(git.git_dir, one, url)) for one in ("remotes", "branches")):
        raise Decision(f"a file in {git.git_dir} decides what {_shown(url)} means", hint="Write the URL in full.")
    return url


def _place(git: Git) -> str:
    return os.path.realpath(git.root)


def _allowed_file(git: Git) -> Path:
    from tuicrm.crm.memory import state_folder

    return state_folder(git.user_environ) / ALLOWED


def _all_allowed(git: Git) -> dict[str, dict[str, list[str]]]:
    """Return workspace to key to values; what cannot be read counts as empty."""
    import json

    try:
        held = json.loads(_allowed_file(git).read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(held, dict):
        return {}
    return {place: dict(keys) for place, keys in held.items() if isinstance(keys, dict)}


def _write_allowed(git: Git, held: dict[str, dict[str, list[str]]]) -> None:
    import json

    from tuicrm.errors import ReadOnly
    from tuicrm.store.files import make_path

    path = _allowed_file(git)
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        make_path(str(path.parent))
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(held, file, sort_keys=True, indent=1)
        temporary.replace(path)
    except OSError as error:
        raise ReadOnly(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error
