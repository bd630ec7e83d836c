"""What a record gets by itself when it is added: an owner, a stage, a currency, a handle, its company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.crm.shapes import word, words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tuicrm.crm.parsing import Typing
    from tuicrm.records.field import Kind

Fields = dict[str, Any]
OWNED = (
    *("company", "contact", "lead", "deal", "activity", "followup", "view", "report"),
    *("template", "sequence", "answer"),
)


def complete(kind: Kind, fields: Fields, ctx: Typing) -> Fields:
    """Return the fields of a record that is being added, with what nobody typed filled in."""
    found = dict(fields)
    if kind.name in OWNED and "owner" not in found and ctx.session.me:
        found["owner"] = ctx.session.me
    for field in kind.defaulted:
        if field.name not in found:
            found[field.name] = ctx.value(field, field.default)
    add = _BY_KIND.get(kind.name)
    found = add(found, ctx) if add else found
    if fields and "owner" not in fields and ctx.session.ws.all("territory"):
        from tuicrm.crm.territories import placed

        found["owner"] = placed(kind.name, found, ctx) or found.get("owner")
    return found


def _deal(fields: Fields, ctx: Typing) -> Fields:
    """A deal starts in the first open stage of its pipeline, in the base currency."""
    from tuicrm.crm.stages import default, first_of

    if not fields.get("stage"):
        held = ctx.session.ws.get("pipeline", str(fields.get("pipeline") or ""))
        pipeline = held if held is not None else default(ctx.session)
        fields["pipeline"] = pipeline["id"]
        fields["stage"] = first_of(pipeline, "open").key
    fields["currency"] = fields.get("currency") or ctx.currency
    if not fields.get("company"):
        fields["company"] = _company_of(fields.get("contacts"), ctx)
    return fields


def _contact(fields: Fields, ctx: Typing) -> Fields:
    """A person whose e-mail address is at a company's own domain works there, unless somebody says otherwise."""
    if "company" in fields or not fields.get("emails"):
        return fields
    from tuicrm.crm.employers import employer
    from tuicrm.crm.lookup import name_of

    found = employer(ctx.session, fields["emails"])
    if found:
        fields["company"] = found
        if ctx.doubts:
            ctx.note(f"works at {name_of(ctx.session, 'company', found)}, as the e-mail address says")
    return fields


def _user(fields: Fields, ctx: Typing) -> Fields:
    """A user without a handle gets one made of the name, with a number where it is taken."""
    if fields.get("handle") or not fields.get("name"):
        return fields
    from tuicrm.folding import slug

    taken = {str(one.get("handle", "")).casefold() for one in ctx.session.ws.all("user").values()}
    stem = slug(str(fields["name"])) or "user"
    handle, number = stem, 1
    while handle.casefold() in taken:
        number += 1
        handle = f"{stem}-{number}"
    fields["handle"] = handle
    return fields


def _territory(fields: Fields, ctx: Typing) -> Fields:
    """A territory without a place is asked last."""
    from tuicrm.crm.territories import last_order

    return fields if "order" in fields else {**fields, "order": last_order(ctx.session)}


def _about(fields: Fields, ctx: Typing) -> Fields:
    """What is about a deal is about its company and, if it has just one, its contact; else a contact's company."""
    _of_lead(fields, ctx)
    deal = ctx.session.ws.get("deal", str(fields.get("deal") or ""))
    if deal is not None and "contacts" not in fields:
        people = words(deal.get("contacts"))
        if len(people) == 1:
            fields["contacts"] = people
    if not fields.get("company"):
        of_deal = word(deal.get("company")) if deal is not None else None
        fields["company"] = of_deal or _company_of(fields.get("contacts"), ctx)
    return fields


def _of_lead(fields: Fields, ctx: Typing) -> None:
    """What is about a lead that became a contact and a deal is about these as well."""
    lead = ctx.session.ws.get("lead", word(fields.get("lead"))) or {}
    for name, kind, value in (
        ("contacts", "contact", word(lead.get("contact"))),
        ("company", "company", word(lead.get("company"))),
        ("deal", "deal", word(lead.get("deal"))),
    ):
        if name not in fields and ctx.session.ws.get(kind, value) is not None:
            fields[name] = [value] if name == "contacts" else value


def _company_of(contacts: list[str] | None, ctx: Typing) -> str | None:
    """Return the company that all the contacts share, if they do."""
    found = {word((ctx.session.ws.get("contact", one) or {}).get("company")) for one in contacts or ()}
    return (found.pop() or None) if len(found) == 1 else None


_BY_KIND: dict[str, Callable[[Fields, Typing], Fields]] = {
    "contact": _contact,
    "deal": _deal,
    "user": _user,
    "territory": _territory,
    "activity": _about,
    "followup": _about,
}
