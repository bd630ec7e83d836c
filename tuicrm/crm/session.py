"""Who acts, when, in which workspace: the one thing that every use case gets."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from tuicrm.records.registry import KINDS, kind_named
from tuicrm.records.settings import SETTINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date, datetime

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.rules.commands import Errand
    from tuicrm.records.field import Field, Kind
    from tuicrm.store.changes import Receipt
    from tuicrm.store.workspace import Workspace
    from tuicrm.when import Reading

Record = dict[str, Any]
_MONTHS = frozenset(str(month) for month in range(1, 13))


class Session:
    """A workspace as one user sees it at one moment; `now` moves on only by `at`."""

    def __init__(
        self,
        ws: Workspace,
        *,
        user: str,
        now: datetime,
        zone: str | Callable[[], str] = "UTC",
        env: Mapping[str, str] | None = None,
    ) -> None:
        self.ws = ws
        self.user = user
        """The handle (or name) of who acts."""
        self.now = now
        """An aware instant; what `today` and reports go by."""
        self._own_zone = zone
        self.env: Mapping[str, str] = {} if env is None else env
        """The environment of who acts, by which the user's own files are found."""
        self.told: tuple[str, ...] = ()
        """What rules did in the step that was written last."""
        self.runner: Callable[[Sequence[Errand]], None] | None = None
        """Runs the commands of rules where nobody may wait for them."""
        self._cached_at = -1
        self._cache: dict[str, Any] = {}
        self.kept: dict[str, Any] = {}
        """Indexes that outlive a change, because they find out by themselves what it touched."""

    def beside(self, ws: Workspace) -> Session:
        """Return a session of the same user at the same moment on another picture of the workspace."""
        return Session(ws, user=self.user, now=self.now, zone=self._own_zone, env=self.env)

    def at(self, now: datetime) -> None:
        """Move the session's clock: a program that stays open calls this as time goes by."""
        self.now = now
        self.__dict__.pop("reading", None)

    def remember(self, key: str, make: Any) -> Any:
        """Return what `make()` gave, until anything in the workspace changes."""
        if self._cached_at != self.ws.revision:
            self._cache = {}
            self._cached_at = self.ws.revision
            self.__dict__.pop("reading", None)
        if key not in self._cache:
            value = make()
            self._cache[key] = value
        return self._cache[key]

    def setting(self, key: str) -> str:
        """Return the team's value of a setting, or its default."""
        values: Mapping[str, str] = self.remember("settings", self._settings)
        return values.get(key, SETTINGS[key].default)

    def _settings(self) -> dict[str, str]:
        from tuicrm.crm.shapes import word

        held = self.ws.all("setting").values()
        known = [one for one in held if word(one.get("key")) in SETTINGS and isinstance(one.get("value"), str)]
        known.sort(key=lambda one: (one.get("_v", {}).get("value", one["id"]), one["id"]))
        return {one["key"]: one["value"] for one in known}

    @property
    def currency(self) -> str:
        """The base currency."""
        return self.setting("currency")

    @property
    def zone(self) -> str:
        """The IANA zone of wall times: the team's, else this machine's, which is looked up when first needed."""
        return self.setting("timezone") or self._machine_zone

    @cached_property
    def _machine_zone(self) -> str:
        return self._own_zone if isinstance(self._own_zone, str) else self._own_zone()

    @cached_property
    def reading(self) -> Reading:
        """What dates in words are relative to."""
        from zoneinfo import ZoneInfo

        from tuicrm.when import Reading

        zone = self.zone
        week = ("monday", "saturday", "sunday").index(self.setting("week_start"))
        return Reading(
            now=self.now.astimezone(ZoneInfo(zone)),
            order=self.setting("date_order"),
            zone=zone,
            week_start=(0, 5, 6)[week],
            year_start=self.year_start,
        )

    @property
    def year_start(self) -> int:
        """The first month of the fiscal year, by which quarters and years go; January for what is no month."""
        said = self.setting("fiscal_year_start")
        return int(said) if said in _MONTHS else 1

    @property
    def today(self) -> date:
        """The calendar date of `now` in the session's zone."""
        return self.reading.today

    def kind(self, name: str) -> Kind:
        """Return a kind, by any of its names, with the team's own fields."""
        base = KINDS.get(name) or kind_named(name)
        custom: dict[str, tuple[Field, ...]] = self.remember("custom fields", self._custom)
        fields = custom.get(base.name)
        if base.name == "lead" and self.ws.all("lead_status"):
            from tuicrm.crm.statuses import with_statuses

            made: Kind = self.remember("kind lead", lambda: with_statuses(self, base.with_custom(fields or ())))
            return made
        return base if not fields else self.remember(f"kind {base.name}", lambda: base.with_custom(fields))

    def _custom(self) -> dict[str, tuple[Field, ...]]:
        from tuicrm.crm.shapes import word
        from tuicrm.records.custom import custom_field

        found: dict[str, list[Field]] = {}
        for record in self.ws.all("field").values():
            one, of = custom_field(record), word(record.get("of"))
            if one is not None and one.name not in {held.name for held in found.get(of, ())}:
                found.setdefault(of, []).append(one)
        return {kind: tuple(fields) for kind, fields in found.items()}

    @property
    def me(self) -> str:
        """The id of the acting user's record; empty where the team has no such user."""
        found: str = self.remember("me", self._me)
        return found

    def _me(self) -> str:
        wanted = self.user.casefold()
        users = self.ws.all("user").values()
        for name in ("handle", "email", "name"):
            for record in users:
                if str(record.get(name, "")).casefold() == wanted:
                    return str(record["id"])
        return ""

    def commit(self, plan: Plan) -> Receipt:
        """Write a plan as one durable step, with what the team's rules add to it."""
        errands: Sequence[Errand] = ()
        self.told = ()
        if plan.does == "do" and not plan.settled and not plan.final and plan.changes and self.ws.all("rule"):
            from tuicrm.crm.rules.engine import widened

            plan, self.told, errands = widened(self, plan)
        receipt = self.ws.commit(
            plan.changes,
            by=self.user,
            note=plan.note,
            expect=plan.expect or None,
            group=plan.group,
            does=plan.does,
            of=plan.of,
            undoable=not plan.final,
        )
        self.run(errands)
        return receipt

    def run(self, errands: Sequence[Errand]) -> None:
        """Run the commands that rules ask for, one after the other, or leave them to `runner`."""
        if not errands:
            return
        if self.runner is not None:
            self.runner(errands)
            return
        from tuicrm.crm.rules.commands import run

        self.told += tuple(filter(None, map(run, errands)))
