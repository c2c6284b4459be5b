"""Forgeries: files that read as they should and show or do something else.

The mutants in `tests/mutants` damage files as software does; these are made to deceive.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from triptych.collate import Difference, collate
from triptych.manifest import read_manifest
from triptych.press import build

PAPER = Path(__file__).parent / "mutants" / "papers" / "bread.md"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished")
    build(PAPER, out=out, csl="apa")
    return out


def told(finished: Path, name: str, data: bytes) -> list[Difference]:
    """What the collation says of one file put in the place of the sound one."""
    manifest = read_manifest(next(finished.glob("*.edition.json")).read_bytes())
    alone = {file: sha for file, sha in manifest.files.items() if file.endswith(name)}
    manifest = replace(manifest, files=alone)
    return [d for d in collate(manifest, {name: data}).differences if d.kind != "fixity"]


def read(finished: Path, name: str) -> bytes:
    return next(finished.glob(f"*.{name}")).read_bytes()


def with_style(rule: str) -> Callable[[str], str]:
    return lambda page: page.replace("</style>", f"{rule}</style>", 1)


ARTICLE = "<article[^>]*>"


def begun(page: str, otherwise: str) -> str:
    """The page, its article begun otherwise."""
    return re.sub(ARTICLE, otherwise, page, count=1)


def in_text(markup: str) -> Callable[[str], str]:
    """Put markup at the beginning of the article's first paragraph."""
    return lambda page: re.sub(rf"({ARTICLE}\s*<p>)", rf"\1{markup}", page, count=1)


def in_head(markup: str) -> Callable[[str], str]:
    return lambda page: page.replace("</head>", f"{markup}</head>", 1)


WEB: dict[str, Callable[[str], str]] = {
    "hidden on wide screens": with_style("@media(min-width:2000px){.cluster{display:none}}"),
    "hidden on touch screens": with_style("@media(pointer:coarse){.cluster{display:none}}"),
    "shown only where nothing is so wide": with_style(
        ".cluster{opacity:0}@media(width>99999px){.cluster{opacity:1!important}}"
    ),
    "hidden by a nested rule": with_style("article{p{.cluster{visibility:hidden}}}"),
    "hidden by a nested rule on the element": with_style(".cluster{&[id]{color:transparent}}"),
    "hidden by support for a property": with_style(
        "@supports(display:grid){.cluster{font-size:0}}"
    ),
    "hidden in a layer": with_style("@layer a{.cluster{display:none}}"),
    "hidden in a scope": with_style("@scope(article){.cluster{display:none}}"),
    "hidden in a container": with_style("@container(width>1px){.cluster{display:none}}"),
    "hidden by an imported sheet": with_style("@import url(data:text/css,.cluster{});"),
    "hidden by a selector few know": with_style(":nth-child(1 of .cluster){display:none}"),
    "hidden first letters": with_style(".entry::first-letter{color:transparent}"),
    "cut off": with_style(".entry{max-height:1.4em;overflow:hidden}"),
    "in a custom property": with_style(":root{--a:0}.cluster{opacity:var(--a)}"),
    "on a background of words": with_style(
        "main{position:relative}.entry{position:absolute;background:url(data:,x)}"
    ),
    "an outer style sheet": in_head('<link rel="stylesheet" href="https://example.org/a.css">'),
    "another base": in_head('<base href="https://example.org/">'),
    "a redirection": in_head('<meta http-equiv="refresh" content="0;url=https://example.org">'),
    "a script": in_head("<script>document.body.textContent = ''</script>"),
    "a handler": lambda page: page.replace("<body", "<body onload='x()'", 1),
    "a script as an address": lambda page: page.replace('href="#ref-', 'href="javascript:#ref-', 1),
    "a picture over the text": in_text(
        '<img alt="" src="data:," style="position:absolute;width:100%;height:9em">'
    ),
    "a drawing over the text": in_text('<svg style="position:fixed;inset:0"></svg>'),
    "another page over the text": in_text('<iframe srcdoc="Not so."></iframe>'),
    "words in a field": in_text('<input value="It is not so that">'),
    "a closed dialog": lambda page: begun(page, "<article><dialog>").replace(
        "</article>", "</dialog></article>", 1
    ),
    "a popover": lambda page: begun(page, "<article popover>"),
    "words turned round": lambda page: re.sub(
        rf"{ARTICLE}\s*<p>", '<article><p><bdo dir="rtl">', page, count=1
    ).replace("</p>", "</bdo></p>", 1),
    "added quotation marks": lambda page: re.sub(
        r'(<span class="cluster"[^>]*>)(.*?)</span>', r"\1<q>\2</q></span>", page, count=1
    ),
    "text taken for a way back": in_text('<a role="doc-backlink" href="#x">Not so: </a>'),
}

RULES: dict[str, str] = {
    "out of the flow": ".cluster{position:absolute}",
    "drawn over the line above": ".cluster{position:relative;top:-1.6em}",
    "drawn over the entry above": ".entry{margin-top:-1.6em}",
    "drawn beside its line": ".cluster{float:right}",
    "set from the right": "main p{direction:rtl}",
    "numbers of notes gone with their list": ".notes li{display:block}",
    "numbers of notes gone": '.notes li::marker{content:""}',
    "numbers of notes transparent": ".notes li::marker{color:transparent}",
    "numbers of notes tiny": ".notes li::marker{font-size:0}",
    "a picture in place of words": ".cluster{content:url(data:,x)}",
    "lines on each other": ".entry{line-height:0}",
    "spaces closed up": "main p{word-spacing:-.25em}",
    "boxes in place of spaces": "main p{display:flex}",
    "a mixed colour": ".cluster{color:color-mix(in srgb,var(--paper) 100%,red)}",
    "a colour that cannot be told": ".cluster{color:rgb(from red r g b / 0)}",
    "a colour of the system": ".cluster,.cluster a{color:Canvas}",
    "transparent by reckoning": ".cluster{opacity:calc(0)}",
    "transparent by an attribute": ".cluster{opacity:attr(data-x type(<number>),0)}",
    "transparent by a registered property": (
        '@property --z{syntax:"<number>";inherits:false;initial-value:0}.cluster{opacity:var(--z)}'
    ),
    "tiny by reckoning": ".cluster{font-size:calc(16px*0)}",
    "tiny by choice": ".cluster{font-size:min(1px,1em)}",
    "tiny by its shorthand": ".cluster{font-size:1em}.cluster{font:0/0 var(--serif)}",
    "tiny by its shape": ".cluster{font-size-adjust:.01}",
    "fading": "@keyframes x{to{opacity:0}}.cluster{animation:x 1s forwards}",
    "an outline over it": ".cluster{outline:2em solid black;outline-offset:-2em}",
    "behind its ground": "section{background:#fff}.entry{position:relative;z-index:-1}",
    "a ground of its own colour": "p{background:linear-gradient(#1f2430,#1f2430)}",
    "something drawn after it": (
        '.entry{position:relative}.entry::after{content:"";position:absolute;inset:0;'
        "background:var(--paper)}"
    ),
    "links that cannot be clicked": "a{pointer-events:none}",
    "letters of symbols": ".cluster{font-family:Wingdings}",
    "letters of symbols by the shorthand": ".cluster{font:1em Wingdings}",
    "shown on some screens only": (
        "@media(min-width:600px){.cluster{display:none}}"
        "@media(min-width:1200px){.cluster{display:inline}}"
    ),
    "gone once visited": "a:visited{color:var(--paper)}",
    "gone once led to": ".entry:target{display:none}",
    "gone under the pointer": "p:hover{opacity:0}",
    "off the page, whichever way it runs": ".cluster{position:absolute;inset-inline-end:9999px}",
    "cut off, whichever way it runs": ".entry{block-size:0;overflow:hidden}",
    "to be scrolled for": ".entry{height:0;overflow:auto}",
    "cut off downwards": ".entry{height:0;overflow-y:hidden}",
    "without size": ".entry{contain:strict}",
    "one line of several": ".entry{display:-webkit-box;-webkit-line-clamp:1;overflow:hidden}",
    "a column, which shows nothing": ".entry{display:table-column}",
    "masked": ".cluster{-webkit-mask-image:linear-gradient(transparent,transparent)}",
    "a foot in place of a beginning": "article p:first-child{display:table-footer-group}",
    "another row": "article{display:grid}article p:first-child{grid-row:9}",
    "along a path": '.cluster{offset-path:path("M0 9999");offset-distance:100%}',
    "struck out": ".cluster{text-decoration:line-through}",
    "marks over letters": '.cluster{text-emphasis:"x"}',
    "another hyphen": 'p{hyphens:auto;hyphenate-character:"x"}',
    "all other values": ".cluster{all:initial}",
    "after what looks like a typeface": "/* @font-face { */ .cluster{display:none} /* } */",
    "a typeface in disguise": "@font-\\66 ace{font-family:X;src:url(data:font/woff2;base64,AAAA)}",
}
WEB |= {name: with_style(rule) for name, rule in RULES.items()}
WEB |= {
    "set from the right by itself": lambda page: re.sub(
        f"{ARTICLE}<p>", '<article><p dir="rtl">', page
    ),
    "turned by a character": in_text("\N{RIGHT-TO-LEFT OVERRIDE}"),
    "turned by an isolate": in_text("\N{RIGHT-TO-LEFT ISOLATE}"),
    "notes lettered": lambda page: re.sub(r'<ol( class="notes")', r'<ol type="a"\1', page),
    "notes counted down": lambda page: re.sub(r'<ol( class="notes")', r"<ol reversed\1", page),
    "a shadow in place of the text": in_text(
        '<template shadowrootmode="open">It is not so.</template>'
    ),
    "nothing can be clicked": lambda page: begun(page, "<article inert>"),
    "moving about": lambda page: begun(page, "<article><marquee>"),
    "another encoding": lambda page: page.replace('charset="utf-8"', 'charset="windows-1252"', 1),
    "no encoding": lambda page: page.replace('<meta charset="utf-8">', "", 1),
    "a typeface of the reader's": lambda page: page.replace(
        'src:url("data', 'src:local("Wingdings"),url("data', 1
    ),
    "a typeface made tiny": lambda page: page.replace(
        "font-display:swap;", "font-display:swap;size-adjust:1%;", 1
    ),
    "an outer style sheet in capitals": in_head('<link rel="StyleSheet" href="a.css">'),
    "shown by a sheet of another type": lambda page: page.replace(
        "</style>",
        ".cluster{opacity:0}</style><style type=text/x>.cluster{opacity:1!important}</style>",
        1,
    ),
    "shown by a sheet to be chosen": lambda page: page.replace(
        "</style>",
        ".cluster{opacity:0}</style><style title=b>.cluster{opacity:1!important}</style>",
        1,
    ),
    "text taken for a list of pages": in_text('<span role="doc-pagelist">Not so: </span>'),
    "text taken for notes": in_text('<span role="doc-endnotes">Not so: </span>'),
    "room left for a formula": lambda page: re.sub(
        r'(<span class="cluster"[^>]*>)(.*?)</span>',
        r"\1<math><mphantom><mtext>\2</mtext></mphantom></math></span>",
        page,
        count=1,
    ),
    "a heading that is none": lambda page: re.sub(
        r"<h2>(.*?)</h2>", r"<p>\1</p>", page.replace("<h2 id", "<h6 id"), count=1
    ),
    "a letter in place of an apostrophe": lambda page: page.replace(
        "the day’s weight", "the dayʼs weight"
    ),
    "a heading of another level": lambda page: page.replace("<h3>", "<h4>").replace("/h3>", "/h4>"),
    "a caption that is none": lambda page: re.sub(
        r"<figcaption>(.*?)</figcaption>", r"<p>\1</p>", page, count=1
    ),
}


@pytest.mark.parametrize("name", WEB)
def test_a_forged_web_page_is_noticed(name: str, finished: Path) -> None:
    page = read(finished, "html").decode()
    forged = WEB[name](page)
    assert forged != page
    assert told(finished, "html", forged.encode()), name


def rezipped(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


BOOK: dict[str, tuple[str, bytes, bytes]] = {
    "a sheet named by an instruction": (
        "text-1.xhtml", b"<!DOCTYPE", b'<?xml-stylesheet href="style.css"?>\n<!DOCTYPE',
    ),
    "a script in a chapter": ("text-1.xhtml", b"</head>", b"<script>x()</script></head>"),
    "a second rendition": (
        "container.xml", b"</rootfiles>",
        b'<rootfile full-path="EPUB/other.opf" '
        b'media-type="application/oebps-package+xml"/></rootfiles>',
    ),
    "hidden in print's own sheet": (
        "text-1.xhtml", b"</head>", b'<style media="screen">.cluster{display:none}</style></head>',
    ),
    "a page left out of the turn": (
        ".opf", b'<itemref idref="text-2-xhtml"/>', b'<itemref idref="text-2-xhtml" linear="no"/>',
    ),
    "a page that is none": (
        ".opf", b'id="text-2-xhtml" media-type="application/xhtml+xml"',
        b'id="text-2-xhtml" media-type="text/x" fallback="cover-xhtml"',
    ),
    "pages of a fixed size": (
        ".opf", b"</metadata>",
        b'<meta property="rendition:layout">pre-paginated</meta></metadata>',
    ),
    "a typeface from elsewhere": (
        "style.css", b'url("fonts/source-serif-4-latin-400-normal.woff2")',
        b'url("https://example.org/a.woff2")',
    ),
    "a typeface in the sheet": (
        "style.css", b'url("fonts/source-serif-4-latin-400-normal.woff2")',
        b'url("data:font/woff2;base64,AAAA")',
    ),
    "another encoding": ("text-2.xhtml", b'encoding="utf-8"', b'encoding="iso-8859-1"'),
    "text taken for a list of pages": (
        "text-1.xhtml", b"<p>", b'<p><span role="doc-pagelist">Not so: </span>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOOK)
def test_a_forged_book_is_noticed(name: str, finished: Path) -> None:
    file, old, new = BOOK[name]
    data = read(finished, "epub")
    forged = rezipped(data, lambda n, d: d.replace(old, new, 1) if n.endswith(file) else d)
    assert told(finished, "epub", rezipped(data, lambda _, d: d)) == []
    assert told(finished, "epub", forged), name


def test_a_book_that_opens_in_two_ways_is_noticed(finished: Path) -> None:
    data = io.BytesIO(read(finished, "epub"))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("EPUB/Text-1.xhtml", archive.read("EPUB/text-1.xhtml"))
    assert "two files" in told(finished, "epub", data.getvalue())[0].message


def test_a_book_that_says_it_is_encrypted_is_noticed(finished: Path) -> None:
    data = io.BytesIO(read(finished, "epub"))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("META-INF/encryption.xml", "<encryption/>")
    assert "encrypted" in told(finished, "epub", data.getvalue())[0].message


def stamp(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[4]
    look = pdf.make_stream(
        b"1 g 0 0 300 300 re f", BBox=[0, 0, 300, 300], Subtype=pikepdf.Name.Form
    )
    page.obj.Annots.append(
        pdf.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Stamp, Rect=[50, 300, 350, 600],
                AP=pikepdf.Dictionary(N=look),
            )
        )
    )  # fmt: skip


def other_words(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[4]
    data = page.Contents.read_bytes()
    page.Contents.write(re.sub(rb"<</MCID 3>>", b"<</MCID 3/ActualText(Not so.)>>", data, count=1))


def spoken_otherwise(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/P" and "/K" in item:
            item.ActualText = pikepdf.String("Not so.")


def launching(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        for note in page.obj.get("/Annots", []):
            if "/Dest" in note:
                del note["/Dest"]
                note.A = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc"))
                return


def scripted(pdf: pikepdf.Pdf) -> None:
    pdf.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("x()"))


def first(pattern: bytes, replacement: bytes) -> Callable[[pikepdf.Pdf], None]:
    """Change the content of the page on which the text begins."""

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[4]
        data = page.Contents.read_bytes()
        page.Contents.write(re.sub(pattern, replacement, data, count=1))

    return change


def over_everything(drawing: bytes) -> Callable[[pikepdf.Pdf], None]:
    """Draw on the page on which the text begins, after all else."""

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[4]
        page.Contents.write(b"q\n" + page.Contents.read_bytes() + b"\nQ\n" + drawing)

    return change


def clipped(shape: bytes) -> Callable[[pikepdf.Pdf], None]:
    """Clip the page on which the text begins."""

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[4]
        page.Contents.write(b"q " + shape + b" W n\n" + page.Contents.read_bytes() + b"\nQ")

    return change


def as_form(layer: bool) -> Callable[[pikepdf.Pdf], None]:
    """Draw the page through a form, on a layer or not."""

    def change(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[4]
        form = pdf.make_stream(
            page.Contents.read_bytes(), BBox=page.MediaBox, Subtype=pikepdf.Name.Form,
            Resources=page.Resources,
        )  # fmt: skip
        if layer:
            form.OC = pdf.make_indirect(
                pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=pikepdf.String("x"))
            )
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(F=form))
        page.Contents.write(b"/F Do")

    return change


def first_link(change: Callable[[pikepdf.Object], None]) -> Callable[[pikepdf.Pdf], None]:
    """Change the first link within the work on the page on which the text begins."""
    return lambda pdf: change(next(a for a in pdf.pages[4].obj.Annots if "/Dest" in a))


def half_a_link(link: pikepdf.Object) -> None:
    left, bottom, _, top = map(float, link.Rect)
    link.QuadPoints = [left, top, left + 3, top, left, bottom, left + 3, bottom]


def chained(link: pikepdf.Object) -> None:
    second = pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String("https://example.org"))
    link.A = pikepdf.Dictionary(S=pikepdf.Name.GoTo, D=link.Dest, Next=second)
    del link["/Dest"]


def square(pdf: pikepdf.Pdf) -> None:
    look = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, Rect=[80, 300, 300, 600], IC=[1, 1, 1]
    )
    pdf.pages[4].obj.Annots.append(pdf.make_indirect(look))


def fonts(pdf: pikepdf.Pdf) -> list[pikepdf.Object]:
    found = (item for item in pdf.objects if isinstance(item, pikepdf.Dictionary))
    return [item for item in found if item.get("/Subtype") == "/Type0"]


def other_codes(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        font.Encoding = pdf.make_stream(b"begincmap endcmap", Type=pikepdf.Name.CMap)


def other_scale(pdf: pikepdf.Pdf) -> None:
    for font in fonts(pdf):
        stream = font.DescendantFonts[0].FontDescriptor.FontFile2
        typeface, out = TTFont(io.BytesIO(stream.read_bytes())), io.BytesIO()
        typeface["head"].unitsPerEm = 16000
        typeface.save(out)
        stream.write(out.getvalue())


def unsaid(pdf: pikepdf.Pdf) -> None:
    """Let the small letter b be read out as nothing."""
    for font in fonts(pdf):
        said = font.ToUnicode.read_bytes()
        font.ToUnicode.write(re.sub(rb"(<[0-9a-f]{4}>) <0062>", rb"\1 <200b>", said, flags=re.I))


def tagged_as(old: str, new: str) -> Callable[[pikepdf.Pdf], None]:
    """Give every structure element of one type another."""

    def change(pdf: pikepdf.Pdf) -> None:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/S") == old:
                item.S = pikepdf.Name(new)

    return change


def read_out_otherwise(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/P" and "/K" in item:
            item.Alt = pikepdf.String("Not so.")


def half_a_page(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[4].obj
    page.CropBox = page.MediaBox
    page.MediaBox = [0, 0, page.MediaBox[2], 300]


FIRST_LINE = rb"(1 0 0 -1 [\d.]+ [\d.]+ Tm\n/\w+ [\d.]+ Tf\n)"

PRINT: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "a thick line over the text": over_everything(b"40 w 1 G 60 500 m 400 500 l S"),
    "a name that is not UTF-8": over_everything(b"/#FF gs"),
    "clipped to two corners": clipped(b"0 0 1 1 re 5000 5000 1 1 re"),
    "clipped to a triangle": clipped(b"0 0 m 9000 0 l 0 9000 l h"),
    "on a layer": as_form(layer=True),
    "half a link": first_link(half_a_link),
    "a link that does two things": first_link(chained),
    "a link that is not there": first_link(lambda link: setattr(link, "F", 32)),
    "a drawing that programs make": square,
    "other glyphs for the same codes": other_codes,
    "glyphs of another scale": other_scale,
    "a letter that is not read out": unsaid,
    "a heading that is none": tagged_as("/H2", "/P"),
    "a caption that is none": tagged_as("/Caption", "/P"),
    "a paragraph with other words beside it": read_out_otherwise,
    "half a page": half_a_page,
    "a page turned round": lambda pdf: setattr(pdf.pages[4].obj, "Rotate", 180),
    "a page turned on its side": lambda pdf: setattr(pdf.pages[4].obj, "Rotate", 90),
    "another file to be opened": lambda pdf: setattr(pdf.Root, "Collection", pikepdf.Dictionary()),
    "letters on each other": first(rb"BT\n", b"BT -9 Tc\n"),
    "letters mirrored": first(rb"1 0 0 -1 ([\d.]+ [\d.]+ Tm)", rb"-1 0 0 -1 \1"),
    "letters turned upside down": first(rb"1 0 0 -1 ([\d.]+ [\d.]+ Tm)", rb"-1 0 0 1 \1"),
    "a space closed up": first(rb"(<0001>)-?[\d.]+", rb"\g<1>400"),
    "a word torn apart": first(rb"\[<([0-9a-f]{4})>0<", rb"[<\1>-900<"),
    "a stamp over the text": stamp,
    "content read out as other words": other_words,
    "a paragraph read out as other words": spoken_otherwise,
    "a link that starts a program": launching,
    "a script on opening": scripted,
    "type squeezed to nothing": first(rb"BT\n", b"BT 4 Tz\n"),
    "pages in another order": lambda pdf: pdf.pages.reverse(),
    "a page doubled": lambda pdf: pdf.pages.append(pdf.pages[4]),
    "a page lost": lambda pdf: pdf.pages.__delitem__(5),
}


@pytest.mark.parametrize("name", PRINT)
def test_a_forged_print_edition_is_noticed(name: str, finished: Path) -> None:
    data = read(finished, "pdf")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        before = [page.Contents.read_bytes() for page in pdf.pages]
        PRINT[name](pdf)
        out = io.BytesIO()
        pdf.save(out)
    assert len(before) > 5
    assert told(finished, "pdf", out.getvalue()), name


def test_a_print_edition_drawn_through_forms_is_still_sound(finished: Path) -> None:
    with pikepdf.open(io.BytesIO(read(finished, "pdf"))) as pdf:
        as_form(layer=False)(pdf)
        out = io.BytesIO()
        pdf.save(out)
    assert told(finished, "pdf", out.getvalue()) == []


def test_a_figure_printed_between_the_words_is_noticed(finished: Path) -> None:
    with pikepdf.open(io.BytesIO(read(finished, "pdf"))) as pdf:
        page = pdf.pages[4]
        data = page.Contents.read_bytes()
        line = re.search(rb"1 0 0 -1 ([\d.]+) ([\d.]+) Tm\n(/\w+) ([\d.]+) Tf", data)
        assert line is not None
        x, y, font, size = line.groups()
        codes = page.Resources.Font[font.decode()].ToUnicode.read_bytes()
        one = re.search(rb"<([0-9a-f]{4})> <0031>", codes, re.I)
        assert one is not None
        extra = (
            b"q .75 0 0 .75 0 0 cm /Artifact BMC BT %s %s Tf 1 0 0 -1 %f %s Tm <%s> Tj ET EMC Q"
        ) % (font, size, float(x) - 9, y, one[1])
        page.Contents.write(b"q\n" + data + b"\nQ\n1 0 0 -1 0 663.307087 cm " + extra)
        out = io.BytesIO()
        pdf.save(out)
    told_extra = [d for d in told(finished, "pdf", out.getvalue()) if d.kind == "text-extra"]
    assert "“1” is printed on the page outside the text" in told_extra[0].message


def test_a_print_edition_saved_by_another_program_is_still_sound(finished: Path) -> None:
    with pikepdf.open(io.BytesIO(read(finished, "pdf"))) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, linearize=True)
    assert told(finished, "pdf", out.getvalue()) == []
