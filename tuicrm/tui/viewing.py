"""Which records a pane shows: view, filter, order, pipeline, columns, and the loading of it all in a thread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from textual.message import Message

from tuicrm.errors import TuicrmError
from tuicrm.tui.saving import Saving

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from textual import events
    from textual.timer import Timer
    from textual.worker import Worker

    from tuicrm.tui.screens.ask import Ask

SETTLE_SECONDS = 0.3
"""How long after a key the model is built again: presses in a row build it once."""


@dataclass
class View:
    """What a pane is asked for."""

    name: str = ""
    """`mine`, `team` or a saved view; empty until the first look at the data decides."""
    number: int = 0
    query: str = ""
    filter: str = ""
    order: str = ""
    pipeline: str = ""
    columns: tuple[str, ...] = ()
    """The fields to show; the pane's own choice where empty."""
    group: str = ""
    """What the board groups the cards of a stage by."""

    @property
    def where(self) -> str:
        """The whole query."""
        return " ".join(f"({one})" for one in (self.query, self.filter) if one.strip())


def kept(good: str, text: str) -> str:
    """Return the filter that stays while `text` is no query: the last good one, less the word that began this term."""
    before, _, word = good.rpartition(" ")
    goes_on = text.startswith(good) and not text[len(good) :].startswith(" ")
    return before.strip() if goes_on and not set(word) & set(':<>=!"()') else good


class ModelCame(Message):
    """A model was built, in the thread that builds them."""

    def __init__(self, model: Any, asked: int, view: View) -> None:
        super().__init__()
        self.model = model
        self.asked = asked
        self.view = view


class ModelFailed(Message):
    """A model could not be built, for a reason that people understand."""

    def __init__(self, sentence: str, asked: int) -> None:
        super().__init__()
        self.sentence = sentence
        self.asked = asked


class Viewing(Saving):
    """The part of a pane that chooses and loads what is shown."""

    ORDERS: ClassVar[tuple[tuple[str, str], ...]] = ()
    """Orders to choose from, with their names; the first is taken unless told."""
    ORDER_HEADING: ClassVar[str] = "Order"

    view: View
    _asked = 0
    _tidy = False
    """Whether what the first loading needed for a moment was given back."""
    _timer: Timer | None = None
    _ask: Ask | None = None
    _early: tuple[events.Key, ...] | None = ()
    """Keys pressed before the first data, such as those behind the key of the pane; None once it has come."""
    _objection = ""
    """What is wrong with the filter that is being typed; no model that comes meanwhile hides it."""

    def build(self, view: View) -> Any:
        """Return the model of what is asked for; called in a thread that holds what `at_work` gives."""
        raise NotImplementedError

    def at_work(self) -> AbstractContextManager[object]:
        """Return what is held while a model is built."""
        return self.desk.lock

    def came(self, model: Any) -> None:
        """Show a model."""
        raise NotImplementedError

    def model_count(self, model: Any) -> int:
        """Return how many records a model shows."""
        raise NotImplementedError

    def counted(self, model: Any) -> str:
        """Return how many records a model shows, in words."""
        return f"{self.model_count(model):,} found"

    @property
    def order_name(self) -> str:
        """The present order in words."""
        return dict(self.ORDERS).get(self.view.order, self.view.order)

    def ask_again(self) -> None:
        """Build the model in a thread; only the answer to the last question counts."""
        self._asked += 1
        asked = self._asked
        view = replace(self.view)
        self.run_worker(lambda: self._build(view, asked), thread=True, group="model", exit_on_error=False)

    def ask_soon(self) -> None:
        """Build the model once the keys have settled."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(SETTLE_SECONDS, self.ask_again)

    def changed(self) -> None:
        """Build the model again, now or when the pane is next in sight."""
        if self.display:
            self.ask_again()
        else:
            self.stale = True

    def _build(self, view: View, asked: int) -> None:
        if self._tidy:
            self._answer(view, asked)
            return
        from tuicrm.tui.upkeep import give_back, loading

        with loading():
            self._answer(view, asked)
        self._tidy = True
        give_back()

    def _answer(self, view: View, asked: int) -> None:
        try:
            with self.at_work():
                if asked != self._asked:
                    return
                view.order = view.order or (self.ORDERS[0][0] if self.ORDERS else "")
                model = self.build(view) if view.name else self._first(view)
        except TuicrmError as error:
            self.post_message(ModelFailed(str(error), asked))
            return
        self.post_message(ModelCame(model, asked, view))

    def _first(self, view: View) -> Any:
        """Build the user's own records, or the team's where the user has none."""
        mine = self.desk.mine()
        if mine:
            view.name, view.number, view.query = "mine", 1, mine
            model = self.build(view)
            if self.model_count(model):
                return model
        view.name, view.number, view.query = "team", 2, ""
        return self.build(view)

    async def _on_key(self, event: events.Key) -> None:
        if self._early is not None and self._opened() is None and (self._early or self._is_own(event.key)):
            event.stop()
            event.prevent_default()
            self._early = () if event.key == "escape" else (*self._early, event)

    def _is_own(self, key: str) -> bool:
        """Tell whether a key does something to what is listed: what others do needs no data."""
        return any(namespace is self and key in held.key_to_bindings for namespace, held in self.screen._binding_chain)

    async def _act_on_early(self) -> None:
        """Let the keys have their turn that were pressed before there was anything to act on."""
        early, self._early = self._early, None
        for one in early or ():
            await super()._on_key(one)

    async def on_model_came(self, message: ModelCame) -> None:
        """Take over a model that was built, unless it has been asked for differently since."""
        message.stop()
        if message.asked == self._asked:
            self.view = message.view
            self.came(message.model)
            self.program.arrived()
            if self._ask is not None and not self._objection:
                self._ask.judge(self.counted(message.model))
            self.answered()
            await self._act_on_early()

    def on_model_failed(self, message: ModelFailed) -> None:
        """Say why there is no model."""
        message.stop()
        if message.asked == self._asked:
            self._early = None
            self.main.say(message.sentence, "late")
            self.program.arrived()
            self.answered()

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Wait for nothing that will not come; the pane says why."""
        if event.worker.error is not None:
            self._early = None
            self.answered()

    def answered(self) -> None:
        """Take note that what was asked for last has come, or will not come."""

    def set_filter(self, text: str) -> None:
        """Filter by a query that is known to be right; empty shows all of the view."""
        if text != self.view.filter:
            self.view.filter = text
            self.ask_again()
            self.main.bars()

    def filtering(self, *, begun: bool, taken: bool = False) -> None:
        """Take note that a filter is being typed, or no longer; one given up leads back to where it was begun."""

    def action_list_filter(self) -> None:
        """Filter while typing."""
        self.filtering(begun=True)

        def typing(text: str) -> None:
            self._objection = self.desk.objection(self.OF, text) if text.strip() else ""
            if self._ask is not None:
                self._ask.judge(self._objection, "late")
            self.set_filter(kept(self.view.filter, text) if self._objection else text.strip())

        def done(text: str | None) -> None:
            self._ask, self._objection = None, ""
            self.filtering(begun=False, taken=text is not None)
            objection = self.desk.objection(self.OF, text) if text and text.strip() else ""
            if objection:
                self.main.say(objection, "late")
            self.set_filter("" if text is None else self.view.filter if objection else text.strip())

        self._ask = self.ask("/", self.view.filter, done=done, typing=typing)

    def action_list_order(self) -> None:
        """Choose the order."""
        keys = [key for key, _ in self.ORDERS]
        if not keys:
            return

        def take(place: int) -> None:
            self.view.order = keys[place]
            self.ask_again()

        at = keys.index(self.view.order) if self.view.order in keys else 0
        self.pick(self.ORDER_HEADING, [name for _, name in self.ORDERS], at, take)

    def views(self) -> list[View]:
        """Return the views to choose from: mine, the team's, then the saved ones."""
        made = [View("mine", query=self.desk.mine() or "owner:me"), View("team"), *self.desk.views(self.OF)]
        return [replace(one, number=at + 1) for at, one in enumerate(made)]

    def use(self, view: View) -> None:
        """Show a view; the filter that is typed stays."""
        objection = self.desk.objection(self.OF, view.query) if view.query else ""
        if objection:
            self.main.say(objection, "late")
            return
        known = {sort.lstrip("-"): key for key, sort in self.SORTS.items()}
        order = known.get(view.order, view.order)
        order = order if order in dict(self.ORDERS) else self.view.order
        self.view = replace(view, filter=self.view.filter, pipeline=self.view.pipeline, order=order)
        self.ask_again()
