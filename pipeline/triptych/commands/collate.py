"""`triptych collate`: finished editions in, their differences out."""

from __future__ import annotations

import argparse
from pathlib import Path

from triptych.commands.output import Commands, report_differences, write
from triptych.diagnostics import Exit
from triptych.formats import FORMATS
from triptych.printing import say, say_json, say_text

EXAMPLES = """\
examples:
  triptych collate                        the edition in dist/
  triptych collate old/ --html proof.html with a report to look at
  triptych collate paper.pdf paper.edition.json
                                          one file against its manifest

exit codes:
  0  all files say what the edition manifest says
  2  the command was called wrongly, or no edition manifest is there
  3  there are differences
  70 a fault of Triptych's own
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    collate = commands.add_parser(
        "collate",
        help="prove that finished editions say the same",
        description="Read finished files back and prove that their citations, notes, "
        "bibliography, links and whole text are those of the edition manifest. Needs only the "
        "files and the manifest.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    collate.add_argument(
        "paths", nargs="*", default=[Path("dist")], type=Path, metavar="DIR|FILE",
        help="the folder of a finished edition, or its files and edition manifest (default: dist)",
    )  # fmt: skip
    collate.add_argument(
        "--verbose", action="store_true", help="print every citation as it is in each file"
    )
    collate.add_argument(
        "--json", action="store_true", help="print everything as one JSON document"
    )
    collate.add_argument(
        "--html", type=Path, metavar="FILE",
        help="write a report with each citation as each file shows it, and its page's image",
    )  # fmt: skip
    collate.add_argument("--quiet", action="store_true", help="print differences only")
    collate.set_defaults(run=_run, held=Exit.PROOF)


def _run(args: argparse.Namespace) -> int:
    from triptych.collate import collate_edition
    from triptych.collate.report import as_json, as_table, verdict

    paths: list[Path] = args.paths
    where = paths[0] if len(paths) == 1 and paths[0].is_dir() else paths
    collation = collate_edition(where)
    if args.json:
        say_json(as_json(collation), indent=1)
    else:
        if args.verbose:
            say_text(as_table(collation))
        report_differences(collation, args)
        if not (args.quiet and collation.passed):
            say(verdict(collation))
    if args.html is not None:
        from triptych.collate.html_report import as_html
        from triptych.design import template

        files = sorted(paths[0].iterdir()) if paths[0].is_dir() else paths
        name = collation.name + FORMATS["pdf"].ending
        pdf = next((path.read_bytes() for path in files if path.name == name), None)
        write(args.html, as_html(collation, template("collation.html"), pdf))
    return Exit.DONE if collation.passed else Exit.PROOF
