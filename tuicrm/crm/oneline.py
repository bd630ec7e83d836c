"""A follow-up in one line: `tue 10 send quote`, `call in 3 days`, `every 2 weeks check in`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tuicrm.errors import Invalid

if TYPE_CHECKING:
    from tuicrm.when import Moment, Reading

FALLBACK = "Follow up"
"""The subject where only a date was typed."""
_FURTHEST = 12
"""Words at either end among which a date is looked for."""
_JOINING = frozenset({"", "on", "by", "at", "from", "due"})
"""Words between a subject and its date that belong to neither."""
_MARKS = ",:;-"
_EVERY = frozenset({"every", "each"})
_ADVERBS = frozenset({"daily", "weekly", "biweekly", "fortnightly", "monthly", "bimonthly", "quarterly", "yearly"})


@dataclass(frozen=True, slots=True)
class OneLine:
    """What was understood of a line."""

    subject: str
    due: Moment | None
    repeat: str = ""
    """The rule as RFC 5545 has it; empty for what comes once."""
    dated: str = ""
    """The words that the date was read from."""

    def said(self, reading: Reading) -> str:
        """Return the echo: `call Jane Roe, Sun 11 Oct 2026 (in 3 days)`."""
        return f"{self.subject}, {self.when(reading) or 'without a date, since none was understood'}"

    def when(self, reading: Reading) -> str:
        """Return the echo of the date alone; empty where there is none."""
        from tuicrm.when import note_on_order, say_repeat, understood

        if self.due is None:
            return ""
        again = f", {say_repeat(self.repeat)}" if self.repeat else ""
        return f"{note_on_order(self.dated, reading) or understood(self.due, reading)}{again}"


def read_line(text: str, reading: Reading, called: str = "") -> OneLine:
    """Return subject, date and repeat of a line; the date is the longest end that reads as one, else beginning.

    Where it is no more than a date, the subject is `called`.
    """
    words, rule = _repeat(text.split(), reading)
    rest, due, dated = _date(words, reading)
    if rule:
        due = _first(rule, due, dated, reading)
    return OneLine(" ".join(rest) or called or FALLBACK, due, rule, dated)


def _date(words: list[str], reading: Reading) -> tuple[list[str], Moment | None, str]:
    for start in range(max(0, len(words) - _FURTHEST), len(words)):
        due = _moment(words[start:], reading)
        if due is not None:
            return _trimmed(words[:start]), due, " ".join(words[start:])
    for end in range(min(len(words) - 1, _FURTHEST), 0, -1):
        due = _moment(words[:end], reading) if _leads(words[:end]) else None
        if due is not None:
            return _begun(words[end:]), due, " ".join(words[:end])
    return words, None, ""


def _leads(words: list[str]) -> bool:
    """Tell whether words may be a date in front of a subject; `we` and `may` alone begin a sentence more often."""
    from tuicrm.when.names import MONTH_BY_WORD

    word = words[0].casefold().strip(_MARKS)
    return len(words) > 1 or (word not in MONTH_BY_WORD and (len(word) > 2 or not word.isalpha()))


def _moment(words: list[str], reading: Reading) -> Moment | None:
    from tuicrm.when import parse_moment

    try:
        return parse_moment(" ".join(words).rstrip(_MARKS), reading)
    except Invalid:
        return None


def _trimmed(words: list[str]) -> list[str]:
    """Return the words of a subject without what led over to its date."""
    held = list(words)
    while held and held[-1].casefold().strip(_MARKS) in _JOINING:
        held.pop()
    return held


def _begun(words: list[str]) -> list[str]:
    held = list(words)
    while held and not held[0].strip(_MARKS):
        held.pop(0)
    return held


def _repeat(words: list[str], reading: Reading) -> tuple[list[str], str]:
    """Return the words that are left, and the rule that the others stand for; empty where there is none."""
    from tuicrm.when import parse_repeat

    spans = [
        (start, end)
        for start, one in enumerate(words)
        if one.casefold() in _EVERY
        for end in range(min(len(words), start + _FURTHEST), start + 1, -1)
    ]
    if len(words) > 1 and words[-1].casefold() in _ADVERBS:
        spans.append((len(words) - 1, len(words)))
    for start, end in spans:
        try:
            rule = parse_repeat(" ".join(words[start:end]).rstrip(_MARKS))
        except Invalid:
            continue
        return _trimmed(words[:start]) + _begun(words[end:]), rule
    return words, ""


def _first(rule: str, due: Moment | None, dated: str, reading: Reading) -> Moment:
    """Return when something that repeats is due first: on the day typed, else the rule's next, at the time typed."""
    from tuicrm.when import Moment, next_occurrence, parse_moment

    first = next_occurrence(rule, Moment(reading.today), reading)
    if due is None or due.time is None:
        return due or first
    try:
        # Only a bare time of day goes together with a date.
        return parse_moment(f"{first} {dated}", reading)
    except Invalid:
        return due
