"""Images: of a kind that all formats carry, described for those who cannot see them, harmless."""

from __future__ import annotations

import base64
import io
import re
import zipfile
from pathlib import Path
from typing import Literal
from unicodedata import normalize

import pikepdf
import pypdfium2
import pytest
from conftest import BODY_LINE, DRAWING, Desk
from lxml import etree
from PIL import Image as Raster

from triptych.formats import USUAL
from triptych.press import build
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source
from triptych.resolve.svg.sanitize import sanitize_svg
from triptych.resolve.svg.size import too_much_drawn

Form = Literal["NFC", "NFD"]
SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.png", "png"), ("a.jpg", "jpeg"), ("a.gif", "gif"), ("a.webp", "webp")],
)
def test_an_image_is_known_by_its_bytes(desk: Desk, name: str, kind: str) -> None:
    drawn = io.BytesIO()
    Raster.new("RGB", (2, 2)).save(drawn, kind)
    desk.put("figure.bin", drawn.getvalue())
    desk.put(name, drawn.getvalue())
    (image,) = desk.edition(f"![A dot.]({name}){{alt='One dark dot.'}}\n").images
    assert (image.path, image.media_type, image.data) == (name, f"image/{kind}", drawn.getvalue())


def test_an_image_shown_twice_is_kept_once(desk: Desk) -> None:
    figure = "![A plan.](a.svg){alt='Three wheels.'}\n\n"
    assert [image.path for image in desk.edition(figure + figure).images] == ["a.svg"]


def test_an_image_with_a_space_in_its_name_is_found(desk: Desk) -> None:
    desk.put("a plan.svg", DRAWING)
    (image,) = desk.edition("![A plan.](<a plan.svg>){alt='Three wheels.'}\n").images
    assert image.media_type == "image/svg+xml"


@pytest.mark.parametrize("written", ["NFC", "NFD"])
@pytest.mark.parametrize("kept", ["NFC", "NFD"])
def test_an_image_is_found_in_another_form_of_unicode(
    desk: Desk, written: Form, kept: Form
) -> None:
    (desk.folder / normalize(kept, "Ünter")).mkdir()
    desk.put(normalize(kept, "Ünter/größe.svg"), DRAWING)
    name = normalize(written, "Ünter/größe.svg")
    assert not desk.mistakes(desk.paper(f"![A plan.]({name}){{alt='Three wheels.'}}\n"))


NAMES = (
    "50% a&b.png",
    "x~1.png",
    "d%20e.png",
    "hash#1.png",
    "p+q?.png",
    "a'b,c;d.png",
    "a&amp.png",
)


def test_names_with_signs_are_found_and_linked_in_every_edition(desk: Desk, tmp_path: Path) -> None:
    body = ""
    for number, name in enumerate(NAMES, 1):
        drawn = io.BytesIO()
        Raster.new("RGB", (number, 2)).save(drawn, "png")
        desk.put(name, drawn.getvalue())
        body += f"![Figure.](<{name}>){{alt='One.'}}\n\n"
    formats = [*USUAL, "jats"]
    made = build(desk.paper(body), out=tmp_path / "dist", formats=formats)
    assert made.collation.passed
    with zipfile.ZipFile(tmp_path / "dist" / "paper.epub") as book:
        inside = {book.read(name) for name in book.namelist()}
        chapters = "".join(book.read(n).decode() for n in book.namelist() if n.endswith("html"))
    page = (tmp_path / "dist" / "paper.html").read_text(encoding="utf-8")
    for name in NAMES:
        data = (desk.folder / name).read_bytes()
        assert data in inside
        assert base64.b64encode(data).decode() in page
    assert len(re.findall(r'src="images/\d+\.png"', chapters)) == len(NAMES)


def test_an_image_in_a_note_is_in_every_file(desk: Desk, tmp_path: Path) -> None:
    drawn = io.BytesIO()
    Raster.new("RGB", (2, 2)).save(drawn, "png")
    desk.put("a.png", drawn.getvalue())
    paper = desk.paper("Words.^[A note with ![A dot.](a.png) in it.]\n")
    build(paper, out=tmp_path / "dist", formats=[*USUAL, "jats"])
    for ending in ("html", "jats.xml"):
        markup = (tmp_path / "dist" / f"paper.{ending}").read_text(encoding="utf-8")
        assert base64.b64encode(drawn.getvalue()).decode() in markup
        assert "a.png" not in markup
    with zipfile.ZipFile(tmp_path / "dist" / "paper.epub") as book:
        assert drawn.getvalue() in map(book.read, book.namelist())
    with pikepdf.open(tmp_path / "dist" / "paper.pdf") as pdf:
        assert any(page.get_images() for page in pdf.pages)


def test_a_missing_figure_is_told_at_each_place_that_shows_it(desk: Desk) -> None:
    figure = "![A plan.](gone.svg){alt='Three wheels.'}"
    told = desk.mistakes(desk.paper(f"{figure}\n\nAgain: {figure}\n"))
    assert [(t.code, t.line, t.column, t.excerpt) for t in told] == [
        ("figure-missing", BODY_LINE, 12, figure),
        ("figure-missing", BODY_LINE + 2, 19, f"Again: {figure}"),
    ]


def test_a_figure_on_the_network_is_told_as_missing(desk: Desk) -> None:
    told = desk.the_mistake(desk.paper("![A.](https://example.org/a.png){alt='A letter.'}\n"))
    assert (told.code, told.line) == ("figure-missing", BODY_LINE)
    assert "network" in told.message


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [("a.txt", "words", "not an image"), ("b.svg", "<svg><g></svg>", "not well-formed")],
)
def test_a_file_that_is_no_image_is_told_at_its_place(
    desk: Desk, name: str, content: str, reason: str
) -> None:
    desk.put(name, content)
    told = desk.the_mistake(desk.paper(f"![A plan.]({name}){{alt='Three wheels.'}}\n"))
    assert (told.code, told.line, told.column) == ("figure-malformed", BODY_LINE, 12)
    assert reason in told.message


@pytest.mark.parametrize("figure", ["![](a.svg)", "![](a.svg){alt=' '}"])
def test_a_figure_without_alternative_text_is_told_at_its_place(desk: Desk, figure: str) -> None:
    told = desk.the_mistake(desk.paper(f"Text.\n\n{figure}\n"))
    assert (told.code, told.line, told.column) == ("figure-alt", BODY_LINE + 2, 5)
    assert told.excerpt == figure
    assert "alt=" in told.hint


def test_a_figure_with_alternative_text_of_its_own_is_not_told(desk: Desk) -> None:
    assert not desk.mistakes(desk.paper("![A plan.](a.svg){alt='Three wheels.'}\n"))


def test_the_picture_of_a_cell_is_told_at_its_line(desk: Desk) -> None:
    cell = '#| label: fig-x\n#| fig-cap: Words\nknitr::include_graphics("a.svg")\n'
    (told,) = desk.mistakes(desk.paper(f"![One.](a.svg)\n\n```{{r}}\n{cell}```\n"))
    assert told.code == "figure-alt-caption"
    assert [told.line, *(int(p.split(":")[1]) for p in told.places)] == [BODY_LINE, BODY_LINE + 5]


def test_captions_that_serve_as_alternative_texts_are_told_once(desk: Desk) -> None:
    figures = "![One.](a.svg)\n\n![Two.](a.svg)\n\n![Three.](a.svg){alt='Wheels.'}\n"
    (told,) = desk.mistakes(desk.paper(figures))
    assert (told.code, told.line) == ("figure-alt-caption", BODY_LINE)
    assert "2 figures" in told.message
    assert [place.split(":")[1] for place in told.places] == [str(BODY_LINE + 2)]


def test_a_panel_without_words_takes_the_caption_of_its_figure(desk: Desk) -> None:
    panels = "::: {#fig-p}\n![](a.svg){#fig-a}\n\n![Own.](a.svg){#fig-b}\n\nBoth.\n:::\n"
    assert re.findall(r'alt="([^"]*)"', desk.edition(panels).body) == ["Both.", "Own."]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (r"![Of $\alpha_1$ at 10^3^ Pa in H~2~O.^[A note.]](a.svg)",
         "Of alpha sub 1 at 10³ Pa in H₂O."),
        (r"Here ![of $\alpha_1$](a.svg) it is.", "of alpha sub 1"),
        (r"![Of [$\sqrt{x}$](#b) in @lovelace1843](a.svg){fig-cap='Another.'}",
         "Of the square root of x in Lovelace"),
        (r"![Of $x$](a.svg){alt='Of a number'}", "Of a number"),
    ],
)  # fmt: skip
def test_alternative_texts_say_formulas_in_words(desk: Desk, written: str, said: str) -> None:
    body = desk.edition(f"[]{{#b}}{written}\n" if "#b" in written else f"{written}\n").body
    assert re.findall(r'alt="([^"]*)"', body) == [said]


def test_in_other_languages_alternative_texts_say_formulas_in_signs(desk: Desk) -> None:
    paper = desk.put("paper.md", "---\nlang: fr\n---\n\n![De $\\alpha_1^{a+b}$](a.svg)\n")
    edition, (told,) = resolve_source(read_source(paper))
    assert re.findall(r'alt="([^"]*)"', edition.body) == ["De α₁^(a+b)"]
    assert told.code == "figure-alt-caption"


def test_absent_pictures_side_by_side_pass_the_proof(desk: Desk, tmp_path: Path) -> None:
    row = "![Gone, with quite a long description](b.png) ![](c.png){alt='Gone'} ![Far](d.png)\n"
    made = build(
        desk.paper(f"{row}\nWords.\n"), out=tmp_path / "dist",
        formats=[*USUAL, "jats", "text"], keep_going=True,
    )  # fmt: skip
    assert made.collation.passed, made.collation.differences
    page = (tmp_path / "dist" / "paper.html").read_text(encoding="utf-8")
    assert page.count('class="missing"') == 3


def test_where_the_press_goes_on_a_missing_figure_shows_its_alternative_text(desk: Desk) -> None:
    source = read_source(desk.paper("![A plan.](gone.svg){alt='Three wheels.'}\n"))
    edition, warnings = resolve_source(source, keep_going=True)
    assert '<span class="missing">[Three wheels.]</span>' in edition.body
    assert [(told.code, told.severity) for told in warnings] == [("figure-missing", "warning")]


@pytest.mark.parametrize(
    "harm",
    [
        "<script>alert(1)</script>",
        '<rect onclick="alert(1)" width="1"/>',
        '<a href="https://example.org/"><rect/></a>',
        '<a xlink:href="https://example.org/"><rect/></a>',
        '<a href=" JavaScript:alert(1)"><rect/></a>',
        '<image href="https://example.org/a.png"/>',
        '<use xlink:href="other.svg#part"/>',
        "<foreignObject><p>alert</p></foreignObject>",
        '<x:script xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:script>',
        '<handler type="text/javascript">alert(1)</handler>',
        "<!-- alert -->",
        "<?alert 1?>",
    ],
)
def test_a_drawing_loses_what_could_do_harm(harm: str) -> None:
    drawing = f'<svg {SVG} onload="alert(1)">{harm}<path id="kept" d="M0 0h9"/></svg>'
    kept = sanitize_svg(drawing.encode()).data
    for word in (b"alert", b"example.org", b"other.svg", b"onload", b"onclick"):
        assert word not in kept
    assert b'id="kept"' in kept


@pytest.mark.parametrize(
    "harm",
    [
        '<rect style="fill:url(https://example.org/a.svg#p)"/>',
        "<style>@import url(https://example.org/a.css);</style>",
        '<rect fill="url(https://example.org/a.svg#p)"/>',
        '<a id="x"/><set href="#x" attributeName="href" to="https://example.org/"/>',
    ],
)
def test_a_drawing_cannot_reach_the_network_through_its_styles(harm: str) -> None:
    assert b"example.org" not in sanitize_svg(f"<svg {SVG}>{harm}</svg>".encode()).data


def test_a_drawing_keeps_the_text_after_what_it_loses() -> None:
    kept = sanitize_svg(f"<svg {SVG}><text>one<script/> two</text></svg>".encode()).data
    assert "".join(etree.fromstring(kept).itertext()) == "one two"


def test_a_drawing_keeps_its_links_within_itself() -> None:
    kept = sanitize_svg(
        f'<svg {SVG}><path id="p"/><use href="#p"/><use xlink:href="#p"/>'
        '<image href="data:image/png;base64,iVBORw0KGgo="/></svg>'.encode()
    ).data
    assert [
        value for element in etree.fromstring(kept) for name, value in element.items()
        if etree.QName(name).localname == "href"
    ] == ["#p", "#p", "data:image/png;base64,iVBORw0KGgo="]  # fmt: skip


def test_a_drawing_may_give_an_id_twice() -> None:
    assert not too_much_drawn(f'<svg {SVG} id="a"><g id="a"><path id="b"/></g></svg>'.encode())


def test_a_drawing_that_uses_itself_below_an_id_given_twice_is_too_much() -> None:
    drawing = f'<svg {SVG}><g id="a"><g id="b"><g id="a"><use href="#b"/></g></g></g></svg>'
    assert "#b stands within itself" in too_much_drawn(drawing.encode())


def test_a_drawing_within_a_page_or_a_drawing_may_not_use_itself(desk: Desk) -> None:
    ring = f'<svg {SVG} width="9" height="9"><g id="a"><use href="#a"/></g></svg>'
    paper = desk.paper(f"Words {ring} end.\n")
    _, told = resolve_source(read_source(paper))
    assert ["#a stands within itself" in each.message for each in told] == [True]
    held = base64.b64encode(ring.encode()).decode()
    outer = f'<svg {SVG}><image href="data:image/svg+xml;base64,{held}"/></svg>'
    assert sanitize_svg(outer.encode()).lost == ("a picture that it links to",)


def test_a_drawing_does_not_read_other_files(desk: Desk) -> None:
    secret = desk.put("secret.txt", "a secret")
    kept = sanitize_svg(
        f'<!DOCTYPE svg [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
        f"<svg {SVG}><text>&s;</text></svg>".encode()
    ).data
    assert b"a secret" not in kept


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("![A curve.](a.pdf){alt='It rises.'}", "It rises."),
        ("Here ![a curve](a.pdf) it is.", "a curve"),
        ("![](a.pdf){alt='It rises.'}", "It rises."),
    ],
)
def test_a_figure_as_pdf_keeps_its_description(desk: Desk, written: str, said: str) -> None:
    figures = Path(__file__).parent / "corpus" / "figures"
    desk.put("a.pdf", (figures / "curve.pdf").read_bytes())
    assert f'alt="{said}"' in desk.edition(f"{written}\n").body


def test_a_figure_as_pdf_without_description_is_told(desk: Desk) -> None:
    desk.put("a.pdf", b"%PDF-1.4")
    told = desk.mistakes(desk.paper("![](a.pdf)\n"))
    assert "figure-alt" in [t.code for t in told]


@pytest.mark.parametrize("medium", ["pdf", "print"])
def test_the_tag_of_a_picture_tells_where_on_the_page_it_stands(medium: str, desk: Desk) -> None:
    red = '<rect width="60" height="40" fill="red"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 40">{red}</svg>'
    desk.put("red.svg", svg.encode())
    build(desk.paper('![A.](red.svg){alt="Red."}\n'), out=desk.folder / "dist", formats=[medium])
    (path,) = (desk.folder / "dist").glob("*.pdf")
    with pikepdf.open(path) as pdf:
        (figure,) = (
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        )
        number = next(n for n, page in enumerate(pdf.pages) if page.obj == figure.Pg)
        x0, y0, x1, y1 = (float(edge) for edge in figure.A.BBox)
    document = pypdfium2.PdfDocument(path)
    page = document[number]
    left, bottom, right, top = page.get_mediabox()
    inside = page.render(crop=(x0 - left + 1, y0 - bottom + 1, right - x1 + 1, top - y1 + 1))
    around = page.render(crop=(x0 - left - 3, y0 - bottom - 3, right - x1 - 3, top - y1 - 3))
    colours = [picture.to_pil().convert("RGB").getcolors() for picture in (inside, around)]
    document.close()
    assert colours[0] is not None
    assert len(colours[0]) == 1
    assert colours[1] is not None
    assert len(colours[1]) > 1
