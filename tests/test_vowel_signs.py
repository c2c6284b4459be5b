"""Vowel signs of Arabic and Devanagari stand on their letters and are read with them."""

from __future__ import annotations

import itertools

import pypdfium2
import pytest
from conftest import Desk

from triptych.press import build
from triptych.render.typesetter.weasyprint import typeset
from triptych.witness.pdf.reader import read_pdf

WORDS = {
    "one word": "نَصٌّ",
    "a sign within a ligature": "عَرَبِيٌّ نَبِيّ فِي بَيْتِي",
    "the name of God": "بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ",
    "a superscript alef": "هٰذَا رَحْمٰن",
    "lam and alef": "لَا لاَ الْإِسْلَامِيّ الصَّلَاةُ الْآنَ",
    "without signs": "نبي في بي تي لي مي لجنة محمد",
    "a sign on the last letter": "كُتُبٌ كِتَابًا مُحَمِّد",
    "Persian and Urdu": "کتابِ محمّد پَکَّا ہے",
    "Hebrew points": "שָׁלוֹם עֲלֵיכֶם",
}
FORMS = {
    "bare": "So {}, he said.",
    "in its language": "So [{}]{{lang=ar dir=rtl}}, he said.",
    "emphasised": "So *emphasis {}* and **strong {}** is.",
    "in a note": "So.^[As {} is.]",
    "a paragraph": "::: {{lang=ar}}\n{0} {0} {0} {0} {0} {0} {0} {0} {0} {0} {0} {0}.\n:::",
}


def test_words_with_signs_are_proven_wherever_they_stand(desk: Desk) -> None:
    pairs = itertools.product(FORMS.values(), WORDS.values())
    paper = desk.paper("\n\n".join(form.format(words, words) for form, words in pairs))
    assert build(paper, out=desk.folder / "out").collation.passed


def test_signs_are_read_with_their_letters_from_the_page(desk: Desk) -> None:
    build(desk.paper("So [عَرَبِيٌّ]{lang=ar}.\n"), out=desk.folder / "out", formats=["pdf"])
    data = (desk.folder / "out" / "paper.pdf").read_bytes()
    assert "عَرَبِيٌّ" in read_pdf(data).article.text.plain


DEVANAGARI = """लोगों के पत्रों में कर्मों के, धर्मो और वर्षों, नौकाओं हौं बातों कों सोंठ क्यों माँ मोँ कौँ पैं में,
विदाई भाइयों ऐसा ऐंठ ईंट, ऑफ़िस कॉलेजों डॉक्टरों हर्ष र्कि दुर्गों निर्णयों दर्रे दर्रों ऊँचे सर्वे पूर्वी तर्कैं मूर्ति"""


def test_devanagari_is_proven_in_every_face(desk: Desk) -> None:
    words = " ".join(DEVANAGARI.split())
    body = (
        f"# {words}\n\n{words} **{words}** *{words}* ***{words}***\n\n| {words} |\n|---|\n| a |\n"
    )
    paper = desk.paper(body, f"title: {words}\nlang: hi\n")
    assert build(paper, out=desk.folder / "out").collation.passed


def test_an_eyelash_is_read_where_it_stands(desk: Desk) -> None:
    paper = desk.paper("ट्रक, र्\u200dय और दर्\u200dया, र्\u200dहास पर्व।\n", "lang: hi\n")
    built = build(paper, out=desk.folder / "out", formats=["pdf"])
    assert built.collation.passed


JOINERS = (
    "पक्\u200dका भक्\u200dति विद्\u200cया श्री\u200cमान् श्रीमान्\u200c र्\u200dय र्\u200dहास दर्\u200dया,"
)


@pytest.mark.parametrize(
    "marks", ["{}", "*{}*", "**{}**", "***{}***", "[{}]{{.smallcaps}}", "^{}^"]
)
def test_joiners_and_what_they_shape_are_read_in_every_face(marks: str, desk: Desk) -> None:
    words = " और ".join(marks.format(word) for word in JOINERS.split())
    paper = desk.paper(f"{words}।\n\n{marks.format(JOINERS)}\n", "lang: hi\n")
    assert build(paper, out=desk.folder / "out").collation.passed


def test_a_link_covers_the_signs_that_hang_over_its_end(desk: Desk) -> None:
    paper = desk.paper("# घाट {#ghat}\n\nयह [नाविकों](#ghat) ने [दोनों](#ghat)को।\n", "lang: hi\n")
    assert build(paper, out=desk.folder / "out", formats=["pdf"]).collation.passed


PAGE = """
    @page { size: 90mm 90mm; margin: 5mm }
    body { margin: 0; font: 9pt "Source Serif 4", "Markazi Text"; text-align: justify }
"""


def boxes(markup: str) -> list[tuple[float, ...]]:
    """Left, bottom, right and top of each letter on a page of 90 mm, in points."""
    page = f'<html lang="en"><head><title>T</title></head><body><main>{markup}</main></body></html>'
    text = pypdfium2.PdfDocument(typeset(page, PAGE).pdf)[0].get_textpage()
    return [
        text.get_charbox(number)
        for number in range(text.count_chars())
        if not text.get_text_range(number, 1).isspace()
    ]


@pytest.mark.parametrize("language", ["fa", "en", "ur"])
def test_a_shadda_with_a_vowel_stands_on_its_letter_in_every_language(language: str) -> None:
    def drawn(language: str) -> list[tuple[float, ...]]:
        return sorted(boxes(f'<p lang="{language}">مُحَمَّدٌ</p>'))

    assert drawn(language) == [pytest.approx(box, abs=0.1) for box in drawn("ar")]


def test_a_line_with_words_from_the_right_ends_where_its_paragraph_does() -> None:
    words = "ordinary words of a line and <i>the الصَّلَاةُ وَمِمَّا رَزَقْنَاهُمْ</i> in it, " * 12
    edge = (90 - 5) / 25.4 * 72
    ends = [
        after
        for after, next_ in itertools.pairwise(boxes(f"<p>{words}</p>"))
        if next_[0] < after[0] - 100
    ]
    assert len(ends) > 5
    assert [end[2] for end in ends] == [pytest.approx(edge, abs=1)] * len(ends)
