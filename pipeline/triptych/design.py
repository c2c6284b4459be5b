"""The design: style sheets, templates and scripts, all from `styles/`, shared by all formats.

The style sheets come in layers: `tokens.css` (faces, sizes, colours), `content.css` (how the
parts of an article look), then one for the medium:
`web.css`, `paged.css`, `ebook.css`, `cover.css` or `wrap.css`.
"""

from __future__ import annotations

import functools
import os
from pathlib import Path
from string import Template
from typing import Literal

from triptych.diagnostics import MachineError

Medium = Literal["web", "paged", "ebook", "cover", "wrap"]


STYLES_VARIABLE = "TRIPTYCH_STYLES"


@functools.cache
def styles_folder() -> Path:
    """The folder `styles/`: beside `pipeline/` in a checkout, inside the package when installed.

    The environment may name another, as a deposited edition has that is built again.
    """
    package = Path(__file__).resolve().parent
    named = os.environ.get(STYLES_VARIABLE)
    places = (package / "styles", package.parents[1] / "styles")
    for folder in (Path(named).absolute(),) if named else places:
        if (folder / "tokens.css").is_file():
            return folder
    raise MachineError("the folder styles/ is missing: install Triptych from its checkout")


@functools.cache
def stylesheet(medium: Medium) -> str:
    """The style sheet for a medium, its layers joined."""
    layers = ("tokens.css", "content.css", f"{medium}.css")
    return "\n".join((styles_folder() / layer).read_text(encoding="utf-8") for layer in layers)


@functools.cache
def template(name: str) -> Template:
    """The page template `styles/templates/<name>`; `$name` marks its blanks."""
    return Template((styles_folder() / "templates" / name).read_text(encoding="utf-8"))


@functools.cache
def scripts() -> tuple[tuple[str, str], ...]:
    """The scripts of the web edition, by name: a page is whole without any of them."""
    files = sorted(styles_folder().glob("*.js"))
    return tuple((file.name, file.read_text(encoding="utf-8").strip()) for file in files)


# --- Direction -----------------------------------------------------------------------------------
