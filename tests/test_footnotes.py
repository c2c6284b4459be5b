"""Notes stand on the page of their marks, however they share it with lines; long ones run on."""

from __future__ import annotations

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pikepdf
import pypdfium2
import pytest
from conftest import DRAWING, Desk
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from triptych.collate import collate
from triptych.manifest import read_manifest
from triptych.page_design import THEMES
from triptych.press import build
from triptych.read.source import read_source
from triptych.render.pdf.pages import render_paged
from triptych.resolve.passes import resolve_source
from triptych.witness.pdf.reader import read_pdf
from triptych.witness.reading import Reading, Spread, Witness

WORDS = "captain cargo harbour keeper ledger market record summer tide vessel voyage winter".split()


def noted(seed: int) -> str:
    """A paper of paragraphs of few lines, most of them with notes."""
    dice, notes, blocks = Random(seed), 0, ["---\ntitle: Notes\nlang: en-GB\n---"]

    def words(least: int, most: int) -> str:
        return " ".join(dice.choices(WORDS, k=dice.randint(least, most)))

    for _ in range(24):
        paragraph, below = [], []
        for _ in range(dice.randint(1, 4)):
            paragraph.append(words(6, 24))
            if dice.random() < 0.5:
                notes += 1
                paragraph[-1] += f"[^{notes}]"
                below.append(f"[^{notes}]: {words(4, 30)}")
        blocks += [" ".join(paragraph), *below]
    return "\n\n".join(blocks)


def destinations(pages: bytes) -> dict[str, int]:
    """The number of the page of each named destination of a PDF."""
    with pikepdf.open(BytesIO(pages)) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        names: Any = pikepdf.NameTree(pdf.Root.Names.Dests)
        return {str(name): numbers[target[0].objgen] for name, target in names.items()}


@pytest.mark.parametrize("seed", [2, 3, 6])  # of these WeasyPrint sends notes on, or loses them
def test_a_note_stands_on_the_page_of_its_mark(seed: int, tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text(noted(seed))
    pages = render_paged(resolve_source(read_source(paper))[0]).pages
    places = destinations(pages)
    marks = [name for name in places if name.startswith("noteref-")]
    assert len(marks) > 20
    assert [mark for mark in marks if places[mark] != places.get(mark.replace("ref", ""))] == []


def printed(paper: Path) -> Witness:
    """The paper's PDF as read back, its collation passed."""
    return read_pdf(build(paper, out=paper.parent / "dist", formats=["pdf"]).files[0].read_bytes())


def pages_of(note: Reading) -> list[int]:
    where = note.where
    assert isinstance(where, Spread)
    return sorted({page for page, _ in where.places})


def test_a_note_longer_than_a_page_runs_on_at_the_foot_of_the_next(tmp_path: Path) -> None:
    dice = Random(1)
    text, long = (" ".join(dice.choices(WORDS, k=k)) for k in (900, 2400))
    paper = tmp_path / "paper.md"
    paper.write_text(
        f"---\ntitle: Notes\nlang: en-GB\n---\n\nOne.[^1] Two.[^2] {text}\n\nThree.[^3]\n\n"
        f"[^1]: Short.\n\n[^2]: {long}\n\n[^3]: Last.\n"
    )
    article, notes = (witness := printed(paper)).article, witness.notes
    assert [note.number.said for note in notes] == ["1", "2", "3"]
    begins, *others = pages_of(notes[1])
    assert begins == pages_of(notes[0])[0] == pages_of(article)[0]
    assert len(others) > 1
    assert others == list(range(begins + 1, begins + 1 + len(others)))
    assert set(others) <= set(pages_of(article)), "text stands above the note that runs on"


def test_a_note_that_runs_on_past_its_chapter_ends_before_the_next(tmp_path: Path) -> None:
    words = " ".join(Random(2).choices(WORDS, k=1800))
    (tmp_path / "edition.toml").write_text(
        'title = "Notes"\nlanguage = "en"\nchapters = ["a.md", "b.md"]\n'
    )
    (tmp_path / "a.md").write_text(f"# One\n\nText.[^1]\n\n[^1]: {words}\n")
    (tmp_path / "b.md").write_text("# Two\n\nText.[^1]\n\n[^1]: Another.\n")
    first, second = printed(tmp_path).notes
    assert pages_of(first)[-1] < pages_of(second)[0]


PLACES = {
    "text": "{} A sentence.{}",
    "quotation": "> {} Quoted.{}",
    "list": "- One.\n- {} Two.{}",
    "heading": "# Heading {}{}",
    "table": "| Head | Other |\n|---|---|\n| Cell | {} {} |\n| Cell | Cell |",
    "table head": "| Head {}{} | Other |\n|---|---|\n| Cell | Cell |",
    "caption": "| Head | Other |\n|---|---|\n| Cell | Cell |\n\n: Caption {}{}",
    "figure": "![Caption {}{}](a.svg){{alt='A'}}",
}
BLOCKS = {
    "words": "{}",
    "quotation": "> {}",
    "list": "- {}\n- Two.",
    "code": "```python\nprint(1)\n```\n\n{}",
    "formula": "$$\\sum_{{i=1}}^n i$$\n\n{}",
    "table": "| a | b |\n|---|---|\n| c | d |\n\n{}",
}
SIZES = st.one_of(st.integers(1, 60), st.integers(1, 6000))
CALLS = st.tuples(
    st.sampled_from(sorted(PLACES)),
    st.integers(0, 60),
    st.lists(st.tuples(st.sampled_from(sorted(BLOCKS)), SIZES), min_size=1, max_size=3),
)  # fmt: skip


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(  # a number that would be left alone at the foot of a page
    seed=0,
    calls=[
        ("quotation", 0, [("table", 50), ("quotation", 45), ("table", 461)]),
        ("table", 35, [("table", 22)]),
        ("caption", 0, [("code", 60)]),
        ("caption", 0, [("code", 1)]),
    ],
)
@example(  # a head whose note has no room below the notes of the lines above it
    seed=7,
    calls=[
        ("text", 15, [("quotation", 214)]),
        ("table head", 9, [("quotation", 196)]),
        ("list", 53, [("code", 186), ("table", 6), ("table", 527)]),
        ("quotation", 28, [("words", 43), ("table", 35)]),
    ],
)
@example(  # a head and its note that no page has room for together, below text and on a new page
    seed=1,
    calls=[
        ("text", 30, [("words", 3)]),
        ("table head", 60, [("words", 380)]),
        ("table head", 60, [("words", 380), ("quotation", 30)]),
    ],
)
@example(  # a figure that begins the page, whose note has no room below its caption
    seed=0,
    calls=[("figure", 19, [("code", 27), ("code", 32), ("code", 48)])],
)
@given(seed=st.integers(0, 9), calls=st.lists(CALLS, min_size=1, max_size=4))
def test_notes_of_any_length_anywhere_are_printed_whole(
    tmp_path: Path, seed: int, calls: list[tuple[str, int, list[tuple[str, int]]]]
) -> None:
    dice = Random(seed)
    blocks, below = ["---\ntitle: Notes\nlang: en-GB\n---"], []
    for number, (place, before, parts) in enumerate(calls, 1):
        text = " ".join(dice.choices(WORDS, k=before))
        blocks.append(PLACES[place].format(text, f"[^{number}]"))
        filled = [BLOCKS[kind].format(" ".join(dice.choices(WORDS, k=k))) for kind, k in parts]
        below.append(f"[^{number}]:\n\n" + "\n\n".join(filled))
    paper = tmp_path / "paper.md"
    (tmp_path / "a.svg").write_text(DRAWING)
    paper.write_text(
        "\n\n".join(blocks) + "\n\n" + "\n\n".join(n.replace("\n", "\n    ") for n in below)
    )
    assert [note.number.said for note in printed(paper).notes] == [
        str(n + 1) for n in range(len(calls))
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_a_figure_that_begins_a_page_keeps_its_caption_whatever_its_notes(
    desk: Desk, theme: str
) -> None:
    dice, blocks, below = Random(3), list[str](), list[str]()
    for number, (height, long) in enumerate([(9, 300), (12.5, 40), (14, 40), (20, 900)], 1):
        desk.put(f"{number}.svg", DRAWING.replace("0 0 9 9", f"0 0 9 {height}"))
        words = " ".join(dice.choices(WORDS, k=12))
        blocks.append(f"![{words}[^{number}] {words}]({number}.svg){{alt='A' width=100%}}")
        below.append(f"[^{number}]: {' '.join(dice.choices(WORDS, k=long))}")
    witness = printed(desk.paper("\n\n".join([*blocks, "Text.", *below]), f"theme: {theme}\n"))
    assert isinstance(witness.article.where, Spread)
    places = witness.article.where.places
    for picture in witness.article.pictures:
        end = witness.article.text.letters.index("Figure", picture.at) if picture.at else 0
        assert places[end][0] == picture.page
    marks = [pages_of(note)[0] for note in witness.notes]
    assert marks[0] == witness.article.pictures[0].page, "it begins below its caption"


def test_a_note_printed_over_the_text_is_found(tmp_path: Path) -> None:
    paper = tmp_path / "paper.md"
    paper.write_text("---\ntitle: T\nlang: en-GB\n---\n\nOne.[^1] Two.\n\n[^1]: Cargo of ships.\n")
    finished = build(paper, out=tmp_path / "dist", formats=["pdf"]).files[0]
    manifest = read_manifest(next((tmp_path / "dist").glob("*.json")).read_bytes())
    line, foot = rb"(?<=83\.149606 )(\S+)(?= Tm)", rb"\S+(?= Tm)"
    with pikepdf.open(finished) as pdf:
        page = pdf.pages[destinations(finished.read_bytes())["noteref-1"]]
        content = page.Contents.read_bytes()
        text, note = (m[1] for m in re.finditer(line, content))
        assert float(note) > float(text)
        moved = re.sub(foot, lambda m: text if m[0] == note else m[0], content)
        page.Contents = pdf.make_stream(moved)
        pdf.save(forged := BytesIO())
    found = collate(manifest, {"pdf": forged.getvalue()}).differences
    assert "printed over another text" in "".join(difference.message for difference in found)


def test_verse_in_a_note_has_no_empty_lines(desk: Desk) -> None:
    verse = "Words.[^v]\n\n[^v]: Thus:\n\n    | first,\n    |    second,\n    | third.\n"
    first, second, third = feet_of(desk, verse, "first,", "second,", "third.")
    assert first - second == pytest.approx(second - third, abs=0.1)
    assert first - second == pytest.approx(11, abs=0.1)  # the leading of notes, in points


def test_raised_and_lowered_letters_leave_the_lines_evenly_apart(desk: Desk) -> None:
    body = "one\\\nH~2~O two\\\nx^2^ three\\\nfour\n"
    feet = feet_of(desk, body, "one", "two", "three", "four")
    assert [a - b for a, b in pairwise(feet)] == pytest.approx([14, 14, 14], abs=0.1)


def test_a_raised_or_lowered_link_is_high_enough_to_be_pressed(desk: Desk) -> None:
    body = "one\\\nwords^[5](https://a.example/)^ and~[6](https://b.example/)~ two\\\nthree\n"
    pages = render_paged(desk.edition(body)).pages
    with pikepdf.open(BytesIO(pages)) as pdf:
        links = [link for page in pdf.pages for link in page.get("/Annots", []) if "/A" in link]
        heights = [abs(float(link.Rect[3]) - float(link.Rect[1])) for link in links]
    assert len(heights) == 2
    assert min(heights) > 4
    feet = feet_of(desk, body, "one", "two", "three")
    assert [a - b for a, b in pairwise(feet)] == pytest.approx([14, 14], abs=0.1)


def feet_of(desk: Desk, body: str, *words: str) -> list[float]:
    """How high above the foot of the page words stand, in points."""
    document = pypdfium2.PdfDocument(render_paged(desk.edition(body)).pages)
    texts = [page.get_textpage() for page in document]
    found = [
        (text, text.search(word, match_case=True).get_next()) for text in texts for word in words
    ]
    feet = [text.get_charbox(at[0], loose=True)[1] for text, at in found if at]
    document.close()
    return feet
