"""The edition: one resolved document, and the ledger of what every format must say.

Made by `resolve`, rendered by `render`, proven by `collate`. Everything here is frozen, small to
pickle and free of file handles, so that formats may be rendered side by side in processes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from triptych.ledger import Ledger
from triptych.record import EditionRecord


@dataclass(frozen=True, slots=True)
class DrawnWords:
    """Words in a drawing; `colour` is `#rrggbb`, or empty where it is not a plain one."""

    text: str
    colour: str = ""


@dataclass(frozen=True, slots=True)
class Image:
    """An image of the work: its path in the source, its media type and bytes.

    `digest` is the SHA-256, in hex, of its file in the source, before it was sanitized; that of a
    drawing in HTML is empty, as it has none. `links` are
    the bitmaps that a drawing brings in, each with its path and its digest. `printed` is the
    picture for paper, where this one was made smaller. `words` are those that a drawing shows, in
    the order in which it paints them.
    """

    path: str
    media_type: str
    data: bytes
    digest: str
    links: tuple[tuple[str, str], ...] = ()
    printed: Image | None = None
    words: tuple[DrawnWords, ...] = ()


@dataclass(frozen=True, slots=True)
class Edition:
    """One work, resolved: everything the renderers need and nothing else.

    `body` is XHTML without namespace: `<body>` with `<article>` and, if there are any,
    `<section id="notes">` and `<section id="references">`, or in a chapter `references-2` and the
    like. `references` are the cited entries as CSL-JSON items. `terms` are the words that the press
    itself prints, in the work's language. `source_digests` maps every file it was made of to its
    SHA-256 in hex, `style_digest` is that of the citation style's text. `built` says what was named
    to be built (`from`), and in which style if not in the source's own (`csl`). `print_profile` is
    the ICC profile of the printing condition, if the work has its own, and `cover` the picture on
    the cover of its e-book. `own` is the work itself as a CSL-JSON item, and `own_citation` as its
    style lists it, in XHTML. `formats` are those that it is being made in.
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
    style_sheets: Mapping[str, str] = field(default_factory=dict)
    cover: Image | None = None
    own: Mapping[str, Any] = field(default_factory=dict)
    own_citation: str = ""
    formats: tuple[str, ...] = ()

    def image(self, path: str) -> Image:
        """The image at `path`. Raises KeyError if there is none."""
        for image in self.images:
            if image.path == path:
                return image
        raise KeyError(path)
