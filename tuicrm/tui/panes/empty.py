"""What a board without cards says: what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.crm.board import Board
    from tuicrm.tui.safe import Line
    from tuicrm.tui.viewing import View


def lines(board: Board, view: View) -> list[Line]:
    """Return the lines to show instead of cards; none where there are cards."""
    if board.open_count:
        return []
    if view.filter:
        found = [f"No open deal fits the filter: {view.filter}", "Esc clears it."]
    elif view.query:
        found = [f"No open deal in the view {view.name}.", "v chooses another view; 2 is the team's."]
    else:
        found = [
            f"No open deals in {board.pipeline_name} yet.",
            "",
            "a adds one in a form; : adds one in a line, as in",
            "    deal Acme renewal 12k close end of month",
            "",
            "Or bring them in from a spreadsheet:",
            "    tuicrm import deals.csv --as deals --map title=name",
            "",
            "By a command, it appears here at once:",
            '    tuicrm deal add "Acme renewal" --company Acme --value 12k',
        ]
    return [(), *(((f"  {one}", "title" if at == 0 else "muted"),) for at, one in enumerate(found))]
