"""Pictures in titles, in summaries and on the cover of the e-book are read back like all others."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from mutants.mutant import FORMATS
from PIL import Image, ImageOps

from triptych.collate import collate_edition
from triptych.press import build

SIGN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" width="20" height="20">'
    '<path fill="#b00" d="M0 0h20L10 20z"/></svg>'
)
PLAN = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 60 30" width="60" height="30">'
    '<rect fill="#00a" x="2" y="2" width="20" height="26"/>'
    '<circle cx="45" cy="15" r="12" fill="#0a0"/></svg>'
)
PAPER = """\
---
title: The sign *above* ![a red sign](sign.svg) the door
lang: en
cover-image: cover.png
abstract: |
  What it says.

  ![The plan of the *house*.](plan.svg)
---

# One

Text ![again](sign.svg).
"""


def cover() -> Image.Image:
    picture = Image.new("RGB", (160, 256), "#eee")
    picture.paste("#246", (10, 20, 70, 200))
    return picture


def png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("front")
    (folder / "sign.svg").write_text(SIGN)
    (folder / "plan.svg").write_text(PLAN)
    (folder / "cover.png").write_bytes(png(cover()))
    (folder / "paper.md").write_text(PAPER)
    formats = (*FORMATS, "print", "jats", "text")
    return build(folder / "paper.md", out=folder / "dist", formats=formats).files[0].parent


def told(made: Path, medium: str, damage: Callable[[bytes], bytes]) -> list[tuple[str, str]]:
    """What is said of a file once it is damaged: the kinds, and the messages."""
    path = next(made.glob(f"*.{medium}"))
    sound = path.read_bytes()
    assert damage(sound) != sound
    try:
        path.write_bytes(damage(sound))
        found = collate_edition([path, next(made.glob("*.edition.json"))]).differences
    finally:
        path.write_bytes(sound)
    return [
        (one.kind, one.message) for one in found if one.kind != "fixity" and one.witness == medium
    ]


def within(pattern: str, damage: Callable[[re.Match[bytes]], bytes]) -> Callable[[bytes], bytes]:
    """A damage to the first place of a pattern, in an e-book to the first in each of its files."""

    def work(data: bytes) -> bytes:
        if not data.startswith(b"PK"):
            return re.sub(pattern.encode(), damage, data, count=1, flags=re.S)
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as new:
            for item in book.infolist():
                inside = re.sub(pattern.encode(), damage, book.read(item), count=1, flags=re.S)
                new.writestr(item, inside)
        return out.getvalue()

    return work


@pytest.mark.parametrize("medium", ["html", "epub"])
def test_another_alternative_text_in_the_title_is_told(made: Path, medium: str) -> None:
    (one,) = told(made, medium, within("a red sign", lambda _: b"a blue sign"))
    assert one[0] == "picture-alt"
    assert "“a blue sign”, not “a red sign”" in one[1]


@pytest.mark.parametrize("medium", ["html", "epub"])
def test_another_picture_in_the_summary_is_told(made: Path, medium: str) -> None:
    black = within('fill="#00a" x="2"', lambda found: found[0].replace(b"#00a", b"#ffffff"))
    assert [kind for kind, _ in told(made, medium, black)] == ["picture-differs"]


@pytest.mark.parametrize("medium", ["html", "epub"])
def test_a_picture_lost_from_the_title_is_told(made: Path, medium: str) -> None:
    pattern = r'<img[^>]*alt="a red sign"[^>]*>|<svg[^>]*aria-label="a red sign".*?</svg>'
    assert "picture-missing" in [
        kind for kind, _ in told(made, medium, within(pattern, lambda _: b""))
    ]


def test_another_picture_on_the_cover_is_told_once(made: Path) -> None:
    def exchange(data: bytes) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as new:
            for item in book.infolist():
                other = png(ImageOps.mirror(cover()))
                is_cover = item.filename.endswith("cover.png")
                new.writestr(item, other if is_cover else book.read(item))
        return out.getvalue()

    ((kind, message),) = told(made, "epub", exchange)
    assert kind == "picture-differs"
    assert "cover.png" in message


def test_a_cover_that_is_not_that_of_the_shelf_is_told(made: Path) -> None:
    to_another = within('properties="cover-image"', lambda _: b"")
    assert told(made, "epub", to_another) == [
        (
            "hidden",
            "the picture cover.png is not seen as it is: the package names no picture as its cover",
        )
    ]


def test_a_picture_added_to_the_colophon_is_told(made: Path) -> None:
    image = b'<img alt="a seal" src="data:image/png;base64,' + b'iVBORw0KGgo="/>'
    added = within('class="colophon"[^>]*>', lambda found: found[0] + image)
    for medium in ("html", "epub"):
        assert (
            "picture-extra",
            "there is a picture (“a seal”) that the edition does not have there",
        ) in told(made, medium, added)
