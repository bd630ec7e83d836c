"""What keys do to the line items of a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.tui.acting.targets import Targets

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session


class ItemKeys(Targets):
    """They act on the first deal chosen; after each change the list is there again."""

    def action_deal_items(self) -> None:
        """Show the line items of the deal."""
        ids = self.here(self.deals(), "deal")[:1]
        if ids:
            self.show_items(ids[0])

    def show_items(self, deal: str, at: int = 0) -> None:
        """Show the line items of a deal, with what they come to and the keys that change them."""
        from tuicrm.crm import lineitems
        from tuicrm.crm.derive import amount
        from tuicrm.crm.lookup import title
        from tuicrm.crm.pricing import ordered
        from tuicrm.crm.quotes.paper import money
        from tuicrm.tui.screens.items import Items

        with self.desk.lock:
            session = self.desk.session
            held = session.ws.get("deal", deal)
            if held is None:
                return
            rows = item_lines(session, held)
            keys = [key for key, _ in ordered(held.get("items"))]
            found = lineitems.totals(session, held)
            value = amount(held.get("value"))
            sums = [f"{found.currency} {money(found.net, found.currency)} in all, before tax"] if rows else []
            differs = bool(rows) and value != found.net
            if differs:
                has = f"is {money(value, found.currency)}" if value is not None else "is not set"
                sums.append(f"the deal's value {has}")
            heading = f"Items: {title(session, 'deal', held)}"

        def chosen(answer: tuple[str, int] | None) -> None:
            if answer is not None:
                self._do_item(deal, answer[0], keys[answer[1]] if keys else "", answer[1])

        self.app.push_screen(Items(heading, rows, sums, at=at, offers=differs), chosen)

    def _do_item(self, deal: str, word: str, key: str, at: int) -> None:
        from tuicrm.crm import lineitems
        from tuicrm.tui.screens.items import ADD, EDIT, REMOVE

        if word in (ADD, EDIT):
            self._ask_item(deal, key if word == EDIT else "", at)
        elif word == REMOVE:
            self._change(deal, lambda session, held: lineitems.remove(session, held, [key]), at)
        else:
            self._change(deal, lineitems.take_value, at)

    def _ask_item(self, deal: str, key: str, at: int, text: str = "", wrong: str = "") -> None:
        """Ask for an item in one line; what is `wrong` with what was typed is said beside it."""
        from tuicrm.crm import itemline, lineitems
        from tuicrm.crm.shapes import table

        with self.desk.lock:
            session = self.desk.session
            held = table((session.ws.get("deal", deal) or {}).get("items")).get(key)
            text = text or (itemline.write(session, held) if held is not None else "")

        def plan(session: Session, record: dict[str, Any], line: str) -> Plan:
            typed = itemline.read(session, line, held)
            if held is not None:
                return lineitems.edit(session, record, key, typed)
            return lineitems.add(session, record, typed)

        def done(line: str | None) -> None:
            if line is None or not line.strip():
                self.after_line(lambda: self.show_items(deal, at))
            elif why := self._change(deal, lambda session, record: plan(session, record, line), at):
                self._ask_item(deal, key, at, line, why)

        opened = self.ask("item:", text, done=done)
        self.call_after_refresh(opened.judge, wrong or f"as in {itemline.EXAMPLE}", "late" if wrong else "muted")

    def _change(self, deal: str, make: Callable[[Session, dict[str, Any]], Plan], at: int) -> str:
        """Write a change of the items, and show them again; return why that failed, where it did."""
        held = self.desk.deals([deal])
        if not held:
            return ""
        done = self.desk.write(lambda session: make(session, held[0]))
        self.finish(done, [("deal", deal)])
        if not done.failed:
            self.after_line(lambda: self.show_items(deal, at))
        return done.said if done.failed else ""


def item_lines(session: Session, deal: dict[str, Any]) -> list[str]:
    """Return the line items of a deal, a line each: what it comes to, and what it is."""
    from tuicrm.crm import itemline, lineitems
    from tuicrm.crm.pricing import ordered
    from tuicrm.crm.quotes.paper import money

    found = lineitems.totals(session, deal)
    items = dict(ordered(deal.get("items")))
    nets = [money(one.net, found.currency) if one.price is not None else "no price" for one in found.lines]
    room = max(map(len, nets), default=0)
    lines = zip(nets, found.lines, strict=True)
    return [f"{net:>{room}}  {itemline.write(session, items[one.key])}" for net, one in lines]
