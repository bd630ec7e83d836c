"""Rules at work: from what is about to be written to what the rules add to it, in the same step."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tuicrm.crm.rules.book import book
from tuicrm.crm.rules.events import BIRTH, Event, Run
from tuicrm.crm.touches import id_ms
from tuicrm.records.kinds.activity import AUTOMATIC, CHANGE, RULE
from tuicrm.records.kinds.rule import CHANGED, CREATED, STAGE, TIMED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.rules.commands import Errand
    from tuicrm.crm.rules.model import Rule
    from tuicrm.crm.session import Session
    from tuicrm.store.changes import Change, Write

Record = dict[str, Any]
MOST_TOLD = 5
DEEPEST = 4
"""How many rules may set each other off in a row."""
Ref = tuple[str, str]


class Engine:
    """Collects what the rules add to a step; nothing is written."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.book = book(session)
        self.runs: list[Run] = []
        self.errands: list[Errand] = []
        self.hints: list[str] = []
        """What whoever makes the change should know, beside what the rules did."""
        self.changes: list[Change] = []
        self._held: dict[Ref, Record] = {}
        self._entries: dict[tuple[str, str], str] = {}
        self._queue: list[Event] = []
        self._fired: set[tuple[str, str]] = set()
        self._then: dict[datetime, Session] = {}
        self._moment: datetime | None = None

    def again(self, now: datetime) -> None:
        """Begin another try at a moment in the past, as if this one's changes had not been."""
        self._moment = now
        self._held.clear()
        self._entries.clear()
        self._queue.clear()
        self._fired.clear()

    def suppose(self, kind: str, record: Record) -> None:
        """Take a record to be like this."""
        self._held[kind, str(record["id"])] = record

    def at(self, now: datetime) -> Session:
        """Return the session at the moment that a run counts from."""
        if now == self.session.now:
            return self.session
        if now not in self._then:
            self._then[now] = self.session.beside(self.session.ws)
            self._then[now].at(now)
        return self._then[now]

    def find(self, kind: str, key: str) -> Record | None:
        """Return a record as this step leaves it so far."""
        return self._held.get((kind, key)) or self.session.ws.get(kind, key)

    def overlay(self, changes: Iterable[Change]) -> None:
        """Take in edits of records without noting that anything happened."""
        from tuicrm.store.changes import Write

        for one in changes:
            if isinstance(one, Write) and (held := self.find(one.kind, one.id)) is not None:
                self._held[one.kind, one.id] = _without_none({**held, **one.fields})

    def feed(self, changes: Iterable[Change], depth: int = 0, parent: Run | None = None) -> None:
        """Take in changes, and note what rules may wait for."""
        from tuicrm.store.changes import Write

        written = [one for one in changes if isinstance(one, Write)]
        for one in written:
            if one.kind == "activity" and one.fields.get("type") == CHANGE:
                # An entry that is there already tells of a move that is still going on; this is another stage of it.
                told = one.id if self.session.ws.get("activity", one.id) is None else ""
                self._entries[str(one.fields.get("deal")), str(one.fields.get("field"))] = told
        for one in written:
            self._take(one, depth, parent)

    def _take(self, change: Write, depth: int, parent: Run | None) -> None:
        if change.kind == "activity" and change.fields.get("type") in AUTOMATIC:
            return
        ref = (change.kind, change.id)
        before = self.find(*ref)
        after = {"id": change.id, **(before or {}), **change.fields}
        self._held[ref] = _without_none(after)
        if change.kind not in self.book.kinds or (before is None and self.session.ws.stored.any(*ref) is not None):
            return
        for trigger, about, told in self._happened(change, before, after):
            if self.book.awaits(trigger, change.kind, about):
                instance = told or (f"{parent.entry} {about}" if parent else self.session.ws.new_id())
                ms = id_ms(change.id if instance == BIRTH else told or (parent.entry if parent else instance))
                fresh = parent is None or parent.event.fresh
                self._queue.append(Event(trigger, *ref, about, instance, ms, fresh, depth, parent))

    def _happened(self, change: Write, before: Record | None, after: Record) -> list[tuple[str, str, str]]:
        """Return trigger, field or stage, and what tells this time from others (empty: nothing yet) of each event."""
        from tuicrm.crm.edit import same

        changed = [name for name, value in change.fields.items() if not same((before or {}).get(name), value)]
        entries = self._entries
        found = [(CREATED, "", BIRTH)] if before is None else []
        if before is not None:
            found += [(CHANGED, name, entries.get((change.id, name), "")) for name in changed]
        if change.kind == "deal" and "stage" in changed:
            entered = BIRTH if before is None else entries.get((change.id, "stage"), "")
            found.append((STAGE, str(after["stage"]), entered))
        return found

    def work(self) -> None:
        """Run the rules that wait for what was taken in, and those that wait for what these do."""
        while self._queue:
            event = self._queue.pop(0)
            record = self.find(event.kind, event.id)
            if record is not None:
                for rule in self.book.set_off(self.session, event.listened, record):
                    self._run(rule, event)

    def fire(self, rule: Rule, event: Event) -> bool:
        """Run one rule for one event, if its condition fits and it has not run for it before; tell whether it did."""
        record = self.find(event.kind, event.id)
        return record is not None and self.book.fits(self.session, rule, record) and self._run(rule, event)

    def _run(self, rule: Rule, event: Event) -> bool:
        from tuicrm.store.ulid import alike

        if (rule.id, event.id) in self._fired:
            _stop(event, f'stopped before "{rule.name}" would run on it once more')
            return False
        if event.depth >= DEEPEST:
            _stop(event, f'stopped before "{rule.name}": rules set each other off {DEEPEST} times in a row')
            return False
        entry = alike(event.ms, "rule", rule.id, event.id, event.instance)
        # Also where somebody took it back: then it is in the trash.
        if not event.fresh and self.session.ws.stored.any("activity", entry) is not None:
            return False
        self._fired.add((rule.id, event.id))
        record = self.find(event.kind, event.id) or {"id": event.id}
        run = Run(rule, event.kind, record, entry, event, self._base(rule, event))
        self.runs.append(run)
        self._act(run)
        return True

    def _base(self, rule: Rule, event: Event) -> datetime:
        """Return what dates in words are relative to: now, or for what time set off a moment that clones agree on."""
        if self._moment is not None:
            return self._moment
        root = event if event.parent is None else event.parent.first.event
        if root.trigger not in TIMED:
            return self.session.now
        day = max(root.ms, rule.changed_ms) // 86_400_000
        return datetime.fromtimestamp(day * 86_400 + 43_200, UTC)

    def _act(self, run: Run) -> None:
        from tuicrm.crm.rules.acting import act
        from tuicrm.crm.rules.passing import back

        for action in run.rule.actions:
            made = act(self, run, action)
            run.back += back(self, made)
            self.changes += made
            self.feed(made, run.event.depth + 1, run)
            run.record = self.find(run.kind, str(run.record["id"])) or run.record

    def entries(self) -> list[Change]:
        """Return the entries of the log that tell what each rule did."""
        from tuicrm.store.changes import Write

        return [Write("activity", one.entry, _entry(self.session, one)) for one in self.runs if one.did]

    def told(self, most: int = MOST_TOLD) -> tuple[str, ...]:
        """Return a sentence about each rule that did something; of more than `most`, about the first ones."""
        from tuicrm.crm.lookup import title

        did = [one for one in self.runs if one.did]
        many = len({one.event.id for one in did}) > 1
        lines = []
        for one in did[:most]:
            on = f" on {title(self.session, one.kind, one.record)}" if many else ""
            lines.append(f"Rule '{one.rule.name}'{on}: {'; '.join(one.did)}")
        more = [f"and {len(did) - most:,} more: tuicrm rule log"] if len(did) > most else []
        return (*lines, *more, *dict.fromkeys(self.hints))


def _without_none(record: Record) -> Record:
    return {name: value for name, value in record.items() if value is not None}


def _stop(event: Event, why: str) -> None:
    if event.parent is not None and why not in event.parent.did:
        event.parent.did.append(why)


def _entry(session: Session, run: Run) -> dict[str, Any]:
    from tuicrm.crm.rules.acting import links
    from tuicrm.records.values import instant_text

    fields: dict[str, Any] = {
        "type": RULE,
        "subject": f"{run.rule.name}: {'; '.join(run.did)}",
        "body": "\n\n".join(run.more),
        "field": run.rule.id,
        "before": f"{run.kind}/{run.record['id']}",
        "after": run.assigned,
        "owner": "" if run.timed else session.me,
        "at": instant_text(_since(run)) if run.timed else "",
        **links(session, run.kind, run.record),
    }
    return {name: value for name, value in fields.items() if value}


def _since(run: Run) -> datetime:
    """Return since when a run was due: a moment that clones agree on, and that is over, unlike noon of that day."""
    ms = max(run.first.event.ms, run.first.rule.changed_ms)
    return min(run.now, datetime.fromtimestamp(ms // 1000, UTC))


def widened(session: Session, plan: Plan) -> tuple[Plan, tuple[str, ...], Sequence[Errand]]:
    """Return a plan with what rules add to it, sentences about that, and the commands to run once it is written."""
    from dataclasses import replace

    from tuicrm.crm.rules.passing import remember, take_back

    kinds = book(session).kinds
    if not any(change.kind in kinds for change in plan.changes):
        return plan, (), ()
    engine = Engine(session)
    undone = take_back(session, engine, plan)
    engine.feed(plan.changes)
    engine.work()
    remember(session, plan.group, engine.runs)
    added = (*engine.changes, *engine.entries())
    if not (undone or added):
        return plan, engine.told(), ()
    return replace(plan, changes=(*undone, *plan.changes, *added)), engine.told(), engine.errands
