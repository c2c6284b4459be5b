"""The walk-through for publishers tells the truth: it is walked as it stands."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

GUIDE = (Path(__file__).parents[1] / "docs" / "publishers.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.S)


def test_every_command_does_what_the_guide_says(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for name, language in (
        ("edition.toml", "toml"), ("article.md", "markdown"), ("references.json", "json"),
    ):  # fmt: skip
        (text,) = blocks(language)
        (source / name).write_text(text, encoding="utf-8")
    for command in blocks("sh"):
        words = command.split()
        assert words[0] == "triptych"
        done = subprocess.run(
            [sys.executable, "-m", "triptych.cli", *words[1:]],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    promised = set(re.findall(r"^\| `(tides-[^`]+)`", GUIDE, re.M))
    assert {path.name for path in (tmp_path / "dist").iterdir()} == promised
    assert (tmp_path / "proof.html").is_file()
