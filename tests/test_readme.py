"""The README tells the truth: its tutorial is built as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

README = Path(__file__).parents[1] / "README.md"


def fenced(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README.read_text(encoding="utf-8"), re.S)
    assert found
    return found[1]


def test_the_tutorial_builds_all_three_editions(tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text(fenced("markdown"), encoding="utf-8")
    (tmp_path / "paper.json").write_text(fenced("json"), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "triptych.cli", "build", "paper.md"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert {path.suffix for path in (tmp_path / "dist").iterdir()} == {
        ".html", ".epub", ".pdf", ".json",
    }  # fmt: skip
