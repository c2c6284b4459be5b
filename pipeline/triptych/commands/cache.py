"""`triptych cache`: what is kept for later builds, and how to be rid of it."""

from __future__ import annotations

import argparse
import re
from collections import Counter

from triptych.commands.output import Commands
from triptych.diagnostics import Exit, MachineError, counted
from triptych.printing import say, say_json

EXAMPLES = """\
examples:
  triptych cache                     where it is, and how large
  triptych cache --prune 500M        keep what was last of use, up to 500 MiB
  triptych cache --prune 0           delete all that it keeps

exit codes:
  0  done
  2  the command was called wrongly
  70 the cache folder cannot be used
"""
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    cache = commands.add_parser(
        "cache",
        help="show or prune what is kept for later builds",
        description="Show what is kept for later builds, or prune it. It may be deleted at any "
        "time: what is missing is made again.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    cache.add_argument(
        "--prune", type=_bytes, metavar="SIZE",
        help="delete what was of use the longest ago, until no more than SIZE is kept: bytes, or "
        "with K, M or G",
    )  # fmt: skip
    cache.add_argument("--json", action="store_true", help="print the result as JSON")
    cache.set_defaults(run=_run, quiet=False)


def _bytes(written: str) -> int:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([KMG]?)", written.upper())
    if found is None:
        raise argparse.ArgumentTypeError(f"{written} is not a size, such as 500M")
    return int(float(found[1]) * _UNITS[found[2]])


def _run(args: argparse.Namespace) -> int:
    from triptych.cache.store import open_cache

    cache = open_cache()
    if cache is None:
        raise MachineError(
            "there is no cache: its folder, `triptych` in XDG_CACHE_HOME or ~/.cache unless "
            "TRIPTYCH_CACHE names another, must be yours, and nobody else may write there"
        )
    freed = None if args.prune is None else cache.prune(args.prune)
    sizes, numbers = Counter[str](), Counter[str]()
    for entry in cache.entries():
        kind = entry.path.relative_to(cache.folder).parts[0]
        sizes[kind] += entry.size
        numbers[kind] += 1
    if args.json:
        say_json({"folder": str(cache.folder), "freed": freed, "bytes": dict(sizes)}, indent=1)
        return Exit.DONE
    if freed is not None:
        say(f"freed {_size(freed)}")
    say(f"{cache.folder}: {_size(sizes.total())}")
    for kind, size in sorted(sizes.items()):
        say(f"  {kind}: {counted(numbers[kind], 'entry')}, {_size(size)}")
    return Exit.DONE


def _size(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB" if size >= 2**20 else f"{size / 2**10:,.1f} KiB"
