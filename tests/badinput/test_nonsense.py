"""Every option and argument of every command, given nonsense: a sentence and an exit code, and nothing half done."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from .conftest import Shell, surround

if TYPE_CHECKING:
    from collections.abc import Iterator

NONSENSE = (
    "", "  ", "-1", "0", "9" * 40, "1e400", "NaN", "Infinity", "a\nb", "a\0b", "\ud800", "=", "x=", "name=", "a,b,,c",
    "%s{}{0}$(x)", "x" * 5000, "01ARZ3NDEKTSV4RRFFQ69G5FAV", "2026-02-30", "99:99", "(", '"', "name:", "name:(", "*",
    "in 999999999 days", "every", "every 0 days", "tomorrow tomorrow", "١٢", "²", "../../etc/passwd", "12k EUR USD",
    "acme",
)  # fmt: skip
PER_OPTION = int(os.environ.get("TUICRM_NONSENSE", "3"))
"""How many of them each option gets, more in `make soak`: neighbours get others, so that each sort meets all."""
OWN_TESTS = {"init", "demo", "import", "completion", "clone"}
"""Commands that make a workspace or bring data; a URL that makes no sense may still name a machine to call."""
NAMES = {
    "company": "Acme GmbH",
    "contact": "Jane Roe",
    "deal": "Acme pilot",
    "product": "Report",
    "followup": "Send the report",
    "activity": "Wants the report",
    "user": "ann",
    "pipeline": "Sales",
    "view": "big",
    "report": "Worth",
}
RECORDS = ("ref", "refs", "names", "first", "second")
"""Arguments that name a record of the command's kind."""
ARGUMENTS = {
    "named_": "Fresh",
    "old": "big",
    "amount": "10k",
    "stage_text": "won",
    "what": "call",
    "text": "hello",
    "texts": "hello",
    "item": "Report",
    "items": "Report",
    "share": "10",
    "sort": "campaign",
    "key": "currency",
    "value": "EUR",
    "kind": "deal",
    "words": "query",
    "name": "fresh",
    "ref": "Acme GmbH",
}


def leaves(
    command: click.Command, ctx: click.Context, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that does something, with its words."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name in command.list_commands(ctx):
        inner = command.get_command(ctx, name)
        if inner is not None and (path or name not in OWN_TESTS):
            yield from leaves(inner, click.Context(inner, parent=ctx, info_name=name), (*path, name))


def commands() -> dict[str, tuple[tuple[str, ...], click.Command]]:
    from tuicrm.cli.root import build_root

    root = build_root()
    return {" ".join(path): (path, one) for path, one in leaves(root, click.Context(root, info_name="tuicrm"))}


COMMANDS = commands()


def usual(path: tuple[str, ...], command: click.Command) -> list[str]:
    """Arguments with which the command makes sense."""
    names = [str(one.name) for one in command.params if isinstance(one, click.Argument)]
    if path[0] in NAMES and path[-1] not in ("add", "list"):
        return [NAMES[path[0]] if name in RECORDS else ARGUMENTS[name] for name in names]
    return [ARGUMENTS.get(name, "fresh") for name in names]


class Desk:
    """One workspace for many tries: put back as it was whenever one of them changed it."""

    def __init__(self, template: Path, home: Path) -> None:
        self.template = template
        self.shell = Shell(home / "acme")
        self.before: dict[str, bytes] = {}
        self._fresh()

    def _fresh(self) -> None:
        for name in ("data", ".git"):
            shutil.rmtree(self.shell.folder / name, ignore_errors=True)
            shutil.copytree(self.template / name, self.shell.folder / name)
        self.before = self.shell.files()

    def attempt(self, *words: str) -> None:
        """Run nonsense; a refusal changes nothing, says why, and says it in JSON where asked to."""
        code = self.shell.run(*words)
        said, changed = self.shell.err, self.shell.files() != self.before
        if changed:
            self.shell.ok("doctor")
            self._fresh()
        assert len(said) < 4000, words
        assert code == 0 or not changed, (words, said)


@pytest.fixture(scope="module")
def desk(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    home = tmp_path_factory.mktemp("nonsense")
    shutil.copytree(template, home / "acme")
    with pytest.MonkeyPatch.context() as patch:
        surround(patch, home)
        patch.chdir(home / "acme")
        yield Desk(template, home)


def some(number: int) -> list[str]:
    """The share of the nonsense that the n-th option gets."""
    at = number * PER_OPTION
    return [NONSENSE[(at + step) % len(NONSENSE)] for step in range(PER_OPTION)]


@pytest.mark.parametrize("name", COMMANDS)
def test_nonsense_is_refused_or_taken_whole(desk: Desk, name: str) -> None:
    path, command = COMMANDS[name]
    given = usual(path, command)
    start = sorted(COMMANDS).index(name)
    for place in range(len(given)):
        for text in some(start + place):
            desk.attempt(*path, "--", *given[:place], text, *given[place + 1 :])
    options = [one for one in command.params if isinstance(one, click.Option) and not one.is_flag]
    for place, option in enumerate(one for one in options if one.name != "workspace"):
        for text in some(start + place):
            if option.opts[0] != "--remote" or ":" not in text:  # 99:99 names a machine, which would be called
                desk.attempt(*path, f"{option.opts[0]}={text}", "--", *given)


TYPED: list[tuple[tuple[str, ...], int, str]] = [
    (("deal", "add", "X", "--value", "12x"), 5, "value"),
    (("deal", "add", "X", "--value", "1e400"), 5, "value"),
    (("deal", "add", "X", "--value", "NaN"), 5, "value"),
    (("deal", "add", "X", "--value", "12k EUR USD"), 5, "value"),
    (("deal", "add", "X", "--currency", "EURO"), 5, "currency"),
    (("deal", "add", "X", "--close", "2026-02-30"), 5, "expected_close"),
    (("deal", "add", "X", "--close", "in 999999999 days"), 5, "expected_close"),
    (("deal", "add", "X", "--probability", "101"), 5, "probability"),
    (("deal", "add", "X", "--probability", "-1"), 5, "probability"),
    (("deal", "add", "X", "--category", "maybe"), 5, "category"),
    (("deal", "add", "a\0b"), 5, "name"),
    (("deal", "add", "a\ud800"), 5, "name"),
    (("deal", "add", ""), 5, "name"),
    (("deal", "edit", "Acme pilot", "--notes", "\ud800"), 5, "notes"),
    (("deal", "edit", "Acme pilot", "--set", "nothere=1"), 5, ""),
    (("company", "add", "X", "--employees", "many"), 5, "employees"),
    (("company", "add", "X", "--employees", "1.5"), 5, "employees"),
    (("company", "add", "X", "--founded", "-5"), 5, "founded"),
    (("contact", "add", "X", "--phone", "call me"), 5, "phones"),
    (("contact", "add", "X", "--email", "x"), 5, "emails"),
    (("contact", "add", "X", "--do-not-contact", "maybe"), 5, "do_not_contact"),
    (("contact", "add", "X", "--tag", "a\nb"), 5, "tags"),
    (("followup", "add", "X", "--due", "someday"), 5, "due"),
    (("followup", "add", "X", "--due", "tomorrow", "--repeat", "every 0 days"), 5, "repeat"),
    (("followup", "add", "X", "--priority", "9"), 5, "priority"),
    (("log", "call", "x", "--at", "yesterdayish"), 5, "at"),
    (("log", "call", "x", "--duration", "long"), 5, "duration"),
    (("product", "add", "X", "--price", "free"), 5, "price"),
    (("user", "add", "X", "--email", "@"), 5, "email"),
]


@pytest.mark.parametrize(
    ("words", "code", "field"), TYPED, ids=lambda one: " ".join(one[:6]) if isinstance(one, tuple) else ""
)
def test_a_bad_value_names_its_field(shell: Shell, words: tuple[str, ...], code: int, field: str) -> None:
    error = shell.error(*words)
    assert error["exit"] == code
    assert error["code"] == "invalid"
    assert error.get("field", "") == field or not field
    assert field in error["message"]


WRONG: list[tuple[tuple[str, ...], int, str]] = [
    (("deal", "show", "nowhere"), 3, "nowhere"),
    (("deal", "show", "acme renewl"), 3, "did you mean"),
    (("deal", "show", ""), 3, "empty"),
    (("deal", "show"), 2, ""),
    (("deal", "show", "Acme"), 4, "Acme renewal"),
    (("deal", "win", "Acme"), 4, "Acme pilot"),
    (("deal", "rm", "Acme renewal", "nowhere"), 3, "nowhere"),
    (("deal", "edit", "Acme pilot", "nowhere", "--value", "1k"), 3, "nowhere"),
    (("deal", "edit", "Acme pilot"), 2, "nothing to change"),
    (("deal", "edit", "--value", "1k"), 2, ""),
    (("deal", "move", "Acme pilot", "nowhere"), 3, "Lead, Qualified"),
    (("deal", "move", "Acme pilot", ""), 3, "stage"),
    (("deal", "reopen", "Acme pilot"), 5, "open"),
    (("deal", "list", "--where", "valu>5"), 5, "value"),
    (("deal", "list", "--where", "value>>5"), 5, "value"),
    (("deal", "list", "--where", "(is:open"), 5, ""),
    (("deal", "list", "--where", "is:opne"), 5, "open"),
    (("deal", "list", "--where", "close<someday"), 5, "someday"),
    (("deal", "list", "--where", 'name:"open'), 5, ""),
    (("deal", "list", "--sort", "valu"), 5, "value"),
    (("deal", "list", "--columns", "valu"), 5, "value"),
    (("deal", "list", "--limit", "-1"), 2, "--limit"),
    (("deal", "list", "--format", "xml"), 2, "json"),
    (("deal", "list", "--view", "nowhere"), 3, "nowhere"),
    (("deals", "lst"), 2, "list"),
    (("dael", "list"), 2, "deal"),
    (("log", "fax", "x"), 2, "call"),
    (("followup", "snooze", "Send the report"), 2, "--until"),
    (("followup", "snooze", "Send the report", "--until", "yesterday"), 5, ""),
    (("followup", "done", "nowhere"), 3, "nowhere"),
    (("config", "set", "nowhere", "x"), 5, "nowhere"),
    (("config", "set", "currency", "EURO"), 5, "EUR"),
    (("config", "set", "timezone", "Mars/Base"), 5, "Mars/Base"),
    (("config", "set", "date_order", "dym"), 5, "dmy"),
    (("config", "get", "curency"), 5, "currency"),
    (("config", "set", "fiscal_year_start", "spring"), 5, "april"),
    (("config", "rate", "USD", "lots"), 5, "0.92"),
    (("config", "rate", "EUR", "1"), 5, "base currency"),
    (("config", "rate", "USD", "1", "--from", "someday"), 5, "someday"),
    (("config", "rate", "USD", "--rm"), 2, "--from"),
    (("config", "rate", "USD", "--from", "today", "--rm"), 3, "no rate"),
    (("forecast", "--period", "2026-10-08..2026-10-01"), 5, "before it begins"),
    (("pipeline", "add", ""), 5, "name"),
    (("pipeline", "add", "P", "--stage", "Offer 101%"), 5, "probability"),
    (("pipeline", "add", "P", "--stage", ""), 5, ""),
    (("pipeline", "rm", "Sales"), 5, "2 deals"),
    (("pipeline", "edit", "Sales", "--remove", "Lead"), 5, "--to"),
    (("pipeline", "edit", "Sales", "--remove", "Lead", "--to", "Lead"), 5, "Lead"),
    (("pipeline", "edit", "Sales", "--remove", ""), 3, "stage"),
    (("pipeline", "edit", "Sales", "--stage", "", "--name", "x"), 3, "stage"),
    (("pipeline", "edit", "Sales", "--stage", "Lead", "--probability", "lots"), 5, "probability"),
    (("pipeline", "edit", "Sales", "--stage", "Lead", "--rotting", "-1"), 5, "rotting"),
    (("pipeline", "edit", "Sales", "--stage", "Lead", "--requires", "nowhere"), 5, "nowhere"),
    (("pipeline", "edit", "Sales", "--stage", "Lead", "--name", "Demo"), 5, "Demo"),
    (("view", "add", "v", "--where", "valu>5"), 5, "value"),
    (("view", "add", "v", "--sort", "valu"), 5, "value"),
    (("view", "add", "v", "--columns", "valu"), 5, "value"),
    (("view", "add", "v", "--of", "dael"), 5, "deal"),
    (("view", "add", "big", "--where", "value>5"), 5, "big"),
    (("view", "add", ""), 5, "name"),
    (("view", "rm", "nowhere"), 3, "nowhere"),
    (("field", "add", "value", "--of", "deal"), 5, "value"),
    (("field", "add", "Région", "--of", "deal"), 5, "Région"),
    (("field", "add", "", "--of", "deal"), 5, "name"),
    (("field", "add", "_v", "--of", "deal"), 5, "_v"),
    (("field", "add", "id", "--of", "deal"), 5, "id"),
    (("field", "add", "size", "--of", "deal", "--type", "huge"), 2, "--type"),
    (("field", "add", "size", "--of", "dael"), 5, "deal"),
    (("field", "rm", "nowhere", "--of", "deal"), 3, "nowhere"),
    (("history", "nowhere"), 3, "nowhere"),
    (("history", "Acme", "--kind", "deal"), 4, "Acme renewal"),
    (("search",), 2, "TEXT"),
    (("search", "x", "--limit", "x"), 2, "--limit"),
    (("board", "--order", "x"), 2, "next"),
    (("board", "--pipeline", "nowhere"), 3, "nowhere"),
    (("agenda", "--day", "someday"), 5, "someday"),
    (("schema", "dael"), 5, "deal"),
    (("help", "nowhere"), 2, "nowhere"),
    (("redo",), 3, "redo"),
    (("report", "winlos"), 3, "winloss"),
    (("report", "winloss", "--by", "onwer"), 5, "owner"),
    (("report", "winloss", "--by", "notes"), 5, "notes"),
    (("report", "winloss", "--by", "company.contry"), 5, "company.country"),
    (("report", "winloss", "--where", "valu>5"), 5, "value"),
    (("report", "winloss", "--period", "someday"), 5, "someday"),
    (("report", "winloss", "--owner", "nobody"), 3, "nobody"),
    (("report", "winloss", "--team", "nowhere"), 3, "nowhere"),
    (("report", "winloss", "--records", "nowhere"), 3, "nowhere"),
    (("report", "pipeline", "--by", "month"), 5, "month"),
    (("report", "quota", "--by", "source"), 5, "source"),
    (("report", "winloss", "--by", "day", "--period", "last 900 days"), 5, "400 days"),
    (("report", "trends", "--measure", "winloss.rat"), 5, "winloss.rate"),
    (("report", "trends", "--measure", "winlos.rate"), 5, "winloss"),
    (("report", "add", "winloss"), 5, "taken"),
    (("report", "add", "List"), 5, "taken"),
    (("report", "add", "worth"), 5, "worth"),
    (("report", "add", ""), 5, "name"),
    (("report", "add", "r", "--measure", "total:value"), 5, "sum"),
    (("report", "add", "r", "--measure", "sum:name"), 5, "value"),
    (("report", "add", "r", "--measure", "count:value"), 5, "count"),
    (("report", "add", "r", "--of", "dael"), 5, "deal"),
    (("report", "add", "r", "--by", "onwer"), 5, "owner"),
    (("report", "add", "r", "--where", "valu>5"), 5, "value"),
    (("report", "add", "r", "--period-field", "value"), 5, "closed_on"),
    (("report", "rm", "nowhere"), 3, "nowhere"),
    (("config", "set", "activity_targets", "calls"), 5, "call 20"),
    (("config", "set", "activity_targets", "fax 3"), 5, "meeting"),
    (("config", "set", "customer_lapse_days", "0"), 5, "customer_lapse_days"),
]


@pytest.mark.parametrize(
    ("words", "code", "says"), WRONG, ids=lambda one: " ".join(one) if isinstance(one, tuple) else ""
)
def test_each_mistake_is_told_as_text_and_as_json(shell: Shell, words: tuple[str, ...], code: int, says: str) -> None:
    said = shell.fails(code, *words, says=says)
    assert len(said.splitlines()) <= 6, said
    if "--format" in words:
        return
    told = shell.error(*words)
    if "no such option '--json'" in told["message"]:
        return
    assert told["exit"] == code
    assert says in json.dumps(told, ensure_ascii=False)
    if code == 4:
        assert len(told["candidates"]) >= 2
        assert all(one["id"] and one["label"] for one in told["candidates"])


def test_what_many_records_answer_to_changes_none_of_them(shell: Shell) -> None:
    for _ in range(30):
        shell.ok("company", "add", "Twin")
    told = shell.error("company", "edit", "Twin", "--city", "x")
    assert told["exit"] == 4
    assert 20 <= len(told["candidates"]) <= 30
    assert len(shell.fails(4, "company", "rm", "Twin", says="Twin").splitlines()) < 30


@pytest.mark.parametrize(
    "value", ["", "yesterday", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]
)
def test_a_clock_that_makes_no_sense(shell: Shell, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("TUICRM_NOW", value)
    before = shell.files()
    for words in (("agenda",), ("board",), ("deal", "list", "--where", "close:today"), ("followup", "list")):
        assert shell.run(*words) in (0, 2, 5), (words, shell.err)
    if shell.run("company", "add", "X"):
        assert shell.files() == before


@pytest.mark.parametrize("zone", ["Mars/Base", "../../etc/passwd", "\x1b[2J", ":", "UTC+99"])
def test_a_zone_that_makes_no_sense(shell: Shell, monkeypatch: pytest.MonkeyPatch, zone: str) -> None:
    monkeypatch.setenv("TZ", zone)
    for words in (("agenda",), ("deal", "list"), ("followup", "add", "X", "--due", "tomorrow 10am")):
        assert shell.run(*words) in (0, 5), (words, shell.err)


@pytest.mark.parametrize("name", ["", "."])
def test_init_again_changes_nothing(shell: Shell, name: str) -> None:
    shell.fails(5, "init", name, says="workspace already")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (["--currency", "EURO"], 5),
        (["--name", "\ud800"], 5),
        (["--user", "\ud800"], 5),
        (["--user", "a\0b"], 5),
        (["--user", "  "], 0),
        (["--name", "a\nb\x1b[2J"], 0),
        (["--name", ""], 0),
    ],
    ids=repr,
)
def test_init_makes_a_whole_workspace_or_none(
    shell: Shell, memory: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], code: int
) -> None:
    monkeypatch.chdir(memory)
    assert shell.run("init", "fresh", *options) == code, shell.err
    assert (memory / "fresh" / "tuicrm.json").exists() == (code == 0)
    if code == 0:
        monkeypatch.chdir(memory / "fresh")
        shell.ok("deal", "add", "First")
        shell.ok("doctor")
