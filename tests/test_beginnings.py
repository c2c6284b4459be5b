"""What helps to begin: finding a citation style, and telling what a machine lacks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from triptych import machine
from triptych.cli import main
from triptych.press import build
from triptych.read.csl import find_style, packaged_styles
from triptych.read.csl_search import find_styles
from triptych.read.paths import ANYWHERE
from triptych.validators import ValidatorMissing, epubcheck


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("apa", "apa"),
        ("APA", "apa"),
        ("nature", "nature"),
        ("chicago author date", "chicago-author-date"),
        ("chicago notes bibliography", "chicago-notes-bibliography"),
        ("modern language", "modern-language-association"),
        ("mla", "modern-language-association"),
        ("sciences sociétés", "natures-sciences-societes"),
        ("sciences societes", "natures-sciences-societes"),
    ],
)
def test_the_style_that_is_called_so_comes_first(query: str, first: str) -> None:
    assert find_styles(query)[0].name == first


def test_all_words_are_in_the_name_or_title_of_what_is_found() -> None:
    found = find_styles("anthropology american")
    assert found
    for style in found:
        said = f"{style.name} {style.title} {style.short}".lower()
        assert "anthropology" in said
        assert "american" in said


def test_styles_are_found_by_how_they_cite() -> None:
    assert {style.citation_format for style in find_styles("chemical", "numeric")} == {"numeric"}


def test_what_is_listed_of_a_style_is_what_a_build_reads() -> None:
    for path in packaged_styles()[:2000:97]:
        (listed,) = (style for style in find_styles(path.stem) if style.name == path.stem)
        read = find_style(path.stem, path.parent, ANYWHERE)
        assert read.citation_format == listed.citation_format
        assert listed.depends or read.title == listed.title


def test_the_command_lists_names_to_give_to_a_build(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["styles", "vancouver", "--format", "numeric", "--json"]) == 0
    names = [style["name"] for style in json.loads(capsys.readouterr().out)]
    assert names[0] == "nlm-citation-sequence"  # which is what most people mean
    assert find_style(names[-1], packaged_styles()[0].parent, ANYWHERE)


def test_a_style_that_is_not_there_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["styles", "quokka", "quarterly"]) == 2
    assert "no citation style is called quokka quarterly" in capsys.readouterr().err


def test_the_doctor_finds_all_that_builds_and_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    parts = {part["name"]: part for part in json.loads(capsys.readouterr().out)}
    assert parts["EPUBCheck"]["version"] == epubcheck.available()
    assert {"pandoc", "WeasyPrint", "EbookLib", "veraPDF", "axe-core"} <= set(parts)
    assert not any(part["remedy"] for part in parts.values() if part["use"] != "confine")


def test_the_doctor_says_how_to_get_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert main(["doctor"]) == 70
    told = capsys.readouterr().out
    assert "qpdf                 missing. Install it with: apt-get install qpdf" in told


def test_a_part_that_fails_is_told_and_the_others_too() -> None:
    def absent() -> str:
        raise ValidatorMissing("A tool", "Install it.")

    assert machine.find_part("A tool", "check", absent) == machine.MachinePart(
        "A tool", "check", "", "Install it."
    )


def test_a_new_work_builds_and_passes_every_check_as_it_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    told = ["--title", 'Tides "and" harbours', "--author", "Åse Ø", "--csl", "chicago-notes"]
    assert main(["new", "work", *told]) == 0
    assert main(["build", "work"]) == 0
    assert "warning" not in capsys.readouterr().err
    assert main(["check", "--require-all"]) == 0


@pytest.mark.parametrize(
    ("csl", "theme"),
    [("apa", "article"), ("ieee", "report"), ("chicago-notes-bibliography", "book")],
)
def test_a_new_work_builds_in_any_style_and_theme(csl: str, theme: str, tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "tides"), "--csl", csl, "--theme", theme]) == 0
    made = build(tmp_path / "tides", out=tmp_path / "dist")
    assert made.edition.record.title == "Tides"
    assert made.edition.style_name == csl
    assert made.edition.record.design.theme == theme
    assert not made.warnings


def test_a_folder_that_holds_something_is_left_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.md").write_text("Mine.")
    assert main(["new", str(tmp_path)]) == 2
    assert "is not an empty folder" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["mine.md"]


def test_an_unknown_style_makes_no_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new", str(tmp_path / "work"), "--csl", "ieeee"]) == 2
    assert "did you mean" in capsys.readouterr().err
    assert not (tmp_path / "work").exists()


def test_bash_completes_the_commands(tmp_path: Path) -> None:
    script = tmp_path / "completion.bash"
    run = [sys.executable, "-m", "triptych.cli", "--completion", "bash"]
    script.write_text(subprocess.run(run, capture_output=True, text=True, check=True).stdout)
    asked = f"source {script}; COMP_WORDS=(triptych coll); COMP_CWORD=1; _shtab_triptych; "
    asked += 'echo "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "collate"
