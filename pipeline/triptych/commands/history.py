"""`triptych history`: a store in, a list of its works' versions out."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

from triptych.commands.deposit import add_endpoint
from triptych.commands.output import Commands
from triptych.diagnostics import Exit, counted
from triptych.limits import doing
from triptych.printing import say_json, say_text, visible

if TYPE_CHECKING:
    from triptych.deposit.restore import Past

EXAMPLES = """\
examples:
  triptych history archive                     all works, all versions
  triptych history archive https://doi.org/10.1000/182
  triptych history archive --verbose           with the files that changed

exit codes:
  0  done
  2  the command was called wrongly, or the store or the work is not there
  3  the store is damaged
  70 a fault of Triptych's own
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    history = commands.add_parser(
        "history",
        help="list the versions in a store",
        description="List the versions of the works in a store: when each was deposited and why, "
        "how it differs from the one before, and the digest of its content.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    history.add_argument("store", metavar="STORE", help="a folder, or s3://bucket/prefix")
    history.add_argument("identifier", nargs="?", metavar="ID", help="one work only")
    add_endpoint(history)
    history.add_argument("--verbose", action="store_true", help="name the files that changed")
    history.add_argument(
        "--json", action="store_true", help="print everything as one JSON document"
    )
    history.set_defaults(run=_run, held=Exit.PROOF, quiet=False)


def _run(args: argparse.Namespace) -> int:
    from triptych.deposit.places import open_store
    from triptych.deposit.restore import history

    with doing(f"Reading {args.store}"):
        past = list(history(open_store(args.store, args.endpoint), args.identifier))
    if args.json:
        say_json([asdict(item) for item in past], indent=1)
        return Exit.DONE
    for line in _lines(past, args.verbose):
        say_text(line)
    return Exit.DONE


def _lines(past: list[Past], verbose: bool) -> Iterator[str]:
    work = None
    for item in past:
        if item.identifier != work:
            yield from ([""] if work else [])
            yield visible(item.identifier)
            work = item.identifier
        yield (
            f"  {item.version}  {visible(item.created)}  {visible(item.message)}\n"
            f"      {counted(len(item.added), 'file')} added, {len(item.changed)} changed, "
            f"{len(item.removed)} removed; payload SHA-512 {item.payload[:16]}…"
        )
        if verbose:
            yield f"      payload SHA-512 {item.payload}"
            for mark, paths in (("+", item.added), ("~", item.changed), ("-", item.removed)):
                yield from (f"      {mark} {visible(path)}" for path in paths)
