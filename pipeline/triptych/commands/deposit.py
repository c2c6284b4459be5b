"""`triptych deposit`: a finished edition in, a new version of its work in a store."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.commands.options import add_reach
from triptych.commands.output import Commands, print_json
from triptych.diagnostics import Exit
from triptych.printing import say

if TYPE_CHECKING:
    from triptych.deposit.package import Package

EXAMPLES = """\
examples:
  triptych deposit --to archive             the edition in dist/ into a store in a folder
  triptych deposit dist --to archive --message "Second printing"
  triptych deposit dist --source paper.md --to archive
  triptych deposit --to s3://bucket/archive --endpoint https://s3.example.org

exit codes:
  0  the store holds the edition, or held the very same already
  1  the source or the design is no longer what the edition was built from
  2  the command was called wrongly, or the store cannot be written
  3  the finished files failed the proof, or the store is damaged
  70 a fault of Triptych's own, or the disk is full
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    deposit = commands.add_parser(
        "deposit",
        help="preserve a finished edition in a store",
        description="Gather a finished edition with its source, the proof, validators' reports, "
        "the design and a bill of all tools into a BagIt bag, and add it to an OCFL store as the "
        "next version of its work. What was deposited before stays as it is.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    deposit.add_argument(
        "edition", nargs="?", default=Path("dist"), type=Path, metavar="DIR",
        help="the folder of the finished edition, or its edition manifest (default: dist)",
    )  # fmt: skip
    deposit.add_argument(
        "--to", required=True, metavar="STORE",
        help="the store: a folder (made if missing), or s3://bucket/prefix",
    )  # fmt: skip
    deposit.add_argument(
        "--source", type=Path, metavar="SOURCE",
        help="what the edition was built from (default: source, or the working folder)",
    )  # fmt: skip
    add_reach(deposit)
    deposit.add_argument(
        "--message", default="", metavar="TEXT", help="why this version is deposited"
    )
    add_endpoint(deposit)
    deposit.add_argument(
        "--json", action="store_true", help="print everything as JSON, one per line"
    )
    deposit.add_argument("--quiet", action="store_true", help="print mistakes only")
    deposit.set_defaults(run=_run, held=Exit.PROOF)


def add_endpoint(parser: argparse.ArgumentParser) -> None:
    """Add the option that all commands with a store have."""
    parser.add_argument(
        "--endpoint", metavar="URL",
        help="the S3-compatible service of a store at s3:// (default: AWS_ENDPOINT_URL)",
    )  # fmt: skip


def _run(args: argparse.Namespace) -> int:
    from triptych.deposit.archive import deposit, now
    from triptych.deposit.documents import with_bill
    from triptych.deposit.package import gather
    from triptych.deposit.places import open_store
    from triptych.deposit.store import must_take_deposits
    from triptych.deposit.toolchain import toolchain
    from triptych.progress import teller
    from triptych.steps import step

    store = open_store(args.to, args.endpoint)
    must_take_deposits(store)  # say so now, not after the validators have run
    with teller(quiet=args.quiet, machine=args.json) as listener:
        package = gather(args.edition, args.source, listener, root=args.root, allow=args.allow)
        with step("tools", listener):
            package = with_bill(package, toolchain())
        with step("deposit", listener):
            message = args.message or f"Edition {package.name}"
            receipt = deposit(package, store, message, now())
    if not args.quiet:
        _tell_check(package, args)
    if args.json:
        print_json(
            "deposited" if receipt.added else "nothing new",
            identifier=receipt.identifier, version=receipt.version, files=receipt.files,
            stored=receipt.stored, bytes=receipt.size,
        )  # fmt: skip
    elif not receipt.added and not args.quiet:
        say(f"nothing new: {args.to} holds this already as {receipt.version}", error=True)
    elif not args.quiet:
        say(
            f"deposited {receipt.identifier} as {receipt.version} in {args.to}: "
            f"{receipt.files} files, {receipt.stored} of them new ({receipt.size:,} bytes)"
        )
    return Exit.DONE


def _tell_check(package: Package, args: argparse.Namespace) -> None:
    """Print what the validators said and which were missing: an archive must not guess."""
    from triptych.deposit.package import CHECK

    report = json.loads(package.parts[CHECK].data)
    if args.json:
        print_json("check", verdict=report["verdict"], not_checked=report["not_checked"])
    else:
        say(report["verdict"], error=True)
