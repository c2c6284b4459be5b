"""What helps to begin: finding a citation style, and telling what a machine lacks."""

from __future__ import annotations

import json

import pytest

from triptych.check import machine
from triptych.cli import main
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

    assert machine.find_part("A tool", "check", absent) == machine.Part(
        "A tool", "check", "", "Install it."
    )
