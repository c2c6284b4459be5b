"""The edition: one resolved document, and the ledger of what every format must say.

Made by `resolve`, rendered by `render`, proven by `collate`. Everything here is frozen, small to
pickle and free of file handles, so that formats may be rendered side by side in processes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from typing import Any, Literal

from triptych.record import EditionRecord
from triptych.text import Link, Part, Place, Text, from_plain

LEDGER_FORMAT = 3
"""Version of the ledger's JSON form; raised when a reader of the old form would misread it."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One work cited in a cluster, as the author wrote it.

    `locator` is the page or section cited, such as `p. 22`; `suffix` what follows it.
    """

    key: str
    prefix: str = ""
    locator: str = ""
    suffix: str = ""
    mode: Literal["normal", "author-in-text", "suppress-author"] = "normal"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One bracket of citations as rendered: its text, and the entries its links lead to.

    `note` is the id of the note in which it stands, or empty in running text.
    """

    id: str
    citations: tuple[Citation, ...]
    text: str
    targets: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the bibliography as printed.

    `id` is its place: `ref-` and the key, or where each chapter has a bibliography `ref-2-` and the
    key, in that of the second from the front; parts are counted with the chapters.
    """

    id: str
    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """One note: its printed number and its whole text."""

    id: str
    number: str
    text: str


NumberedKind = Literal[
    "section", "figure", "table", "panel", "listing", "algorithm", "equation", "statement",
    "callout",
]  # fmt: skip
"""What may have a number: a panel is a part of a figure, a statement a theorem or its kin."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A section, figure, table or the like with a number.

    `label` is what a reference to it prints, such as `Figure 3`; `title` its heading or caption.
    """

    id: str
    kind: NumberedKind
    number: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A link within the work: its text and the id it leads to."""

    text: str
    target: str


IndexKind = Literal["subjects", "names"]


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """An entry of the index, `under` another term or by itself; `places` are ids in the text."""

    kind: IndexKind
    term: str
    under: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What must be said everywhere, in reading order.

    `text` is the article with its bibliography, or those of its chapters; `note_text` the notes.
    Their places have the ids of the clusters, entries, notes and numbered things told of besides.
    `headings` are what pages may print again at their head: headings, and the heads of columns.
    """

    clusters: tuple[Cluster, ...] = ()
    entries: tuple[Entry, ...] = ()
    notes: tuple[Note, ...] = ()
    numbered: tuple[Numbered, ...] = ()
    cross_references: tuple[CrossReference, ...] = ()
    text: Text = field(default_factory=Text)
    note_text: Text = field(default_factory=Text)
    headings: tuple[str, ...] = ()
    index: tuple[IndexEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the work: its path in the source, its media type and bytes.

    `digest` is the SHA-256, in hex, of its file in the source, before it was made harmless.
    """

    path: str
    media_type: str
    data: bytes
    digest: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One work, resolved: everything the renderers need and nothing else.

    `body` is XHTML without namespace: `<body>` holding `<article>` and, where there are any,
    `<section id="notes">` and `<section id="references">`, or in a chapter `references-2` and the
    like. `references` are the cited entries as CSL-JSON items. `terms` are the words the press
    itself prints, in the work's language. `source_digests` maps every file it was made of to its
    SHA-256 in hex, `style_digest` is that of the citation style's text; `built` says what was named
    to be built, and in which style if not in the source's own.
    `print_profile` is the ICC profile of the printing condition, where the work brings its own.
    """

    name: str
    record: EditionRecord
    style_name: str
    style_title: str
    style_kind: Literal["in-text", "note"]
    body: str
    ledger: Ledger
    images: tuple[Image, ...]
    references: tuple[Mapping[str, Any], ...]
    terms: Mapping[str, str]
    source_digests: tuple[tuple[str, str], ...]
    style_digest: str
    built: Mapping[str, str]
    pandoc: str = ""
    print_profile: bytes = b""

    def image(self, path: str) -> Image:
        """The image at `path`. Raises KeyError where there is none."""
        for image in self.images:
            if image.path == path:
                return image
        raise KeyError(path)


@dataclass(frozen=True, slots=True)
class Appearance:
    """What decides how the letters of an edition look.

    `embedded` names the typefaces and scripts that may stand in HTML and EPUB, by the SHA-256 of
    each in hex; `letterforms` gives the shapes that the PDF's typefaces have for each letter, as
    digests of outlines with blanks between. `design` gives the SHA-256 in hex of each file of
    `styles/` that had a part in it.
    """

    embedded: Mapping[str, str]
    letterforms: Mapping[str, str]
    design: Mapping[str, str]


def ledger_to_json(ledger: Ledger) -> dict[str, Any]:
    """The ledger as plain JSON values."""
    return {
        "format": LEDGER_FORMAT,
        **asdict(ledger),
        "text": _text_to_json(ledger.text),
        "note_text": _text_to_json(ledger.note_text),
    }


def _text_to_json(text: Text) -> dict[str, Any]:
    return {
        "plain": text.plain,
        "links": [[link.start, link.end, link.target] for link in text.links],
        "places": [[place.id, place.start, place.end] for place in text.places],
        "parts": [[part.kind, part.start, part.end, part.level] for part in text.parts],
    }


def _text_from_json(value: Mapping[str, Any]) -> Text:
    return replace(
        from_plain(value["plain"]),
        links=tuple(Link(*link) for link in value["links"]),
        places=tuple(Place(*place) for place in value["places"]),
        parts=tuple(Part(*part) for part in value["parts"]),
    )


def ledger_from_json(value: Mapping[str, Any]) -> Ledger:
    """Read back what `ledger_to_json` wrote. Raises ValueError for another format."""
    if value.get("format") != LEDGER_FORMAT:
        raise ValueError(f"ledger format {value.get('format')!r} is not {LEDGER_FORMAT}")
    return Ledger(
        clusters=tuple(
            Cluster(
                id=c["id"],
                citations=tuple(Citation(**citation) for citation in c["citations"]),
                text=c["text"],
                targets=tuple(c["targets"]),
                note=c["note"],
            )
            for c in value["clusters"]
        ),
        entries=tuple(Entry(**entry) for entry in value["entries"]),
        notes=tuple(Note(**note) for note in value["notes"]),
        numbered=tuple(Numbered(**numbered) for numbered in value["numbered"]),
        cross_references=tuple(CrossReference(**ref) for ref in value["cross_references"]),
        text=_text_from_json(value["text"]),
        note_text=_text_from_json(value["note_text"]),
        headings=tuple(value["headings"]),
        index=tuple(
            IndexEntry(e["kind"], e["term"], e["under"], tuple(e["places"]))
            for e in value.get("index", ())
        ),
    )


def edition_record(
    edition: Edition, files: Mapping[str, str], appearance: Appearance
) -> dict[str, Any]:
    """The edition record, as plain JSON values.

    `files` maps each finished file's name to its SHA-256 in hex. With these files it is all that
    a later collation needs.
    """
    return {
        "triptych": 1,
        "name": edition.name,
        "record": asdict(edition.record),
        "style": {
            "name": edition.style_name,
            "title": edition.style_title,
            "kind": edition.style_kind,
            "sha256": edition.style_digest,
        },
        "source": dict(edition.source_digests),
        "built": dict(edition.built),
        "tools": {
            "pandoc": edition.pandoc,
            **{name: version(name) for name in ("triptych", "weasyprint", "ebooklib")},
        },
        "files": dict(files),
        **asdict(appearance),
        "references": list(edition.references),
        "ledger": ledger_to_json(edition.ledger),
    }


def record_json(record: Mapping[str, Any]) -> str:
    """The edition record as it lies beside the finished files."""
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
