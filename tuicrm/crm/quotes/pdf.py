"""A quote as a PDF, set by fpdf2, which is loaded only here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.errors import Invalid, TuicrmError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from fpdf import FPDF

    from tuicrm.crm.quotes.fonts import Fonts
    from tuicrm.crm.quotes.paper import Paper

MARGIN = 20
LINE = 5.5
SMALL, NORMAL, LARGE = 8, 10, 16
OWN = "helvetica"
_FIRST = 50
"""Millimetres that the names of items get at least."""


class NoPdf(TuicrmError):
    """The library that makes PDFs is not installed."""

    code = "no_pdf"


def pdf(paper: Paper, env: Mapping[str, str], made: datetime) -> tuple[bytes, tuple[str, ...]]:
    """Return a quote as a PDF, and what is not right in it, a sentence each."""
    try:
        import fpdf  # noqa: F401
    except ImportError:
        raise NoPdf(
            "PDFs are made by fpdf2, which is not installed",
            hint="pip install 'tuicrm[pdf]' adds it; --format html makes a page that any browser prints to a PDF.",
        ) from None
    from tuicrm.crm.quotes.fonts import VARIABLE, fonts_for, is_joined, scripts

    text = paper.texts()
    fonts = fonts_for(text, env)
    warnings = []
    if fonts.missing:
        shown = "".join(fonts.missing[:20])
        warnings.append(
            f"the PDF has ? for {shown} ({scripts(fonts.missing)}): no font here has them; {VARIABLE} names one"
        )
    if is_joined(text) and fonts.regular is not None and not _can_shape():
        warnings.append("the PDF does not join letters or turn lines as Arabic and Hebrew do: uharfbuzz is missing")
    return _set(paper, fonts, made, joined=is_joined(text)), tuple(warnings)


def _can_shape() -> bool:
    from importlib.util import find_spec

    return find_spec("uharfbuzz") is not None


def _set(paper: Paper, fonts: Fonts, made: datetime, *, joined: bool) -> bytes:
    sheet = _blank(paper, fonts)
    sheet.set_creation_date(made)
    sheet.set_title(paper.heading)
    sheet.set_margins(MARGIN, MARGIN, MARGIN)
    sheet.set_auto_page_break(True, MARGIN)
    if joined and fonts.regular is not None and _can_shape():
        sheet.set_text_shaping(True)
    show = _shower(fonts)
    sheet.add_page()
    _lines(sheet, [show(one) for one in paper.seller], align="R", size=SMALL)
    sheet.ln(LINE)
    _lines(sheet, [show(one) for one in paper.recipient])
    sheet.ln(2 * LINE)
    _lines(sheet, [show(paper.heading)], size=LARGE, bold=True)
    sheet.ln(LINE / 2)
    _lines(sheet, [show(f"{name}: {value}") for name, value in paper.facts])
    sheet.ln(LINE)
    try:
        _table(sheet, [[show(cell) for cell in row] for row in (paper.heads, *paper.rows)])
    except ValueError:
        # The library says so of a row that fits on no page.
        raise Invalid(
            "items: the name of one takes more than a page, which a PDF cannot show",
            field="items",
            hint="A shorter name would do; --format html, md and text show any.",
        ) from None
    sheet.ln(LINE / 2)
    _sums(sheet, [(show(name), show(value)) for name, value in paper.sums])
    sheet.ln(2 * LINE)
    _lines(sheet, [show(one) for one in paper.terms])
    return bytes(sheet.output())


def _blank(paper: Paper, fonts: Fonts) -> FPDF:
    from fpdf import FPDF

    class Sheet(FPDF):
        """A page with its number at the foot."""

        def footer(self) -> None:
            """Write the number of the page."""
            self.set_y(-MARGIN + LINE)
            self.set_font(family, size=SMALL)
            self.cell(0, LINE, f"{heading}, page {self.page_no()}", align="C")

    sheet = Sheet(format="A4")
    heading = _shower(fonts)(paper.heading)
    family = OWN
    if fonts.regular is not None:
        family = "own"
        sheet.add_font(family, "", fonts.regular)
        sheet.add_font(family, "B", fonts.bold or fonts.regular)
        for at, path in enumerate(fonts.others):
            sheet.add_font(f"other{at}", "", path)
        if fonts.others:
            sheet.set_fallback_fonts([f"other{at}" for at in range(len(fonts.others))], exact_match=False)
    sheet.set_font(family, size=NORMAL)
    return sheet


def _shower(fonts: Fonts) -> Callable[[str], str]:
    """Return what makes a text one that the fonts have: what none of them has becomes a question mark."""
    gone = dict.fromkeys(map(ord, fonts.missing), "?")

    def shown(text: str) -> str:
        text = text.translate(gone)
        # The PDF's own font has no blanks or invisible signs beyond Latin-1 either, and raises for them.
        return text if fonts.regular is not None else "".join(_latin(one) for one in text)

    return shown


def _latin(one: str) -> str:
    return one if ord(one) < 256 else " " if one.isspace() else "?"


def _lines(sheet: FPDF, lines: Sequence[str], *, align: str = "L", size: int = NORMAL, bold: bool = False) -> None:
    sheet.set_font(style="B" if bold else "", size=size)
    height = LINE * size / NORMAL
    for line in lines:
        if line:
            sheet.multi_cell(0, height, line, align=align, new_x="LMARGIN", new_y="NEXT")
        else:
            sheet.ln(height)
    sheet.set_font(style="", size=NORMAL)


def _table(sheet: FPDF, rows: Sequence[Sequence[str]]) -> None:
    figures = len(rows[0]) - 1
    sheet.set_font(style="B")
    others = [max(map(sheet.get_string_width, column)) + 6 for column in list(zip(*rows, strict=True))[1:]]
    # Figures are never broken over lines: where they take too much room, the whole table is set smaller.
    share = min(1.0, (sheet.epw - _FIRST) / sum(others))
    others = [one * share for one in others]
    sheet.set_font(style="", size=NORMAL * share)
    widths = (sheet.epw - sum(others), *others)
    with sheet.table(
        col_widths=widths,
        line_height=LINE * share,
        text_align=("LEFT", *["RIGHT"] * figures),
        borders_layout="HORIZONTAL_LINES",
        padding=1,
    ) as table:
        for cells in rows:
            row = table.row()
            for cell in cells:
                row.cell(cell)
    sheet.set_font(style="", size=NORMAL)


def _sums(sheet: FPDF, sums: Sequence[tuple[str, str]]) -> None:
    if sheet.will_page_break(LINE * len(sums)):
        sheet.add_page()
    sheet.set_font(style="B")
    room = max(sheet.get_string_width(value) for _, value in sums) + 6
    for at, (name, value) in enumerate(sums, 1):
        sheet.set_font(style="B" if at == len(sums) else "")
        sheet.cell(sheet.epw - room, LINE, name, align="R")
        sheet.cell(room, LINE, value, align="R", new_x="LMARGIN", new_y="NEXT")
    sheet.set_font(style="")
