"""Which file is the article, and which is none: files of other kinds, files that hold no text.

In: a folder, a file's bytes, or an article's text. Out: the articles there; or a `Refusal`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from triptych.cache.probes import matches
from triptych.read.lines import without_comments

_ARTICLES = ("*.md", "*.qmd", "*.Rmd", "*.markdown")
_USUAL_NAMES = ("article", "paper", "manuscript", "index")
_NO_ARTICLES = ("readme", "license", "changelog", "contributing")

Refusal = tuple[str, str, str]
"""The code of the diagnostic, its message and its hint."""

_NAME_IT = "name the article itself, a Markdown file, or its folder"
_CONVERTED = "convert it first: pandoc {name} -t markdown -o {stem}.md"
_KINDS: Mapping[str, tuple[str, str]] = {
    ".tex": ("LaTeX", _CONVERTED),
    ".ipynb": ("a Jupyter notebook", "convert it first: quarto convert {name}"),
    ".docx": ("a Word document", _CONVERTED),
    ".odt": ("an OpenDocument text", _CONVERTED),
    ".rtf": ("RTF", _CONVERTED),
    ".rst": ("reStructuredText", _CONVERTED),
    ".org": ("an Org file", _CONVERTED),
    ".typ": ("Typst", _CONVERTED),
    ".html": ("HTML", _CONVERTED),
    ".htm": ("HTML", _CONVERTED),
    ".xhtml": ("HTML", _CONVERTED),
    ".epub": ("an e-book", _NAME_IT),
    ".pdf": ("a PDF", _NAME_IT),
    ".xml": ("XML", _NAME_IT),
    ".svg": ("a picture", _NAME_IT),
    ".json": ("JSON", _NAME_IT),
    ".yml": ("YAML", _NAME_IT),
    ".yaml": ("YAML", _NAME_IT),
    ".toml": ("TOML", _NAME_IT),
    ".csv": ("a table of data", _NAME_IT),
    ".bib": ("a bibliography", _NAME_IT),
    ".ris": ("a bibliography", _NAME_IT),
    ".csl": ("a citation style", _NAME_IT),
    ".css": ("a style sheet", _NAME_IT),
    ".zip": ("an archive", "unpack it, and name the article in it"),
}
"""By the ending of a file's name: what it is, and how to come to an article."""
_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", ".pdf"),
    (b"PK\x03\x04", ".zip"),
    (b"{\\rtf", ".rtf"),
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LATEX = re.compile(rb"(?:\s|%[^\n]*\n)*\\documentclass\b")
_HTML = re.compile(rb"\s*(?:<!doctype html|<html)\b", re.I)
_HEAD = 8192
"""How many bytes of a file are looked at for what no text holds."""


def articles_in(folder: Path) -> list[Path]:
    """The Markdown files that may be a folder's article; only one, if one has a usual name."""
    found = sorted(
        path
        for pattern in _ARTICLES
        for path in matches(folder, pattern)
        if path.stem.lower() not in _NO_ARTICLES and not path.name.startswith(("_", "."))
    )
    usual = [path for path in found if path.stem.lower() in _USUAL_NAMES]
    return usual if len(usual) == 1 else found


def not_an_article(path: Path, data: bytes) -> Refusal | None:
    """Why a file is no article in Markdown: by its name, else by what it holds."""
    if data.startswith(_UTF_16):
        return "source-encoding", "the file is UTF-16", "save the file as UTF-8"
    ending = path.suffix.lower()
    if ending not in _KINDS:
        ending = _by_content(data)
    if ending:
        kind, hint = _KINDS.get(ending, ("binary", _NAME_IT))
        hint = hint.format(name=path.name, stem=path.stem)
        return "source-kind", f"the file is {kind}, not an article in Markdown", hint
    return None


def _by_content(data: bytes) -> str:
    """The ending that a file of such content should have; `binary` for what is no text at all."""
    for signature, ending in _SIGNATURES:
        if data.startswith(signature):
            return ending
    if b"\0" in data[:_HEAD]:
        return "binary"
    if _LATEX.match(data):
        return ".tex"
    if _HTML.match(data):
        return ".html"
    if data.lstrip()[:1] in (b"{", b"["):
        try:
            read = json.loads(data)
        except (ValueError, RecursionError):
            return ""
        return ".ipynb" if isinstance(read, dict) and "cells" in read else ".json"
    return ""


def without_text(body: str, fields: Mapping[str, Any]) -> Refusal | None:
    """Why an article has nothing to print. One that only lists works, by `nocite`, has its list."""
    if without_comments(body).strip() or fields.get("nocite"):
        return None
    only = "holds only front matter" if fields else "is empty"
    return "source-empty", f"the file {only}: there is no text to print", "write the article in it"
