"""`triptych verify`: a store in, a verdict on whether it still holds what was deposited out."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from triptych.commands.deposit import add_endpoint
from triptych.commands.output import Commands
from triptych.diagnostics import Exit, counted
from triptych.printing import say, say_json, visible

if TYPE_CHECKING:
    from triptych.deposit.verify import StoreReport

EXAMPLES = """\
examples:
  triptych verify archive                  every file, every bag, every collation
  triptych verify archive --rebuild        and build every edition again, to the byte
  triptych verify s3://bucket/archive --json
  triptych verify bag                      a bag, as `triptych restore` writes it

exit codes:
  0  all is as it was deposited
  2  the command was called wrongly, or the store cannot be read
  3  something is damaged, missing, added or different; each file is named
  70 a fault of Triptych's own
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    verify = commands.add_parser(
        "verify",
        help="prove that a store still holds what was deposited",
        description="Read every file in a store, compare it with its digests, check every bag, "
        "and collate the stored editions again. Needs nothing but the store.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument(
        "store", metavar="STORE",
        help="a folder, or s3://bucket/prefix: a store, or one OCFL object or bag by itself",
    )  # fmt: skip
    verify.add_argument(
        "--rebuild", action="store_true",
        help="build each stored edition again from its own package, and compare the bytes",
    )  # fmt: skip
    add_endpoint(verify)
    verify.add_argument("--json", action="store_true", help="print everything as one JSON document")
    verify.add_argument("--quiet", action="store_true", help="print faults and the verdict only")
    verify.set_defaults(run=_run, held=Exit.PROOF)


def _run(args: argparse.Namespace) -> int:
    from triptych.deposit.places import open_store
    from triptych.deposit.verify import verify
    from triptych.progress import teller

    store = open_store(args.store, args.endpoint)
    with teller(quiet=args.quiet or args.json, machine=False) as listener:
        found = verify(store, rebuild=args.rebuild, listener=listener)
    if args.json:
        told = {"passed": found.passed, "verdict": verdict(found), **asdict(found)}
        say_json(told, indent=1)
    else:
        if not args.quiet:
            _print_table(found)
        for fault in found.faults:
            say(fault)
        for note in found.notes:
            say(f"note: {note}")
        say(verdict(found))
    return Exit.DONE if found.passed else Exit.PROOF


def verdict(found: StoreReport) -> str:
    """The whole verification in one sentence."""
    holds = f"{counted(found.works, 'work')} in {counted(len(found.versions), 'version')}"
    if found.passed:
        return f"{found.where} is sound: {holds}, each file as it was deposited"
    faults = len(found.faults)
    return f"{found.where} is not sound: {counted(faults, 'fault')} ({holds})"


def _print_table(found: StoreReport) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    live = sys.stdout.isatty()
    console = Console(width=None if live else 1000, highlight=False, markup=False, soft_wrap=True)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in (
        "Work",
        "Version",
        "Deposited",
        "Files",
        "Fixity",
        "Bag",
        "Collation",
        "Rebuilt",
    ):
        table.add_column(heading)
    colours = {"sound": "green", "faulty": "bold red", "not looked at": "yellow"}
    for version in found.versions:
        verdicts = (version.fixity, version.bag, version.collation, version.rebuilt)
        table.add_row(
            visible(version.title or version.identifier),
            version.version,
            visible(version.created),
            str(version.files),
            *(Text(verdict, style=colours[verdict]) for verdict in verdicts),
        )
    console.print(table, soft_wrap=not live)
