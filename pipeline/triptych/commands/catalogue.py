"""`triptych catalogue build`: a list of works in, the editions of all in a folder."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.commands.options import add_making, formats_of
from triptych.commands.output import Commands, write
from triptych.diagnostics import UsageError, counted
from triptych.formats import FORMATS
from triptych.printing import say, say_text

if TYPE_CHECKING:
    from triptych.catalogue.run import Built

EXAMPLES = """\
examples:
  triptych catalogue build works/            every work below a folder, into dist/
  triptych catalogue build list.csv          a list: source, and if need be name, csl, formats
  triptych catalogue build works --jobs 8 --junit report.xml
  triptych catalogue build s3://in/works --out s3://out/editions --scheduler tcp://host:8786

A work that has not changed is not built again; a run that was stopped goes on where it was.

exit codes:
  0  all works are built
  1  a work has mistakes, or takes too long
  2  the command was called wrongly
  3  the files of a work failed the proof
  70 a work met a fault of Triptych's own, or its process was ended
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    catalogue = commands.add_parser(
        "catalogue", help="build many works", description="Build the editions of many works."
    )
    build = catalogue.add_subparsers(required=True, metavar="ACTION").add_parser(
        "build",
        help="build the works of a catalogue",
        description="Build the editions of all works of a catalogue, side by side. A work with "
        "mistakes, or one that crashes or hangs, costs only itself.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    build.add_argument(
        "catalogue", metavar="CATALOGUE",
        help="a folder of works, a list of works in TOML or CSV, or a store of works, such as "
        "s3://bucket/prefix",
    )  # fmt: skip
    build.add_argument(
        "-o", "--out", default="dist", metavar="DIR",
        help="the folder for the folders of the works, or a store (default: dist)",
    )  # fmt: skip
    add_making(build)
    build.add_argument("--csl", metavar="NAME", help="a CSL style for all works that name none")
    build.add_argument(
        "--jobs", type=_positive, default=len(os.sched_getaffinity(0)), metavar="N",
        help="how many works are built at once (default: one for each processor)",
    )  # fmt: skip
    build.add_argument(
        "--time-limit", type=_positive, default=600, metavar="SECONDS",
        help="how long a work may take by the clock (default: 600)",
    )  # fmt: skip
    build.add_argument(
        "--retries", type=int, default=1, metavar="N",
        help="how often a work is tried again that crashed or took too long (default: 1)",
    )  # fmt: skip
    build.add_argument(
        "--scheduler", default="", metavar="ADDRESS",
        help="have the workers of this Dask scheduler build, such as tcp://host:8786",
    )  # fmt: skip
    build.add_argument(
        "--endpoint", default="", metavar="URL", help="the address of the service of s3:// stores"
    )
    for name, what in (("json", "as JSON"), ("junit", "as JUnit XML")):
        build.add_argument(
            f"--{name}", type=Path, metavar="FILE", help=f"write what became of each work {what}",
            dest=f"{name}_file",
        )  # fmt: skip
    build.add_argument("--quiet", action="store_true", help="print mistakes only")
    build.set_defaults(run=_run, json=False)


def _positive(written: str) -> int:
    number = int(written) if written.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{written} is not a number from 1 on")
    return number


def _run(args: argparse.Namespace) -> int:
    from triptych.cache.store import open_cache, using
    from triptych.catalogue.cluster import build_tasks, tasks_for
    from triptych.catalogue.report import as_json, as_junit, as_page, summary
    from triptych.catalogue.run import Order, build_works
    from triptych.catalogue.stores import WorksStore, is_store
    from triptych.catalogue.works import read_works, works_in_store
    from triptych.epoch import source_date_epoch
    from triptych.progress import counting

    sources, editions = (
        WorksStore(where, args.endpoint) if is_store(where) else None
        for where in (args.catalogue, args.out)
    )
    if args.endpoint and not (sources or editions):
        raise UsageError("--endpoint is for stores, such as s3://bucket/prefix")
    if not sources and not Path(args.catalogue).exists():
        raise UsageError(f"there is no file or folder {args.catalogue}")
    order = Order(
        Path() if editions else Path(args.out).absolute(),
        formats=formats_of(args),
        csl=args.csl,
        keep_going=args.keep_going,
        epoch=source_date_epoch(),
        jobs=args.jobs,
        patience=args.time_limit,
        retries=args.retries,
        cached=not args.no_cache,
    )
    works = works_in_store(sources.names()) if sources else read_works(Path(args.catalogue))
    named = {*order.formats, *(name for work in works for name in work.formats)}
    if unknown := sorted(named - FORMATS.keys()):
        raise UsageError(f"there is no format {unknown[0]}: choose from {', '.join(FORMATS)}")
    if not editions:
        order.out.mkdir(parents=True, exist_ok=True)
    with using(open_cache() if order.cached else None), \
            counting(len(works), quiet=args.quiet) as told:  # fmt: skip
        if sources or editions or args.scheduler:
            built = build_tasks(tasks_for(works, order, sources, editions), args.scheduler, told)
        else:
            built = build_works(works, order, told)
    page = as_page(built, order.out)
    if editions:
        editions.write("index.html", page)
    else:
        (order.out / "index.html").write_bytes(page)
    for file, made in ((args.json_file, as_json), (args.junit_file, as_junit)):
        if file is not None:
            write(file, made(built).decode())
    for each in built:
        _report(each, args.quiet)
    if not args.quiet:
        say(f"{args.out.rstrip('/')}/index.html")
        say(f"{counted(len(built), 'work')}: {summary(built)}", error=True)
    return max(each.code for each in built)


def _report(built: Built, quiet: bool) -> None:
    """Tell what is wrong with a work, or of it."""
    if built.told and (built.code or not quiet):
        say_text(f"{built.name}: {built.state}", error=True)
        for line in built.told:
            say_text("  " + line.replace("\n", "\n  "), error=True)
