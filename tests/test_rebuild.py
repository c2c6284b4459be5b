"""A rebuild sees the bag and nothing else, whatever a stranger's package names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from deposits import package

from triptych.deposit.rebuild import rebuild
from triptych.manifest import manifest_json
from triptych.render.typesetter.engine import load
from triptych.typefaces import math_face

EDITION = "data/editions/paper.edition.json"


def bag(**changes: Any) -> dict[str, bytes]:
    """A bag whose manifest says what a stranger wishes."""
    manifest = json.loads(manifest_json(package("One.").manifest))
    manifest |= {"built": {"from": "paper.md", "csl": ""}, "source": {"paper.md": ""}, **changes}
    return {
        EDITION: json.dumps(manifest).encode(),
        "data/source/paper.md": b"One.\n",
        "data/editions/paper.txt": b"One.\n",
    }


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    path = tmp_path / "secret.md"
    path.write_text("A secret.\n")
    return path


def told_of(files: dict[str, bytes]) -> str:
    (difference,) = rebuild(files).differences
    assert difference[0] == EDITION
    return difference[1]


@pytest.mark.parametrize(
    "named", ["{outside}", "../secret.md", "a/../../../secret.md", "../..", "", "--help"]
)
def test_what_is_built_again_lies_in_the_bag(named: str, outside: Path) -> None:
    asked = named.format(outside=outside)
    told = told_of(bag(built={"from": asked, "csl": ""}, source={"../p": ""}))
    assert "which is not in the bag" in told
    assert "A secret" not in told


def test_a_folder_beside_the_source_is_none() -> None:
    files = bag(built={"from": "../source-not/paper.md", "csl": ""})
    files["data/source-not/paper.md"] = b"One.\n"
    assert "which is no source" in told_of(files)


@pytest.mark.parametrize("csl", ["{outside}", "../../x.csl", "/etc/x.csl", "--allow=/", "-o"])
def test_so_does_the_citation_style(csl: str, outside: Path) -> None:
    told = told_of(bag(built={"from": "paper.md", "csl": csl.format(outside=outside)}))
    assert "which is not in the bag" in told


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"../../secret.md": ""}, "not in the bag"),
        ({"paper.md": ""}, "not in the bag"),
        ({"paper.edition.json": ""}, "no edition"),
    ],
)
def test_so_do_the_finished_files(files: dict[str, str], told: str) -> None:
    assert told in told_of(bag(files=files))


@pytest.mark.parametrize("built", [{}, {"csl": ""}])
def test_a_manifest_that_does_not_say_what_was_built_is_told(built: dict[str, str]) -> None:
    assert "built.from is missing" in told_of(bag(built=built))


def test_a_style_sheet_loads_typefaces_of_the_design_alone(outside: Path) -> None:
    load()
    from triptych.render.typesetter.fetcher import PageFetcher

    face = math_face()
    loads = PageFetcher([face.as_uri()])
    assert loads.fetch(face.as_uri()).read() == face.read_bytes()
    for address in (
        outside.as_uri(),
        f"{face.parent.as_uri()}/../../../../../../../etc/passwd",
        f"{face.parent.as_uri()}/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "file://localhost/etc/passwd",
        "FILE:///etc/passwd",
        "http://127.0.0.1/",
    ):
        with pytest.raises(ValueError, match="opens no such address"):
            loads.fetch(address)
