"""`territory` as people use it: rules that say whose companies, leads and deals are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Shell


@pytest.fixture
def team(shell: Shell) -> Shell:
    """A workspace with three people and three territories."""
    for name in ("bob", "cid"):
        shell.ok("user", "add", name.title(), "--handle", name)
    shell.ok("territory", "add", "Germany", "--if", "country:Germany", "--rep", "bob")
    shell.ok("territory", "add", "Rest", "--rep", "ann")
    shell.ok("territory", "add", "Big retail", "--order", "5", "--if", "industry:retail employees>50", "--rep", "cid")
    return shell


def owners(shell: Shell, kind: str) -> dict[str, str | None]:
    return {one["name"]: one["owner_name"] for one in shell.json(kind, "list")}


def test_the_first_that_fits_is_told_with_the_reason(team: Shell) -> None:
    team.ok("company", "add", "Kauf AG", "--country", "de", "--industry", "retail", "--employees", "51")
    team.ok("company", "add", "Eck GmbH", "--country", "de", "--industry", "retail", "--employees", "5")
    team.ok("deal", "add", "Renewal", "--company", "Eck GmbH")
    team.ok("contact", "add", "Jane Roe", "--company", "Kauf AG")
    assert team.ok("territory", "test", "Kauf AG").startswith("Big retail (Cid): industry:retail (it is retail), ")
    said = team.ok("territory", "test", "Eck GmbH").splitlines()
    assert said == ["not Big retail: employees>50 (it is 5)", "Germany (Bob): country:Germany (it is Germany)"]
    assert team.json("territory", "test", "Renewal")[-1]["territory_name"] == "Germany"
    assert team.json("territory", "test", "Jane Roe")[0]["fits"] is True


def test_what_is_added_gets_its_owner_where_the_team_says_so(team: Shell) -> None:
    team.ok("company", "add", "One", "--country", "de")
    assert "territory Germany is of Bob" in team.err
    team.ok("config", "set", "territory_owners", "set")
    team.ok("company", "add", "Two", "--country", "de")
    assert "territory Germany: the owner is Bob" in team.err
    team.ok("company", "add", "Three", "--country", "de", "--owner", "ann")
    team.ok("config", "set", "territory_owners", "off")
    team.ok("company", "add", "Four", "--country", "de")
    assert "territory" not in team.err
    assert owners(team, "company") == {"One": "ann", "Two": "Bob", "Three": "ann", "Four": "ann"}


def test_they_are_listed_in_the_order_in_which_they_are_asked(shell: Shell) -> None:
    for name, order in (("Second", "20"), ("First", "5"), ("Last", "")):
        shell.ok("territory", "add", name, *(["--order", order] if order else []))
    assert [one["name"] for one in shell.json("territory", "list")] == ["First", "Second", "Last"]


def test_apply_is_one_step(team: Shell) -> None:
    team.ok("company", "add", "Eck GmbH", "--country", "de")
    team.ok("lead", "add", "Jo Doe", "--country", "de")
    team.ok("deal", "add", "Renewal", "--company", "Eck GmbH")
    team.ok("deal", "add", "Old", "--company", "Eck GmbH", "--stage", "won")
    before = [owners(team, kind) for kind in ("company", "lead", "deal")]
    rows = team.json("territory", "apply", "--dry-run")
    assert [(one["kind"], one["previous_name"], one["owner_name"]) for one in rows] == [
        ("company", "ann", "Bob"),
        ("lead", "ann", "Bob"),
        ("deal", "ann", "Bob"),
    ]
    assert [owners(team, kind) for kind in ("company", "lead", "deal")] == before
    team.ok("territory", "apply")
    assert "gave 1 company, 1 lead, 1 deal" in team.err
    assert {name for kind in ("company", "lead", "deal") for name in owners(team, kind).values()} == {"Bob"}
    assert team.json("history", "Renewal")[0]["text"] == "owner: ann > Bob"
    assert team.ok("territory", "apply") == ""
    team.ok("undo")
    assert [owners(team, kind) for kind in ("company", "lead", "deal")] == before


def test_several_people_share_what_comes_in(team: Shell) -> None:
    team.ok("territory", "edit", "Germany", "--rep", "cid")
    for name in "ABCD":
        team.ok("lead", "add", name, "--country", "de", "--owner", "")
    team.ok("territory", "apply", "--of", "lead", "--unowned")
    assert sorted(filter(None, owners(team, "lead").values())) == ["Bob", "Bob", "Cid", "Cid"]


def test_lists_of_companies_count_whatever_the_condition(team: Shell) -> None:
    team.ok("company", "add", "Eck GmbH", "--country", "de")
    team.ok("territory", "edit", "Big retail", "--company", "Eck GmbH")
    assert team.ok("territory", "test", "Eck GmbH") == "Big retail (Cid): the company is in its list\n"


def test_rules_assign_by_territories(team: Shell) -> None:
    team.ok("rule", "add", "Give leads", "--when", "lead created", "--do", "assign territory")
    team.ok("lead", "add", "Jo Doe", "--country", "de")
    team.ok("lead", "add", "Mia Poe", "--country", "fr")
    assert owners(team, "lead") == {"Jo Doe": "Bob", "Mia Poe": "ann"}


def test_import_and_intake_go_by_them(team: Shell) -> None:
    team.ok("config", "set", "territory_owners", "set")
    (team.folder / "new.csv").write_text("name,country\nNord AG,Germany\nSud SA,France\n", "utf-8")
    team.ok("import", "new.csv", "--as", "company")
    assert owners(team, "company") == {"Nord AG": "Bob", "Sud SA": "ann"}
    (team.folder / "post.json").write_text('{"name": "Jo Doe", "email": "jo@x.example", "country": "DE"}', "utf-8")
    team.ok("intake", "post.json")
    assert owners(team, "lead") == {"Jo Doe": "Bob"}


@pytest.mark.parametrize(
    ("condition", "said"),
    [("nope:x", "no field 'nope'"), ("owner:bob", "cannot go by owners"), ("(country:de", "bracket")],
)
def test_conditions_that_make_no_sense_are_refused(team: Shell, condition: str, said: str) -> None:
    found = team.error("territory", "add", "Bad", "--if", condition, "--rep", "bob")
    assert (found["exit"], said in found["message"]) == (5, True)
    assert len(team.json("territory", "list")) == 3


def test_without_territories_nothing_is_said(shell: Shell) -> None:
    shell.ok("company", "add", "Eck GmbH", "--country", "de")
    assert "territor" not in shell.err
    assert shell.error("territory", "apply")["exit"] == 5
    shell.ok("territory", "test", "Eck GmbH")
    assert "there are no territories" in shell.err
