"""Exports of other programs: recognised by their columns, each thing where it belongs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tuicrm.exchange.presetdata import PRESETS
from tuicrm.exchange.presets import DROP, STATE, recognise
from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.exchange.conftest import Shell

pytestmark = pytest.mark.usefixtures("clean")

GOOGLE = (
    "First Name,Middle Name,Last Name,Phonetic First Name,Nickname,File As,Organization Name,Organization Title,"
    "Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,"
    "Phone 1 - Value,Address 1 - Label,Address 1 - Street,Address 1 - City,Address 1 - Country,Address 2 - City\n"
    "Jane,Q.,Roe,,,,Acme GmbH,CTO,,,https://x/p.jpg,* myContacts ::: Friends,* Work,jane@acme.example,Home,"
    "jane@home.example ::: j@home.example,Work,+49 30 5550142,Work,Main St 1,Berlin,Germany,Paris\n"
)
GOOGLE_OLD = (
    "Name,Given Name,Additional Name,Family Name,Group Membership,E-mail 1 - Type,E-mail 1 - Value,Phone 1 - Type,"
    "Phone 1 - Value,Organization 1 - Name,Organization 1 - Title\n"
    "Jane Roe,Jane,,Roe,* myContacts,* Work,jane@acme.example,Work,+49 30 5550142,Acme GmbH,CTO\n"
)
OUTLOOK = (
    "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business City,"
    "Business Country/Region,Business Phone,Mobile Phone,E-mail Address,E-mail Type,E-mail Display Name,Notes\n"
    "Ms,Jane,,Roe,,Acme GmbH,,CTO,Main St 1,Berlin,Germany,+49 30 5550142,,jane@acme.example,SMTP,Jane,hello\n"
)
THUNDERBIRD = (
    "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Job Title,"
    "Organization,Notes\nJane,Roe,Jane Roe,,jane@acme.example,,,+49 30 5550142,CTO,Acme GmbH,\n"
)
LINKEDIN = (
    'Notes:\n"When exporting your connection data, you may notice that some of the email addresses are missing."\n\n'
    "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    "Jane,Roe,https://www.linkedin.com/in/jane,jane@acme.example,Acme GmbH,CTO,01 Mar 2024\n"
)
HUBSPOT = (
    "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Job Title,Company Name\n"
    "551,Jane,Roe,jane@acme.example,+49 30 5550142,Somebody Else,NEW,CTO,Acme GmbH\n"
)
PIPEDRIVE = (
    "Name,Organization,Email - Work,Email - Home,Phone - Work,Open deals,Closed deals,Next activity date,Owner,ID\n"
    "Jane Roe,Acme GmbH,jane@acme.example,,+49 30 5550142,1,0,2018-02-01,Somebody Else,551\n"
)
SALESFORCE = (
    "Salutation,First Name,Last Name,Title,Account Name,Mailing Street,Mailing City,Mailing Country,Phone,Email\n"
    "Ms.,Jane,Roe,CTO,Acme GmbH,Main St 1,Berlin,Germany,+49 30 5550142,jane@acme.example\n"
)
PEOPLE = {
    "google": GOOGLE,
    "google-old": GOOGLE_OLD,
    "outlook": OUTLOOK,
    "thunderbird": THUNDERBIRD,
    "linkedin": LINKEDIN,
    "hubspot-contacts": HUBSPOT,
    "pipedrive-people": PIPEDRIVE,
    "salesforce-contacts": SALESFORCE,
}


@pytest.mark.parametrize(("name", "text"), PEOPLE.items(), ids=PEOPLE)
def test_people_of_another_program(shell: Shell, tmp_path: Path, name: str, text: str) -> None:
    told = _imported(shell, tmp_path, text)
    assert told["rejected"] == []
    assert (told["created"], [one["kind"] for one in told["linked"]]) == (1, ["company"])
    assert f"recognised as an export of {next(one.label for one in PRESETS if one.name == name)}" in shell.err
    person = json.loads(shell.ok("contact", "show", "jane@acme.example", "--json"))
    assert person["name"] in ("Jane Roe", "Jane Q. Roe")
    assert (person["company_name"], person["title"]) == ("Acme GmbH", None if name == "pipedrive-people" else "CTO")
    assert person["emails"][0] == "jane@acme.example"
    again = _imported(shell, tmp_path, text)
    assert (again["created"], again["linked"], again["skipped"]) == (0, [], 1)
    shell.ok("undo")
    assert shell.rows("contact", "list") == shell.rows("company", "list") == []


def test_the_parts_of_a_google_contact(shell: Shell, tmp_path: Path) -> None:
    _imported(shell, tmp_path, GOOGLE)
    person = json.loads(shell.ok("contact", "show", "jane@acme.example", "--json"))
    assert person["emails"] == ["jane@acme.example", "jane@home.example", "j@home.example"]
    assert (person["address"], person["city"], person["country"]) == ("Main St 1", "Berlin", "Germany")
    assert sorted(person["tags"]) == ["Friends", "myContacts"]


DEALS = {
    "hubspot-deals": (
        "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Associated Company,Associated Contact\n"
        "9001,Big one,Closed Won,2017-12-01 10:00,Somebody Else,12000,Acme GmbH,Nobody Known\n"
    ),
    "pipedrive-deals": (
        "Deal - ID,Deal - Title,Deal - Value,Deal - Currency of Value,Deal - Organization,Deal - Contact person,"
        "Deal - Stage,Deal - Status,Deal - Expected close date,Deal - Won time,Deal - Owner\n"
        "9001,Big one,12000,USD,Acme GmbH,Jane Roe,Negotiation,Won,2017-12-01,2017-12-01 10:00:00,Somebody Else\n"
    ),
    "salesforce-opportunities": (
        "Opportunity Owner,Account Name,Opportunity Name,Stage,Fiscal Period,Amount,Probability (%),Age,Close Date\n"
        "Somebody Else,Acme GmbH,Big one,Closed Won,Q4-2017,12000,100,30,2017-12-01\n"
    ),
}


@pytest.mark.parametrize(("name", "text"), DEALS.items(), ids=DEALS)
def test_deals_of_another_program(shell: Shell, tmp_path: Path, name: str, text: str) -> None:
    told = _imported(shell, tmp_path, text)
    assert (told["created"], told["rejected"]) == (1, [])
    assert "left out, as nobody answers to it: owner Somebody Else (1 times)" in shell.err
    (deal,) = shell.rows("deal", "list", "--where", "is:won")
    assert (deal["name"], deal["company_name"]) == ("Big one", "Acme GmbH")
    assert (deal["value"], deal["closed_on"]) == ("12000.00", "2017-12-01")
    assert _imported(shell, tmp_path, text)["created"] == 0


def test_a_deal_brings_its_company_and_its_contact(shell: Shell, tmp_path: Path) -> None:
    _imported(shell, tmp_path, DEALS["pipedrive-deals"])
    (deal,) = shell.rows("deal", "list", "--where", "is:won")
    assert deal["contacts_name"] == ["Jane Roe"]
    (person,) = shell.rows("contact", "list")
    assert person["name"] == "Jane Roe"


@pytest.mark.parametrize("preset", PRESETS, ids=lambda one: one.name)
def test_a_preset_names_fields_that_there_are_and_is_recognised(preset: Any) -> None:
    kind = KINDS[preset.kind]
    for target in set(preset.columns.values()) - {DROP, STATE}:
        head, dot, tail = target.partition(".")
        field = kind.by_name[head]
        assert not field.computed
        assert not dot or tail in KINDS[field.type.refers].by_name
    assert preset.signs
    assert recognise([preset.prefix + one.replace("#", "1") for one in preset.columns]) is preset


def _imported(shell: Shell, folder: Path, text: str) -> Any:
    file = folder / "export.csv"
    file.write_text(text, "utf-8")
    return json.loads(shell.ok("import", str(file), "--json"))
