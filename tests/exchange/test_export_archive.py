"""Archives: what goes in comes out equal, into nothing and into something, and nothing hostile gets in."""

from __future__ import annotations

import contextlib
import gzip
import io
import json
import tarfile
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tuicrm.crm.opening import create_workspace
from tuicrm.crm.session import Session
from tuicrm.crm.undo import undo
from tuicrm.errors import Damaged, Invalid, TuicrmError
from tuicrm.exchange import containers
from tuicrm.exchange.archive import import_archive, is_archive, read_archive, restore_archive
from tuicrm.exchange.archiving import write_archive
from tuicrm.store.changes import Purge, Remove, Revive, Write
from tuicrm.store.contenthash import content, content_hash
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = datetime(2026, 10, 8, 9, tzinfo=UTC)
IDS = [f"01KB{n}0000000000000000000A{n % 2}" for n in range(4)]
KINDS = ["deal", "activity", "ticket"]
SCALARS = st.sampled_from(["", "x", "=y", "é😀", 1, 0, True, False, None])
SETS = st.lists(st.sampled_from(["a", "b", 1, "1"]), max_size=3)
MAPS = st.dictionaries(st.sampled_from(["a", "b", "a/b"]), st.one_of(SCALARS, SETS), max_size=2)
FIELDS = st.dictionaries(
    st.sampled_from(["name", "tags", "value", "mood"]), st.one_of(SCALARS, SETS, MAPS), min_size=1, max_size=3
)
PLACE = (st.sampled_from(KINDS), st.sampled_from(IDS))
CHANGE = st.one_of(
    st.builds(Write, *PLACE, FIELDS),
    st.builds(Write, *PLACE, FIELDS),
    *(st.builds(made, *PLACE) for made in (Remove, Revive, Purge)),
)
CHANGES = st.lists(CHANGE, max_size=10)
LAW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def session_on(ws: Workspace) -> Session:
    return Session(ws, user="ann", now=NOW)


def make(root: Path, changes: list[Any]) -> Workspace:
    ws = Workspace.create(root, name="Acme")
    for one in changes:
        with contextlib.suppress(TuicrmError):
            ws.commit([one], by="ann", note="x")
    return ws


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[[], Path]]:
    """Folders in memory where the system has some, and workspaces without git."""
    monkeypatch.setattr("tuicrm.store.manifest._start_git", lambda root: None)
    memory = Path("/dev/shm")
    with contextlib.ExitStack() as stack:

        def folder() -> Path:
            made = tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path)
            return Path(stack.enter_context(made))

        yield folder


@LAW
@given(changes=CHANGES, name=st.sampled_from(["a.zip", "a.tar.gz"]))
def test_any_workspace_comes_back_equal(quick: Callable[[], Path], changes: list[Any], name: str) -> None:
    folder = quick()
    ws = make(folder / "one", changes)
    packed = write_archive(session_on(ws), folder / name)
    assert packed.hash == content_hash(content(ws))
    archive = read_archive(folder / name)
    assert dict(archive.records) == content(ws)
    assert restore_archive(archive, folder / "again") == packed.hash
    other = Workspace.create(folder / "empty", name="Other")
    import_archive(session_on(other), folder / name, dry_run=False)
    for root in ("again", "empty"):
        assert content(Workspace.open(folder / root)) == content(ws)
        assert Workspace.open(folder / root).problems() == []


@LAW
@given(ours=CHANGES, both=CHANGES, theirs=CHANGES)
def test_bringing_in_is_the_join_whatever_the_order(
    quick: Callable[[], Path], ours: list[Any], both: list[Any], theirs: list[Any]
) -> None:
    folder = quick()
    first = make(folder / "first", both)
    write_archive(session_on(first), folder / "both.zip")
    restore_archive(read_archive(folder / "both.zip"), folder / "second")
    second = Workspace.open(folder / "second")
    for ws, changes in ((first, ours), (second, theirs)):
        for one in changes:
            with contextlib.suppress(TuicrmError):
                ws.commit([one], by="ann", note="x")
    write_archive(session_on(first), folder / "first.zip")
    write_archive(session_on(second), folder / "second.zip")
    dry = import_archive(session_on(first), folder / "second.zip", dry_run=True)
    before = content_hash(content(first))
    done = import_archive(session_on(first), folder / "second.zip", dry_run=False)
    assert (dry.created, dry.changed, dry.same) == (done.created, done.changed, done.same)
    assert (before == content_hash(content(first))) == (not done.created and not done.changed)
    import_archive(session_on(second), folder / "first.zip", dry_run=False)
    assert content_hash(content(first)) == content_hash(content(second))
    again = import_archive(session_on(first), folder / "second.zip", dry_run=False)
    assert (again.created, again.changed) == (0, 0)


@pytest.fixture
def stocked(tmp_path: Path) -> Session:
    env = {"TUICRM_NOW": "2026-10-08T09:00:00Z", "HOME": str(tmp_path), "TZ": "UTC"}
    session = create_workspace(tmp_path / "acme", name="Acme", currency="EUR", user="ann", env=env)
    key = session.ws.new_id()
    session.ws.commit([Write("contact", key, {"name": "Jane", "title": "CTO"})], by="ann", note="added Jane")
    session.ws.commit([Write("contact", key, {"title": "CEO"})], by="ann", note="edited Jane")
    return session


@pytest.fixture
def packed(stocked: Session, tmp_path: Path) -> Path:
    write_archive(stocked, tmp_path / "a.zip")
    return tmp_path / "a.zip"


def fresh(tmp_path: Path, name: str = "fresh") -> Session:
    env = {"TUICRM_NOW": "2026-10-09T09:00:00Z", "HOME": str(tmp_path), "TZ": "UTC"}
    return create_workspace(tmp_path / name, name="Fresh", currency="USD", user="bob", env=env)


def test_in_a_fresh_workspace_its_own_setup_makes_way(packed: Path, stocked: Session, tmp_path: Path) -> None:
    session = fresh(tmp_path)
    before = {kind: dict(session.ws.all(kind)) for kind in ("user", "pipeline", "setting")}
    done = import_archive(session, packed, dry_run=False)
    assert done.made_way == 3
    for kind in ("user", "pipeline", "setting", "contact"):
        assert dict(session.ws.all(kind)) == dict(stocked.ws.all(kind))
    session.commit(undo(session))
    assert {kind: list(session.ws.all(kind)) for kind in before} == {kind: list(one) for kind, one in before.items()}
    assert not session.ws.all("contact")


def test_what_gives_way_here_is_noted_and_undo_brings_it_back(packed: Path, stocked: Session, tmp_path: Path) -> None:
    restore_archive(read_archive(packed), tmp_path / "other")
    other = session_on(Workspace.open(tmp_path / "other"))
    [key] = stocked.ws.all("contact")
    stocked.ws.commit([Write("contact", key, {"title": "CFO"})], by="ann", note="")
    other.ws.commit([Write("contact", key, {"title": "COO"})], by="bob", note="")
    write_archive(other, tmp_path / "other.zip")
    import_archive(stocked, tmp_path / "other.zip", dry_run=False)
    assert stocked.ws.all("contact")[key]["title"] == "COO"
    stocked.ws.checkpoint()
    assert [(one.path, one.value) for one in stocked.ws.take_losers()] == [("title", "CFO")]
    stocked.commit(undo(stocked))
    assert stocked.ws.all("contact")[key]["title"] == "CFO"


def test_an_older_archive_changes_nothing_and_is_no_conflict(packed: Path, stocked: Session) -> None:
    [key] = stocked.ws.all("contact")
    stocked.ws.commit([Write("contact", key, {"title": "CFO"})], by="ann", note="")
    held = content_hash(content(stocked.ws))
    done = import_archive(stocked, packed, dry_run=False)
    assert (done.created, done.changed) == (0, 0)
    stocked.ws.checkpoint()
    assert stocked.ws.take_losers() == []
    assert content_hash(content(stocked.ws)) == held


def test_tables_beside_the_records(packed: Path) -> None:
    with zipfile.ZipFile(packed) as found:
        assert found.read("tables/contact.csv").decode().splitlines()[0].startswith("id,name,")
        told = json.loads(found.read("manifest.json"))
    assert told["records"]["contact"] == 1
    assert told["format"] == 1


def test_what_is_an_archive_is_seen_by_its_first_bytes(packed: Path, tmp_path: Path) -> None:
    renamed = packed.rename(tmp_path / "noname")
    (tmp_path / "people.csv").write_text("name\nJane\n")
    assert is_archive(renamed)
    assert not is_archive(tmp_path / "people.csv")
    assert not is_archive(tmp_path / "gone.csv")


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as found:
        return {name: found.read(name) for name in found.namelist()}


def zipped(path: Path, held: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in held.items():
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return path


def tarred(path: Path, held: dict[str, bytes], *odd: tarfile.TarInfo) -> Path:
    with tarfile.open(path, "w:gz") as made:
        for one in odd:
            made.addfile(one)
        for name, data in held.items():
            told = tarfile.TarInfo(name)
            told.size = len(data)
            made.addfile(told, io.BytesIO(data))
    return path


def manifest(held: dict[str, bytes], **changed: Any) -> dict[str, bytes]:
    return {**held, "manifest.json": json.dumps({**json.loads(held["manifest.json"]), **changed}).encode()}


def refused(session: Session, path: Path, says: str, error: type[TuicrmError] = Damaged) -> None:
    before = content_hash(content(session.ws))
    with pytest.raises(error) as raised:
        import_archive(session, path, dry_run=False)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)
    assert content_hash(content(session.ws)) == before


@pytest.mark.parametrize("name", ["../out", "/etc/out", "records/../../out", "..\\out", "C:\\out", "a/../b"])
def test_names_that_lead_out_are_refused(packed: Path, stocked: Session, tmp_path: Path, name: str) -> None:
    held = {**members(packed), name: b"x"}
    refused(stocked, zipped(tmp_path / "b.zip", held), "leads out of the archive")
    refused(stocked, tarred(tmp_path / "b.tar.gz", held), "leads out of the archive")


def test_links_and_devices_are_refused(packed: Path, stocked: Session, tmp_path: Path) -> None:
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
        odd = tarfile.TarInfo("records/deal.jsonl")
        odd.type, odd.linkname = kind, "/etc/passwd"
        refused(stocked, tarred(tmp_path / "b.tar.gz", members(packed), odd), "is a link or a device")
    path = tmp_path / "b.zip"
    with zipfile.ZipFile(path, "w") as made:
        odd_zip = zipfile.ZipInfo("records/deal.jsonl")
        odd_zip.external_attr = 0o120777 << 16
        made.writestr(odd_zip, "/etc/passwd")
    refused(stocked, path, "is a link or a device")


def test_bombs_are_refused_before_they_go_off(
    packed: Path, stocked: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(containers, "HARMLESS", 1 << 20)
    held = {**members(packed), "records/deal.jsonl": b" " * (30 << 20)}
    refused(stocked, zipped(tmp_path / "b.zip", held), "unpack to far more")
    refused(stocked, tarred(tmp_path / "b.tar.gz", held), "unpack to far more")
    endless = tmp_path / "endless.tar.gz"
    endless.write_bytes(gzip.compress(b"\0" * (30 << 20)))
    refused(stocked, endless, "holds no manifest.json")


def test_damage_of_every_sort_is_refused(packed: Path, stocked: Session, tmp_path: Path) -> None:
    held = members(packed)
    path = tmp_path / "b.zip"
    contact = held["records/contact.jsonl"]
    cases: list[tuple[dict[str, bytes], str]] = [
        ({}, "holds no manifest.json"),
        ({**held, "manifest.json": b"{"}, "not valid JSON"),
        ({**held, "manifest.json": b"[]"}, "does not say so"),
        (manifest(held, hash="0" * 32), "do not have the hash"),
        (manifest(held, workspace={"id": "x", "name": "y"}), "lacks the workspace's id"),
        ({**held, "records/contact.jsonl": contact.replace(b"Jane", b"Jade")}, "do not have the hash"),
        ({name: data for name, data in held.items() if "contact" not in name}, "do not have the hash"),
        ({**held, "records/deal.jsonl": contact}, "do not have the hash"),
    ]
    for found, says in cases:
        refused(stocked, zipped(path, found), says)
    refused(stocked, zipped(path, manifest(held, format=2)), "written by a later tuicrm", Invalid)


def test_forged_hashes_do_not_help(packed: Path, stocked: Session, tmp_path: Path) -> None:
    from tuicrm.store.contenthash import hash_of_lines

    held = members(packed)
    for name, lines, says in (
        ("records/deal.jsonl", b'{"id":"x"}\n', "its id is missing or no ULID"),
        ("records/deal.jsonl", b'{"id": "01KB00000000000000000000A0"}\n', "not as tuicrm writes them"),
        ("records/de/al.jsonl", b'{"id":"01KB00000000000000000000A0"}\n', "not the name of a kind"),
        ("records/deal.jsonl", b'{"id":"01KB00000000000000000000A0","n":1.5}\n', "floating point"),
    ):
        forged = {**held, name: lines}
        stored = {key[8:-6]: data for key, data in forged.items() if key.startswith("records/")}
        refused(stocked, zipped(tmp_path / "b.zip", manifest(forged, hash=hash_of_lines(stored))), says)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 3000), flips=st.lists(st.tuples(st.integers(0, 3000), st.integers(1, 255)), max_size=4))
def test_any_damage_is_one_sentence(tmp_path: Path, packed: Path, cut: int, flips: list[tuple[int, int]]) -> None:
    whole = read_archive(packed)
    for source in (packed, tarred(tmp_path / "whole.tar.gz", members(packed))):
        data = bytearray(source.read_bytes())
        for at, bits in flips:
            data[at % len(data)] ^= bits
        broken = tmp_path / "broken"
        broken.write_bytes(bytes(data[: len(data) - cut % len(data)]))
        with contextlib.suppress(TuicrmError):
            # What damage elsewhere in the file leaves readable is exactly what was written.
            assert read_archive(broken).records == whole.records


def test_an_encrypted_zip_is_told(packed: Path, stocked: Session, tmp_path: Path) -> None:
    data = bytearray(packed.read_bytes())
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    broken = tmp_path / "locked.zip"
    broken.write_bytes(bytes(data))
    refused(stocked, broken, "is encrypted")
