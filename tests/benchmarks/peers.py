"""5,000 contacts: tuicrm beside khard and taskwarrior, where those are installed."""

from __future__ import annotations

import csv
import json
import shutil
from typing import TYPE_CHECKING

from tests.benchmarks.measure import Figure, at_least, at_most, environment, in_turn, milliseconds, run, tuicrm

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

COUNT = 5_000


def people() -> Iterator[tuple[str, str, str]]:
    """Yield name, e-mail and phone of the same people for every program."""
    for number in range(COUNT):
        yield f"Person {number:05d}", f"person{number}@company{number % 700}.example", f"+4930{number:07d}"


def our_workspace(folder: Path, env: Mapping[str, str]) -> Path:
    """Make a workspace with the people, through the public commands, and return its folder."""
    source = folder / "people.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["name", "email", "phone"])
        writer.writerows(people())
    root = folder / "workspace"
    run([*tuicrm(), "init", str(root), "--name", "Bench", "--user", "me"], env=env)
    run([*tuicrm(), "--workspace", str(root), "import", str(source), "--as", "contacts"], env=env)
    return root


def khard_book(folder: Path) -> Path:
    """Write the people as vCards and return the khard configuration that lists them."""
    book = folder / "book"
    book.mkdir()
    for number, (name, email, phone) in enumerate(people()):
        first, _, last = name.partition(" ")
        card = ("BEGIN:VCARD", "VERSION:3.0", f"UID:{number}", f"FN:{name}", f"N:{last};{first};;;")
        more = (f"EMAIL:{email}", f"TEL:{phone}", "END:VCARD", "")
        (book / f"{number}.vcf").write_text("\n".join(card + more), encoding="utf-8")
    config = folder / "khard.conf"
    config.write_text(f"[addressbooks]\n[[bench]]\npath = {book}\n[general]\ndefault_action = list\n", encoding="utf-8")
    return config


def task_data(folder: Path, env: Mapping[str, str]) -> dict[str, str]:
    """Import as many tasks into taskwarrior and return the environment that finds them."""
    rc = folder / "taskrc"
    rc.write_text(f"data.location={folder / 'tasks'}\nconfirmation=off\nhooks=off\n", encoding="utf-8")
    (folder / "tasks").mkdir()
    tasks = [{"description": f"{name} {email} {phone}", "status": "pending"} for name, email, phone in people()]
    source = folder / "tasks.json"
    source.write_text(json.dumps(tasks), encoding="utf-8")
    with_rc = {**env, "TASKRC": str(rc), "TASKDATA": str(folder / "tasks")}
    run(["task", "import", str(source)], env=with_rc)
    return with_rc


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the ratios to the peers that are installed."""
    env = environment(folder)
    root = our_workspace(folder, env)
    listing = [*tuicrm(), "--workspace", str(root), "contact", "list", "--json"]
    khard = shutil.which("khard")
    if khard:
        command = [khard, "-c", str(khard_book(folder)), "list"]
        ours, theirs, ratio = in_turn(lambda: run(command, env=env), lambda: run(listing, env=env), rounds=3)
        yield at_least("khard list / contact list --json, 5,000", milliseconds(theirs), milliseconds(ours), ratio, 10)
    if shutil.which("task"):
        tasks = task_data(folder, env)
        ours, theirs, ratio = in_turn(
            lambda: run(listing, env=env), lambda: run(["task", "export"], env=tasks), rounds=7
        )
        yield at_most("contact list --json / task export, 5,000", milliseconds(ours), milliseconds(theirs), ratio, 3)
        adding = [*tuicrm(), "--workspace", str(root), "contact", "add", "One More"]
        ours, theirs, ratio = in_turn(
            lambda: run(adding, env=env), lambda: run(["task", "add", "One More"], env=tasks), rounds=7
        )
        yield at_most("contact add / task add, 5,000", milliseconds(ours), milliseconds(theirs), ratio, 3)
