"""What people do with plain git beside tuicrm, seldom well: conflicts are committed as they are, markers and all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.sync.repos import git

if TYPE_CHECKING:
    from tests.prove.people import Person
    from tests.sync.repos import Ran

UPSTREAM = "origin/main"
NO_EDITOR = {"GIT_EDITOR": "true", "GIT_SEQUENCE_EDITOR": "true"}
MOST_STEPS = 30


def commit(person: Person) -> None:
    """Commit the whole work tree."""
    person.git("add", "--all")
    person.git("commit", "--quiet", "--message", "by hand", ok=False)


def push(person: Person) -> None:
    """Push what is committed; somebody may have been faster."""
    person.git("push", "--quiet", "origin", "HEAD:main", ok=False)


def take_theirs(person: Person, name: str) -> None:
    """Settle a file that both sides have in another state: the remote's is the right one."""
    person.git("checkout", "--quiet", UPSTREAM, "--", name)
    commit(person)


def merge(person: Person, *, extra: tuple[str, ...] = ()) -> bool:
    """Merge what the remote has, with or without the attributes; return whether there was anything to merge."""
    chance = person.world.chance
    _attributes(person, chance.random() < 0.5)
    if not _diverged(person):
        return False
    if chance.random() < 0.7:
        commit(person)
    person.git("merge", "--quiet", "--no-edit", *extra, UPSTREAM, ok=False)
    if _exists(person, "MERGE_HEAD"):
        roll = chance.random()
        if roll < 0.5:
            commit(person)
        elif roll < 0.65:
            person.git("merge", "--abort", ok=False)
        # else it is left half done, for the next commit or the next sync to finish
    return True


def rebase(person: Person) -> bool:
    """Rebase upon the remote; return whether there was anything to replay."""
    if _exists(person, "MERGE_HEAD"):
        return False
    _attributes(person, person.world.chance.random() < 0.5)
    if not _diverged(person):
        return False
    if person.world.chance.random() < 0.6:
        commit(person)
        _run(person, "rebase", "--quiet", UPSTREAM)
    else:
        _run(person, "rebase", "--quiet", "--autostash", UPSTREAM)
    for _ in range(MOST_STEPS):
        if not _exists(person, "rebase-merge"):
            return True
        person.git("add", "--all")
        done = _run(person, "rebase", "--continue")
        if done.code and not person.git("diff", "--cached", "--name-only") and _exists(person, "rebase-merge"):
            _run(person, "rebase", "--skip")
    person.git("rebase", "--abort")
    return True


def has_stash(person: Person) -> bool:
    """Whether git has put changes away that could not be brought back: they are safe, but no longer in any history."""
    return bool(person.git("rev-parse", "--quiet", "--verify", "refs/stash", ok=False))


def cherry_pick(person: Person) -> bool:
    """Take a single commit out of the remote's history; return whether there was one."""
    if _exists(person, "MERGE_HEAD"):
        return False
    _attributes(person, person.world.chance.random() < 0.5)
    person.git("fetch", "--quiet", "origin")
    found = person.git("rev-list", "--no-merges", f"HEAD..{UPSTREAM}", "--", "data", ok=False).split()
    if not found:
        return False
    commit(person)
    _run(person, "cherry-pick", person.world.chance.choice(found))
    for _ in range(3):
        if not _exists(person, "CHERRY_PICK_HEAD"):
            return True
        person.git("add", "--all")
        done = _run(person, "cherry-pick", "--continue")
        if done.code:
            person.git("cherry-pick", "--skip", ok=False)
    return True


def _run(person: Person, *words: str) -> Ran:
    """Run git where it must not ask for a message."""
    return git(person.root, {**person.env, **NO_EDITOR}, *words, ok=False)


def _diverged(person: Person) -> bool:
    person.git("fetch", "--quiet", "origin")
    return bool(person.git("rev-list", "--max-count=1", f"HEAD..{UPSTREAM}", ok=False))


def _attributes(person: Person, obeyed: bool) -> None:
    """Let git go by the workspace's attributes, or ignore them as a hosting site does."""
    info = person.root / ".git" / "info"
    info.mkdir(exist_ok=True)
    if obeyed:
        (info / "attributes").unlink(missing_ok=True)
    else:
        (info / "attributes").write_text("data/** merge=text\n")


def _exists(person: Person, name: str) -> bool:
    return (person.root / ".git" / name).exists()
