"""The collation as its users meet it: after a build, later, elsewhere, and when it fails."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from conftest import Desk

from triptych import press
from triptych.cli import main
from triptych.collate import KINDS, CollationError, collate_edition
from triptych.render.web import page as web

BODY = (
    "# Engines\n\nA claim [@lovelace1843, p. 7] and another.[^1] @babbage1864 says so.\n\n"
    "![A drawing.](a.svg){#fig:a alt='A shape.'}\n\nSee @fig:a.\n\n[^1]: A note [@babbage1864].\n"
)


@pytest.fixture
def dist(desk: Desk) -> Path:
    """The finished edition of a small paper, without its source."""
    out = desk.folder / "dist"
    press.build(desk.paper(BODY), out=out)
    elsewhere = desk.folder / "elsewhere"
    shutil.copytree(out, elsewhere)
    return elsewhere


def damage(dist: Path, old: str, new: str) -> None:
    page = dist / "paper.html"
    text = page.read_text(encoding="utf-8")
    assert old in text
    page.write_text(text.replace(old, new, 1), encoding="utf-8")


def kinds(dist: Path) -> set[str]:
    return {difference.kind for difference in collate_edition(dist).differences}


def test_the_files_and_their_manifest_suffice(dist: Path) -> None:
    collation = collate_edition(dist)
    assert collation.passed
    assert [witness.format for witness in collation.witnesses] == ["html", "epub", "pdf"]


def test_one_file_can_be_proven_by_itself(dist: Path) -> None:
    collation = collate_edition([dist / "paper.pdf", dist / "paper.edition.json"])
    assert {d.kind for d in collation.differences} == {"unreadable"}
    assert {d.witness for d in collation.differences} == {"html", "epub"}


def test_a_changed_byte_that_no_reader_sees_is_fixity_only(dist: Path) -> None:
    damage(dist, "<html", "<html ")
    assert kinds(dist) == {"fixity"}


def test_a_changed_locator_names_its_citation(dist: Path) -> None:
    damage(dist, "(<a href=\"#ref-lovelace1843\" role=\"doc-biblioref\">Lovelace 7</a>)",
           "(<a href=\"#ref-lovelace1843\" role=\"doc-biblioref\">Lovelace 9</a>)")  # fmt: skip
    (told,) = [d for d in collate_edition(dist).differences if d.kind != "fixity"]
    assert (told.kind, told.witness, told.subject) == ("citation-differs", "html", "cite-1")
    assert "Lovelace 9" in told.message
    assert "Lovelace 7" in told.message


def test_a_lost_file_is_told(dist: Path) -> None:
    (dist / "paper.epub").unlink()
    (told,) = collate_edition(dist).differences
    assert (told.kind, told.witness) == ("unreadable", "epub")


@pytest.mark.parametrize("name", ["paper.pdf", "paper.epub", "paper.html"])
def test_a_file_cut_short_is_unreadable(name: str, dist: Path) -> None:
    data = (dist / name).read_bytes()
    (dist / name).write_bytes(data[: len(data) * 2 // 3])
    assert "unreadable" in kinds(dist)


def test_every_kind_has_an_explanation(dist: Path) -> None:
    damage(dist, "</article>", "<p>More.</p></article>")
    assert kinds(dist) <= set(KINDS)


def test_the_command_says_that_all_agree(dist: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["collate", str(dist)]) == 0
    assert capsys.readouterr().out.startswith("HTML, EPUB, PDF agree: 3 citations, 2 entries")


def test_the_command_tells_differences_with_their_place(
    dist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damage(dist, "A claim", "No claim")
    assert main(["collate", str(dist)]) == 3
    told = capsys.readouterr().err
    assert re.search(r"^html, p \d+: the text reads “No” for “A”.*\[text-differs\]$", told, re.M)


def test_verbose_prints_every_citation_with_its_places(
    dist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collate", str(dist), "--verbose"]) == 0
    out = capsys.readouterr().out
    assert "Citation 1: (Lovelace 7)" in out
    assert re.search(r"pdf  same    page \d+, \d+ \d+ pt", out)


def test_json_holds_the_verdict_and_every_reading(
    dist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collate", str(dist), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed"] is True
    kinds = "citation note entry heading caption reference".split()
    assert [*dict.fromkeys(row["kind"] for row in told["readings"])] == kinds
    assert all(len(row["renderings"]) == 3 for row in told["readings"])


def test_a_reading_tells_its_words_place_and_targets_in_each_file(
    dist: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["collate", str(dist), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    by_kind = {row["kind"]: row for row in reversed(told["readings"])}
    wanted = {
        "citation": ("(Lovelace 7)", ["ref-lovelace1843"]),
        "note": ("A note (Babbage).", ["ref-babbage1864"]),
        "entry": ("Babbage, Charles. Passages. 1864.", []),
        "heading": ("Engines", []),
        "caption": ("Figure 1. A drawing.", []),
        "reference": ("Figure 1", ["fig-a"]),
    }
    for kind, (words, targets) in wanted.items():
        for rendering in by_kind[kind]["renderings"]:
            assert (rendering["text"], rendering["targets"]) == (words, targets), rendering
    page = by_kind["citation"]["renderings"][2]["areas"][0]
    assert page["page"] > 1
    left, bottom, right, top = page["box"]
    assert left < right
    assert bottom < top


def test_the_page_shows_each_citation_in_print_and_needs_nothing_else(dist: Path) -> None:
    report = dist.parent / "proof.html"
    assert main(["collate", str(dist), "--html", str(report)]) == 0
    page = report.read_text(encoding="utf-8")
    assert page.count("data:image/png;base64,") >= 6
    assert "(Lovelace 7)" in page
    assert not re.search(r'(?:src|href)="(?!data:)', page)


@pytest.mark.parametrize("what", ["nothing", "two manifests", "a broken manifest"])
def test_without_one_sound_manifest_the_call_is_wrong(what: str, dist: Path) -> None:
    manifest = dist / "paper.edition.json"
    if what == "two manifests":
        shutil.copy(manifest, dist / "other.edition.json")
    elif what == "a broken manifest":
        manifest.write_text("{", encoding="utf-8")
    else:
        manifest.unlink()
    assert main(["collate", str(dist)]) == 2


# A renderer that goes wrong: the fault is put into what the web edition's renderer returns.


@pytest.fixture
def faulty(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = web.finish_web
    monkeypatch.setattr(
        web, "finish_web", lambda *given: sound(*given).replace(b"A claim", b"No claim")
    )


@pytest.mark.usefixtures("faulty")
def test_a_build_that_fails_the_proof_leaves_the_shelf_as_it_was(desk: Desk) -> None:
    (desk.folder / "dist").mkdir()
    desk.put("dist/old.edition.json", "an edition")
    out = desk.put("dist/old.txt", "old")
    with pytest.raises(CollationError) as caught:
        press.build(desk.paper(BODY), out=out.parent)
    assert sorted(path.name for path in out.parent.iterdir()) == ["old.edition.json", "old.txt"]
    assert {d.kind for d in caught.value.collation.differences} == {"text-differs"}


@pytest.mark.usefixtures("faulty")
def test_a_build_that_fails_the_proof_exits_with_3_and_tells_why(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    out = desk.folder / "dist"
    assert main(["build", str(desk.paper(BODY)), "--out", str(out)]) == 3
    assert "“No” for “A”" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.usefixtures("faulty")
def test_keep_going_writes_what_failed_and_still_exits_with_3(desk: Desk) -> None:
    out = desk.folder / "dist"
    assert main(["build", str(desk.paper(BODY)), "--out", str(out), "--keep-going"]) == 3
    assert (out / "paper.html").is_file()
