"""Options that several commands have."""

from __future__ import annotations

import argparse
from pathlib import Path

from triptych.formats import FORMATS, USUAL


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


def add_making(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what is built, and how."""
    parser.add_argument(
        "--to", action="append", metavar="FORMATS",
        help=f"the formats to make, separated by commas: {', '.join(FORMATS)} "
        f"(default: {','.join(USUAL)})",
    )  # fmt: skip
    parser.add_argument(
        "--keep-going", action="store_true",
        help="report mistakes as warnings and print what can be printed",
    )  # fmt: skip
    parser.add_argument(
        "--no-cache", action="store_true", help="make everything anew, and keep nothing for later"
    )


def formats_of(args: argparse.Namespace) -> tuple[str, ...]:
    """The formats that `--to` asks for, each once; the usual ones where it is not given."""
    asked = ",".join(args.to or USUAL).split(",")
    return tuple(dict.fromkeys(filter(None, (name.strip().lower() for name in asked))))
