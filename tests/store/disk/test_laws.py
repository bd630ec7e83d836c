"""Whatever happens in whatever order: memory, journal and files tell the same story."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.errors import TuicrmError
from tuicrm.store import kept
from tuicrm.store.changes import Purge, Remove, Revive, Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    import pytest

IDS = [f"01KB{n}0000000000000000000A{n % 2}" for n in range(4)]
KINDS = ["deal", "activity"]
SCALARS = st.sampled_from(["", "x", "y", 1, 0, True, False, None])
SETS = st.lists(st.sampled_from(["a", "b", 1, "1"]), max_size=3)
MAPS = st.dictionaries(st.sampled_from(["a", "b", "a/b"]), st.one_of(SCALARS, SETS), max_size=2)
VALUES = st.one_of(SCALARS, SETS, MAPS)
FIELDS = st.dictionaries(st.sampled_from(["name", "tags", "value", "currency"]), VALUES, min_size=1, max_size=3)
CHANGE = st.one_of(
    st.builds(Write, st.sampled_from(KINDS), st.sampled_from(IDS), FIELDS),
    st.builds(Write, st.sampled_from(KINDS), st.sampled_from(IDS), FIELDS),
    *(st.builds(made, st.sampled_from(KINDS), st.sampled_from(IDS)) for made in (Remove, Revive, Purge)),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 1]), st.lists(CHANGE, min_size=1, max_size=3) | st.sampled_from(["checkpoint", "refresh"])
    ),
    min_size=1,
    max_size=12,
)


def groups(kind: str) -> tuple[tuple[str, ...], ...]:
    return (("value", "currency"),)


def told(ws: Workspace) -> dict[str, Any]:
    return {kind: (dict(ws.all(kind)), dict(ws.dead(kind))) for kind in KINDS}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, lazy=st.booleans())
def test_every_view_of_a_workspace_is_the_same(template: Path, quick_folder: Path, steps: Any, lazy: bool) -> None:
    with tempfile.TemporaryDirectory(dir=quick_folder) as folder:
        root = Path(folder) / "acme"
        shutil.copytree(template, root)
        pair = [Workspace.open(root, groups=groups) for _ in range(2)]
        if not lazy:
            for ws in pair:
                told(ws)
        for which, what in steps:
            ws = pair[which]
            if what == "checkpoint":
                ws.checkpoint()
            elif what == "refresh":
                ws.refresh()
            else:
                with contextlib.suppress(TuicrmError):
                    ws.commit(what, by="ann", note="")
        pair[0].refresh()
        seen = told(pair[0])
        pair[1].refresh()
        assert told(pair[1]) == seen
        assert told(Workspace.open(root)) == seen
        pair[0].checkpoint()
        assert told(pair[0]) == seen
        assert told(Workspace.open(root)) == seen
        assert pair[0].problems() == []
        for live, _ in seen.values():
            assert list(live) == sorted(live)


def test_kept_journals_are_bounded_newest_first(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    with Workspace.open(root) as ws:
        for number in range(6):
            ws.commit([Write("deal", IDS[0], {"n": str(number)})], by="", note="")
            ws.checkpoint()
        held = [path.read_bytes() for path in sorted((ws.private / "journals").iterdir())]
        assert [f'"n":"{n}"'.encode() in data for n, data in zip((3, 4, 5), held, strict=True)] == [True] * 3
        monkeypatch.setattr(kept, "MOST_BYTES", 1)
        ws.commit([Write("deal", IDS[0], {"n": "last"})], by="", note="")
        ws.checkpoint()
        [only] = (ws.private / "journals").iterdir()
        assert b'"n":"last"' in only.read_bytes()
