"""All built-in reports by name, with their one line; a report joins with one module of its name and one line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.crm.report.declared import Report

LINES = {
    "dashboard": "The five that matter on one screen: quota, pipeline, win rate, activity, what is at risk.",
    "pipeline": "The open deals by stage: how many, worth how much, how old.",
    "funnel": "What became of the deals that entered each stage, and where to act first.",
    "winloss": "How many of the closed deals were won, and why the others were lost.",
    "cycle": "How long deals take to close, and how long they stay in each stage.",
    "velocity": "What the pipeline brings in a day, and from which four figures that follows.",
    "quota": "What was won against the quota, and whether that is fast enough.",
    "leaderboard": "Who won how much, the best first.",
    "activity": "Calls, e-mails, meetings and notes, against their targets.",
    "sources": "Where won deals came from, by four ways of giving credit.",
    "discounts": "What was sold below the list price.",
    "retention": "Customers gained, kept and lost, and how many buy again.",
    "stale": "Open deals that rot, have no next step, or are past their expected close.",
    "trends": "Any figure of any report by month.",
}


def report_named(name: str) -> Report:
    """Return a built-in report by its exact name; only its own module is loaded."""
    report: Report = import_module(f"tuicrm.crm.report.{name}").REPORT
    return report


def reports() -> list[Report]:
    """Return all built-in reports."""
    return [report_named(name) for name in LINES]
