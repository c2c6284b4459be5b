"""The edition manifest: written beside the files, read back with every value checked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Desk

from triptych.manifest import (
    Appearance,
    EditionManifest,
    files_named,
    manifest_json,
    manifest_of,
    read_manifest,
)

LOOKS = Appearance(
    {"0a": "a script"},
    {"a": "1b 2c"},
    {"tokens.css": "3d"},
    {"Source Serif 4": {"italic": "1b", "regular": "2c"}},
)
TEXT = """\
# Engines {#sec:engines}

They count [@lovelace1843, p. 22; see @babbage1864].[^1] See @sec:engines, [anywhere](https://a.b).

[^1]: Slowly.
"""


@pytest.fixture
def manifest(desk: Desk) -> EditionManifest:
    return manifest_of(desk.edition(TEXT), {"paper.html": "4e", "paper.pdf": "5f"}, LOOKS)


def changed(manifest: EditionManifest, change: Callable[[dict[str, Any]], object]) -> str:
    value = json.loads(manifest_json(manifest))
    change(value)
    return json.dumps(value)


def test_what_is_written_is_read_back(manifest: EditionManifest) -> None:
    assert manifest.ledger.clusters
    assert read_manifest(manifest_json(manifest)) == manifest


def test_it_is_written_the_same_again(manifest: EditionManifest) -> None:
    written = manifest_json(manifest)
    assert manifest_json(read_manifest(written)) == written
    assert list(json.loads(written)) == sorted(json.loads(written))


def test_what_a_newer_triptych_adds_is_passed_over(manifest: EditionManifest) -> None:
    newer = changed(manifest, lambda value: value["record"].update(colour="red"))
    assert read_manifest(newer) == manifest


@pytest.mark.parametrize(
    "name", ["embedded", "letterforms", "faces", "design", "references", "built"]
)
def test_what_an_older_triptych_did_not_write_may_be_missing(
    name: str, manifest: EditionManifest
) -> None:
    older = read_manifest(changed(manifest, lambda value: value.pop(name)))
    assert older.ledger == manifest.ledger
    assert not getattr(older, name)


def test_an_older_ledger_has_no_index(manifest: EditionManifest) -> None:
    older = changed(manifest, lambda value: value["ledger"].pop("index"))
    assert read_manifest(older).ledger.index == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m.pop("files"), "files is missing"),
        (lambda m: m.update(name=7), "name must be text, and is 7"),
        (lambda m: m.update(files=["a"]), "files must be an object, and is ['a']"),
        (lambda m: m["files"].update({"a.pdf": None}), "files.a.pdf must be text, and is None"),
        (lambda m: m["record"].update(trim_size=[1]), "record.trim_size must be a list of 2"),
        (lambda m: m["record"].update(epoch="now"), "record.epoch must be a whole number"),
        (lambda m: m["record"]["printing"].update(marks=1), "marks must be true or false"),
        (lambda m: m["style"].update(kind="runic"), "style.kind must be one of in-text, note"),
        (lambda m: m["ledger"].pop("notes"), "ledger.notes is missing"),
        (lambda m: m["ledger"]["clusters"][0].pop("id"), "ledger.clusters[0].id is missing"),
        (lambda m: m["ledger"]["text"]["links"].append([1]), "must be a list of 3, and is [1]"),
        (lambda m: m["ledger"].update(format=2), "ledger format 2 is not 3"),
        (lambda m: m.update(terms={"skip": "To the text"}), "terms.edited by is missing"),
        (lambda m: m.update(lists=[{"name": "maps", "title": "Maps", "lines": []}]),
         "lists[0].name must be one of figures, tables"),
        (lambda m: m.update(pictures=[{"file": "a.svg", "alt": "",
                                       "words": [{"text": "Lamp", "colour": "red"}]}]),
         "pictures[0].words have a colour that is not such as #1a2b3c"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_it_is_named(
    change: Callable[[dict[str, Any]], object], message: str, manifest: EditionManifest
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read_manifest(changed(manifest, change))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "Expecting value"),
        ("{", "Expecting property name"),
        ("7", "it must be an object, and is 7"),
        ("[]", "it must be an object, and is []"),
        (b'{"name": "\xff"}', "can't decode byte 0xff"),
    ],
)
def test_what_is_no_manifest_is_refused(data: str | bytes, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        read_manifest(data)


def test_the_files_are_read_whatever_the_ledger_is(manifest: EditionManifest) -> None:
    """So that a signature can be verified by any Triptych."""
    other = changed(manifest, lambda value: value["ledger"].update(format=99))
    assert files_named(other) == {"paper.html": "4e", "paper.pdf": "5f"}


def test_files_in_other_folders_are_refused(manifest: EditionManifest) -> None:
    other = changed(manifest, lambda value: value["files"].update({"../a.pdf": "6a"}))
    with pytest.raises(ValueError, match="other folders"):
        files_named(other)
