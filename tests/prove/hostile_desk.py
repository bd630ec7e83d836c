"""A workspace with something of everything in it, and a way to run commands there that forgives nothing."""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import traceback
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.prove.hostile_values import harm, runs
from tuicrm.cli.run import run
from tuicrm.store.changes import Write
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = "2026-10-08T09:00:00Z"
CODES = (2, 3, 4, 5, 6, 7, 8)
"""How a command may refuse; each of them comes with a sentence."""
MOST_SAID = 4000
"""Characters of a refusal beyond which it buries what it says."""

SETUP: tuple[tuple[str, ...], ...] = (
    ("user", "edit", "ann", "--team", "north", "--role", "manager", "--email", "ann@us.example"),
    ("user", "add", "Bob Ray", "--handle", "bob", "--team", "north", "--manager", "ann"),
    ("company", "add", "Acme GmbH", "--domain", "acme.example", "--city", "Berlin", "--country", "de"),
    ("company", "add", "Globex", "--parent", "Acme GmbH"),
    ("contact", "add", "Jane Roe", "--email", "jane@acme.example", "--phone", "+49305550142", "--company", "Acme GmbH"),
    ("contact", "add", "Jane Row", "--email", "jane@acme2.example", "--company", "Globex"),
    ("product", "add", "Report", "--price", "100", "--currency", "EUR"),
    ("deal", "add", "Acme renewal", "--company", "Acme GmbH", "--contact", "Jane Roe", "--value", "12k",
     "--close", "2026-11-30"),
    ("deal", "add", "Acme pilot", "--company", "Acme GmbH", "--value", "500", "--close", "2026-09-01"),
    ("deal", "add", "Old sale", "--company", "Globex", "--value", "5k"),
    ("deal", "win", "Old sale"),
    ("deal", "add", "Lost sale", "--company", "Globex", "--value", "7k"),
    ("deal", "lose", "Lost sale", "--reason", "price"),
    ("deal", "item", "add", "Acme renewal", "--product", "Report", "--quantity", "2"),
    ("deal", "item", "add", "Acme renewal", "--name", "Training", "--price", "900"),
    ("log", "call", "Wants the report", "--with", "Jane Roe", "--deal", "Acme renewal"),
    ("log", "meeting", "Kick-off", "--with", "Jane Roe", "--deal", "Acme renewal", "--at", "2026-10-01 10:00"),
    ("followup", "add", "Send the report", "--due", "2026-10-09", "--deal", "Acme renewal"),
    ("followup", "add", "Ring her", "--due", "2026-10-01", "--contact", "Jane Roe"),
    ("lead", "add", "Zed New", "--company-name", "Newco", "--email", "zed@new.example", "--source", "fair"),
    ("lead", "add", "Zoe New", "--company-name", "Newco", "--email", "zoe@new.example"),
    ("lead", "status", "add", "Meeting set", "--criteria", "a date"),
    ("lead", "score", "add", "source:fair", "25", "--label", "Met at a fair"),
    ("touch", "Zed New", "event", "Spring fair", "--source", "fair", "--campaign", "autumn", "--page", "a.example"),
    ("view", "add", "big", "--where", "value>10k"),
    ("report", "add", "Worth", "--measure", "sum:value", "--by", "source"),
    ("field", "add", "region", "--of", "deal", "--type", "text", "--label", "Region"),
    ("field", "add", "sort", "--of", "lead", "--type", "choice", "--choice", "a", "--choice", "b"),
    ("template", "add", "Intro", "--subject", "Hello {name}", "--body", "Dear {name} of {company.name}, {title}"),
    ("template", "add", "Offer", "--of", "deal", "--subject", "{name}", "--body", "{contact.name} {next_step}"),
    ("sequence", "add", "Outbound", "--step", "0 email Intro", "--step", "3 call Any questions?"),
    ("sequence", "start", "Outbound", "jane@acme.example"),
    ("answer", "add", "Is there a SOC2 report?", "--answer", "Yes.", "--tag", "security"),
    ("rule", "add", "Chase", "--when", "stage Proposal", "--do", "followup call in 3 days", "--do", "log looked",
     "--do", "notify owner: look", "--do", "tag hot"),
    ("territory", "add", "Germany", "--if", "country:de", "--rep", "ann", "--rep", "bob"),
    ("target", "set", "ann", "--activity", "call 20", "--quota", "450k", "--period", "2026-Q4"),
    ("target", "set", "--team", "north", "--quota", "2m", "--period", "2026-Q4"),
    ("commission", "add", "Standard", "--tier", "5", "--tier", "6 from 100k"),
    ("mapping", "add", "fair", "--of", "contact"),
    ("pipeline", "edit", "Sales", "--stage", "Proposal", "--check", "decision maker named"),
    ("pipeline", "edit", "Sales", "--back-reasons", "budget gone"),
    ("pipeline", "add", "Renewals", "--stage", "Due 20% 30d", "--stage", "Signed 100% won"),
    ("quote", "add", "Acme renewal", "--terms", "Payable within 14 days.", "--tax-rate", "19"),
    ("config", "set", "discount_limits", "rep 10, manager 25%"),
    ("config", "set", "seller_name", "Us"),
    ("deal", "discount", "Acme renewal", "20", "--reason", "three years"),
    ("deal", "move", "Acme renewal", "Proposal", "--force"),
    ("next", "--dismiss", "Acme pilot"),
)  # fmt: skip
"""Commands that put at least one record of each kind there is into a workspace."""


@dataclass
class Told:
    """What the attempts came to."""

    runs: int = 0
    """Attempts: one value, through one door, looked at on one surface."""
    refused: int = 0
    kept: int = 0
    """Values that were taken, and came back from a JSON export as they were."""
    doors: set[str] = field(default_factory=set)
    surfaces: set[str] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def count(self, value: str, door: str, surface: str) -> None:
        """Note one combination."""
        self.runs += 1
        self.values.add(value)
        self.doors.add(door)
        self.surfaces.add(surface)

    def add(self, other: Told) -> None:
        """Take over what another part of the attempts came to."""
        self.runs += other.runs
        self.refused += other.refused
        self.kept += other.kept
        self.doors |= other.doors
        self.surfaces |= other.surfaces
        self.values |= other.values
        self.failures += [one for one in other.failures if one not in self.failures]

    def fail(self, what: str) -> None:
        """Note what must not be, once."""
        if what not in self.failures:
            self.failures.append(what)


@dataclass
class Ran:
    """What a command gave."""

    code: int
    out: str
    err: str
    wrong: str
    """What must not be in how it ended and what it wrote; empty where all is well."""


class Desk:
    """Commands in one workspace, which `put_back` makes as it was."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "acme"
        self.kept = home / "kept"
        self.place = home / "a/b/c/d/e/f"
        """Where commands are run: what climbs out of it stays in `home`."""
        self.place.mkdir(parents=True)
        self.env = {
            "HOME": str(home), "PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "LOGNAME": "ann", "TUICRM_USER": "ann", "TUICRM_NOW": NOW, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1",
        }  # fmt: skip
        self.before: dict[str, bytes] = {}

    def run(self, *words: str, elsewhere: bool = False, terminal: bool = False) -> Ran:
        """Run a command in this process and judge how it ended; `elsewhere` without naming the workspace."""
        out = (Screen if terminal else io.TextIOWrapper)(io.BytesIO(), "utf-8", newline="")
        err = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace", newline="")
        line = list(words) if elsewhere else ["--workspace", str(self.folder), *words]
        held, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(), "utf-8")
        try:
            with redirect_stdout(out), redirect_stderr(err), chdir(self.place):
                code = run(line, self.env)
        except BaseException:  # noqa: BLE001 - a run that raises is what is looked for
            return Ran(1, "", "", f"raised {traceback.format_exc()[-600:]}")
        finally:
            sys.stdin = held
        ran = Ran(code, _written(out), _written(err), "")
        ran.wrong = judged(ran)
        return ran

    def set_up(self) -> None:
        """Make the workspace, and keep it."""
        made = self.run(
            "init", str(self.folder), "--user", "ann", "--currency", "EUR", "--name", "Acme", elsewhere=True
        )
        assert made.code == 0, made.err
        for words in SETUP:
            ran = self.run(*words)
            assert ran.code == 0, (words, ran.err)
        self._gave_way()
        self.keep()
        self.supply()

    def _gave_way(self) -> None:
        """Put an entry into the ledger of what gave way."""
        with Workspace.open(self.folder) as ws:
            deal = next(iter(ws.all("deal")))
            lost = {"of": "deal", "record": deal, "field": "name", "version": ws.new_id(), "value": "Acme's renewal"}
            ws.commit([Write("conflict", ws.new_id(), lost)], by="sync", note="")

    def like(self, other: Path) -> None:
        """Begin with what another desk keeps."""
        shutil.copytree(other / "kept", self.folder, symlinks=True)
        self.keep()
        self.supply()

    def supply(self) -> None:
        """Put the files into place that commands are pointed at."""
        (self.place / "people.csv").write_text("name,email\nAnn,ann@x.example\n")
        (self.place / "post.json").write_text('{"name":"Web Person","email":"web@x.example"}')
        self.run("export", "all", "kept.zip")

    def keep(self) -> None:
        """Keep the workspace as it is, for `put_back`."""
        shutil.rmtree(self.kept, ignore_errors=True)
        shutil.copytree(self.folder, self.kept, symlinks=True)
        self.before = self.files()

    def put_back(self) -> None:
        """Make the workspace as it was kept."""
        shutil.rmtree(self.folder)
        shutil.copytree(self.kept, self.folder, symlinks=True)

    def drop(self, name: str) -> None:
        """Remove what a command made beside the workspace."""
        shutil.rmtree(self.place / name, ignore_errors=True)

    @property
    def changed(self) -> bool:
        """Whether anything was written since it was kept."""
        return self.files() != self.before

    def files(self) -> dict[str, bytes]:
        """What a change would touch: the data files and the journal."""
        paths = [self.folder / ".git/tuicrm/journal", self.folder / "tuicrm.json", *(self.folder / "data").rglob("*")]
        return {str(one): one.read_bytes() for one in paths if one.is_file()}

    def records(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Everything that is stored, by kind and id, as another process reads it."""
        with Workspace.open(self.folder) as ws:
            return {kind: {**ws.all(kind), **ws.dead(kind)} for kind in ws.kinds()}

    def ids(self) -> dict[str, list[str]]:
        """The ids of all live records, by kind, in the order in which they were made."""
        with Workspace.open(self.folder) as ws:
            return {kind: list(ws.all(kind)) for kind in ws.kinds()}


class Screen(io.TextIOWrapper):
    """An output that says of itself that it is a terminal."""

    def isatty(self) -> bool:
        return True


def judged(ran: Ran) -> str:
    """Say what must not be in how a command ended."""
    if ran.code not in (0, *CODES):
        return f"exit code {ran.code}: {ran.err[:300]!r}"
    if "Traceback" in ran.err or "something unexpected" in ran.err:
        return f"a traceback: {ran.err[:300]!r}"
    if ran.code and not ran.err.strip():
        return "failed without a word"
    if ran.code and len(ran.err) > MOST_SAID:
        return f"a refusal of {len(ran.err):,} characters"
    for name, text in (("stdout", ran.out.replace("\r\n", "\n")), ("stderr", ran.err)):
        bad = harm(text)
        if bad:
            return f"{name} holds {bad}"
    copied = runs(ran.err) or runs(ran.out)
    return f"a command to copy with data that a shell would run: {copied[:300]!r}" if copied else ""


def leaves(value: Any) -> Iterator[str]:
    """Return every text in a value, the keys of maps included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from leaves(key)
            yield from leaves(one)
    elif isinstance(value, list):
        for one in value:
            yield from leaves(one)


def holds(value: Any, text: str) -> bool:
    """Tell whether a text stands in a value as it is, alone or within another.

    Blanks around it do not count, nor how its lines end; what is one line has a space where a line ended.
    """
    wanted, lines, folded = (
        text.strip(),
        "\n".join(text.strip().replace("\r\n", "\n").split("\r")),
        " ".join(text.split()),
    )
    return any(wanted in one or lines in one or folded == one for one in leaves(value))


def parsed(text: str) -> Any:
    """Return JSON as any reader reads it."""
    return json.loads(text)


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    data: bytes = stream.buffer.getvalue()  # type: ignore[attr-defined]
    return "a PDF" if data.startswith(b"%PDF-") else data.decode()
