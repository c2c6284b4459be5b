"""The colophon: what the work is set in and how it is cited come before what machines want."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Desk

from triptych.collate import collate
from triptych.manifest import read_manifest
from triptych.press import build
from triptych.render.colophon import colophon, typefaces_of

FRONT = "author: Ada Example\nlicense: CC-BY-4.0\ndate: 2024\nisbn: 978-3-16-148410-0\n"


def lines(markup: str) -> list[str]:
    return [re.sub("<[^>]+>", "", line) for line in re.findall(r"<p\b.*?</p>", markup)]


def test_what_machines_want_stands_last_and_a_book_number_without_its_scheme(desk: Desk) -> None:
    told = lines(colophon(desk.edition("By [@lovelace1843].\n", FRONT)))
    assert [line.partition(" ")[0] for line in told[-4:]] == ["Citations", "Cite", "Source", "ISBN"]
    assert told[-2] == "Source Serif 4, Source Sans 3 · Triptych"
    assert told[-1] == "ISBN 9783161484100"
    assert "CC-BY-4.0" in told[-5]


@pytest.mark.parametrize(
    ("body", "family"),
    [("Use `code`.\n", "Source Code Pro"), ("The $x^2$.\n", "STIX Two Math")],
)
def test_typefaces_are_named_that_only_some_works_need(desk: Desk, body: str, family: str) -> None:
    assert family in typefaces_of(desk.edition(body))
    assert family not in typefaces_of(desk.edition("Words.\n"))


def test_another_typeface_or_number_in_the_colophon_is_told(desk: Desk, tmp_path: Path) -> None:
    formats = ("html", "epub", "pdf", "text", "jats")
    made = build(desk.paper("Words.\n", FRONT), out=tmp_path / "out", formats=formats)
    assert made.collation.passed
    *files, manifest_file = made.files
    manifest = read_manifest(manifest_file.read_bytes())
    data = {name: file.read_bytes() for name, file in zip(formats[:3], files, strict=False)}
    assert manifest.terms is not None
    for changed in (
        replace(manifest, terms={**manifest.terms, "typefaces": "Arial"}),
        replace(manifest, record=replace(manifest.record, identifier="urn:isbn:9780306406157")),
    ):
        found = collate(changed, data).differences
        assert {each.witness for each in found if each.kind == "front-differs"} == set(data)
