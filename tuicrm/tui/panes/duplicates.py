"""Records that may be one thing, in pairs side by side: merged, or called different, by one key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import DUPLICATES
from tuicrm.tui.lines import Lines
from tuicrm.tui.listing import Column, Group, ListModel
from tuicrm.tui.panes.listpane import ListPane
from tuicrm.tui.sidebyside import Shown, side_by_side
from tuicrm.tui.viewing import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.crm.duplicates import Pair
    from tuicrm.crm.merging import Choice
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span

KIND = "duplicate"
COLUMNS = (
    Column("score", "sure", 4, right=True),
    Column("kind", "kind", 8, drop=1),
    Column("one", "one"),
    Column("other", "other"),
    Column("why", "why", 20, drop=2),
)
VIEWS = (("all", ""), ("companies", "company"), ("contacts", "contact"), ("leads", "lead"), ("deals", "deal"))
LEAST = 4
"""Lines of the comparison."""


@dataclass(frozen=True)
class Found(ListModel):
    """The list, with the pairs by their key."""

    held: dict[str, Pair] = field(default_factory=dict)


@dataclass
class Decided:
    """What was chosen for one pair so far."""

    swapped: bool = False
    take: dict[str, str] = field(default_factory=dict)


class Duplicates(ListPane):
    """Opened above the pane that it was asked for in; each decision is one step of undo."""

    PLACE = DUPLICATES
    OF = KIND
    NOTHING = "no pair here"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(DUPLICATES)

    def __init__(self, kind: str = "") -> None:
        super().__init__()
        self._kind = kind
        self._decided: dict[str, Decided] = {}
        self.sides = Lines()

    def compose(self) -> ComposeResult:
        yield self.rows
        yield self.sides

    def on_mount(self) -> None:
        """Show the comparison below the list, and ask for the data."""
        self.sides.styles.dock = "bottom"
        self.sides.styles.width = "100%"
        self._fit()
        super().on_mount()

    def _fit(self) -> None:
        self.sides.styles.height = max(LEAST, self.size.height * 2 // 3)

    def on_resize(self) -> None:
        """Give the comparison its share of the screen."""
        self._fit()
        super().on_resize()

    def views(self) -> list[View]:
        """Return the views to choose from: all kinds, or one."""
        return [View(name, number) for number, (name, _) in enumerate(VIEWS, 1)]

    def _first(self, view: View) -> Found:
        at = next((at for at, (_, kind) in enumerate(VIEWS) if kind == self._kind), 0)
        view.name, view.number = VIEWS[at][0], at + 1
        return self.build(view)

    def build(self, view: View) -> Found:
        """Return the pairs, the surest first."""
        from tuicrm.crm.duplicates import duplicates

        found = {f"{one.keep}.{one.gone}": one for one in duplicates(self.desk.session, VIEWS[view.number - 1][1])}
        return Found([Group("", "", [(KIND, key) for key in found])], COLUMNS, found)

    @property
    def pairs(self) -> dict[str, Pair]:
        """The pairs that are listed, by key."""
        return self.listing.model.held if isinstance(self.listing.model, Found) else {}

    @property
    def current(self) -> Pair | None:
        """The pair under the cursor."""
        ref = self.listing.cursor
        return self.pairs.get(ref[1]) if ref is not None else None

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return how sure it is, what the two are called, and why they are a pair."""
        from tuicrm.crm.forwarded import called

        one, session = self.pairs[ref[1]], self.desk.session
        names = [called(session, one.kind, key) for key in self._ids(one)]
        return [(text, "text") for text in (str(one.score), one.kind, *names, one.reason)]

    def heading_line(self) -> Line:
        """Return the line about the list."""
        parts = ["Duplicates", f"{len(self.pairs):,} to decide", f"view {self.view.number}: {self.view.name}"]
        return ((" " + " | ".join(parts), "muted"),)

    def empty(self) -> list[Line]:
        """Say what is listed here, and what to do next."""
        return [
            (("  Nothing looks like a duplicate.", "title"),),
            (("  Records with the same e-mail, phone, domain or name are shown here in pairs.", "muted"),),
            (("  v chooses another kind; tuicrm duplicate list --min-score 40 shows what is less sure.", "muted"),),
        ]

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return why the two are a pair, and what the keys do."""
        one = self.pairs[ref[1]]
        names = ("duplicate.merge", "duplicate.swap", "duplicate.take", "duplicate.dismiss")
        words = ("makes one of them", "swaps the sides", "takes a value from the other side", "keeps both")
        keys = [(self.program.keymap.shown(name), does) for name, does in zip(names, words, strict=True)]
        can = ", ".join(f"{key} {does}" for key, does in keys if key)
        return [
            ((f" {one.reason}", "title"), (f" | {one.kind} | {one.score} of 100", "muted")),
            ((f"  {can}", "muted"),),
        ]

    def fill(self) -> None:
        """Show the list, and both records of the pair under the cursor."""
        super().fill()
        size, height, one = self.sides.size.width, self.sides.size.height, self.current
        if one is None or not height:
            self.sides.put([()] * max(1, height))
            return
        with self.desk.lock:
            shown = self._shown(self.desk.session, one)
        beside = not self.program.accessible
        rule: Line = (("─" * size, "rule"),)
        self.sides.put([rule, *side_by_side(shown, size, height - 1, beside=beside)])

    def _shown(self, session: Session, one: Pair) -> Shown:
        from tuicrm.crm.forwarded import called
        from tuicrm.crm.lookup import short_id

        ids = self._ids(one)
        names = [f"{called(session, one.kind, key)} ({short_id(session, one.kind, key)})" for key in ids]
        return Shown(session, one.kind, (names[0], names[1]), self._choices(session, one))

    def _choices(self, session: Session, one: Pair) -> list[Choice]:
        from tuicrm.crm.merging import choices

        keep, gone = (session.ws.stored.any(one.kind, key) or {"id": key} for key in self._ids(one))
        if one.keep == self._ids(one)[0]:
            keep = session.ws.get(one.kind, one.keep) or keep
        return choices(session, one.kind, keep, gone, self._state(one).take)

    def _state(self, one: Pair) -> Decided:
        return self._decided.setdefault(f"{one.keep}.{one.gone}", Decided())

    def _ids(self, one: Pair) -> tuple[str, str]:
        """Return the record that stays, and the one that goes."""
        return (one.gone, one.keep) if self._state(one).swapped else (one.keep, one.gone)

    def previewed(self) -> Ref | None:
        """Return the record on the left of the pair under the cursor."""
        one = self.current
        return (one.kind, self._ids(one)[0]) if one is not None else None

    def open(self, ref: Ref) -> None:
        """Open the record on the left."""
        one = self.pairs[ref[1]]
        self.program.open_record(one.kind, self._ids(one)[0])

    def neighbour(self, ref: Ref, by: int) -> Ref | None:
        """Return the record on the left of another pair, and put the cursor there."""
        return self.previewed() if self.listing.down(1 if by > 0 else -1) else None

    def position(self, ref: Ref) -> str:
        """Say nothing: a record may be in several pairs."""
        return ""

    def action_duplicate_merge(self) -> None:
        """Make one record of the two: the left one stays."""
        from tuicrm.crm.merging import merge

        def plan(session: Session, one: Pair) -> Plan:
            keep, gone = (session.ws.stored.get(one.kind, key) or {"id": key} for key in self._ids(one))
            return merge(session, one.kind, session.ws.get(one.kind, keep["id"]) or keep, gone, self._state(one).take)

        self._decide(plan)

    def action_duplicate_dismiss(self) -> None:
        """Keep both: they are not the same."""
        from tuicrm.crm.duplicates import dismiss

        def plan(session: Session, one: Pair) -> Plan:
            first, second = (session.ws.stored.get(one.kind, key) or {"id": key} for key in (one.keep, one.gone))
            return dismiss(session, one.kind, first, second)

        if (one := self.current) is not None and one.late:
            self.main.say("these are merged already: merge again to take the edits in or to leave them, u undoes")
            return
        self._decide(plan)

    def _decide(self, plan: object) -> None:
        one, ref = self.current, self.listing.cursor
        if one is None or ref is None:
            self.main.say(self.NOTHING)
            return
        assert callable(plan)
        self.finish(self.desk.write(lambda session: plan(session, one)), [ref])

    def action_duplicate_swap(self) -> None:
        """Let the other one stay."""
        one = self.current
        if one is None:
            self.main.say(self.NOTHING)
        elif one.late:
            self.main.say("the one on the right is merged into the left one already")
        else:
            state = self._state(one)
            state.swapped, state.take = not state.swapped, {}
            self.rows.forget()
            self.fill()

    def action_duplicate_take(self) -> None:
        """Choose a field whose value comes from the other side."""
        one = self.current
        if one is None:
            self.main.say(self.NOTHING)
            return
        with self.desk.lock:
            held = [choice for choice in self._choices(self.desk.session, one) if choice.differs]
        if not held:
            self.main.say("both hold the same")
            return
        from tuicrm.crm.merging import BOTH, GONE, KEPT

        state, names = self._state(one), {KEPT: "left", GONE: "right", BOTH: "both"}

        def chosen(at: int) -> None:
            choice = held[at]
            turns = [KEPT, GONE, *([BOTH] if choice.can_unite else [])]
            state.take[choice.fields[0]] = turns[(turns.index(choice.take) + 1) % len(turns)]
            self.fill()

        self.pick("Take from the next side", [f"{one.label}: {names[one.take]}" for one in held], 0, chosen)
