"""The quick way to make records of a file gives what adding them one by one gives, and takes few steps."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tuicrm.crm.edit import add, born
from tuicrm.crm.session import Session
from tuicrm.errors import TuicrmError
from tuicrm.exchange.fresh import PLAIN, Fresh
from tuicrm.exchange.names import Names
from tuicrm.exchange.reading import CellReading
from tuicrm.records.registry import groups
from tuicrm.store.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.exchange.conftest import Shell

ID = "01KB0000000000000000000000"
FIELDS = {
    "company": (
        "name",
        "domain",
        "phone",
        "employees",
        "annual_revenue",
        "country",
        "website",
        "parent",
        "notes",
        "tags",
    ),
    "contact": ("name", "emails", "phones", "company", "country", "status", "do_not_contact", "owner", "notes", "tags"),
    "lead": ("name", "company_name", "emails", "status", "score", "source", "notes"),
    "product": ("name", "sku", "price", "currency", "active"),
}
TEXTS = (
    *("Jane Roe", " Jane ", "Zoë", "", "  ", "no", "0", "12", "12k", "acme.example", "jane@acme.example", "me", "a\0b"),
    *("+49 30 555 0142", "DE", "Acme", "ACME", "nobody", "active", "EUR", "hot,cold", "two\nlines", "half \ud800"),
)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A workspace with one company and one user."""
    ws = Workspace.create(tmp_path_factory.mktemp("fresh") / "ws", name="Fresh", groups=groups)
    made = Session(ws, user="ann", now=datetime(2026, 10, 8, tzinfo=UTC), zone="UTC")
    made.commit(add(made, "user", {"name": ["Ann Lee"], "handle": ["ann"]}))
    made.commit(add(made, "company", {"name": ["Acme"], "domain": ["acme.example"]}))
    return made


def outcome(make: Callable[[], Any]) -> Any:
    """Return a record, or that it is refused: of several reasons either may be the one that is given."""
    try:
        return make()
    except TuicrmError:
        return "refused"


@settings(max_examples=400, deadline=None)
@given(st.data())
def test_a_record_is_what_adding_it_makes(session: Session, data: st.DataObject) -> None:
    kind = session.kind(data.draw(st.sampled_from(PLAIN)))
    names = data.draw(st.lists(st.sampled_from(FIELDS[kind.name]), unique=True))
    typed = {name: data.draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=2)) for name in names}
    ctx = CellReading(session, Names(session, create=False), "")
    fresh = Fresh(kind, ctx)
    wanted = outcome(lambda: born(session, kind, typed, ctx, record_id=ID))
    assert outcome(lambda: fresh.record(typed, ID)) == wanted
    assert outcome(lambda: fresh.record(typed, ID)) == wanted, "the second time, cells are known"


@pytest.mark.usefixtures("clean")
def test_a_row_takes_few_steps(shell: Shell, tmp_path: Path) -> None:
    def steps(rows: int) -> int:
        file = tmp_path / "people.csv"
        lines = [f"Jane {n},jane{n}@acme{rows}.example,+49 30 {rows}{n:05},Berlin,likes tea" for n in range(rows)]
        file.write_text("name,email,phone,city,notes\n" + "\n".join(lines), "utf-8")
        count = 0

        def called(frame: object, event: str, arg: object) -> None:
            nonlocal count
            count += event == "call"

        sys.setprofile(called)
        try:
            shell.ok("import", str(file), "--as", "contacts")
        finally:
            sys.setprofile(None)
        return count

    steps(10)
    assert (steps(500) - steps(100)) / 400 < 130
