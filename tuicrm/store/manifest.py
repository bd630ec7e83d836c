"""`tuicrm.json`, which makes a folder a workspace: reading it, and starting a workspace."""

from __future__ import annotations

import contextlib
import os
from codecs import BOM_UTF8

import orjson

from tuicrm.errors import Damaged, Invalid, NotFound
from tuicrm.store import files
from tuicrm.store.ulid import is_ulid

NAME = "tuicrm.json"
ATTRIBUTES = ".gitattributes"
FORMAT = 1
RULE = b"data/**/*.jsonl -text merge=union\n"
_MOST = 1 << 20
_SHAPE = (
    'It should read like {"format": 1, "id": "01J9ZC0V8Q4N7R2T5W8Y1B3D6F", "name": "Acme"}; git has its last version.'
)
_SAFE_ENVIRONMENT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "LOGNAME", "XDG_CONFIG_HOME")
_GIT_TIMEOUT = 20.0


def read(root: str) -> tuple[str, str]:
    """The id and name of a workspace; NotFound where the folder is none, Damaged where it cannot be used."""
    path = os.path.join(root, NAME)
    try:
        folder = files.open_root(root)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotFound(f"There is no folder {root}.") from error
    except OSError as error:
        raise files.unreadable(error, root) from error
    try:
        data = _read(folder, root, path)
    finally:
        files.close(folder)
    try:
        told = orjson.loads(data.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise Damaged(
            f"{path}, line {error.lineno}, column {error.colno}: {error.msg[:1].lower()}{error.msg[1:]}.", hint=_SHAPE
        ) from error
    if not isinstance(told, dict) or type(told.get("format")) is not int or told["format"] < 1:
        raise Damaged(f'{path} must hold an object with "format": {FORMAT}, an id and a name.', hint=_SHAPE)
    if told["format"] > FORMAT:
        raise Invalid(
            f"{path} has format {told['format']}, written by a later tuicrm; this one knows format {FORMAT}.",
            hint="Update tuicrm on this machine.",
        )
    if not is_ulid(told.get("id")) or not isinstance(told.get("name"), str):
        raise Damaged(f"{path} must hold an id (a ULID) and a name (text).", hint=_SHAPE)
    return told["id"], told["name"]


def _read(folder: int, root: str, path: str) -> bytes:
    try:
        fd = files.open_read(NAME, folder)
    except FileNotFoundError as error:
        raise NotFound(
            f"{root} is not a workspace: it has no {NAME}.", hint="Make one with `tuicrm init`, or name another folder."
        ) from error
    except OSError as error:
        raise files.unreadable(error, path) from error
    try:
        return files.read_at(fd, _MOST, 0)
    except OSError as error:
        raise files.unreadable(error, path) from error
    finally:
        files.close(fd)


def create(root: str, name: str, id_: str) -> None:
    """Make a folder a workspace; `tuicrm.json` comes last, so that a start cut short can simply be repeated."""
    try:
        if not os.path.isdir(root):
            files.make_path(root)
        if os.path.lexists(os.path.join(root, NAME)):
            raise Invalid(f"{root} is a workspace already.", hint="Open it, or choose another folder.")
        if not os.path.lexists(os.path.join(root, ".git")):
            _start_git(root)
            _close_git(root)
        folder = files.open_root(root)
        try:
            _add_rule(folder)
            told = orjson.dumps({"format": FORMAT, "id": id_, "name": name}) + b"\n"
            _write(folder, NAME, told)
            files.sync(folder)
        finally:
            files.close(folder)
    except OSError as error:
        raise files.unwritable(error, root) from error
    except TypeError as error:
        raise Invalid("The workspace's name holds half a character (a lone surrogate).", field="name") from error


def _add_rule(folder: int) -> None:
    """Put our line into .gitattributes, below whatever a team has there already."""
    there = b""
    with contextlib.suppress(FileNotFoundError):
        fd = files.open_read(ATTRIBUTES, folder)
        try:
            there = files.read_at(fd, _MOST, 0)
        finally:
            files.close(fd)
    if RULE.strip() in there.split(b"\n"):
        return
    if there and not there.endswith(b"\n"):
        there += b"\n"
    _write(folder, ATTRIBUTES, there + RULE)


def _write(folder: int, name: str, data: bytes) -> None:
    temporary = f".{name}.tuicrm"
    with contextlib.suppress(FileNotFoundError):
        files.remove(temporary, folder)
    fd = files.open_new(temporary, folder)
    try:
        files.write_at(fd, data, 0)
        files.sync(fd)
    finally:
        files.close(fd)
    files.replace(temporary, folder, name, folder)


def _close_git(root: str) -> None:
    """Let nobody else into a repository that was made here; git itself goes by the umask."""
    with contextlib.suppress(FileNotFoundError):
        os.chmod(os.path.join(root, ".git"), 0o700)


def _start_git(root: str) -> None:
    """`git init`, without the user's templates; a machine without git gets a workspace without it."""
    import subprocess

    environment = {key: os.environ[key] for key in _SAFE_ENVIRONMENT if key in os.environ}
    try:
        done = subprocess.run(
            ["git", "init", "--quiet", "--template=", "--initial-branch=main", "--", root],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=_GIT_TIMEOUT,
            check=False,
        )
    except (FileNotFoundError, subprocess.TimeoutExpired, PermissionError):
        return
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip()
        raise Invalid(f"git could not start a repository in {root}: {said!a}.")
