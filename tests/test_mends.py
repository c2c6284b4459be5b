"""What is mended in WeasyPrint: each fault is there without its mend, and gone with it.

Where a test here fails because a fault is gone without its mend, a new version of WeasyPrint has
healed it: the mend can go.
"""

from __future__ import annotations

import base64
import ctypes
import inspect
import io
import subprocess
import sys
import tomllib
from base64 import b64encode
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from conftest import Desk

from triptych.cli import main
from triptych.diagnostics import MachineError
from triptych.render.typesetter import engine
from triptych.render.typesetter.weasyprint import load, typeset
from triptych.typefaces import math_face

load()  # before the mends, which import WeasyPrint
from weasyprint.layout import inline  # noqa: E402

from triptych.render.typesetter import mends  # noqa: E402

ROOT = Path(__file__).parents[1]
FONTS = '"Source Serif 4", "Noto Serif SC", "Markazi Text", "Noto Serif Hebrew"'
SMALL = f"""
    @page {{ size: 100px; margin: 0; @footnote {{ margin-top: 0 }} }}
    html {{ font: 10px/1 {FONTS}; orphans: 1; widows: 1 }}
    body {{ margin: 0 }}
    note {{ float: footnote; display: block }}
    note::footnote-call, note::footnote-marker {{ content: none }}
    a::after {{ content: target-counter(attr(href), page) }}
"""
"""Pages of ten lines each."""
LARGE = f"""
    @page {{ size: 90mm 90mm; margin: 5mm }}
    body {{ margin: 0; font: 9pt {FONTS} }}
    .justified {{ text-align: justify }}
"""
TEARING = f"{LARGE} body {{ overflow-wrap: break-word }}"
EDGES = (14.2, 240.9)
"""Left and right edge of the text of a large page, in points."""


def page(body: str, language: str = "en") -> str:
    direction = "rtl" if language in ("ar", "fa", "he") else "ltr"
    return (
        f'<html lang="{language}" dir="{direction}"><head><title>T</title></head>'
        f"<body><main>{body}</main></body></html>"
    )


def set_in(css: str, body: str, language: str = "en") -> bytes:
    return typeset(page(body, language), css).pdf


def words_on(pdf: bytes) -> list[list[str]]:
    """The words that can be seen on each page."""
    pages = pypdfium2.PdfDocument(pdf)
    return [each.get_textpage().get_text_bounded().split() for each in pages]


def lines_on(pdf: bytes) -> list[tuple[float, float]]:
    """Left and right edge of each line of the first page, as PDFium draws it, in points."""
    text = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    lines: dict[int, list[float]] = {}
    for number in range(text.count_chars()):
        left, _, right, _ = text.get_charbox(number, loose=True)
        x, y = ctypes.c_double(), ctypes.c_double()
        pdfium.FPDFText_GetCharOrigin(text, number, x, y)
        if not text.get_text_range(number, 1).isspace():
            lines.setdefault(round(y.value), []).extend((left, right))
    return [(min(edges), max(edges)) for edges in lines.values()]


def fill_their_paragraph(lines: list[tuple[float, float]]) -> bool:
    """Whether all lines but the last reach from edge to edge."""
    assert len(lines) > 4
    return all(line == pytest.approx(EDGES, abs=0.5) for line in lines[:-1])


def tagged(body: str) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(typeset(page(body), LARGE, {}).pdf))


def tags_of(pdf: pikepdf.Pdf) -> list[Any]:
    """The elements of the structure tree of a PDF."""
    return [
        item
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
    ]


def kinds(pdf: pikepdf.Pdf) -> list[str]:
    return [str(tag.S)[1:] for tag in tags_of(pdf)]


# --- The faults: each function tells whether it sees one ------------------------------------------


def a_note_longer_than_a_page_runs_off_it() -> bool:
    long = [f"n{number}" for number in range(200)]
    seen = words_on(set_in(SMALL, f"<p>Text<note>{' '.join(long)}</note></p>"))
    return not set(long) <= {word for words in seen for word in words}


def a_note_leaves_the_page_of_its_line() -> bool:
    lines = (f"<div>{'<br/>'.join(block)}</div>" for block in ("abcde", ["f{}", *"ghi"]))
    notes = "".join(f"<note>{number}</note>" for number in range(1, 5))
    css = SMALL.replace("orphans: 1; widows: 1", "") + "div { break-before: avoid }"
    seen = ["".join(words) for words in words_on(set_in(css, "".join(lines).format(notes)))]
    return not any("f" in words and set("1234") <= set(words) for words in seen)


def a_page_made_anew_loses_the_notes_that_came_to_it() -> bool:
    notes = "<note>first</note><note>second<br/>third</note>"
    blocks = ["abcdefg", [f"h{notes}"], [*"ijk", 'l<a href="#end"></a>'], *["mn"] * 5]
    lines = "".join(f"<div>{'<br/>'.join(block)}</div>" for block in blocks)
    seen = words_on(set_in(SMALL, f'{lines}<div id="end">z</div>'))
    return not {"first", "second", "third"} <= {word for words in seen for word in words}


def a_page_for_notes_alone_bears_no_head() -> bool:
    css = (
        SMALL
        + '@page { @top-left { content: "head" } } @page :blank { @top-left { content: none } }'
    )
    notes = "".join(f"<note>{'<br/>'.join([word] * 6)}</note>" for word in ("first", "second"))
    return not all("head" in words for words in words_on(set_in(css, f"<p>Text{notes}</p>")))


def a_table_loses_the_head_whose_note_has_no_room() -> bool:
    notes = [f"<note>{'<br/>'.join([word] * 6)}</note>" for word in ("first", "second")]
    tables = (
        f"<table><thead><tr><td>head{note}<br/>of<br/>three</td></tr></thead>"
        "<tbody><tr><td>cell</td></tr></tbody></table>"
        for note in notes
    )
    seen = words_on(set_in(SMALL, f"{next(tables)}<div>text</div>{next(tables)}"))
    with_head = ["head" in words for words in seen if "cell" in words]
    return with_head != [True, True]


def a_figure_is_parted_for_the_note_of_its_caption() -> bool:
    css = SMALL + "figure { margin: 0; break-inside: avoid } note { footnote-policy: line }"
    note = f"<note>{'<br/>'.join(['note'] * 8)}</note>"
    figure = f"<figure>picture<br/>drawn<div>caption{note}</div></figure>"
    return not any(
        "picture" in words and "caption" in words for words in words_on(set_in(css, figure))
    )


CHINESE = "天地玄黄，宇宙洪荒。日月盈昃，辰宿列张。寒来暑往，秋收冬藏。闰余成岁，律吕调阳。"
PERSIAN = (
    "چاپگران مشتریان خود را <em>خواننده</em> می‌نامیدند و سالی دو بار کتاب چاپ می‌کردند، Books نیز. "
)


def a_line_of_chinese_stays_ragged() -> bool:
    pdf = set_in(LARGE, f'<p class="justified">{CHINESE * 5}</p>', "zh")
    return not fill_their_paragraph(lines_on(pdf))


def a_line_of_persian_runs_over_the_edge() -> bool:
    pdf = set_in(LARGE, f'<p class="justified">{PERSIAN * 6}</p>', "fa")
    return not fill_their_paragraph(lines_on(pdf))


def a_line_of_hebrew_stands_beside_its_link() -> bool:
    body = f'<p id="x">א <a href="#x">{"ב" * 30} </a><em>{"ג" * 30}</em></p>'
    pdf = set_in(LARGE, body, "he")
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (link,) = opened.pages[0].Annots
        return float(link.Rect[0]) != pytest.approx(lines_on(pdf)[0][0], abs=0.5)


def a_glyph_of_a_letter_with_signs_stands_for_nothing() -> bool:
    with pikepdf.open(io.BytesIO(set_in(LARGE, "<p>שָׁלוֹם</p>", "he"))) as pdf:
        (font,) = pdf.pages[0].Resources.Font.values()
        return b"<>" in font.ToUnicode.read_bytes()


def a_letter_with_a_vowel_sign_joins_the_next_as_one_glyph() -> bool:
    with pikepdf.open(io.BytesIO(set_in(LARGE, "<p>بِيٌّ</p>", "ar"))) as pdf:
        (font,) = pdf.pages[0].Resources.Font.values()
        return b"<0628064a>" in font.ToUnicode.read_bytes()


def a_vowel_is_divided_before_a_nasal_sign() -> bool:
    (face,) = (ROOT / "styles" / "fonts").glob("noto-serif-devanagari-*-600-normal.woff2")
    data = f"data:font/woff2;base64,{b64encode(face.read_bytes()).decode()}"
    css = f"@font-face {{ font-family: D; font-weight: 600; src: url({data}) }} {LARGE}"
    body = "<p style='font: 600 9pt D'>लोगों का</p>"
    return "लोगां" in words_on(set_in(css, body, "hi"))[0]


NAMES = "Abelson Bergmann Cartwright Donaldson Eriksson Featherstone Lindqvist Hutchinson".split()


def a_name_in_a_bracket_is_torn() -> bool:
    cited = "; ".join(f"<a>{name}, 1981</a>" for name in NAMES * 6)
    words = {
        word.strip("(;,)")
        for words in words_on(set_in(TEARING, f"<p><i>({cited})</i></p>"))
        for word in words
    }
    return not words <= {*NAMES, "1981"}


def a_line_that_its_last_space_overfills_is_divided_early() -> bool:
    css = f"{TEARING} body {{ hyphens: auto }}"
    text = "harbour books of an old year that was it <i>incomprehensibilities</i>"
    widths = [180 + step / 2 for step in range(160)]  # of which some are just that of the line
    body = "".join(f'<p style="width: {width}px">{text}</p>' for width in widths)
    return any(word == "bour" for words in words_on(set_in(css, body)) for word in words)


def a_long_string_behind_italics_runs_off_the_page() -> bool:
    (words,) = words_on(set_in(TEARING, f"<p><i>x</i>{'0123456789' * 6}</p>"))
    return len(words) == 1


def code_and_figures_have_no_type() -> bool:
    found = kinds(tagged("<p>Some <code>code</code>.</p><figure><p>Text.</p></figure>"))
    return not {"Code", "Div"} <= set(found)


def a_paragraph_over_two_pages_is_two() -> bool:
    return kinds(tagged(f"<p>{'Words of a paragraph. ' * 200}</p>")).count("P") > 1


def italics_in_a_link_are_links() -> bool:
    pdf = tagged('<p id="x"><a href="#x">one <em>two</em></a></p>')
    holders = {
        str(tag.S)
        for tag in tags_of(pdf)
        for kid in tag.K
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    }
    return holders != {"/Link"}


def a_cell_after_one_that_spans_rows_names_another_head() -> bool:
    pdf = tagged(
        '<table><thead><tr><th scope="col">A</th><th scope="col">B</th></tr></thead><tbody>'
        '<tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr></tbody></table>'
    )
    heads = [str(tag.ID) for tag in tags_of(pdf) if tag.S == "/TH"]
    cells = [[str(head) for head in tag.A.Headers] for tag in tags_of(pdf) if tag.S == "/TD"]
    return cells != [[heads[0]], [heads[1]], [heads[1]]]


def a_foreign_word_does_not_tell_its_language() -> bool:
    pdf = tagged('<p>A <em lang="de">Wort</em></p>')
    return [str(tag.Lang) for tag in tags_of(pdf) if "/Lang" in tag] != ["de"]


def a_list_in_an_item_stands_behind_the_item() -> bool:
    pdf = tagged("<ul><li><p>one</p><ul><li><p>two</p></li></ul><p>three</p></li></ul>")
    outer = next(tag for tag in tags_of(pdf) if tag.S == "/L")
    return [str(kid.S) for kid in outer.K] != ["/LI"]


def a_fraction_is_a_row_of_letters() -> bool:
    fraction = "<mfrac><mn>1</mn><mn>2</mn></mfrac>"
    pdf = set_in(
        LARGE, f'<p><math xmlns="http://www.w3.org/1998/Math/MathML">{fraction}</math></p>'
    )
    return len(lines_on(pdf)) < 2


def drawn(inside: str) -> str:
    """A drawing of 100 px."""
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">{inside}</svg>'
    data = base64.b64encode(svg.encode()).decode()
    return f'<img alt="" style="width: 100px" src="data:image/svg+xml;base64,{data}"/>'


def painted(inside: str, x: int, y: int) -> str:
    """The colour at a point of a drawing of 100 px: `white`, or else whatever it has."""
    css = "@page{size:100px;margin:0}body{margin:0}img{width:100px;display:block}"
    pdf = set_in(css, drawn(inside))
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=96 / 72).to_pil().convert("RGB")
    return "white" if min(picture.getpixel((x, y))) > 250 else "coloured"


LEFT_HALF = '<rect width="50" height="100" fill="white"/>'


def a_group_is_drawn_without_its_mask() -> bool:
    mask = f'<mask id="m" maskUnits="userSpaceOnUse" width="100" height="100">{LEFT_HALF}</mask>'
    group = '<g mask="url(#m)"><rect width="100" height="100"/></g>'
    return painted(mask + group, 80, 50) == "coloured"


def a_mask_ends_before_its_shape() -> bool:
    mask = '<mask id="m"><rect width="100" height="100" fill="white"/></mask>'
    shape = '<rect x="50" y="50" width="40" height="40" mask="url(#m)"/>'
    return painted(mask + shape, 70, 70) == "white"


def a_clip_in_shares_leaves_nothing_of_a_circle() -> bool:
    clip = '<clipPath id="c" clipPathUnits="objectBoundingBox"><rect width="1" height="1"/>'
    shape = '<circle cx="50" cy="50" r="40" clip-path="url(#c)"/>'
    return painted(f"{clip}</clipPath>{shape}", 50, 50) == "white"


def a_clip_of_the_rule_evenodd_has_no_holes() -> bool:
    path = '<path clip-rule="evenodd" d="M0 0H100V100H0Z M30 30H70V70H30Z"/>'
    shape = '<rect width="100" height="100" clip-path="url(#c)"/>'
    return painted(f'<clipPath id="c">{path}</clipPath>{shape}', 50, 50) == "coloured"


def a_stroke_of_a_gradient_is_thin() -> bool:
    gradient = '<linearGradient id="g"><stop stop-color="red"/><stop offset="1"/></linearGradient>'
    line = '<path d="M10 20 L90 80" stroke="url(#g)" stroke-width="30"/>'
    return painted(gradient + line, 50, 60) == "white"


def a_pattern_begins_at_the_edge_of_its_shape() -> bool:
    pattern = '<pattern id="p" width="40" height="40" patternUnits="userSpaceOnUse">'
    shape = '<rect x="20" y="20" width="70" height="70" fill="url(#p)"/>'
    dot = '<rect width="20" height="40"/></pattern>'
    return painted(pattern + dot + shape, 50, 50) == "white"


def letters_of_a_drawing_run_from_the_left() -> bool:
    pdf = set_in(LARGE, drawn('<text>a <tspan font-family="Noto Serif Hebrew">שלום</tspan></text>'))
    found = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    letters = range(found.count_chars())
    at = {str(found.get_text_range(one, 1)): found.get_charbox(one)[0] for one in letters}
    return bool(at["ש"] < at["ם"])


def words_behind_hidden_ones_are_at_the_edge() -> bool:
    hidden = '<text x="50" y="50" visibility="hidden">no <tspan visibility="visible">yes</tspan>'
    ((left, _),) = lines_on(set_in(LARGE, drawn(f"{hidden}</text>")))
    return left < EDGES[0] + 50 * 72 / 96


SEEN: dict[tuple[str, str], Callable[[], bool]] = {
    ("footnotes", "long note"): a_note_longer_than_a_page_runs_off_it,
    ("footnotes", "moved note"): a_note_leaves_the_page_of_its_line,
    ("heads of tables", "lost head"): a_table_loses_the_head_whose_note_has_no_room,
    ("footnotes", "lost note"): a_page_made_anew_loses_the_notes_that_came_to_it,
    ("footnotes", "bare page"): a_page_for_notes_alone_bears_no_head,
    ("footnotes", "torn figure"): a_figure_is_parted_for_the_note_of_its_caption,
    ("justification", "ragged line"): a_line_of_chinese_stays_ragged,
    ("justification", "wrong width"): a_line_of_persian_runs_over_the_edge,
    ("vowel signs", "sign astray"): a_letter_with_a_vowel_sign_joins_the_next_as_one_glyph,
    ("vowel signs", "divided sign"): a_vowel_is_divided_before_a_nasal_sign,
    ("empty strings", "near glyphs"): a_line_of_chinese_stays_ragged,
    ("trailing space", "shifted line"): a_line_of_hebrew_stands_beside_its_link,
    ("line start", "torn word"): a_name_in_a_bracket_is_torn,
    ("line start", "torn line"): a_line_that_its_last_space_overfills_is_divided_early,
    ("line start", "long string"): a_long_string_behind_italics_runs_off_the_page,
    ("to unicode", "mute glyph"): a_glyph_of_a_letter_with_signs_stands_for_nothing,
    ("structure types", "no type"): code_and_figures_have_no_type,
    ("structure tree", "pieces"): a_paragraph_over_two_pages_is_two,
    ("structure tree", "link in link"): italics_in_a_link_are_links,
    ("structure tree", "wrong heads"): a_cell_after_one_that_spans_rows_names_another_head,
    ("structure tree", "no language"): a_foreign_word_does_not_tell_its_language,
    ("structure tree", "list astray"): a_list_in_an_item_stands_behind_the_item,
    ("drawings", "bare group"): a_group_is_drawn_without_its_mask,
    ("drawings", "cut mask"): a_mask_ends_before_its_shape,
    ("drawings", "lost circle"): a_clip_in_shares_leaves_nothing_of_a_circle,
    ("drawings", "filled hole"): a_clip_of_the_rule_evenodd_has_no_holes,
    ("drawings", "thin gradient"): a_stroke_of_a_gradient_is_thin,
    ("drawings", "shifted pattern"): a_pattern_begins_at_the_edge_of_its_shape,
    ("words of drawings", "loose letters"): letters_of_a_drawing_run_from_the_left,
    ("words of drawings", "hidden start"): words_behind_hidden_ones_are_at_the_edge,
    ("formulas", "letters in a row"): a_fraction_is_a_row_of_letters,
}
"""By mend and fault, the function that sees it."""

ALL = [(mend, fault) for mend in mends.MENDS for fault in mend.faults]


@pytest.mark.parametrize(("mend", "fault"), ALL, ids=[fault.name for _, fault in ALL])
def test_a_fault_is_there_without_its_mend_and_gone_with_it(
    mend: mends.Mend, fault: mends.Fault, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = SEEN[mend.name, fault.name]
    assert not seen(), "the mend does not mend it"
    monkeypatch.setattr(mends, "MENDS", [other for other in mends.MENDS if other is not mend])
    assert seen(), f"WeasyPrint has healed it: the mend `{mend.name}` can go"


def test_every_mend_says_what_is_wrong_and_where_that_is_reported() -> None:
    tracker = "https://github.com/Kozea/WeasyPrint/issues/"
    for mend in mends.MENDS:
        assert mend.faults, mend.name
        for fault in mend.faults:
            number = fault.reported.removeprefix(tracker)
            assert number == "not reported" or number.isdecimal(), fault.name


# --- The door -------------------------------------------------------------------------------------


def places() -> dict[str, Any]:
    """What stands at each place that is mended."""
    return {
        patch.place: getattr(patch.owner, patch.name)
        for mend in mends.MENDS
        for patch in mend.patches
        if patch.by is not None
    }


def test_nothing_is_mended_outside_the_door() -> None:
    before = places()
    with mends.mended():
        assert all(before[place] is not now for place, now in places().items())
    assert places() == before
    with pytest.raises(ZeroDivisionError), mends.mended():
        raise ZeroDivisionError
    assert places() == before


def test_what_a_child_class_overrides_is_in_the_table_too() -> None:
    listed = {patch.place for mend in mends.MENDS for patch in mend.patches}
    for patch in (patch for mend in mends.MENDS for patch in mend.patches):
        if inspect.isclass(patch.by):
            (original,) = patch.by.__bases__
            for name in vars(patch.by).keys() & vars(original).keys():
                if inspect.isfunction(vars(original)[name]) and name != "__init__":
                    assert f"{original.__module__}.{original.__name__}.{name}" in listed


def other_parameters(context: object, line: object) -> None:
    """A function of WeasyPrint as another version might have it."""


@pytest.mark.parametrize("change", ["other parameters", "gone"])
def test_a_mend_that_does_not_fit_is_told_with_what_to_install(
    change: str, desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if change == "gone":
        monkeypatch.delattr(inline, "justify_line")
    else:
        monkeypatch.setattr(inline, "justify_line", other_parameters)
    paper = desk.paper("Text.\n")
    assert main(["build", str(paper), "--to", "pdf", "--out", str(desk.folder / "out")]) == 70
    told = capsys.readouterr().err
    assert "the mend `justification` does not fit WeasyPrint 70.0" in told
    assert "weasyprint.layout.inline.justify_line " in told
    assert "pip install 'weasyprint==70.0'" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("found", ["69.2", "71.0", None])
def test_another_version_of_weasyprint_is_told_with_what_to_install(
    found: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def version(name: str) -> str:
        if found is None:
            raise metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(metadata, "version", version)
    with pytest.raises(MachineError, match=r"pip install 'weasyprint>=70,<71'") as raised:
        load()
    assert raised.value.exit == 70


WITHOUT_PANGO = """
import cffi
from triptych.diagnostics import MachineError
from triptych.render.typesetter.weasyprint import load

def find(ffi, name, flags=0):
    raise OSError(f"cannot load library {name}")

cffi.FFI.dlopen = find
try:
    load()
except MachineError as error:
    print(error)
"""


def test_libraries_that_are_missing_are_told_in_one_sentence() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PANGO], capture_output=True, text=True, check=True
    )
    told, install = done.stdout.splitlines()
    assert told.startswith("WeasyPrint cannot load Pango (cannot load library libgobject")
    assert "apt-get install libpango" in install
    assert not done.stderr


def test_the_package_asks_for_the_versions_that_the_mends_fit() -> None:
    asked = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["dependencies"]
    assert f"weasyprint{engine.FITS}" in asked


# --- The system's fonts ---------------------------------------------------------------------------

SET = """
import hashlib, sys
from triptych.render.typesetter.weasyprint import load, typeset
changed = []
def hear(event, _):
    if event in ("os.putenv", "os.unsetenv"):
        changed.append(event)

sys.addaudithook(hear)
load()
page = "<html lang='en'><head><title>T</title></head><body><p>Letters, ⨌.</p></body></html>"
done = typeset(page, "body { font-family: 'Source Serif 4', 'STIX Two Math' }")
from weasyprint.text.fonts import FontConfiguration, fontconfig
fonts = fontconfig.FcConfigGetFonts(FontConfiguration()._config, fontconfig.FcSetSystem)
print(hashlib.sha256(done.pdf).hexdigest(), fonts.nfont, len(changed))
"""
"""Set a page that has a sign for which the design has no face; tell what fonts the system has."""

CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>{}<cachedir>{}</cachedir></fontconfig>
"""


def set_beside(fonts: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Set a page in a process of its own, where the system has these `fonts`."""
    folder.mkdir()
    file = folder / "fonts.conf"
    file.write_text(CONFIGURATION.format(fonts, folder / "cache"), encoding="utf-8")
    monkeypatch.setenv("FONTCONFIG_FILE", str(file))
    done = subprocess.run(
        [sys.executable, "-c", SET], capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return done.stdout.split()


def test_fonts_of_the_system_stay_unseen_without_a_change_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = set_beside("", tmp_path / "few", monkeypatch)
    many = set_beside(f"<dir>{math_face().parent}</dir>", tmp_path / "many", monkeypatch)
    assert int(few[1]) == 0
    assert int(many[1]) > 0, "WeasyPrint itself sees fonts"
    assert few[0] == many[0]
    assert few[2] == many[2] == "0", "no variable was set"
