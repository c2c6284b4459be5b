"""The design: style sheets, templates and scripts, all from `styles/`, shared by all formats.

The style sheets come in layers: `tokens.css` (faces, sizes, colours), `content.css` (how the
parts of an article look), then one for the medium:
`web.css`, `paged.css`, `ebook.css`, `cover.css` or `wrap.css`; those of a theme, in `themes/`; and
`titles.css`, for a title or summary with more than plain words.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Literal

from triptych.diagnostics import MachineError
from triptych.installation import installed_file

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
    if named:
        return Path(named).absolute()
    return next((folder for folder in places if folder.is_dir()), places[0])


def design_file(name: str) -> Path:
    """The file of the design at the path `name` in `styles/`. Raises MachineError without it."""
    path = styles_folder() / name
    if STYLES_VARIABLE in os.environ and not path.is_file():
        raise MachineError(f"{path} is missing: {STYLES_VARIABLE} must name a whole design")
    return installed_file(path)


@functools.cache
def stylesheet(medium: Medium, theme: str = "essay") -> str:
    """The style sheet for a medium, its layers joined; those of a theme come last."""
    layers = ["tokens.css", "content.css", f"{medium}.css"]
    layers += [
        f"themes/{name}"
        for name in _THEMES.get(theme, ())
        if name.partition(".")[0] in ("all", medium)
    ]
    return "\n".join(design_file(layer).read_text(encoding="utf-8") for layer in layers)


_THEMES: Mapping[str, tuple[str, ...]] = {
    "article": ("all.authors.css", "ebook.authors.css", "paged.article.css"),
    "report": ("all.authors.css", "ebook.authors.css", "paged.report.css"),
    "book": ("paged.book.css",),
}
"""The layers of each theme in `styles/themes/`, named after the medium that they are for."""


@functools.cache
def title_stylesheet() -> str:
    """What is added to a style sheet where title or summary are more than plain words."""
    return design_file("titles.css").read_text(encoding="utf-8")


@functools.cache
def template(name: str) -> Template:
    """The page template `styles/templates/<name>`; `$name` marks its blanks."""
    return Template(design_file(f"templates/{name}").read_text(encoding="utf-8"))


@functools.cache
def scripts() -> tuple[tuple[str, str], ...]:
    """The scripts of the web edition, by name: a page is whole without any of them."""
    names = sorted({*_SCRIPTS, *(file.name for file in styles_folder().glob("*.js"))})
    return tuple((name, design_file(name).read_text(encoding="utf-8").strip()) for name in names)


_SCRIPTS = (
    "cite.js", "contents.js", "figures.js", "notes.js", "scheme.js", "search.js", "sections.js",
    "web.js",
)  # fmt: skip
"""The scripts that come with Triptych; a design may have more."""
