"""Known defects in small: each still has its one place and its check, and a few are planted and noticed."""

from __future__ import annotations

import re

import pytest

from tests.prove import planted
from tests.prove.plants import PLANTS
from tests.prove.plants.plant import Plant

QUICK = (
    "the left one of two values wins",
    "an escape reaches the terminal",
    "a failed sync is taken for a success",
)


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_plant_has_one_place_and_a_check_that_is_there(plant: Plant) -> None:
    text = (planted.SOURCE / "tuicrm" / plant.file).read_text(encoding="utf-8")
    assert planted.planted(plant, text) != text
    compile(planted.planted(plant, text), plant.file, "exec")
    words = plant.check.split()
    if words[0] == "-m":
        words = [words[1].replace(".", "/") + ".py"]
    for word in words:
        path, *names = word.split("::")
        held = (planted.SOURCE / path).read_text(encoding="utf-8")
        assert all(re.search(rf"^\s*(def|class|async def) {name}\b", held, re.MULTILINE) for name in names), word


def test_names_are_told_apart() -> None:
    assert len({plant.name for plant in PLANTS}) == len(PLANTS)


@pytest.mark.timeout(600)
def test_what_is_planted_is_noticed_and_what_nothing_notices_is_a_problem() -> None:
    chosen = [plant for plant in PLANTS if plant.name in QUICK]
    harmless = chosen[-1]._replace(name="harmless", into=chosen[-1].text + "        # nothing\n")
    rotten = chosen[-1]._replace(name="rotten", text="this is nowhere in the program")
    told = planted.run((*chosen, harmless, rotten), workers=2)
    assert [bool(one.noticed_by) for one in told.outcomes] == [True] * len(QUICK) + [False, False]
    assert len(told.problems) == 2
    assert "noticed nothing" in told.problems[0]
    assert "0 places" in told.problems[1]
    assert not planted.part(told).rows[-1].kept
    told.outcomes = told.outcomes[: len(QUICK)]
    assert planted.part(told).rows[-1].kept
