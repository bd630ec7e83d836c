"""What keys do to follow-ups: add, done, reschedule, snooze, a day later or earlier."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tuicrm.errors import Invalid
from tuicrm.tui.acting.targets import Targets
from tuicrm.tui.days import Days
from tuicrm.tui.safe import cells, short

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.session import Session
    from tuicrm.tui.desk import Done
    from tuicrm.tui.safe import Span

Record = dict[str, Any]

_DAYS = frozenset({"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"})
SNOOZES = (("tomorrow", "tomorrow"), ("monday", "Monday"), ("1 week", "in a week"), ("1 month", "in a month"))
"""What a digit stands for when snoozing, and how it is offered; the first is taken by Enter alone."""


class FollowupKeys(Targets):
    """Each is one step of undo, however many follow-ups there are; on other records they act on the next follow-up."""

    _days: Days | None = None

    @property
    def days(self) -> Days:
        """The row of presses that moves follow-ups by days."""
        if self._days is None:
            self._days = Days(time.monotonic)
        return self._days

    def action_followup_add(self) -> None:
        """Add a follow-up about the chosen records, in one line."""
        self.add_followup(self._to_take_over())

    def add_followup(self, about: list[Record]) -> None:
        """Ask for a follow-up about each of some records, or about nobody where none are given."""
        whom = f"{len(about)} records" if len(about) > 1 else str(about[0]["title"]) if about else ""

        def take(text: str) -> None:
            from tuicrm.crm.followups import add

            if text.strip():
                self._followups_written(self.desk.write(lambda session: add(session, text, about)))

        self.ask_echoing(f"{short(whom, 20)}: follow-up" if whom else "follow-up", self._echo_followup, take)

    def _to_take_over(self) -> list[Record]:
        """Return what a follow-up about each target takes over from it."""
        from tuicrm.crm.shapes import word

        found = []
        for one in self.abouts():
            taken: Record = {"title": one.title, "contacts": list(one.contacts), "company": one.company}
            taken["deal"], taken["lead"] = one.deal, one.lead
            if one.kind == "followup":
                held = self._followup_records([one.id])
                taken["owner"] = word(held[0].get("owner")) if held else ""
            found.append(taken)
        return found

    def action_followup_done(self) -> None:
        """Done, written at once; then a line asks for the next step, which may stay empty."""
        ids = self._wanted_followups()
        if not ids:
            return
        from tuicrm.crm.followups import done as plan_done

        group = self.desk.session.ws.new_id()
        done = self.desk.write(lambda session: plan_done(session, self._followup_records(ids), group=group))
        after = [one for one in self._followup_records(ids) if not one.get("repeat")]
        done = _told(done)
        self._followups_written(done)
        if done.changed and after:
            self._ask_next_step(done, after, group)

    def _ask_next_step(self, before: Done, after: list[Record], group: str) -> None:
        def echo(text: str) -> Span:
            return self._echo_followup(text) if text.strip() else (f"{before.said}. Enter: no next step", "muted")

        def take(text: str) -> None:
            from tuicrm.crm.followups import add

            if not text.strip():
                return

            def make(session: Session) -> Plan:
                plan = add(session, text, after, group=group)
                return replace(plan, note=f"{before.said}; next: {plan.note.partition(': ')[2]}")

            self._followups_written(self.desk.write(make))

        self.ask_echoing("next step", echo, take)

    def action_followup_reschedule(self) -> None:
        """Another day or time, in words."""
        ids = self._wanted_followups()
        if not ids:
            return

        def take(text: str) -> None:
            from tuicrm.crm.followups import reschedule

            if text.strip():
                self._write_followups(ids, lambda session, held: reschedule(session, held, text))

        def echo(text: str) -> Span:
            return self._echo_moment(text) if text.strip() else ("3d, fri 14:00, next week, 12 nov", "muted")

        self.ask_echoing(f"{self._followups_named(ids)}: due", echo, take)

    def action_followup_snooze(self) -> None:
        """Out of sight until a day: Enter takes tomorrow, a digit another usual one, words any."""
        ids = self._wanted_followups()
        if not ids:
            return
        offered = ", ".join(f"{at} {name}" for at, (_, name) in enumerate(SNOOZES, 1))

        def take(text: str) -> None:
            from tuicrm.crm.followups import snooze

            self._write_followups(ids, lambda session, held: snooze(session, held, chosen_words(text)))

        def echo(text: str) -> Span:
            return self._echo_moment(chosen_words(text), ahead=True) if text.strip() else (offered, "muted")

        self.ask_echoing(f"{self._followups_named(ids)}: snooze until", echo, take)

    def shift_day(self, ids: list[str], by: int) -> None:
        """Move follow-ups by days; presses in a row are one move."""
        done = self.days.shift(self.desk, ids, by)
        self.finish(done, [("followup", one) for one in ids])

    def ask_echoing(
        self, prompt: str, echo: Callable[[str], Span], take: Callable[[str], None], value: str = ""
    ) -> None:
        """Open a line that says while typing what is understood; what is wrong stays in it instead of being taken."""

        asked = short(prompt, max(12, self.main.size.width // 3))

        def typing(text: str) -> None:
            words, look = echo(text)
            # What is typed stays in sight beside what is said of it.
            room = line.size.width - cells(asked) - max(12 if text else 0, min(cells(text), 24)) - 3
            line.judge(short(words, max(10, room)), look)

        def done(text: str | None) -> None:
            if text is None:
                return
            if echo(text)[1] == "late":
                self.ask_echoing(prompt, echo, take, text)
            else:
                take(text)

        line = self.ask(asked, value, done=done, typing=typing)
        line.call_after_refresh(lambda: typing(line.field.value))

    def _wanted_followups(self) -> list[str]:
        """Return the follow-ups that the targets are or have next; say what to do where there are none."""
        ids = self.followups()
        if not ids:
            held = self.abouts()
            where = f"nothing is planned for {short(held[0].title, 30)}" if held else "no follow-up here"
            self.main.say(f"{where}: f adds a follow-up")
        return ids

    def _followup_records(self, ids: list[str]) -> list[Record]:
        with self.desk.lock:
            held = (self.desk.session.ws.get("followup", one) for one in ids)
            return [one for one in held if one is not None]

    def _followups_named(self, ids: list[str]) -> str:
        from tuicrm.crm.lookup import title

        held = self._followup_records(ids)
        if len(held) != 1:
            return f"{len(held)} follow-ups"
        return short(title(self.desk.session, "followup", held[0]), 20)

    def _write_followups(self, ids: list[str], make: Callable[[Session, list[Record]], Plan]) -> None:
        self._followups_written(_told(self.desk.write(lambda session: make(session, self._followup_records(ids)))))

    def _followups_written(self, done: Done) -> None:
        self.days.over()
        ids = done.plan.ids if done.plan else ()
        self.finish(done, [("followup", one) for one in ids])

    def _echo_followup(self, text: str) -> Span:
        """Return what a line would become: its date first, which is what may be misread."""
        from tuicrm.crm.oneline import read_line
        from tuicrm.crm.todo import said_moment, said_repeat

        if not text.strip():
            return "3d call, tue 10 send quote, every 2 weeks check in", "muted"
        session = self.desk.session
        line = read_line(text, session.reading)
        if line.due is None:
            return f"no date: {line.subject}", "today"
        again = f", {said_repeat(line.repeat)}" if line.repeat else ""
        return f"{said_moment(session, line.due)}{again}: {line.subject}", "good"

    def _echo_moment(self, text: str, *, ahead: bool = False) -> Span:
        """Return when a text says, or what is wrong with it; `ahead` where it must be to come."""
        from tuicrm.crm.todo import said_moment
        from tuicrm.when import parse_moment

        session = self.desk.session
        try:
            moment = parse_moment(text, session.reading)
        except Invalid as problem:
            return str(problem), "late"
        if ahead and moment.instant(session.zone) <= session.now:
            return f"{said_moment(session, moment)} is past", "late"
        return said_moment(session, moment), "good"


def chosen_words(text: str) -> str:
    """Return the words that a digit stands for; nothing typed is the first choice."""
    wanted = text.strip() or "1"
    numbers = {str(at): words for at, (words, _) in enumerate(SNOOZES, 1)}
    return numbers.get(wanted, wanted)


def _told(done: Done) -> Done:
    """Return how a write ended, with what it did besides: that something comes back, or was done already."""
    news = [one for one in done.plan.said if not _echoes(one)] if done.plan is not None else []
    return replace(done, said="; ".join((done.said, *news))) if news else done


def _echoes(said: str) -> bool:
    """Tell whether a sentence only repeats the date, which stands in the note already."""
    return said[:3] in _DAYS
