"""What is due is done: the one list of what goes on by itself as time goes by, for cron and for open programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tuicrm.crm.plan import Plan
    from tuicrm.crm.rules.commands import Errand
    from tuicrm.crm.session import Session

SOURCES = (
    ("lead", "tuicrm.crm.stragglers:due"),
    ("rule", "tuicrm.crm.rules.timed:due"),
    ("enrolment", "tuicrm.crm.sequences:due"),
)
"""A kind, and the function (module:name) that is given the session and yields what is due because of its records.

A function is not even imported where there are none of the kind.
"""


class Due(NamedTuple):
    """Something that is due."""

    plan: Plan | None = None
    told: tuple[str, ...] = ()
    """Sentences about what it does."""
    waits: str = ""
    """Why it is not done by itself, in a sentence; then there is no plan."""
    errands: Sequence[Errand] = ()
    """Commands to run once it is written."""
    records: int = 0
    """How many records it is about."""
    minor: bool = False
    """Whether that it waits is as it should be, and said only to whoever looks."""


def due(session: Session) -> Iterator[Due]:
    """Yield what is due; whoever writes each step before asking for the next one lets that see it."""
    for kind, one in SOURCES:
        if session.ws.all(kind):
            yield from _source(one)(session)


def waiting(session: Session) -> bool:
    """Tell whether anything can become due at all."""
    return any(session.ws.all(kind) for kind, _ in SOURCES)


def _source(name: str) -> Callable[[Session], Iterable[Due]]:
    from importlib import import_module

    module, _, function = name.partition(":")
    found: Callable[[Session], Iterable[Due]] = getattr(import_module(module), function)
    return found


def carry_out(session: Session, one: Due) -> tuple[str, ...]:
    """Write what is due, run the commands that go with it, and return what to say."""
    if one.plan is None:
        return (one.waits,) if one.waits else ()
    session.commit(one.plan)
    session.run(one.errands)
    return (*one.told, *session.told)
