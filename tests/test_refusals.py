"""What is not an article is refused, and what was built before stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Desk

from triptych.diagnostics import SourceError
from triptych.press import build
from triptych.read.source import read_source

NOTEBOOK = '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.mark.parametrize(
    ("name", "content", "code", "message"),
    [
        ("paper.tex", b"\\documentclass{article}", "source-kind", "LaTeX"),
        ("refs.json", b"[]", "source-kind", "JSON"),
        ("work.ipynb", NOTEBOOK.encode(), "source-kind", "Jupyter notebook"),
        ("work.PDF", b"%PDF-1.7\n\x00\xff", "source-kind", "PDF"),
        ("paper.docx", b"PK\x03\x04\x00", "source-kind", "Word"),
        ("_metadata.yml", b"lang: en\n", "source-kind", "YAML"),
        ("paper.md", b"%PDF-1.7\n\x00\xff", "source-kind", "PDF"),
        ("paper.md", b"% Draft\n\\documentclass{book}", "source-kind", "LaTeX"),
        ("paper.md", NOTEBOOK.encode(), "source-kind", "Jupyter notebook"),
        ("paper.md", b"<!DOCTYPE html><p>Text", "source-kind", "HTML"),
        ("paper", b"\x7fELF\x02\x00\x00", "source-kind", "binary"),
        ("paper.md", "Text".encode("utf-16"), "source-encoding", "UTF-16"),
        ("paper.md", b"", "source-empty", "empty"),
        ("paper.md", b" \n\n", "source-empty", "empty"),
        ("paper.md", b"\xef\xbb\xbf", "source-empty", "empty"),
        ("paper.md", b"---\ntitle: Only this\n---\n", "source-empty", "front matter"),
        ("paper.md", b"---\ntitle: T\n---\n\n<!-- to be written -->\n", "source-empty", "front"),
    ],
)
def test_a_file_of_another_kind_is_refused_in_one_diagnostic(
    desk: Desk, name: str, content: bytes, code: str, message: str
) -> None:
    path = desk.put(name, content)
    with pytest.raises(SourceError) as caught:
        read_source(path)
    (told,) = caught.value.diagnostics
    assert (Path(told.file).name, told.code) == (name, code)
    assert message in told.message
    assert told.hint


@pytest.mark.parametrize(
    "text", ["{.python}\n\nText.", "[Text]{.smallcaps}", "% A title\n\nText.", "<p>Text.</p>"]
)
def test_markdown_that_begins_like_something_else_is_read(desk: Desk, text: str) -> None:
    assert read_source(desk.put("paper.md", text)).article == text


def test_an_article_that_only_lists_works_is_one(desk: Desk) -> None:
    assert len(desk.edition("", "nocite: '@*'\n").ledger.entries) == 2


def test_a_project_s_file_stands_for_its_folder(desk: Desk) -> None:
    desk.put("_quarto.yml", "project:\n  type: book\nbook:\n  title: Sails\n  chapters: [a.qmd]\n")
    desk.put("a.qmd", "# Rigging\n\nText.\n")
    source = read_source(desk.folder / "_quarto.yml")
    assert (source.record.title, source.asked) == ("Sails", ".")
    assert "# Rigging" in source.article


def test_an_edition_record_stands_for_its_folder(desk: Desk) -> None:
    desk.put("edition.toml", 'title = "Sails"\narticle = "a.md"\n')
    desk.put("a.md", "Text.\n")
    assert read_source(desk.folder / "edition.toml").record.title == "Sails"


@pytest.mark.parametrize("named", ['article = "a.tex"', 'chapters = ["a.tex"]'])
def test_what_a_record_names_must_be_an_article_too(desk: Desk, named: str) -> None:
    desk.put("edition.toml", f'title = "Sails"\n{named}\n')
    desk.put("a.tex", "\\section{Rigging}\n")
    assert desk.the_mistake(desk.folder).code == "source-kind"


def test_what_is_refused_leaves_the_edition_as_it_was(desk: Desk) -> None:
    out = desk.folder / "dist"
    build(desk.paper("Text.\n"), out=out, formats=["html"])
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    with pytest.raises(SourceError):
        build(desk.paper(""), out=out, formats=["html"], keep_going=True)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
