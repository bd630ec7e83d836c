"""What has to hold for a record as a whole before it is written, by kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word
from tuicrm.errors import Invalid
from tuicrm.records.kinds.activity import AUTOMATIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field, Kind

Record = dict[str, Any]
UNSAFE = frozenset(' \t\r\n,:;"()@/\\')


def check(session: Session, kind: Kind, before: Record | None, after: Record, written: Iterable[str]) -> None:
    """Raise Invalid where a record would break a rule of its kind once the fields `written` are."""
    touched = set(written)
    for field in kind.required:
        if (before is None or field.name in touched) and not _has(after, field):
            option = "" if field.name in kind.naming else f" (--{field.option})"
            article = "an" if kind.one[0] in "aeio" else "a"
            raise Invalid(f"{field.name}: {article} {kind.one} needs one{option}", field=field.name)
    own = _BY_KIND.get(kind.name)
    if own:
        own(session, before, after, touched)


def _has(record: Mapping[str, Any], field: Field) -> bool:
    value = record.get(field.name)
    return value is not None and value not in ("", [], {})


def _company(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """No company owns itself, at however many removes."""
    if "parent" not in touched:
        return
    seen = {after["id"]}
    parent = word(after.get("parent"))
    while parent:
        if parent in seen:
            name = after.get("name", after["id"])
            raise Invalid(f"parent: {name} would own itself, directly or through others", field="parent")
        seen.add(parent)
        parent = word((session.ws.get("company", parent) or {}).get("parent"))


def _deal(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """A deal can be told from others by something."""
    if before is None and not any(after.get(name) for name in ("name", "company", "contacts", "items", "external_id")):
        raise Invalid("name: a deal needs a name or a company", field="name")


def _user(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """A handle is one plain word that nobody else has."""
    if "handle" not in touched:
        return
    handle = str(after.get("handle") or "")
    if not handle:
        raise Invalid("handle: a user needs one", field="handle")
    if UNSAFE & set(handle) or handle.startswith("-"):
        raise Invalid(f"handle: {handle!r} is not one plain word such as ann", field="handle")
    for one in session.ws.all("user").values():
        if one["id"] != after["id"] and str(one.get("handle", "")).casefold() == handle.casefold():
            raise Invalid(f"handle: {handle!r} is taken by {one.get('name', one['id'])}", field="handle")


def _activity(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """The entries of the program itself are history: nobody writes or rewrites them."""
    if before is not None and before.get("type") in AUTOMATIC and touched:
        raise Invalid("an automatic entry says what happened and cannot be edited", hint="remove it if it must go")
    if "type" in touched and after.get("type") in AUTOMATIC:
        raise Invalid(f"type: {after['type']} entries are written by the program itself", field="type")


def _conflict(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """The ledger is written by syncing, and closed by deciding."""
    raise Invalid("conflicts are noted by the program itself", hint="tuicrm conflict resolve settles one.")


def _unique_name(kind: str, *also: str) -> Callable[[Session, Record | None, Record, set[str]], None]:
    """Return a check that no other record of the kind has the name (and the same values in `also`)."""

    def unique(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
        from tuicrm.folding import fold

        if "name" not in touched:
            return
        wanted = fold(str(after.get("name", "")))
        for one in session.ws.all(kind).values():
            same = fold(str(one.get("name", ""))) == wanted and all(one.get(name) == after.get(name) for name in also)
            if same and one["id"] != after["id"]:
                raise Invalid(
                    f"name: there is a {session.kind(kind).one} called {after['name']!r} already", field="name"
                )

    return unique


def _template(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """A template names only fields that there are."""
    from tuicrm.crm.letters import check_template

    _unique_name("template")(session, before, after, touched)
    if touched & {"of", "subject", "body"}:
        check_template(session, after)


def _rule(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """A rule can be run, and sets itself off neither directly nor through others."""
    from tuicrm.crm.rules.checking import check_rule

    _unique_name("rule")(session, before, after, touched)
    # One that went wrong since can still be turned off.
    if before is None or after.get("active") is not False or touched - {"active", "name", "owner", "tags"}:
        check_rule(session, after)


def _quote(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """A quote that was sent stays as it is, and no two are made with one number."""
    from tuicrm.crm.quotes.standing import check as check_quote

    check_quote(session, before, after, touched)


def _territory(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """A territory asks for what companies or leads have."""
    from tuicrm.crm.territories import check_condition

    _unique_name("territory")(session, before, after, touched)
    if "condition" in touched:
        check_condition(session, word(after.get("condition")))


def _commission(session: Session, before: Record | None, after: Record, touched: set[str]) -> None:
    """A commission plan asks for what deals have, on days in their order."""
    from tuicrm.crm.commissions.plans import check_fields

    _unique_name("commission")(session, before, after, touched)
    if touched & {"where", "valid_from", "valid_to"}:
        check_fields(session, after)


_BY_KIND: dict[str, Callable[[Session, Record | None, Record, set[str]], None]] = {
    "company": _company,
    "deal": _deal,
    "user": _user,
    "activity": _activity,
    "conflict": _conflict,
    "pipeline": _unique_name("pipeline"),
    "view": _unique_name("view", "of"),
    "report": _unique_name("report"),
    "template": _template,
    "sequence": _unique_name("sequence"),
    "rule": _rule,
    "quote": _quote,
    "territory": _territory,
    "commission": _commission,
}
