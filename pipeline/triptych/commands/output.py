"""How commands report mistakes and differences: to people, or as JSON to programs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from triptych.diagnostics import Diagnostic, Exit, MachineError, UsageError, counted
from triptych.limits import LimitError
from triptych.printing import say, say_json, say_text

if TYPE_CHECKING:
    from triptych.collate import Collation

Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


def write(path: Path, text: str) -> None:
    """Write a report. Raises UsageError where it cannot be written."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from None


def report_differences(collation: Collation, args: argparse.Namespace) -> None:
    """Print each difference that a collation found."""
    for difference in collation.differences:
        if args.json:
            print_json("difference", **asdict(difference))
        else:
            say(difference, error=True)


def report(diagnostics: Sequence[Diagnostic], args: argparse.Namespace) -> None:
    """Print diagnostics, and how many of them are mistakes."""
    for diagnostic in diagnostics:
        if args.json:
            print_json("diagnostic", **_as_fields(diagnostic))
        elif not args.quiet or diagnostic.severity == "error":
            say_text(str(diagnostic), error=True)
    errors = sum(1 for diagnostic in diagnostics if diagnostic.severity == "error")
    if errors and not args.json:
        say(f"{counted(errors, 'mistake')}; nothing was written", error=True)


def report_limit(error: LimitError, args: argparse.Namespace) -> int:
    """Tell of a run that would have gone over a limit; return the exit code."""
    code: Exit = getattr(args, "held", Exit.SOURCE)
    if code == Exit.SOURCE and hasattr(args, "source"):
        report([Diagnostic(str(args.source), 0, 0, "limit", error.message, error.hint)], args)
    else:
        complain(str(error), args)
    return code


def _as_fields(diagnostic: Diagnostic) -> dict[str, Any]:
    return {name: getattr(diagnostic, name) for name in Diagnostic.__slots__}


def complain(message: str, args: argparse.Namespace) -> None:
    """Print why a command ends without having done what was asked."""
    if args.json:
        with suppress(MachineError):  # then this may be why
            print_json("error", message=message)
            return
    say_text(f"triptych: {message}", error=True)


def print_json(event: str, **fields: Any) -> None:
    """Print one event on a line of its own."""
    say_json({"event": event, **fields})
