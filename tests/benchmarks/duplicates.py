"""Looking for duplicates among 10,000 contacts beside 1,000: the work grows with the records, not with their square."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any

from tests.benchmarks.measure import Figure, at_most, environment, milliseconds
from tuicrm.store.changes import Write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tuicrm.crm.session import Session

FEW, MANY = 1_000, 10_000
MOST = 12
ROUNDS = 5
FIRST = (
    "Anna",
    "Ben",
    "Clara",
    "David",
    "Eva",
    "Felix",
    "Greta",
    "Hugo",
    "Ida",
    "Jan",
    "Kim",
    "Lea",
    "Max",
    "Nora",
    "Ola",
    "Paul",
    "Rosa",
    "Sam",
    "Tom",
    "Uma",
)
LAST = (
    "Berg",
    "Diaz",
    "Ek",
    "Fuchs",
    "Gruber",
    "Horn",
    "Ito",
    "Jung",
    "Kraus",
    "Lund",
    "Meyer",
    "Novak",
    "Orr",
    "Petrov",
    "Roe",
    "Sato",
    "Vos",
    "Weiss",
    "Young",
    "Zhou",
)


def crowd(session: Session, count: int) -> None:
    """Add contacts as a team has them: names that recur, shared switchboards, some kept twice."""
    chance = random.Random(7)
    made: list[Write] = []
    companies = [session.ws.new_id() for _ in range(count // 5)]
    made += [Write("company", key, {"name": f"Company {place}"}) for place, key in enumerate(companies)]
    for place in range(count):
        name = f"{chance.choice(FIRST)} {chance.choice(LAST)}{chance.choice(['', 'er', 'mann', 'sen'])}"
        fields: dict[str, Any] = {"name": name, "company": chance.choice(companies)}
        fields["emails"] = {f"{name.replace(' ', '.').lower()}.{chance.randrange(count)}@x.example": {"rank": 1}}
        fields["phones"] = {f"+4930{chance.randrange(count // 4):06}": {"rank": 1}}
        made.append(Write("contact", session.ws.new_id(), fields))
        if place % 20 == 0:
            made.append(Write("contact", session.ws.new_id(), {**fields, "name": name.upper()}))
    session.ws.commit(made, by="ann", note="")


def took(sessions: Mapping[int, Session], rounds: int = ROUNDS) -> dict[int, float]:
    """Return the least of the processor's seconds, by the count of contacts; opening and reading included.

    Turn by turn, so that a machine that is busy for a while is busy for both.
    """
    from tuicrm.crm.duplicates import duplicates
    from tuicrm.records.registry import groups
    from tuicrm.store.workspace import Workspace

    least = dict.fromkeys(sessions, 1e9)
    for _ in range(rounds):
        for count, session in sessions.items():
            start = time.process_time()
            with Workspace.open(session.ws.root, groups=groups) as ws:
                found = duplicates(session.beside(ws), "contact")
            least[count] = min(least[count], time.process_time() - start)
            if len(found) < count // 20:
                raise RuntimeError(f"{len(found)} duplicates of {count // 20} were found")
    return least


def figures(folder: Path) -> Iterator[Figure]:
    """Yield how much longer ten times the contacts take."""
    from tuicrm.crm.opening import create_workspace

    sessions = {}
    for count in (FEW, MANY):
        home = folder / str(count)
        home.mkdir()
        env = environment(home, TUICRM_USER="ann", TZ="UTC")
        session = create_workspace(home / "acme", name="acme", currency="EUR", user="ann", env=env)
        crowd(session, count)
        session.ws.checkpoint()
        sessions[count] = session
    least = took(sessions)
    few, many = least[FEW], least[MANY]
    yield at_most("duplicates among 10,000 contacts / 1,000", milliseconds(many), milliseconds(few), many / few, MOST)
    for session in sessions.values():
        session.ws.close()
