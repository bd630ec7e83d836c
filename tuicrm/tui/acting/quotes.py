"""What keys do with quotes: make one, look at it, and say what became of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import table
from tuicrm.tui.acting.copying import CopyKeys
from tuicrm.tui.acting.gated import OTHER, Gated
from tuicrm.tui.acting.items import ItemKeys

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session

OPEN, LOST = "the deal stays open", "the deal is lost, too"


class QuoteKeys(Gated, CopyKeys, ItemKeys):
    """They act on the quote that is chosen, else on the latest one of the first deal chosen."""

    def action_quote_make(self) -> None:
        """Make a quote of the deal's line items, and show it."""
        from tuicrm.crm.quotes.making import make

        ids = self.here(self.deals(), "deal")[:1]
        held = self.desk.deals(ids)
        if held and not table(held[0].get("items")):
            self.main.say("a quote is made of line items: a adds one, and then the quote can be made")
            self.show_items(ids[0])
        elif held:
            self._make(lambda session: make(session, held[0], {}), ids[0])

    def action_quote_show(self) -> None:
        """Show the quote that is chosen, or the latest one of the deal."""
        from tuicrm.crm.quotes.standing import of_deal

        chosen = self.records("quote")
        if not chosen:
            with self.desk.lock:
                chosen = [one["id"] for deal in self.deals()[:1] for one in of_deal(self.desk.session, deal)]
        if self.here(chosen, "quote"):
            self.show_quote(chosen[0])

    def show_quote(self, key: str) -> None:
        """Show a quote as it reads, with the keys for what became of it."""
        from tuicrm.crm.quotes.paper import paper
        from tuicrm.crm.quotes.standing import called, status
        from tuicrm.records.kinds.quote import DRAFT
        from tuicrm.tui.screens.quoted import Quoted

        with self.desk.lock:
            session = self.desk.session
            session.at(self.desk.clock())
            quote = session.ws.get("quote", key)
            if quote is None:
                self.main.say("this quote is no longer there")
                return
            sheet, stands, name = paper(session, quote), status(session, quote), called(session, quote)

        def chosen(word: str | None) -> None:
            if word is not None:
                self._do_quote(word, key)

        self.app.push_screen(Quoted(sheet, f"{name}: {stands}", draft=stands == DRAFT), chosen)

    def _do_quote(self, word: str, key: str) -> None:
        from tuicrm.crm.quotes import deciding, making
        from tuicrm.tui.screens import quoted

        quote = self._quote(key)
        if quote is None:
            return
        deal = str(quote.get("deal", ""))
        if word == quoted.SEND:
            done = self.desk.write(lambda session: deciding.send(session, quote))
            self.finish(done, [("quote", key), ("deal", deal)])
        elif word == quoted.REVISE:
            self._make(lambda session: making.revise(session, quote, {}), deal)
        elif word == quoted.COPY:
            self._copy_quote(quote)
        elif word == quoted.FILE:
            self._ask_file(quote)
        elif word == quoted.EDIT:
            self._edit_quote(key)
        elif word == quoted.ACCEPT:
            self._accept(quote, deal)
        else:
            self._ask_why_declined(quote, deal)

    def _quote(self, key: str) -> dict[str, Any] | None:
        with self.desk.lock:
            return self.desk.session.ws.get("quote", key)

    def _make(self, make: Callable[[Session], Plan], deal: str) -> None:
        done = self.desk.write(make)
        self.finish(done, [("deal", deal)])
        if done.changed and done.plan is not None:
            self.show_quote(done.plan.ids[0])

    def _copy_quote(self, quote: dict[str, Any]) -> None:
        from tuicrm.crm.quotes.paper import paper
        from tuicrm.crm.quotes.plain import text_of

        with self.desk.lock:
            text = text_of(paper(self.desk.session, quote))
        self.copy_text(text)

    def _edit_quote(self, key: str) -> None:
        """Edit a draft in a form: its days, its terms, whom it is for; then it is there again."""
        from tuicrm.tui.forms import open_form

        open_form(self.program, "quote", record_id=key, then=lambda ids: self.after_line(lambda: self.show_quote(key)))

    def _ask_file(self, quote: dict[str, Any]) -> None:
        """Ask where a quote is to be written; the ending of the name says in which form."""
        from tuicrm.crm.quotes.giving import file_name

        with self.desk.lock:
            name = file_name(self.desk.session, quote, "pdf")
        line = self.ask("write to:", f"~/{name}", done=lambda text: self._write_quote(quote, text))
        self.call_after_refresh(line.judge, "or .html, .md, .txt")

    def _write_quote(self, quote: dict[str, Any], text: str | None) -> None:
        from tuicrm.crm.quotes.giving import form_of
        from tuicrm.crm.quotes.paper import paper
        from tuicrm.errors import TuicrmError

        if text is None or not text.strip():
            return
        try:
            path = Path(text.strip()).expanduser()
            form = form_of(path)
        except (TuicrmError, RuntimeError) as problem:
            self.main.say(str(problem), "late")
            return
        with self.desk.lock:
            sheet, now, root = paper(self.desk.session, quote), self.desk.session.now, self.desk.session.ws.root
        self.main.say(f"writing {path} …", "muted")

        def write() -> None:
            from tuicrm.crm.quotes.giving import set_as
            from tuicrm.exchange.outfile import written_whole

            try:
                data, warnings = set_as(sheet, form, os.environ, now)
                with written_whole(path, root=root) as file:
                    file.write(data)
                said, look = "; ".join((f"wrote {path}", *warnings)), "late" if warnings else "good"
            except TuicrmError as problem:
                said, look = str(problem), "late"
            self.app.call_from_thread(self.main.say, said, look)

        self.run_worker(write, thread=True, group="quote", exit_on_error=False)

    def _accept(self, quote: dict[str, Any], deal: str) -> None:
        """Accept a quote; where the deal is worth something else, ask which of the two holds."""
        from tuicrm.crm.quotes.deciding import accept, other_value

        def go(take: bool) -> None:
            self.through(
                [deal],
                lambda session, deals, given: accept(
                    session, quote, typed=given.typed, along=given.along, take_value=take
                ),
                heading=self._called(quote, "Accepted"),
                note="accepted a quote",
            )

        with self.desk.lock:
            worth = other_value(self.desk.session, quote)
        if worth is None:
            go(False)
        else:
            texts = [f"the deal's value becomes {worth.quote}", f"it stays {worth.deal or 'without one'}"]
            self.pick(self._called(quote, "Accepted"), texts, 0, lambda place: go(place == 0))

    def _ask_why_declined(self, quote: dict[str, Any], deal: str) -> None:
        reasons = self.desk.lost_reasons()

        def chosen(place: int) -> None:
            if place == len(reasons):
                self.ask("reason:", done=lambda text: self._declined(quote, deal, text))
            else:
                self._ask_about_deal(quote, deal, reasons[place])

        self.pick(self._called(quote, "Declined"), [*reasons, OTHER], 0, chosen)

    def _declined(self, quote: dict[str, Any], deal: str, reason: str | None) -> None:
        if reason is not None and reason.strip():
            self.after_line(lambda: self._ask_about_deal(quote, deal, reason))

    def _ask_about_deal(self, quote: dict[str, Any], deal: str, reason: str) -> None:
        from tuicrm.crm.quotes.deciding import decline

        def chosen(place: int) -> None:
            self.through(
                [deal],
                lambda session, deals, given: decline(
                    session, quote, reason, lose=place == 1, typed=given.typed, along=given.along
                ),
                heading=self._called(quote, "Declined"),
                note="declined a quote",
            )

        self.pick(self._called(quote, "Declined"), [OPEN, LOST], 0, chosen)

    def _called(self, quote: dict[str, Any], verb: str) -> str:
        from tuicrm.crm.quotes.standing import called

        with self.desk.lock:
            return f"{verb}: {called(self.desk.session, quote)}"
