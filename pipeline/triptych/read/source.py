"""The source on disk: found, and read once. Every mistake is noted with its place.

In: a folder such as `source/`, or one Pandoc Markdown file. Out: a `Source`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NoReturn

from triptych.cache.probes import note_entry
from triptych.diagnostics import Diagnostic, SourceError, excerpt
from triptych.read.article_file import Refusal, articles_in, not_an_article, without_text
from triptych.read.bibliographies import inline_references, read_bibliographies
from triptych.read.bibliography import Bibliography
from triptych.read.book import Leaf, bind, read_plan
from triptych.read.bookdown import INDEX, read_bookdown
from triptych.read.bookdown import PROJECT_FILE as BOOKDOWN
from triptych.read.citation_forms import readable_citations
from triptych.read.cited import cited_in
from triptych.read.companions import read_profile, read_style
from triptych.read.csl import CitationStyle
from triptych.read.files import SourceFiles, Stated, as_written, name_in
from triptych.read.frontmatter import FrontMatter, read_front_matter
from triptych.read.manuscript import Manuscript, Passage, read_manuscript
from triptych.read.own_css import read_style_sheets
from triptych.read.paths import Reach, Refused, reach_of
from triptych.read.quarto import PROJECT_FILES, Project, find_project, read_project
from triptych.read.settings import told_settings
from triptych.read.slug import slug
from triptych.read.titles import TitlePart, behind, title_parts, without_markup
from triptych.record import EditionRecord, read_record
from triptych.terms import has_terms

RECORD_FILE = "edition.toml"
_OF_FOLDERS = (RECORD_FILE, BOOKDOWN, *PROJECT_FILES)
"""Files that stand for their folder."""
_FOR_PANDOC = ("nocite", "references")
"""The fields that citeproc needs."""


@dataclass(frozen=True, slots=True)
class Source:
    """One work's source, read.

    The paths in the source are relative to `folder`. The finished files are called `name`.
    `article` is the whole Markdown, with its front matter and its includes, and with replacements
    for what is not UTF-8. `readable` is the same, line for line, as pandoc reads it, with the
    `titles` behind it: the parts of the title block that are Markdown. `metadata` are the fields of
    the front matter that pandoc must know. `passages` say where each line comes from.
    `article_file` and the files in `diagnostics` are written as the user would write them.
    `digests` maps each file read to its SHA-256 in hex. `asked` is what the user asked to build:
    `.` for the folder, or the article in it. `csl` is a style given in place of the source's own.
    `print_profile` is the ICC profile of a printing press, if the source brings one, and
    `style_sheets` are its own, by medium. Nothing outside of `reach` is read.
    """

    folder: Path
    reach: Reach
    name: str
    record: EditionRecord
    article_file: str
    article: str
    readable: str
    titles: tuple[TitlePart, ...]
    metadata: Mapping[str, Any]
    passages: tuple[Passage, ...]
    body_offset: int
    bibliographies: tuple[Bibliography, ...]
    style: CitationStyle | None
    digests: tuple[tuple[str, str], ...]
    diagnostics: tuple[Diagnostic, ...]
    asked: str = "."
    csl: str = ""
    print_profile: bytes = b""
    style_sheets: Mapping[str, str] = field(default_factory=dict)

    def shown(self, path: str) -> str:
        """A file of the source, as the user would write its path."""
        return as_written(self.folder / path)

    def place(self, line: int) -> tuple[str, int]:
        """The file that a line of `article` comes from, and its line there; lines count from 1."""
        index = bisect_right(self.passages, line, key=lambda passage: passage.first) - 1
        passage = self.passages[max(index, 0)]
        return passage.file, line - passage.first + passage.line

    def names(self, path: str) -> list[str]:
        """The names of the files in the folder of `path`, in order."""
        return sorted(self.reach.files(self.folder / path.rpartition("/")[0]))

    def folders(self, path: str) -> list[str]:
        """The names of the folders in the folder `path`, in order."""
        return sorted(self.reach.folders(self.folder / path))

    def read(self, path: str) -> bytes | None:
        """The bytes of a file that the article names, or None where there is no such file.

        Raises Refused where it lies outside, or is no regular file.
        """
        try:
            return self.reach.read(self.folder / path)
        except OSError:
            return None


def read_source(
    path: Path, csl: str | None = None, epoch: int | None = None, *,
    root: Path | None = None, allow: Sequence[Path] = (),
) -> Source:  # fmt: skip
    """Read the work at `path`, a folder or a Markdown file; `csl` overrides its citation style.

    Nothing is read outside of `root`, and of the folders to `allow`. If no root is given, it is
    the work's folder, or the Quarto project or git checkout around it (docs/untrusted.md).

    A project's file, such as `_quarto.yml` or `edition.toml`, stands for its folder.

    `epoch`, in seconds since 1970, replaces the date of a work that has none.
    Mistakes that leave something to work on are kept in the result, so that one run reports them
    all. Raises SourceError where there is nothing to work on.
    """
    path = path.absolute()
    note_entry(path)
    if not path.exists():
        raise SourceError(
            [Diagnostic(as_written(path), 0, 0, "source-missing", "there is no such file or folder",
                        "name a folder that holds edition.toml, or a Markdown file")]
        )  # fmt: skip
    if path.name in _OF_FOLDERS and path.is_file():
        path = path.parent
    folder = path if path.is_dir() else path.parent
    reader = _Reader(path, csl, reach_of(folder, find_project(folder), root, allow))
    try:
        reader.begin()
        work = reader.folder_source() if path.is_dir() else reader.article(path)
    except Refused as refused:
        told = Diagnostic(as_written(refused.path), 0, 0, refused.code, f"the file {refused}",
                          refused.hint)  # fmt: skip
        raise SourceError([*reader.files.diagnostics, told]) from None
    if epoch is None or work.record.date:
        return work
    return replace(work, record=replace(work.record, epoch=epoch))


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a work: its file, the text there, and what was made of it.

    `title` is the work's title if no field gives one.
    """

    file: Path
    written: str
    manuscript: Manuscript
    front: FrontMatter
    title: str


class _Reader:
    """Reads one source from its files.

    `fields` is the content of `edition.toml` and `record` its text, both empty for a single file.
    `csl` is the style that replaces the source's own, `name` the name of a single file.
    """

    def __init__(self, path: Path, csl: str | None, reach: Reach) -> None:
        self.folder = path if path.is_dir() else path.parent
        self.name = None if path.is_dir() else path.stem
        self.csl = csl
        self.files = SourceFiles(self.folder, reach)
        self.record = ""
        self.fields: dict[str, Any] = {}
        self.project = Project()

    def begin(self) -> None:
        """Read what is said of the work outside its text: its record, the project it is of."""
        record = self.folder / RECORD_FILE
        if self.name is None and self.files.reach.has(record):
            self.record = self.files.text(record)
            self.fields = self.files.toml(record, self.record)
        self.project = self.read_project()

    def folder_source(self) -> Source:
        project, fields = self.project, self.fields
        for told in told_settings(self.record, fields):
            self.files.note(
                self.folder / RECORD_FILE, told.line, told.column, told.code, told.message,
                told.hint, severity="warning",
            )  # fmt: skip
        named = fields.get("article") or project.fields.get("article")
        plan = read_plan(fields)
        if not plan and project.file and project.file.parent == self.folder:
            plan = project.plan
        if plan and not named:
            return self.book(plan)
        article = self.folder / str(named) if named else self.only_article()
        own = self.folder / RECORD_FILE
        stated = Stated(own if fields.get("article") else project.file or own, self.record)
        if named and not self.has(article, stated, "article"):
            file, line, column = stated.at("article")
            raise SourceError(
                [*self.files.diagnostics, Diagnostic(
                    as_written(file), line, column, "source-missing",
                    f"the article {named} does not exist", "check its path")]
            )  # fmt: skip
        return self.article(article)

    def has(self, path: Path, stated: Stated, *names: str) -> bool:
        """Whether there is such a file. Raises SourceError, at the place of `names`, if refused."""
        try:
            return self.files.reach.has(path)
        except Refused as refused:
            file, line, column = stated.at(*names)
            told = Diagnostic(
                as_written(file), line, column, refused.code,
                f"the file {name_in(self.folder, path)} {refused}", refused.hint,
            )  # fmt: skip
            raise SourceError([*self.files.diagnostics, told]) from None

    def only_article(self) -> Path:
        chosen = articles_in(self.folder)
        if len(chosen) != 1:
            raise SourceError(
                [*self.files.diagnostics, Diagnostic(
                    as_written(self.folder), 0, 0, "source-missing",
                    f"the folder holds {len(chosen) or 'no'} Markdown articles",
                    f'name the article in {RECORD_FILE}: article = "article.md"')]
            )  # fmt: skip
        return chosen[0]

    def book(self, plan: tuple[Leaf, ...]) -> Source:
        record = self.folder / RECORD_FILE if self.record else self.project.file
        assert record is not None
        stated = Stated(record, self.record or self.files.data(record).decode(errors="replace"))
        for leaf in filter(lambda leaf: leaf.file, plan):
            if self.has(self.folder / leaf.file, stated, leaf.file, "chapters"):
                self.refuse_other_kinds(self.folder / leaf.file)
        manuscript = bind(
            plan,
            Passage(1, as_written(record), 1),
            self.files.included,
            {**self.project.fields, **self.fields},
        )
        return self.source(_Text(record, "", manuscript, FrontMatter(), self.folder.name))

    def read_project(self) -> Project:
        """The Quarto project that the folder belongs to, or its own bookdown project, if any."""
        path = find_project(self.folder)
        book = self.folder / BOOKDOWN
        if path is None and self.files.reach.has(book):
            path = book
        if path is None:
            return Project()
        front = read_front_matter(f"---\n{self.files.text(path)}\n---\n")
        if front.problem:
            self.files.note(
                path, front.line - 1, front.column, front.code, front.problem, front.hint
            )
        if path == book:
            index = self.folder / INDEX
            text = self.files.text(index) if self.files.reach.has(index) else ""
            return read_bookdown(path, front.fields, read_front_matter(text).fields)
        return read_project(path, front.fields, self.folder)

    def refuse_other_kinds(self, path: Path) -> None:
        """Raise SourceError where a file is of a kind that is no article."""
        if why := not_an_article(path, self.files.data(path)):
            self.refuse(path, why)

    def refuse(self, path: Path, why: Refusal) -> NoReturn:
        told = Diagnostic(as_written(path), 0, 0, *why)
        raise SourceError([*self.files.diagnostics, told])

    def article(self, article: Path) -> Source:
        self.refuse_other_kinds(article)
        markdown = self.files.text(article)
        front = read_front_matter(markdown)
        if front.problem:
            self.files.note(
                article, front.line, front.column, front.code, front.problem, front.hint,
                excerpt("\n".join(markdown.split("\n")[front.line - 1 :][:1]), front.column - 1),
                "warning" if front.fields else "error",
            )  # fmt: skip
        manuscript = read_manuscript(
            as_written(article), markdown, front.body_offset, self.files.included,
            {**self.project.fields, **front.fields},
        )  # fmt: skip
        own = {**front.fields, **manuscript.fields}
        told = told_settings(manuscript.text, own)
        manuscript = replace(manuscript, remarks=(*manuscript.remarks, *told))
        body = markdown[front.body_offset :]
        if not front.problem and (why := without_text(body, front.fields)):
            self.refuse(article, why)
        title = _first_heading(body) or article.stem
        return self.source(_Text(article, markdown, manuscript, front, title))

    def source(self, text: _Text) -> Source:
        manuscript = text.manuscript
        written = {**self.project.fields, **text.front.fields, **manuscript.fields}
        merged = {**written, **self.fields}
        if self.csl is not None:
            merged["csl"] = self.csl
        for word, command in (("lof", "listoffigures"), ("lot", "listoftables")):
            if re.search(rf"^\\{command}\b", manuscript.text, re.M):
                merged.setdefault(word, True)
        reading = read_record(merged, fallback_title=text.title)
        stated = (
            Stated(self.folder / RECORD_FILE, self.record)
            if self.record
            else Stated(text.file, text.written)
        )
        for problem in reading.problems:
            self.files.note(
                *stated.at(problem.field), "record-field", problem.message, problem.hint,
                severity=problem.severity,
            )  # fmt: skip
        if not has_terms(language := reading.record.language):
            self.files.note(
                *stated.at("lang", "language"), "language-terms",
                f"Triptych has no words of its own in the language {language!r}",
                "headings and labels that it prints itself are English", severity="warning",
            )  # fmt: skip
        if reading.record.references == "chapter" and merged.get("nocite"):
            self.files.note(
                *stated.at("nocite"), "record-field",
                "the book's `nocite` has no effect, because each chapter lists its own works",
                "put it into the front matter of the chapter whose list they belong to",
                severity="warning",
            )  # fmt: skip
        cited = cited_in(manuscript.readable, text.title, str(merged))
        bibliographies = read_bibliographies(self.files, merged, stated, cited)
        style = read_style(self.files, self.csl, reading.record, stated)
        profile = read_profile(self.files, reading.record, stated)
        style_sheets = read_style_sheets(self.files, reading.record, stated)
        given = "" if self.csl is None else self.csl.rsplit("/", 1)[-1]
        heading = text.title if text.title != text.file.stem else ""
        titles = title_parts(written, self.fields, heading)
        inline = inline_references(self.files, written, stated)
        known = {key for each in bibliographies for key in each.keys}
        known.update(str(item.get("id")) for item in inline.get("references", ()))
        readable, of_titles = behind(readable_citations(manuscript.readable, known), titles, stated)
        source = Source(
            folder=self.folder,
            reach=self.files.reach,
            name=self.name or slug(without_markup(reading.record.title)),
            record=replace(reading.record, csl=given) if given else reading.record,
            article_file=as_written(text.file),
            article=manuscript.text,
            readable=readable,
            titles=titles,
            metadata={
                field: written[field]
                for field in _FOR_PANDOC
                if field in written and field not in self.fields
                if field != "references" or not isinstance(written[field], str)
            }
            | {field: merged[field] for field in ("nocite",) if merged.get(field)}
            | inline,
            passages=(*manuscript.passages, *of_titles),
            body_offset=text.front.body_offset,
            bibliographies=bibliographies,
            style=style,
            digests=tuple(sorted(self.files.digests.items())),
            diagnostics=(),
            asked="." if self.name is None else text.file.name,
            csl=given,
            print_profile=profile,
            style_sheets=style_sheets,
        )
        remarks = tuple(_remarks(source, manuscript))
        if any(remark.code == "limit" for remark in remarks):  # pandoc would not come to an end
            raise SourceError([*self.files.diagnostics, *remarks])
        return replace(source, diagnostics=(*self.files.diagnostics, *remarks))


def _remarks(source: Source, manuscript: Manuscript) -> Iterator[Diagnostic]:
    lines = manuscript.text.split("\n")
    for remark in manuscript.remarks:
        file, line = source.place(remark.line)
        yield Diagnostic(
            file, line, remark.column, remark.code, remark.message, remark.hint,
            excerpt(lines[remark.line - 1], max(remark.column - 1, 0)),
            "warning" if remark.code in _ONLY_TOLD else "error",
        )  # fmt: skip


_ONLY_TOLD = frozenset(
    "setting-unknown shortcode-unknown markup-foreign yaml-unopened chapter-field".split()
)


def _first_heading(text: str) -> str:
    match = re.search(r"^#[ \t]+(\S.*)", text, re.M)
    words = match[1].rstrip(" \t#") if match else ""
    brace = words.rfind("{") if words.endswith("}") else -1
    return words[:brace].rstrip() if brace > 0 else words
