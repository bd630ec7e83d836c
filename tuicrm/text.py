"""The only door from data to a terminal: what could steer it, reorder a line or hide is shown as a symbol."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from tuicrm.folding import fold, nearest, slug

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["brief", "clean", "clean_line", "fold", "in_shell", "letters", "nearest", "pad", "slug", "truncate", "width"]

MAX_MARKS = 4
"""Combining marks kept on one base: enough for pointed Hebrew, too few to bury the lines around it."""

TAB = "    "
NEWLINE_SIGN = "⏎"

# Kinds of character, one letter each, so that a text becomes a string of kinds by one `translate`.
_PLAIN, _SHOWN, _MARK, _SCRIPT, _SCRIPT_MARK, _VIRAMA = ".", "x", "m", "s", "r", "V"
_EMOJI, _ZWJ, _ZWNJ, _SELECTOR, _IDEOGRAPH, _KEYCAP = "e", "j", "k", "v", "i", "c"
_CHOSEN = "E"  # an emoji with its selector: takes no second one, but a joiner

_JOINER_SCRIPTS = (
    (0x0600, 0x08FF),  # Arabic, Syriac, Thaana, N'Ko and their extensions
    (0x0900, 0x0DFF),  # Devanagari to Sinhala
    (0x0F00, 0x109F),  # Tibetan, Myanmar
    (0x1700, 0x1CFF),  # Philippine scripts, Khmer, Mongolian, Tai, Balinese, Vedic
    (0xA800, 0xABFF),  # Syloti Nagri to Meetei Mayek
    (0xFB50, 0xFDCF),  # Arabic presentation forms
    (0xFE70, 0xFEFC),
    (0x10A00, 0x10FFF),
    (0x11000, 0x11FFF),
    (0x1E900, 0x1E95F),
)
_EMOJI_BLOCKS = (
    (0xA9, 0xA9),
    (0xAE, 0xAE),
    (0x203C, 0x203C),
    (0x2049, 0x2049),
    (0x20E3, 0x20E3),
    (0x2122, 0x2122),
    (0x2139, 0x2139),
    (0x2190, 0x21FF),
    (0x2300, 0x23FF),
    (0x24C2, 0x24C2),
    (0x25A0, 0x27BF),
    (0x2900, 0x297F),
    (0x2B00, 0x2BFF),
    (0x3030, 0x3030),
    (0x303D, 0x303D),
    (0x3297, 0x3299),
    (0x1F000, 0x1FAFF),
)
_IDEOGRAPH_BLOCKS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFD))
_INVISIBLE_BLOCKS = (
    (0x034F, 0x034F),  # combining grapheme joiner
    (0x115F, 0x1160),  # Hangul fillers
    (0x17B4, 0x17B5),
    (0x180E, 0x180E),
    (0x2028, 0x2029),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFDD0, 0xFDEF),  # noncharacters
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0xE0000, 0xE00FF),  # tag characters
    (0xE01F0, 0xE0FFF),
)
_SELECTOR_BLOCKS = ((0x180B, 0x180D), (0x180F, 0x180F), (0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
_VISIBLE_FORMAT = frozenset({*range(0x0600, 0x0606), 0x06DD, 0x070F, 0x0890, 0x0891, 0x08E2, 0x110BD, 0x110CD})


def brief(text: str, most: int = 800) -> str:
    """Return a message without the middle of a value that would fill the screen."""
    return text if len(text) <= most else f"{text[: most * 3 // 4]} … {text[-most // 4 :]}"


def in_shell(text: str) -> str:
    """Return a word of data as a shell takes it: for commands in hints, which people copy."""
    from shlex import quote

    return quote(text)


def clean(text: str) -> str:
    """Return text of several lines that is safe to print: newlines stay, a tab becomes spaces, CR LF becomes LF."""
    if text.isascii() and text.isprintable():
        return text
    if "\t" in text or "\r" in text:
        text = text.replace("\r\n", "\n").replace("\t", TAB)
    if "\n" not in text:
        return _clean_one(text)
    return "\n".join([_clean_one(line) for line in text.split("\n")])


def clean_line(text: str) -> str:
    """Return text that is safe to print within one line: a newline becomes a visible sign, the rest as in `clean`."""
    if text.isascii() and text.isprintable():
        return text
    if "\n" in text:
        text = text.replace("\r\n", NEWLINE_SIGN).replace("\n", NEWLINE_SIGN)
    return _clean_one(text.replace("\t", TAB))


def letters(text: str) -> str:
    """Return a line that is safe to print, a character for each character: for what is edited in place."""
    if text.isascii() and text.isprintable():
        return text
    made: list[str] = []
    marks = 0
    for char, kind in zip(text, text.translate(_KINDS), strict=True):
        marks = marks + 1 if kind in "mrV" else 0
        made.append(_sign(char) if kind == _SHOWN else "\ufffd" if marks > MAX_MARKS else char)
    return "".join(made)


def width(text: str) -> int:
    """Return how many terminal cells a cleaned line takes: wide characters 2, marks and joined emoji 0."""
    if text.isascii():
        return len(text)
    cells = [ord(cell) - 48 for cell in text.translate(_CELLS)]
    if "\u200d" not in text and "\ufe0f" not in text:
        return sum(cells)
    return sum(_sequence_cells(text, cells))


def truncate(text: str, cells: int) -> str:
    """Return the text in at most `cells` cells, ending in an ellipsis when something was cut."""
    if text.isascii():
        return text if len(text) <= cells else text[: cells - 1] + "…" if cells > 0 else ""
    # A character may take no cell at all, so a long text is measured only as far as could matter.
    head = text[: max(cells, 0) * (MAX_MARKS + 1) + 4096]
    if len(head) == len(text) and width(text) <= cells:
        return text
    if cells < 1:
        return ""
    sizes = _sequence_cells(head, [ord(cell) - 48 for cell in head.translate(_CELLS)])
    used = end = 0
    for size in sizes:
        if used + size > cells - 1:
            break
        used += size
        end += 1
    return head[:end].rstrip("\u200d\u200c") + "…"


def pad(text: str, cells: int) -> str:
    """Return the text in exactly `cells` cells: cut with an ellipsis, or filled with spaces on the right."""
    text = truncate(text, cells)
    return text + " " * (cells - width(text))


def _clean_one(line: str) -> str:
    """Clean one line without newlines."""
    if line.isascii() and line.isprintable():
        return line
    kinds = line.translate(_KINDS)
    if kinds.strip(".siec") == "" or not _needs_care(kinds):
        return line
    return _rebuild(line, kinds)


def _needs_care(kinds: str) -> bool:
    """Tell whether anything but letters with a few marks occurs, so that the slow pass is needed."""
    if kinds[0] in "mrV" or any(kind in kinds for kind in "xjkv"):
        return True
    run = 0
    for kind in kinds:
        run = run + 1 if kind in "mrV" else 0
        if run > MAX_MARKS:
            return True
    return False


def _rebuild(line: str, kinds: str) -> str:
    """Copy the line character by character, with a symbol in place of what must not reach a terminal."""
    out: list[str] = []
    marks, before = 0, ""  # marks since the last base; the kind of what precedes
    for index, (char, kind) in enumerate(zip(line, kinds, strict=True)):
        if kind in "mrV":
            if not before:
                out.append("◌")
            marks += 1
            if marks > MAX_MARKS:
                if marks == MAX_MARKS + 1:
                    out.append("…")
                before = _PLAIN
                continue
            out.append(char)
        elif _must_show(line, kinds, index, before, marks):
            out.append(_symbol(char))
            marks, kind = (0 if kind == _SHOWN else marks), _PLAIN
        else:
            out.append(char)
            marks = marks if kind in "jkv" else 0
        before = _CHOSEN if kind == _SELECTOR and before == _EMOJI else kind
    return "".join(out)


def _must_show(line: str, kinds: str, index: int, before: str, marks: int) -> bool:
    """Tell whether the character at an index, no mark, is unsafe or an invisible one that spells nothing here."""
    kind = kinds[index]
    if kind == _SELECTOR:
        if line[index] in "\ufe0e\ufe0f":
            return before not in (_EMOJI, _KEYCAP)
        return before != (_SCRIPT if line[index] < "\u2000" else _IDEOGRAPH)
    if kind not in (_ZWJ, _ZWNJ):
        return kind == _SHOWN
    if before == _VIRAMA:
        return False
    after = kinds[index + 1 : index + 2]
    if before in (_SCRIPT, _SCRIPT_MARK):
        followed = after == _SCRIPT or (after in (_SCRIPT_MARK, _VIRAMA) and marks < MAX_MARKS)
        # A joiner after heh is the usual abbreviation of "hijri", also at the end of a word.
        return not followed and not (kind == _ZWJ and line[index - 1] == "ه")
    return not (kind == _ZWJ and before in (_EMOJI, _CHOSEN) and after == _EMOJI)


def _symbol(char: str) -> str:
    """Name an unsafe character visibly: a control picture for C0 and DEL, `<U+202E>` for the rest."""
    code = ord(char)
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"<U+{code:04X}>"


def _sign(char: str) -> str:
    """Stand in for an unsafe character with a single one."""
    return NEWLINE_SIGN if char == "\n" else _symbol(char) if ord(char) < 0x80 else "\ufffd"


def _within(blocks: tuple[tuple[int, int], ...], code: int) -> bool:
    index = bisect_right(blocks, (code, 0x110000)) - 1
    return index >= 0 and code <= blocks[index][1]


def _kind(code: int) -> str:
    """Say which kind of character a code point is."""
    if code < 0x80:
        if code in (0x23, 0x2A) or 0x30 <= code <= 0x39:
            return _KEYCAP
        return _PLAIN if 0x20 <= code < 0x7F else _SHOWN
    if code in (0x200C, 0x200D):
        return _ZWJ if code == 0x200D else _ZWNJ
    if _within(_SELECTOR_BLOCKS, code):
        return _SELECTOR
    if _within(_INVISIBLE_BLOCKS, code) or code & 0xFFFE == 0xFFFE:
        return _SHOWN
    import unicodedata  # not needed at all while the data is ASCII

    category = unicodedata.category(chr(code))
    if category in ("Cc", "Cf", "Cs"):
        return _SCRIPT if code in _VISIBLE_FORMAT else _SHOWN
    script = _within(_JOINER_SCRIPTS, code)
    if category in ("Mn", "Me"):
        if not script:
            return _MARK
        return _VIRAMA if unicodedata.combining(chr(code)) == 9 else _SCRIPT_MARK
    if script and category[0] in "LMN":
        return _VIRAMA if unicodedata.combining(chr(code)) == 9 else _SCRIPT
    if _within(_EMOJI_BLOCKS, code):
        return _EMOJI
    return _IDEOGRAPH if _within(_IDEOGRAPH_BLOCKS, code) else _PLAIN


def _cell_count(code: int) -> str:
    """Say how many cells a code point takes, as a digit; marks take none, as the TUI's toolkit counts them."""
    if code < 0x7F:
        return "1" if code >= 0x20 else "0"
    import unicodedata

    char = chr(code)
    category = unicodedata.category(char)
    if category in ("Mn", "Me", "Mc") or (category in ("Cf", "Cc") and code not in _VISIBLE_FORMAT):
        return "0"
    if 0x1160 <= code <= 0x11FF:
        return "0"
    return "2" if unicodedata.east_asian_width(char) in "WF" or 0x1FA70 <= code <= 0x1FAFF else "1"


def _sequence_cells(text: str, cells: list[int]) -> list[int]:
    """Adjust cells for emoji sequences: what a joiner joins takes none, a selector widens a narrow emoji."""
    kinds = text.translate(_KINDS)
    for index in range(1, len(text)):
        if text[index - 1] == "\u200d" and kinds[index] == _EMOJI:
            cells[index] = 0
        elif text[index] == "\ufe0f" and cells[index - 1] == 1 and kinds[index - 1] in (_EMOJI, _KEYCAP):
            cells[index] = 1
    return cells


class _Table(dict[int, str]):
    """A translation table that classifies a code point on first sight."""

    def __init__(self, classify: Callable[[int], str]) -> None:
        super().__init__()
        self._classify = classify

    def __missing__(self, code: int) -> str:
        found = self[code] = self._classify(code)
        return found


_KINDS = _Table(_kind)
_CELLS = _Table(_cell_count)
