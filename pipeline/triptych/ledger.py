"""The ledger: what every format of an edition must say, in reading order.

It is made by `resolve`, kept in the edition manifest as JSON, and compared with each finished file
by `collate`. Everything here is frozen and small to pickle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from triptych.text import (
    EMPHASES,
    FORMULA_PARTS,
    Emphasis,
    FormulaPart,
    Link,
    ListItem,
    Part,
    Place,
    Text,
    TextRole,
    from_plain,
)
from triptych.typed_json import typed

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

    `note` is the id of the note it is in, or empty in running text.
    """

    id: str
    citations: tuple[Citation, ...]
    text: str
    targets: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the bibliography as printed.

    `id` is `ref-` and the key. If each chapter has a bibliography, it is `ref-2-` and the key in
    the second one; parts are counted with the chapters.
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
"""What may have a number: a panel is a part of a figure, a statement is a theorem or similar."""


@dataclass(frozen=True, slots=True)
class Numbered:
    """A section, figure, table or similar, with a number.

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
    `title_text` is title, subtitle and summary, where one of them is more than the plain words of
    the edition record. The places in these texts have the ids of the clusters, entries, notes and
    numbered items. `headings` are what pages may repeat at their head: headings, and the heads of
    columns.
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
    title_text: Text = field(default_factory=Text)


# --- As JSON -------------------------------------------------------------------------------------

_OPTIONAL = {"index", "title_text"}
"""What a ledger of this format may lack: the first ones had no index, most have no title text."""


def ledger_to_json(ledger: Ledger) -> dict[str, Any]:
    """The ledger as plain JSON values."""
    none = Text()
    plain = replace(ledger, text=none, note_text=none, title_text=none)  # their JSON form is below
    told = {
        "format": LEDGER_FORMAT,
        **asdict(plain),
        "text": _text_to_json(ledger.text),
        "note_text": _text_to_json(ledger.note_text),
        "title_text": _text_to_json(ledger.title_text),
    }
    return told if ledger.title_text.letters else {k: told[k] for k in told if k != "title_text"}


def ledger_from_json(value: object, place: str = "ledger") -> Ledger:
    """Read back what `ledger_to_json` wrote; `place` names it in messages.

    Raises ValueError for another format, and for what is missing or of another type.
    """
    if not isinstance(value, dict):
        raise ValueError(f"{place} must be an object")
    if value.get("format") != LEDGER_FORMAT:
        raise ValueError(f"ledger format {value.get('format')!r} is not {LEDGER_FORMAT}")
    needed = {item.name for item in fields(Ledger)} - _OPTIONAL
    if missing := needed - value.keys():
        raise ValueError(f"{place}.{min(missing)} is missing")
    return typed(Ledger, value, place, {Text: _text_from_json})


def _text_to_json(text: Text) -> dict[str, Any]:
    return {
        "plain": text.plain,
        "links": [[link.start, link.end, link.target] for link in text.links],
        "places": [[place.id, place.start, place.end] for place in text.places],
        "parts": [[part.kind, part.start, part.end, part.level] for part in text.parts],
        "emphasis": _spans_to_json(text.emphasis or ()),
        "roles": _spans_to_json(text.roles),
        "items": [[item.at, item.said] for item in text.items or ()],
        "formulas": _spans_to_json(text.formula_parts or ()),
    }


def _spans_to_json(spans: Iterable[Emphasis | TextRole | FormulaPart]) -> dict[str, str]:
    """Spans by their kinds, each as its first letter and the one after it: `3-8 20-21`."""
    by_kind: dict[str, list[str]] = {}
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        by_kind.setdefault(span.kind, []).append(f"{span.start}-{span.end}")
    return {kind: " ".join(written) for kind, written in by_kind.items()}


@dataclass(frozen=True, slots=True)
class _TextRead:
    """A text as JSON: links, places and parts count the letters of `plain`.

    Ledgers of older Triptychs have no `emphasis`, `roles`, `items` and `formulas`.
    """

    plain: str
    links: tuple[tuple[int, int, str], ...]
    places: tuple[tuple[str, int, int], ...]
    parts: tuple[tuple[Literal["heading", "caption"], int, int, int], ...]
    emphasis: Mapping[str, str] | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    items: tuple[tuple[int, str], ...] | None = None
    formulas: Mapping[str, str] | None = None


def _text_from_json(value: object, place: str) -> Text:
    read = typed(_TextRead, value, place)
    return replace(
        from_plain(read.plain),
        links=tuple(Link(*link) for link in read.links),
        places=tuple(Place(*spot) for spot in read.places),
        parts=tuple(Part(*part) for part in read.parts),
        emphasis=None
        if read.emphasis is None
        else tuple(
            Emphasis(kind, start, end)
            for kind in sorted(EMPHASES)
            for start, end in _spans(read.emphasis.get(kind, ""), f"{place}.emphasis.{kind}")
        ),
        roles=tuple(
            TextRole(kind, start, end)
            for kind, written in sorted(read.roles.items())
            for start, end in _spans(written, f"{place}.roles.{kind}")
        ),
        items=None if read.items is None else tuple(ListItem(*item) for item in read.items),
        formula_parts=None
        if read.formulas is None
        else tuple(
            FormulaPart(kind, start, end)
            for kind in sorted(FORMULA_PARTS)
            for start, end in _spans(read.formulas.get(kind, ""), f"{place}.formulas.{kind}")
        ),
    )


def _spans(written: str, place: str) -> Iterator[tuple[int, int]]:
    for span in written.split():
        start, dash, end = span.partition("-")
        if not (dash and start.isdecimal() and end.isdecimal()):
            raise ValueError(f"{place} must be spans such as 3-8, and has {span!r}")
        yield int(start), int(end)
