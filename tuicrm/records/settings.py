"""The settings of a workspace, declared once: key, type, default, help."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.records.figures import Percent
from tuicrm.records.types import Choice, Integer, LongText, Text
from tuicrm.records.values import Currency

if TYPE_CHECKING:
    from tuicrm.records.types import FieldType


@dataclass(frozen=True)
class Setting:
    """One setting that the team shares."""

    key: str
    type: FieldType
    default: str
    help: str


SETTINGS: dict[str, Setting] = {
    one.key: one
    for one in (
        Setting("currency", Currency(), "EUR", "The base currency: what a bare amount means, and what sums are in."),
        Setting("date_order", Choice("dmy", "mdy", "ymd"), "", "How 10/11/2026 is read; day first where not set."),
        Setting("timezone", Text(), "", "The zone of wall times, as Europe/Berlin; this machine's where not set."),
        Setting("week_start", Choice("monday", "sunday", "saturday"), "monday", "The first day of the week."),
        Setting(
            "fiscal_year_start", Text(), "1", "The month with which fiscal years begin, as april; quarters follow it."
        ),
        Setting("country", Text(), "", "The country whose phone numbers need no prefix, as DE."),
        Setting("mail_bodies", Choice("yes", "no"), "yes", "Whether the text of e-mails goes into the log with them."),
        Setting("pipeline", Text(), "", "The pipeline of deals that name none; the oldest where not set."),
        Setting(
            "lost_reasons",
            Text(),
            "price, timing, competitor, no decision, no budget, bad fit",
            "Why deals are lost, with commas; the list that is offered.",
        ),
        Setting(
            "disqualify_reasons",
            Text(),
            "wrong person, no budget, no need, no answer, bad fit, duplicate, spam",
            "Why leads are disqualified, with commas; the list that is offered.",
        ),
        Setting(
            "stage_force",
            Choice("yes", "no"),
            "yes",
            "Whether a deal may be moved on without what its stage asks for; the history says without what.",
        ),
        Setting("activity_targets", Text(), "", "What is asked of each user in a week, as in call 20, meeting 5."),
        Setting("tax_rate", Percent(), "", "The usual tax on quotes in percent, as 19; none where not set."),
        Setting("quote_valid_days", Integer(1, 3_650), "30", "Days for which a quote holds, if none are said."),
        Setting("quote_terms", LongText(), "", "The terms that quotes begin with."),
        Setting("seller_name", Text(), "", "Who sells, as quotes say it."),
        Setting("seller_address", LongText(), "", "The seller's address; its lines may be parted by commas."),
        Setting("seller_tax_number", Text(), "", "The seller's tax number, as quotes show it."),
        Setting("seller_contact", Text(), "", "How the seller is reached, as quotes show it."),
        Setting(
            "next_weights",
            Text(),
            "",
            "What weighs how much in the next best step, as in late 5, rotting 1; 0 leaves it out.",
        ),
        Setting(
            "discount_limits",
            Text(),
            "",
            "How much discount a role or a user may give in percent, as in rep 10, manager 25; any where not set.",
        ),
        Setting(
            "territory_owners",
            Choice("off", "suggest", "set"),
            "suggest",
            "Whether what is added gets the owner of its territory, once there are territories.",
        ),
        Setting("customer_lapse_days", Integer(1, 36_500), "365", "Days without a purchase after which one is lost."),
        Setting(
            "stale_days",
            Integer(0, 36_500),
            "180",
            "Days without a talk or a check after which a contact is asked about: still right? 0 never asks.",
        ),
    )
}
