"""The next best step: what to do now, best first, with the key that does it and the reasons below."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from tuicrm.tui.acting.followups import SNOOZES, chosen_words
from tuicrm.tui.bindings import bindings_for
from tuicrm.tui.commands import NEXT, command
from tuicrm.tui.lines import Lines
from tuicrm.tui.listing import Column, Group, ListModel
from tuicrm.tui.panes.listpane import ListPane
from tuicrm.tui.viewing import View
from tuicrm.tui.wrap import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tuicrm.crm.advice.suggesting import Suggestion
    from tuicrm.tui.desk import Done
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.safe import Line, Span

NARROW = 64
"""Below this width the reasons stand below the list alone."""
LEAST, MOST = 4, 10
"""Lines of the reasons."""


def columns(width: int) -> tuple[Column, ...]:
    """Return the columns for a screen of this width."""
    return (
        Column("key", "key", 3),
        Column("say", "what to do"),
        *((Column("why", "why", 24 if width < 100 else width // 3),) if width >= NARROW else ()),
        Column("value", "value", 6, right=True, drop=1),
    )


@dataclass(frozen=True)
class Steps(ListModel):
    """The list, with the suggestions by the record that each acts upon."""

    held: dict[Ref, Suggestion] = field(default_factory=dict)


class NextStep(ListPane):
    """Opened above the pane that it was asked for in; keys act as everywhere, and then the list moves on."""

    PLACE = NEXT
    OF = "suggestion"
    BINDINGS: ClassVar[list[BindingType]] = bindings_for(NEXT)

    def __init__(self) -> None:
        super().__init__()
        self.reasons = Lines()
        self._stay: int | None = None
        """Where the cursor stays when the list comes again, because something was done about what is there."""

    def compose(self) -> ComposeResult:
        yield self.rows
        yield self.reasons

    def on_mount(self) -> None:
        """Show the reasons below the list, and ask for the data."""
        self.reasons.styles.dock = "bottom"
        self.reasons.styles.width = "100%"
        self._fit()
        super().on_mount()

    def _fit(self) -> None:
        self.reasons.styles.height = max(LEAST, min(MOST, self.size.height // 3))

    def on_resize(self) -> None:
        """Give the reasons their share of the screen."""
        self._fit()
        super().on_resize()

    def views(self) -> list[View]:
        """Return the views to choose from: mine, the team's, then mine for one reason."""
        from tuicrm.crm.advice.registry import REASONS

        names = ("mine", "team", *(one.label for one in REASONS.values()))
        return [View(name, number) for number, name in enumerate(names, 1)]

    def at_work(self) -> AbstractContextManager[object]:
        """Look for what to do on a picture of the workspace, so that no key waits for it."""
        return self.desk.aside.held()

    def _first(self, view: View) -> Steps:
        view.name, view.number = ("mine", 1) if self.desk.aside.session.me else ("team", 2)
        return self.build(view)

    def build(self, view: View) -> Steps:
        """Return the suggestions, the best first."""
        from tuicrm.crm.advice.ground import Ground
        from tuicrm.crm.advice.registry import REASONS
        from tuicrm.crm.advice.suggesting import suggestions

        session = self.desk.aside.session
        user = "" if view.number == 2 else session.me
        kinds = list(REASONS)[view.number - 3 : view.number - 2] if view.number > 2 else []
        found = suggestions(session, user=user, kinds=kinds)
        # Rows are drawn from the workspace as it is then, in the thread that draws.
        ground = Ground(self.desk.session, user)
        held = {(one.kind, one.id): replace(one, ground=ground) for one in found}
        return Steps([Group("", "", list(held))], columns(self.main.size.width), held)

    def lay_out(self) -> None:
        """Fit the list to the screen, columns first."""
        wanted = columns(self.main.size.width)
        if self.listing.model.groups and self.listing.model.columns != wanted:
            self.listing.model = replace(self.listing.model, columns=wanted)
            self.rows.forget()
        super().lay_out()

    @property
    def steps(self) -> dict[Ref, Suggestion]:
        """The suggestions that are listed, by the record that each acts upon."""
        return self.listing.model.held if isinstance(self.listing.model, Steps) else {}

    def came(self, model: ListModel) -> None:
        """Show another model; after something was done the cursor is on what stands there now."""
        super().came(model)
        if self._stay is not None:
            self.go(self.listing.down(self._stay - self.listing.at))
        self._stay = None

    def wrote(self, refs: list[Ref], stage: str = "") -> None:
        """Build the list again, and go on."""
        self._stay = self.listing.at
        super().wrote(refs, stage)

    def row(self, ref: Ref) -> Sequence[Span]:
        """Return the key that does it, what to do, why, and the value at stake."""
        from decimal import Decimal

        from tuicrm.money import short

        one = self.steps[ref]
        told, value = one.told(), one.first.hit.stake.value
        worth = "" if value is None else short(Decimal(str(value)))
        look = "late" if one.first.reason == "late" else "text"
        cells = {"key": (self._key(one), "key"), "say": (told.say, "text"), "value": (worth, "text")}
        cells["why"] = (", ".join(told.why), look)
        return [cells[column.name] for column in self.listing.model.columns]

    def _key(self, one: Suggestion) -> str:
        return self.program.keymap.shown(one.told().command)

    def heading_line(self) -> Line:
        """Return the line about the list."""
        view = self.view
        count = len(self.steps)
        parts = ["Next best step", f"view {view.number}: {view.name}", f"{count:,} suggestion{'s' * (count != 1)}"]
        return ((" " + " | ".join(parts), "muted"),)

    def _nothing(self) -> list[Line]:
        return [(), *self.empty()]

    def empty(self) -> list[Line]:
        """Say what would be here, and what to do next."""
        return [
            (("  Nothing waits for you.", "title"),),
            (("  Late follow-ups, rotting deals, deals without a next step,", "muted"),),
            (("  hot leads and customers due for an order are shown here.", "muted"),),
            (("  1 the board, a adds a deal; v chooses another view.", "muted"),),
        ]

    def about_lines(self, ref: Ref) -> list[Line]:
        """Return what it concerns, and the command that does the same."""
        from tuicrm.crm.agenda import who_of
        from tuicrm.crm.lookup import title

        one, session = self.steps[ref], self.desk.session
        kind, key = one.first.hit.about
        record = session.ws.get(kind, key)
        if record is None:
            return [(), ()]
        facts = [session.kind(kind).one, who_of(session, record)]
        first: Line = (
            (f" {title(session, kind, record)}", "title"),
            ("".join(f" | {fact}" for fact in facts if fact), "muted"),
        )
        return [first, (("  ", "muted"), (one.told().do, "muted"))]

    def fill(self) -> None:
        """Show the list, and the reasons for what is under the cursor."""
        super().fill()
        size, height, ref = self.reasons.size.width, self.reasons.size.height, self.listing.cursor
        lines: list[Line] = []
        if ref is not None and ref in self.steps and size:
            with self.desk.lock:
                lines = [part for line in self._why(self.steps[ref]) for part in wrapped(line, size)]
        rule: Line = (("─" * size, "rule"),)
        self.reasons.put([rule, *lines, *[()] * height][:height] if height else [])

    def _why(self, one: Suggestion) -> list[Line]:
        """Return the reasons, and how the score came about."""
        from tuicrm.crm.advice.suggesting import explained

        lines: list[Line] = [((f" {one.told().say}", "title"),)]
        lines += [(("  - ", "muted"), (why, "text")) for why in one.reasons()]
        return lines + [(("  ", "muted"), (line, "muted")) for line in explained(self.desk.session, one)]

    def act(self) -> None:
        """Do what is under the cursor: what its own key does."""
        ref = self.listing.cursor
        if ref is None:
            self.main.say("nothing to do here")
        elif self.listing.marks:
            self.main.say("several are marked: their own keys act on all of them, Esc unmarks")
        else:
            getattr(self, f"action_{command(self.steps[ref].told().command).action}")()

    def action_next_dismiss(self) -> None:
        """What is chosen stays away until its facts change."""
        self._dismiss("")

    def action_followup_snooze(self) -> None:
        """Not now: what is chosen is out of sight until a day."""
        if not self.targets():
            self.main.say("nothing to do here")
            return
        offered = ", ".join(f"{at} {name}" for at, (_, name) in enumerate(SNOOZES, 1))

        def echo(text: str) -> Span:
            return self._echo_moment(chosen_words(text), ahead=True) if text.strip() else (offered, "muted")

        self.ask_echoing("not before", echo, lambda text: self._dismiss(chosen_words(text)))

    def _dismiss(self, until: str) -> None:
        from tuicrm.crm.advice.dismissing import dismiss

        refs = self.targets()
        chosen = [self.steps[ref] for ref in refs if ref in self.steps]
        if not chosen:
            self.main.say("nothing to do here")
            return
        self.listing.marks.clear()
        done: Done = self.desk.write(lambda session: dismiss(session, chosen, until))
        if done.changed:
            self._drop(refs)
        self.finish(done, refs)

    def _drop(self, refs: list[Ref]) -> None:
        """Take lines away at once: with ten thousand deals the list takes a moment to come again."""
        model = self.listing.model
        if isinstance(model, Steps):
            held = {ref: one for ref, one in self.steps.items() if ref not in refs}
            self.listing.swap(replace(model, groups=[Group("", "", list(held))], held=held))
            self.fill()
