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


def shown(beginning: str) -> str:
    """The line of output that the README shows, by its first words."""
    text = README.read_text(encoding="utf-8")
    (line,) = (line.strip() for line in text.splitlines() if line.startswith(f"    {beginning}"))
    return line


def built(folder: Path, article: str) -> subprocess.CompletedProcess[str]:
    (folder / "paper.md").write_text(article, encoding="utf-8")
    (folder / "paper.json").write_text(fenced("json"), encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "triptych.cli", "build", "paper.md"],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_the_tutorial_builds_all_three_editions(tmp_path: Path) -> None:
    done = built(tmp_path, fenced("markdown"))
    assert done.returncode == 0, done.stderr
    assert done.stderr.splitlines()[-1] == shown("HTML, EPUB, PDF agree")
    assert {path.suffix for path in (tmp_path / "dist").iterdir()} == {
        ".html", ".epub", ".pdf", ".json",
    }  # fmt: skip


def test_a_key_with_a_slip_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    done = built(tmp_path, fenced("markdown").replace("@lee2019 counts", "@lee2091 counts"))
    assert done.returncode == 1
    assert re.search(r"^paper\.md:11:\d+: error: .*'lee2091'.*\n.*lee2019", done.stderr, re.M)
    assert not (tmp_path / "dist").exists()
