"""The source as it lies on disk: found, read once, every mistake noted with its place.

In: a folder such as `source/`, or one Pandoc Markdown file. Out: a `Source`.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from triptych.diagnostics import Diagnostic, Severity, SourceError, excerpt, position
from triptych.read.bibliography import Bibliography, read_bibliography
from triptych.read.book import Leaf, bind, read_plan
from triptych.read.csl import CitationStyle, StyleProblem, find_style, style_file
from triptych.read.frontmatter import FrontMatter, read_front_matter
from triptych.read.manuscript import Manuscript, Passage, read_manuscript
from triptych.read.quarto import Project, find_project, read_project
from triptych.record import EditionRecord, read_record

RECORD_FILE = "edition.toml"
_ARTICLES = ("*.md", "*.qmd", "*.Rmd", "*.markdown")
_USUAL_NAMES = ("article", "paper", "manuscript", "index")
_FOR_PANDOC = "title subtitle abstract summary description nocite references".split()
"""The fields whose values are Markdown, or that citeproc must see."""


@dataclass(frozen=True, slots=True)
class Source:
    """One work's source, read.

    `folder` is where the files it names are looked for; `name` names the finished files;
    `article` is the Markdown, front matter and all, with what it includes drawn in and what is not
    UTF-8 replaced; `readable` is the same, line for line, as pandoc reads it, and `metadata` the
    fields of the front matter that pandoc must know; `passages` tell where each line comes from.
    `article_file` and the files in `diagnostics` are written as the user would write them;
    `digests` maps each file read to its SHA-256 in hex. `asked` is what was named to be built: `.`
    for the folder, or the article in it; `csl` is the style named in place of the source's own;
    `print_profile` is the ICC profile of a press, where the source brings one.
    """

    folder: Path
    name: str
    record: EditionRecord
    article_file: str
    article: str
    readable: str
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

    def shown(self, path: str) -> str:
        """A file of the source, as the user would write its path."""
        return _shown(self.folder / path)

    def place(self, line: int) -> tuple[str, int]:
        """The file that a line of `article` comes from, and the line there, both from 1."""
        index = bisect_right(self.passages, line, key=lambda passage: passage.first) - 1
        passage = self.passages[max(index, 0)]
        return passage.file, line - passage.first + passage.line

    def names(self, path: str) -> list[str]:
        """The names of the files in the folder in which `path` would lie, in order."""
        try:
            return sorted(p.name for p in (self.folder / path).parent.iterdir() if p.is_file())
        except (OSError, ValueError):
            return []

    def read(self, path: str) -> bytes | None:
        """The bytes of a file the article names, or None where there is no such file."""
        try:
            found = self.folder / path
            return found.read_bytes() if found.is_file() else None
        except (OSError, ValueError):
            return None


def read_source(path: Path, csl: str | None = None, epoch: int | None = None) -> Source:
    """Read the work at `path`, a folder or a Markdown file; `csl` overrides its citation style.

    `epoch`, in seconds since 1970, stands for the date of a work that has none.
    Mistakes that leave something to work on are kept in the result, so that all are told in one
    run. Raises SourceError where there is nothing to work on.
    """
    path = path.absolute()
    if not path.exists():
        raise SourceError(
            [Diagnostic(_shown(path), 0, 0, "source-missing", "there is no such file or folder",
                        "name a folder that holds edition.toml, or a Markdown file")]
        )  # fmt: skip
    reader = _Reader(path if path.is_dir() else path.parent)
    work = reader.folder_source(csl) if path.is_dir() else reader.file_source(path, csl)
    if epoch is None or work.record.date:
        return work
    return replace(work, record=replace(work.record, epoch=epoch))


@dataclass(frozen=True, slots=True)
class _Text:
    """The text of a work: its file and what stands there, and what was made of it.

    `title` is what the work is called if nothing says otherwise.
    """

    file: Path
    written: str
    manuscript: Manuscript
    front: FrontMatter
    title: str


class _Reader:
    """Reads the files of one source, and keeps what was found wrong on the way."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.diagnostics: list[Diagnostic] = []
        self.digests: dict[str, str] = {}

    def folder_source(self, csl: str | None) -> Source:
        fields: dict[str, Any] = {}
        text = ""
        record_path = self.folder / RECORD_FILE
        if record_path.is_file():
            text = self.text(record_path)
            fields = self.toml(record_path, text)
        project = self.project()
        named = fields.get("article") or project.fields.get("article")
        plan = read_plan(fields)
        if not plan and project.file and project.file.parent == self.folder:
            plan = project.plan
        if plan and not named:
            return self.book(plan, fields, text, csl, project)
        article = self.folder / str(named) if named else self.only_article()
        if not article.is_file():
            record_file = record_path if fields.get("article") else project.file or record_path
            line, column = _find_field(text, "article")
            raise SourceError(
                [*self.diagnostics, Diagnostic(
                    _shown(record_file), line, column, "source-missing",
                    f"the article {named} does not exist", "check its path")]
            )  # fmt: skip
        return self.article(article, fields, text, csl, None, project)

    def only_article(self) -> Path:
        found = sorted(
            path
            for pattern in _ARTICLES
            for path in self.folder.glob(pattern)
            if path.stem.lower() not in ("readme", "license", "changelog", "contributing")
            and not path.name.startswith(("_", "."))
        )
        usual = [path for path in found if path.stem.lower() in _USUAL_NAMES]
        chosen = usual if len(usual) == 1 else found
        if len(chosen) != 1:
            raise SourceError(
                [*self.diagnostics, Diagnostic(
                    _shown(self.folder), 0, 0, "source-missing",
                    f"the folder holds {len(found) or 'no'} Markdown articles",
                    f'name the article in {RECORD_FILE}: article = "article.md"')]
            )  # fmt: skip
        return chosen[0]

    def file_source(self, article: Path, csl: str | None) -> Source:
        return self.article(article, {}, "", csl, article.stem, self.project())

    def book(
        self, plan: tuple[Leaf, ...], fields: dict[str, Any], fields_text: str, csl: str | None,
        project: Project,
    ) -> Source:  # fmt: skip
        record = self.folder / RECORD_FILE if fields_text else project.file
        assert record is not None
        manuscript = bind(
            plan, Passage(1, _shown(record), 1), self.included, {**project.fields, **fields}
        )
        text = _Text(record, "", manuscript, FrontMatter(), self.folder.name)
        return self.source(text, fields, fields_text, csl, None, project)

    def project(self) -> Project:
        """The Quarto project that the folder belongs to, if any."""
        path = find_project(self.folder)
        if path is None:
            return Project()
        front = read_front_matter(f"---\n{self.text(path)}\n---\n")
        if front.problem:
            self.note(path, front.line - 1, front.column, front.code, front.problem, front.hint)
        return read_project(path, front.fields, self.folder)

    def article(
        self, article: Path, fields: dict[str, Any], fields_text: str, csl: str | None,
        name: str | None, project: Project,
    ) -> Source:  # fmt: skip
        markdown = self.text(article)
        front = read_front_matter(markdown)
        if front.problem:
            self.note(
                article, front.line, front.column, front.code, front.problem, front.hint,
                markdown.split("\n")[front.line - 1].strip(),
                "warning" if front.fields else "error",
            )  # fmt: skip
        manuscript = read_manuscript(
            _shown(article), markdown, front.body_offset, self.included,
            {**project.fields, **front.fields},
        )  # fmt: skip
        title = _first_heading(markdown[front.body_offset :]) or article.stem
        text = _Text(article, markdown, manuscript, front, title)
        return self.source(text, fields, fields_text, csl, name, project)

    def source(
        self, text: _Text, fields: dict[str, Any], fields_text: str, csl: str | None,
        name: str | None, project: Project,
    ) -> Source:  # fmt: skip
        written = {**project.fields, **text.front.fields}
        merged = {**written, **fields}
        if csl is not None:
            merged["csl"] = csl
        manuscript = text.manuscript
        reading = read_record(merged, fallback_title=text.title)
        in_record = bool(fields_text)
        record_file, record_text = (
            (self.folder / RECORD_FILE, fields_text) if in_record else (text.file, text.written)
        )
        for problem in reading.problems:
            line, column = _find_field(record_text, problem.field)
            self.note(
                record_file, line, column, "record-field", problem.message, problem.hint,
                severity=problem.severity,
            )  # fmt: skip
        if reading.record.references == "chapter" and merged.get("nocite"):
            self.note(
                record_file, *_find_field(record_text, "nocite"), "record-field",
                "`nocite` names works that no chapter cites, and each chapter lists its own",
                "cite them where they belong, or write references = \"work\"", severity="warning",
            )  # fmt: skip
        bibliographies = tuple(self.bibliographies(merged, record_file, record_text))
        style = self.style(reading.record, record_file, record_text, csl)
        profile = self.print_profile(reading.record, record_file, record_text)
        given = "" if csl is None else csl.rsplit("/", 1)[-1]
        source = Source(
            folder=self.folder,
            name=name or _slug(reading.record.title),
            record=replace(reading.record, csl=given) if given else reading.record,
            article_file=_shown(text.file),
            article=manuscript.text,
            readable=manuscript.readable,
            metadata={
                field: written[field]
                for field in _FOR_PANDOC
                if field in written and field not in fields
                if field != "references" or not isinstance(written[field], str)
            },
            passages=manuscript.passages,
            body_offset=text.front.body_offset,
            bibliographies=bibliographies,
            style=style,
            digests=tuple(sorted(self.digests.items())),
            diagnostics=(),
            asked="." if name is None else text.file.name,
            csl=given,
            print_profile=profile,
        )
        remarks = tuple(_remarks(source, manuscript))
        return replace(source, diagnostics=(*self.diagnostics, *remarks))

    def included(self, name: str) -> tuple[str, str] | None:
        """A file that the article includes, and its text."""
        path = self.folder / name
        return (_shown(path), self.text(path)) if _is_file(path) else None

    def note(
        self, path: Path, line: int, column: int, code: str, message: str, hint: str,
        shown: str = "", severity: Severity = "error",
    ) -> None:  # fmt: skip
        self.diagnostics.append(
            Diagnostic(_shown(path), line, column, code, message, hint, shown, severity)
        )

    def text(self, path: Path) -> str:
        """A file's text, line ends made one; what is not UTF-8 is noted and replaced."""
        try:
            data = path.read_bytes()
        except OSError as error:
            raise SourceError(
                [*self.diagnostics, Diagnostic(_shown(path), 0, 0, "source-unreadable",
                                               f"cannot be read: {error.strerror}",
                                               "check the file's permissions")]
            ) from None  # fmt: skip
        self.digests[name_in(self.folder, path)] = hashlib.sha256(data).hexdigest()
        data = data.removeprefix(b"\xef\xbb\xbf")
        text = data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            before = data[: error.start].decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
            line, column = position(before, len(before))
            self.note(
                path, line, column, "source-encoding",
                f"the byte 0x{data[error.start]:02X} is not UTF-8",
                "save the file as UTF-8", excerpt(text, len(before)),
            )  # fmt: skip
        return text

    def toml(self, path: Path, text: str) -> dict[str, Any]:
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
            line, column = (int(place[1]), int(place[2])) if place else (text.count("\n") + 1, 1)
            lines = text.splitlines()
            self.note(
                path, line, column, "record-malformed",
                f"not valid TOML: {str(error).split(' (at')[0].lower()}",
                "text values stand in quotes, dates do not",
                lines[line - 1].strip() if line <= len(lines) else "",
            )  # fmt: skip
            return {}

    def bibliographies(
        self, fields: dict[str, Any], record_file: Path, record_text: str
    ) -> Iterator[Bibliography]:
        names = fields.get("bibliography") or []
        if isinstance(names, str):
            names = [names]
        for name in names:
            path = self.folder / str(name)
            if not _is_file(path):
                line, column = _find_field(record_text, str(name), "bibliography")
                self.note(
                    record_file, line, column, "bibliography-missing",
                    f"the bibliography {name} does not exist",
                    "check its path; it is taken from the article's folder",
                )  # fmt: skip
                continue
            bibliography = read_bibliography(_shown(path), self.text(path))
            self.diagnostics += bibliography.diagnostics
            yield bibliography

    def style(
        self, record: EditionRecord, record_file: Path, record_text: str, csl: str | None
    ) -> CitationStyle | None:
        folder = Path.cwd() if csl else self.folder
        try:
            style = find_style(record.csl, folder)
        except StyleProblem as problem:
            line, column = (0, 0) if csl else _find_field(record_text, "csl", "citation-style")
            place = Path("--csl") if csl else record_file
            self.diagnostics.append(
                Diagnostic(str(place) if csl else _shown(place), line, column, problem.code,
                           str(problem), problem.hint)
            )  # fmt: skip
            return None
        own = style_file(record.csl, folder)
        if own is not None:
            self.digests[name_in(self.folder, own)] = hashlib.sha256(own.read_bytes()).hexdigest()
        return style

    def print_profile(self, record: EditionRecord, record_file: Path, record_text: str) -> bytes:
        """The ICC profile that the work is to be printed by; none for the house's own."""
        name = record.printing.profile
        path = self.folder / name
        if not name:
            return b""
        data = path.read_bytes() if _is_file(path) else b""
        if data[12:20] != b"prtrCMYK":  # ICC.1, 7.2: device class and colour space
            line, column = _find_field(record_text, name, "profile")
            self.note(
                record_file, line, column, "print-profile",
                f"{name} is no ICC profile of a press with four inks" if data
                else f"the ICC profile {name} does not exist",
                "name a CMYK output profile in the source's folder, or leave `profile` out",
            )  # fmt: skip
            return b""
        self.digests[name_in(self.folder, path)] = hashlib.sha256(data).hexdigest()
        return data


def name_in(folder: Path, path: Path) -> str:
    """The name by which the digests of a source know a file: its path in the source's folder.

    What lies outside is known by its bare name, so that the same source has the same digests on
    every machine.
    """
    name = os.path.relpath(path, folder)
    return path.name if name.startswith("..") else Path(name).as_posix()


def _remarks(source: Source, manuscript: Manuscript) -> Iterator[Diagnostic]:
    lines = manuscript.text.split("\n")
    for remark in manuscript.remarks:
        file, line = source.place(remark.line)
        yield Diagnostic(
            file, line, remark.column, remark.code, remark.message, remark.hint,
            lines[remark.line - 1].strip(),
            "warning" if remark.code == "shortcode-unknown" else "error",
        )  # fmt: skip


def _shown(path: Path) -> str:
    try:
        return path.relative_to(Path.cwd()).as_posix() or "."
    except ValueError:
        return path.as_posix()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a name longer than the file system takes
        return False


def _find_field(text: str, *names: str) -> tuple[int, int]:
    """Line and column of the first of `names` that stands in `text`; (0, 0) for none."""
    for name in names:
        match = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
        if match:
            return position(text, match.start())
    return 0, 0


def _first_heading(text: str) -> str:
    match = re.search(r"^#[ \t]+(.+?)[ \t]*(?:\{[^}\n]*\})?[ \t]*#*$", text, re.M)
    return match[1] if match else ""


def _slug(title: str) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    slug = ""
    for word in words:
        if slug and len(slug) + len(word) > 48:
            break
        slug = f"{slug}-{word}" if slug else word
    return slug or "edition"
