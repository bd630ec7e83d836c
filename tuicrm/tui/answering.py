"""Looking through the team's answers while one writes: typing narrows, Enter takes, what is missing is collected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.crm.shapes import word
from tuicrm.tui.screens.find import SHOWN, Entry, Find, Found

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from textual.app import App

    from tuicrm.tui.desk import Desk

COLLECT = "nobody has answered this: collect"


def find_answer(app: App[Any], desk: Desk, take: Callable[[str, str], None], tell: Callable[[str], None]) -> None:
    """Let an answer be found; `take` gets its id and text, `tell` what came of a question that has none yet."""

    def entries(text: str) -> list[Entry]:
        from tuicrm.crm.answers import search

        with desk.lock:
            held = search(desk.session, text, limit=SHOWN)
        return [Entry(one["id"], word(one.get("question")), " ".join(word(one.get("answer")).split())) for one in held]

    def chosen(found: Found | None) -> None:
        if found is None:
            return
        if found.key:
            with desk.lock:
                record = desk.session.ws.get("answer", found.key) or {}
            take(found.key, word(record.get("answer")))
        elif found.text:
            from tuicrm.crm.answers import ask

            tell(desk.write(lambda session: ask(session, found.text)).said)

    app.push_screen(Find("Answers, the most used first", entries, create=COLLECT), chosen)
