"""PDFs by purpose: one pagination for screen, archive, printer, each held against its standard."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from conftest import DRAWING, REFERENCES, Desk

from triptych.press import build
from triptych.read.csl import find_style
from triptych.read.paths import ANYWHERE
from triptych.validators import verapdf

SOURCE = Path(__file__).parents[1] / "source"
DOCUMENTS = Path(__file__).parent / "documents"
STYLES = ("modern-language-association", "apa", "ieee", "chicago-notes-bibliography")


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped article in four styles, and two hard papers, as archives keep them."""
    root = tmp_path_factory.mktemp("purposes")
    for style in STYLES:
        build(SOURCE, out=root / style, formats=("html", "pdf", "archive"), csl=style)
    for name in ("arabic", "captions-and-tables"):
        build(DOCUMENTS / name / "paper.md", out=root / name, formats=("pdf", "archive"))
    return root


@pytest.mark.parametrize(("ending", "flavours"), [(".pdf", ("ua1", "2a")),
                                                  (".archive.pdf", ("ua1", "3a"))])  # fmt: skip
def test_one_file_keeps_both_standards(shelf: Path, ending: str, flavours: tuple[str, ...]) -> None:
    files = [path for path in sorted(shelf.glob(f"*/*{ending}"))
             if path.name.count(".") == ending.count(".")]  # fmt: skip
    assert len(files) == 6
    verdicts = verapdf.validate(files, flavours=flavours)
    assert len(verdicts) == 12
    assert [str(finding) for verdict in verdicts for finding in verdict.findings] == []


def attachments(path: Path) -> dict[str, tuple[str, bytes]]:
    """By name, how each associated file is related to the work, and its bytes."""
    with pikepdf.open(path) as pdf:
        associated: Any = pdf.Root.AF
        return {
            str(item.UF): (str(item.AFRelationship), item.EF.UF.read_bytes()) for item in associated
        }


@pytest.fixture(scope="module")
def archive(shelf: Path) -> Path:
    return next((shelf / "apa").glob("*.archive.pdf"))


def test_the_archive_carries_source_manifest_and_proof(archive: Path) -> None:
    held = attachments(archive)
    name = archive.name.removesuffix(".archive.pdf")
    kinds = {file: kind for file, (kind, _) in held.items()}
    assert kinds.pop(f"{name}.edition.json") == "/Data"
    assert kinds.pop(f"{name}.collation.json") == "/Supplement"
    assert set(kinds.values()) == {"/Source"}
    assert {"article.md", "edition.toml", "references.json", "figures/map.svg", "apa.csl"} <= set(
        kinds
    )
    for file in ("article.md", "references.json", "figures/map.svg"):
        assert held[file][1] == (SOURCE / file).read_bytes()


def test_the_manifest_inside_names_the_other_files(archive: Path) -> None:
    held = attachments(archive)
    name = archive.name.removesuffix(".archive.pdf")
    manifest = json.loads(held[f"{name}.edition.json"][1])
    assert set(manifest["files"]) == {f"{name}.html", f"{name}.pdf"}
    for file, digest in manifest["files"].items():
        assert hashlib.sha256((archive.parent / file).read_bytes()).hexdigest() == digest
    report = json.loads(held[f"{name}.collation.json"][1])
    assert report["passed"]
    assert report["witnesses"] == ["html", "pdf"]


def test_the_archive_alone_rebuilds_the_edition(archive: Path, tmp_path: Path) -> None:
    for file, (kind, data) in attachments(archive).items():
        if kind == "/Source":
            (tmp_path / "source" / file).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "source" / file).write_bytes(data)
    build(tmp_path / "source", out=tmp_path / "dist", formats=("pdf",), csl="apa")
    again = next((tmp_path / "dist").glob("*.pdf"))
    assert again.read_bytes() == (archive.parent / again.name).read_bytes()


def test_an_archive_holds_what_lies_outside_the_articles_folder(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "paper")
    desk.folder.mkdir()
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "a.svg").write_text(DRAWING, encoding="utf-8")
    (tmp_path / "refs.json").write_text(REFERENCES, encoding="utf-8")
    style = tmp_path / "styles" / "house.csl"
    style.parent.mkdir()
    style.write_bytes(find_style("apa", tmp_path, ANYWHERE).text)
    body = "![A shape [@babbage1864].](../media/a.svg){alt='A triangle.'}\n"
    made = build(
        desk.paper(body, bibliography="../refs.json"),
        out=tmp_path / "dist", formats=("pdf", "archive"), csl=str(style), root=tmp_path,
    )  # fmt: skip
    assert "../media/a.svg" in dict(made.edition.source_digests)
    held = attachments(tmp_path / "dist" / "paper.archive.pdf")
    sources = {file: data for file, (kind, data) in held.items() if kind == "/Source"}
    assert set(sources) == {
        "article/paper.md", "media/a.svg", "refs.json", "article/house.csl",
    }  # fmt: skip
    for file, data in sources.items():
        (tmp_path / "again" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "again" / file).write_bytes(data)
    article = tmp_path / "again" / "article"
    build(article / "paper.md", out=tmp_path / "new", formats=("pdf",),
          csl=str(article / "house.csl"), root=tmp_path / "again")  # fmt: skip
    assert (tmp_path / "new" / "paper.pdf").read_bytes() == (
        tmp_path / "dist" / "paper.pdf"
    ).read_bytes()


def drawn(path: Path) -> list[bytes]:
    with pikepdf.open(path) as pdf:
        return [page.Contents.read_bytes() for page in pdf.pages]


def test_screen_and_archive_show_the_same_pages(archive: Path) -> None:
    screen = archive.with_name(archive.name.replace(".archive", ""))
    assert drawn(archive) == drawn(screen)


def test_a_screen_shows_no_bleed(archive: Path) -> None:
    with pikepdf.open(archive) as pdf:
        boxes = {tuple(float(edge) for edge in page.mediabox) for page in pdf.pages}
    ((left, bottom, right, top),) = boxes
    assert (left, bottom) == (0, 0)
    assert (right, top) == pytest.approx((156 * 72 / 25.4, 234 * 72 / 25.4), abs=0.001)
