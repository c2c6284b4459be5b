"""One source, one edition: the bytes do not tell when, where or among what they were made."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "source"
HOME_OFFICE = {"TZ": "UTC", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "1"}
ABROAD = {
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C.UTF-8",
    "LANG": "tr_TR.UTF-8",
    "LANGUAGE": "de:fr",
    "PYTHONHASHSEED": "4711",
    "COLUMNS": "40",
    "FONTCONFIG_PATH": "/nowhere",
}


def digests(folder: Path, surroundings: dict[str, str], umask: int) -> dict[str, str]:
    """The SHA-256 of each finished file, by name."""
    copy = folder / "the source"
    shutil.copytree(SOURCE, copy)
    for path in copy.rglob("*"):
        os.utime(path, (umask * 1e6, umask * 1e6))
    home = folder / "home"
    home.mkdir()
    subprocess.run(
        [sys.executable, "-m", "triptych.cli", "build", str(copy), "--out", str(folder / "out")],
        env={"PATH": os.defpath, "HOME": str(home), "TMPDIR": str(folder), **surroundings},
        cwd=home,
        umask=umask,
        check=True,
        capture_output=True,
    )
    return {
        path.name: sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "out").iterdir())
    }


def test_other_surroundings_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("here", "far away"):
        (tmp_path / name).mkdir()
    one = digests(tmp_path / "here", HOME_OFFICE, 0o022)
    other = digests(tmp_path / "far away", ABROAD, 0o077)
    assert len(one) == 4
    assert one == other


@pytest.mark.parametrize("epoch", ["0", "4102444800"])
def test_no_clock_shows_in_the_bytes(epoch: str, tmp_path: Path) -> None:
    (tmp_path / "then").mkdir()
    then = digests(tmp_path / "then", {**HOME_OFFICE, "SOURCE_DATE_EPOCH": epoch}, 0o022)
    (tmp_path / "now").mkdir()
    assert digests(tmp_path / "now", HOME_OFFICE, 0o022) == then
