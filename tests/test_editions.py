"""The shipped article, built in four kinds of citation style, held against real judges."""

from __future__ import annotations

import html
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from conftest import Desk

from triptych.formats import USUAL
from triptych.ledger import Ledger
from triptych.manifest import read_manifest
from triptych.press import build
from triptych.validators import ace, axe, epubcheck, nu, verapdf
from triptych.validators.verdict import Verdict

SOURCE = Path(__file__).parents[1] / "source"
STYLES = {
    "in-text": "modern-language-association",
    "author-date": "apa",
    "numeric": "ieee",
    "note": "chicago-notes-bibliography",
}
MM = 72 / 25.4


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A folder of finished files for each kind of style."""
    root = tmp_path_factory.mktemp("editions")
    for kind, style in STYLES.items():
        build(SOURCE, out=root / kind, csl=style)
    return {kind: root / kind for kind in STYLES}


def finished(editions: dict[str, Path], ending: str) -> list[Path]:
    return [next(folder.glob(f"*.{ending}")) for folder in editions.values()]


def ledger(folder: Path) -> Ledger:
    return read_manifest(next(folder.glob("*.edition.json")).read_bytes()).ledger


def assert_clean(verdicts: list[Verdict]) -> None:
    found = [
        f"{verdict.file.parent.name}: {finding.rule}: {finding.message} ({finding.where})"
        for verdict in verdicts
        for finding in verdict.findings
        if finding.severity in ("error", "warning")
    ]
    assert verdicts
    assert not found, "\n".join(found)


def test_epubcheck_finds_no_error_and_no_warning(editions: dict[str, Path]) -> None:
    assert_clean(epubcheck.validate(finished(editions, "epub")))


def test_ace_finds_nothing_inaccessible_in_the_epub(editions: dict[str, Path]) -> None:
    assert_clean(ace.validate(finished(editions, "epub")))


def test_verapdf_finds_no_failed_rule_of_pdf_ua_1_and_pdf_a_2a(editions: dict[str, Path]) -> None:
    assert_clean(verapdf.validate(finished(editions, "pdf"), flavours=["ua1", "2a"]))


def test_the_nu_checker_finds_no_error_and_no_warning(editions: dict[str, Path]) -> None:
    verdicts = nu.validate(finished(editions, "html"))
    told = [f for v in verdicts for f in v.findings if f.severity != "info"]
    assert len(verdicts) == len(STYLES)
    assert not told


def test_axe_finds_no_violation(editions: dict[str, Path]) -> None:
    schemes: tuple[axe.ColourScheme, ...] = ("light", "dark")
    windows = (390, 844), (1280, 900)
    looks = [axe.View(*window, scheme) for window in windows for scheme in schemes]
    assert_clean(axe.validate(finished(editions, "html"), looks))


def pages(editions: dict[str, Path]) -> Iterator[tuple[str, pypdfium2.PdfPage]]:
    for path in finished(editions, "pdf"):
        document = pypdfium2.PdfDocument(path)
        for number, page in enumerate(document, 1):
            yield f"{path.parent.name}, page {number}", page
        document.close()


def test_pages_have_the_stated_trim_size(editions: dict[str, Path]) -> None:
    for place, page in pages(editions):
        width, height = page.get_size()
        assert (width, height) == pytest.approx((156 * MM, 234 * MM), abs=0.5), place


def test_no_text_leaves_the_page_or_its_margins(editions: dict[str, Path]) -> None:
    for place, page in pages(editions):
        width, height = page.get_size()
        text = page.get_textpage()
        for n in range(text.count_chars()):
            if not text.get_text_range(n, 1).strip():
                continue
            left, bottom, right, top = text.get_charbox(n)
            inside = left > 8 * MM and right < width - 8 * MM and bottom > 6 * MM
            inside = inside and top < height - 6 * MM
            assert inside, (place, text.get_text_range(n, 20))


def test_no_ink_touches_the_edge_of_a_page(editions: dict[str, Path]) -> None:
    for place, page in pages(editions):
        image = page.render(scale=1).to_pil().convert("L")
        edge = 10
        width, height = image.size
        for box in (
            (0, 0, width, edge),
            (0, height - edge, width, height),
            (0, 0, edge, height),
            (width - edge, 0, width, height),
        ):
            assert image.crop(box).getextrema()[0] > 250, place


def squeezed(text: str) -> str:
    """Text without white space, soft hyphens and hyphens at line ends, for a rough comparison."""
    return re.sub(r"[\s\u00ad\u2010\u2011\ufffe\u0002-]+", "", text)


def visible_text(path: Path) -> str:
    if path.suffix == ".pdf":
        document = pypdfium2.PdfDocument(path)
        text = "\n".join(page.get_textpage().get_text_range() for page in document)
        document.close()
        return squeezed(text)
    if path.suffix == ".epub":
        with zipfile.ZipFile(path) as archive:
            markup = "".join(
                archive.read(name).decode()
                for name in archive.namelist()
                if name.endswith(".xhtml")
            )
    else:
        markup = path.read_text(encoding="utf-8")
    return squeezed(html.unescape(re.sub(r"<[^>]+>", "", markup)))


@pytest.mark.parametrize("kind", STYLES)
def test_every_citation_and_entry_of_the_ledger_stands_in_every_format(
    editions: dict[str, Path], kind: str
) -> None:
    written = ledger(editions[kind])
    assert len(written.entries) == 8
    assert len(written.clusters) > 20
    for ending in USUAL:
        text = visible_text(next(editions[kind].glob(f"*.{ending}")))
        for cluster in written.clusters:
            assert squeezed(cluster.text) in text, (ending, cluster)
        for entry in written.entries:
            assert squeezed(entry.text) in text, (ending, entry)


def test_a_note_style_puts_every_citation_into_a_note(editions: dict[str, Path]) -> None:
    notes = ledger(editions["note"])
    assert all(cluster.note for cluster in notes.clusters)
    assert [note.number for note in notes.notes] == [str(n + 1) for n in range(len(notes.notes))]
    assert not all(cluster.note for cluster in ledger(editions["in-text"]).clusters)


def test_every_citation_leads_to_its_entry_and_back_on_the_web(editions: dict[str, Path]) -> None:
    for folder in editions.values():
        page = next(folder.glob("*.html")).read_text(encoding="utf-8")
        ids = set(re.findall(r'\bid="([^"]+)"', page))
        links = re.findall(r'href="#([^"]+)"', page)
        assert set(links) <= ids
        for cluster in ledger(folder).clusters:
            assert cluster.targets
            assert f'href="#{cluster.id}"' in page


def test_the_web_edition_fetches_nothing(editions: dict[str, Path]) -> None:
    for path in finished(editions, "html"):
        page = path.read_text(encoding="utf-8")
        fetched = re.findall(r'(?:src|srcset)="([^"]+)"|url\("?([^")]+)', page)
        assert all((a or b).startswith(("data:", "#")) for a, b in fetched)
        assert not re.findall(r'<link[^>]+rel="stylesheet"', page)


def test_the_same_source_gives_the_same_bytes(editions: dict[str, Path], tmp_path: Path) -> None:
    build(SOURCE, out=tmp_path / "again", csl=STYLES["in-text"])
    for path in sorted((tmp_path / "again").iterdir()):
        assert path.read_bytes() == (editions["in-text"] / path.name).read_bytes(), path.name


def destinations(path: Path) -> dict[str, int]:
    """The page, from 1, of each named destination of a PDF."""
    with pikepdf.open(path) as pdf:
        pages = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        names: Any = pikepdf.NameTree(pdf.Root.Names.Dests)
        return {str(name): pages[target[0].objgen] for name, target in names.items()}


def test_a_note_stands_on_the_page_that_calls_it(editions: dict[str, Path]) -> None:
    for path in finished(editions, "pdf"):
        places = destinations(path)
        marks = {name for name in places if name.startswith("noteref-")}
        astray = [
            (mark, places[mark], places[mark.replace("noteref", "note")])
            for mark in marks
            if places[mark] != places[mark.replace("noteref", "note")]
        ]
        assert marks
        assert not astray, (path.parent.name, astray)


def test_a_paper_without_title_or_headings_is_a_valid_epub(tmp_path: Path) -> None:
    (tmp_path / "plain.md").write_text("Only a line of text.\n")
    build(tmp_path / "plain.md", out=tmp_path / "dist", formats=["epub"])
    assert_clean(epubcheck.validate([tmp_path / "dist" / "plain.epub"]))


def test_the_lines_of_a_numbered_entry_stand_beside_its_number(desk: Desk) -> None:
    words = "engines " * 30
    desk.put("r.bib", f"@book{{a, author = {{Lee, Ann}}, title = {{{words}}}, date = {{2000}}}}\n")
    paper = desk.paper("[@a]\n", "csl: ieee\n", bibliography="r.bib")
    made = build(paper, out=desk.folder / "dist", formats=["pdf"])
    (path,) = (file for file in made.files if file.suffix == ".pdf")
    document = pypdfium2.PdfDocument(path)
    text = document[len(document) - 1].get_textpage()
    read = text.get_text_range()
    first = read.index("A. Lee", read.index("[1]"))
    begins = [first, *(n + 2 for n in range(first, len(read) - 2) if read[n : n + 2] == "\r\n")]
    lefts = [text.get_charbox(n)[0] for n in begins[:3]]
    assert max(lefts) - min(lefts) < 1.5
