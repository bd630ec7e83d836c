"""What a command is, and the places where commands apply."""

from __future__ import annotations

from dataclasses import dataclass

(
    ANYWHERE,
    PIPELINE,
    ACTIVITY,
    FOLLOWUPS,
    FORECAST,
    REPORTS,
    DEALS,
    CONTACTS,
    COMPANIES,
    LEADS,
    RECORD,
    NEXT,
    CONFLICTS,
    DUPLICATES,
) = (
    "anywhere",
    "pipeline",
    "activity",
    "followups",
    "forecast",
    "reports",
    "deals",
    "contacts",
    "companies",
    "leads",
    "record",
    "next",
    "conflicts",
    "duplicates",
)

PLACES = {
    ANYWHERE: "Everywhere",
    PIPELINE: "On the pipeline board",
    ACTIVITY: "In the activity log",
    FOLLOWUPS: "In the follow-ups",
    FORECAST: "In the forecast",
    REPORTS: "In the dashboard and the reports",
    DEALS: "In the deals behind a figure",
    CONTACTS: "In the contacts",
    COMPANIES: "In the companies",
    LEADS: "Among the leads",
    RECORD: "In a record",
    NEXT: "In the next best step",
    CONFLICTS: "Among the conflicts",
    DUPLICATES: "Among the duplicates",
}
"""Where commands apply, with the heading that help gives them."""

ALL = (ANYWHERE,)
LISTS = (PIPELINE, ACTIVITY, FOLLOWUPS, DEALS, CONTACTS, COMPANIES, LEADS)
RECORDS = (*LISTS, RECORD, NEXT)
FIGURES = (FORECAST, REPORTS)
PANES = (*LISTS, RECORD, *FIGURES)
MOVED_IN = (*PANES, NEXT, CONFLICTS, DUPLICATES)
MARKED_IN = (*LISTS, NEXT, CONFLICTS)


@dataclass(frozen=True)
class Command:
    """One thing that a key does; it means the same in every place that has it."""

    id: str
    """`noun.verb`; its action is `action_noun_verb`, and users rebind keys by it."""
    keys: tuple[str, ...]
    """Names of keys as the toolkit spells them, the one to show first; none for what only the palette offers."""
    label: str
    """One or two words for the line of key hints."""
    help: str
    where: tuple[str, ...] = (PIPELINE,)
    cli: str = ""
    """The same from the command line; empty for what only moves about the screen."""
    needs: str = ""
    """The kind of which there must be records, or the setting that must be set, before the palette offers it."""
    begins: bool = False
    """Whether the first of these records is made with it: whoever types its name finds it before there are any."""

    @property
    def action(self) -> str:
        """The name of the action, without its `action_` prefix."""
        return self.id.replace(".", "_").replace("-", "_")
