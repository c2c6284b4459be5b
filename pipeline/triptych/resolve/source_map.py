"""Where in the Markdown something stands: pandoc's reader keeps no positions, so we search.

Code, comments and the front matter are skipped, because pandoc sees no citation, figure or link
in them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from triptych.diagnostics import Diagnostic, Positions, Severity, excerpt
from triptych.read.citation_forms import KEY, UNSPACED
from triptych.read.lines import without_comments
from triptych.read.source import Source
from triptych.resolve.code_and_comments import without_code_and_comments

_CITED = re.compile(
    rf"(?P<at>(?<!\\)(?<![^\W{UNSPACED}])@){KEY}"
    r"|\\[a-zA-Z]*cite[a-zA-Z]*\*?(?:\[[^\]]*\])*\{(?P<keys>[^{}]*)\}"
    r"|[{:][a-z]*cite[\w:]*[}:]`(?P<role>[^`\n]*)`"
)
"""A citation, as pandoc reads one (Pandoc's manual, "Citation syntax"), in LaTeX, or as a role."""
_GLUED = re.compile(rf"(?<=(?P<letter>\w))@{KEY}")

_GIVEN = (
    (re.compile(r"(?<!\]\()#\Z"), re.compile(r"[\s})]")),
    (re.compile(r"""(?<!\]\()\b(?:id|name|label)[=:]\s*["']?\Z"""), re.compile(r"(?![\w:.-])")),
    (re.compile(r"(?<!\]\()\\label\{\Z"), re.compile(r"\}")),
)
"""What stands before and behind an identifier where an author gives it."""
_NEAR = 40
"""How many letters before it are looked at."""

_ADDRESS_PART = re.compile(r"%[0-9A-Fa-f]{2}|.", re.S)


def _written(part: str) -> str:
    """An expression for what an author may have written for a part of an address."""
    sign = chr(int(part[1:], 16)) if len(part) == 3 else part
    plain = r"\s+" if sign == " " else rf"\\?{re.escape(sign)}"
    return plain if sign == part else f"(?:{part}|{plain})"


class SourceMap:
    """Finds constructs in one article. Equal constructs are found one after the other."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._last: dict[str, int] = {}
        self._positions = Positions(source.article)
        self._text = without_code_and_comments(source.article)

    @property
    def text(self) -> str:
        """The article's text, with blanks for code and comments."""
        return self._text

    def citations(self, key: str) -> Iterator[int]:
        r"""Offsets at which `@key` stands, or the key in a `\cite`."""
        return iter(self._cited.get(key, ()))

    def glued(self) -> Iterator[tuple[int, str, str]]:
        """What would be a citation without the letter before it: offset, letter, key."""
        for match in _GLUED.finditer(self._text):
            yield match.start(), match["letter"], match["braced"] or match["key"]

    @cached_property
    def _cited(self) -> Mapping[str, list[int]]:
        """Where each key is cited, in order; all are found in one reading."""
        found: dict[str, list[int]] = {}
        for match in _CITED.finditer(self._text):
            listed = re.split(
                r"[,;]", re.sub(r"\{[^{}]*\}", "", match["keys"] or match["role"] or "")
            )
            keys = [match["braced"] or match["key"]] if match["at"] else listed
            for key in keys:
                found.setdefault(key.strip(), []).append(match.start())
        return found

    def gives(self, name: str) -> int:
        """How often the author gives the identifier `name`, in any of the usual ways."""
        places = (m.span() for m in re.finditer(re.escape(name), self._text))
        return sum(
            any(
                before.search(self._text, max(start - _NEAR, 0), start)
                and behind.match(self._text, end)
                for before, behind in _GIVEN
            )
            for start, end in places
        )

    def names(self) -> tuple[str, ...]:
        """The identifiers that the author gives, in any of the usual ways."""
        found = re.findall(
            r"""\{[^{}\n]*?#([^\s{}]+)[^{}\n]*\}|\bid=["']([^"'\s]+)|\\label\{([^{}]+)\}"""
            r"""|^[ \t]*[#%/]*\|[ ]label:[ ]*(\S+)""",
            self._source.article, re.M,
        )  # fmt: skip
        return tuple(dict.fromkeys(name for names in found for name in names if name))

    def anywhere(self, text: str) -> Iterator[int]:
        """Offsets at which `text` stands, in the body first."""
        body = self._source.body_offset
        found = [m.start() for m in re.finditer(re.escape(text), self._text)]
        return iter(sorted(found, key=lambda offset: (offset < body, offset)))

    def unescaped(self, text: str) -> Iterator[int]:
        """Offsets at which `text` stands in the body without a backslash before it."""
        found = self.anywhere(text)
        body = self._source.body_offset
        return (at for at in found if at >= body and self._text[at - 1 : at] != "\\")

    def everywhere(self, forms: Iterable[str]) -> list[int]:
        """Offsets at which one of several texts stands, code included, in the body first."""
        body = self._source.body_offset
        any_form = "|".join(map(re.escape, forms))
        text = without_comments(self._source.article)
        found = [m.start() for m in re.finditer(any_form, text)]
        return sorted(found, key=lambda offset: (offset < body, offset))

    def next(self, text: str) -> int | None:
        """The offset of the next `text`: each call finds the one after the last.

        Text that stands only in code or comments is found there.
        """
        start = self._last.get(text, self._source.body_offset - 1) + 1
        for whole in (self._text, self._source.article):
            offset = whole.find(text, start) if text else -1
            if offset >= 0:
                self._last[text] = offset
                return offset
        return None

    def next_address(self, address: str) -> int | None:
        """As `next`, for an address as pandoc gives it, however it is written; or in the title.

        Markdown may have backslashes in it, and blanks and line ends where pandoc has `%20`.
        """
        start = self._last.get(address, self._source.body_offset - 1) + 1
        written = re.compile("".join(map(_written, _ADDRESS_PART.findall(address))))
        for whole in (self._text, self._source.article):
            if found := written.search(whole, start):
                self._last[address] = found.start()
                return found.start()
        found = written.search(self._source.article, 0, self._source.body_offset)
        return found and found.start()

    def line(self, number: int) -> int:
        """The offset at which a line of the article, from 1, begins."""
        return self._positions.start(number)

    def next_to(self, text: str, offset: int) -> int | None:
        """The first offset of `text` at or after `offset`, if any."""
        found = self._text.find(text, offset)
        return None if found < 0 else found

    def diagnostic(
        self, offset: int | None, code: str, message: str, hint: str, severity: Severity = "error"
    ) -> Diagnostic:
        """A diagnostic for the text at `offset` of the article."""
        text = self._source.article
        if offset is None:
            return Diagnostic(self._source.article_file, 0, 0, code, message, hint, "", severity)
        line, column = self._positions.of(offset)
        file, line = self._source.place(line)
        return Diagnostic(file, line, column, code, message, hint, excerpt(text, offset), severity)

    def all_citations(self, key: str, code: str, message: str, hint: str) -> Diagnostic:
        """One diagnostic that tells all places that cite `key`."""
        offsets: list[int | None] = [*self.citations(key)] or [None]
        if offsets == [None] and (line := self._line_behind(f"@{key}")):
            return Diagnostic(*self._source.place(line), 0, code, message, hint)
        cited = f", cited in {len(offsets)} places" if len(offsets) > 1 else ""
        first, *others = (self.diagnostic(at, code, message + cited, hint) for at in offsets)
        return replace(first, places=tuple(other.place for other in others))

    def _line_behind(self, text: str) -> int:
        """The line on which pandoc reads `text` behind the article, in its titles; 0 for none."""
        end = self._source.article.count("\n") + 1
        behind = enumerate(self._source.readable.split("\n")[end:], end + 1)
        return next((number for number, line in behind if text in line), 0)
