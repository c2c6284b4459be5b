"""`triptych doctor`: what the machine has, what it lacks, and the command that brings it."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from itertools import groupby

from triptych.commands.output import Commands
from triptych.diagnostics import Exit
from triptych.printing import say, say_json

EXAMPLES = """\
examples:
  triptych doctor
  triptych doctor --json

exit codes:
  0  all is there
  2  the command was called wrongly
  70 something that builds or checks editions is missing
"""
_FOR = {
    "build": "To build editions",
    "confine": "To keep programs away from other files",
    "check": "To check editions",
}


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    doctor = commands.add_parser(
        "doctor",
        help="tell what is installed, what is missing and how to get it",
        description="Tell what this machine has of the programs and packages that Triptych uses, "
        "and how to get what is missing.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    doctor.add_argument("--json", action="store_true", help="print the result as JSON")
    doctor.set_defaults(run=_run, quiet=False)


def _run(args: argparse.Namespace) -> int:
    from triptych.machine import parts_of_machine

    parts = tuple(parts_of_machine())
    if args.json:
        say_json([asdict(part) for part in parts], indent=1)
    else:
        for use, found in groupby(parts, key=lambda part: part.use):
            say(_FOR[use])
            for part in found:
                say(f"  {part.name:20} {part.version or 'missing. ' + part.remedy}")
    missing = any(part.remedy and part.use != "confine" for part in parts)
    return Exit.BUG if missing else Exit.DONE
