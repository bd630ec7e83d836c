"""A screen above the others that is left once, however fast keys come."""

from __future__ import annotations

from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen

Answer = TypeVar("Answer")


class Once(ModalScreen[Answer]):
    """A key behind the one that closed it may still be on its way here: it must not close what lies below as well."""

    def dismiss(self, result: Answer | None = None) -> AwaitComplete:
        """Answer and close, unless that was done already."""
        if self not in self.app.screen_stack:
            return AwaitComplete()
        return super().dismiss(result)
