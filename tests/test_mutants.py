"""The mutants themselves: each is a file that opens, with a damage that is really there.

What is seen is judged by eyes of others: pdfium for the print edition, Chromium for the web
edition. What the collation says of the mutants is another matter, and `make mutants` asks it.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pypdfium2
import pytest
from lxml import etree, html
from mutants import suite
from mutants.markup import text_of
from mutants.mutant import FORMATS, Finished, Mutant
from PIL import Image, ImageChops
from playwright.sync_api import Page, sync_playwright

from triptych.validators.chromium import chromium

PAPERS = ("lamps", "bread")
UNSEEN_IN_PRINT = {
    "contents: bookmark doubled",
    "contents: bookmark leads to another",
    "contents: bookmark lost",
    "contents: bookmark says another",
    "disguised: digit read out as another",
    "hidden: unseen words added",
    "metadata: another language",
    "metadata: changed",
    "metadata: doubled",
    "metadata: lost",
    "metadata: dictionary changed",
    "note: mark leads to another",
    "picture: another alternative text",
    "picture: no alternative text",
    "picture: untagged",
    "reference: target",
    "structure: caption to paragraph",
    "structure: heading to paragraph",
    "way back: from a note, doubled",
    "way back: from a note, lost",
    "way back: from a note, to another",
    "way back: from a note, to nowhere",
}
"""Damages that no eye sees on the page, besides those to links."""
BROKEN = {"e-book: chapter not well-formed", "e-book: chapter's file lost", "file: cut short"}


@dataclass(frozen=True, slots=True)
class Pair:
    """A mutant and the sound set it comes from."""

    mutant: Mutant
    sound: Finished

    @property
    def sound_data(self) -> bytes:
        return self.sound.bytes_of(self.mutant.format)

    @property
    def name(self) -> str:
        return f"{self.mutant.kind} ({self.mutant.told})"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sets")
    suite.make_sets(root, PAPERS)
    return root


@pytest.fixture(scope="module")
def pairs(folder: Path) -> list[Pair]:
    """Each damage to each format, once."""
    made = [suite.make_mutant(order, folder) for order in suite.orders(1, PAPERS, each=1)]
    return [Pair(mutant, sound) for mutant, sound in filter(None, made)]


def of(pairs: list[Pair], format_: str, *beginnings: str) -> list[Pair]:
    chosen = [
        pair
        for pair in pairs
        if pair.mutant.format == format_ and pair.mutant.kind.startswith(beginnings or ("",))
    ]
    assert chosen
    return chosen


def test_every_damage_finds_a_place_in_the_papers(pairs: list[Pair]) -> None:
    made = {(pair.mutant.kind, pair.mutant.format) for pair in pairs}
    assert made == set(suite.KINDS)


def test_there_are_thirty_kinds_in_each_format() -> None:
    for name in FORMATS:
        assert len({kind for kind, of_format in suite.KINDS if of_format == name}) >= 30


def test_a_mutant_is_the_same_whenever_it_is_made(folder: Path, pairs: list[Pair]) -> None:
    again = [suite.make_mutant(order, folder) for order in suite.orders(1, PAPERS, each=1)[::9]]
    before = {(pair.mutant.kind, pair.mutant.format): pair.mutant for pair in pairs}
    for mutant, _ in filter(None, again):
        assert mutant == before[mutant.kind, mutant.format]


def test_another_seed_makes_other_mutants(folder: Path, pairs: list[Pair]) -> None:
    again = [suite.make_mutant(order, folder) for order in suite.orders(2, PAPERS, each=1)[::9]]
    before = {hashlib.sha256(pair.mutant.data).digest() for pair in pairs}
    after = {hashlib.sha256(mutant.data).digest() for mutant, _ in filter(None, again)}
    assert len(after - before) > len(after) / 2


def test_a_mutant_says_what_must_be_said_of_it(pairs: list[Pair]) -> None:
    for pair in pairs:
        assert pair.mutant.expected, pair.name
        assert pair.mutant.subject, pair.name
        assert pair.mutant.told, pair.name


# Markup


def tree(data: bytes) -> etree._Element:
    return html.document_fromstring(data.decode())


def chapters(data: bytes) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[0] == "mimetype"
        names = [name for name in archive.namelist() if name.endswith(".xhtml")]
        return {name: etree.fromstring(archive.read(name)) for name in names}


def markup(pair: Pair, data: bytes) -> list[etree._Element]:
    return [tree(data)] if pair.mutant.format == "html" else list(chapters(data).values())


def texts(pair: Pair, data: bytes) -> str:
    return "\n".join(text_of(body) for root in markup(pair, data) for body in root.iter("{*}body"))


def ends(pair: Pair, data: bytes) -> list[tuple[str, str]]:
    """Where the links lead, and what there is for them to lead to."""
    return [
        (element.get("id", ""), element.get("href", ""))
        for root in markup(pair, data)
        for element in root.iter("*")
    ]


TEXTUAL = ("citation:", "entry:", "note: d", "note: two", "note: cut", "text:", "table:", "number:")


def markup_pairs(pairs: list[Pair], *beginnings: str) -> Iterator[Pair]:
    yield from of(pairs, "html", *beginnings)
    yield from of(pairs, "epub", *beginnings)


def test_a_damage_to_words_changes_the_text_of_the_markup(pairs: list[Pair]) -> None:
    for pair in markup_pairs(pairs, *TEXTUAL, "reference: text"):
        assert texts(pair, pair.mutant.data) != texts(pair, pair.sound_data), pair.name


def test_a_damage_to_links_changes_where_they_lead(pairs: list[Pair]) -> None:
    for pair in markup_pairs(pairs, "link:", "reference: target", "note: mark leads"):
        assert texts(pair, pair.mutant.data) == texts(pair, pair.sound_data), pair.name
        assert ends(pair, pair.mutant.data) != ends(pair, pair.sound_data), pair.name


def test_what_hides_or_disguises_leaves_the_text_of_the_markup(pairs: list[Pair]) -> None:
    for pair in markup_pairs(pairs, "hidden", "disguised"):
        assert texts(pair, pair.mutant.data) == texts(pair, pair.sound_data), pair.name


def test_a_damaged_e_book_still_opens(pairs: list[Pair]) -> None:
    for pair in of(pairs, "epub"):
        if pair.mutant.kind not in BROKEN:
            assert chapters(pair.mutant.data), pair.name


def test_opening_and_closing_the_markup_changes_nothing(pairs: list[Pair]) -> None:
    for pair in (of(pairs, "html")[0], of(pairs, "epub")[0]):
        closed = suite.reopened(pair.sound, pair.mutant.format)
        assert texts(pair, closed) == texts(pair, pair.sound_data)
        assert ends(pair, closed) == ends(pair, pair.sound_data)


def screenshot(page: Page, data: bytes) -> Image.Image:
    page.set_content(data.decode(), wait_until="load")
    page.evaluate("() => document.fonts.ready")
    return Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")


def test_what_hides_or_disguises_is_seen_in_a_browser(pairs: list[Pair]) -> None:
    sound: dict[bytes, Image.Image] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 900, "height": 700}, java_script_enabled=False)
        for pair in of(pairs, "html", "hidden", "disguised"):
            if pair.sound.html not in sound:
                sound[pair.sound.html] = screenshot(page, pair.sound.html)
            seen = screenshot(page, pair.mutant.data)
            whole = sound[pair.sound.html]
            assert seen.size != whole.size or unlike(seen, whole) > 5, pair.name
        browser.close()


# Print


@cache
def drawn(data: bytes) -> list[Image.Image]:
    """The pages as pdfium draws them."""
    document = pypdfium2.PdfDocument(data)
    images = [page.render(scale=1.5).to_pil().convert("L") for page in document]
    document.close()
    return images


def read_out(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return text


def unlike(one: Image.Image, other: Image.Image) -> int:
    """The number of points that differ clearly."""
    return sum(ImageChops.difference(one, other).histogram()[40:])


def changed(pair: Pair) -> int:
    before, after = drawn(pair.sound_data), drawn(pair.mutant.data)
    assert len(before) == len(after), pair.name
    return sum(unlike(one, other) for one, other in zip(before, after, strict=True))


def ink(data: bytes) -> int:
    return sum(sum(image.histogram()[:128]) for image in drawn(data))


def test_a_damage_to_print_is_seen_on_the_page(pairs: list[Pair]) -> None:
    for pair in of(pairs, "pdf"):
        kind = pair.mutant.kind
        if kind not in UNSEEN_IN_PRINT | BROKEN and not kind.startswith(("link:", "file:")):
            assert changed(pair) > 2, pair.name


def test_a_damage_that_no_eye_sees_leaves_the_page_as_it_was(pairs: list[Pair]) -> None:
    for pair in of(pairs, "pdf", "link:", *UNSEEN_IN_PRINT):
        assert changed(pair) == 0, pair.name


def test_hidden_print_has_less_ink(pairs: list[Pair]) -> None:
    for pair in of(pairs, "pdf", "hidden:"):
        if pair.mutant.kind not in UNSEEN_IN_PRINT:
            assert ink(pair.mutant.data) < ink(pair.sound_data) - 5, pair.name


@pytest.mark.parametrize("way", ["white", "rendering mode 3", "transparent", "covered"])
def test_hidden_print_is_still_read_out(pairs: list[Pair], way: str) -> None:
    (pair,) = of(pairs, "pdf", f"hidden: {way}")
    assert read_out(pair.mutant.data).split() == read_out(pair.sound_data).split()


def test_a_false_unicode_map_is_read_out_falsely(pairs: list[Pair]) -> None:
    (pair,) = of(pairs, "pdf", "disguised: digit read out")
    assert read_out(pair.mutant.data) != read_out(pair.sound_data)


def test_swapped_glyphs_are_read_out_as_before(pairs: list[Pair]) -> None:
    for pair in of(pairs, "pdf", "disguised: digits swapped"):
        assert read_out(pair.mutant.data) == read_out(pair.sound_data), pair.name


def test_a_damage_to_words_in_print_changes_what_is_read_out(pairs: list[Pair]) -> None:
    exchanged = ("entry: two", "note: two", "text: paragraphs", "table: cells")
    for pair in of(pairs, "pdf", *TEXTUAL):
        if not pair.mutant.kind.startswith(exchanged):
            assert read_out(pair.mutant.data) != read_out(pair.sound_data), pair.name


def test_opening_and_closing_a_print_edition_changes_nothing(pairs: list[Pair]) -> None:
    sound = of(pairs, "pdf")[0].sound
    closed = suite.reopened(sound, "pdf")
    assert read_out(closed) == read_out(sound.pdf)
    for one, other in zip(drawn(closed), drawn(sound.pdf), strict=True):
        assert unlike(one, other) == 0


# Judging


def test_the_collation_raises_no_alarm_over_sound_files(folder: Path) -> None:
    for document in PAPERS:
        for style in ("apa", "ieee", "chicago-fullnote-bibliography"):
            assert suite.false_alarms(folder, document, style) == []


@dataclass(frozen=True, slots=True)
class Said:
    """A difference, as far as judging reads it."""

    kind: str
    witness: str
    subject: str
    message: str = ""
    expected: str = ""
    found: str = ""


def test_only_a_fitting_difference_names_a_damage(pairs: list[Pair]) -> None:
    (pair,) = of(pairs, "pdf", "entry: year")
    (id_,) = pair.mutant.subject
    assert suite.names(Said("entry-differs", "pdf", id_), pair.mutant)
    assert not suite.names(Said("entry-differs", "html", id_), pair.mutant)
    assert not suite.names(Said("entry-missing", "pdf", id_), pair.mutant)
    assert not suite.names(Said("entry-differs", "pdf", "ref-another"), pair.mutant)
    assert not suite.names(Said("text-differs", "pdf", id_), pair.mutant)


def test_every_mutant_is_caught_and_named_rightly(folder: Path) -> None:
    outcomes = suite.judge_all(suite.orders(1, PAPERS, each=1), folder)
    assert len(outcomes) > 250
    assert [outcome for outcome in outcomes if outcome.mutant and not outcome.named] == []
