"""What a reason is, what it finds, and what is told of that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tuicrm.crm.advice.ground import Ground
    from tuicrm.crm.advice.stake import Stake

Ref = tuple[str, str]


class Hit(NamedTuple):
    """Something that a reason found; words are made for those only that are shown."""

    kind: str
    id: str
    """The record that is acted upon."""
    about: Ref
    """What it concerns: all that is found about one thing is one suggestion."""
    urgency: float
    """1 where it begins to matter, and more the more it does."""
    stake: Stake
    facts: str
    """What it rests on: a suggestion that was dismissed comes back once this differs."""
    numbers: tuple[Any, ...] = ()
    """What the reason says of it."""


class Told(NamedTuple):
    """A find in words."""

    say: str
    """What to do."""
    why: tuple[str, ...]
    command: str
    """The command of the TUI whose key does it."""
    do: str
    """The command line that does it, with words in capitals for what only a person knows."""


@dataclass(frozen=True)
class Reason:
    """One kind of reason to act, declared once."""

    key: str
    label: str
    """What is wrong, or promising, in a few words."""
    weight: float
    """Unless the team's setting says otherwise."""
    how: str
    """How urgency grows, for whoever wants to know."""
    find: Callable[[Ground], Iterator[Hit]]
    tell: Callable[[Ground, Hit], Told]
