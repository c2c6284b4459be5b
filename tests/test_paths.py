"""Which files a source may name: those below its root, and those of folders that are allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pikepdf
import pytest
from conftest import BODY_LINE, DRAWING, REFERENCES, Desk
from test_hostile import WORD, outside, untouched

from triptych.cli import main
from triptych.deposit.package import gather
from triptych.deposit.rebuild import Rebuilt, rebuild
from triptych.diagnostics import SourceError, UsageError
from triptych.press import build
from triptych.read.source import read_source
from triptych.render.typesetter.weasyprint import typeset
from triptych.resolve.passes import resolve_source

FIGURE = "![A wheel.](../figures/wheel.svg){alt='A wheel.'}\n"


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A paper whose figure lies in a folder beside its own."""
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "wheel.svg").write_text(DRAWING, encoding="utf-8")
    desk = Desk(tmp_path / "paper")
    desk.folder.mkdir()
    desk.put("refs.json", REFERENCES)
    return desk.paper(FIGURE)


def figures(paper: Path, **reach: object) -> list[str]:
    return [image.path for image in resolve_source(read_source(paper, **reach))[0].images]  # type: ignore[arg-type]


def test_a_file_outside_is_told_with_its_place_and_how_to_allow_it(paper: Path) -> None:
    with pytest.raises(SourceError) as error:
        resolve_source(read_source(paper))
    (told,) = (each for each in error.value.diagnostics if each.severity == "error")
    assert (told.code, told.line, told.column) == ("path-outside", BODY_LINE, 13)
    assert "../figures/wheel.svg" in told.message
    assert told.hint.endswith(f"--allow {paper.parents[1].resolve()}/figures")


@pytest.mark.parametrize("mark", [".git", "_quarto.yml"])
def test_a_checkout_and_a_project_are_the_root_of_what_lies_in_them(paper: Path, mark: str) -> None:
    (paper.parents[1] / mark).touch()
    assert figures(paper) == ["../figures/wheel.svg"]


def test_a_folder_may_be_named_as_the_root(paper: Path) -> None:
    assert figures(paper, root=paper.parents[1]) == ["../figures/wheel.svg"]
    (paper.parents[1] / ".git").touch()
    with pytest.raises(SourceError):
        figures(paper, root=paper.parent)
    with pytest.raises(UsageError, match="does not hold the source"):
        figures(paper, root=paper.parents[1] / "figures")


def test_a_home_folder_is_no_root_even_if_it_is_a_checkout(
    paper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (paper.parents[1] / ".git").touch()
    monkeypatch.setenv("HOME", str(paper.parents[1]))
    with pytest.raises(SourceError):
        figures(paper)


def test_links_within_the_source_are_followed_those_of_git_annex_too(paper: Path) -> None:
    kept = paper.parent / ".git" / "annex" / "objects" / "a7"
    kept.mkdir(parents=True)
    (kept / "wheel.svg").write_text(DRAWING, encoding="utf-8")
    (paper.parent / "wheel.svg").symlink_to(".git/annex/objects/a7/wheel.svg")
    paper.write_text(paper.read_text().replace("../figures/", ""))
    assert figures(paper) == ["wheel.svg"]


def test_an_absolute_path_into_the_source_is_as_good_as_any(paper: Path) -> None:
    (paper.parent / "wheel.svg").write_text(DRAWING, encoding="utf-8")
    paper.write_text(paper.read_text().replace("../figures", str(paper.parent)))
    assert figures(paper) == [f"{paper.parent}/wheel.svg"]


def test_an_allowed_folder_is_read_and_recorded_and_its_figures_are_preserved(
    paper: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    allowed = paper.parents[1] / "figures"
    dist = paper.parents[1] / "dist"
    words = ["build", str(paper), "--to", "html,archive", "--out", str(dist), "--quiet"]
    assert main([*words]) == 1
    assert "--allow" in capsys.readouterr().err
    assert main([*words, "--allow", str(allowed)]) == 0
    manifest = json.loads((dist / "paper.edition.json").read_text())
    assert manifest["built"]["allow"] == "../figures"
    with pikepdf.open(dist / "paper.archive.pdf") as pdf:
        assert "figures/wheel.svg" in pdf.attachments
    assert "source/figures/wheel.svg" in gather(dist, paper, allow=[allowed]).parts
    with pytest.raises(SourceError) as error:
        gather(dist, paper)
    assert {told.code for told in error.value.diagnostics} == {"path-outside"}


def test_nothing_from_outside_is_in_any_edition_or_attached(tmp_path: Path) -> None:
    outside(tmp_path / "outside")
    desk = Desk(tmp_path / "source")
    desk.folder.mkdir()
    desk.put("refs.json", REFERENCES)
    (desk.folder / "linked.png").symlink_to("../outside/secret.png")
    paper = desk.paper(
        f"Text [@babbage1864].\n\n{{{{< include {tmp_path}/outside/secret.md >}}}}\n\n"
        "\\lstinputlisting{../outside/secret.md}\n\n"
        "![A wheel.](linked.png){alt='A wheel.'}\n\n"
        "![A cog.](%2e%2e/outside/secret.svg){alt='A cog.'}\n",
        bibliography="[refs.json, ../outside/secret.bib]",
    )
    with untouched(tmp_path / "outside"):
        made = build(
            paper, out=tmp_path / "dist", keep_going=True,
            formats=("html", "epub", "pdf", "archive", "jats", "text"),
        )  # fmt: skip
    assert not made.edition.images
    for file in made.files:
        assert WORD.encode() not in file.read_bytes()
    with pikepdf.open(tmp_path / "dist" / "paper.archive.pdf") as pdf:
        assert not [name for name in pdf.attachments if "secret" in name or "linked" in name]
        for held in pdf.attachments.values():
            assert WORD.encode() not in held.get_file().read_bytes().replace(
                paper.read_bytes(), b""
            )


def test_a_check_reads_what_is_allowed_too(paper: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = paper.parents[1] / "lists"
    folder.mkdir()
    (paper.parent / "refs.json").rename(folder / "refs.json")
    paper.write_text(paper.read_text().replace("refs.json", "../lists/refs.json"))
    dist, reach = paper.parents[1] / "dist", ["--allow", str(paper.parents[1])]
    words = ["--to", "text", "--out", str(dist), "--quiet"]
    assert main(["build", str(paper), *words, *reach]) == 0
    words = ["check", str(dist), "--source", str(paper)]
    assert main([*words]) == 0
    assert "the source has changed" in capsys.readouterr().out
    assert main([*words, *reach]) == 0
    assert "the source has changed" not in capsys.readouterr().out


def test_an_edition_with_an_allowed_folder_is_built_again_from_its_deposit(paper: Path) -> None:
    allowed = paper.parents[1] / "figures"
    dist = paper.parents[1] / "dist"
    build(paper, out=dist, formats=("html",), allow=[allowed])
    package = gather(dist, paper, allow=[allowed])
    bag = {f"data/{path}": part.data for path, part in package.parts.items()}
    assert rebuild(bag) == Rebuilt(())


def test_the_typesetter_opens_nothing_but_its_typefaces(tmp_path: Path) -> None:
    outside(tmp_path / "outside")
    address = (tmp_path / "outside" / "secret.svg").as_uri()
    page = f"<html lang='en'><body><main><p>Text.</p><img src='{address}'/></main></body></html>"
    with untouched(tmp_path / "outside"):
        typeset(page, f"body {{ background: url('{address}') }}")
