"""Settings of this machine alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tuicrm.store.local import Local

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_set_is_there_for_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "private"
    Local(folder).set("user", "ann")
    Local(folder).set("other", "x")
    assert Local(folder).get("user") == "ann"
    Local(folder).set("other", "")
    assert Local(folder).get("other", "gone") == "gone"
    assert (folder / "local.json").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.rglob("*") if path.is_file()] == ["local.json"]


@pytest.mark.parametrize("held", [b"", b"{", b"[]", b'{"user": 1}', b"\xff", b"null"])
def test_what_cannot_be_read_counts_as_empty(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "local.json").write_bytes(held)
    assert Local(tmp_path).get("user") == ""
    Local(tmp_path).set("user", "bob")
    assert Local(tmp_path).get("user") == "bob"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text('{"user": "eve"}')
    folder = tmp_path / "private"
    folder.mkdir()
    (folder / "local.json").symlink_to(tmp_path / "secret")
    assert Local(folder).get("user") == ""
    Local(folder).set("user", "ann")
    assert (tmp_path / "secret").read_text() == '{"user": "eve"}'
