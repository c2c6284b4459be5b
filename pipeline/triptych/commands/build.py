"""`triptych build`: a source in, its editions in a folder."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from triptych.commands.options import add_making, add_reach, formats_of
from triptych.commands.output import Commands, print_json, report, report_differences
from triptych.diagnostics import Exit, UsageError
from triptych.formats import FORMATS
from triptych.printing import say

EXAMPLES = """\
examples:
  triptych build                       the editions of source/ into dist/
  triptych build paper.md              a paper written for Pandoc, as it is
  triptych build paper.md --csl apa    in another citation style
  triptych build source --to pdf       one format only
  triptych build paper.md --keep-going print what can be printed, mistakes and all

exit codes:
  0  done
  1  the source has mistakes; each is told with file, line and column
  2  the command was called wrongly
  3  the finished files failed the proof or a validator
  70 a fault of Triptych's own
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    build = commands.add_parser(
        "build",
        help="build the editions of a source",
        description="Build the editions of a source into a folder.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    build.add_argument(
        "source", nargs="?", default="source", type=Path, metavar="SOURCE",
        help="a folder that holds edition.toml, or a Pandoc Markdown file (default: source)",
    )  # fmt: skip
    add_making(build)
    build.add_argument(
        "--csl", metavar="NAME",
        help="a CSL style by name, such as apa, or a path to a .csl file (default: the source's "
        "own, or modern-language-association)",
    )  # fmt: skip
    add_reach(build)
    build.add_argument(
        "-o", "--out", default=Path("dist"), type=Path, metavar="DIR",
        help="the folder for the finished files (default: dist)",
    )  # fmt: skip
    build.add_argument(
        "--json", action="store_true", help="print steps and diagnostics as JSON, one per line"
    )
    build.add_argument("--quiet", action="store_true", help="print mistakes only")
    build.set_defaults(run=_run, held=Exit.SOURCE)


def _run(args: argparse.Namespace) -> int:
    from triptych.cache.store import open_cache, using
    from triptych.epoch import source_date_epoch
    from triptych.incremental import Request, build_or_recall
    from triptych.progress import teller

    if not args.source.exists():
        raise UsageError(
            f"there is no file or folder {args.source}: name a folder that holds edition.toml, or "
            "a Markdown file"
        )
    endings = {row.ending for row in FORMATS.values()}
    if not args.out.is_dir() and any(args.out.name.endswith(ending) for ending in endings):
        raise UsageError(
            f"--out names a folder, and {args.out} looks like a file: write --to FORMAT --out DIR"
        )
    request = Request(
        args.source,
        formats=formats_of(args),
        csl=args.csl,
        keep_going=args.keep_going,
        epoch=source_date_epoch(),
        root=args.root,
        allow=tuple(args.allow),
    )
    began = time.perf_counter()
    with using(None if args.no_cache else open_cache()), \
            teller(quiet=args.quiet, machine=args.json) as listener:  # fmt: skip
        outcome, collation = build_or_recall(request, args.out, listener)
    seconds = time.perf_counter() - began
    report(outcome.warnings, args)
    if collation is not None:
        report_differences(collation, args)
    files = [args.out / name for name in outcome.files]
    if args.json:
        print_json("done", files=[str(path) for path in files], seconds=round(seconds, 3))
    elif not args.quiet:
        for path in files:
            say(path)
        unchanged = "" if collation is not None else ", nothing has changed"
        say(f"{outcome.summary}; {seconds:.1f} s{unchanged}", error=True)
    if not outcome.verdict:  # written all the same, with --keep-going
        return Exit.PROOF
    if not (args.json or args.quiet):
        say(outcome.verdict, error=True)
    return Exit.DONE
