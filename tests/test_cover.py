"""The cover of the printed book: what it must say, and every forgery of it that is told."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from printed import ISBN, MM, write_paper

from triptych.cli import main
from triptych.collate import Difference, collate
from triptych.edition import Edition
from triptych.manifest import Appearance, manifest_of, read_manifest
from triptych.people import Contributor
from triptych.press import Build, build
from triptych.record import EditionRecord
from triptych.render.pdf.cover import wrap

BODY = "\n# Words\n\nSome words.\n"
SUMMARY = (
    "What became of the harbour books, and of those who kept them. "
    "Most were lost; two were found again, in 1921 and in 1987, under a floor."
)
FRONT = f"""\
---
title: Tides and Ledgers
subtitle: The harbour books
author: [Ada Example, Min Lee]
publisher: Quay Press
abstract: {SUMMARY}
identifier: urn:isbn:{ISBN}
print: {{signature: 16, paper: 1}}
---
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Build:
    """An edition of 16 printed pages of board, with a cover whose spine is 8 mm wide."""
    root = tmp_path_factory.mktemp("cover")
    paper = write_paper(root, body=BODY)
    paper.write_text(FRONT + BODY, encoding="utf-8")
    return build(paper, out=root / "dist", formats=("print", "cover"))


def file(made: Build, ending: str) -> Path:
    return next(path for path in made.files if path.name.endswith(ending))


def told(made: Build, cover: bytes) -> list[Difference]:
    """What the collation says of the edition with this cover in the place of its own."""
    manifest = read_manifest(file(made, ".edition.json").read_bytes())
    files = {"print": file(made, ".print.pdf").read_bytes(), "cover": cover}
    return [item for item in collate(manifest, files).differences if item.kind != "fixity"]


def test_the_cover_says_what_the_record_says(made: Build) -> None:
    cover = made.collation.cover
    assert cover is not None
    assert cover.front.text.plain.split() == (
        "Ada Example, Min Lee Tides and Ledgers The harbour books Quay Press".split()
    )
    assert cover.spine.text.plain.split() == "Tides and Ledgers Quay Press".split()
    assert cover.back.text.plain.startswith(SUMMARY)
    assert cover.barcodes == (ISBN,)
    assert cover.width == pytest.approx(2 * 156 + 8, abs=0.02)
    assert told(made, file(made, ".cover.pdf").read_bytes()) == []


# --- Covers of another state of the work ---------------------------------------------------------


def of(**changed: Any) -> Callable[[Edition], EditionRecord]:
    return lambda edition: replace(edition.record, **changed)


def without_an_author(edition: Edition) -> EditionRecord:
    return replace(edition.record, contributors=edition.record.contributors[:1])


def authors_exchanged(edition: Edition) -> EditionRecord:
    return replace(edition.record, contributors=edition.record.contributors[::-1])


STALE: dict[str, tuple[Callable[[Edition], EditionRecord], str, str]] = {
    "a swapped letter in the title": (of(title="Tides and Legders"), "text-differs", "Legders"),
    "the title of an older state": (of(title="Tides and Tables"), "text-differs", "Tables"),
    "no subtitle": (of(subtitle=""), "text-missing", "The harbour books"),
    "a lost author": (without_an_author, "text-differs", "Min Lee"),
    "authors exchanged": (authors_exchanged, "text-", "Min Lee"),
    "another publisher": (of(publisher="Key Press"), "text-differs", "Key"),
    "another year on the back": (of(summary=SUMMARY.replace("1921", "1912")), "text-", "12"),
    "a summary cut short": (of(summary=SUMMARY[:-20]), "text-differs", "under a floor"),
    "no summary": (of(summary=""), "text-missing", "What became"),
    "words more than there should be": (
        of(summary=f"{SUMMARY} A bestseller."), "text-extra", "A bestseller",
    ),
    "two words run together": (of(title="Tides andLedgers"), "text-differs", "a space is lost"),
    "another ISBN": (of(identifier="urn:isbn:9780306406157"), "text-", "9780306406157"),
    "no ISBN": (of(identifier="urn:uuid:0"), "text-", "ISBN"),
    "pages of another height": (of(trim_size=(156.0, 230.0)), "cover-size", "230.00 mm"),
    "the panels mirrored": (of(language="ar"), "text-", "Tides"),
}  # fmt: skip


def expect(found: list[Difference], kind: str, words: str) -> None:
    """One of what is told is of this kind, or begins so, and names the words."""
    assert any(
        item.kind.startswith(kind) and words in f"{item.message} {item.expected} {item.found}"
        for item in found
    ), [str(item) for item in found]


@pytest.mark.parametrize("name", STALE)
def test_the_cover_of_another_state_is_told(name: str, made: Build) -> None:
    change, kind, words = STALE[name]
    other = replace(made.edition, record=change(made.edition))
    expect(told(made, wrap(other, 16).pdf), kind, words)


def test_a_spine_for_fewer_pages_is_told(made: Build) -> None:
    found = told(made, wrap(made.edition, 12).pdf)
    expect(found, "cover-size", "the spine is 6.00 mm wide, and 16 pages are 8.00 mm thick")


def test_a_stale_cover_fails_the_command(
    made: Build, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The exit code is 3, even where the manifest was made to fit the bytes."""
    for path in made.files:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    other = replace(made.edition, record=replace(made.edition.record, title="Tides and Tables"))
    (tmp_path / file(made, ".cover.pdf").name).write_bytes(wrap(other, 16).pdf)
    assert main(["collate", str(tmp_path)]) == 3
    said = capsys.readouterr()
    assert "cover, front, line 3: the text reads" in said.err
    assert "PRINT, COVER: " in said.out


# --- Forgeries -----------------------------------------------------------------------------------

Forgery = Callable[[pikepdf.Pdf], None]


def content(change: Callable[[bytes], bytes]) -> Forgery:
    """Change the content of the sheet."""

    def forge(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0]
        page.contents_coalesce()
        old = page.obj.Contents.read_bytes()
        new = change(old)
        assert new != old
        page.obj.Contents = pdf.make_stream(new)

    return forge


def over(drawing: bytes) -> Forgery:
    """Draw over the front, in the ground's ink, from its lower left corner."""
    left = (156 + 8) * MM

    def forge(pdf: pikepdf.Pdf) -> None:
        begin = f"q 1 0 0 1 {left} 0 cm .62 .52 .4 .88 k ".encode()
        pdf.pages[0].contents_add(pdf.make_stream(begin + drawing + b" Q"))

    return forge


_TEXT = re.compile(rb"BT\n.*?ET", re.S)


def title(change: Callable[[bytes], bytes]) -> Forgery:
    """Change the largest piece of text, which is the title on the front."""

    def size(match: re.Match[bytes]) -> float:
        found = re.search(rb"([\d.]+) Tf", match[0])
        return float(found[1]) if found else 0.0

    def forge(data: bytes) -> bytes:
        largest = max(_TEXT.finditer(data), key=size)
        return data[: largest.start()] + change(largest[0]) + data[largest.end() :]

    return content(forge)


def shifted(dx: float, dy: float) -> Callable[[bytes], bytes]:
    """Text set so many of its content's units to the right, and down."""

    def shift(text: bytes) -> bytes:
        def move(found: re.Match[bytes]) -> bytes:
            x, y = float(found[1]) + dx, float(found[2]) + dy
            return f"1 0 0 -1 {x:.3f} {y:.3f} Tm".encode()

        return re.sub(rb"1 0 0 -1 ([\d.]+) ([\d.]+) Tm", move, text)

    return shift


def over_the_people(pdf: pikepdf.Pdf) -> None:
    """The title on the line of the people, who are painted just before it."""
    page = pdf.pages[0]
    page.contents_coalesce()
    set_at = re.compile(rb"1 0 0 -1 [\d.]+ ([\d.]+) Tm")
    people, itself = _TEXT.findall(page.obj.Contents.read_bytes())[-4:-2]
    high, low = (float(set_at.findall(text)[0]) for text in (people, itself))
    title(shifted(0, high - low))(pdf)


def spoken_otherwise(pdf: pikepdf.Pdf) -> None:
    """All typefaces say another letter for one of their glyphs: the words look right."""
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and "/ToUnicode" in item:
            cmap: Any = item.ToUnicode
            data = re.sub(rb"<0074>", b"<0066>", cmap.read_bytes(), count=1)
            cmap.write(data)


def annotated(pdf: pikepdf.Pdf) -> None:
    """A note that programs draw over the spine."""
    left = 156 * MM
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Square, C=[1],
        Rect=[left, 300, left + 8 * MM, 660],
    )  # fmt: skip
    pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(note)])


def a_bar_less(data: bytes) -> bytes:
    """The last but one bar, of those painted in black alone, is not painted."""
    bars = list(re.finditer(rb"[\d.]+ 4\.5 [\d.]+ 19 re\nf", data))
    return data[: bars[-2].start()] + data[bars[-2].end() :]


def two_pages(pdf: pikepdf.Pdf) -> None:
    pdf.pages.append(pdf.pages[0])


FORGERIES: dict[str, tuple[Forgery, str, str]] = {
    "a box in the ground's ink over the front": (over(b"0 0 450 660 re f"), "hidden", "Tides"),
    "a line drawn through the title": (over(b"0 0 0 1 K 40 w 0 400 m 450 400 l S"), "hidden", ""),
    "the title in the ground's ink": (
        title(lambda text: re.sub(rb"BT\n[\d. ]+ k", b"BT\n.62 .52 .4 .88 k", text)),
        "hidden", "colour of its ground",
    ),
    "the title not painted": (
        title(lambda text: text.replace(b"BT\n", b"BT\n3 Tr\n")), "hidden", "paints nothing",
    ),
    "the title tiny": (
        title(lambda text: re.sub(rb"1 0 0 -1 ", b".05 0 0 -.05 ", text)), "hidden", "type of",
    ),
    "the title upside down": (
        title(lambda text: re.sub(rb"1 0 0 -1 ", b"-1 0 0 1 ", text)), "hidden", "turned",
    ),
    "the title moved to the back": (title(shifted(-600, 0)), "text-", "Tides"),
    "the title over the trim": (title(shifted(260, 0)), "hidden", "reaches out of the front"),
    "the title over the fold": (title(shifted(-70, 0)), "hidden", "reaches out"),
    "the title in the bleed": (title(shifted(0, -385)), "hidden", "reaches out of the front"),
    "the title over the people": (over_the_people, "hidden", "printed over another text"),
    "the title below its subtitle": (title(shifted(0, 400)), "text-moved", "out of its place"),
    "words read out otherwise": (spoken_otherwise, "disguised", "another shape"),
    "a note over the spine": (annotated, "hidden", "Tides"),
    "a bar missing": (content(a_bar_less), "text-differs", "bar code"),
    "a name that is not UTF-8": (over(b"/#FF gs"), "unreadable", "not a sound PDF"),
    "two pages": (two_pages, "unreadable", "2 pages"),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forged_cover_is_told(name: str, made: Build) -> None:
    forge, kind, words = FORGERIES[name]
    out = io.BytesIO()
    with pikepdf.open(file(made, ".cover.pdf")) as pdf:
        forge(pdf)
        pdf.save(out)
    expect(told(made, out.getvalue()), kind, words)


def test_a_cover_saved_by_another_program_is_still_sound(made: Build) -> None:
    out = io.BytesIO()
    with pikepdf.open(file(made, ".cover.pdf")) as pdf:
        pdf.save(out, qdf=True, normalize_content=True)
    assert told(made, out.getvalue()) == []


# --- What is long --------------------------------------------------------------------------------

SENTENCE = "The harbour books were kept by clerks who counted what came and what went. "
AUTHORS = tuple(Contributor(f"Given{n} Q. Familyname-{n}") for n in range(60))
LONG: dict[str, tuple[dict[str, Any], str]] = {
    "a summary of 3,000 letters": ({"summary": (SENTENCE * 40).strip()}, ""),
    "a summary of 7,500 letters": ({"summary": (SENTENCE * 100).strip()}, "summary"),
    "sixty authors": ({"contributors": AUTHORS}, "author"),
    "a title of 210 letters": ({"title": f"{SENTENCE}{SENTENCE}In forty ports, by year"}, "title"),
    "a word that no line holds": ({"title": "Donaudampfschifffahrtselektrizitätenwerk"}, ""),
    "a publisher beside the bar code": (
        {"publisher": "The Society for the Study of Harbours, Quays, Piers and Ledgers"}, "",
    ),
    "a Chinese title": ({"title": "港口账簿与条约北方海域的漫长谈判史", "language": "zh"}, ""),
    "a Japanese summary": ({"summary": "港の帳簿は港より古い。" * 50, "language": "ja"}, ""),
    "a Hebrew title": ({"title": "ספרי הנמל", "subtitle": "מה שנספר בו", "language": "he"}, ""),
    "a Hebrew summary": (
        {"title": "ספרי הנמל", "summary": "ספרי הנמל (1921) נמצאו. " * 20, "language": "he"}, "",
    ),
    "a Persian title": ({"title": "کتاب در بوشهر سدهٔ نوزدهم", "language": "fa"}, ""),
    "an Arabic title with signs": ({"title": "بِسْمِ اللَّهِ فِي بَيْتِي", "language": "ar"}, ""),
    "pointed Hebrew": ({"title": "סִפְרֵי הַנָּמֵל", "summary": "שָׁלוֹם. " * 20, "language": "he"}, ""),
    "a Hindi title": ({"title": "किताब और हिन्दी", "summary": "हिन्दी में। " * 20,
                      "language": "hi"}, ""),
    "a Thai title": ({"title": "การค้าหนังสือตามลำน้ำเจ้าพระยา", "language": "th"}, ""),
    "a Navajo title": ({"title": "Diné bizaad: shą́į́ʼ, tłę́ę́ʼ"}, ""),
    "a page that lies": ({"trim_size": (240.0, 160.0), "summary": SENTENCE * 9}, ""),
    "a small page": ({"trim_size": (105.0, 148.0), "summary": SENTENCE * 9}, ""),
}  # fmt: skip


@pytest.mark.parametrize("name", LONG)
def test_nothing_is_cut_however_long_it_is(name: str, made: Build) -> None:
    """All is set as small as it takes, and read back whole; what is too small to read is told."""
    changed, crowded = LONG[name]
    edition = replace(made.edition, record=replace(made.edition.record, **changed))
    cover = wrap(edition, 16)
    manifest = manifest_of(edition, {file(made, ".cover.pdf").name: ""}, Appearance({}, {}, {}))
    manifest = replace(manifest, letterforms=None)  # whose letters are of other scripts here
    found = [str(d) for d in collate(manifest, {"cover": cover.pdf}).differences]
    assert [line for line in found if "has changed" not in line] == []
    assert {item.field for item in cover.crowded} == ({crowded} if crowded else set())
    assert all(item.fitting < item.letters for item in cover.crowded)


@pytest.mark.parametrize("paper", ["persian", "hindi", "thai"])
def test_the_cover_of_a_work_whose_letters_bear_signs_is_proven(paper: str, tmp_path: Path) -> None:
    work = Path(__file__).parent / "corpus" / paper / "paper.md"
    made = build(work, out=tmp_path, formats=("html", "print", "cover"))
    assert made.collation.passed


def test_a_sign_of_the_colour_of_its_ground_is_hidden(made: Build) -> None:
    changed: dict[str, Any] = {"title": "सिन्धु की", "language": "hi"}
    edition = replace(made.edition, record=replace(made.edition.record, **changed))
    cover = wrap(edition, 16)
    manifest = manifest_of(edition, {file(made, ".cover.pdf").name: ""}, Appearance({}, {}, {}))
    manifest = replace(manifest, letterforms=None)
    pale = io.BytesIO()
    with pikepdf.open(io.BytesIO(cover.pdf)) as pdf:
        data = pikepdf.unparse_content_stream(list(pikepdf.parse_content_stream(pdf.pages[0])))
        dark = re.search(rb"[^\n]+ (?:k|scn)(?=\n)", data)
        assert dark
        pdf.pages[0].Contents = pdf.make_stream(re.sub(rb"[^\n]+ (?:k|scn)(?=\n)", dark[0], data))
        pdf.save(pale)
    kinds = {found.kind for found in collate(manifest, {"cover": pale.getvalue()}).differences}
    assert "hidden" in kinds


def test_a_crowded_cover_is_told_with_its_place(tmp_path: Path) -> None:
    paper = write_paper(tmp_path, body=BODY)
    paper.write_text(FRONT.replace(SUMMARY, SENTENCE * 100) + BODY, encoding="utf-8")
    (told_of,) = build(paper, out=tmp_path / "dist", formats=("cover",)).warnings
    assert (told_of.code, told_of.line) == ("cover-crowded", 6)
    fit = re.search(r"it has (\d+) letters, and about (\d+) fit", told_of.message)
    assert fit is not None
    assert int(fit[1]) == len(SENTENCE * 100) - 1
    assert 4000 < int(fit[2]) < 6500


def test_the_spine_of_a_work_from_the_right_has_its_heads_to_the_left(made: Build) -> None:
    """The letters' heads are towards the front, which is then on the left."""
    changed = replace(made.edition.record, language="he", title="ספרי הנמל")
    sheets = [(made.edition, -1.0), (replace(made.edition, record=changed), 1.0)]
    for edition, heads in sheets:
        with pikepdf.open(io.BytesIO(wrap(edition, 16).pdf)) as pdf:
            turns = [
                [float(number) for number in item.operands]
                for item in pikepdf.parse_content_stream(pdf.pages[0])
                if str(item.operator) == "cm" and abs(float(item.operands[0])) < 1e-6
            ]
        assert [turn[2] * heads > 0 for turn in turns] == [True]
