"""The command `triptych`: parses arguments, runs a command, prints. It decides nothing else."""

from __future__ import annotations

import argparse
import io
import os
import signal
import sys
from collections.abc import Sequence

from triptych import __version__
from triptych.commands import (
    build,
    check,
    collate,
    compare,
    deposit,
    history,
    restore,
    sign,
    verify,
    verify_signature,
)
from triptych.commands.output import complain, report, report_differences
from triptych.diagnostics import Exit, SourceError, TriptychError

COMMANDS = (
    build,
    collate,
    check,
    compare,
    sign,
    verify_signature,
    deposit,
    verify,
    history,
    restore,
)
"""In the order in which `triptych --help` lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # escape letters that the terminal cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    args = _parser().parse_args(arguments)
    from triptych.collate import CollationError

    try:
        code = int(args.run(args))
        sys.stdout.flush()
        return code
    except SourceError as error:
        report(error.diagnostics, args)
        return error.exit
    except CollationError as error:
        report_differences(error.collation, args)
        complain(error.summary, args)
        return error.exit
    except TriptychError as error:
        complain(str(error), args)
        return error.exit
    except BrokenPipeError:  # the reader of our output has read enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        complain("stopped", args)
        return 130
    except Exception as error:  # a bug of ours: say so, and where
        import traceback

        traceback.print_exc()
        complain(f"this is a fault of Triptych's own ({type(error).__name__}): {error}", args)
        return Exit.BUG


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="triptych",
        description="One article, three editions: a print-ready PDF, an EPUB 3 and a web page, "
        "with citations resolved once.",
        epilog=build.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"triptych {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
