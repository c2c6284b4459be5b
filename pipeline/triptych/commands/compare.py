"""`triptych compare`: two states of an edition in, their differences out."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

from triptych.commands.output import Commands
from triptych.diagnostics import Exit
from triptych.printing import say, say_json, say_text

EXAMPLES = """\
examples:
  triptych compare old/ dist/            two builds of an edition
  triptych compare old.epub new.epub     two files

exit codes:
  0  the same, byte for byte
  2  the command was called wrongly
  3  there are differences
  70 a fault of Triptych's own
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    compare = commands.add_parser(
        "compare",
        help="show how two builds of an edition differ",
        description="Compare two files or folders. E-books and PDFs are opened, and what differs "
        "is shown by lines.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    compare.add_argument("old", type=Path, metavar="OLD", help="a file or folder")
    compare.add_argument("new", type=Path, metavar="NEW", help="a file or folder")
    compare.add_argument(
        "--json", action="store_true", help="print everything as one JSON document"
    )
    compare.set_defaults(run=_run, held=Exit.PROOF)


def _run(args: argparse.Namespace) -> int:
    from triptych.compare import as_text, compare

    differences = compare(args.old, args.new)
    if args.json:
        told = {"same": not differences, "differences": [asdict(one) for one in differences]}
        say_json(told, indent=1)
    elif differences:
        say_text(as_text(differences))
    else:
        say(f"{args.old} and {args.new} are the same, byte for byte")
    return Exit.PROOF if differences else Exit.DONE
