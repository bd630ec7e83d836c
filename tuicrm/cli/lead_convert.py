"""`lead convert`: from a lead to a contact, a company and a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from tuicrm.cli.lazy import command
from tuicrm.cli.noun_read import find_all
from tuicrm.cli.outcome import carry_out
from tuicrm.errors import UsageProblem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tuicrm.cli.state import State

HEADS = ("lead", "contact", "company", "deal")


@command(
    "convert",
    help="Make a contact, a company and a deal of a lead, as one step that undo takes back. A company of the same name "
    "or domain, and a person of the same e-mail or phone, are taken instead of making another; where several may be "
    "meant they are listed. Calls, notes, follow-ups, source, tags and owner go along. Prints the ids of what it is.",
    examples=[
        'tuicrm lead convert "Jane Roe" --value 12k --close "end of next month"',
        'tuicrm lead convert 7KQ2 --company "Acme GmbH" --deal "Acme pilot"',
        "tuicrm lead convert 7KQ2 --no-deal",
    ],
    json_names=HEADS,
)
@click.argument("refs", nargs=-1, required=True, metavar="REF...")
@click.option("--company", default="", metavar="COMPANY", help="The company; made where there is none of that name.")
@click.option("--contact", default="", metavar="CONTACT", help="The contact; made where there is none of that name.")
@click.option("--deal", default="", metavar="NAME", help="What to call the deal; the company's name where not given.")
@click.option("--value", default="", metavar="AMOUNT", help="What the deal is worth.")
@click.option("--close", "expected_close", default="", metavar="DATE", help="When the deal should be won.")
@click.option("--pipeline", default="", metavar="PIPELINE", help="The pipeline of the deal.")
@click.option("--stage", default="", metavar="STAGE", help="The stage of the deal; the first one where not given.")
@click.option("--no-deal", is_flag=True, help="Make no deal.")
@click.option("--no-contact", is_flag=True, help="The lead is a company: make no contact.")
@click.option("--no-company", is_flag=True, help="The lead is a person alone: make no company.")
@click.option("--new-company", is_flag=True, help="Make a company, though one like it is here.")
@click.option("--new-contact", is_flag=True, help="Make a contact, though one like it is here.")
@click.option("--json", "form", flag_value="json", help="Print what the lead became as JSON.")
def convert(
    state: State,
    *,
    refs: Sequence[str],
    company: str,
    contact: str,
    deal: str,
    value: str,
    expected_close: str,
    pipeline: str,
    stage: str,
    no_deal: bool,
    no_contact: bool,
    no_company: bool,
    new_company: bool,
    new_contact: bool,
    form: str | None,
) -> None:
    """Convert leads."""
    from tuicrm.crm.converting import Wishes, convert, convert_all

    of_deal = {"value": value, "expected_close": expected_close, "pipeline": pipeline, "stage": stage}
    typed = tuple((name, text) for name, text in of_deal.items() if text.strip())
    clashes = (
        ("--deal", no_deal and (bool(deal.strip()) or bool(typed)), "--no-deal"),
        ("--contact", no_contact and (bool(contact) or new_contact), "--no-contact"),
        ("--company", no_company and (bool(company) or new_company), "--no-company"),
    )
    for option, clash, other in clashes:
        if clash:
            raise UsageProblem(f"{other} leaves nothing for {option} and the like to say")
    wishes = Wishes(
        company=company,
        contact=contact,
        deal=deal,
        no_company=no_company,
        no_contact=no_contact,
        no_deal=no_deal,
        new_company=new_company,
        new_contact=new_contact,
        typed=typed,
    )
    held = find_all(state, "lead", refs)
    if len(held) > 1 and wishes != Wishes():
        raise UsageProblem("several leads are converted as they are; give these options with one lead")
    plan = convert(state.session, held[0], wishes) if len(held) == 1 else convert_all(state.session, held)
    carry_out(state, plan, ids=form != "json")
    if form == "json":
        from tuicrm.cli.output import give_json

        leads = [state.session.ws.get("lead", one["id"]) or one for one in held]
        facts = [{"lead": one["id"], **{name: one.get(name) for name in HEADS[1:]}} for one in leads]
        give_json(state, facts[0] if len(facts) == 1 else facts)
