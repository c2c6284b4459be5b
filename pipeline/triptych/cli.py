"""The command `triptych`: parses arguments, runs a command, prints. It decides nothing else."""

from __future__ import annotations

import argparse
import difflib
import io
import signal
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from triptych import __version__
from triptych.commands import (
    build,
    cache,
    catalogue,
    check,
    collate,
    compare,
    deposit,
    doctor,
    history,
    install_validators,
    new,
    restore,
    sign,
    styles,
    verify,
    verify_signature,
)
from triptych.commands.output import complain, report, report_differences, report_limit
from triptych.diagnostics import Exit, MachineError, ProofError, SourceError, TriptychError
from triptych.limits import (
    LimitError,
    allowed,
    limits_of,
    now_doing,
    short_of_memory,
    too_deep,
    too_large,
)
from triptych.printing import say, say_text
from triptych.signals import ended_by_signals, exit_of, standard_streams
from triptych.worker import held

COMMANDS = (
    new,
    build,
    collate,
    check,
    install_validators,
    compare,
    sign,
    verify_signature,
    deposit,
    verify,
    history,
    restore,
    catalogue,
    styles,
    doctor,
    cache,
)
"""In the order in which `triptych --help` lists them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return its exit code."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # escape letters that the terminal cannot show
        sys.stdout.reconfigure(errors="backslashreplace")
    with ended_by_signals(), standard_streams():
        args = _parse(sys.argv[1:] if arguments is None else arguments)
        if arguments is None and hasattr(args, "held"):  # it reads what may be anybody's
            return _held(args)
        return _run(args)


def _held(args: argparse.Namespace) -> int:
    """Run a command in a process that the system ends where it goes over its limits."""
    try:
        return held(partial(_run, args), limits_of())
    except LimitError as error:
        return report_limit(error, args)
    except TriptychError as error:
        complain(str(error), args)
        return error.exit
    except OSError as error:  # no temporary folder can be made
        complain(_refusal(error), args)
        return Exit.BUG
    except KeyboardInterrupt as stop:  # which the process has told
        return exit_of(stop)


def _run(args: argparse.Namespace) -> int:
    """Run a command; tell what went wrong."""
    try:
        return int(args.run(args))
    except SourceError as error:
        report(error.diagnostics, args)
        return error.exit
    except ModuleNotFoundError as error:  # of the packages that Triptych stands on
        complain(f"{error.name} is missing: reinstall the Python package triptych", args)
        return Exit.BUG
    except ProofError as error:
        return _tell(error, args)
    except LimitError as error:
        return report_limit(error, args)
    except RecursionError:
        return report_limit(too_deep(now_doing()), args)
    except TriptychError as error:
        complain(str(error), args)
        return error.exit
    except BrokenPipeError:  # the reader of our output has read enough
        return 128 + signal.SIGPIPE
    except KeyboardInterrupt as stop:
        complain("stopped", args)
        return exit_of(stop)
    except Exception as error:
        if short_of_memory(error):
            return report_limit(too_large(allowed(), now_doing()), args)
        if isinstance(error, OSError) and error.strerror:  # a full disk, a folder that is lost
            complain(_refusal(error), args)
            return Exit.BUG
        import traceback  # a bug of ours: say so, and where

        traceback.print_exc()
        complain(f"this is a fault of Triptych's own ({type(error).__name__}): {error}", args)
        return Exit.BUG


def _refusal(error: OSError) -> str:
    """What the system refuses, in its own words."""
    return f"{error.filename or 'a file cannot be used'}: {error.strerror}"


def _tell(error: ProofError, args: argparse.Namespace) -> int:
    """Tell why finished files are not as they must be."""
    from triptych.collate import CollationError

    if isinstance(error, CollationError):
        report(error.warnings, args)
        report_differences(error.collation, args)
    complain(error.summary if isinstance(error, CollationError) else str(error), args)
    return error.exit


def _parse(words: Sequence[str]) -> argparse.Namespace:
    """What was asked for. Ends the process with 2 where that is not clear."""
    parser = argparse.ArgumentParser(
        prog="triptych",
        description="One article, three editions: a print-ready PDF, an EPUB 3 and a web page, "
        "with citations resolved once.",
        epilog=build.EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--version", action=_Version, nargs=0, help="tell the versions of Triptych and its engines"
    )
    parser.add_argument(
        "--completion", action=_Completion, choices=("bash", "zsh", "tcsh"), metavar="SHELL",
        help="print what has a shell (bash, zsh or tcsh) complete commands and options",
    )  # fmt: skip
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(commands)
    if not words:
        parser.print_help(sys.stderr)
        parser.exit(Exit.USAGE)
    named = next((word for word in words if not word.startswith("-")), None)
    if named is not None and named not in commands.choices and words[0] != "--completion":
        hint = f": write `triptych build {named}`" if Path(named).exists() else ""
        parser.error(
            f"there is no command {named}{hint or _near(named, commands.choices)}"
            "\n`triptych --help` lists them all"
        )
    args, unknown = parser.parse_known_args(words)
    if unknown:
        own = commands.choices[args.command]
        options = [name for action in own._actions for name in action.option_strings]
        own.error(f"unrecognized arguments: {' '.join(unknown)}{_near(unknown[0], options)}")
    return args


def _near(word: str, names: Iterable[str]) -> str:
    """A question whether the nearest of `names` was meant; empty where none is near."""
    near = difflib.get_close_matches(word.partition("=")[0].lower(), names, 1)
    return f": did you mean `{near[0]}`?" if near else ""


class _Version(argparse.Action):
    """Prints the versions when it is asked to, not before: they take a moment to find."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        try:
            for line in _versions():
                say(line)
        except (MachineError, ModuleNotFoundError) as error:
            parser.exit(Exit.BUG, f"triptych: {error}\n")
        parser.exit()


class _Completion(argparse.Action):
    """Prints a script for a shell."""

    def __call__(self, parser: argparse.ArgumentParser, *given: Any) -> None:
        import shtab

        say_text(shtab.complete(parser, given[1]))
        parser.exit()


def _versions() -> Iterator[str]:
    from importlib.metadata import version
    from platform import python_version

    from triptych.pandoc_binary import pandoc_version

    yield f"triptych {__version__}"
    yield f"pandoc {pandoc_version()}"
    yield f"WeasyPrint {version('weasyprint')}"
    yield f"EbookLib {version('ebooklib')}"
    yield f"Python {python_version()}"


if __name__ == "__main__":
    sys.exit(main())
