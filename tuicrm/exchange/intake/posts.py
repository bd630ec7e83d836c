"""What an intake is read into, whatever its format, and how much of it is read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LARGEST = 1_000_000
"""Bytes of an intake; what is larger is a file to be imported."""
LARGEST_MAIL = 32 * 1024 * 1024
"""Bytes of an e-mail with attachments, of which only the text is read."""
MOST_LINES = 50_000
MOST_POSTS = 1_000
MOST_ANSWERS = 200
LONGEST = 100_000
"""Characters of one answer."""
IMPORT = "tuicrm import takes lists of people, whatever their size"


@dataclass(frozen=True)
class Letter:
    """What an e-mail says beside its text."""

    sender: tuple[str, str]
    subject: str
    body: str
    at: str
    """When it was sent, as records hold it; empty where nobody can say."""
    key: str
    """What tells it from others: its message id."""
    thread: str
    machine: bool
    """Whether a list or a machine sent it."""


@dataclass(frozen=True)
class Post:
    """One filled form, or one e-mail."""

    where: str
    """Where in the intake it stands, for people: `post 2`, `line 3`; empty where it is all there is."""
    answers: tuple[tuple[str, str], ...] = ()
    """Questions and answers of a form, as they came."""
    letter: Letter | None = None
    wrong: str = ""
    """Why it cannot be taken, where that is known already."""


@dataclass
class Posts:
    """All posts of an intake, in their order."""

    form: str
    """What it turned out to be: `a JSON post`."""
    held: list[Post] = field(default_factory=list)


def checked(answers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return answers without the empty ones; raises Invalid for what no record can hold."""
    from tuicrm.crm.parsing import refuse_unstorable

    found = tuple((key.strip(), text.replace("\r\n", "\n").strip()) for key, text in answers)
    found = tuple((key, text) for key, text in found if text)
    if len(found) > MOST_ANSWERS:
        raise Invalid(f"it has {len(found):,} answers; a form has at most {MOST_ANSWERS}")
    for key, text in found:
        refuse_unstorable(key, "a question")
        name = shown(key)
        if len(key) > MOST_ANSWERS:
            raise Invalid(f"the question {name!r} is {len(key):,} characters long; {MOST_ANSWERS} are taken")
        if len(text) > LONGEST:
            raise Invalid(f"{name}: the answer is {len(text):,} characters long; {LONGEST:,} are taken")
        refuse_unstorable(text, name)
    return found


def shown(key: str) -> str:
    """Return a question as a sentence names it."""
    return " ".join(key[:60].split())


def numbered(parts: Sequence[object], word: str) -> list[str]:
    """Return where each of several posts stands; nothing for a single one."""
    return [f"{word} {at}" for at in range(1, len(parts) + 1)] if len(parts) > 1 else [""] * len(parts)
