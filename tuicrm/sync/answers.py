"""Why a remote could not be talked to, or did not take what was sent: one sentence for what git and ssh say in many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Busy, Decision, ReadOnly, TuicrmError
from tuicrm.sync.git import DISK_FULL

if TYPE_CHECKING:
    from tuicrm.sync.git import Ran


_NOT_WRITABLE = (
    "insufficient permission for adding an object",
    "unable to append to",
    "unable to create temporary file",
)
"""What git says where it may not write into the repository on this machine."""


class Unreachable(TuicrmError):
    """The remote did not answer, or there is none at its URL: what is here is safe, and can be sent another time."""

    EXIT_CODE = 7
    code = "unreachable"


class NeedsCredentials(Unreachable):
    """The remote did not believe who asks."""

    code = "needs_credentials"


class Refused(Decision):
    """The remote answered, and what it said cannot be gone along with, or it does not take what is sent to it."""

    code = "refused"


_FASTER = (
    "non-fast-forward",
    "fetch first",
    "stale info",
    "needs force",
    "failed to update ref",
    "failed to lock",
    "cannot lock ref",
    "incorrect old value",
    "reference already exists",
)
_NAMELESS = "its host is not known here: is this machine online?"
_NOTHING_THERE = "there is no repository there"
_REASONS = (
    ("could not resolve host", _NAMELESS),
    ("name resolution", _NAMELESS),
    ("network is unreachable", "this machine is offline"),
    ("does not appear to be a git repository", _NOTHING_THERE),
    ("not a git repository", _NOTHING_THERE),
    ("does not exist", _NOTHING_THERE),
    ("not found", f"{_NOTHING_THERE}, or none for you"),
)
_UNKNOWN_USER = (
    "terminal prompts disabled",
    "could not read username",
    "could not read password",
    "authentication failed",
    "permission denied (",
    "access denied",
    "returned error: 401",
    "too many authentication failures",
)
_FORBIDDEN = ("returned error: 403", "error: permission to ", "write access to repository not granted")
_SAYS_NOTHING = (
    "fatal: could not read from remote repository",
    "please make sure you have the correct access rights",
    "and the repository exists",
    "fatal: the remote end hung up",
    "hint:",
)
_FAULTY = ("fsck error", "error in object", "fsck error in packed object")


def problem(ran: Ran, shown: str, *, pushing: bool = False) -> TuicrmError:
    """Return the error for a fetch or a push that came to nothing; `shown` is the URL as it may be shown."""
    told = "\n".join(ran.said).lower()
    mine = [one for one in ran.said if not one.startswith("remote:")]
    here = _here(mine)
    if here is not None:
        return here
    if not pushing and any(one in told for one in _FAULTY):
        return Refused(
            f"{shown} sent something that is no proper commit or file, so none of it was taken: {_reason(ran, mine)}",
            hint="Ask who pushed last. What git says about it: git fetch, then git fsck.",
        )
    if "dubious ownership" in told:
        path = shown.removeprefix("file://")
        return Unreachable(
            f"{shown} belongs to another user of this machine, and git does not trust it",
            hint=f"If you do: git config --global --add safe.directory {path}",
        )
    reason = _reason(ran, mine)
    hint = "Check the URL, and that you may read there." if reason.startswith(_NOTHING_THERE) else ""
    return _not_let_in(told, shown, pushing) or Unreachable(f"{shown} cannot be reached: {reason}", hint=hint)


def too_large(shown: str) -> Refused:
    """Return the error for a remote that sends more than a fetch may write into one file."""
    return Refused(
        f"{shown} sends a file that is too large to be a team's data, so nothing of it was taken",
        hint="Ask who pushed last, and look at what that commit brought.",
    )


def _here(lines: list[str]) -> TuicrmError | None:
    """Return the error where it is this machine that failed, and not the remote."""
    for line in lines:
        low = line.lower()
        if any(one in low for one in DISK_FULL):
            return ReadOnly("the disk is full, so nothing could be fetched", hint="Make room, then sync again.")
        if any(one in low for one in _NOT_WRITABLE):
            return ReadOnly(f"the repository here cannot be written: {line.partition(': ')[2]}")
        if "cannot lock ref" in low:
            return Busy(
                f"git is at work on this repository: {line.partition(': ')[2]}",
                hint="Sync again; where no git runs any more, remove the lock file that is named.",
            )
    return None


def _not_let_in(told: str, shown: str, pushing: bool) -> TuicrmError | None:
    if "host key verification failed" in told:
        return NeedsCredentials(
            f"{shown} cannot be reached: its host's key is not known here, or is another one than before",
            hint="Connect to that host with ssh once, and compare the key that it shows.",
        )
    if any(one in told for one in _FORBIDDEN):
        return Refused(
            f"{shown} says that you may not {'write' if pushing else 'read'} there",
            hint="Ask whoever looks after that repository for access.",
        )
    if any(one in told for one in _UNKNOWN_USER):
        return NeedsCredentials(
            f"{shown} does not know who asks",
            hint="Set up an ssh key or a credential helper for it, or sync from a terminal, where git can ask.",
        )
    return None


def _reason(ran: Ran, mine: list[str]) -> str:
    from tuicrm.sync.git import why

    told = "\n".join(mine).lower()
    known = next((text for sign, text in _REASONS if sign in told), "")
    if known:
        return known
    telling = [one for one in ran.said if not one.lower().startswith(_SAYS_NOTHING)]
    reason = why(ran._replace(said=telling or ran.said))
    # "unable to access 'URL': …": the URL is named already.
    before, found, after = reason.partition("': ")
    return after if found and before.startswith("unable to access '") else reason


def was_slower(ran: Ran, reason: str) -> bool:
    """Whether a push was turned down, for this reason, only because another one came in between."""
    # A branch main/x is in the way of main for ever.
    in_the_way = any("exists; cannot create" in one for one in ran.said)
    return not in_the_way and any(one in reason for one in _FASTER)


def refusal(ran: Ran, shown: str, reason: str) -> TuicrmError:
    """Return why a remote does not take a push, with the words that it had for that."""
    if "failed to report status" in reason:
        return Unreachable(f"{shown} ended without saying whether it took what was sent")
    if "branch is currently checked out" in reason:
        return Refused(
            f"{shown} does not take it: that branch is checked out there",
            hint="Share a bare repository, one made with git init --bare, and not somebody's own workspace.",
        )
    words = [one.partition(":")[2].strip() for one in ran.said if one.startswith("remote:")]
    words += [one.partition(":")[2].strip() for one in ran.said if one.startswith("error: remote unpack failed")]
    told = "; ".join(one for one in words if one and not one.endswith("done."))[:600]
    more = f": {told}" if told else ""
    return Refused(
        f"{shown} does not take it ({reason or 'it did not say why'}){more}",
        hint="All is kept here. Ask whoever looks after that repository.",
    )


def told(out: bytes) -> tuple[str, str]:
    """Return the flag and the reason in what `push --porcelain` says of the one ref."""
    from tuicrm.text import clean_line

    for line in out.decode("utf-8", "replace").split("\n"):
        parts = line.split("\t")
        if len(parts) >= 3 and len(parts[0]) == 1:
            return parts[0], clean_line(parts[2].partition("(")[2].rpartition(")")[0])[:300]
    return "", ""
