"""How cards and stage headings are drawn: pure, from the board's model to spans of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.tui.safe import cells, fit, short

if TYPE_CHECKING:
    from tuicrm.crm.board import Column
    from tuicrm.crm.cards import Card
    from tuicrm.tui.lanes import Heading
    from tuicrm.tui.safe import Line

SIGNS = {"late": "!", "today": "=", "later": ".", "none": "?"}
"""The sign of a card's next step; the word stands beside it."""
_LOOKS = {"late": "late", "today": "today", "later": "muted", "none": "muted"}

HEADING = 4
"""Lines of a stage's heading: name, count and sum, weighted, rule."""
ROOMY = 17
"""From this width on, what a card is worth and its next step stand apart."""


def next_words(card: Card, room: int, *, tight: bool = False) -> str:
    """Return the sign and the words of a card's next step, as many as fit: `!late 45d`, `!late45d`, `!late6w`, `!`."""
    sign = SIGNS.get(card.next, "?")
    close = card.next_text.replace("late ", "late")
    days = close.removeprefix("late").removesuffix("d")
    weeks = f"late{int(days) // 7}w" if close.startswith("late") and days.isdecimal() else close
    forms = (close, weeks) if tight else (card.next_text, close, weeks)
    return next((sign + one for one in forms if cells(one) < room), sign)


def card_lines(card: Card, size: int, *, chosen: bool, marked: bool, height: int = 2) -> list[Line]:
    """Return the lines of one card, `size` cells wide."""
    signs = (">" if chosen else "") + ("*" if marked else "") + ("~" if card.rotting else "")
    # Where there is no sign the blank has the look of what follows, so that both are sent as one run.
    looks = ("text", *["muted"] * (height - 1))
    marks = [(sign, _sign_look(sign)) for sign in signs[:height]]
    marks += [(" ", look) for look in looks[len(marks) :]]
    value = card.value_text
    room = size - 1
    if height == 1:
        held: list[tuple[str, str]] = [(sign, _sign_look(sign)) for sign in signs]
        return [_flat([*held, (" " * (3 - len(signs)), "text"), *_row(card, value, size - 3)], size, chosen)]
    if size >= ROOMY:
        words = next_words(card, room - 1 - cells(value)) + " "
        left = fit(value, max(0, room - cells(words)))
    else:
        words = next_words(card, room - cells(value), tight=True)
        left = value + (" " if cells(value) < 4 and cells(value) + cells(words) < room else "")
    lines: list[list[tuple[str, str]]] = [
        [marks[0], (fit(card.title, room), "text")],
        [marks[1], (left, "muted"), (words, _LOOKS.get(card.next, "muted"))],
    ]
    if height > 2:
        owner = short(card.owner_name.partition(" ")[0], room // 3) + " "
        gap = max(1, room - cells(owner))
        company = card.company if card.company != card.title else ""
        lines.insert(1, [marks[2], (fit(company, gap - 1) + " ", "muted"), (owner, "muted")])
    return [_flat(line, size, chosen) for line in lines]


def _row(card: Card, value: str, room: int) -> list[tuple[str, str]]:
    """Return a card in one line, for narrow screens that list one stage."""
    tail = f" {value:>6} "
    words = fit(next_words(card, 10), 10)
    return [(fit(card.title, room - cells(tail) - 10), "text"), (tail, "muted"), (words, _LOOKS.get(card.next, ""))]


def _sign_look(sign: str) -> str:
    return {"*": "mark", "~": "rotting"}.get(sign, "text")


def _flat(line: list[tuple[str, str]], size: int, chosen: bool) -> Line:
    """Return the line with one look throughout where the cursor is: signs stay readable, and few bytes are sent."""
    if not chosen:
        return tuple(line)
    return ((fit("".join(text for text, _ in line), size), "cursor"),)


def group_lines(head: Heading, size: int, *, chosen: bool, height: int) -> list[Line]:
    """Return the head of a group, as tall as a card: its title, how many cards it has and what they add up to."""
    sign = ">" if chosen else "+" if head.folded else "─"
    look = "cursor" if chosen else "head"
    if height == 1:
        return [((fit(f"{sign} {head.title} ({head.count}) {head.total_text}", size), look),)]
    count = f"({head.count})"
    title = f"{sign}{short(head.title, max(1, size - 2 - len(count)))} {count}"
    folded = "folded" if head.folded else ""
    below = f" {head.total_text} {folded}".rstrip()
    made: list[Line] = [((fit(title, size), look),), ((fit(below, size), look if chosen else "muted"),)]
    return made + [()] * (height - 2)


def heading_lines(column: Column, size: int, *, chosen: bool, target: bool = False) -> list[Line]:
    """Return the heading of a stage; as the `target` of a card that is dragged it stands out."""
    room = size - 1
    sign = (">", "key") if chosen else (" ", "text")
    return [
        ((fit(f"+{column.name}", size), "cursor"),) if target else (sign, (fit(column.name, room), "head")),
        ((fit(f" {column.count} · {column.total_text}", size), "text"),),
        ((fit(f" w {column.weighted_text}", size), "muted"),),
        (("═" * size if chosen else "─" * size, "key" if chosen else "rule"),),
    ]


def stage_row(names: list[tuple[str, int]], chosen: int, size: int) -> Line:
    """Return one line with every stage and its count, for screens that show only some of them."""
    room = max(3, (size - 1) // max(1, len(names)) - 1)
    spans: list[tuple[str, str]] = [(" ", "text")]
    for at, (name, count) in enumerate(names):
        number = str(count)
        text = f"{short(name, max(1, room - len(number) - 1))} {number}"
        spans.append((text, "cursor" if at == chosen else "muted"))
        spans.append((" ", "text"))
    return tuple(spans)
