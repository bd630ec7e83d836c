"""What the palette shows for a text: commands and records in two sections, and the one that Enter takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tuicrm.crm.finder import HANDLE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tuicrm.crm.finder import Found
    from tuicrm.tui.palette.things import Thing
    from tuicrm.tui.safe import Line

MOST_THINGS = 6
"""Commands shown at most where records fit as well."""


class Offer(NamedTuple):
    """One line of the palette: a heading, a record, or a command, view or theme."""

    heading: str = ""
    ref: tuple[str, str] | None = None
    thing: Thing | None = None


class Offered:
    """The lines for one text, and where the cursor is; headings are stepped over."""

    def __init__(self, offers: Sequence[Offer] = ()) -> None:
        self.offers = list(offers)
        self.at = next((at for at, one in enumerate(self.offers) if not one.heading), 0)
        self.top = 0

    @property
    def chosen(self) -> Offer | None:
        """The line that Enter takes."""
        return self.offers[self.at] if self.offers and not self.offers[self.at].heading else None

    def step(self, by: int) -> None:
        """Go down or up, as far as there are lines."""
        places = [at for at, one in enumerate(self.offers) if not one.heading]
        if places:
            self.at = places[min(max(0, places.index(self.at) + by), len(places) - 1)]

    def next_section(self) -> None:
        """Go to the first line of the next section, round and round."""
        heads = [at for at, one in enumerate(self.offers) if one.heading]
        if heads:
            self.at = next((at for at in heads if at > self.at), heads[0]) + 1

    def sight(self, height: int) -> list[tuple[int, Offer]]:
        """Return (place, line) of the lines in sight; the cursor is kept there, and the heading above it if it fits."""
        least = self.at - 1 if self.at and self.offers[self.at - 1].heading and height > 1 else self.at
        self.top = min(max(self.top, self.at - height + 1), least)
        self.top = max(0, min(self.top, len(self.offers) - height))
        return list(enumerate(self.offers))[self.top : self.top + max(0, height)]


def offered(things: Sequence[tuple[int, Thing]], records: Sequence[Found], *, recent: bool = False) -> Offered:
    """Return what fits, the better section first; a record that is meant exactly goes before any command.

    `recent` says that nothing was typed: the records are those of late, the commands all there are.
    """
    best_thing = things[0][0] if things else 99
    best_record = records[0].fit if records else 99
    first = bool(records) and (recent or best_record < best_thing or best_record == HANDLE)
    held = things if recent or not records else things[:MOST_THINGS]
    said = [Offer(heading="LATELY" if recent else "RECORDS"), *(Offer(ref=(one.kind, one.id)) for one in records)]
    done = [Offer(heading="COMMANDS"), *(Offer(thing=one) for _, one in held)]
    sections = [said if records else [], done if held else []]
    return Offered([one for section in (sections if first else reversed(sections)) for one in section])


LEAD, LEAD_NARROW = 11, 8
"""Cells for what kind of record it is, or for the keys."""
ROOMY = 60
LEAST_MORE = 6
"""With less room than this nothing is said beside the name."""
WIDE = 90
"""From this width on, the command line that does the same is shown too."""


def line_of(offer: Offer, here: bool, width: int, described: Callable[[tuple[str, str]], tuple[str, str, str]]) -> Line:
    """Return the line of an offer in `width` cells; `described` gives a record's kind, title and detail."""
    from tuicrm.tui.safe import cells, fit, short

    if offer.heading:
        return ((f" {offer.heading} ", "head"), ("─" * (width - len(offer.heading) - 2), "rule"))
    sign, wide = (">" if here else " "), (LEAD if width >= ROOMY else LEAD_NARROW)
    if offer.thing is not None:
        one = offer.thing
        keys = one.keys if width >= ROOMY else one.keys.partition(" ")[0]
        lead, text, more = fit(keys or one.label, wide), one.text, one.cli if width >= WIDE else ""
        looks = ("key" if keys else "muted", "text", "muted")
    else:
        assert offer.ref is not None
        kind, text, more = described(offer.ref)
        lead, looks = fit(kind, wide), ("muted", "title", "muted")
    room = width - wide - 3
    text = short(text, room)
    left = room - cells(text) - 2
    more = f"  {short(more, left)}" if more and left >= LEAST_MORE else ""
    if here:
        # One look throughout: few bytes are sent, and the line stands out without colours.
        return ((fit(f"{sign} {lead} {text}{more}", width), "cursor"),)
    return ((f"{sign} ", "key"), (f"{lead} ", looks[0]), (text, looks[1]), (more, looks[2]))
