"""What is to be done next, of 10,000 deals, 10,000 leads and 100,000 activities: the triage list and the next steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.benchmarks.bigworkspace import RULES, beside_loading, with_leads

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.benchmarks.measure import Figure

DEALS, LEADS, ENTRIES = 10_000, 10_000, 100_000
MOST = 3
TRIAGE = "found = triage(session)\nassert found"
NEXT = """
found = suggestions(session, user="" if sys.argv[2] == "team" else session.me)
for one in found[:10]:
    one.told(), one.reasons()
"""


def figures(folder: Path) -> Iterator[Figure]:
    """Yield the triage list, and the next steps of one rep and of the team with ten of them in words."""
    path, env = with_leads(folder, DEALS, LEADS, ENTRIES)
    what, imports = f"triage, {len(RULES)} rules", "from tuicrm.crm.leads import triage"
    yield beside_loading(what, MOST, path, env, imports=imports, action=TRIAGE, words=())
    imports = "from tuicrm.crm.advice.suggesting import suggestions"
    for whose in ("mine", "team"):
        what = f"next step, {whose}, {len(RULES)} rules"
        yield beside_loading(what, MOST, path, env, imports=imports, action=NEXT, words=(whose,))
