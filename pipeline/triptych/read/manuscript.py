"""The manuscript: an article's Markdown with its includes, made ready for pandoc.

In: the text of the article's file, and a function that reads included files. Out: a `Manuscript`.
Papers for Quarto or pandoc-crossref use forms that pandoc's reader does not know. Such lines are
rewritten in place, so that each line that pandoc reads is still the author's line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from triptych.characters import NO_REFERENCE
from triptych.read.files import find_field
from triptych.read.frontmatter import metadata_blocks
from triptych.read.lines import FENCE, LineKind, lines_of, without_comments
from triptych.read.macros import (
    INPUT,
    Reader,
    defines_only,
    drawn_out,
    of_front_matter,
    paired_delimiters,
    read_tex,
)
from triptych.read.myst import NotUnderstood, in_pandocs_words
from triptych.read.nesting import first_excess
from triptych.read.paths import Refused

_CELL = re.compile(r"\{\s*(?P<twice>\{)?\s*(?P<language>[A-Za-z][\w+#-]*)(?P<options>[^{}]*)\}\}?$")
_LOOSE_INFO = re.compile(r"(?P<language>[\w.+#-]+)[ \t]+(?!\{)(?P<rest>.*\S)$")
_SHORTCODE = re.compile(r"(?<!\{)\{\{<\s*(?P<name>[/\w-]+)(?P<words>.*?)\s*>\}\}(?!\})")
_INCLUDE = re.compile(r"[ \t]*\{\{<\s*include\s+(.+?)\s*>\}\}[ \t]*$")
_CHILD = re.compile(
    r"""[ \t]*[`~]{3,}\s*\{.*?\bchild\s*=\s*((?:c\()?(?:\s*,?\s*["'][^"']+["'])+)"""
)
"""The files that a cell of R Markdown includes."""
_FRAME = re.compile(
    r"[ \t]*\\(?:begin|end)\{(?:center|flushleft|flushright|landscape|small|footnotesize|sloppypar|"
    r"singlespace|onehalfspace|doublespace)\}[ \t]*"
)
"""LaTeX around Markdown that only lays it out. It would make pandoc read the text as LaTeX."""
_BOOKDOWN_REFERENCE = re.compile(r"\\@ref\(([\w:./-]+)\)")
_BOOKDOWN_LABEL = re.compile(r"\(\\#([\w:./-]+)\)")
_BOOKDOWN_WORDS = re.compile(r"(\(ref:[\w.-]+\))[ \t]+(.+)")
"""A line that defines the words for `(ref:x)`, mostly for a caption."""
_DISPLAY = re.compile(r"(?<![\\$])\$\$(?!\$)")
_CODE_SPAN = re.compile(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_LAYOUT_ONLY = frozenset({"pagebreak"})
_DEEPEST = 8
_LONGEST = 16_000_000
"""Characters of an article with all that it includes: some five thousand pages."""
_FOR_A_LINE = 20
"""So many characters' time is taken by each line."""
_LONGEST_DISPLAY = 80
"""In lines. Two pairs of dollar signs farther apart, with a blank line between, are no formula."""


@dataclass(frozen=True, slots=True)
class Passage:
    """From its line `first`, the manuscript is `file` from its line `line`; both count from 1."""

    first: int
    file: str
    line: int


@dataclass(frozen=True, slots=True)
class LineProblem:
    """A problem in a line of the manuscript, counted from 1, that its author must know of."""

    line: int
    column: int
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Manuscript:
    """`text` is what the authors wrote; `readable` is what pandoc reads, line for line.

    `fields` are those of metadata blocks below the front matter.
    """

    text: str
    readable: str
    passages: tuple[Passage, ...]
    remarks: tuple[LineProblem, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Draft:
    """The lines collected so far."""

    lines: list[str] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    remarks: list[LineProblem] = field(default_factory=list)
    characters: int = 0

    def remark(self, line: int, column: int, code: str, message: str, hint: str) -> None:
        self.remarks.append(LineProblem(line, column, code, message, hint))

    def refuse(self, line: int, column: int, name: str, why: Refused) -> None:
        self.remark(line, column, why.code, f"the included file {name} {why}", why.hint)


def read_manuscript(
    file: str, text: str, body_offset: int, read: Reader, fields: Mapping[str, Any]
) -> Manuscript:
    """Make a manuscript of an article. Its front matter, before `body_offset`, is left blank.

    `fields` are the front matter's, for shortcodes that print them.
    """
    draft = _Draft()
    _draw_together(draft, file, text, read, ())
    if any(remark.code == "limit" for remark in draft.remarks):
        drawn = "\n".join(draft.lines)
        return Manuscript(drawn, "", tuple(draft.passages), tuple(draft.remarks))
    readable = draft.lines.copy()
    front = text.count("\n", 0, body_offset)
    readable[:front] = [""] * front
    later = _take_metadata(readable, draft)
    fields = {**fields, **later}
    said, foreign = in_pandocs_words("\n".join(readable), lines_of)
    if foreign:
        draft.remarks.append(_not_understood(foreign))
    marked = list(lines_of(said))
    seen = _seen(marked)
    if excess := first_excess(seen):
        draft.remarks.append(
            LineProblem(excess.line, excess.column, "limit", excess.message, excess.hint)
        )
    draft.remarks += _no_characters(seen)
    try:
        definitions = of_front_matter(fields, read)
    except Refused as refused:
        line, column = find_field(text, refused.path.name, refused.path.stem, "include-in-header")
        draft.refuse(max(line, 1), column, refused.path.name, refused)
        definitions = ""
    readable = _put_macros(drawn_out(marked, seen), definitions)
    readable = list(_rewritten(readable, draft, fields))
    manuscript = Manuscript(
        "\n".join(draft.lines), "\n".join(readable), tuple(draft.passages),
        tuple(draft.remarks), later,
    )  # fmt: skip
    pairs = paired_delimiters(manuscript.readable)
    return changed_outside_code(manuscript, pairs) if pairs else manuscript


def _take_metadata(lines: list[str], draft: _Draft) -> dict[str, Any]:
    """The fields of the metadata blocks among `lines`, which are left blank there."""
    bare = without_comments("\n".join(lines)).split("\n")
    is_text = [
        kind == "text" and line == uncommented
        for (line, kind), uncommented in zip(lines_of("\n".join(lines)), bare, strict=True)
    ]
    fields: dict[str, Any] = {}
    for block in metadata_blocks(list(lines), is_text):
        lines[block.first : block.last + 1] = [""] * (block.last + 1 - block.first)
        front = block.front
        fields |= front.fields
        if front.problem:
            draft.remarks.append(
                LineProblem(front.line, front.column, front.code, front.problem, front.hint)
            )
    return fields


def _no_characters(lines: list[str]) -> Iterator[LineProblem]:
    for number, line in enumerate(lines, 1):
        if found := NO_REFERENCE.search(line):
            yield LineProblem(
                number, found.start() + 1, "source-encoding",
                f"{found[0]} stands for a control character, which no edition can hold",
                "delete it",
            )  # fmt: skip


def _not_understood(first: NotUnderstood) -> LineProblem:
    others = f", nor are {first.count - 1} others" if first.count > 1 else ""
    return LineProblem(
        first.line, first.column, "markup-foreign",
        f"{first.name} of MyST or reStructuredText is not understood{others}",
        "write it in Pandoc's Markdown; it is shown as it stands",
    )  # fmt: skip


def _put_macros(lines: list[str], definitions: str) -> list[str]:
    """The lines with the front matter's definitions on a blank line before the text."""
    blank = next((n for n, line in enumerate(lines) if n and not line.strip()), None)
    if definitions and blank is not None:
        lines[blank] = definitions
    return lines


def _seen(marked: list[tuple[str, LineKind]]) -> list[str]:
    """The lines with blanks for code and comments."""
    lines = (
        _CODE_SPAN.sub(lambda m: " " * len(m[0]), line) if kind == "text" else " " * len(line)
        for line, kind in marked
    )
    return without_comments("\n".join(lines)).split("\n")


def without_code(text: str) -> str:
    """The text with blanks for code and comments; every letter keeps its place."""
    return "\n".join(_seen(list(lines_of(text))))


def with_own_labels(manuscript: Manuscript, prefix: str) -> Manuscript:
    """The manuscript with `prefix` before the labels of its footnotes, as pandoc reads them."""

    def renamed(text: str) -> str:
        return re.sub(r"\[\^([^\]\s^]+)\]", rf"[^{prefix}\1]", text)

    return changed_outside_code(manuscript, renamed)


def changed_outside_code(manuscript: Manuscript, change: Callable[[str], str]) -> Manuscript:
    """The manuscript with its text changed as pandoc reads it, line by line; code stays."""
    lines = [
        _outside_code(line, change) if kind == "text" else line
        for line, kind in lines_of(manuscript.readable)
    ]
    return replace(manuscript, readable="\n".join(lines))


# --- Includes ------------------------------------------------------------------------------------


def _draw_together(
    draft: _Draft, file: str, text: str, read: Reader, within: tuple[str, ...]
) -> None:
    draft.passages.append(Passage(len(draft.lines) + 1, file, 1))
    draft.characters += len(text) + _FOR_A_LINE * text.count("\n")
    fence = ""
    for number, (line, kind) in enumerate(lines_of(text), 1):
        pattern = {"text": _INCLUDE, "opening": _CHILD}.get(kind)
        match = pattern.match(line) if pattern else None
        if match is None and kind == "text" and (named := INPUT.fullmatch(line)):
            try:
                found = read_tex(named[1], read)
            except Refused as refused:
                draft.refuse(len(draft.lines) + 1, line.index(named[1]) + 1, named[1], refused)
                found = None
            if found and defines_only(found[1]):
                draft.passages.append(Passage(len(draft.lines) + 1, found[0], 1))
                drawn = found[1].rstrip("\n").split("\n")
                draft.lines += ("" if each.lstrip().startswith("%") else each for each in drawn)
                draft.passages.append(Passage(len(draft.lines) + 1, file, number + 1))
                continue
        if match is None:
            draft.lines.append("" if fence else line)
            if kind == "code" and fence and line.strip().startswith(fence):
                fence = ""
            continue
        names, here = [match[1].strip("\"'")], len(draft.lines) + 1
        if kind == "opening":  # a cell of R Markdown; its code is not run
            names = re.findall("""["']([^"']+)["']""", match[1])
            fence = line.strip()[:3]
            draft.lines.append("")
        for name in names:
            column = line.index(name) + 1 if fence else line.index("{{<") + 1
            try:
                found = None if name in within or len(within) >= _DEEPEST else read(name)
            except Refused as refused:
                draft.refuse(here, column, name, refused)
                draft.lines.append("" if fence else line)
                continue
            if found is None:
                why = "includes itself" if name in within else "does not exist"
                draft.remark(
                    here, column, "include-missing",
                    f"the included file {name} {why}",
                    "check its path; it is taken from the article's folder",
                )  # fmt: skip
                draft.lines.append("" if fence else line)
            elif draft.characters > _LONGEST:
                if not any(remark.code == "limit" for remark in draft.remarks):
                    why = f"with {name}, the article has more than {_LONGEST:,} characters"
                    draft.remark(here, column, "limit", why, "include less, or part the work")
            else:
                _draw_together(draft, *found, read, (*within, name))
        draft.passages.append(Passage(len(draft.lines) + 1, file, number + 1))


# --- Lines rewritten -----------------------------------------------------------------------------


def _rewritten(lines: list[str], draft: _Draft, fields: Mapping[str, Any]) -> Iterator[str]:
    comment = display = False
    marked = list(_words_in_place("\n".join(lines)))
    for number, (line, kind) in enumerate(marked, 1):
        if kind == "opening":
            yield _fence_opening(line, number)
            continue
        if kind == "code":
            yield line
            continue
        if comment or "<!--" in line:
            comment = line.rfind("-->") < line.rfind("<!--") or (comment and "-->" not in line)
            yield line
            continue
        if _FRAME.fullmatch(line):
            yield ""
            continue
        if display and not line.strip():
            yield "%"  # a blank line would end the formula; a percent sign is a comment in TeX
            continue
        if len(_DISPLAY.findall(_CODE_SPAN.sub("", line))) % 2:
            display = not display and _closes(marked[number : number + _LONGEST_DISPLAY])
        line = _outside_code(line, _bookdown)
        yield _outside_code(line, partial(_shortcodes, number, draft, fields))


def _words_in_place(text: str) -> Iterator[tuple[str, LineKind]]:
    """The lines of a text and their kinds, with each `(ref:x)` replaced by its words."""
    marked = list(lines_of(text))
    found = [_BOOKDOWN_WORDS.fullmatch(line) for line, kind in marked if kind == "text"]
    words = {match[1]: match[2].strip() for match in found if match}
    for line, kind in marked:
        if kind == "text" and _BOOKDOWN_WORDS.fullmatch(line):
            line = ""
        for name in words if "(ref:" in line else ():
            said = words[name] if kind == "text" else words[name].replace('"', "'")
            line = line.replace(name, said)
        yield line, kind


def _bookdown(text: str) -> str:
    r"""References `\@ref(fig:x)` and labels `(\#eq:x)` of bookdown, in LaTeX's form."""
    text = _BOOKDOWN_REFERENCE.sub(
        lambda m: rf"\{'eqref' if m[1].startswith('eq:') else 'ref'}{{{m[1]}}}", text
    )
    return _BOOKDOWN_LABEL.sub(r"\\label{\1}", text)


def _closes(below: list[tuple[str, LineKind]]) -> bool:
    """Whether a display that opens above these lines is closed in them."""
    for line, kind in below:
        if kind != "text" or re.match(r"#{1,6} |:::", line):
            return False
        if _DISPLAY.search(line):
            return bool(re.fullmatch(r"\s*\$\$.*|[^$]*\$\$\s*(\{[^}]*\})?[.,;]?\s*", line))
    return False


def _outside_code(line: str, change: Callable[[str], str]) -> str:
    pieces, at = [], 0
    for span in _CODE_SPAN.finditer(line):
        pieces += [change(line[at : span.start()]), span[0]]
        at = span.end()
    return "".join([*pieces, change(line[at:])])


def _fence_opening(line: str, number: int) -> str:
    """The opening line of a code block, as pandoc reads it. A code cell remembers its line."""
    match = FENCE.match(line)
    assert match is not None
    info, before = match["info"].strip(), match["before"] + match["fence"]
    cell = _CELL.fullmatch(info)
    if cell and cell["twice"]:  # Quarto too shows it without running it
        return f"{before} {{.{cell['language']}}}"
    if cell:
        options = cell["options"].strip(" ,").replace("\\", "\\\\").replace('"', '\\"')
        return f'{before} {{.{cell["language"]} .cell line="{number}" options="{options}"}}'
    loose = _LOOSE_INFO.fullmatch(info)
    return f"{before} {loose['language']}" if loose else line


def _shortcodes(number: int, draft: _Draft, fields: Mapping[str, Any], text: str) -> str:
    """Quarto's shortcodes: page layout is dropped, metadata printed, anything else reported."""

    def replaced(match: re.Match[str]) -> str:
        name, words = match["name"], match["words"].split()
        if name in _LAYOUT_ONLY:
            return ""
        if name == "meta" and words and isinstance(fields.get(words[0]), str | int | float):
            return str(fields[words[0]])
        if name != "include":  # a missing include is already reported
            column = draft.lines[number - 1].find(match[0]) + 1
            draft.remarks.append(
                LineProblem(
                    number, column, "shortcode-unknown",
                    f"the shortcode {name} is shown as it stands", "write what it would print",
                )
            )  # fmt: skip
        return match[0].replace("<", r"\<")

    return _SHORTCODE.sub(replaced, text)
