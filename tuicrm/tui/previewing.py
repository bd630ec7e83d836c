"""Showing the record under the cursor beside a list, where there is room for both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.pane import Pane
from tuicrm.tui.shape import PREVIEW, PREVIEW_FROM

if TYPE_CHECKING:
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.preview import Preview


class Previewing(Pane):
    """A pane with a preview: `previewed` says of what; `preview_follows` is called where the cursor may have moved."""

    preview: Preview | None = None
    _wants_preview: bool | None = None
    """Whether the user turned it on or off; None leaves it to the width."""

    def previewed(self) -> Ref | None:
        """Return the record under the cursor."""
        raise NotImplementedError

    def preview_follows(self) -> None:
        """Show what is under the cursor now, once the keys have settled."""
        if self.preview is not None:
            self.preview.show(self.previewed())

    def preview_again(self) -> None:
        """Read the record again: the workspace has changed."""
        if self.preview is not None:
            self.preview.changed()

    def on_resize(self) -> None:
        """Show the preview where there is plenty of room."""
        wants = self._wants_preview
        if wants is None:
            wants = self.size.width >= PREVIEW and not self.program.accessible
        self._show_preview(wants and self.size.width >= PREVIEW_FROM)

    def action_list_preview(self) -> None:
        """Show the record under the cursor beside the list, or hide it."""
        # A pane that was opened by the key before has no size yet; it will be as wide as the screen.
        if (self.size.width or self.app.size.width) < PREVIEW_FROM:
            self.main.say(f"no room for a preview: it takes {PREVIEW_FROM} columns")
            return
        self._wants_preview = self.preview is None or not self.preview.is_shown
        self._show_preview(self._wants_preview)

    def _show_preview(self, on: bool) -> None:
        if self.preview is None:
            if not on:
                return
            from tuicrm.tui.preview import Preview

            self.preview = Preview()
            self.mount(self.preview)
        if on != self.preview.is_shown:
            self.preview.toggle(on)
            self.preview_follows()
