"""Drawings: the page of the PDF and the web page show the same picture, or the author is told.

Each drawing is painted from the PDF by PDFium, and from the web by Chromium. Both are blurred by
two pixels, since letters and edges fall between pixels otherwise, and may differ by TOLERANCE.
"""

from __future__ import annotations

import base64
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from conftest import BODY_LINE, Desk
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Raster
from PIL import ImageChops, ImageFilter, ImageStat
from playwright.sync_api import Page, sync_playwright

from triptych.design import design_file
from triptych.press import build
from triptych.render.typesetter.weasyprint import typeset
from triptych.resolve.svg.mend import mend
from triptych.resolve.svg.sanitize import sanitize_svg
from triptych.validators.chromium import chromium

TOLERANCE = 4.0
"""The mean difference of two pictures alike, of 255."""
WIDTH, HEIGHT = 300, 180
FACE = "Source Serif 4"


def drawing(inside: str, root: str = "") -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'viewBox="0 0 100 60" {root}>{inside}</svg>'
    ).encode()


def html(inside: str) -> str:
    """HTML in a drawing, as flow charts write it."""
    return (
        '<foreignObject x="5" y="5" width="56" height="40">'
        f'<div xmlns="http://www.w3.org/1999/xhtml" style="font:8px/1.2 \'{FACE}\'">{inside}</div>'
        "</foreignObject>"
    )


GRADIENT = '<linearGradient id="g"{}><stop offset="0" {}/><stop offset="1" {}/></linearGradient>'
PLAIN = ('stop-color="red"', 'stop-color="#00f"')
WIDE = '<rect x="2" y="2" width="96" height="50" fill="url(#g)"/>'
MASK = '<rect width="100" height="60" fill="white"/><circle cx="40" cy="30" r="15"/>'
PAIR = '<rect x="10" y="5" width="70" height="50" fill="teal"/><circle cx="50" cy="30" r="10"/>'
ARROW = '<marker id="m" viewBox="0 0 9 9" refX="5" refY="5" markerWidth="6" markerHeight="6" '
HEAD = '<path d="M0 0L9 5L0 9z"/></marker>'
TEXT = f'font-family="\'{FACE}\'" font-size="12"'

KINDS = {
    "rules": drawing("<style>.a{fill:#c00} #g > rect+rect{fill:green}</style><g id='g'>"
                     "<rect class='a' width='30' height='30'/><rect x='40' width='30' height='30'/>"
                     "</g>"),
    "rules for screens": drawing(
        "<style>@media screen{.a{fill:green}} @media (prefers-color-scheme:dark){.a{fill:red}}"
        "</style><rect class='a' fill='orange' width='60' height='40'/>"),
    "rules with a face from elsewhere": drawing(
        "<style>@font-face{font-family:X;src:url(x.woff)} .a{fill:teal}</style>"
        "<rect class='a' width='60' height='40'/>"),
    "variables": drawing(
        "<style>:root{--c:#c00;--d:var(--c)} .v{fill:var(--d)} .w{fill:var(--no, lime)}</style>"
        "<rect class='v' width='30' height='30'/><rect class='w' x='40' width='30' height='30'/>"),
    "variables in attributes": drawing(
        '<rect style="fill:var(--c)" width="30" height="30"/>'
        '<rect fill="var(--c)" x="40" width="30" height="30"/>', 'style="--c:#06c"'),
    "currentcolor": drawing('<rect stroke="currentcolor" fill="none" stroke-width="9" x="20" y="9" '
                            'width="60" height="40"/>', 'style="color:green"'),
    "entities": b'<!DOCTYPE svg [<!ENTITY n "http://www.w3.org/2000/svg"><!ENTITY c "#c00">]>'
                b'<svg xmlns="&n;" viewBox="0 0 100 60"><rect fill="&c;" width="60" height="40"/>'
                b"</svg>",
    "gradient": drawing(GRADIENT.format("", *PLAIN) + WIDE),
    "gradient by rules": drawing(
        "<style>.s{stop-color:red}.t{stop-color:blue;stop-opacity:.3}.r{fill:url(#g)}</style>"
        + GRADIENT.format("", 'class="s"', 'class="t"')
        + '<rect class="r" x="2" y="2" width="96" height="50"/>'),
    "gradient that is turned": drawing(
        GRADIENT.format(' gradientUnits="userSpaceOnUse" x1="0" x2="50" '
                        'gradientTransform="rotate(30)"', *PLAIN) + WIDE),
    "gradient that is slanted": drawing(
        GRADIENT.format(' gradientTransform="matrix(.5 .3 -.2 1 .1 0)"', *PLAIN) + WIDE),
    "gradient into nothing": drawing(
        GRADIENT.format("", 'stop-color="red"', 'stop-color="blue" stop-opacity="0"') + WIDE),
    "round gradient": drawing(
        GRADIENT.format("", *PLAIN).replace("linear", "radial")
        + '<ellipse cx="50" cy="30" rx="45" ry="25" fill="url(#g)"/>'),
    "gradient of a stroke": drawing(
        GRADIENT.format(' gradientUnits="userSpaceOnUse" x1="0" x2="100"', *PLAIN)
        + '<path d="M5 30 H95" stroke="url(#g)" stroke-width="20" fill="none"/>'),
    "symbol": drawing('<symbol id="s" viewBox="0 0 9 9"><circle cx="5" cy="5" r="4"/></symbol>'
                      '<use href="#s" x="10" y="8" width="20" height="20" fill="red"/>'),
    "symbol without a size": drawing(
        '<symbol id="s" viewBox="0 0 9 9"><circle cx="5" cy="5" r="4"/></symbol>'
        '<use href="#s" fill="red"/>'),
    "clip": drawing('<clipPath id="c"><circle cx="30" cy="30" r="20"/></clipPath>'
                    '<rect width="100" height="60" fill="orange" clip-path="url(#c)"/>'),
    "clip in shares": drawing(
        '<clipPath id="c" clipPathUnits="objectBoundingBox"><circle cx=".5" cy=".5" r=".4"/>'
        '</clipPath><circle cx="50" cy="30" r="28" fill="navy" clip-path="url(#c)"/>'),
    "clip with a hole": drawing(
        '<clipPath id="c"><path clip-rule="evenodd" d="M10 10h60v40h-60z M20 20h40v20h-40z"/>'
        '</clipPath><rect width="100" height="60" fill="orange" clip-path="url(#c)"/>'),
    "mask": drawing(f'<mask id="m">{MASK}</mask><rect x="10" y="5" width="70" height="50" '
                    'fill="teal" mask="url(#m)"/>'),
    "mask of a group": drawing(
        f'<mask id="m" maskUnits="userSpaceOnUse" x="0" y="0" width="100" height="60">{MASK}</mask>'
        f'<g mask="url(#m)" transform="translate(5)">{PAIR}</g>'),
    "pattern": drawing(
        '<pattern id="p" width="10" height="10" patternUnits="userSpaceOnUse"><circle cx="5" '
        'cy="5" r="3" fill="red"/></pattern><rect x="8" y="3" width="80" height="50" '
        'fill="url(#p)"/>'),
    "hatching": drawing(
        '<pattern id="p" width="12" height="12" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="12"/></pattern>'
        '<rect x="5" y="5" width="80" height="50" fill="url(#p)"/>'),
    "arrow": drawing(f'{ARROW} orient="auto">{HEAD}<line x1="10" y1="10" x2="80" y2="40" '
                     'stroke="red" stroke-width="2" marker-end="url(#m)"/>'),
    "arrows of a polyline": drawing(
        f'<style>.l{{marker-end:url(#m);marker-start:url(#m);stroke:#06c;stroke-width:3;fill:none}}'
        f'</style>{ARROW} orient="auto-start-reverse">{HEAD}'
        '<polyline class="l" points="15,40 40,20 60,40 80,20"/>'),
    "arrows of a curve": drawing(
        f'{ARROW} orient="auto">{HEAD}<path d="M20 45 Q50 0 75 45" stroke="red" fill="none" '
        'stroke-width="3" marker-start="url(#m)" marker-end="url(#m)"/>'),
    "words in HTML": drawing(html('<p style="text-align:center;margin:0">Wrapped <b>words</b> in a '
                                  'box</p>')),
    "a choice of languages": drawing(
        f'<switch><text systemLanguage="de" x="5" y="25" {TEXT}>Hafen</text>'
        f'<text systemLanguage="en" x="5" y="25" {TEXT}>Harbour</text></switch>'),
    "raised words": drawing(f'<text x="5" y="30" {TEXT}>H<tspan baseline-shift="sub" '
                            'font-size="8">2</tspan>O</text>'),
    "words on a curve": drawing(
        f'<path id="c" fill="none" d="M5,40 C30,5 70,5 95,40"/><text {TEXT}>'
        '<textPath href="#c">Along the coast</textPath></text>'),
    "words in capitals": drawing(f'<text x="5" y="30" {TEXT} '
                                 'style="text-transform:uppercase">upper</text>'),
    "the short form of a face": drawing(
        f"<text x='5' y='30' style='font: italic 14px \"{FACE}\"'>Short</text>"),
    "strokes that do not scale": drawing(
        '<g transform="scale(5)"><rect x="2" y="2" width="10" height="8" fill="none" stroke="#000" '
        'stroke-width="4" vector-effect="non-scaling-stroke"/></g>'),
    "ground": drawing('<rect x="20" y="10" width="20" height="20" fill="teal"/>',
                      'style="background:#fc6"'),
}  # fmt: skip

LOST = {
    "blur": (drawing('<filter id="b"><feGaussianBlur stdDeviation="2"/></filter>'
                     '<rect width="40" height="30" filter="url(#b)"/>'), "filter"),
    "shadow": (drawing('<rect width="40" height="30" style="filter:drop-shadow(2px 2px 2px)"/>'),
               "filter"),
    "blending": (drawing('<rect width="40" height="30" style="mix-blend-mode:multiply"/>'),
                 "blending"),
    "clip by CSS": (drawing('<rect width="40" height="30" style="clip-path:inset(10px)"/>'),
                    "clip"),
    "words that run down": (drawing('<text x="9" writing-mode="tb">a</text>'), "downwards"),
    "underlining": (drawing('<text y="9" text-decoration="underline">a</text>'), "lines under"),
    "a centre": (drawing('<rect width="9" height="9" style="transform:rotate(9deg);'
                         'transform-origin:center"/>'), "centre"),
    "a linked picture": (drawing('<image href="gone.png" width="9" height="9"/>'), "gone.png"),
    "a picture of the network": (drawing('<image href="https://example.org/a.png" width="9"/>'),
                                 "example.org"),
    "a picture in HTML": (drawing(html('<img src="x.png"/>words')), "<img>"),
    "a gradient again and again": (drawing(
        GRADIENT.format(' x2=".2" spreadMethod="reflect"', *PLAIN) + WIDE), "repetition"),
}  # fmt: skip


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        browser.close()


def on_the_web(svg: bytes, tab: Page) -> Raster.Image:
    faces = "".join(
        f'@font-face{{font-family:"{FACE}";font-style:{style};font-weight:{weight};src:url(data:'
        f"font/ttf;base64,{base64.b64encode(design_file(f'fonts/{file}').read_bytes()).decode()})}}"
        for style, weight, file in (
            ("normal", 400, "SourceSerif4_400Regular.ttf"),
            ("normal", 700, "SourceSerif4_600SemiBold.ttf"),
            ("italic", 400, "SourceSerif4_400Regular_Italic.ttf"),
        )
    )
    page = re.sub(rb"<!DOCTYPE.*?\]>", b"", svg).decode()
    for name, value in re.findall(r'<!ENTITY (\w+) "([^"]*)"', svg.decode()):
        page = page.replace(f"&{name};", value)
    tab.set_content(
        f"<style>{faces}body{{margin:0}}svg{{display:block;width:{WIDTH}px;height:{HEIGHT}px}}"
        f"</style>{page}"
    )
    tab.evaluate("document.fonts.ready")
    return Raster.open(io.BytesIO(tab.screenshot())).convert("RGB")


def on_paper(svg: bytes) -> Raster.Image:
    data = base64.b64encode(svg).decode()
    page = (
        '<html lang="en"><head><title>T</title></head><body><main><p>'
        f'<img alt="" src="data:image/svg+xml;base64,{data}"/></p></main></body></html>'
    )
    size = f"width:{WIDTH}px;height:{HEIGHT}px"
    css = (
        f"@page{{size:{WIDTH}px {HEIGHT}px;margin:0}}body,p{{margin:0}}img{{display:block;{size}}}"
    )
    pdf = pypdfium2.PdfDocument(typeset(page, css).pdf)
    picture = pdf[0].render(scale=96 / 72).to_pil().convert("RGB")
    assert isinstance(picture, Raster.Image)
    return picture.resize((WIDTH, HEIGHT))


def difference(one: Raster.Image, other: Raster.Image) -> float:
    blur = ImageFilter.GaussianBlur(2)
    apart = ImageChops.difference(one.filter(blur), other.filter(blur))
    return sum(ImageStat.Stat(apart).mean) / 3


def no_links(href: str) -> None:
    """A drawing that lies alone."""


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawing_is_the_same_on_paper_and_on_the_web(kind: str, tab: Page) -> None:
    mended = mend(KINDS[kind], "en", no_links)
    shown = sanitize_svg(mended.data).data
    assert not mended.lost
    as_drawn = on_the_web(KINDS[kind], tab)
    # The type is silenced: Pillow cannot tell that a picture in colours has a pair for each.
    assert min(low for low, _ in as_drawn.getextrema()) < 200, "the drawing is empty"  # type: ignore[misc]
    assert difference(on_the_web(shown, tab), on_paper(shown)) < TOLERANCE
    if kind != "strokes that do not scale":  # they have no size of their own to keep
        assert difference(as_drawn, on_paper(shown)) < TOLERANCE


@pytest.mark.parametrize("kind", LOST)
def test_what_no_edition_can_show_alike_is_left_out_of_all_and_told(kind: str, tab: Page) -> None:
    svg, word = LOST[kind]
    mended = mend(svg, "en", no_links)
    assert word in " ".join(mended.lost)
    shown = sanitize_svg(mended.data).data
    assert difference(on_the_web(shown, tab), on_paper(shown)) < TOLERANCE


def test_what_a_drawing_lost_is_told_at_its_line(desk: Desk) -> None:
    desk.put("a.svg", LOST["blur"][0])
    (told,) = desk.mistakes(desk.paper("![A plan.](a.svg){alt='Three wheels.'}\n"))
    assert (told.code, told.severity, told.line) == ("figure-lost", "warning", BODY_LINE)
    assert "a filter" in told.message


def test_a_drawing_with_nothing_amiss_keeps_its_bytes() -> None:
    for kind in ("rules", "clip", "gradient", "arrow", "symbol", "pattern"):
        assert mend(KINDS[kind], "en", no_links).data == KINDS[kind]


def test_a_picture_that_a_drawing_links_to_comes_into_it(desk: Desk) -> None:
    drawn = io.BytesIO()
    Raster.new("RGB", (2, 2)).save(drawn, "png")
    (desk.folder / "figures").mkdir()
    desk.put("figures/a dot.png", drawn.getvalue())
    desk.put("figures/a.svg", drawing('<image xlink:href="a%20dot.png" width="9" height="9"/>'))
    edition = desk.edition("![A plan.](figures/a.svg){alt='Three wheels.'}\n")
    assert base64.b64encode(drawn.getvalue()) in edition.images[0].data
    assert "figures/a dot.png" in dict(edition.source_digests)


@pytest.mark.parametrize("link", ["/etc/hostname.png", "../dot.png", "file:///dot.png"])
def test_a_drawing_reads_nothing_outside_its_work(desk: Desk, link: str) -> None:
    drawn = io.BytesIO()
    Raster.new("RGB", (2, 2)).save(drawn, "png")
    (desk.folder / "work").mkdir()
    desk.put("dot.png", drawn.getvalue())
    desk.put("work/a.svg", drawing(f'<image href="{link}" width="9" height="9"/>'))
    paper = desk.put("work/paper.md", "---\ntitle: T\nlang: en\n---\n\n![A.](a.svg){alt='B.'}\n")
    assert [told.code for told in desk.mistakes(paper)] == ["figure-lost"]


DRAWIO = """<g><rect width="90" height="50" fill="none" stroke="#000"/><switch>
<foreignObject style="overflow: visible; text-align: left;" pointer-events="none" width="100%"
 height="100%" requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility">
<div xmlns="http://www.w3.org/1999/xhtml" style="display: flex; align-items: unsafe center;
 justify-content: unsafe center; width: 88px; height: 1px; padding-top: 25px; margin-left: 1px;">
<div style="box-sizing: border-box; font-size: 0px; text-align: center;"><div style="display:
 inline-block; font-size: 8px; font-family: Helvetica; color: rgb(0, 0, 0); line-height: 1.2;
 white-space: normal;">The harbour office and its two long quays</div></div></div></foreignObject>
<text x="45" y="29" font-family="Helvetica" font-size="8px" text-anchor="middle">The harb...</text>
</switch></g><switch><g requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility"/>
<a transform="translate(0,-5)" xlink:href="https://www.drawio.com/doc/faq"><text
 text-anchor="middle" font-size="10px" x="50%" y="100%">Text is not SVG - cannot display</text></a>
</switch>"""


def test_a_flow_chart_of_draw_io_has_its_words_and_no_others() -> None:
    shown = sanitize_svg(mend(drawing(DRAWIO), "en", no_links).data).data.decode()
    words = " ".join(re.sub("<[^>]+>", " ", shown).split())
    assert words == "The harbour office and its two long quays"


MERMAID = """<style>#m{font-family:arial;font-size:8px;fill:#333;}#m .node rect{fill:#ECECFF;
stroke:#9370DB;stroke-width:1px;}#m .label{color:#c00;}#m :root{--x:arial;}@keyframes d{to{top:0}}
</style><g class="node" transform="translate(50,30)"><rect x="-40" y="-15" width="80" height="30"/>
<g class="label" transform="translate(-20,-6)"><foreignObject width="40" height="12">
<div xmlns="http://www.w3.org/1999/xhtml" style="display: table-cell; white-space: nowrap;
line-height: 1.5; max-width: 200px; text-align: center;"><span class="nodeLabel"><p>Start</p></span>
</div></foreignObject></g></g>"""


def test_a_flow_chart_of_mermaid_has_its_words_in_its_boxes(tab: Page) -> None:
    shown = sanitize_svg(mend(drawing(MERMAID, 'id="m"'), "en", no_links).data).data
    (text,) = re.findall(r"<text.*?</text>", shown.decode())
    assert re.sub("<.*?>", "", text) == "Start"
    assert 'fill="#c00"' in text
    assert difference(on_the_web(shown, tab), on_paper(shown)) < TOLERANCE


def test_a_mended_drawing_is_the_same_in_all_editions(desk: Desk, tmp_path: Path) -> None:
    desk.put("a.svg", KINDS["words on a curve"])
    paper = desk.paper("![A plan.](a.svg){alt='Three wheels.'}\n")
    build(paper, out=tmp_path / "dist", formats=["html", "epub", "pdf", "print", "jats"])
    places = re.compile(r'rotate="([^"]*)"')
    page = (tmp_path / "dist" / "paper.html").read_text(encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "dist" / "paper.epub") as book:
        chapters = "".join(book.read(n).decode() for n in book.namelist() if n.endswith(".xhtml"))
    assert places.findall(page) == places.findall(chapters) != []
    for name in ("paper.pdf", "paper.print.pdf"):
        pages = pypdfium2.PdfDocument(tmp_path / "dist" / name)
        said = "".join(page.get_textpage().get_text_bounded() for page in pages)
        assert "Alongthecoast" in re.sub(r"\s", "", said)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ('fill="lab(50% 40 20)"', "rgb(185,88,87)"),
        ('style="stroke: hwb(120 20% 20%)"', "rgb(51,204,51)"),
        ('fill="rgb(10 20 30 / 50%)"', "rgba(10,20,30,0.5)"),
        ('stroke="oklch(0.7 0.4 140)"', "rgb(0,205,0)"),
    ],
)
def test_colours_of_new_kinds_are_written_as_all_readers_know_them(
    written: str, plain: str
) -> None:
    mended = mend(drawing(f'<rect width="9" height="9" {written}/>'), "en", lambda _: None).data
    assert plain in mended.decode()
    assert not re.search(r"lab\(|hwb|oklch| / ", mended.decode())


def test_a_drawing_within_a_drawing_keeps_its_size_and_is_proven(
    desk: Desk, tmp_path: Path
) -> None:
    inner = '<svg x="9" y="9" width="9" height="9" viewBox="0 0 1 1"><path d="M0 0h1v1"/></svg>'
    outer = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40">{inner}</svg>'
    desk.put("a.svg", outer)
    paper = desk.paper("![A plan.](a.svg){alt='Three wheels.'}\n")
    made = build(paper, out=tmp_path / "dist", formats=["html", "epub"])
    assert made.collation.passed


ODD = ("", "none", "1.2.3", "...", "url(#nope)", "50%", "1e400", "NaN", "calc(1px + 2%)",
       "var(--x)", "inherit", "M0 0 Q", "matrix(1)", "#zzz", "oklch(0.5 0.2 10)",
       "rgb(none 1 2)", "a5")  # fmt: skip


@given(
    kind=st.sampled_from(sorted(KINDS)),
    changes=st.lists(st.tuples(st.integers(0, 99), st.sampled_from(ODD)), min_size=1, max_size=4),
)
@settings(max_examples=200)
def test_a_drawing_with_odd_values_is_mended_or_left_but_stops_nothing(
    kind: str, changes: list[tuple[int, str]]
) -> None:
    svg = KINDS[kind].decode()
    for number, odd in changes:
        values = [m for m in re.finditer(r'="([^"]*)"', svg) if "www.w3.org" not in m[1]]
        value = values[number % len(values)]
        svg = svg[: value.start(1)] + odd + svg[value.end(1) :]
    sanitize_svg(mend(svg.encode(), "en", no_links).data)
