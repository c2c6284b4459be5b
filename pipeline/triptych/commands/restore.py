"""`triptych restore`: a version in a store in, its files in a folder out."""

from __future__ import annotations

import argparse
from pathlib import Path

from triptych.commands.deposit import add_endpoint
from triptych.commands.output import Commands, print_json
from triptych.diagnostics import Exit, counted
from triptych.limits import doing
from triptych.printing import say

EXAMPLES = """\
examples:
  triptych restore archive --to bag                      the newest version, as a BagIt bag
  triptych restore archive --version 1 --to first        the first version
  triptych restore archive --only source --to source     the source alone, to work on
  triptych restore archive https://doi.org/10.1000/182 --only editions --to dist

exit codes:
  0  done; each file is as it was deposited
  2  the command was called wrongly: no such work or version, a folder that is not empty
  3  the store is damaged; nothing was written
  70 a fault of Triptych's own, or the disk is full
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    restore = commands.add_parser(
        "restore",
        help="write a version in a store back into a folder",
        description="Write the files of a version in a store into a new or empty folder, each "
        "checked on the way.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    restore.add_argument("store", metavar="STORE", help="a folder, or s3://bucket/prefix")
    restore.add_argument(
        "identifier", nargs="?", metavar="ID",
        help="the work, if the store holds several (`triptych history` lists them)",
    )  # fmt: skip
    restore.add_argument("--to", required=True, type=Path, metavar="DIR", help="a new folder")
    restore.add_argument(
        "--version", type=int, metavar="N", help="the version (default: the newest)"
    )
    restore.add_argument(
        "--only", choices=("source", "editions"), default="bag",
        help="the source or the finished editions alone (default: the whole bag)",
    )  # fmt: skip
    add_endpoint(restore)
    restore.add_argument(
        "--json", action="store_true", help="print everything as JSON, one per line"
    )
    restore.add_argument("--quiet", action="store_true", help="print mistakes only")
    restore.set_defaults(run=_run, held=Exit.PROOF)


def _run(args: argparse.Namespace) -> int:
    from triptych.deposit.places import open_store
    from triptych.deposit.restore import restore

    store = open_store(args.store, args.endpoint)
    with doing(f"Restoring from {args.store}"):
        files = restore(
            store, args.to, identifier=args.identifier, version=args.version, what=args.only
        )
    if args.json:
        print_json("restored", files=[str(path) for path in files])
    elif not args.quiet:
        say(f"{counted(len(files), 'file')} in {args.to}, each as it was deposited")
    return Exit.DONE
