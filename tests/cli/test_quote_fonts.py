"""PDFs of quotes that are set with care: a font for letters that need one, and figures that stay whole."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Shell

pytest.importorskip("fpdf")
HELD = "提案書"


def font(path: Path) -> Path:
    """Write a font that has ASCII and three signs of Chinese, all of them boxes."""
    from fontTools.fontBuilder import FontBuilder
    from fontTools.pens.ttGlyphPen import TTGlyphPen

    codes = {code: f"u{code:04X}" for code in (*range(32, 127), *map(ord, HELD))}
    names = [".notdef", *codes.values()]
    pen = TTGlyphPen(None)
    pen.moveTo((50, 0))
    for point in ((50, 700), (450, 700), (450, 0)):
        pen.lineTo(point)
    pen.closePath()
    box = pen.glyph()
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap(codes)
    made.setupGlyf(dict.fromkeys(names, box))
    made.setupHorizontalMetrics(dict.fromkeys(names, (500, 50)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": "Boxes", "styleName": "Regular"})
    made.setupOS2(sTypoAscender=800, sTypoDescender=-200)
    made.setupPost()
    made.save(path)
    return path


def test_chinese_goes_into_a_pdf_with_a_font_that_has_it(
    stocked: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TUICRM_PDF_FONT", str(font(tmp_path / "boxes.ttf")))
    monkeypatch.setattr("tuicrm.crm.quotes.fonts.FOLDERS", ())
    from pypdf import PdfReader

    stocked.ok("deal", "item", "add", "Acme renewal", "--name", HELD, "--price", "10")
    stocked.ok("quote", "add", "Acme renewal", "--recipient", "Acme")
    stocked.ok("quote", "print", "Q-2026-0001", "--out", str(tmp_path / "a.pdf"))
    assert "?" not in stocked.err
    assert HELD in PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    stocked.ok("deal", "item", "add", "Acme renewal", "--name", "見積", "--price", "10")
    stocked.ok("quote", "revise", "Q-2026-0001")
    stocked.ok("quote", "print", "Q-2026-0001/2", "--out", str(tmp_path / "b.pdf"))
    assert "the PDF has ? for 積見 (CJK): no font here has them" in stocked.err
    monkeypatch.setenv("TUICRM_PDF_FONT", str(tmp_path / "none.ttf"))
    assert stocked.run("quote", "print", "Q-2026-0001/2", "--out", str(tmp_path / "c.pdf")) == 5
    assert "there is no file" in stocked.err


def test_large_figures_are_not_broken_over_lines(stocked: Shell, tmp_path: Path) -> None:
    from pypdf import PdfReader

    item = ("deal", "item", "add", "Acme renewal", "--name", "Licences of the platform for three years")
    stocked.ok(*item, "--price", "123456789.99", "--quantity", "1234567", "--discount", "33.333", "--tax", "7")
    stocked.ok(*item, "--price", "1", "--tax", "19")
    stocked.ok("quote", "add", "Acme renewal")
    stocked.ok("quote", "print", "Q-2026-0001", "--out", str(tmp_path / "a.pdf"))
    text = PdfReader(tmp_path / "a.pdf").pages[0].extract_text()
    net = stocked.json("deal", "item", "list", "Acme renewal")[0]["net"]
    assert "123,456,789.99" in text
    assert text.count(f"{Decimal(net):,f}") == 2  # the line, and what its tax is on
