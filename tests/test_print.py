"""What goes to a printer: boxes, bleed, marks, inks, signatures, the cover and its spine."""

from __future__ import annotations

import re
import shutil
import subprocess
from bisect import bisect_right
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import Desk
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageStat
from printed import ISBN, MM, shown, write_paper

from triptych.collate import collate, collate_edition
from triptych.diagnostics import SourceError
from triptych.formats import FORMATS
from triptych.isbn import isbn13
from triptych.press import build
from triptych.record import EditionRecord, PrintOrder, read_record
from triptych.render.pdf.cover import spine_width
from triptych.render.pdf.inks import BLACK, Press, house_profile, lab_of
from triptych.validators import ghostscript, preflight, qpdf
from triptych.witness.pdf.page_labels import page_labels

SOURCE = Path(__file__).parents[1] / "source"
DOCUMENTS = Path(__file__).parent / "documents"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is printed here: an article, an illustrated paper in colour and in grey, hard papers."""
    root = tmp_path_factory.mktemp("printed")
    formats = ("html", "pdf", "print", "cover")
    build(SOURCE, out=root / "article", formats=formats)
    build(write_paper(root / "a", "signature: 16\nmin-resolution: 150\npaper: 1"),
          out=root / "colour", formats=formats)  # fmt: skip
    build(write_paper(root / "b", "colour: grey\nmarks: false\nbleed: 5"),
          out=root / "grey", formats=("print",))  # fmt: skip
    for name in ("arabic", "captions-and-tables"):
        build(DOCUMENTS / name / "paper.md", out=root / name, formats=("print", "cover"))
    return root


def the(folder: Path, ending: str) -> Path:
    """The file of an edition with an ending such as `.print.pdf`."""
    return next(path for path in folder.iterdir() if path.name.split(".", 1)[1] == ending[1:])


# --- Standards -----------------------------------------------------------------------------------


def test_preflight_ghostscript_and_qpdf_have_nothing_against_them(shelf: Path) -> None:
    files = sorted([*shelf.glob("*/*.print.pdf"), *shelf.glob("*/*.cover.pdf")])
    assert len(files) == 9
    illustrated = {path.resolve(): 150 for path in files if path.parent.name in ("colour", "grey")}
    verdicts = [
        *preflight.validate(files, resolutions=illustrated),
        *ghostscript.validate(files),
        *qpdf.validate(files),
    ]
    found = [finding for v in verdicts for finding in v.findings if finding.severity != "info"]
    assert found == []


def test_printed_pages_say_what_the_others_say(shelf: Path) -> None:
    for name in ("article", "colour", "arabic", "captions-and-tables"):
        collation = collate_edition(shelf / name)
        assert collation.passed, collation.differences
        assert "print" in [witness.format for witness in collation.witnesses]


def test_pages_of_another_pagination_are_noticed(desk: Desk) -> None:
    paper = desk.paper("Words about engines. " * 300)
    build(paper, out=desk.folder / "one", formats=("pdf", "print"))
    build(desk.paper("Words about engines. " * 300, "trim-size: a5\n"),
          out=desk.folder / "other", formats=("print",))  # fmt: skip
    other = the(desk.folder / "other", ".print.pdf").read_bytes()
    the(desk.folder / "one", ".print.pdf").write_bytes(other)
    kinds = {(d.witness, d.kind) for d in collate_edition(desk.folder / "one").differences}
    assert kinds == {("print", "fixity"), ("print", "page-moved")}


def test_a_page_that_breaks_one_word_later_in_print_than_on_the_screen_is_noticed(
    shelf: Path,
) -> None:
    found = collate_edition(shelf / "article")
    (printed,) = (w for w in found.witnesses if w.format == "print")
    label, start = printed.pages[2]
    later = printed.article.text.edges[bisect_right(printed.article.text.edges, start)]
    pages = tuple((name, later if name == label else at) for name, at in printed.pages)
    read = [replace(w, pages=pages) if w is printed else w for w in found.witnesses]
    files = {
        form: the(shelf / "article", FORMATS[form].ending).read_bytes()
        for form in ("html", "pdf", "print", "cover")
    }
    again = collate(found.manifest, files, read)
    assert [(d.witness, d.kind, d.subject) for d in again.differences] == [
        ("print", "page-moved", f"page-{label}")
    ]


def test_a_page_called_by_another_number_than_is_printed_is_noticed(
    shelf: Path, tmp_path: Path
) -> None:
    out = tmp_path / "dist"
    shutil.copytree(shelf / "article", out)
    path = the(out, ".print.pdf")
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.Root.PageLabels.Nums[1].St = 3
        pdf.save(path)
    kinds = {(d.witness, d.kind) for d in collate_edition(out).differences}
    assert ("print", "folio-differs") in kinds


def test_page_labels_are_read_as_the_standard_has_them() -> None:
    ranges = [0, {"/S": "/r"}, 3, {"/S": "/D"}, 5, {"/S": "/A", "/P": "x-", "/St": 26}, 7, {}]
    nested = {"/PageLabels": {"/Kids": [{"/Nums": ranges[:4]}, {"/Nums": ranges[4:]}]}}
    labels = page_labels(nested, 8)
    assert labels == ("i", "ii", "iii", "1", "2", "x-Z", "x-AA", "")
    assert page_labels({}, 3) == ("1", "2", "3")


def test_a_turned_page_leaves_the_press_upright(desk: Desk) -> None:
    columns = 14
    head = "|".join(f"Measurement {n}" for n in range(columns))
    row = "|".join(f"{n * 1234567}" for n in range(columns))
    table = f"|{head}|\n|{'---|' * columns}\n" + f"|{row}|\n" * 4 + "\n: Wide\n"
    made = build(desk.paper(f"Words.\n\n{table}"), out=desk.folder / "dist", formats=("print",))
    assert "table-wide" in {warning.code for warning in made.warnings}
    path = desk.folder / "dist" / "paper.print.pdf"
    (verdict,) = preflight.validate([path])
    assert [finding.rule for finding in verdict.findings if finding.severity == "error"] == []
    assert len({shown(path, page, 10).size for page in range(4)}) == 1


# --- Sheets --------------------------------------------------------------------------------------


def boxes(path: Path) -> dict[str, tuple[float, ...]]:
    """The boxes of the first page, in mm."""
    with pikepdf.open(path) as pdf:
        page = pdf.pages[0].obj
        return {
            name: tuple(round(float(edge) / MM, 2) for edge in page[f"/{name}Box"])
            for name in ("Media", "Bleed", "Trim")
        }


def test_the_boxes_are_those_ordered(shelf: Path) -> None:
    assert boxes(the(shelf / "article", ".print.pdf")) == {
        "Media": (-14, -14, 170, 248), "Bleed": (-3, -3, 159, 237), "Trim": (0, 0, 156, 234),
    }  # fmt: skip
    assert boxes(the(shelf / "grey", ".print.pdf")) == {  # without marks, no slug
        "Media": (-5, -5, 161, 239), "Bleed": (-5, -5, 161, 239), "Trim": (0, 0, 156, 234),
    }  # fmt: skip


def test_pages_fill_whole_signatures_with_blank_ones_at_the_end(shelf: Path) -> None:
    with pikepdf.open(the(shelf / "colour", ".print.pdf")) as printed:
        with pikepdf.open(the(shelf / "colour", ".pdf")) as screen:
            written = len(screen.pages)
        assert len(printed.pages) == 16
        assert written < 16
    last = shown(the(shelf / "colour", ".print.pdf"), 15)
    inner = last.crop((60, 60, last.width - 60, last.height - 60))
    assert inner.getextrema() == ((255, 255),) * 3


def test_marks_stand_in_the_slug_and_nothing_else_does(shelf: Path) -> None:
    """The ring between the bleed and the marks is white on every page."""
    path = the(shelf / "article", ".cover.pdf")
    sheet = shown(path, 0, 288)
    edge, ring = round(11 * MM * 4), round(0.7 * MM * 4)
    inside = (edge - ring, edge - ring, sheet.width - edge + ring, sheet.height - edge + ring)
    across = sheet.crop((inside[0], inside[1], inside[2], inside[1] + 4))
    assert across.getextrema() == ((255, 255),) * 3
    slug = sheet.crop((0, 0, sheet.width, edge)).convert("L")
    assert min(slug.tobytes()) < 40  # marks


def test_the_cover_bleeds(shelf: Path) -> None:
    """Two millimetres outside the trim, all around, the cover's ground is printed."""
    path = the(shelf / "article", ".cover.pdf")
    sheet = shown(path, 0, 144)
    at = round((14 - 2) * MM * 2)
    for x, y in ((at, at), (sheet.width - at, at), (at, sheet.height - at)):
        pixel: Any = sheet.getpixel((x, y))
        assert max(pixel) < 80


def test_the_words_of_the_slug_are_no_text(shelf: Path) -> None:
    path = the(shelf / "article", ".print.pdf")
    said = subprocess.run(["pdftotext", str(path), "-"], capture_output=True, text=True, check=True)
    assert "FOGRA39" not in said.stdout


# --- Inks ----------------------------------------------------------------------------------------


def coverage(path: Path) -> list[tuple[float, ...]]:
    """How much of each page cyan, magenta, yellow and black cover, as Ghostscript counts."""
    command = ["gs", "-q", "-dSAFER", "-dNOPAUSE", "-dBATCH", "-sDEVICE=ink_cov", "-o", "-"]
    done = subprocess.run([*command, str(path)], capture_output=True, text=True, check=True)
    return [
        tuple(float(part) for part in line.split()[:4])
        for line in done.stdout.splitlines()
        if "CMYK OK" in line
    ]


def test_text_is_printed_in_black_alone(desk: Desk) -> None:
    paper = desk.paper("Words about engines.[^1]\n\n[^1]: A note.\n", "print:\n  marks: false\n")
    build(paper, out=desk.folder / "dist", formats=("print",))
    last = coverage(desk.folder / "dist" / "paper.print.pdf")[-1]
    assert last[3] > 0.05
    # The number of the note is red; nothing else is in another ink.
    assert max(last[:3]) < 0.01


INKS = ("Cyan", "Magenta", "Yellow", "Black")


def plates(path: Path, page: int, folder: Path, dots: int = 100) -> dict[str, Image.Image]:
    """A page as Ghostscript separates it, overprint and all: white where a plate has no ink."""
    command = [
        "gs", "-q", "-dSAFER", "-dNOPAUSE", "-dBATCH", "-sDEVICE=tiffsep", f"-r{dots}",
        f"-dFirstPage={page}", f"-dLastPage={page}", "-o", str(folder / "p%d.tif"), str(path),
    ]  # fmt: skip
    subprocess.run(command, check=True)
    found = {path.stem.partition("(")[2][:-1]: path for path in folder.glob("p1(*).tif")}
    return {ink: Image.open(path).convert("L") for ink, path in found.items()}


def test_black_text_is_on_the_black_plate_and_marks_are_on_all(desk: Desk) -> None:
    paper = desk.paper("Words about engines, and of those who mind them. " * 60)
    build(paper, out=desk.folder / "dist", formats=("print",))
    separated = plates(desk.folder / "dist" / "paper.print.pdf", 3, desk.folder)
    assert set(separated) == set(INKS)
    width, height = separated["Black"].size
    edge = round(14 / 25.4 * 100)
    page = (edge, edge, width - edge, height - edge)
    for ink in INKS[:3]:
        assert separated[ink].crop(page).getextrema() == (255, 255), ink
    assert separated["Black"].crop(page).getextrema() == (0, 255)
    left = (0, 0, edge - 9, height // 2)  # the slug, away from the bar of the inks
    marks = {separated[ink].crop(left).tobytes() for ink in INKS}
    assert len(marks) == 1
    assert separated["Black"].crop(left).getextrema() == (0, 255)


def test_a_grey_edition_needs_one_plate(shelf: Path) -> None:
    pages = coverage(the(shelf / "grey", ".print.pdf"))
    assert {page[:3] for page in pages} == {(0, 0, 0)}
    assert max(page[3] for page in pages) > 5


def test_pictures_look_as_on_the_screen(shelf: Path) -> None:
    """The mean of each page's colours is near that of the screen's, as pdfium shows both."""
    printed, screen = the(shelf / "colour", ".print.pdf"), the(shelf / "colour", ".pdf")
    with pikepdf.open(screen) as pdf:
        count = len(pdf.pages)
    for page in range(count):
        sheet, leaf = shown(printed, page), shown(screen, page)
        edge = round(14 * MM)
        trimmed = sheet.crop((edge, edge, edge + leaf.width, edge + leaf.height))
        for one, other in zip(ImageStat.Stat(trimmed).mean, ImageStat.Stat(leaf).mean, strict=True):
            assert abs(one - other) < 14, page


channel = st.integers(0, 255)


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(house_profile(), "cmyk")


@given(channel, channel, channel, st.booleans())
def test_no_colour_asks_for_too_much_ink(red: int, green: int, blue: int, text: bool) -> None:
    inks = Press(house_profile(), "cmyk").inks("RGB", (red / 255, green / 255, blue / 255), text)
    assert len(inks) == 4
    assert min(inks) >= 0
    assert max(inks) <= 1
    assert sum(inks) <= 3.05


@given(channel)
def test_greys_are_black_alone_and_darker_ones_blacker(grey: int) -> None:
    press = Press(house_profile(), "cmyk")
    inks = press.inks("RGB", (grey / 255,) * 3, False)
    lighter = press.inks("RGB", (min(255, grey + 1) / 255,) * 3, False)
    assert inks[:3] == (0, 0, 0)
    assert inks[3] >= lighter[3]


def test_the_ink_of_the_text_is_black_and_coloured_text_stays_coloured(press: Press) -> None:
    assert press.inks("RGB", (0x1F / 255, 0x24 / 255, 0x30 / 255), True) == BLACK
    cyan, magenta, *_ = press.inks("RGB", (0x8C / 255, 0x2F / 255, 0x2B / 255), True)
    assert magenta > 0.6 > cyan


def test_lab_and_rgb_of_one_colour_are_the_same_inks(press: Press) -> None:
    of_rgb = press.inks("RGB", (186 / 255, 88 / 255, 86 / 255), False)
    of_lab = press.inks("LAB", (50.0, 40.0, 20.0), False)
    assert of_lab == pytest.approx(of_rgb, abs=0.03)


def test_white_is_paper_and_lab_measures_as_the_standard_does(press: Press) -> None:
    assert press.inks("RGB", (1.0, 1.0, 1.0), True) == (0, 0, 0, 0)
    assert lab_of(255, 0, 0) == pytest.approx((53.24, 80.09, 67.20), abs=0.05)


# --- The cover -----------------------------------------------------------------------------------


@given(st.integers(1, 2000), st.floats(0.04, 0.4))
def test_the_spine_is_as_thick_as_the_leaves(pages: int, paper: float) -> None:
    record = EditionRecord("A", printing=PrintOrder(paper=paper))
    assert spine_width(record, pages) == pytest.approx(-(-pages // 2) * paper, abs=0.006)


def test_the_cover_is_back_spine_and_front(shelf: Path) -> None:
    left, _, right, _ = boxes(the(shelf / "colour", ".cover.pdf"))["Trim"]
    assert right - left == pytest.approx(2 * 156 + 8 * 1.0, abs=0.05)  # 16 pages of board


def test_a_thin_spine_carries_no_words(shelf: Path) -> None:
    def times(title: str, path: Path) -> int:
        command = ["pdftotext", "-raw", str(path), "-"]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        return " ".join(said.split()).count(title)

    assert times("Printed Matter", the(shelf / "colour", ".cover.pdf")) == 2
    assert times("The Narrow Road to a Treaty", the(shelf / "article", ".cover.pdf")) == 1


_LEFT = "0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011".split()
_PARITY = "LLLLLL LLGLGG LLGGLG LLGGGL LGLLGG LGGLLG LGGGLL LGLGLG LGLGGL LGGLGL".split()


def read_barcode(bits: str) -> str:
    """The number of an EAN-13 symbol (ISO/IEC 15420), by tables of its own."""
    assert len(bits) == 95
    right = ["".join("01"[bit == "0"] for bit in code) for code in _LEFT]
    mirrored = [code[::-1] for code in right]
    half = [bits[3 + 7 * n : 10 + 7 * n] for n in range(6)]
    first = _PARITY.index("".join("L" if code in _LEFT else "G" for code in half))
    digits = [(_LEFT if code in _LEFT else mirrored).index(code) for code in half]
    digits += [right.index(bits[50 + 7 * n : 57 + 7 * n]) for n in range(6)]
    return "".join(map(str, [first, *digits]))


def test_the_barcode_reads_as_the_isbn(shelf: Path) -> None:
    sheet = shown(the(shelf / "colour", ".cover.pdf"), 0, 600).convert("L")
    # The white field in the lower right of the back; a line across the middle of its bars.
    dot = 600 / 25.4
    x0, x1 = round((14 + 90) * dot), round((14 + 156) * dot)
    for y in range(round(200 * dot), round(238 * dot), 20):
        row: list[Any] = [sheet.getpixel((x, y)) for x in range(x0, x1)]
        white = [n for n, value in enumerate(row) if value > 200]
        if not white:
            continue
        field = row[white[0] : white[-1] + 1]
        dark = [n for n, value in enumerate(field) if value < 128]
        if len(dark) < 200:
            continue
        module = (dark[-1] + 1 - dark[0]) / 95
        bits = "".join(
            "1" if field[round(dark[0] + (n + 0.5) * module)] < 128 else "0" for n in range(95)
        )
        if bits.startswith("101") and bits.endswith("101"):
            assert read_barcode(bits) == ISBN
            assert dark[0] >= 11 * module  # the white that readers need (ISO/IEC 15420)
            assert len(field) - 1 - dark[-1] >= 7 * module
            return
    pytest.fail("no barcode was found")


@pytest.mark.parametrize(
    ("identifier", "number"),
    [
        ("urn:isbn:9783161484100", "9783161484100"),
        ("ISBN 978-3-16-148410-0", "9783161484100"),
        ("978-3-16-148410-1", ""),  # a wrong check digit
        ("urn:uuid:be4ed479-b6f5-4d78-bcd0-b981cd656e4b", ""),
        ("10.1000/978", ""),
    ],
)
def test_only_an_isbn_gets_a_barcode(identifier: str, number: str) -> None:
    assert isbn13(identifier) == number


# --- What is asked for ---------------------------------------------------------------------------


def test_a_coarse_picture_is_told_with_its_place(tmp_path: Path) -> None:
    paper = write_paper(tmp_path, "min-resolution: 600")
    told = build(paper, out=tmp_path / "dist", formats=("print",)).warnings
    coarse = {(d.line, d.column): d.message for d in told if d.code == "image-resolution"}
    line = (
        paper.read_text(encoding="utf-8")
        .splitlines()
        .index('![Photograph](photo.jpg){alt="Colours."}')
    )
    assert re.search(r"photo\.jpg has \d+ pixels", coarse[line + 1, 15])
    assert not any("vectors" in message for message in coarse.values())


def test_no_printer_no_word_of_coarse_pictures(tmp_path: Path) -> None:
    paper = write_paper(tmp_path, "min-resolution: 600")
    assert not build(paper, out=tmp_path / "dist", formats=("pdf",)).warnings


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ({"bleed": "3mm"}, "bleed"),
        ({"bleed": -1}, "bleed"),
        ({"signature": 2.5}, "signature"),
        ({"signature": True}, "signature"),
        ({"colour": "rgb"}, "colour"),
        ({"marks": "yes"}, "marks"),
        ({"thickness": 1}, "thickness"),
        ("all", "print"),
    ],
)
def test_what_the_table_print_cannot_mean_is_told(table: object, field: str) -> None:
    problems = read_record({"title": "A", "print": table}, "A").problems
    assert [problem.field for problem in problems] == [field]


def test_a_profile_that_is_none_is_told(desk: Desk) -> None:
    desk.put("house.icc", b"nonsense")
    paper = desk.paper("Words.", "print:\n  profile: house.icc\n")
    with pytest.raises(SourceError) as caught:
        build(paper, out=desk.folder / "dist", formats=("print",))
    (told,) = caught.value.diagnostics
    assert (told.code, told.line) == ("print-profile", 6)


def test_a_profile_of_ones_own_is_printed_by(desk: Desk) -> None:
    desk.put("house.icc", house_profile())
    front = 'print:\n  profile: house.icc\n  condition: "House 1"\n'
    build(desk.paper("Words.", front), out=desk.folder / "dist", formats=("print",))
    with pikepdf.open(desk.folder / "dist" / "paper.print.pdf") as pdf:
        intent: Any = pdf.Root.OutputIntents[0]
        assert str(intent.OutputConditionIdentifier) == "House 1"
        assert intent.DestOutputProfile.read_bytes() == house_profile()
