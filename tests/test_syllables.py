"""Devanagari: what a page shows from left to right is read in the order in which it is written."""

from __future__ import annotations

import pytest

from triptych.witness.pdf.devanagari import syllable_order
from triptych.witness.pdf.visibility import Glyph

HOOK = "र्"


def shown(*texts: str, eyelash: bool = False) -> list[Glyph]:
    """Glyphs side by side, each with what it says; r before others as a hook, or as an eyelash."""
    widths = [0.0 if text == HOOK and not eyelash else 9.0 for text in texts]
    return [
        Glyph(text, (10.0 * n, 0.0, 10.0 * n + width, 5.0), 10.0, 0, n, None, n, None)  # type: ignore[arg-type]  # no font
        for n, (text, width) in enumerate(zip(texts, widths, strict=True))
    ]


@pytest.mark.parametrize(
    ("glyphs", "read"),
    [
        (["न", "द", "ी"], "नदी"),
        (["ि", "क", "त", "ा", "ब"], "किताब"),
        (["ि", "स्", "थ", "र"], "स्थिर"),
        (["क", "म", "र्"], "कर्म"),
        (["म", "ू", "ि", "त", "र्"], "मूर्ति"),
        (["ह", "ष", "र्"], "हर्ष"),
        (["व", "ष्", "य", "ा", "र्"], "वर्ष्या"),
        (["ध", "ीर्"], "र्धी"),
        (["श", "ि", "क्ष", "क"], "शक्षिक"),
        (["ि", "प", "्र", "य"], "प्रिय"),
        (["ि", "द्व", "त", "ी", "य"], "द्वितीय"),
        (["ि", "क", " ", "ि", "त"], "कि ति"),
    ],
)
def test_signs_are_read_where_they_are_written(glyphs: list[str], read: str) -> None:
    assert "".join(glyph.text for glyph in syllable_order(shown(*glyphs))) == read


def test_an_eyelash_is_read_where_it_stands() -> None:
    glyphs = shown("द", HOOK, "य", "ा", eyelash=True)
    assert "".join(glyph.text for glyph in syllable_order(glyphs)) == "दर्या"


def test_a_sign_that_moves_stands_with_the_letters_it_belongs_to() -> None:
    ka, sign = syllable_order(shown("ि", "क"))
    assert (ka.text, sign.text) == ("क", "ि")
    assert sign.box == ka.box


def test_other_scripts_are_left_alone() -> None:
    glyphs = shown("fi", "n")
    assert syllable_order(glyphs) == glyphs
