"""`deal item` and `quote` as people and scripts use them: from line items to a quote that wins the deal."""

from __future__ import annotations

import stat
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

DEAL = "Acme renewal"


@pytest.fixture
def priced(stocked: Shell) -> Shell:
    """A deal of two items: 20 x 49.99 less 10 % is 899.82, and 1.5 x 900 is 1,350."""
    stocked.ok("product", "add", "Seat", "--price", "49.99")
    stocked.ok("deal", "item", "add", DEAL, "--product", "Seat", "--quantity", "20", "--discount", "10%")
    stocked.ok("deal", "item", "add", DEAL, "--name", "Training", "--quantity", "1.5", "--price", "900", "--tax", "7")
    return stocked


def test_items_take_list_prices_and_never_touch_the_value_unasked(priced: Shell) -> None:
    before = priced.json("deal", "show", DEAL)["value"]
    rows = priced.json("deal", "item", "list", DEAL)
    assert [(one["name"], one["quantity"], one["price"], one["discount"], one["net"]) for one in rows] == [
        ("Seat", "20", "49.99", "10", "899.82"), ("Training", "1.5", "900.00", None, "1350.00")
    ]  # fmt: skip
    priced.ok("deal", "item", "edit", DEAL, "seat", "--discount", "15", "--discount-reason", "three years")
    assert "--value 2199.83" in priced.err
    assert priced.json("deal", "show", DEAL)["value"] == before
    priced.ok("deal", "item", "rm", DEAL, "2", "--take-value")
    assert priced.json("deal", "show", DEAL)["value"] == "849.83"
    assert priced.json("deal", "item", "list", DEAL)[0]["discount_reason"] == "three years"
    priced.ok("undo")
    assert len(priced.json("deal", "item", "list", DEAL)) == 2
    assert priced.json("deal", "show", DEAL)["value"] == before


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--quantity", "2"], 5, "an item is of a product"),
        (["--name", "X", "--quantity", "0"], 5, "no quantity"),
        (["--name", "X", "--quantity", "-3"], 5, "no quantity"),
        (["--name", "X", "--discount", "101"], 5, "no percentage"),
        (["--name", "X", "--price", "5 USD"], 5, "is in USD, but the deal is in EUR"),
        (["--name", "X", "--price", "1e400"], 5, "is no amount"),
        (["--name", "X\0"], 5, "NUL"),
        (["--product", "nothing of it"], 3, "no product"),
    ],
)
def test_what_no_item_can_be_is_refused(priced: Shell, words: list[str], code: int, said: str) -> None:
    assert priced.run("deal", "item", "add", DEAL, *words) == code
    assert said in priced.err
    assert len(priced.json("deal", "item", "list", DEAL)) == 2


def test_a_quote_keeps_what_it_was_made_of(priced: Shell) -> None:
    assert priced.id("quote", "add", DEAL, "--tax-rate", "19")
    found = priced.json("quote", "show", "Q-2026-0001")
    assert (found["net"], found["tax"], found["gross"], found["status"], found["valid_until"]) == (
        "2249.82", "265.47", "2515.29", "draft", "2026-11-07"
    )  # fmt: skip
    priced.ok("product", "edit", "Seat", "--price", "99", "--name", "Chair")
    priced.ok("deal", "item", "rm", DEAL, "2")
    priced.ok("config", "set", "tax_rate", "25")
    assert priced.json("quote", "show", "Q-2026-0001") == found
    assert "Seat" in priced.ok("quote", "print", "Q-2026-0001")


def test_a_version_comes_after_another_which_stays(priced: Shell) -> None:
    priced.ok("quote", "add", DEAL)
    priced.ok("quote", "send", "Q-2026-0001")
    before = priced.ok("quote", "print", "Q-2026-0001")
    assert priced.run("quote", "edit", "Q-2026-0001", "--terms", "other") == 5
    assert "tuicrm quote revise Q-2026-0001" in priced.err
    priced.ok("deal", "item", "edit", DEAL, "1", "--discount", "20")
    priced.ok("quote", "revise", "Q-2026-0001")
    rows = priced.json("quote", "list", "--sort", "number")
    assert [(one["number"], one["version"], one["status"], one["net"]) for one in rows] == [
        ("Q-2026-0001", 1, "revised", "2249.82"), ("Q-2026-0001/2", 2, "draft", "2149.84")
    ]  # fmt: skip
    assert priced.ok("quote", "print", "Q-2026-0001") == before
    assert priced.run("quote", "accept", "Q-2026-0001") == 5
    assert "Q-2026-0001/2 is the one that counts" in priced.err
    assert priced.run("quote", "revise", "Q-2026-0001") == 5


def test_a_number_is_given_once(priced: Shell) -> None:
    priced.ok("quote", "add", DEAL)
    priced.ok("quote", "add", DEAL)
    assert priced.run("quote", "edit", "Q-2026-0002", "--number", "Q-2026-0001") == 5
    assert "number: there is a quote Q-2026-0001 already" in priced.err
    priced.ok("quote", "edit", "Q-2026-0002", "--number", "Q-2026-0002")
    priced.ok("quote", "edit", "Q-2026-0002", "--number", "A/2")
    priced.ok("quote", "revise", "A/2")
    assert {one["number"] for one in priced.json("quote", "list")} == {"Q-2026-0001", "A/2", "A/3"}


def test_accepting_wins_the_deal_in_one_step(priced: Shell) -> None:
    priced.ok("quote", "add", DEAL)
    priced.ok("quote", "accept", "Q-2026-0001", "--take-value")
    deal = priced.json("deal", "show", DEAL)
    assert (deal["status"], deal["value"]) == ("won", "2249.82")
    assert priced.json("quote", "list")[0]["status"] == "accepted"
    priced.ok("undo")
    assert priced.json("deal", "show", DEAL)["status"] == "open"
    assert priced.json("quote", "list")[0]["status"] == "draft"


def test_accepting_goes_through_the_gate(priced: Shell) -> None:
    stage = ("--stage", "won", "--requires", "next_step", "--check", "contract signed")
    priced.ok("pipeline", "edit", "Sales", *stage)
    priced.ok("quote", "add", DEAL)
    assert priced.run("quote", "accept", "Q-2026-0001") == 5
    assert "Won needs next step and contract signed" in priced.err
    assert 'tuicrm quote accept: --next-step --check "contract signed"' in priced.err
    assert priced.json("quote", "list")[0]["status"] == "draft"
    priced.ok("quote", "accept", "Q-2026-0001", "--next-step", "kick-off", "--check", "contract signed")
    assert priced.json("deal", "show", DEAL)["status"] == "won"


def test_declining_offers_to_lose_the_deal(priced: Shell) -> None:
    priced.ok("quote", "add", DEAL)
    priced.ok("quote", "decline", "Q-2026-0001", "--reason", "price")
    assert "its deal is still open: tuicrm deal lose" in priced.err
    assert priced.json("deal", "show", DEAL)["status"] == "open"
    priced.ok("undo")
    priced.ok("quote", "decline", "Q-2026-0001", "--reason", "PRICE", "--lose")
    deal = priced.json("deal", "show", DEAL)
    assert (deal["status"], deal["lost_reason"]) == ("lost", "price")
    priced.ok("undo")
    assert priced.json("deal", "show", DEAL)["status"] == "open"
    assert priced.json("quote", "list")[0]["status"] == "draft"


def test_what_was_declined_keeps_its_reason(priced: Shell) -> None:
    priced.ok("quote", "add", DEAL)
    priced.ok("quote", "decline", "Q-2026-0001", "--reason", "price")
    priced.ok("quote", "decline", "Q-2026-0001")
    assert "nothing to change: Q-2026-0001 is declined already" in priced.err
    assert priced.json("quote", "show", "Q-2026-0001")["reason"] == "price"


def test_a_file_of_another_kind_is_not_written(priced: Shell, tmp_path: Path) -> None:
    priced.ok("quote", "add", DEAL)
    path = tmp_path / "offer.docx"
    assert priced.run("quote", "print", "Q-2026-0001", "--out", str(path)) == 5
    assert ".txt, .md, .html, .pdf" in priced.err
    assert not path.exists()
    priced.ok("quote", "print", "Q-2026-0001", "--format", "text", "--out", str(path))
    assert "Quote Q-2026-0001" in path.read_text()


def test_a_quote_expires_by_its_date(priced: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    priced.ok("quote", "add", DEAL, "--valid", "2026-10-20")
    assert priced.json("quote", "list", "--where", "status:draft")
    monkeypatch.setenv("TUICRM_NOW", "2026-10-21T09:00:00Z")
    assert priced.json("quote", "list", "--where", "status:expired")
    assert priced.run("quote", "send", "Q-2026-0001") == 5
    assert "past its last day" in priced.err
    assert priced.run("quote", "add", DEAL, "--valid", "2026-10-01") == 5
    assert "before the day of the quote" in priced.err


def test_sending_writes_a_draft_and_to_nobody(priced: Shell, tmp_path: Path) -> None:
    path = tmp_path / "offer.eml"
    priced.ok("quote", "add", DEAL, "--contact", "jane@acme.example")
    priced.ok("quote", "send", "Q-2026-0001", "--draft", str(path), "--log")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    read = message_from_bytes(path.read_bytes(), policy=default)
    assert (read["X-Unsent"], str(read["To"])) == ("1", "Jane Roe <jane@acme.example>")
    (attached,) = read.iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("Q-2026-0001.pdf", "application/pdf")
    assert attached.get_content().startswith(b"%PDF-")
    assert [one["outcome"] for one in priced.json("activity", "list", "--where", "type:email")] == ["sent"]
    assert priced.json("quote", "list")[0]["status"] == "sent"


def test_where_it_cannot_be_made_nothing_is_half_done(stocked: Shell, tmp_path: Path) -> None:
    assert stocked.run("quote", "add", DEAL) == 5
    assert "no line items" in stocked.err
    stocked.ok("deal", "item", "add", DEAL, "--name", "Thing")
    assert "has no price in EUR yet" in stocked.err
    assert stocked.run("quote", "add", DEAL) == 5
    assert "Thing has no price" in stocked.err
    assert stocked.json("quote", "list") == []
    stocked.ok("deal", "item", "edit", DEAL, "1", "--price", "1")
    stocked.ok("quote", "add", DEAL)
    assert stocked.run("quote", "send", "Q-2026-0001", "--draft", str(tmp_path / "no" / "x.eml")) != 0
    assert stocked.json("quote", "list")[0]["status"] == "draft"
    for number, said in (("Q-2026-0001", "already"), ("Q\n2", "is no number"), ("Q" * 99, "is no number")):
        assert stocked.run("quote", "add", DEAL, "--number", number) == 5
        assert said in stocked.err
    assert stocked.run("quote", "edit", "Q-2026-0001", "--date", "2027-01-01") == 5
    assert "lies before the day of the quote" in stocked.err
    assert stocked.run("deal", "item", "edit", DEAL, "7", "--price", "1") == 3
    assert "it has 1 Thing" in stocked.err
    stocked.ok("deal", "rm", DEAL)
    assert stocked.run("quote", "accept", "Q-2026-0001") == 3


def test_numbers_go_on_after_removed_quotes(priced: Shell) -> None:
    priced.ok("quote", "add", DEAL)
    priced.ok("quote", "rm", "Q-2026-0001")
    priced.ok("quote", "add", DEAL)
    assert [one["number"] for one in priced.json("quote", "list")] == ["Q-2026-0002"]


def test_limits_of_discounts_hold_for_items_and_whole_discounts_reach_the_quote(priced: Shell) -> None:
    priced.ok("config", "set", "discount_limits", "ann 12")
    assert priced.run("deal", "item", "edit", DEAL, "1", "--discount", "20", "--discount-reason", "big") == 5
    assert "more than the 12 % that you may give" in priced.err
    priced.ok("deal", "item", "edit", DEAL, "1", "--discount", "12", "--discount-reason", "loyal")
    priced.ok("deal", "add", "Other", "--value", "500")
    priced.ok("deal", "discount", "Other", "10", "--reason", "loyal")
    priced.ok("deal", "item", "add", "Other", "--name", "Thing", "--price", "500")
    priced.ok("quote", "add", "Other")
    (quote,) = priced.json("quote", "list")
    assert quote["net"] == "450.00"
    assert "loyal" not in priced.ok("quote", "print", quote["id"])


def test_without_the_library_a_pdf_is_refused_and_all_else_works(
    priced: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "fpdf", None)
    priced.ok("quote", "add", DEAL)
    path = tmp_path / "offer.pdf"
    assert priced.run("quote", "print", "Q-2026-0001", "--out", str(path)) == 1
    assert "pip install 'tuicrm[pdf]'" in priced.err
    assert priced.run("quote", "send", "Q-2026-0001", "--draft", str(tmp_path / "x.eml")) == 1
    assert list(tmp_path.glob("*.pdf")) == list(tmp_path.glob("*.eml")) == []
    assert priced.json("quote", "list")[0]["status"] == "draft"
    priced.ok("quote", "send", "Q-2026-0001", "--draft", str(tmp_path / "x.eml"), "--attach", "html")
    read = message_from_bytes((tmp_path / "x.eml").read_bytes(), policy=default)
    assert [one.get_content_type() for one in read.iter_attachments()] == ["text/html"]
