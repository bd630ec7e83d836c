"""What a `git reset --hard` takes away is noticed, and brought back where that is wanted."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from .conftest import Shell

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="git is not installed")


def git(shell: Shell, *words: str) -> None:
    author = ("-c", "user.name=Ann", "-c", "user.email=ann@acme.example")
    subprocess.run(["git", *author, *words], cwd=shell.folder, check=True, capture_output=True)


def test_a_reset_is_noticed_and_taken_back(stocked: Shell) -> None:
    git(stocked, "add", "-A")
    git(stocked, "commit", "-m", "all")
    stocked.ok("deal", "edit", "Acme renewal", "--value", "77k", "--tag", "hot")
    stocked.ok("company", "add", "Nordwind")
    git(stocked, "add", "-A")
    git(stocked, "reset", "--hard", "HEAD")
    assert stocked.json("deal", "show", "Acme renewal")["value"] != "77000.00"
    assert stocked.run("company", "show", "Nordwind") == 3
    stocked.ok("doctor")
    assert "--recover brings back" in stocked.err
    stocked.ok("doctor", "--recover")
    assert "brought back 3 records" in stocked.err  # with the entry that says when the value changed
    deal = stocked.json("deal", "show", "Acme renewal")
    assert (deal["value"], deal["tags"]) == ("77000.00", ["hot"])
    assert stocked.json("company", "show", "Nordwind")["name"] == "Nordwind"
    stocked.ok("doctor")
    assert "--recover" not in stocked.err


def test_nothing_is_offered_where_nothing_is_missing(stocked: Shell) -> None:
    stocked.ok("deal", "edit", "Acme renewal", "--value", "77k")
    stocked.ok("deal", "edit", "Acme renewal", "--value", "78k", "--tag", "hot")
    stocked.ok("deal", "edit", "Acme renewal", "--untag", "hot", "--close", "")
    stocked.ok("deal", "rm", "Acme renewal")
    stocked.ok("undo")
    assert stocked.json("doctor") == []
    stocked.ok("doctor", "--recover")
    stocked.ok("deal", "show", "Acme renewal")


def test_a_removal_that_was_reset_is_done_again(stocked: Shell) -> None:
    git(stocked, "add", "-A")
    git(stocked, "commit", "-m", "all")
    stocked.ok("deal", "rm", "Acme renewal")
    git(stocked, "reset", "--hard", "HEAD")
    stocked.ok("deal", "show", "Acme renewal")
    stocked.ok("doctor", "--recover")
    assert stocked.run("deal", "show", "Acme renewal") == 3
