"""A book: a work of many files, bound into one manuscript.

In: the list of its files from `edition.toml` or a Quarto project. Out: a `Manuscript` that pandoc
reads as one article. Each of its lines still knows its file. Each file keeps its own footnote
labels, and its first heading becomes the heading of a chapter.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Any, Literal

from triptych.people import read_people
from triptych.read.files import find_field
from triptych.read.frontmatter import read_front_matter
from triptych.read.macros import Reader
from triptych.read.manuscript import (
    LineProblem,
    Manuscript,
    Passage,
    changed_outside_code,
    read_manuscript,
    with_own_labels,
)
from triptych.read.settings import unknown_settings

DivisionKind = Literal["part", "front", "chapter", "appendix", "back"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file of a book, or the title of a part.

    The headings of `front` and `back` matter have no numbers; those of appendices have letters.
    """

    kind: DivisionKind
    file: str = ""
    title: str = ""


def read_plan(fields: Mapping[str, Any]) -> tuple[Leaf, ...]:
    """The files of a book in order; empty for an article.

    `front`, `chapters`, `appendices` and `back` are lists of files. A book with parts has tables
    `part` in place of `chapters`, each with a `title` and `chapters`.
    """
    leaves = [Leaf("front", name) for name in _names(fields.get("front"))]
    leaves += [Leaf("chapter", name) for name in _names(fields.get("chapters"))]
    for part in fields.get("part") or []:
        if isinstance(part, dict):
            leaves.append(Leaf("part", title=str(part.get("title", ""))))
            leaves += [Leaf("chapter", name) for name in _names(part.get("chapters"))]
    leaves += [Leaf("appendix", name) for name in _names(fields.get("appendices"))]
    leaves += [Leaf("back", name) for name in _names(fields.get("back"))]
    return tuple(leaves) if any(leaf.kind == "chapter" for leaf in leaves) else ()


def _names(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(name) for name in value or []]


def bind(
    plan: Sequence[Leaf], record: Passage, read: Reader, fields: Mapping[str, Any]
) -> Manuscript:
    """Bind the files of a plan into one manuscript.

    `record` is the file that holds the plan. `read` returns a file of the source by its name.
    `fields` are the work's, for shortcodes that print them.
    """
    sheets: list[Manuscript] = []
    places: dict[str, str] = {}
    appended = False  # bookdown's heading of the appendices was met
    for number, leaf in enumerate(plan, 1):
        if leaf.kind == "part":
            text = f"# {leaf.title} {{.part .unnumbered}}\n"
            sheets.append(Manuscript(text, text, (record,)))
            continue
        found = read(leaf.file)
        if found is None:
            missing = LineProblem(
                1, 0, "source-missing", f"the chapter {leaf.file} does not exist", "check its path"
            )
            sheets.append(Manuscript("", "", (record,), (missing,)))
            continue
        file, text = found
        if appended and leaf.kind == "chapter":
            leaf = replace(leaf, kind="appendix")
        appended = appended or _APPENDICES.search(text) is not None
        chapter = _chapter(leaf, file, text, read, fields)
        first = _FIRST_HEADING.search(chapter.readable)
        places[leaf.file] = f"#{first[1]}" if first and first[1] else ""
        sheets.append(with_own_labels(chapter, f"{number}-"))
    return _sewn(
        [_leading_inside(sheet, leaf, places) for sheet, leaf in zip(sheets, plan, strict=True)]
    )


_APPENDICES = re.compile(r"^#[ \t]+\(APPENDIX\)", re.M)
_FIRST_HEADING = re.compile(r"^#[ \t](?:.*\{[^{}\n]*#([^\s{}]+)[^{}\n]*\})?", re.M)
_LINK = re.compile(r"\]\(([^\s()#]+\.(?:qmd|md|Rmd|markdown))(#[^\s()]+)?\)")


def _leading_inside(sheet: Manuscript, leaf: Leaf, places: Mapping[str, str]) -> Manuscript:
    """A file of a book whose links to other files lead to their places in the book.

    `places` gives by the name of each file the link to its first heading, as far as that has an
    identifier of its own.
    """
    folder = PurePosixPath(leaf.file).parent

    def inside(match: re.Match[str]) -> str:
        name = posixpath.normpath((folder / match[1]).as_posix())
        place = (match[2] or places[name]) if name in places else ""
        return f"]({place})" if place else match[0]

    return changed_outside_code(sheet, lambda text: _LINK.sub(inside, text))


def _sewn(sheets: Sequence[Manuscript]) -> Manuscript:
    """Manuscripts one after another, a blank line between."""
    passages: list[Passage] = []
    remarks: list[LineProblem] = []
    above = 0
    for sheet in sheets:
        passages += [replace(p, first=p.first + above) for p in sheet.passages]
        remarks += [replace(remark, line=remark.line + above) for remark in sheet.remarks]
        above += sheet.text.count("\n") + 2
    text, readable = ("\n\n".join(part) for part in zip(*((s.text, s.readable) for s in sheets),
                                                        strict=True))  # fmt: skip
    return Manuscript(text, readable, tuple(passages), tuple(remarks))


def _chapter(
    leaf: Leaf, file: str, text: str, read: Reader, fields: Mapping[str, Any]
) -> Manuscript:
    """One file as pandoc reads it: each heading of the first level opens a chapter."""
    front = read_front_matter(text)
    folder = PurePosixPath(leaf.file).parent

    def beside(name: str) -> tuple[str, str] | None:
        return read((folder / name).as_posix())

    sheet = read_manuscript(file, text, front.body_offset, beside, {**fields, **front.fields})
    own_fields = {**front.fields, **sheet.fields}
    lines = sheet.readable.split("\n")
    attributes = _ATTRIBUTES.get(leaf.kind, f".chapter .{leaf.kind} .unnumbered")
    if folder != PurePosixPath("."):
        attributes += f' folder="{folder}"'
    if uncited := _uncited(own_fields.get("nocite")):
        attributes += f' nocite="{uncited}"'
    people = ", ".join(person.name for person in read_people(own_fields, []))
    byline = f' byline="{people.replace(chr(34), "")}"' if people else ""
    parts = [n for n in _headings(lines) if _PART.match(lines[n])]
    appendices = min((n for n in parts if _APPENDICES.match(lines[n])), default=len(lines))
    for number in parts:
        match = _PART.match(lines[number])
        assert match is not None
        title = "" if match[1] == "APPENDIX" else match[2]
        lines[number] = f"# {title} {{.part .unnumbered}}" if title else ""
    openings = [n for n in _headings(lines) if n not in parts]
    title = own_fields.get("title")
    room = text.count("\n", 0, front.body_offset)
    remarks = list(sheet.remarks)
    if front.problem:
        remarks.append(LineProblem(front.line, front.column, front.code, front.problem, front.hint))
    remarks += unknown_settings(text, own_fields)
    remarks += _idle_fields(leaf.file, text, own_fields, fields)
    if openings:
        for opening in openings:
            own = byline if len(openings) == 1 else ""  # which of several chapters would it be for?
            after = " .appendix" if opening > appendices and leaf.kind == "chapter" else ""
            lines[opening] = _with_attributes(lines[opening], attributes + after + own)
    elif PurePosixPath(leaf.file).stem == "index" and (name := fields.get("title")):
        if not _CODE.sub("", text[front.body_offset :]).strip():
            return sheet
        heading = f"# {name} {{.chapter .front .unnumbered}}\n"
        return _sewn([Manuscript(heading, heading, (Passage(1, file, 1),)), sheet])
    elif isinstance(title, str) and room > 1:
        lines[0] = f"# {title} {{{attributes}{byline}}}"
    else:
        remarks.append(
            LineProblem(1, 1, "chapter-heading", f"{leaf.file} has no heading of the first level",
                   "begin it with one: # Its title")
        )  # fmt: skip
    return replace(sheet, readable="\n".join(lines), remarks=tuple(remarks))


_ATTRIBUTES: Mapping[DivisionKind, str] = {"chapter": ".chapter", "appendix": ".chapter .appendix"}


def _idle_fields(
    file: str, text: str, own: Mapping[str, Any], fields: Mapping[str, Any]
) -> Iterator[LineProblem]:
    """Fields in a chapter's front matter that only the book can have."""
    for name in ("subtitle", "abstract", "bibliography", "csl"):
        if own.get(name) and own[name] != fields.get(name):
            line, column = find_field(text, name)
            yield LineProblem(
                line, column, "chapter-field", f"`{name}` has no effect in {file}, a chapter",
                "put it into the chapter's text" if name in ("subtitle", "abstract")
                else "name it for the whole book",
            )  # fmt: skip


_CODE = re.compile(r"^(`{3,}).*?^\1`*[ \t]*$|<!--.*?-->", re.M | re.S)
_PART = re.compile(r"#[ \t]+\((PART|APPENDIX)(?:\\?\*)?\)[ \t]*(.*?)[ \t]*(?:\{[^{}]*\})?[ \t]*$")
"""bookdown's heading of a part, or of what follows the last."""


def _uncited(nocite: Any) -> str:
    """The works that a chapter lists without citing them, as an attribute of its heading."""
    names = nocite if isinstance(nocite, list) else [nocite or ""]
    return ", ".join(map(str, names)).replace("\\", "").replace('"', "")


def _headings(lines: Sequence[str]) -> Iterator[int]:
    """The lines that are headings of the first level, code left out."""
    fence = ""
    for number, line in enumerate(lines):
        mark = re.match(r" {0,3}(`{3,}|~{3,})", line)
        if mark and (not fence or mark[1].startswith(fence)):
            fence = "" if fence else mark[1]
        elif not fence and (
            re.match(r"#[ \t]+\S", line)
            or (line.strip() and re.match(r"=+[ \t]*$", _at(lines, number + 1)))
        ):
            yield number


def _at(lines: Sequence[str], number: int) -> str:
    return lines[number] if number < len(lines) else ""


def _with_attributes(heading: str, attributes: str) -> str:
    """A heading with more attributes than it has."""
    given = re.search(r"[ \t]*\{([^{}]*)\}[ \t]*$", heading)
    if given is None:
        return f"{heading.rstrip().rstrip('#').rstrip()} {{{attributes}}}"
    own = " ".join(".unnumbered" if word == "-" else word for word in given[1].split())
    return f"{heading[: given.start()]} {{{own} {attributes}}}"
