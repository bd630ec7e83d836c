"""Every failure that a user may meet: one sentence each, with the exit code that scripts rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Sequence


class TuicrmError(Exception):
    """The root of all errors shown to people; `str()` is one clear sentence, `hint` says what to do."""

    EXIT_CODE: ClassVar[int] = 1
    code: ClassVar[str] = "failure"

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class UsageProblem(TuicrmError):
    """The command line itself is wrong."""

    EXIT_CODE = 2
    code = "usage"


class NotFound(TuicrmError):
    """Nothing answers to what was named."""

    EXIT_CODE = 3
    code = "not_found"


class Ambiguous(TuicrmError):
    """A name fits several records; `candidates` holds (id, label) pairs."""

    EXIT_CODE = 4
    code = "ambiguous"

    def __init__(self, message: str, *, candidates: Sequence[tuple[str, str]] = (), hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.candidates = tuple(candidates)


class Invalid(TuicrmError):
    """A value, a file or a record that cannot be accepted; `field` names the part."""

    EXIT_CODE = 5
    code = "invalid"

    def __init__(self, message: str, *, field: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.field = field


class Decision(TuicrmError):
    """Only the user can decide how to go on (a conflict, a sync)."""

    EXIT_CODE = 6
    code = "decision"


class Busy(TuicrmError):
    """Another process holds the workspace's lock for longer than is worth waiting."""

    EXIT_CODE = 7
    code = "busy"


class ReadOnly(TuicrmError):
    """The workspace cannot be written: permissions, a full disk, a read-only mount."""

    EXIT_CODE = 7
    code = "read_only"


class Cancelled(TuicrmError):
    """The user gave up."""

    EXIT_CODE = 130
    code = "cancelled"


class Damaged(TuicrmError):
    """Stored data is damaged in a way that needs a person."""

    EXIT_CODE = 8
    code = "damaged"
