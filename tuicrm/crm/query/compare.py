"""How each type of field compares with a value typed in a query."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm import derive, phones
from tuicrm.crm.lookup import SHORT, names, products_of, title
from tuicrm.crm.query.lexer import problem
from tuicrm.errors import Invalid
from tuicrm.folding import fold, nearest
from tuicrm.records import types, values
from tuicrm.records.figures import Figure
from tuicrm.records.shaped import Country
from tuicrm.records.status import StatusChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tuicrm.crm.query.tree import Term
    from tuicrm.crm.session import Session
    from tuicrm.records.field import Field

    Test = Callable[[dict[str, Any]], bool]

Record = dict[str, Any]

_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    ":": lambda a, b: a == b,
    "=": lambda a, b: a == b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


def comparison(session: Session, kind: str, field: Field, term: Term) -> Test:
    """Return the test that a term stands for; `!=` is what does not equal, empty fields included.

    Raises Invalid, naming the field, for a value that its type cannot have.
    """
    op = "=" if term.op == "!=" else term.op
    if not term.quoted and term.value.lower() in ("none", "any") and op in (":", "="):
        test = _filled(session, kind, field)
        negated = (term.value.lower() == "none") != (term.op == "!=")
        return (lambda record: not test(record)) if negated else test
    try:
        test = _by_type(session, kind, field, op, term)
    except Invalid as error:
        if error.field:
            raise
        raise problem(f"{field.name}: {error.message.rstrip('.')}", term.column, field.name) from None
    return (lambda record: not test(record)) if term.op == "!=" else test


def reader(session: Session, kind: str, field: Field) -> Callable[[Record], Any]:
    """Return what reads a field as it counts in filters and orders: derived, or inherited from the stage."""
    name = field.name
    if kind == "deal" and name == "probability":
        return derive.deals(session).probability
    if kind == "deal" and name == "product":
        return products_of
    return derive.computed(session, kind, name) or (lambda record: record.get(name))


def _filled(session: Session, kind: str, field: Field) -> Test:
    name = field.name
    read = products_of if kind == "deal" and name == "product" else derive.computed(session, kind, name)
    if read is None:
        return lambda record: record.get(name) not in (None, "", [], {})
    found = read
    return lambda record: found(record) not in (None, "", [], {})


def _by_type(session: Session, kind: str, field: Field, op: str, term: Term) -> Test:
    of_type, text = field.type, term.value.strip()
    if isinstance(of_type, values.Stage):
        from tuicrm.crm.query.stages import stage_test

        return stage_test(session, op, text)
    if of_type.refers:
        return _reference(session, kind, field, op, term)
    if isinstance(of_type, values.Day):
        from tuicrm.crm.query.times import span, tester

        return tester(session, kind, field, op, span(session, text))
    read = reader(session, kind, field)
    if isinstance(of_type, values.Amount):
        return _amount(session, read, op, text)
    if isinstance(of_type, Figure):
        return _figure(read, op, text)
    if isinstance(of_type, types.Integer):
        return _number(read, op, text, of_type.unit)
    if isinstance(of_type, types.Flag):
        _only_equal(op, field)
        return _flag(read, field, text)
    if isinstance(of_type, types.Choice) and not of_type.open_ended and of_type.choices:
        return _choice(read, of_type, op, text)
    if isinstance(of_type, types.Addresses):
        _only_equal(op, field)
        return _address(read, of_type, op, text)
    if isinstance(of_type, types.Tags):
        _only_equal(op, field)
        wanted = fold(text)
        return lambda record: bool(held := read(record)) and any(fold(str(one)) == wanted for one in _several(held))
    if isinstance(of_type, StatusChoice):
        return _status(read, of_type, op, text)
    if isinstance(of_type, Country) and op in (":", "=") and (test := _country(read, text)):
        return test
    return _text(read, of_type, op, text)


def _status(read: Callable[[Record], Any], of_type: StatusChoice, op: str, text: str) -> Test:
    """Return the test for one status by its key or name in full; other texts compare with the names."""
    wanted = fold(text)
    keys = {one.key for one in of_type.statuses.values() if wanted in (one.key, fold(one.name))}
    if keys and op in (":", "="):
        return lambda record: read(record) in keys

    def named(record: Record) -> Any:
        value = read(record)
        return of_type.text(value) if isinstance(value, str) else value

    return _text(named, of_type, op, text)


def _country(read: Callable[[Record], Any], text: str) -> Test | None:
    """Return the test for one country, by any of its names or codes; None for a text that is none in full."""
    from tuicrm.records.countries import country_named

    known = country_named(text)
    if not known:
        return None
    wanted = {fold(known), fold(text)}
    return lambda record: isinstance(value := read(record), str) and fold(value).strip() in wanted


def _only_equal(op: str, field: Field) -> None:
    if op not in (":", "="):
        raise Invalid(f"values cannot be ordered, so {op} says nothing; use {field.name}: instead")


def _several(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (list, dict)) else () if value is None else (value,)


def _text(read: Callable[[Record], Any], of_type: types.FieldType, op: str, text: str) -> Test:
    wanted = fold(text)

    def said(record: Record) -> str:
        value = read(record)
        if isinstance(value, str):
            return fold(value)
        return "" if value is None else fold(of_type.text(value) if isinstance(value, dict) else str(value))

    if op == ":":
        return lambda record: wanted in said(record)
    if op == "=":
        return lambda record: said(record).strip() == wanted
    compare = _ORDER[op]
    return lambda record: bool(found := said(record)) and compare(found, wanted)


def _number(read: Callable[[Record], Any], op: str, text: str, unit: str) -> Test:
    from tuicrm.money import parse_amount

    wanted = parse_amount(text.removesuffix(unit) if unit else text, allow_negative=True)
    whole: Any = int(wanted) if wanted == int(wanted) else wanted
    compare = _ORDER[op]

    def fits(record: Record) -> bool:
        value = read(record)
        return isinstance(value, int) and not isinstance(value, bool) and bool(compare(value, whole))

    return fits


def _amount(session: Session, read: Callable[[Record], Any], op: str, text: str) -> Test:
    """Amounts compare within one currency: the one that is said, else the base currency."""
    from tuicrm.money import parse_money

    compare, base = _ORDER[op], session.currency
    money = parse_money(text, currency=base, allow_negative=True)
    wanted, currency = money.amount, money.currency

    def fits(record: Record) -> bool:
        # A kind without a currency of its own, and a record that lacks one, are in the base currency.
        if (record.get("currency") or base) != currency:
            return False
        value = derive.amount(read(record))
        return value is not None and compare(value, wanted)

    return fits


def _figure(read: Callable[[Record], Any], op: str, text: str) -> Test:
    from tuicrm.money import parse_amount

    compare, wanted = _ORDER[op], parse_amount(text.removesuffix("%").strip())
    return lambda record: (value := derive.amount(read(record))) is not None and bool(compare(value, wanted))


def _flag(read: Callable[[Record], Any], field: Field, text: str) -> Test:
    wanted = bool(types.Flag().parse(text, None))  # type: ignore[arg-type]
    absent = field.default == "yes"

    def fits(record: Record) -> bool:
        value = read(record)
        return (absent if value is None else bool(value)) == wanted

    return fits


def _choice(read: Callable[[Record], Any], of_type: types.Choice, op: str, text: str) -> Test:
    wanted = of_type.parse(text, None)  # type: ignore[arg-type]
    if op in (":", "="):
        return lambda record: read(record) == wanted
    place, compare, places = of_type.choices.index(wanted), _ORDER[op], of_type.choices
    return lambda record: (value := read(record)) in places and compare(places.index(value), place)


def _address(read: Callable[[Record], Any], of_type: types.Addresses, op: str, text: str) -> Test:
    wanted, phone = fold(text), of_type.what == "phone"
    if phone and phones.core(text):
        typed, same = phones.core(text), phones.same if op == "=" else phones.fits
        return lambda record: any(same(phones.core(str(one)), typed) for one in _several(read(record)))
    if op == "=":
        return lambda record: any(fold(str(one)) == wanted for one in _several(read(record)))
    return lambda record: any(wanted in fold(str(one)) for one in _several(read(record)))


def _reference(session: Session, kind: str, field: Field, op: str, term: Term) -> Test:
    _only_equal(op, field)
    wanted = _meant(session, field, op, term)
    read = reader(session, kind, field)

    def fits(record: Record) -> bool:
        value = read(record)
        if value.__class__ is str:
            return value in wanted
        return isinstance(value, list) and any(one in wanted for one in value if isinstance(one, str))

    return fits


def _meant(session: Session, field: Field, op: str, term: Term) -> frozenset[str]:
    """Return the ids of every record that the value may mean: by id, its end, or a name that holds (`=`: is) it."""
    kind, text = field.type.refers, term.value.strip()
    if kind == "user" and text.casefold() == "me" and not term.quoted:
        if not session.me:
            raise Invalid(f"no user of this workspace is called {session.user!r}")
        return frozenset({session.me})
    end, wanted, called = text.upper(), fold(text), names(session, kind)
    handles = [name for name in session.kind(kind).handles if name in ("handle", "domain", "sku")]

    def is_meant(key: str, record: Record, name: str) -> bool:
        named = fold(name)
        return (
            (wanted in named if op == ":" else wanted == named)
            or any(fold(str(record.get(one, ""))) == wanted for one in handles)
            or (len(end) >= SHORT and key.endswith(end))
        )

    held = (session.ws.all(kind), session.ws.dead(kind))
    found = {key for records in held for key, record in records.items() if is_meant(key, record, called[key])}
    # Whoever is called by what was merged into it, as in a filter that was saved before.
    for gone, into in session.ws.forwards(kind).items():
        record = session.ws.stored.any(kind, gone)
        if record is not None and is_meant(gone, record, title(session, kind, record)):
            found.add(into)
    return frozenset(found)


def unknown_field(session: Session, kind: str, term: Term) -> Invalid:
    """Return the error for a name that no field answers to."""
    declared = session.kind(kind)
    near = nearest(term.name, ["is", "id", *declared.by_name])
    guess = f"did you mean {near}?" if near else "put text that holds a sign of comparison in quotes"
    return problem(f"{declared.many} have no field {term.name!r}; {guess}", term.column, term.name)
