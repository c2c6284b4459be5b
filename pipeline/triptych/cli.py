"""The command `triptych`: parses words, calls the press, prints. It decides nothing else."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from triptych import __version__
from triptych.diagnostics import Diagnostic, Exit, SourceError, TriptychError, UsageError

if TYPE_CHECKING:
    from triptych.collate import Collation

_EXAMPLES = """\
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


_COLLATE_EXAMPLES = """\
examples:
  triptych collate                        the edition in dist/
  triptych collate old/ --html proof.html with a report to look at
  triptych collate paper.pdf paper.edition.json
                                          one file against its record

exit codes:
  0  all files say what the edition record says
  2  the command was called wrongly, or no edition record is there
  3  there are differences
  70 a fault of Triptych's own
"""


_CHECK_EXAMPLES = """\
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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    words = _parser().parse_args(arguments)
    from triptych.collate import CollationError

    try:
        return int(words.run(words))
    except SourceError as error:
        _report(error.diagnostics, words)
        return error.exit
    except CollationError as error:
        _report_differences(error.collation, words)
        _complain(error.summary, words)
        return error.exit
    except TriptychError as error:
        _complain(str(error), words)
        return error.exit
    except KeyboardInterrupt:
        _complain("stopped", words)
        return 130
    except Exception as error:  # a bug of ours: say so, and where
        import traceback

        traceback.print_exc()
        _complain(f"this is a fault of Triptych's own ({type(error).__name__}): {error}", words)
        return Exit.BUG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="triptych",
        description="One article, three panels: a print-ready PDF, an EPUB 3 and a web page, "
        "their citations resolved once.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"triptych {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    build = commands.add_parser(
        "build",
        help="build the editions of a source",
        description="Build the editions of a source into a folder.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    build.add_argument(
        "source", nargs="?", default="source", type=Path, metavar="SOURCE",
        help="a folder that holds edition.toml, or a Pandoc Markdown file (default: source)",
    )  # fmt: skip
    build.add_argument(
        "--to", default="html,epub,pdf", metavar="FORMATS",
        help="the formats to make, comma between (default: html,epub,pdf)",
    )  # fmt: skip
    build.add_argument(
        "--csl", metavar="NAME",
        help="a CSL style by name, such as apa, or a path to a .csl file (default: the source's "
        "own, else modern-language-association)",
    )  # fmt: skip
    build.add_argument(
        "--out", default=Path("dist"), type=Path, metavar="DIR",
        help="the folder for the finished files (default: dist)",
    )  # fmt: skip
    build.add_argument(
        "--keep-going", action="store_true",
        help="report mistakes as warnings and print what can be printed",
    )  # fmt: skip
    build.add_argument(
        "--json", action="store_true", help="tell steps and diagnostics as JSON, a line each"
    )
    build.add_argument("--quiet", action="store_true", help="print mistakes only")
    build.set_defaults(run=_build)
    _add_collate(commands)
    _add_check(commands)
    return parser


def _add_collate(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    collate = commands.add_parser(
        "collate",
        help="prove that finished editions say the same",
        description="Read finished files back and prove that their citations, notes, "
        "bibliography, links and whole text are those of the edition record. Needs only the files "
        "and the record.",
        epilog=_COLLATE_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    collate.add_argument(
        "paths", nargs="*", default=[Path("dist")], type=Path, metavar="DIR|FILE",
        help="the folder of a finished edition, or its files and edition record (default: dist)",
    )  # fmt: skip
    collate.add_argument(
        "--verbose", action="store_true", help="print every citation as each file has it"
    )
    collate.add_argument(
        "--json", action="store_true", help="print everything as one JSON document"
    )
    collate.add_argument(
        "--html", type=Path, metavar="FILE",
        help="write a report with each citation as each file shows it, and its page's image",
    )  # fmt: skip
    collate.add_argument("--quiet", action="store_true", help="print differences only")
    collate.set_defaults(run=_collate)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser(
        "check",
        help="tell whether finished editions are fit to ship",
        description="Collate finished editions and hold them against their standards with the "
        "validators that are installed.",
        epilog=_CHECK_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    check.add_argument(
        "paths", nargs="*", default=[Path("dist")], type=Path, metavar="DIR|FILE",
        help="folders of finished editions, or finished files with their record beside them "
        "(default: dist)",
    )  # fmt: skip
    check.add_argument(
        "--source", type=Path, metavar="SOURCE",
        help="what the editions were built from, to lead findings back to its lines (default: "
        "source, where the editions were built from it)",
    )  # fmt: skip
    check.add_argument(
        "--require-all", action="store_true", help="fail if a validator is not installed"
    )
    check.add_argument("--json", action="store_true", help="print everything as one JSON document")
    check.add_argument(
        "--sarif", type=Path, metavar="FILE", help="write the findings as SARIF 2.1.0 as well"
    )
    check.add_argument("--quiet", action="store_true", help="print the verdict only")
    check.set_defaults(run=_check)


def _build(words: argparse.Namespace) -> int:
    from triptych.collate.report import verdict
    from triptych.press import build
    from triptych.progress import teller

    with teller(quiet=words.quiet, machine=words.json) as listener:
        made = build(
            words.source,
            out=words.out,
            formats=[name.strip() for name in words.to.split(",") if name.strip()],
            csl=words.csl,
            keep_going=words.keep_going,
            listener=listener,
        )
    _report(made.warnings, words)
    _report_differences(made.collation, words)
    if words.json:
        _print_json(
            "done", files=[str(path) for path in made.files], seconds=round(made.seconds, 3)
        )
    elif not words.quiet:
        for path in made.files:
            print(path)
        ledger = made.edition.ledger
        print(
            f"{len(ledger.clusters)} citations of {len(ledger.entries)} works, "
            f"{len(ledger.notes)} notes; {made.edition.style_title}; {made.seconds:.1f} s",
            file=sys.stderr,
        )
    if not made.collation.passed:  # and yet written, with --keep-going
        return Exit.PROOF
    if not (words.json or words.quiet):
        print(verdict(made.collation), file=sys.stderr)
    return Exit.DONE


def _collate(words: argparse.Namespace) -> int:
    from triptych.collate import collate_edition
    from triptych.collate.report import as_json, as_table, verdict

    paths: list[Path] = words.paths
    where = paths[0] if len(paths) == 1 and paths[0].is_dir() else paths
    collation = collate_edition(where)
    if words.json:
        print(json.dumps(as_json(collation), ensure_ascii=False, indent=1))
    else:
        if words.verbose:
            print(as_table(collation))
        _report_differences(collation, words)
        if not (words.quiet and collation.passed):
            print(verdict(collation))
    if words.html is not None:
        from triptych.collate.page import as_html

        files = sorted(paths[0].iterdir()) if paths[0].is_dir() else paths
        pdf = next((path.read_bytes() for path in files if path.suffix == ".pdf"), None)
        _write(words.html, as_html(collation, pdf))
    return Exit.DONE if collation.passed else Exit.PROOF


def _check(words: argparse.Namespace) -> int:
    from triptych.check.examine import check
    from triptych.check.report import as_json, print_report, verdict
    from triptych.progress import teller

    with teller(quiet=words.quiet or words.json, machine=False) as listener:
        checked = check(
            words.paths,
            source=words.source,
            require_all=words.require_all,
            listener=listener,
        )
    if words.json:
        print(json.dumps(as_json(checked), ensure_ascii=False, indent=1))
    elif words.quiet:
        print(verdict(checked))
    else:
        print_report(checked, sys.stdout)
    if words.sarif is not None:
        from triptych.check.sarif import as_sarif

        _write(words.sarif, json.dumps(as_sarif(checked), ensure_ascii=False, indent=1) + "\n")
    return Exit.DONE if checked.passed else Exit.PROOF


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def _report_differences(collation: Collation, words: argparse.Namespace) -> None:
    for difference in collation.differences:
        if words.json:
            _print_json("difference", **asdict(difference))
        else:
            print(difference, file=sys.stderr)


def _report(diagnostics: Sequence[Diagnostic], words: argparse.Namespace) -> None:
    for diagnostic in diagnostics:
        if words.json:
            _print_json("diagnostic", **_as_fields(diagnostic))
        elif not words.quiet or diagnostic.severity == "error":
            print(diagnostic, file=sys.stderr)
    errors = sum(1 for diagnostic in diagnostics if diagnostic.severity == "error")
    if errors and not words.json:
        plural = "" if errors == 1 else "s"
        print(f"{errors} mistake{plural}; nothing was written", file=sys.stderr)


def _as_fields(diagnostic: Diagnostic) -> dict[str, Any]:
    return {name: getattr(diagnostic, name) for name in Diagnostic.__slots__}


def _complain(message: str, words: argparse.Namespace) -> None:
    if words.json:
        _print_json("error", message=message)
    else:
        print(f"triptych: {message}", file=sys.stderr)


def _print_json(event: str, **fields: Any) -> None:
    print(json.dumps({"event": event, **fields}, ensure_ascii=False), flush=True)


if __name__ == "__main__":
    sys.exit(main())
