"""Random transactions of a salesperson whom nobody supervises: every kind of change, one record or many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.store.changes import Purge, Remove, Revive, Write

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

    from tests.prove.plain import Facts, Key
    from tuicrm.store.changes import Change

KINDS = ("deal", "contact", "activity", "ticket")
"""One by hash, one more, one by day, and one that no program knows."""
WORDS = ("hot", "cold", "a/b", "~1", "Zoë", "x" * 40)
LONG = 2500


def fields(chance: random.Random) -> dict[str, Any]:
    """Some fields, known and unknown ones: texts, flags, numbers, sets, maps, maps in maps, and what clears them."""
    made: dict[str, Callable[[], Any]] = {
        "name": lambda: f"Name {chance.randrange(1000)}",
        "notes": lambda: "long text " * chance.randrange(LONG // 10),
        "tags": lambda: chance.sample(WORDS, chance.randrange(4)),
        "emails": lambda: {f"p{n}@x.example": {"rank": n, "label": "work"} for n in range(chance.randrange(3))},
        "of_tomorrow": lambda: {"deep": {"n": chance.randrange(9), "set": [1, "1", True]}, "on": chance.random() < 0.5},
        "count": lambda: chance.randrange(-5, 2**40),
        "flag": lambda: chance.choice((True, False, None)),
        "next_step": lambda: chance.choice(("call", "", None)),
    }
    return {name: made[name]() for name in chance.sample(sorted(made), chance.randint(1, 4))}


def several(
    chance: random.Random, held: Facts, new_id: Callable[[], str], *, most: int = 5, trash: bool = True
) -> list[Change]:
    """One transaction of up to `most` changes, now and then of many more; `trash` is what stock TinyDB lacks."""
    count = chance.randint(1, most) if chance.random() < 0.9 else chance.randint(20, 40)
    changes: list[Change] = []
    keys = sorted(held)
    for _ in range(count):
        roll = chance.random()
        if roll < 0.4 or not keys:
            changes.append(Write(chance.choice(KINDS), new_id(), {"name": "fresh", **fields(chance)}))
        else:
            changes.append(_one(chance, held, chance.choice(keys), roll, trash=trash))
    return changes


def _one(chance: random.Random, held: Facts, key: Key, roll: float, *, trash: bool) -> Change:
    if held[key].dead and trash and roll > 0.6:
        return Purge(*key) if roll > 0.85 or held[key].erased else Revive(*key)
    return Remove(*key) if roll > 0.85 else Write(*key, fields(chance))
