"""All reasons to act, declared once; a reason joins with one entry here and the two functions that it names."""

from __future__ import annotations

from tuicrm.crm.advice import prospects, selling, tasks
from tuicrm.crm.advice.reason import Reason

REASONS: dict[str, Reason] = {
    one.key: one
    for one in (
        Reason(
            "late",
            "late follow-ups",
            3,
            "1, and 1 more for each week that it is late, up to 5; high priority counts half more, low half",
            tasks.late,
            tasks.tell,
        ),
        Reason(
            "today", "follow-ups due today", 2, "1; high priority counts half more, low half", tasks.today, tasks.tell
        ),
        Reason(
            "step",
            "steps of sequences that are due",
            2,
            "1 on its day, and 1 more for each week that it is late, up to 5",
            tasks.step,
            tasks.tell,
        ),
        Reason(
            "rotting",
            "rotting deals",
            2,
            "the days without a touch, divided by the days that the stage allows, up to 5",
            selling.rotting,
            selling.tell_rotting,
        ),
        Reason(
            "past",
            "deals past their expected close",
            2,
            "1, and 1 more for each 30 days since, up to 5",
            selling.past,
            selling.tell_past,
        ),
        Reason(
            "no_next",
            "deals without a next step",
            1,
            "1, and 1 more for each 14 days without a touch, up to 3",
            selling.no_next,
            selling.tell_no_next,
        ),
        Reason(
            "gate",
            "deals nearly ready for their next stage",
            1,
            "1, and the share of what the stage asks for that is there",
            selling.gate,
            selling.tell_gate,
        ),
        Reason(
            "hot",
            "hot leads",
            3,
            "1, and 2 divided by its days; hot is half of the best score, or up to 3 days old and not talked to",
            prospects.hot,
            prospects.tell_hot,
        ),
        Reason(
            "again",
            "customers due for another purchase",
            1,
            "the days since the last purchase, divided by the usual days between two, up to 3",
            prospects.again,
            prospects.tell_again,
        ),
    )
}
