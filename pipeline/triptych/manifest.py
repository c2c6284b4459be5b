"""The edition manifest: what a build says of its files, and what they must say.

It is written beside the finished files as `NAME.edition.json`. A later collation needs nothing but
it and these files.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from importlib.metadata import version
from pathlib import PurePath
from typing import Any, Literal

from triptych.edition import DrawnWords, Edition
from triptych.ledger import Ledger, ledger_from_json, ledger_to_json
from triptych.record import EditionRecord
from triptych.typed_json import parsed, typed

REGULAR = "regular"
"""The style of a typeface that is neither italic nor bold nor small capitals."""

MANIFEST_FORMAT = 1
"""Version of the manifest's JSON form; the ledger in it has a version of its own."""

TERMS = (
    "skip", "edited by", "comma", "pages", "contents", "index", "names", "about", "equal",
    "corresponding", "style", "stop", "references",
)  # fmt: skip
"""What is printed around the text, besides the date."""
NEWER_TERMS = ("show pages", "cite")
"""What is printed too, and a manifest of an older Triptych lacks."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """What decides how the letters of an edition look.

    `embedded` names the typefaces and scripts that HTML and EPUB may contain, by the SHA-256 of
    each in hex. `letterforms` gives the shapes that the PDF's typefaces have for each letter, as
    digests of outlines, separated by blanks. `faces` gives the shapes of each family of typefaces
    by its styles: `regular`, or some of `italic`, `bold` and `small-capitals`, in this order.
    `design` gives the SHA-256 in hex of each file of `styles/` that was used.
    """

    embedded: Mapping[str, str]
    letterforms: Mapping[str, str]
    design: Mapping[str, str]
    faces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the contents list: its depth from 1, number and title, and the id it leads to.

    `people` are the authors of a chapter, who are named behind its title.
    """

    depth: int
    title: str
    target: str
    people: str = ""

    @property
    def words(self) -> str:
        """The whole line."""
        return f"{self.title} / {self.people}" if self.people else self.title


@dataclass(frozen=True, slots=True)
class Picture:
    """A place where a picture stands.

    `part` is `title` in title, subtitle and summary, and `cover` for what is on that of the e-book.
    `file` is its path in the source, `figure` the id of the numbered item that it is in, and `note`
    that of the note, if any. `alt` is its alternative text. `words` are those that a drawing shows,
    in the order in which it paints them. `look` is what it looks like without them: a PNG in
    base64, on white, its longer side of 64 pixels, each the mean of what it covers; empty if it
    cannot be drawn.
    """

    file: str
    alt: str
    figure: str = ""
    note: str = ""
    words: tuple[DrawnWords, ...] = ()
    look: str = ""
    part: Literal["text", "title", "cover"] = "text"


@dataclass(frozen=True, slots=True)
class FloatList:
    """A list after the contents, of `figures` or `tables`: its title and its lines."""

    name: str
    title: str
    lines: tuple[ContentsLine, ...]


@dataclass(frozen=True, slots=True)
class Landmark:
    """A part of an e-book, in the order of its spine: its kind (EPUB SSV 1.1), and its title."""

    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Head:
    """What the right pages of a section bear at their head, and the id of the section.

    The pages of a part of a book, which bear nothing, have no words.
    """

    target: str
    words: str


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around the text: contents, the lists after them, the parts of an e-book.

    `heads` are those of the sections in the text, in its order. `terms` are the words of the press
    itself, by their names, under `date` the printed date, under `licence` the short name of the
    licence, and under `typefaces` the families that the text is set in.
    """

    contents: tuple[ContentsLine, ...]
    lists: tuple[FloatList, ...]
    landmarks: tuple[Landmark, ...]
    terms: Mapping[str, str]
    heads: tuple[Head, ...]


@dataclass(frozen=True, slots=True)
class StyleUsed:
    """The CSL style followed: its name, its title, its kind, and the SHA-256 of its text in hex."""

    name: str
    title: str
    kind: Literal["in-text", "note"]
    sha256: str


@dataclass(frozen=True, slots=True)
class EditionManifest:
    """What was made, from what, with what, and what it must say.

    `record` is the edition record: title, people, dates, rights. `source` maps every file that the
    edition was built from to its SHA-256 in hex, `files` every finished file. `built` says what was
    named to be built (`from`), in which style if not in the source's own (`csl`), and which folders
    outside it might be read (`allow`, by their ways from the source, parted by colons). `tools`
    gives the versions of the programs by name. `references` are the cited entries as CSL-JSON
    items. `embedded`, `letterforms`, `faces` and `design` are as in `Appearance`, `contents`,
    `lists`, `landmarks`, `terms` and `heads` as in `Around`, and `pictures` are the places of
    pictures. `own` is the work itself as a CSL-JSON item, and
    `own_citation` as its style lists it. A manifest of an older Triptych may lack any of them.
    """

    name: str
    record: EditionRecord
    style: StyleUsed
    source: Mapping[str, str]
    tools: Mapping[str, str]
    files: Mapping[str, str]
    ledger: Ledger
    built: Mapping[str, str] = field(default_factory=dict)
    references: tuple[Mapping[str, Any], ...] = ()
    embedded: Mapping[str, str] | None = None
    letterforms: Mapping[str, str] | None = None
    faces: Mapping[str, Mapping[str, str]] | None = None
    design: Mapping[str, str] | None = None
    contents: tuple[ContentsLine, ...] | None = None
    lists: tuple[FloatList, ...] | None = None
    landmarks: tuple[Landmark, ...] | None = None
    terms: Mapping[str, str] | None = None
    pictures: tuple[Picture, ...] | None = None
    heads: tuple[Head, ...] | None = None
    own: Mapping[str, Any] | None = None
    own_citation: str | None = None

    def showing(self, shown: Iterable[str]) -> EditionManifest:
        """The same with no more letterforms than those `shown` on pages, given by their digests.

        Of every family in use, all styles stay listed: which ones it has must be known.
        """
        seen = frozenset(shown)

        def kept(shapes: Mapping[str, str]) -> dict[str, str]:
            return {
                name: " ".join(shape for shape in listed.split() if shape in seen)
                for name, listed in shapes.items()
            }

        letters = kept(self.letterforms or {})
        families = {family: kept(styles) for family, styles in (self.faces or {}).items()}
        return replace(
            self,
            letterforms={letter: forms for letter, forms in letters.items() if forms},
            faces={family: styles for family, styles in families.items() if any(styles.values())},
        )


def manifest_of(
    edition: Edition, files: Mapping[str, str], appearance: Appearance,
    around: Around | None = None, pictures: tuple[Picture, ...] | None = None,
) -> EditionManifest:  # fmt: skip
    """The manifest of an edition; `files` maps each finished file's name to its SHA-256 in hex."""
    from triptych.tree import parse_fragment, text_of  # who reads a manifest needs no parser

    return EditionManifest(
        name=edition.name,
        record=edition.record,
        style=StyleUsed(
            edition.style_name, edition.style_title, edition.style_kind, edition.style_digest
        ),
        source=dict(edition.source_digests),
        tools={
            "pandoc": edition.pandoc,
            **{name: version(name) for name in ("triptych", "weasyprint", "ebooklib")},
        },
        files=dict(files),
        ledger=edition.ledger,
        built=dict(edition.built),
        references=edition.references,
        embedded=appearance.embedded,
        letterforms=appearance.letterforms,
        faces=appearance.faces,
        design=appearance.design,
        contents=around.contents if around else None,
        lists=around.lists if around else None,
        landmarks=around.landmarks if around else None,
        terms=around.terms if around else None,
        heads=around.heads if around else None,
        pictures=pictures,
        own=edition.own,
        own_citation=text_of(parse_fragment(edition.own_citation)),
    )


def manifest_json(manifest: EditionManifest) -> str:
    """The manifest as it is written beside the finished files."""
    told = {item.name: getattr(manifest, item.name) for item in fields(EditionManifest)}
    told |= {
        "triptych": MANIFEST_FORMAT,
        "record": asdict(manifest.record),
        "style": asdict(manifest.style),
        "ledger": ledger_to_json(manifest.ledger),
        **{
            name: None if told[name] is None else [*map(asdict, told[name])]
            for name in ("contents", "lists", "landmarks", "pictures", "heads")
        },
    }
    told = {name: value for name, value in told.items() if value is not None}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def read_manifest(data: bytes | str) -> EditionManifest:
    """Read back what `manifest_json` wrote.

    Raises ValueError if it is not JSON, or if something in it is missing or has another type.
    """
    manifest = typed(EditionManifest, parsed(data), "", {Ledger: ledger_from_json})
    for at, item in enumerate(manifest.references):
        _must_be_an_item(item, f"references[{at}]")
    if manifest.own is not None:
        _must_be_an_item(manifest.own, "own")
    for name in (*TERMS, "date"):
        if manifest.terms is not None and name not in manifest.terms:
            raise ValueError(f"terms.{name} is missing")
    for at, listed in enumerate(manifest.lists or ()):
        if listed.name not in ("figures", "tables"):
            raise ValueError(f"lists[{at}].name must be one of figures, tables")
    for at, picture in enumerate(manifest.pictures or ()):
        if not all(re.fullmatch("(#[0-9a-f]{6})?", words.colour) for words in picture.words):
            raise ValueError(f"pictures[{at}].words have a colour that is not such as #1a2b3c")
    return manifest


def _must_be_an_item(item: Mapping[str, Any], place: str) -> None:
    """Raise ValueError for a cited item whose names or dates are none (CSL-JSON 1.0)."""
    if not isinstance(item.get("id"), str | int):
        raise ValueError(f"{place}.id must be text")
    for name, value in item.items():
        where = f"{place}.{name[:60]}"
        if name in _DATES:
            given = value.get("date-parts", []) if isinstance(value, dict) else None
            if not isinstance(given, list) or not all(
                isinstance(date, list)
                and 0 < len(date) <= 3
                and all(re.fullmatch("-?[0-9]{1,6}", str(part)) for part in date)
                for date in given
            ):
                raise ValueError(f"{where} is no date")
        elif isinstance(value, list):
            if not all(isinstance(each, str) or _is_name(each) for each in value):
                raise ValueError(f"{where} is no list of names")
        elif name in _PEOPLE or (isinstance(value, dict) and name != "custom"):
            raise ValueError(f"{where} must be text")


_DATES = ("accessed", "available-date", "event-date", "issued", "original-date", "submitted")
_PEOPLE = ("author", "editor", "translator", "compiler", "director", "guest-editor")


def _is_name(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(part, str | bool | int) for part in value.values()
    )


def files_named(data: bytes | str) -> Mapping[str, str]:
    """The finished files that a manifest names, each with its SHA-256 in hex.

    Nothing else in it is read, so that a signature can be verified whichever Triptych made the
    edition. Raises ValueError if the files cannot be read, or are in other folders.
    """
    files = typed(_Files, parsed(data)).files
    if any(PurePath(name).name != name for name in files):
        raise ValueError("it names files in other folders")
    return files


@dataclass(frozen=True, slots=True)
class _Files:
    files: Mapping[str, str]
