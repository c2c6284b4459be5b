"""What can go wrong, and how it is told: one diagnostic type, one exception family, the exit codes.

TriptychError            exit 70   our own bug, if nothing more exact is known
├── SourceError          exit 1    mistakes in the source, each a Diagnostic
├── LimitError           exit 1    a source that asks for too much (3 for a finished file)
├── UsageError           exit 2    the command was called wrongly
├── ProofError           exit 3    the finished files disagree, or a validator refused them
└── MachineError         exit 70   the machine lacks something (a library, a full disk)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

Severity = Literal["error", "warning"]
FindingSeverity = Literal["error", "warning", "info"]
"""Of what is found in a finished file: `info` is for a person to look at."""

CODES: dict[str, str] = {
    "source-missing": "The source, or a file it names, does not exist.",
    "source-unreadable": "A file cannot be read.",
    "source-kind": "The file is of another kind than an article in Markdown.",
    "source-empty": "The article holds no text.",
    "source-changed": "A file is no longer the one that the edition was built from.",
    "source-encoding": "A file is not UTF-8.",
    "yaml-malformed": "The YAML front matter does not parse.",
    "yaml-unopened": "The front matter lacks the line of hyphens that opens it.",
    "include-missing": "A file that the article includes does not exist.",
    "path-outside": "A file that the source names lies outside the source.",
    "path-irregular": "A file that the source names is a pipe, a device or a socket.",
    "setting-unknown": "A setting is not known, or no edition can follow it.",
    "markup-foreign": "Marks of another kind of Markdown are not understood.",
    "shortcode-unknown": "A Quarto shortcode is not understood, and shown as it stands.",
    "record-malformed": "The edition record (edition.toml) does not parse.",
    "language-terms": "The press has no words of its own in the work's language.",
    "record-field": "A field of the edition record or front matter has a wrong value.",
    "style-sheet": "A work's own style sheet has what no edition may have, or cannot be read.",
    "bibliography-missing": "The article cites, but names no bibliography; or the file is absent.",
    "bibliography-malformed": "The bibliography, or one of its entries, does not parse.",
    "bibliography-duplicate": "Two bibliography entries have the same key.",
    "bibliography-field": "A field of a bibliography entry would be printed wrong, or not at all.",
    "bibliography-names": "Names in a bibliography entry are joined by what does not part them.",
    "citation-unknown": "A citation names a key that no bibliography entry has.",
    "citation-parted": "Two citations in one bracket are not parted by a semicolon.",
    "citation-glued": "A citation stands behind a letter, and is read as words.",
    "citation-empty": "The citation style prints nothing for a citation.",
    "citation-linked": "A link holds a citation or cross-reference alone, and gives way to it.",
    "figure-missing": "A figure's file does not exist.",
    "figure-name": "A figure's file has other capitals than written, or an ending.",
    "figure-pixels": "A drawing is set as pixels, since what turns it to lines is not installed.",
    "figure-large": "Pictures have too many pixels for screens and e-books, and are made smaller.",
    "figure-lost": "A drawing has something that not every edition can show, and is shown without.",
    "figure-malformed": "A figure's file is not an image of a kind that all three formats carry.",
    "figure-alt": "A figure has no alternative text.",
    "figure-alt-caption": "A figure's caption serves as its alternative text.",
    "caption-number": "A caption brings a number that is not the one it is given.",
    "table-ragged": "A row of a drawn table is not as wide as its border.",
    "table-wide": "A table is wider than the page, and is set smaller or turned.",
    "chapter-heading": "A chapter has neither a heading of the first level nor a title.",
    "chapter-field": "A field of a chapter's front matter has no effect.",
    "heading-empty": "A heading has no words.",
    "references-moved": "The list of works stands elsewhere than the author put it.",
    "note-unknown": "A footnote's mark has no note.",
    "crossref-unknown": "A cross-reference or internal link has no target.",
    "crossref-duplicate": "Two elements have the same identifier.",
    "style-unknown": "No CSL style of that name exists.",
    "style-malformed": "The CSL style does not parse.",
    "glyph-missing": "No embedded font has a glyph for a character.",
    "raw-dropped": "Raw markup of a format Triptych cannot carry into every edition.",
    "image-resolution": "A picture has fewer pixels to the inch, as placed, than the printer asks.",
    "cover-crowded": "Words on the cover had to be set too small to be read in print.",
    "print-profile": "The ICC profile to print by does not exist, or is not one of a press.",
    "html-dropped": "Raw HTML that not every edition can carry, or that may do harm, is left out.",
    "layout-malformed": "The layout of a division cannot be read.",
    "link-lost": "A link leads to a file beside the article, which editions do not carry.",
    "link-malformed": "A link's address leads nowhere.",
    "cell-not-run": "A cell of code is shown or left out, never run: what it makes is missing.",
    "conditional-left-out": "Content that is meant for another format is left out.",
    "math-unreadable": "A formula holds TeX that cannot be read; it is shown as TeX.",
    "math-lost": "A formula asks for something that no edition shows; the formula stands without.",
    "limit": "The work asks for more time or memory, or is nested deeper, than it may.",
    "pandoc": "Pandoc refused the source, or warned of it.",
}
"""Every diagnostic code with its meaning; `docs/diagnostics.md` explains each."""


def counted(number: int, noun: str) -> str:
    """A number and its noun, as `1 entry` or `2 entries`."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


class Exit(IntEnum):
    """Exit codes of the command."""

    DONE = 0
    SOURCE = 1
    USAGE = 2
    PROOF = 3
    BUG = 70


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One mistake, where it stands and how to mend it.

    `line` and `column` count from 1, columns in characters; 0 means the whole file. `places` are
    further ones where the same mistake stands, as `place` writes them.
    """

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    excerpt: str = ""
    severity: Severity = "error"
    places: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        assert self.code in CODES, self.code

    @property
    def place(self) -> str:
        """`file`, `file:line` or `file:line:column`, as far as it is known."""
        if not self.line:
            return self.file
        return (
            f"{self.file}:{self.line}:{self.column}" if self.column else f"{self.file}:{self.line}"
        )

    def __str__(self) -> str:
        head = f"{self.place}: {self.severity}: {self.message} [{self.code}]"
        body = [head]
        if self.excerpt:
            body += [f"    {self.excerpt}"]
        if self.places:
            more = len(self.places) - _SHOWN
            shown = [place.removeprefix(f"{self.file}:") for place in self.places[:_SHOWN]]
            body += [f"    also at {', '.join(shown)}{f' and {more} more' if more > 0 else ''}"]
        if self.hint:
            body += [f"    {self.hint}"]
        return "\n".join(body)


_SHOWN = 12
"""So many further places are shown to people; programs get all of them."""


_UNREAD_SETTINGS = frozenset(("yaml-malformed", "record-malformed"))
_OF_SETTINGS = frozenset(
    """source-missing bibliography-missing citation-unknown language-terms math-unreadable
    shortcode-unknown style-unknown""".split()
)
"""What may only follow from settings that cannot be read: macros, names of files, languages."""


def _causes(diagnostics: tuple[Diagnostic, ...]) -> Iterator[Diagnostic]:
    """The diagnostics; where settings cannot be read, without those that may follow from that."""
    unread = any(told.code in _UNREAD_SETTINGS for told in diagnostics)
    return (told for told in diagnostics if not (unread and told.code in _OF_SETTINGS))


class TriptychError(Exception):
    """The family's head: everything Triptych raises on purpose."""

    exit = Exit.BUG


class SourceError(TriptychError):
    """The source has mistakes; `diagnostics` holds all that were found, in order of place."""

    exit = Exit.SOURCE

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(sorted(set(_causes(tuple(diagnostics)))))
        super().__init__("\n".join(map(str, self.diagnostics)))


class UsageError(TriptychError):
    """The command, or a function, was called with words it cannot follow."""

    exit = Exit.USAGE


class ProofError(TriptychError):
    """The finished files failed the proof or a validator."""

    exit = Exit.PROOF


class MachineError(TriptychError):
    """The machine lacks something Triptych needs; the message says what to install."""

    exit = Exit.BUG


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of the character at `offset`."""
    line_start = text.rfind("\n", 0, offset) + 1
    return text.count("\n", 0, offset) + 1, offset - line_start + 1


class Positions:
    """Lines and columns of one text, for many places in it: it is searched once."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def of(self, offset: int) -> tuple[int, int]:
        """Line and column, both from 1, of the character at `offset`."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, line: int) -> int:
        """The offset at which a line, from 1, begins; the last line's for one behind the end."""
        return self._starts[min(line, len(self._starts)) - 1]


def excerpt(text: str, offset: int, width: int = 72) -> str:
    """The line that holds `offset`, cut to `width` characters around it."""
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    line = text[start : len(text) if end < 0 else end]
    if len(line) <= width:
        return line.strip()
    left = max(0, min(offset - start - width // 2, len(line) - width))
    cut = line[left : left + width].strip()
    return ("… " if left else "") + cut + (" …" if left + width < len(line) else "")
