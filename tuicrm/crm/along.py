"""What is given along with a move, for the gate of the stage: boxes ticked, a talk logged, a reason, or a push."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class Along:
    """What a rep says beside where a deal goes."""

    ticks: tuple[str, ...] = ()
    """Boxes by their words or keys."""
    logs: tuple[tuple[str, str], ...] = ()
    """(type, text) of activities to log."""
    reason: str = ""
    """Why a deal goes back."""
    force: bool = False
    """Whether to go on without what the stage asks for."""
    spare: bool = False
    """Whether ticks and talks are left out for deals that do not lack them, as where many are moved at once."""
    free: bool = False
    """Whether gates do not count at all: the pipeline itself is being changed."""
    past: bool = False
    """Whether it is told what happened elsewhere, as imports do: then only the fields count."""

    def plus(self, other: Along) -> Along:
        """Return both together."""
        return replace(
            self,
            ticks=(*self.ticks, *other.ticks),
            logs=(*self.logs, *other.logs),
            reason=other.reason or self.reason,
            force=self.force or other.force,
            spare=self.spare or other.spare,
        )


NOTHING = Along()


@dataclass(frozen=True)
class Given:
    """All that is given along: fields as they were typed, and the rest."""

    typed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    along: Along = NOTHING

    def plus(self, other: Given) -> Given:
        """Return both together."""
        return Given({**self.typed, **other.typed}, self.along.plus(other.along))
