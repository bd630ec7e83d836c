"""Sync in the background: when the user asks, every so often where that is wanted; and its state for the bars."""

from __future__ import annotations

from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING

from tuicrm.errors import TuicrmError
from tuicrm.tui.standing import sync_said, waiting_said

if TYPE_CHECKING:
    from pathlib import Path

    from textual.timer import Timer

    from tuicrm.sync.report import Last
    from tuicrm.tui.pane import Ref
    from tuicrm.tui.program import Program
    from tuicrm.tui.syncchild import Outcome
    from tuicrm.tui.userconfig import SyncWish

LOOK_SECONDS = 30.0
"""How often the age of the last sync is looked at, and whether somebody else has synced."""
SETTLE_SECONDS = 0.6
FIRST_SECONDS = 5.0
"""How long after the start the first automatic sync may begin."""
MOST_KEPT = 2000
"""Records that came, for listing them."""
HINTED = "sync-hinted"


class Syncing:
    """One sync at a time, each in a process of its own; the screen is touched only where what it shows differs."""

    def __init__(self, program: Program, wish: SyncWish) -> None:
        self._program = program
        self.wish = wish
        self.running = False
        self.asked = False
        """Whether the sync that runs was asked for, and not begun by time."""
        self.came: dict[Ref, None] = {}
        """The records that syncs brought since the list of them was last looked at, the latest sync first."""
        self._listed = False
        """Whether the list of what came was looked at since."""
        self.conflicts = self._unreadable = 0
        self.last: Last | None = None
        self.remote = False
        """Whether there is anything to sync with."""
        self._short = ""
        self._failure = ""
        """What the last automatic sync that failed said: it is said once."""
        self._stop, self._leave = Event(), Event()
        self._busy = self._again = False
        self._settling: Timer | None = None
        self._next: Timer | None = None

    def start(self) -> None:
        """Show how things stand, from here on."""
        self._program.set_interval(LOOK_SECONDS, self.look)
        self.soon()
        if self.wish.every_minutes:
            self._next = self._program.set_timer(FIRST_SECONDS, self._in_time)

    def soon(self) -> None:
        """Look how things stand once the changes that are going on have settled."""
        if self._settling is not None:
            self._settling.stop()
        self._settling = self._program.set_timer(SETTLE_SECONDS, self.look)

    def look(self) -> None:
        """Look how things stand, in a thread."""
        if self._busy:
            self._again = True
            return
        self._busy = True
        self._program.run_worker(self._look, thread=True, group="standing", exit_on_error=False)

    def _look(self) -> None:
        from tuicrm.crm.conflicts import count
        from tuicrm.sync.report import last

        desk, found = self._program.desk, (self.conflicts, self._unreadable)
        told: Last | None = None
        try:
            private = desk.session.ws.private
            told, remote = last(private), has_remote(private)
            with desk.lock:
                found = (count(desk.session), len(desk.session.ws.unreadable()))
        except TuicrmError:
            # The panes say what is wrong with the workspace.
            remote = self.remote
        finally:
            self._program.call_later(self._looked, told, remote, *found)

    def _looked(self, told: Last | None, remote: bool, conflicts: int, unreadable: int) -> None:
        self._busy = False
        if told is not None and told.ok and self.last is not None and told.at != self.last.at:
            # One has worked since, begun in a shell or by another program.
            self._short = ""
        self.last, self.remote = told, remote
        self.conflicts, self._unreadable = conflicts, unreadable
        self.show()
        if self._again:
            self._again = False
            self.look()

    def show(self) -> None:
        """Put the state into the status line."""
        now = self._program.desk.clock().timestamp()
        sync = sync_said(self.last, now, running=self.running, remote=self.remote, short=self._short)
        self._program.main.stands((sync, *waiting_said(self.conflicts, self._unreadable)))

    def _in_time(self) -> None:
        """Sync, if there is anything to sync with and the last one is not so long ago; and set the clock again."""
        from tuicrm.crm.touches import text_ms

        every = self.wish.every_minutes * 60
        since = self._program.desk.clock().timestamp() - text_ms(self.last.at) / 1000 if self.last else float(every)
        # A clock that was wrong does not put it off for longer than it takes from now on.
        wait = min(max(0.0, every - since), float(every))
        if not wait:
            wait = every
            if self.remote:
                self.now(asked=False)
        self._next = self._program.set_timer(max(1.0, wait), self._in_time)

    def now(self, *, asked: bool = True) -> None:
        """Begin a sync, unless one is going on."""
        if self.running:
            self.asked = self.asked or asked
            if asked:
                self._program.main.say("syncing already; ctrl+c stops it")
            return
        self.running, self.asked = True, asked
        self._stop.clear()
        if asked:
            self._program.main.say("syncing …")
        self.show()
        self._program.run_worker(self._sync, thread=True, group="sync", exit_on_error=False)

    def stop(self) -> bool:
        """End the sync that is going on; False where there is none."""
        if self.running:
            self._stop.set()
        return self.running

    def leave(self) -> None:
        """Let the sync that is going on end by itself; where another one follows at the exit, end it now."""
        (self._stop if self.wish.at_exit else self._leave).set()

    def _sync(self) -> None:
        from tuicrm.tui import syncchild

        program = self._program
        session = program.desk.session
        words = syncchild.command(session.ws.root, "--json")
        env = syncchild.surroundings(program.env, session.user)
        found = syncchild.sync(words, env, self._stop, self._leave)
        if found is not None:
            program.call_later(self._ended, found)

    def _ended(self, found: Outcome) -> None:
        self.running = False
        self._short = found.short
        self.remote = self.remote or bool(found.remote)
        self._take(found.changed)
        self._program._poll()
        self.look()
        self.show()
        self._say(found)

    def _take(self, refs: tuple[Ref, ...]) -> None:
        """Keep in mind what came, for the list."""
        if not refs:
            return
        before = {} if self._listed else self.came
        self._listed = False
        self.came = dict.fromkeys([*refs, *(one for one in before if one not in set(refs))][:MOST_KEPT])

    def _say(self, found: Outcome) -> None:
        """Say how it ended; of one that began by itself only that something came of it, or once that it failed."""
        main = self._program.main
        decide, key = self._program.keymap.shown("problems.show"), self._palette_key()
        said = f"{found.said} ({decide} decides)" if found.conflicts and decide else found.said
        said = "; ".join([said, *found.notes]) + (
            f". {key}, then synced, lists what came" if found.changed and key else ""
        )
        if self.asked:
            main.say(f"{said}{self._hint(found)}", "text" if found.ok else "late")
        elif not found.ok:
            if found.said != self._failure:
                main.say(said, "today")
        elif (found.changed or found.conflicts) and main.note is None:
            main.say(said)
        self._failure = "" if found.ok else found.said

    def _hint(self, found: Outcome) -> str:
        """Return once, after a sync that worked, that it can go by itself."""
        from tuicrm.crm.memory import recall, remember

        env = self._program.env
        if not found.ok or not found.remote or self.wish.is_set or recall(env, HINTED):
            return ""
        remember(env, HINTED, "yes")
        return ". It can go by itself: [sync] every_minutes = 10 in config.toml"

    def _palette_key(self) -> str:
        """Return the shortest key of the palette; empty where it has none."""
        from tuicrm.tui.commands import command, shown

        return shown(min(self._program.keymap.of(command("palette.open")), key=len, default=""))

    def listed(self) -> None:
        """Take note that the list of what came was looked at."""
        self._listed = True


def has_remote(private: Path) -> bool:
    """Tell whether the repository that a private folder belongs to names a remote."""
    config = b""
    with suppress(OSError):
        home = private.parent
        common = home / "commondir"
        if common.is_file():
            home = home / common.read_text("utf-8").strip()
        with (home / "config").open("rb") as file:
            config = file.read(1 << 20)
    return b'[remote "' in config.lower()
