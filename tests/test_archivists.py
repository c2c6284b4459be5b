"""The archivists' page tells the truth: its commands are run as they stand.

The machine of this walk has no validators, as an archive's may not; the deposit says so.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from deposits import is_bag, objections
from test_readme import fenced

PAGE = Path(__file__).parents[1] / "docs" / "archivists.md"


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which the page's commands were run one after the other, and what they said."""
    folder = tmp_path_factory.mktemp("walk")
    (folder / "paper.md").write_text(fenced("markdown"), encoding="utf-8")
    (folder / "paper.json").write_text(fenced("json"), encoding="utf-8")
    tools = tmp_path_factory.mktemp("bin")
    for name in ("cat", "chmod", "cp", "find", "grep", "head", "sh", "sha256sum", "test"):
        (tools / name).symlink_to(str(shutil.which(name)))
    (tools / "triptych").write_text(f'#!/bin/sh\nexec {sys.executable} -m triptych.cli "$@"\n')
    (tools / "triptych").chmod(0o755)
    commands = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)
    done = subprocess.run(
        ["sh", "-e", "-c", "\n".join(commands)],
        cwd=folder,
        env={"PATH": str(tools), "HOME": str(folder), "LANG": os.environ.get("LANG", "C.UTF-8")},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout + done.stderr


def test_the_commands_run_as_they_stand(walked: tuple[Path, str]) -> None:
    _, said = walked
    assert "as v1 in archive" in said
    assert "nothing new: archive holds this already as v1" in said
    assert "paper.md: error: has changed since the edition was built [source-changed]" in said
    assert "as v2 in archive" in said
    assert "Second printing" in said
    assert "archive is sound: 1 work in 2 versions, each file as it was deposited" in said


def test_others_find_the_store_and_the_bag_valid(walked: tuple[Path, str]) -> None:
    folder, _ = walked
    assert objections(folder / "archive") == []
    assert is_bag(folder / "bag")


def test_the_bag_holds_what_the_page_says(walked: tuple[Path, str]) -> None:
    folder, _ = walked
    places = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(encoding="utf-8"), re.M)
    assert len(places) == 8
    assert [place for place in places if not (folder / "bag" / place).exists()] == []


def test_what_comes_back_is_what_went_in(walked: tuple[Path, str]) -> None:
    folder, _ = walked
    assert (folder / "first" / "paper.md").read_text("utf-8") == fenced("markdown")
    for path in (folder / "dist").iterdir():
        assert (folder / "editions" / path.name).read_bytes() == path.read_bytes()


def test_validators_that_are_not_installed_are_named_as_such(walked: tuple[Path, str]) -> None:
    folder, _ = walked
    report = json.loads((folder / "bag" / "data" / "reports" / "check.json").read_bytes())
    assert {"EPUBCheck", "veraPDF"} <= report["not_checked"].keys()
    _, said = walked
    assert "not checked by" in said
    assert {e["verdict"] for e in report["examinations"] if e["tool"] == "Collation"} == {"passed"}


def triptych(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "triptych.cli", *words], cwd=cwd, capture_output=True, text=True
    )


def test_programs_get_everything_as_json(walked: tuple[Path, str]) -> None:
    folder, _ = walked
    found = json.loads(triptych("verify", "archive", "--json", cwd=folder).stdout)
    assert found["passed"] is True
    assert [v["version"] for v in found["versions"]] == ["v1", "v2"]
    assert {v["collation"] for v in found["versions"]} == {"sound"}
    damaged = triptych("verify", "copy", "--json", cwd=folder)
    assert damaged.returncode == 3
    assert [fault["kind"] for fault in json.loads(damaged.stdout)["faults"]] == ["damaged"]
    past = json.loads(triptych("history", "archive", "--json", cwd=folder).stdout)
    assert [item["message"] for item in past] == ["First printing", "Second printing"]
    assert "data/source/paper.md" in past[1]["changed"]
    assert len(past[1]["payload"]) == 128


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["deposit"], "--to"),
        (["deposit", "nowhere", "--to", "store"], "no edition manifest"),
        (["deposit", "--to", "dist"], "dist is not a store, and not empty"),
        (["verify", "nowhere"], "nowhere is not a store"),
        (["history", "archive", "urn:x"], "holds no work urn:x"),
        (["restore", "archive", "--to", "dist"], "dist is not an empty folder"),
        (["restore", "archive", "--to", "new", "--version", "9"], "has no version 9"),
        (["verify", "archive", "--endpoint", "http://localhost"], "--endpoint is for stores at s3"),
    ],
)
def test_wrong_words_exit_with_2(walked: tuple[Path, str], words: list[str], said: str) -> None:
    done = triptych(*words, cwd=walked[0])
    assert done.returncode == 2
    assert said in done.stderr


@pytest.mark.parametrize("command", ["deposit", "verify", "history", "restore"])
def test_help_shows_examples_and_exit_codes(command: str, tmp_path: Path) -> None:
    done = triptych(command, "--help", cwd=tmp_path)
    assert done.returncode == 0
    assert f"triptych {command} " in done.stdout
    assert "exit codes:" in done.stdout
