"""What a commit says: how many records of which kind, and no name of any, since a message can never be erased."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.records.registry import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 72
"""Characters of a subject."""
NOTHING = "No records changed"


def subject(counts: Mapping[str, int]) -> str:
    """Return `3 deals, 5 activities` for the number of changed records of each kind, in the order of the kinds.

    Kinds that only a later version knows are counted together, as are those at the end that find no room.
    """
    known = [(kind.one, kind.many, counts.get(name, 0)) for name, kind in KINDS.items()]
    told = [f"{count} {one if count == 1 else many}" for one, many, count in known if count > 0]
    unknown = sum(count for name, count in counts.items() if name not in KINDS and count > 0)
    if not told and not unknown:
        return NOTHING
    text, rest = "", sum(count for _, _, count in known if count > 0) + unknown
    for (_, _, count), words in zip([one for one in known if one[2] > 0], told, strict=True):
        longer, left = f"{text}, {words}" if text else words, rest - count
        if len(_ended(longer, left)) > LONGEST:
            break
        text, rest = longer, left
    return _ended(text, rest)


def _ended(text: str, rest: int) -> str:
    if not rest:
        return text
    return f"{text}, {rest} more" if text else f"{rest} record{'' if rest == 1 else 's'}"
