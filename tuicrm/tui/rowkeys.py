"""The keys that go up and down rows, for panes that know what a step is."""

from __future__ import annotations

FAR = 10**6
"""More rows than there are."""


class RowKeys:
    """A pane defines `move_by` and `rows_per_page`."""

    def move_by(self, by: int) -> None:
        """Go so many rows down (up, below zero), as far as there are any."""
        raise NotImplementedError

    @property
    def rows_per_page(self) -> int:
        """How many rows a page is."""
        raise NotImplementedError

    def action_cursor_down(self) -> None:
        """Down a row."""
        self.move_by(1)

    def action_cursor_up(self) -> None:
        """Up a row."""
        self.move_by(-1)

    def action_cursor_first(self) -> None:
        """To the first row."""
        self.move_by(-FAR)

    def action_cursor_last(self) -> None:
        """To the last row."""
        self.move_by(FAR)

    def action_cursor_page_down(self) -> None:
        """Several rows down."""
        self.move_by(self.rows_per_page)

    def action_cursor_page_up(self) -> None:
        """Several rows up."""
        self.move_by(-self.rows_per_page)
