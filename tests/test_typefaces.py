"""Typefaces: which faces a text takes, and that the design has what the hard documents say."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

import pytest
from conftest import BODY_LINE, Desk
from fontTools.ttLib import TTFont

from triptych.design import STYLES_VARIABLE, styles_folder
from triptych.direction import direction, direction_of
from triptych.read.source import read_source
from triptych.render.web.page import render_web
from triptych.resolve.passes import resolve_source
from triptych.typefaces import Face, covered, faces_for, font_rules, math_face
from triptych.used_text import UsedText, used_text_in

DOCUMENTS = sorted((Path(__file__).parent / "documents").glob("*/paper.md"))
EVERYTHING = "".join(map(chr, range(0x20000)))
LEADING = ("zh", "zh-TW", "ja", "ko")
BOLD = {language: UsedText({language: EVERYTHING}, "", EVERYTHING) for language in LEADING}
FACES = tuple(
    dict.fromkeys(
        [
            *(face for used in BOLD.values() for face in faces_for(used)),
            *faces_for(UsedText({"en": "a"}, "a"), whole=True),
        ]
    )
)
"""Every face of the design, those for the web and the e-book first."""


def faces(text: str, language: str) -> tuple[Face, ...]:
    return faces_for(UsedText({language: text}))


def families(text: str, language: str) -> list[str]:
    return list(dict.fromkeys(face.family for face in faces(text, language)))


def rules(used: UsedText) -> str:
    return font_rules(faces_for(used), used, lambda face: face.path.name)


def test_a_latin_text_takes_the_house_faces_and_no_other() -> None:
    assert families("“A bridge” — or two…", "en") == ["Source Serif 4", "Source Sans 3"]


def test_code_has_a_face_of_its_own_where_there_is_any() -> None:
    page = "<p>Say <code>x &lt; 1</code></p><pre><code><b>y</b></code></pre>"
    used = used_text_in(page, "en")
    assert used.code == "x < 1y"
    assert [face.family for face in faces_for(used)][-1] == "Source Code Pro"


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Տպարան", "Noto Serif Armenian"),
        ("რკინიგზა", "Noto Serif Georgian"),
        ("المكتبة", "Markazi Text"),
        ("ספרייה", "Noto Serif Hebrew"),
        ("पुस्तक", "Tiro Devanagari Hindi"),
        ("หนังสือ", "Noto Serif Thai"),
        ("10⁻³ m, H⁺, x₋₁", "STIX Two Math Signs"),
    ],
)
def test_a_script_brings_its_family(text: str, family: str) -> None:
    assert families(f"A word: {text}", "en") == ["Source Serif 4", "Source Sans 3", family]


def test_of_the_chinese_faces_only_those_that_hold_the_characters_are_taken() -> None:
    taken = [face for face in faces("书", "en") if face.family.startswith("Noto Serif SC")]
    assert len(taken) == 1
    assert ord("书") in taken[0].characters


def test_quotation_marks_are_chinese_only_in_a_chinese_work() -> None:
    assert '--serif:"Source Serif 4","Noto Serif SC' in rules(UsedText({"en": "“书”"}))
    assert '--serif:"Noto Serif SC' in rules(UsedText({"zh-Hans": "“书”"}))


@pytest.mark.parametrize(
    ("language", "family"),
    [("ja", "JP"), ("ko", "KR"), ("zh-TW", "TC"), ("zh-Hant", "TC"), ("zh", "SC"), ("en", "SC")],
)
def test_chinese_characters_are_drawn_as_the_language_of_their_passage_has_them(
    language: str, family: str
) -> None:
    used = used_text_in(f'<p>Bones, <span lang="{language}">骨</span>, 书</p>', "en")
    css = rules(used)
    assert f"Noto Serif {family} " in "".join(face.family for face in faces_for(used))
    passage = re.search(rf'\[lang="{language}"\]\{{--serif:"Noto Serif {family} ', css)
    assert (passage is None) == (language == "en")
    assert ':root{--serif:"Source Serif 4","Noto Serif SC' in css


def test_a_passage_in_the_language_of_the_work_needs_no_rule_of_its_own() -> None:
    css = rules(used_text_in('<p>本<span lang="ja-JP">骨</span></p>', "ja"))
    assert "[lang=" not in css


def test_what_is_bold_brings_the_bold_of_its_script_and_no_other() -> None:
    page = "<h2>骨</h2><p>पुस्तक <strong>हिन्दी</strong> 书</p>"
    bold = {face.family: face for face in faces_for(used_text_in(page, "zh")) if face.weight == 600}
    scripts = [name for name in bold if not name.startswith("Source")]
    assert scripts[-1] == "Tiro Devanagari Hindi"
    assert all(face.characters & set(map(ord, "骨हिन्दी")) for name, face in bold.items()
               if name in scripts)  # fmt: skip


@pytest.mark.parametrize(
    "script", ["Armenian", "Georgian", "Hebrew", "Thai", "SC", "TC", "JP", "KR"]
)
def test_a_script_has_bold_for_all_that_it_has_in_roman(script: str) -> None:
    roman, bold = (
        frozenset().union(*(face.characters for face in FACES
                            if face.family.startswith(f"Noto Serif {script}")
                            and face.weight == weight))
        for weight in (400, 600)
    )  # fmt: skip
    assert roman
    assert roman == bold


def test_the_typesetter_takes_each_face_from_one_file() -> None:
    text = "A, Я, Ω, Տ, ა, م, ש, 书"
    found = faces_for(UsedText({"en": text}, bold=text), whole=True)
    names = [(face.family, face.weight, face.style) for face in found]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("face", FACES, ids=lambda face: face.path.name)
def test_a_face_has_the_characters_it_is_taken_for(face: Face) -> None:
    with TTFont(face.path, lazy=True) as font:
        assert face.characters <= set(font.getBestCmap())


def test_every_font_file_is_listed_and_comes_with_its_licence() -> None:
    folder = styles_folder() / "fonts"
    listed = {face.path for face in FACES} | {math_face()}
    assert {path for path in folder.iterdir() if path.suffix in (".woff2", ".ttf")} == listed
    licences = [path.stem.removeprefix("LICENSE-") for path in folder.glob("LICENSE-*.txt")]
    for name in (*(plain(path) for path in listed), plain(math_face())):
        assert any(name.startswith(plain(Path(licence))) for licence in licences), name


def plain(file: Path) -> str:
    """What a file is called, whatever its package makes of blanks and capitals."""
    return re.sub("[^a-z0-9]", "", file.stem.lower())


def test_another_design_may_be_named_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "tokens.css").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(STYLES_VARIABLE, "theme")
    assert styles_folder.__wrapped__() == tmp_path / "theme"


def test_a_script_that_no_face_has_is_not_covered() -> None:
    assert covered("a")
    assert covered("书")
    assert covered("가")
    assert not covered("க")


def test_a_sign_must_stand_in_the_same_face_as_its_letter() -> None:
    assert covered("e\u0301")
    assert covered("ɛ\u0303")
    assert not covered("书\u0303")


def test_accented_greek_is_set_in_one_face() -> None:
    assert '--serif:"Noto Serif Greek","Source Serif 4"' in rules(UsedText({"en": "ἄνθρωπος"}))
    assert "Noto Serif Greek" not in families("άνθρωπος", "el")


def test_a_character_brings_one_family_however_many_have_it() -> None:
    assert families("→", "en") == ["Source Serif 4", "Source Sans 3"]
    assert families("∀", "en") == ["Noto Sans Math Operators"]


def test_a_character_without_a_typeface_is_told_with_its_signs_and_its_line(desk: Desk) -> None:
    told = desk.mistakes(desk.paper("Words.\n\nMore, க and ɛ\u0303 and 书\u0303.\n"))
    lacking = [(item.code, item.line, item.message) for item in told]
    assert [line for _, line, _ in lacking] == [BODY_LINE + 2] * 2
    assert all(code == "glyph-missing" for code, _, _ in lacking)
    assert "U+0B95 TAMIL LETTER KA" in lacking[0][2]
    assert "COMBINING TILDE" in lacking[1][2]


@pytest.mark.parametrize("paper", DOCUMENTS, ids=lambda paper: paper.parent.name)
def test_every_character_of_the_hard_documents_is_covered(paper: Path) -> None:
    works = [file for file in paper.parent.iterdir() if file.stem == "refs"]
    text = "".join(file.read_text(encoding="utf-8") for file in (paper, *works))
    lacking = {c for c in text if not covered(c) and unicodedata.category(c)[0] != "C"}
    assert not lacking


@pytest.mark.parametrize(
    ("language", "way"),
    [("ar", "rtl"), ("he-IL", "rtl"), ("en-GB", "ltr"), ("az-Arab", "rtl"), ("ku-Latn", "ltr"),
     ("zh-Hans", "ltr"), ("", "ltr")],
)  # fmt: skip
def test_a_language_runs_as_its_script_does(language: str, way: str) -> None:
    assert direction(language) == way


@pytest.mark.parametrize(
    ("text", "way"),
    [("«الكتاب» 1852", "rtl"), ("1852: Books", "ltr"), ("ספר", "rtl"), ("1852", None)],
)
def test_a_text_runs_as_its_first_letter_does(text: str, way: str | None) -> None:
    assert direction_of(text) == way


def test_an_arabic_paper_runs_from_the_right_and_its_latin_entries_from_the_left() -> None:
    paper = Path(__file__).parent / "documents" / "arabic" / "paper.md"
    page = render_web(resolve_source(read_source(paper))[0]).decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert re.search(r'<div class="entry" id="ref-carter2010"[^>]* dir="ltr"', page)
    assert not re.search(r'<div class="entry" id="ref-haddad2005"[^>]* dir=', page)


@pytest.mark.parametrize("sign", ["℞", "‽"])
def test_a_sign_of_the_other_house_family_is_no_missing_glyph(desk: Desk, sign: str) -> None:
    assert not desk.mistakes(desk.paper(f"The sign {sign} alone.\n"))
    assert not covered(f"{sign}́")
