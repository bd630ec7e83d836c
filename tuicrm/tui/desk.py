"""The session behind the screens: one lock, one door for writes, every failure turned into a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from threading import RLock
from typing import TYPE_CHECKING, Any

from tuicrm.errors import TuicrmError
from tuicrm.tui.aside import Aside
from tuicrm.tui.safe import short

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from tuicrm.crm.board import Board
    from tuicrm.crm.gates import MissingFields
    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.viewing import View

Record = dict[str, Any]

NAME_CELLS = 24
"""How much of a deal's name a message has room for."""


@dataclass(frozen=True)
class Done:
    """How a write ended: what to say, and whether anything was written."""

    said: str
    failed: bool = False
    changed: bool = False
    gate: MissingFields | None = None
    """What a stage asks for and the deal lacks."""
    plan: Plan | None = None
    """What was written."""


class Desk:
    """Everything that screens ask of the workspace; board building may run in a thread, writes in the main one."""

    def __init__(self, session: Session, clock: Callable[[], datetime]) -> None:
        self.session = session
        self.clock = clock
        self.lock = RLock()
        self.aside = Aside(session, self.lock)
        """Where figures are worked out that take long."""
        self.unsaved = False
        """Whether something was written since the last checkpoint."""
        self.drafts: dict[tuple[object, ...], Any] = {}
        """What was typed into forms that were left, by form."""

    @property
    def name(self) -> str:
        """The workspace's name."""
        return self.session.ws.name

    @property
    def user(self) -> str:
        """Who acts."""
        return self.session.user

    def board(self, *, pipeline: str, where: str, order: str) -> Board:
        """Return the board's model; Invalid where the query is wrong."""
        from tuicrm.crm.board import build_board

        with self.lock:
            return build_board(self.session, pipeline=pipeline, where=where, order=order)

    def mine(self) -> str:
        """Return the query of the user's own deals; empty where the team has no such user."""
        with self.lock:
            return "owner:me" if self.session.me else ""

    def objection(self, kind: str, query: str) -> str:
        """Return what is wrong with a query, in one sentence; empty where it can be used."""
        from tuicrm.crm.query import compile_query

        try:
            with self.lock:
                compile_query(self.session, kind, query)
        except TuicrmError as error:
            return str(error)
        return ""

    def write(self, make: Callable[[Session], Plan | None], *, nothing: str = "nothing to change") -> Done:
        """Make a plan, write it, and say what was done or why not."""
        try:
            with self.lock:
                self.session.at(self.clock())
                plan = make(self.session)
                if plan is None or not plan.changes:
                    return Done(plan.note if plan and plan.note else nothing)
                receipt = self.session.commit(plan)
        except TuicrmError as error:
            return self._failed(error)
        self.unsaved = self.unsaved or bool(receipt.changed)
        from tuicrm.crm.territories import told

        said = (plan.note, *told(self.session, plan), *self.session.told)
        return Done("; ".join(said), changed=bool(receipt.changed), plan=plan)

    def _failed(self, error: TuicrmError) -> Done:
        """Return why a write failed; of a shut gate the fields first, then how to fill them in, and whose they are."""
        from tuicrm.crm.gates import MissingFields

        if not isinstance(error, MissingFields):
            return Done(f"{error} ({error.hint})" if error.hint else str(error), failed=True)
        from tuicrm.crm.lookup import short_id, title

        with self.lock:
            held = self.deals([error.deal])
            ref = f" {short_id(self.session, 'deal', error.deal)}" if held else ""
            name = f" ({short(title(self.session, 'deal', held[0]), NAME_CELLS)})" if held else ""
        them = "them" if error.fields[1:] else "it"
        fill = f"fill {them} in with `tuicrm deal edit{ref}`{name}"
        only_fields = error.fields and not any(error.needs[1:])
        return Done(f"{error.asks}: {fill if only_fields else error.hint}", failed=True, gate=error)

    def refresh(self) -> bool:
        """Catch up with what others wrote; True where anything changed, the date included."""
        if not self.lock.acquire(blocking=False):
            return False
        try:
            day = self.session.today
            self.session.at(self.clock())
            return bool(self.session.ws.refresh()) or self.session.today != day
        finally:
            self.lock.release()

    def checkpoint(self) -> None:
        """Fold the journal into the files, where anything was written."""
        with self.lock:
            if self.unsaved:
                self.session.ws.checkpoint()
                self.unsaved = False

    def close(self) -> None:
        """Write out what is pending and let go of the workspace."""
        with self.lock:
            self.session.ws.close()

    def deals(self, ids: Sequence[str]) -> list[Record]:
        """Return the live deals among these ids."""
        held = (self.session.ws.get("deal", one) for one in ids)
        return [one for one in held if one is not None]

    def stages(self, pipeline: str, kinds: Sequence[str] = ("open", "won", "lost")) -> list[tuple[str, str]]:
        """Return (key, name) of the stages of a pipeline, those of the given kinds."""
        from tuicrm.crm.stages import stages

        with self.lock:
            record = self.session.ws.get("pipeline", pipeline)
            return [(one.key, one.name) for one in stages(record or {}) if one.kind in kinds]

    def pipelines(self) -> list[str]:
        """Return the ids of all pipelines."""
        with self.lock:
            return list(self.session.ws.all("pipeline"))

    def views(self, kind: str) -> list[View]:
        """Return the saved views of a kind of records."""
        from tuicrm.crm.views import listing
        from tuicrm.tui.screen_words import view_of

        with self.lock:
            return [view_of(one) for one in listing(self.session, kind)]

    def lost_reasons(self) -> list[str]:
        """Return the team's reasons for losing a deal."""
        with self.lock:
            return [one.strip() for one in self.session.setting("lost_reasons").split(",") if one.strip()]


def clock_of(env: Mapping[str, str]) -> Callable[[], datetime]:
    """Return a clock that asks the environment each time: fixed under TUICRM_NOW."""
    from tuicrm.when.clock import now

    return lambda: now(env)
