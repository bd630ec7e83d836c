"""What can be put into the log line: an answer of the team's library, an e-mail from a template."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.containers import Vertical

from tuicrm.errors import TuicrmError
from tuicrm.tui.screens.choose import Choose

if TYPE_CHECKING:
    from tuicrm.crm.letters import Letter
    from tuicrm.tui.desk import Desk
    from tuicrm.tui.logfields import TextField
    from tuicrm.tui.logline import Entered
    from tuicrm.tui.program import Program

WAYS = ("open it in the mail program", "copy it", "only put it down here")
"""What can be done with a letter, beside logging it."""


class Inserting(Vertical):
    """`ctrl+f` finds an answer, `ctrl+t` a template."""

    program: Program
    entered: Entered
    text: TextField
    _error: str

    @property
    def desk(self) -> Desk:
        """The session behind the screens."""
        return self.program.desk

    def insert(self, text: str) -> None:
        """Put a text where the cursor is."""
        raise NotImplementedError

    def look_again(self) -> None:
        """Draw what is entered."""
        raise NotImplementedError

    def hints(self, usual: str) -> str:
        """Return the keys to name: these two once the team has answers, and templates for an e-mail."""
        ws = self.desk.session.ws
        more = "  ctrl+t template" if self.entered.said.sort == "email" and ws.all("template") else ""
        more += "  ctrl+f answers" if ws.all("answer") else ""
        # All of them must fit into 80 cells.
        return f"{usual.replace('  Tab next', '')}{more}" if more else usual

    def _tell(self, said: str) -> None:
        self._error = said
        self.look_again()

    def action_answers(self) -> None:
        """Look through the answers."""
        from tuicrm.tui.answering import find_answer

        def take(key: str, text: str) -> None:
            self.entered = replace(self.entered, used=(*self.entered.used, key))
            self.text.focus()
            self.insert(text)

        find_answer(self.app, self.desk, take, self._tell)

    def action_template(self) -> None:
        """Choose a template, and fill it in for whom the line is about."""
        from tuicrm.crm.lettering import fitting
        from tuicrm.tui.screens.find import Entry, Find, Found

        if self.entered.said.sort != "email" or not self.entered.abouts:
            self._tell("a template is for an e-mail to somebody: m on a person, a company or a deal")
            return
        about = self.entered.abouts[0]
        with self.desk.lock:
            held = fitting(self.desk.session, about)
        if not held:
            self._tell("no template fits here: tuicrm template add NAME --of contact adds one")
            return

        def chosen(found: Found | None) -> None:
            if found is not None and found.key:
                self.fill(found.key)

        entries = [Entry(one["id"], str(one.get("name", "")), str(one.get("subject", ""))) for one in held]
        self.app.push_screen(Find(f"Templates for {about.title}", entries), chosen)

    def fill(self, key: str) -> None:
        """Put down the letter that a template makes; it is opened or copied as well if wanted."""
        from tuicrm.crm.letters import fill

        about = self.entered.abouts[0]
        try:
            with self.desk.lock:
                session = self.desk.session
                template, record = session.ws.get("template", key), session.ws.get(about.kind, about.id)
                if template is None or record is None:
                    return
                letter = fill(session, template, about.kind, record)
        except TuicrmError as problem:
            self._tell(str(problem))
            return
        said = replace(self.entered.said, outcome="sent")
        self.entered = replace(self.entered, said=said, abouts=(about,), body=letter.body.rstrip())
        self.text.value = letter.subject
        self.text.cursor_position = len(letter.subject)
        self._tell("; ".join(letter.warnings))

        def chosen(place: int | None) -> None:
            if place is not None:
                self._hand_over(letter, place)

        self.app.push_screen(Choose(f"To {letter.name or 'nobody'} {letter.to}", WAYS), chosen)

    def _hand_over(self, letter: Letter, place: int) -> None:
        from tuicrm.crm.letters import plain
        from tuicrm.crm.mailer import open_letter
        from tuicrm.tui.acting.copying import CopyKeys

        done = ""
        if place == 0:
            try:
                done = open_letter(letter, self.program.env)
            except TuicrmError as problem:
                self._tell(f"{problem}: {problem.hint}" if problem.hint else str(problem))
                return
        elif place == 1 and isinstance(self.program.main.pane, CopyKeys):
            self.program.main.pane.copy_text(plain(letter))
            done = "copied"
        self._tell("; ".join(filter(None, (done, *letter.warnings, "Enter logs it as sent, Esc does not"))))
