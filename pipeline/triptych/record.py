"""The edition record: what a colophon would tell of a work.

In: `edition.toml`, or the YAML front matter of a paper written for Pandoc.
Out: an `EditionRecord`.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

from triptych.dates import day_of, read_date
from triptych.isbn import isbn13, wrong_isbn
from triptych.page_design import PageDesign, contents_depth, read_design
from triptych.people import Contributor, FieldProblem, listed, read_people
from triptych.trim_size import DEFAULT_TRIM, read_trim_size

DEFAULT_STYLE = "modern-language-association"
SUMMARIES = ("summary", "abstract", "description")
"""The fields that a summary may stand in; the first of them counts."""

Ink = Literal["cmyk", "grey"]
Bibliographies = Literal["work", "chapter"]
"""Whether there is one bibliography for the work, or one for each of its chapters."""


@dataclass(frozen=True, slots=True)
class PrintOrder:
    """What the printer is to do with the pages.

    `bleed` and `paper`, the thickness of one leaf, are in mm; `marks` asks for marks to crop and
    register by; `min_resolution` is in pixels per inch; the number of pages is made a multiple of
    `signature`. `profile` is an ICC profile of the source, for the printing condition called
    `condition`; without one it is the house's own.
    """

    bleed: float = 3.0
    marks: bool = True
    colour: Ink = "cmyk"
    min_resolution: int = 300
    signature: int = 1
    paper: float = 0.1
    profile: str = ""
    condition: str = "FOGRA39"


@dataclass(frozen=True, slots=True)
class EditionRecord:
    """Title, people, dates, rights, identifiers and style of one edition.

    `language` is a BCP 47 tag; `trim_size` is width and height in mm; `date` is ISO 8601
    (a year, a year and month, or a day), or empty; `contents_depth` is how many levels of headings
    the contents list, 0 for the usual; `references_title` heads the list of works; `csl` names a
    style or a `.csl` file; `cover_image` is the path of the e-book's cover. `epoch` is the moment,
    in seconds since 1970, that stands for the date where a work has none.
    """

    title: str
    subtitle: str = ""
    contributors: tuple[Contributor, ...] = ()
    language: str = "en"
    date: str = ""
    publisher: str = ""
    identifier: str = ""
    rights: str = ""
    license: str = ""
    keywords: tuple[str, ...] = ()
    summary: str = ""
    csl: str = DEFAULT_STYLE
    trim_size: tuple[float, float] = DEFAULT_TRIM
    number_sections: bool | None = None
    lists: tuple[str, ...] = ()
    contents_depth: int = 0
    references_title: str = ""
    references: Bibliographies = "work"
    cover_image: str = ""
    printing: PrintOrder = PrintOrder()
    design: PageDesign = field(default_factory=PageDesign)
    epoch: int | None = None

    @property
    def authors(self) -> tuple[Contributor, ...]:
        """Those named as authors, in the record's order."""
        return tuple(person for person in self.contributors if person.role == "author")

    @property
    def full_title(self) -> str:
        """Title and subtitle on one line."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    @property
    def made(self) -> str:
        """When files say that they were made (ISO 8601, UTC): at the edition's date, by no clock.

        Where there is none it is the `epoch`, else the beginning of 2000.
        """
        if self.epoch is not None and not self.date:
            return f"{datetime.fromtimestamp(self.epoch, UTC):%Y-%m-%dT%H:%M:%SZ}"
        return f"{day_of(self.date or '2000').isoformat()}T00:00:00Z"


@dataclass(slots=True)
class RecordRead:
    """An edition record as far as it could be read, and what was wrong with it."""

    record: EditionRecord
    problems: list[FieldProblem] = field(default_factory=list)


def read_record(fields: Mapping[str, Any], fallback_title: str) -> RecordRead:
    """Read an edition record from the fields of `edition.toml` or of YAML front matter.

    Keys are the record's own, and the names papers use for them: `abstract`, `lang`, `tags`.
    What is missing is filled in: a title from `fallback_title`, an identifier derived from title
    and authors, so that it stays the same from build to build.
    """
    problems: list[FieldProblem] = []

    def text(*names: str) -> str:
        for name in names:
            value = fields.get(name)
            if value is None or value == "":
                continue
            words = words_of(value)
            if words is not None:
                return " ".join(words.split())
            problems.append(FieldProblem(name, f"`{name}` must be text", f'write {name}: "…"'))
        return ""

    title = text("title") or fallback_title
    contributors = read_people(fields, problems)
    if isinstance(fields.get("language"), dict):  # Quarto's own words for what it prints
        fields = {name: value for name, value in fields.items() if name != "language"}
    named = "no" if fields.get("lang") is False else text("language", "lang")  # YAML 1.1's "no"
    language = named.replace("_", "-").split(".")[0] or "en"
    if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        problems.append(
            FieldProblem(
                "language", f"{language!r} is not a language tag", "write one such as en-GB"
            )
        )
        language = "en"
    identifier = _identifier(fields, problems) or text("doi")
    design = read_design(fields, problems)
    numbered = fields.get("number-sections", fields.get("numbersections"))
    number_sections = numbered if isinstance(numbered, bool) else None
    if numbered is None and design.theme == "report":
        number_sections = True
    record = EditionRecord(
        title=title,
        subtitle=text("subtitle"),
        contributors=contributors,
        language=language,
        date=read_date(fields.get("date"), problems, language),
        publisher=text("publisher"),
        identifier=identifier or _derived_identifier(title, contributors),
        rights=text("rights", "copyright"),
        license=text("license"),
        keywords=_keywords(fields),
        summary=text(*SUMMARIES),
        csl=text("csl", "citation-style") or DEFAULT_STYLE,
        trim_size=read_trim_size(fields, design.theme, problems),
        number_sections=number_sections,
        lists=_lists(fields, problems),
        contents_depth=contents_depth(fields, problems),
        references_title=text("reference-section-title"),
        references=_bibliographies(fields, problems),
        cover_image=text("cover-image"),
        printing=_print_order(fields.get("print"), problems),
        design=design,
    )
    return RecordRead(record, problems)


def _keywords(fields: Mapping[str, Any]) -> tuple[str, ...]:
    given = (fields.get("keywords") or fields.get("tags"), fields.get("subject"))
    parts: Iterable[Any] = (
        part
        for value in given
        for part in (value.split(",") if isinstance(value, str) else listed(value))
    )
    return tuple(dict.fromkeys(str(part).strip() for part in parts if str(part).strip()))


def _lists(fields: Mapping[str, Any], problems: list[FieldProblem]) -> tuple[str, ...]:
    """What is listed after the contents; `lof` and `lot` are Pandoc's words for it."""
    asked = [str(name) for name in listed(fields.get("lists"))]
    asked += [name for word, name in (("lof", "figures"), ("lot", "tables")) if fields.get(word)]
    unknown = [name for name in asked if name not in _LISTS]
    if unknown:
        problems.append(
            FieldProblem(
                "lists", f"there is no list of {unknown[0]}", 'write ["figures", "tables"]'
            )
        )
    return tuple(name for name in _LISTS if name in asked)


_LISTS = ("figures", "tables")


def _bibliographies(fields: Mapping[str, Any], problems: list[FieldProblem]) -> Bibliographies:
    """What `references` says, where it does not list works as Pandoc's front matter may."""
    value = fields.get("references", "work")
    if value in ("work", "chapter"):
        return "chapter" if value == "chapter" else "work"
    if not isinstance(value, list | dict):
        problems.append(
            FieldProblem(
                "references", f"there is no bibliography for each {value}",
                'write references = "chapter" or references = "work"',
            )
        )  # fmt: skip
    return "work"


def words_of(value: Any) -> str | None:
    """A value as text: itself, the texts of a list, or the one that a map calls its text."""
    if isinstance(value, str | int | float | date | datetime) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, list):
        main = [v for v in value if isinstance(v, dict) and v.get("type") == "main"]
        parts = [words_of(part) for part in main or value]
        return " ".join(part or "" for part in parts) if parts and None not in parts else None
    if isinstance(value, dict):
        named = ("text", "name", "value", "url", "holder", "type")
        return next((words_of(value[name]) for name in named if value.get(name)), None)
    return None


_PRINT_FIELDS: Mapping[str, tuple[type, float, float]] = {
    "bleed": (float, 0, 20),
    "min-resolution": (int, 1, 2400),
    "signature": (int, 1, 128),
    "paper": (float, 0.02, 1),
}
"""The numbers in the table `print`: the kind of each, and its bounds."""


def _print_order(value: Any, problems: list[FieldProblem]) -> PrintOrder:
    """The table `print`. What is not understood is told, and the usual taken."""
    given: dict[str, Any] = {}
    if value is not None and not isinstance(value, dict):
        problems.append(FieldProblem("print", "`print` must be a table", "write [print]"))
        value = None
    for name, said in (value or {}).items():
        wrong = ""
        if name in _PRINT_FIELDS:
            kind, low, high = _PRINT_FIELDS[name]
            is_number = isinstance(said, int | float) and not isinstance(said, bool)
            if not is_number or not low <= said <= high or kind(said) != said:
                wrong = f"a{' whole' if kind is int else ''} number from {low} to {high}"
            said = kind(said) if not wrong else said
        elif name == "colour":
            wrong = "" if said in ("cmyk", "grey") else 'colour = "cmyk" or colour = "grey"'
        elif name == "marks":
            wrong = "" if isinstance(said, bool) else "marks = true or marks = false"
        elif name in ("profile", "condition"):
            wrong = "" if isinstance(said, str) and said else f'{name} = "…"'
        else:
            known = ", ".join([*_PRINT_FIELDS, "marks", "colour", "profile", "condition"])
            problems.append(FieldProblem(name, f"`print` has no `{name}`", f"it has {known}"))
            continue
        if wrong:
            problems.append(FieldProblem(name, f"`{name}` cannot be {said!r}", f"write {wrong}"))
        else:
            given[name.replace("-", "_")] = said
    return PrintOrder(**given)


def _identifier(fields: Mapping[str, Any], problems: list[FieldProblem]) -> str:
    """The first identifier, else the ISBN; one that is called an ISBN is `urn:isbn:` (RFC 8254).

    Pandoc writes an identifier as text, as a map with a `scheme`, or as a list of either.
    """
    for name in ("identifier", "isbn"):
        value: Any = next(iter(listed(fields.get(name))), None)
        scheme = str(value.get("scheme", "")) if isinstance(value, dict) else ""
        if value is not None and (words := words_of(value)) is None:
            problems.append(FieldProblem(name, f"`{name}` must be text", f'write {name}: "…"'))
            continue
        written = " ".join(words.split()) if value is not None and words else ""
        if not written:
            continue
        called = name == "isbn" or scheme.lower().startswith("isbn")
        number = f"isbn:{written}" if called and not written.lower().startswith("urn:") else written
        if wrong := wrong_isbn(number):
            problems.append(
                FieldProblem(
                    name, wrong,
                    "look at the number again; without a sound one the cover has no bar code",
                    "warning",
                )
            )  # fmt: skip
            return written
        ten = isbn13(number) and isbn13(number) not in re.sub(r"\D", "", number)
        return f"urn:isbn:{isbn13(number)}" if called or ten else written
    return ""


def _derived_identifier(title: str, contributors: Sequence[Contributor]) -> str:
    seed = "\n".join([title, *(person.name for person in contributors)])
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, seed)}"
