"""`triptych check`: finished editions in, a verdict on whether they are fit to ship out."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from triptych.commands.options import add_reach
from triptych.commands.output import Commands, write
from triptych.diagnostics import Exit
from triptych.printing import say, say_json

EXAMPLES = """\
examples:
  triptych check                             the editions in dist/
  triptych check dist/paper.epub             one file of an edition
  triptych check out --source paper.md       findings with the lines of paper.md
  triptych check --require-all --sarif check.sarif
                                             in a build server, for its code host

exit codes:
  0  fit to ship
  2  the command was called wrongly, or no edition lies there
  3  the collation or a validator found an error or gave no verdict; with --require-all, also
     if a validator is not installed
  70 a fault of Triptych's own
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    check = commands.add_parser(
        "check",
        help="tell whether finished editions are fit to ship",
        description="Collate finished editions and check them against their standards with the "
        "validators that are installed.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument(
        "paths", nargs="*", default=[Path("dist")], type=Path, metavar="DIR|FILE",
        help="folders of finished editions, or finished files with their manifest beside them "
        "(default: dist)",
    )  # fmt: skip
    check.add_argument(
        "--source", type=Path, metavar="SOURCE",
        help="what the editions were built from, to trace findings to its lines (default: "
        "source, if the editions were built from it)",
    )  # fmt: skip
    add_reach(check)
    check.add_argument(
        "--require-all", action="store_true", help="fail if a validator is not installed"
    )
    check.add_argument("--json", action="store_true", help="print everything as one JSON document")
    check.add_argument(
        "--sarif", type=Path, metavar="FILE", help="write the findings as SARIF 2.1.0 as well"
    )
    check.add_argument("--quiet", action="store_true", help="print the verdict only")
    check.set_defaults(run=_run, held=Exit.PROOF)


def _run(args: argparse.Namespace) -> int:
    from triptych.check.examine import check
    from triptych.check.report import as_json, print_report, verdict
    from triptych.progress import teller

    with teller(quiet=args.quiet or args.json, machine=False) as listener:
        checked = check(
            args.paths,
            source=args.source,
            root=args.root,
            allow=args.allow,
            require_all=args.require_all,
            listener=listener,
        )
    if args.json:
        say_json(as_json(checked), indent=1)
    elif args.quiet:
        say(verdict(checked))
    else:
        print_report(checked, sys.stdout)
    if args.sarif is not None:
        from triptych.check.sarif import as_sarif

        write(args.sarif, json.dumps(as_sarif(checked), ensure_ascii=False, indent=1) + "\n")
    return Exit.DONE if checked.passed else Exit.PROOF
