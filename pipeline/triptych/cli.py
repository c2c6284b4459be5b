"""The command `triptych`: parses words, calls the press, prints. It decides nothing else."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from triptych import __version__
from triptych.diagnostics import Diagnostic, Exit, SourceError, TriptychError

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


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    words = _parser().parse_args(arguments)
    try:
        return _build(words)
    except SourceError as error:
        _report(error.diagnostics, words)
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
    return parser


def _build(words: argparse.Namespace) -> int:
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
    return Exit.DONE


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
