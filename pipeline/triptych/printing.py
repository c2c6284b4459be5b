"""Printing: words that anybody may have written in, lines on a terminal out.

A title or a file's name can hold signs that a terminal obeys: they move the cursor, hide words or
turn their order. All that commands print goes through here, where such signs become visible.
"""

from __future__ import annotations

import json
import re
import sys
from contextlib import suppress

from triptych.diagnostics import MachineError

_OBEYED = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f"  # C0 and C1 (ISO 6429), but for the tabulator
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff"  # directions (Unicode, UAX 9), line ends
    "\ud800-\udfff]"  # what stands for bytes that are no text
)


def visible(text: str) -> str:
    """A text as one line that a terminal shows and does not obey, such signs by their numbers."""
    return _OBEYED.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def say(*lines: object, error: bool = False) -> None:
    """Print each argument as one line, on standard output or on standard error.

    Raises MachineError where standard output takes no more, BrokenPipeError where nobody reads it.
    Where errors cannot be told, nobody can be told of that.
    """
    text = "".join(f"{visible(str(line))}\n" for line in lines)
    if error:
        with suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
    else:
        _write(text)


def say_text(text: str, *, error: bool = False) -> None:
    """Print a text of several lines."""
    say(*text.split("\n"), error=error)


def say_json(value: object, *, indent: int | None = None) -> None:
    """Print a JSON document; the signs that a terminal obeys are escaped as JSON has it."""
    say_text(json.dumps(value, ensure_ascii=False, indent=indent))


def _write(text: str) -> None:
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise MachineError(f"cannot write to standard output: {error.strerror}") from None
