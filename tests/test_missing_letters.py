"""Letters that no typeface has are told and printed as boxes; letters with signs keep them."""

from __future__ import annotations

import io
import unicodedata
from typing import Literal

import pikepdf
import pypdfium2
import pytest
from conftest import BODY_LINE, Desk

from triptych.diagnostics import Diagnostic
from triptych.press import build
from triptych.render.box_face import BOX_FAMILY, box_face
from triptych.render.typesetter.to_unicode import Clusters
from triptych.text import as_drawn, from_plain

ARROW = "\N{MODIFIER LETTER RAISED UP ARROW}"
PRIVATE = "\ueada"
CUNEIFORM = "\N{CUNEIFORM SIGN A}"
HIEROGLYPH = "\N{EGYPTIAN HIEROGLYPH A001}"
PAPER = f"""\
# The {ARROW} in a heading

The sound {ARROW} is heard.^[A note with {ARROW} and க.] *Emphasis {ARROW}*, `code {ARROW}`.

~~~
fenced {PRIVATE} code
~~~

| One | Two |
|---|---|
| {ARROW} | {CUNEIFORM} |

As said [@doe2000].
"""
WORKS = f"""
@book{{doe2000,
  author = {{Doe, Jo}},
  title = {{The {HIEROGLYPH} of old}},
  year = {{2000}},
}}
"""


def glyph_warnings(told: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [one for one in told if one.code == "glyph-missing"]


def copied(pdf: bytes) -> str:
    """The text of all pages, as a reader copies it."""
    pages = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_bounded() for page in pages)


def test_a_paper_with_letters_of_no_typeface_is_built_and_proven(desk: Desk) -> None:
    desk.put("works.bib", WORKS)
    built = build(desk.paper(PAPER, bibliography="works.bib"), out=desk.folder / "out")
    assert built.collation.passed
    told = {one.message.split(" character ")[1][0]: one for one in glyph_warnings(built.warnings)}
    assert set(told) == {
        ARROW,
        "க",
        PRIVATE,
        "\N{CUNEIFORM SIGN A}",
        "\N{EGYPTIAN HIEROGLYPH A001}",
    }
    arrow = told[ARROW]
    assert (arrow.line, arrow.column, arrow.severity) == (BODY_LINE, 7, "warning")
    lines = [int(place.split(":")[-2]) for place in arrow.places]
    assert lines == [BODY_LINE + 2] * 4 + [BODY_LINE + 10]
    assert "of private use" in told[PRIVATE].message
    old = told[HIEROGLYPH]
    assert (old.file.endswith("works.bib"), old.line) == (True, 2)


def test_a_box_is_printed_by_a_typeface_of_boxes(desk: Desk) -> None:
    build(desk.paper(f"So {ARROW} is.\n"), out=desk.folder / "out", formats=["html", "pdf"])
    data = (desk.folder / "out" / "paper.pdf").read_bytes()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        fonts = [font for page in pdf.pages for font in page.Resources.get("/Font", {}).values()]
        names = {str(font.BaseFont) for font in fonts}
        # An encoding of its own would mean that letters are shown by the sign for missing ones.
        assert {str(font.Encoding) for font in fonts} == {"/Identity-H"}
    assert any(BOX_FAMILY.replace(" ", "-") in name for name in names)
    assert f"So {ARROW} is." in copied(data).replace("\r\n", "")


def test_the_same_letters_make_the_same_boxes() -> None:
    assert box_face(ARROW) == box_face(ARROW)


def test_what_is_told_of_a_source_is_told_where_the_proof_fails_too(
    desk: Desk, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from triptych.cli import main

    # A design that names the text's colour as that of its ground fails the proof.
    monkeypatch.setattr("triptych.render.pdf.pages.stylesheet", lambda *_: "body {color: white}")
    paper = desk.paper(f"So {ARROW} is.\n")
    assert main(["build", str(paper), "--out", str(desk.folder / "out")]) == 3
    told = capsys.readouterr().err
    assert f"paper.md:{BODY_LINE}:4: warning: no typeface" in told
    assert "[hidden]" in told


ALPHABETS = {
    "Navajo": "Diné bizaad: ą́, shą́į́ʼ, tłę́ę́ʼ, Į́ and *į́*, **į́**",
    "Navajo beside Turkish": "shą́į́ʼ, ışık, Iğdır, *į́ and ı*",
    "Lithuanian": "ė̃ i̇́ i̇̀ ą̃ ū́ m̃ r̃ l̃ į̃ j̇̃",
    "Yoruba": "ẹ̀ ọ́ ṣ n̄ Ẹ̀ ń ǹ",
    "Vietnamese": "ế ậ ữ Tiếng Việt",
    "Ukrainian with stress": "мі́сто ї́жа си́ла, and Latin í",
    "Livonian, Skolt Sami": "ȭ ʒ́ ǯ",
    "Guarani, Marshallese": "g̃ ỹ ẽ ļ n̄",
    "Sanskrit": "ṛ́ ā́ m̐",
}


@pytest.mark.parametrize("language", ALPHABETS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_with_several_signs_are_the_same_in_all_editions(
    language: str, form: Literal["NFC", "NFD"], desk: Desk
) -> None:
    words = unicodedata.normalize(form, ALPHABETS[language])
    built = build(desk.paper(f"So: {words}.\n"), out=desk.folder / "out", formats=["html", "pdf"])
    assert built.collation.passed


def test_an_i_under_an_accent_is_copied_as_an_i(desk: Desk) -> None:
    build(desk.paper("So shą́į́ʼ is.\n"), out=desk.folder / "out", formats=["pdf"])
    text = copied((desk.folder / "out" / "paper.pdf").read_bytes())
    assert "So shą" in text
    assert "ı" not in text


def test_clusters_give_each_glyph_the_text_that_it_is_a_part_of() -> None:
    left, right = Clusters(), Clusters()
    for glyph, text in ((1, "a"), (2, ""), (3, "į́"), (1, "a")):
        left[glyph] = text
    assert left.met == {1: {"a"}, 2: {"į́"}, 3: {"į́"}}
    for glyph, text in ((3, "שָׁ"), (2, ""), (1, ""), (4, "ל")):
        right[glyph] = text
    assert right.met == {3: {"שָׁ"}, 2: {"שָׁ"}, 1: {"שָׁ"}, 4: {"ל"}}


def test_on_a_page_an_i_under_an_accent_has_no_dot_to_tell_it_by() -> None:
    def drawn(text: str) -> str:
        return as_drawn(from_plain(text)).letters

    assert drawn("ı\u0301") == drawn("i\u0301") == drawn("\u0456\u0301")
    assert drawn("ı\u0328\u0301") == drawn("i\u0328\u0301")
    assert drawn("ı") != drawn("i")
    assert drawn("ı\u0323") != drawn("i\u0323")  # a dot below leaves the one above
