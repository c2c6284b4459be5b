"""Triptych: one article becomes a print-ready PDF, an EPUB 3 and a web page that agree.

    >>> import triptych
    >>> made = triptych.build("source", out="dist")        # doctest: +SKIP
    >>> [path.name for path in made.files]                 # doctest: +SKIP

The functions follow the way of the data: `read_source`, `resolve_source`, `render_edition`;
`build` runs it all, and proves the result; `collate_edition` proves it again whenever and wherever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from triptych.collate import Collation, CollationError, Difference, collate_edition
    from triptych.diagnostics import Diagnostic, SourceError, TriptychError
    from triptych.edition import Edition
    from triptych.ledger import Ledger
    from triptych.press import Build, build
    from triptych.read.source import Source, read_source
    from triptych.render.run import render_edition
    from triptych.resolve.passes import resolve_source
    from triptych.steps import Step

__version__ = "0.1.0"

__all__ = [
    "Build",
    "Collation",
    "CollationError",
    "Diagnostic",
    "Difference",
    "Edition",
    "Ledger",
    "Source",
    "SourceError",
    "Step",
    "TriptychError",
    "build",
    "collate_edition",
    "read_source",
    "render_edition",
    "resolve_source",
]

_HOMES = {
    "Build": "press",
    "Collation": "collate",
    "CollationError": "collate",
    "Diagnostic": "diagnostics",
    "Difference": "collate",
    "Edition": "edition",
    "Ledger": "ledger",
    "Source": "read.source",
    "SourceError": "diagnostics",
    "Step": "steps",
    "TriptychError": "diagnostics",
    "build": "press",
    "collate_edition": "collate",
    "read_source": "read.source",
    "render_edition": "render.run",
    "resolve_source": "resolve.passes",
}


def __getattr__(name: str) -> Any:
    """Load what is asked for when it is asked for, so that `import triptych` costs nothing.

    No public name is that of a module: importing the module would hide it.
    """
    if name not in _HOMES:
        raise AttributeError(f"module 'triptych' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"triptych.{_HOMES[name]}"), name)
