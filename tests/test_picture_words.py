"""The words of pictures, and their alternative texts, are read back from every file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Desk
from one_file import change, collated

from triptych.collate import collate_edition
from triptych.manifest import read_manifest
from triptych.press import build
from triptych.render.run import render_edition
from triptych.resolve.svg.drawn_words import drawn_words
from triptych.witness.drawing import read_drawing
from triptych.witness.reading import UnreadableError

PAGES = ("html", "epub", "pdf", "print", "jats", "text")
TEXT = '"Source Sans 3", sans-serif'


def drawing(inside: str, root: str = "") -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f"viewBox='0 0 200 100' font-family='{TEXT}' {root}>{inside}</svg>"
    )


KINDS = {
    "words of several colours": '<g fill="#369"><text x="9" y="20">Harbour <tspan fill="red">closed'
    '</tspan> today</text></g><text x="9" y="60" fill-opacity="40%">pale</text>',
    "words under rules": "<style>.a{fill:#0a0} text.b{display:none}</style><text class='a' y='20'>"
    "seen</text><text class='b' y='40'>unseen</text>",
    "words that are not shown": '<text y="20" visibility="hidden">no <tspan visibility="visible">'
    'yes</tspan></text><text y="40" opacity="0">no</text><text y="60" fill="none">no</text>'
    "<title>no</title><desc>no</desc><defs><text>no</text></defs>",
    "words used twice": '<defs><text id="t" y="20">again</text></defs><use href="#t"/>'
    '<use xlink:href="#t" y="40"/>',
    "words of two things with one id": '<defs><text id="t" y="20">first</text></defs><g>'
    '<text id="t" y="60">second</text></g><use href="#t" x="90"/>',
    "words that are turned, small and outlined": '<text transform="translate(50 50) rotate(-90)">up'
    '</text><text y="20" font-size="3">small</text><text y="90" fill="none" stroke="#000">line'
    "</text>",
    "words on a dark ground": '<rect width="200" height="100"/><text y="50" fill="#fff">ice</text>',
    "words that are clipped": '<clipPath id="c"><circle cx="50" cy="50" r="60"/></clipPath>'
    '<g clip-path="url(#c)"><text x="20" y="50">round</text></g>',
    "signs that a typeface joins": '<text y="50">office — fluff ½ µ Ω “so”</text>',
    "a link": '<a href="#x"><text y="50">linked words</text></a>',
    "words behind hidden ones": '<text x="9" y="20" visibility="hidden">no <tspan fill="red" '
    'visibility="visible">yes</tspan></text>',
    "scripts that the work has not": '<text y="20">שלום <tspan fill="red">עולם</tspan></text><text '
    'y="40" font-weight="bold">كتب في</text><text y="60">中文 हिन्दी ག</text>'
    '<text y="80" opacity="0">ไทย</text>',
    "words over the edge": '<text x="170" y="50">beyond the edge</text>',
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work with all kinds of drawings, a picture in a note, and one in a line."""
    folder = tmp_path_factory.mktemp("work")
    paper = ["---", "title: Drawings", "lang: en", "---", ""]
    for number, (kind, inside) in enumerate(KINDS.items(), 1):
        (folder / f"{number}.svg").write_text(drawing(inside), encoding="utf-8")
        paper += [f'![The {kind}.]({number}.svg){{#fig:k{number} alt="Picture {number}."}}', ""]
    paper += ['In a line ![](1.svg){alt="small ⟦one⟧" height=1em}, and in a note.[^a]', ""]
    paper += ['[^a]: See ![](2.svg){alt="noted" height=1em} here.', ""]
    (folder / "paper.md").write_text("\n".join(paper), encoding="utf-8")
    build(folder / "paper.md", out=folder / "dist", formats=PAGES)
    return folder / "dist"


def test_sound_drawings_of_all_kinds_raise_no_alarm(finished: Path) -> None:
    assert collate_edition(finished).differences == ()


def test_the_manifest_tells_the_words_that_are_seen(finished: Path) -> None:
    manifest = read_manifest((finished / "paper.edition.json").read_bytes())
    assert manifest.pictures is not None
    said = [[words.text for words in picture.words] for picture in manifest.pictures]
    assert said[0] == ["Harbour", "closed", "today", "pale"]
    assert said[1] == ["seen"]
    assert said[2] == ["yes"]
    assert said[3] == ["again again"]
    notes = [picture.note for picture in manifest.pictures if picture.part == "text"]
    assert [note != "" for note in notes][-2:] == [False, True]


@pytest.mark.parametrize("kind", KINDS)
def test_press_and_proof_see_the_same_words_in_a_drawing(kind: str) -> None:
    svg = drawing(KINDS[kind]).encode()
    told = "".join(words.text for words in drawn_words(svg))
    read = "".join(words for words, _ in read_drawing(svg))
    assert "".join(told.split()) == "".join(read.split())


def test_a_manifest_without_pictures_stays_verifiable(finished: Path, tmp_path: Path) -> None:
    for file in finished.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    manifest = tmp_path / "paper.edition.json"
    older = re.sub(r'"pictures": \[.*?\n \],', "", manifest.read_text(encoding="utf-8"), flags=re.S)
    assert read_manifest(older).pictures is None
    manifest.write_text(older, encoding="utf-8")
    assert collate_edition(tmp_path).differences == ()


# --- Damages to files that the mutants do not cover -----------------------------------------------

LINE = '![A plan.](a.svg){#fig:a alt="Three wheels."}\n'


def told_of(desk: Desk, medium: str, damage: Callable[[str], str]) -> list[tuple[str, str]]:
    desk.put("a.svg", drawing('<text y="50">Harbour</text>').encode())
    edition = desk.edition(LINE)
    sound = render_edition(edition, medium)
    known = set(collated(edition, medium, sound).differences)  # as of a page without its design
    assert all(one.kind == "disguised" for one in known)
    damaged = damage(sound.decode()).encode()
    found = collated(edition, medium, damaged).differences
    return [(one.kind, one.message) for one in found if one not in known]


@pytest.mark.parametrize(
    ("medium", "damage", "kind", "words"),
    [
        ("text", change("⟦Three wheels.⟧", "⟦Two wheels.⟧"), "picture-alt", "Two wheels."),
        ("text", change("⟦Three wheels.⟧", ""), "picture-missing", "Figure 1"),
        ("jats", change("Three wheels.", "Two wheels."), "picture-alt", "Two wheels."),
        ("jats", lambda t: re.sub("base64,.", "base64,B", t), "picture-words", "Harbour"),
        ("jats", lambda t: re.sub('href="data:[^"]*"', 'href="a.svg"', t), "hidden", "not there"),
        ("html", change("<svg ", '<svg style="display:none" '), "picture-words", "Harbour"),
        ("html", change("<svg ", '<svg opacity="0" '), "picture-words", "Harbour"),
        ("html", change("<text ", '<text font-size="0" '), "picture-words", "Harbour"),
        ("html", change("</style>", "figure text {fill: white}</style>"), "hidden", "fill"),
        ("html", change("<text ", '<text fill="yellow" '), "picture-words", "colour"),
    ],
)  # fmt: skip
def test_a_damage_to_a_picture_is_named(
    medium: str, damage: Callable[[str], str], kind: str, words: str, desk: Desk
) -> None:
    told = told_of(desk, medium, damage)
    assert [message for found, message in told if found == kind and words in message], told


def test_a_drawing_that_shows_itself_without_end_is_not_read_to_the_end() -> None:
    uses = [10 * f'<use href="#n{n}"/>' for n in range(8)]
    doubled = "".join(f'<g id="n{n}">{use}</g>' for n, use in enumerate(uses, 1))
    with pytest.raises(UnreadableError, match="more than 200,000 elements"):
        read_drawing(drawing(f'<g id="n0"><text>x</text></g>{doubled}').encode())
