"""Forgeries: files that read as they should and show or do something else.

The mutants in `tests/mutants` damage files as software does; these are made to deceive.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from triptych.collate import Difference, collate
from triptych.press import build

PAPER = Path(__file__).parent / "mutants" / "papers" / "bread.md"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("finished")
    build(PAPER, out=out, csl="apa")
    return out


def told(finished: Path, name: str, data: bytes) -> list[Difference]:
    """What the collation says of one file put in the place of the sound one."""
    record = json.loads(next(finished.glob("*.edition.json")).read_text(encoding="utf-8"))
    record["files"] = {file: sha for file, sha in record["files"].items() if file.endswith(name)}
    return [d for d in collate(record, {name: data}).differences if d.kind != "fixity"]


def read(finished: Path, name: str) -> bytes:
    return next(finished.glob(f"*.{name}")).read_bytes()


def with_style(rule: str) -> Callable[[str], str]:
    return lambda page: page.replace("</style>", f"{rule}</style>", 1)


def in_text(markup: str) -> Callable[[str], str]:
    """Put markup at the beginning of the article's first paragraph."""
    return lambda page: re.sub(r"(<article>\s*<p>)", rf"\1{markup}", page, count=1)


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
    "a closed dialog": lambda page: page.replace("<article>", "<article><dialog>", 1).replace(
        "</article>", "</dialog></article>", 1
    ),
    "a popover": lambda page: page.replace("<article>", "<article popover>", 1),
    "words turned round": lambda page: re.sub(
        r"<article>\s*<p>", '<article><p><bdo dir="rtl">', page, count=1
    ).replace("</p>", "</bdo></p>", 1),
    "added quotation marks": lambda page: re.sub(
        r'(<span class="cluster"[^>]*>)(.*?)</span>', r"\1<q>\2</q></span>", page, count=1
    ),
    "text taken for a way back": in_text('<a role="doc-backlink" href="#x">Not so: </a>'),
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
}  # fmt: skip


@pytest.mark.parametrize("name", BOOK)
def test_a_forged_book_is_noticed(name: str, finished: Path) -> None:
    file, old, new = BOOK[name]
    data = read(finished, "epub")
    forged = rezipped(data, lambda n, d: d.replace(old, new, 1) if n.endswith(file) else d)
    assert told(finished, "epub", rezipped(data, lambda _, d: d)) == []
    assert told(finished, "epub", forged), name


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


PRINT: dict[str, Callable[[pikepdf.Pdf], None]] = {
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


def test_a_print_edition_saved_by_another_program_is_still_sound(finished: Path) -> None:
    with pikepdf.open(io.BytesIO(read(finished, "pdf"))) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, linearize=True)
    assert told(finished, "pdf", out.getvalue()) == []
