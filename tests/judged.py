"""What validators say of finished files, as tests ask for it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from triptych.validators.verdict import Verdict


def errors(verdicts: Iterable[Verdict]) -> list[str]:
    """All that is wrong, file by file."""
    return [str(f) for v in verdicts for f in v.findings if f.severity == "error"]


def on_shelf(shelf: Path, ending: str, number: int) -> list[Path]:
    """The finished files of one format in the folders of a shelf, of which there must be so many.

    Else a judge would pass what no build has made.
    """
    files = sorted(shelf.glob(f"*/*.{ending}"))
    assert len(files) == number
    return files
