"""What typed text makes of a record's fields: single values, sets, addresses, and the groups that go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.parsing import named, refuse_unstorable
from tuicrm.crm.shapes import table, word, words
from tuicrm.errors import Ambiguous, Invalid, NotFound
from tuicrm.records.types import Addresses, Refs, ranked, with_ranks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tuicrm.crm.parsing import Typing
    from tuicrm.records.field import Field, Kind

Record = dict[str, Any]


def fill(
    kind: Kind,
    held: Record,
    typed: Mapping[str, Sequence[str]],
    removed: Mapping[str, Sequence[str]],
    ctx: Typing,
) -> dict[str, Any]:
    """Return the wanted value of each field that was typed, None where it is to be cleared.

    `typed` and `removed` go by proper field names; `held` is the record as it is (only `id` for a fresh one).
    """
    fields: dict[str, Any] = {}
    _fill_pipeline(kind, held, typed, ctx, fields)
    _fill_money(kind, held, typed, ctx, fields)
    by_name = kind.by_name
    for name, texts in typed.items():
        if name in fields:
            continue
        field = by_name[name]
        if field.type.many or removed:
            fields[name] = _filled(field, held, texts, removed.get(name, ()), ctx)
        else:
            fields[name] = ctx.value(field, texts[-1]) if texts else None
    for name, texts in removed.items():
        if name not in typed:
            fields[name] = _filled(kind.by_name[name], held, (), texts, ctx)
    if kind.name == "deal" and "product" in fields:
        fields["items"] = _one_item(held, fields.pop("product"), fields, ctx)
    return fields


def _filled(field: Field, held: Record, texts: Sequence[str], gone: Sequence[str], ctx: Typing) -> Any:
    """Return the value of one field after adding and taking away; None for none."""
    if not field.type.many:
        if gone:
            raise Invalid(f"{field.name}: holds one value; type an empty one to clear it", field=field.name)
        return ctx.value(field, texts[-1]) if texts else None
    old = held.get(field.name)
    present = ranked(old) if isinstance(old, dict) and isinstance(field.type, Addresses) else words(old)
    if any(not one.strip() for one in texts):
        present = []
    for text in gone:
        one = _present(field, present, text, ctx)
        present = [kept for kept in present if kept != one]
    for text in texts:
        if text.strip() and _same_word(field, present, text) is None:
            value = ctx.value(field, text)
            if value not in present:
                present.append(value)
    if isinstance(field.type, Addresses):
        return with_ranks(present, table(old)) or None
    return present or None


def _same_word(field: Field, present: Sequence[str], text: str) -> str | None:
    """Return the word that is there already but for case and accents; references are told apart by id alone."""
    from tuicrm.folding import fold

    if not present or isinstance(field.type, Refs):
        return None
    wanted = fold(text.strip())
    return next((one for one in present if fold(one) == wanted), None)


def _present(field: Field, present: Sequence[str], text: str, ctx: Typing) -> str:
    """Return which of the values that are there `text` means; the text itself where it means none."""
    refuse_unstorable(text, field.name)
    if text in present:
        return text
    same = _same_word(field, present, text)
    if same is not None:
        return same
    try:
        return str(ctx.value(field, text))
    except (Invalid, NotFound, Ambiguous):
        if field.type.refers:
            raise
        return text


def _fill_money(
    kind: Kind, held: Record, typed: Mapping[str, Sequence[str]], ctx: Typing, fields: dict[str, Any]
) -> None:
    """Read amounts together with the currency beside them; elsewhere only the base currency will do."""
    for field, paired in kind.amounts:
        if field.name in typed or (paired and "currency" in typed):
            _fill_amount(field, paired, held, typed, ctx, fields)


def _fill_amount(
    field: Field, paired: bool, held: Record, typed: Mapping[str, Sequence[str]], ctx: Typing, fields: dict[str, Any]
) -> None:
    from tuicrm.money import amount_text, parse_amount, parse_money, show, valid_currency

    name = field.name
    texts = typed.get(name)
    text = texts[-1] if texts else word(held.get(name))
    refuse_unstorable(text, name)
    chosen = typed["currency"][-1].strip() if paired and "currency" in typed else ""
    try:
        code = valid_currency(chosen) if chosen else ""
    except Invalid as problem:
        raise named(problem, "currency") from None
    own = code or (_known(held.get("currency")) if paired else "") or ctx.currency
    if paired:
        fields["currency"] = own
    if not text.strip():
        fields[name] = None
        return
    try:
        if texts:
            money = parse_money(text, currency=own)
            if money.currency != own and (code or not paired):
                wants = f"the currency given is {code}" if code else f"this field is kept in {own}"
                raise Invalid(f"{text!r} is in {money.currency}, but {wants}")
            own = money.currency
            fields[name] = amount_text(money.amount, own)
            if not text.strip().replace(".", "", 1).isdigit():
                ctx.note(f"{field.title}: {show(money)}")
        else:
            fields[name] = amount_text(parse_amount(text), own)
    except Invalid as problem:
        raise named(problem, name) from None
    if paired:
        fields["currency"] = own


def _known(currency: object) -> str:
    """Return a stored currency if it is one, else nothing."""
    from tuicrm.money import MINOR_UNITS

    code = word(currency)
    return code if code in MINOR_UNITS else ""


def _fill_pipeline(
    kind: Kind, held: Record, typed: Mapping[str, Sequence[str]], ctx: Typing, fields: dict[str, Any]
) -> None:
    """Find the stage in the deal's own pipeline; another pipeline has to have the stage, or to be told one."""
    if kind.name != "deal":
        return
    from tuicrm.crm.stages import default, stages, successor

    named_one = "".join(typed.get("pipeline", ())).strip()
    stage = "".join(typed.get("stage", ())).strip()
    for name in ("pipeline", "stage"):
        if name in typed and held.get(name) and not "".join(typed[name]).strip():
            raise Invalid(f"{name}: a deal is always in a stage of a pipeline", field=name)
    if not (named_one or stage):
        for name in ("pipeline", "stage"):
            if name in typed:
                fields[name] = held.get(name)
        return
    fallback = word(held.get("pipeline")) or str(default(ctx.session)["id"])
    ctx.pipeline = ctx.resolve("pipeline", named_one) if named_one else fallback
    fields["pipeline"] = ctx.pipeline
    if stage:
        fields["stage"] = ctx.value(kind.by_name["stage"], stage)
        return
    record = ctx.session.ws.get("pipeline", ctx.pipeline) or {}
    known = stages(record)
    kept = next((one.key for one in known if one.key == successor(record, held.get("stage"))), "")
    if held.get("stage") and not kept:
        names = ", ".join(one.name for one in known)
        raise Invalid(f"stage: {named_one} has no such stage as the deal's; name one of {names}", field="stage")
    if kept:
        fields["stage"] = kept


def _one_item(held: Record, product: str | None, fields: Mapping[str, Any], ctx: Typing) -> Any:
    """Return the line items of a deal whose single product is set."""
    items = table(held.get("items"))
    if len(items) > 1:
        raise Invalid("product: the deal has several line items, so no single product", field="product")
    if product is None:
        return None
    key, item = next(iter(items.items()), (held["id"], {"quantity": "1"}))
    if item.get("product") == product:
        return items
    item = {name: value for name, value in item.items() if name != "price"}
    listed = ctx.session.ws.get("product", product) or {}
    currency = fields.get("currency") or held.get("currency") or ctx.currency
    if word(listed.get("price")) and listed.get("currency", ctx.currency) == currency:
        item["price"] = listed["price"]
    return {key: {**item, "product": product}}
