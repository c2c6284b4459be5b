"""Options that several commands have."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_reach(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which files a source may name."""
    parser.add_argument(
        "--root", type=Path, metavar="DIR",
        help="the folder that no file of the source may lie outside of (default: the source's "
        "own, or the Quarto project or git checkout around it)",
    )  # fmt: skip
    parser.add_argument(
        "--allow", action="append", default=[], type=Path, metavar="DIR",
        help="another folder whose files the source may name; may be repeated",
    )  # fmt: skip
