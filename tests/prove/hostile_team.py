"""The way in by a remote: what a teammate pushes, who that teammate says to be, and what git then says of it."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from tests.prove.hostile_desk import Ran as Judged
from tests.prove.hostile_desk import holds, judged
from tests.prove.hostile_values import harm, storable
from tests.sync.repos import Team, git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.prove.hostile_desk import Told
    from tests.sync.repos import Clone

LOOKS: tuple[tuple[str, ...], ...] = (
    ("since",), ("since", "--json"), ("conflict", "list"), ("conflict", "list", "--json"),
    ("conflict", "list", "--all"),
    ("sync", "--status"), ("sync", "--status", "--json"), ("doctor",), ("doctor", "--json"), ("company", "list"),
    ("company", "list", "--json"), ("user", "list"), ("board",), ("search", "a"), ("history", "Acme"),
)  # fmt: skip


def share(told: Told, place: Path, value: str, text: str) -> None:
    """Let a teammate push a value in every way that git has, and look at it from the other side."""
    place.mkdir()
    team = Team(place)
    ann, eve = team.clones("ann", "eve")
    key = ann.add("company", name="Acme", city="Berlin")
    ann.sync()
    eve.sync()
    ann.edit("company", key, city="Bonn")
    if storable(text):
        eve.edit("company", key, city=text, notes=text, tags=[text])
        eve.add("user", handle=text, name=text)
        eve.add("company", name=text, **{"zz": text})
        eve.add("odd", name=text)
    _run(told, value, "a remote", eve, "sync")
    for words in (("sync",), *LOOKS):
        _run(told, value, "a remote", ann, *words)
    if storable(text):
        told.count(value, "a remote", "what the other side has")
        held = json.loads(ann.run("company", "list", "--json").out)
        if not any(holds(one["name"], text) for one in held):
            told.fail(f"a remote with {value}: it did not arrive")
        else:
            told.kept += 1
    _by_plain_git(eve, text)
    for words in (("sync",), *LOOKS, ("sync", "--json")):
        _run(told, value, "commits of plain git", ann, *words)
    for name, clone in (("ann", ann), ("eve", eve)):
        message = clone.git("log", "--format=%B", "--committer=ann@acme.example", "--all", ok=False)
        told.count(value, "a remote", f"messages of {name}")
        if harm(message):
            told.fail(f"a commit message, {value}: {harm(message)}")


def _by_plain_git(eve: Clone, text: str) -> None:
    """Commit with plain git: an author, a message, a branch and files that are called by the value."""
    who = text.replace("\0", "").replace("\n", " ").replace("<", "").replace(">", "")[:2000] or "x"
    stored = text.encode("utf-8", "surrogatepass")
    with suppress(OSError, ValueError, UnicodeEncodeError):
        (eve.root / "data/company" / f"{text[:80].replace('/', '_')}.jsonl").write_bytes(stored + b"\n")
    (eve.root / "data/deal").mkdir(exist_ok=True)
    (eve.root / "data/deal/AA.jsonl").write_bytes(stored.replace(b"\n", b" ") + b"\n")
    eve.git("add", "--all", ok=False)
    also = {} if not storable(text) else {"GIT_AUTHOR_NAME": who[:500], "GIT_COMMITTER_NAME": who[:500]}
    try:
        git(
            eve.root,
            {**eve.env, **also},
            "commit",
            "--quiet",
            "--allow-empty",
            "--file=-",
            ok=False,
            data=b"x\n\n" + stored,
        )
    except (OSError, ValueError):
        eve.git("commit", "--quiet", "--message=x", ok=False)
    if storable(text):
        eve.git("branch", "--", text[:60], ok=False)
    eve.git("push", "--quiet", "origin", "HEAD:main", ok=False)


def _run(told: Told, value: str, door: str, clone: Clone, *words: str) -> None:
    ran = clone.run(*words)
    told.count(value, door, " ".join(words))
    wrong = judged(Judged(ran.code, ran.out, ran.err, ""))
    told.refused += ran.code != 0
    if wrong:
        told.fail(f"{' '.join(words)}, {value} by {door}: {wrong}")
