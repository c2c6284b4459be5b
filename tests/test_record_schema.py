"""The JSON Schema of the edition record says of `edition.toml` what the press says of it."""

from __future__ import annotations

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from conftest import Desk
from jsonschema import Draft202012Validator

from triptych.page_design import THEMES
from triptych.read.settings import OWN

ROOT = Path(__file__).parents[1]
SCHEMA = json.loads((files("triptych.new_work") / "edition.schema.json").read_text("utf-8"))
RECORDS = sorted((ROOT / "source").glob("edition.toml")) + sorted(
    (ROOT / "tests" / "corpus").glob("*/edition.toml")
)


def as_json(record: str) -> Any:
    """A record in TOML as an editor holds it against a schema: its dates are text."""
    return json.loads(json.dumps(tomllib.loads(record), default=str))


def mistakes(record: str) -> list[str]:
    return [error.message for error in Draft202012Validator(SCHEMA).iter_errors(as_json(record))]


def test_the_schema_is_sound_and_describes_every_setting() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert set(SCHEMA["properties"]) == set(OWN)
    assert SCHEMA["$defs"]["theme"]["enum"] == list(THEMES)
    told = [name for name, of in SCHEMA["properties"].items() if "description" not in of]
    assert told in ([], ["theme"])


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.parent.name)
def test_a_record_that_builds_has_no_mistakes(path: Path) -> None:
    assert mistakes(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        'titel = "Tides"',
        'language = "english please"',
        'references = "section"',
        "toc-depth = 9",
        '[print]\ncolour = "green"',
        "[print]\nsignature = 0.5",
        "[print]\nbleeds = 3",
        '[design]\ntheme = "newspaper"',
        "[design]\nleading = 9",
        '[design]\nrunning-heads = {left = "date"}',
        "[design]\nmargins = 20",
        '[design]\nsides = "three"',
    ],
)
def test_what_the_press_tells_of_a_record_the_schema_tells_too(line: str, desk: Desk) -> None:
    desk.put("article.md", "Words.\n")
    desk.put("edition.toml", f'article = "article.md"\n{line}\n')
    assert desk.mistakes(desk.folder)
    assert mistakes(line)
