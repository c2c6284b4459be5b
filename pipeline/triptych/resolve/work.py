"""A work between source and edition: what pandoc made of it, and what passes found.

In: a `Source`. Out: a `Work` with the tree as pandoc left it and, after all passes, its `Edition`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from triptych.diagnostics import Diagnostic
from triptych.edition import Edition, Image
from triptych.ledger import Cluster, CrossReference, Entry, IndexEntry, Ledger, Numbered
from triptych.read.csl import CitationStyle
from triptych.read.files import name_in
from triptych.read.slug import slug
from triptych.read.source import Source
from triptych.record import EditionRecord
from triptych.resolve.citations import gather_notes
from triptych.resolve.notes import note_numbers
from triptych.resolve.own_item import own_item
from triptych.resolve.pandoc import Resolved, run_pandoc
from triptych.resolve.source_diagnostics import source_diagnostics
from triptych.resolve.source_map import SourceMap
from triptych.resolve.title_block import words_of_finished
from triptych.resolve.wording import article_text, headings, notes_text, title_text
from triptych.terms import terms_for
from triptych.tree import Element, article_of, make, parse_fragment, serialise


@dataclass(slots=True)
class Work:
    """A work between pandoc and its edition. The passes change its `body`, and note what they find.

    `body` holds the article and, after the passes that put them there, the notes and references.
    `terms` are the words that the press itself prints, in the work's language.
    """

    source: Source
    resolved: Resolved
    source_map: SourceMap
    record: EditionRecord
    terms: Mapping[str, str]
    body: Element
    diagnostics: list[Diagnostic]
    entries: tuple[Entry, ...] = ()
    images: tuple[Image, ...] = ()
    cover: Image | None = None
    index: tuple[IndexEntry, ...] = ()
    numbered: tuple[Numbered, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    cross_references: tuple[CrossReference, ...] = ()

    @property
    def article(self) -> Element:
        """The article, without what follows it."""
        return article_of(self.body)

    @property
    def failed(self) -> bool:
        """Whether a mistake was reported, and not only warnings."""
        return any(told.severity == "error" for told in self.diagnostics)

    def tell(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Note what a pass reports."""
        self.diagnostics += diagnostics

    def number(self, numbered: Iterable[Numbered]) -> None:
        """Note what a pass has numbered."""
        self.numbered += tuple(numbered)


def begin(source: Source) -> Work:
    """Run pandoc. Raises SourceError where it gives up."""
    source, resolved = run_pandoc(source)
    source_map = SourceMap(source)
    return Work(
        source=source,
        resolved=resolved,
        source_map=source_map,
        record=source.record,
        terms=terms_for(source.record.language),
        body=_body(parse_fragment(resolved.fragment)),
        diagnostics=list(source_diagnostics(source, resolved, source_map)),
    )


def _body(fragment: Element) -> Element:
    """Put pandoc's blocks into an `<article>`, in a `<body>` of their own."""
    article = make("article")
    article.text = fragment.text
    article.extend(list(fragment))
    return make("body", article)


def edition_of(work: Work, style: CitationStyle) -> Edition:
    """The edition of a work after all passes."""
    source, record = work.source, words_of_finished(work.body, work.record)
    return Edition(
        name=source.name,
        record=record,
        style_name=style.name,
        style_title=style.title,
        style_kind=style.kind,
        body=serialise(work.body),
        ledger=_ledger(work),
        images=work.images,
        references=work.resolved.references,
        terms=dict(work.terms),
        source_digests=_digests(source, (*work.images, *filter(None, (work.cover,)))),
        style_digest=hashlib.sha256(style.text).hexdigest(),
        built={"from": source.asked, "csl": source.csl} | _allowed(source),
        pandoc=work.resolved.version,
        print_profile=source.print_profile,
        style_sheets=source.style_sheets,
        cover=work.cover,
        own={**own_item(source), "id": slug(source.name), "title": record.full_title},
        own_citation=work.resolved.own,
    )


def _allowed(source: Source) -> dict[str, str]:
    """The folders that were allowed, as the manifest tells them: by their way from the source."""
    real = source.folder.resolve()
    named = (name_in(real, folder) for folder in source.reach.allowed)
    return {"allow": ":".join(named)} if source.reach.allowed else {}


def _ledger(work: Work) -> Ledger:
    """What all formats must say, from the finished tree."""
    body, terms = work.body, work.terms
    indexes = (terms["index"], terms["names"]) if work.index else ()
    return Ledger(
        clusters=work.clusters,
        entries=work.entries,
        notes=gather_notes(body, note_numbers(body)),
        numbered=work.numbered,
        cross_references=work.cross_references,
        text=article_text(body),
        title_text=title_text(body),
        note_text=notes_text(body),
        headings=(*headings(body), *indexes),
        index=work.index,
    )


def _digests(source: Source, images: tuple[Image, ...]) -> tuple[tuple[str, str], ...]:
    """The SHA-256 of every file the edition is made from: texts, citation style and figures."""
    figures = (
        (name_in(source.folder, source.folder / unquote(path)), digest)
        for image in images
        for path, digest in ((image.path, image.digest), *image.links)
        if digest  # a drawing in HTML is in no file of its own
    )
    return tuple(sorted({*source.digests, *figures}))
