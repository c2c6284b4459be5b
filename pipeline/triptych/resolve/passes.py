"""Resolve: a source becomes an edition. Citations are formatted once, everything is numbered.

In: a `Source`. Out: an `Edition` and the warnings, or a SourceError with all mistakes at once.
docs/resolved-tree.md lists what the tree holds before the first pass and after the last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from triptych.diagnostics import Diagnostic, SourceError
from triptych.direction import direction
from triptych.edition import Edition
from triptych.ledger import Numbered
from triptych.read.csl_citeproc import delimiters_of
from triptych.read.source import Source
from triptych.resolve.addresses import encode_addresses
from triptych.resolve.captions import drop_own_numbers
from triptych.resolve.citations import (
    drop_empty_spans,
    gather_entries,
    keep_numbers_apart,
    link_clusters,
    references_moved,
    unprinted_citations,
)
from triptych.resolve.cluster_links import mend_cluster_links
from triptych.resolve.cover import read_cover
from triptych.resolve.crossrefs import by_name, resolve_cross_references, unknown_targets
from triptych.resolve.formulas import normalise_formulas
from triptych.resolve.glyphs import missing_glyphs
from triptych.resolve.identifiers import normalise_ids, place_anchors
from triptych.resolve.images import read_images, seat_images, show_missing
from triptych.resolve.index import gather_index
from triptych.resolve.layout import write_sizes
from triptych.resolve.notes import number_notes, tell_missing_notes
from triptych.resolve.numbering import (
    drop_empty_headings,
    normalise_headings,
    number_equations,
    number_floats,
    number_sections,
)
from triptych.resolve.raw import (
    draw_task_boxes,
    drop_code_anchors,
    drop_own_bullets,
    report_told,
    show_raw,
    write_quotations,
    write_readings,
)
from triptych.resolve.referring_titles import referring_titles, with_references
from triptych.resolve.sanitize import sanitize_html
from triptych.resolve.statements import number_callouts, number_statements
from triptych.resolve.title_block import lift_title_block
from triptych.resolve.wiki_markup import tell_wiki_markup
from triptych.resolve.work import Work, begin, edition_of
from triptych.tree import Element, title_block_of, with_class


def resolve_source(
    source: Source, keep_going: bool = False
) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """Resolve a source into an edition, and return it with the warnings.

    With `keep_going`, mistakes become warnings: an unknown citation prints its key, a missing
    figure its alternative text. Raises SourceError with every mistake that reading and resolving
    found. Without a citation style, or where pandoc gives up, it always raises.
    """
    work = begin(source)
    for each in PASSES:
        each.run(work)
    if source.style is None or (work.failed and not keep_going):
        raise SourceError(work.diagnostics)
    warnings = (replace(told, severity="warning") for told in work.diagnostics)
    return edition_of(work, source.style), tuple(sorted(warnings))


Done = Literal[
    "quotations",  # none is an element: its marks are written
    "readings",  # above characters stand behind them
    "title",  # is before the article if it is more than words, and in the record as words
    "sanitized",  # holds only elements and attributes that all formats can carry
    "addresses",  # of links are encoded, and lead somewhere
    "notes",  # numbered, in a section of their own after the article
    "marks",  # of notes that are not there are told
    "entries",  # of each bibliography, in a section of their own
    "spans",  # none without attributes
    "paths",  # of images, from the source's folder
    "formulas",  # MathML Core, displayed ones in a block; as code where they cannot be shown
    "images",  # read, each with its alternative text
    "index",  # each of its marks is a place with an id
    "raw",  # markup of other formats is shown or dropped
    "notices",  # of the filters are diagnostics
    "code",  # has no anchors for its lines
    "boxes",  # of task lists are characters
    "marked",  # lists with marks in words have no others
    "anchors",  # empty ones are before text, in its paragraph
    "ids",  # valid in all formats, unique; links follow them
    "headings",  # from h2, without gaps between levels
    "sections", "floats", "equations", "statements", "callouts",  # numbered, the number printed
    "captions",  # bring no number of their own beside the one printed
    "citations",  # have links with words, parted as the style parts works
    "clusters",  # each with its id and the links to its entries
    "directions",  # of numbers beside right-to-left names
    "references",  # to what is numbered are links that print its label
    "sizes",  # of images and rows are styles
    "placeholders",  # replace missing images
]  # fmt: skip
"""What passes can leave done."""
_NUMBERS: tuple[Done, ...] = ("sections", "floats", "equations", "statements", "callouts")


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass over the tree: its name, its function, what it needs done, and what it leaves done.

    A pass that leaves nothing done only looks at the tree, and reports.
    """

    name: str
    run: Callable[[Work], None]
    needs: tuple[Done, ...] = ()
    leaves: tuple[Done, ...] = ()


def _lift_title_block(work: Work) -> None:
    work.record = lift_title_block(work.body, work.source)


def _number(work: Work, numbered: Callable[[Element], Iterable[Numbered]]) -> None:
    """Count in the title block and then in the article, as in one text."""
    block = title_block_of(work.body)
    if block is not None:
        work.article.insert(0, block)
    work.number(numbered(work.article))
    if block is not None:
        work.body.insert(0, block)


def _number_equations(work: Work) -> None:
    _number(work, lambda text: number_equations(text, work.terms["equation"]))


def _gather_entries(work: Work) -> None:
    work.tell(references_moved(work.body, work.source_map))
    title = work.record.references_title or work.terms["references"]
    work.entries = gather_entries(work.body, title)


def _read_images(work: Work) -> None:
    work.images, told = read_images(work.body, work.source, work.source_map)
    work.tell(told)


def _read_cover(work: Work) -> None:
    work.cover, told = read_cover(work.source)
    work.tell(told)


def _normalise_formulas(work: Work) -> None:
    unreadable = work.resolved.unreadable
    work.tell(normalise_formulas(work.body, work.record.language, unreadable, work.source_map))


def _gather_index(work: Work) -> None:
    work.index = gather_index(work.body)


def _normalise_headings(work: Work) -> None:
    work.tell(drop_empty_headings(work.article, work.source_map))
    normalise_headings(work.article)
    for summary in work.body.iterfind("div/section"):
        normalise_headings(summary)
    for note in with_class(work.body, "note"):
        if note.tag == "li":
            normalise_headings(note, first=3)  # below the heading of the notes


def _number_sections(work: Work) -> None:
    asked = work.record.number_sections
    work.number(number_sections(work.article, asked, work.terms))


def _drop_own_numbers(work: Work) -> None:
    work.numbered, told = drop_own_numbers(work.article, work.numbered, work.terms, work.source_map)
    work.tell(told)


def _mend_cluster_links(work: Work) -> None:
    if style := work.source.style:
        between = delimiters_of(style.text)
        works = work.resolved.references
        work.tell(mend_cluster_links(work.body, work.entries, works, between, work.source_map))


def _link_clusters(work: Work) -> None:
    work.clusters = link_clusters(work.body, work.entries)
    if work.source.style:  # else another style's citations would be told
        work.tell(unprinted_citations(work.clusters, work.source_map))


def _resolve_cross_references(work: Work) -> None:
    numbered = by_name(work.numbered)
    titles = referring_titles(work.body)
    work.cross_references, unknown = resolve_cross_references(
        work.body, numbered, work.terms, work.record.language
    )
    work.numbered = with_references(work.numbered, titles)
    work.tell(unknown_targets(unknown, work.source_map))


PASSES = (
    Pass("write quotation marks", lambda w: write_quotations(w.body, w.record.language),
         needs=(), leaves=("quotations",)),
    Pass("write readings", lambda w: write_readings(w.body),
         needs=(), leaves=("readings",)),
    Pass("lift the title block", _lift_title_block,
         needs=("quotations", "readings"), leaves=("title",)),
    Pass("sanitize HTML", lambda w: w.tell(sanitize_html(w.body, w.record.language, w.source_map)),
         needs=("title",), leaves=("sanitized",)),
    Pass("encode addresses", lambda w: w.tell(encode_addresses(w.body, w.source_map)),
         needs=("sanitized",), leaves=("addresses",)),
    Pass("number notes", lambda w: number_notes(w.body),
         needs=("sanitized",), leaves=("notes",)),
    Pass("tell missing notes", lambda w: w.tell(tell_missing_notes(w.body, w.source_map)),
         needs=("notes",), leaves=("marks",)),
    Pass("gather entries", _gather_entries,
         needs=("notes",), leaves=("entries",)),
    Pass("drop empty spans", lambda w: drop_empty_spans(w.body),
         needs=("sanitized",), leaves=("spans",)),
    Pass("find images", lambda w: seat_images(w.body, w.source),
         needs=("sanitized",), leaves=("paths",)),
    Pass("normalise formulas", _normalise_formulas,
         needs=("sanitized",), leaves=("formulas",)),
    Pass("read images", _read_images,
         needs=("paths", "notes", "formulas"), leaves=("images",)),
    Pass("read the cover", _read_cover,
         needs=(), leaves=()),
    Pass("gather the index", _gather_index,
         needs=("notes", "formulas"), leaves=("index",)),
    Pass("show raw markup", lambda w: w.tell(show_raw(w.body, w.source_map)),
         needs=("index",), leaves=("raw",)),
    Pass("tell notices", lambda w: w.tell(report_told(w.body, w.source_map)),
         needs=("sanitized",), leaves=("notices",)),
    Pass("tell markup of wikis", lambda w: w.tell(tell_wiki_markup(w.body, w.source_map)),
         needs=("formulas", "raw"), leaves=()),
    Pass("drop anchors in code", lambda w: drop_code_anchors(w.body),
         needs=("sanitized",), leaves=("code",)),
    Pass("draw task boxes", lambda w: draw_task_boxes(w.body),
         needs=("sanitized",), leaves=("boxes",)),
    Pass("drop own bullets", lambda w: drop_own_bullets(w.body),
         needs=("sanitized",), leaves=("marked",)),
    Pass("place anchors", lambda w: place_anchors(w.body),
         needs=("index", "raw", "notices"), leaves=("anchors",)),
    Pass("normalise ids", lambda w: w.tell(normalise_ids(w.body, w.source_map)),
         needs=("notes", "entries", "index", "code", "anchors"), leaves=("ids",)),
    Pass("normalise headings", _normalise_headings,
         needs=("notes", "entries"), leaves=("headings",)),
    Pass("number sections", _number_sections,
         needs=("headings", "formulas", "ids"), leaves=("sections",)),
    Pass("number floats", lambda w: _number(w, lambda e: number_floats(e, w.terms)),
         needs=("images", "ids"), leaves=("floats",)),
    Pass("drop captions' own numbers", _drop_own_numbers,
         needs=("floats",), leaves=("captions",)),
    Pass("number equations", _number_equations,
         needs=("formulas", "ids"), leaves=("equations",)),
    Pass("number statements", lambda w: _number(w, lambda e: number_statements(e, w.terms)),
         needs=("anchors", "ids"), leaves=("statements",)),
    Pass("number callouts", lambda w: _number(w, lambda e: number_callouts(e, w.terms)),
         needs=("anchors", "ids"), leaves=("callouts",)),
    Pass("mend links of citations", _mend_cluster_links,
         needs=("entries",), leaves=("citations",)),
    Pass("link citations", _link_clusters,
         needs=("notes", "entries", "ids", "citations"), leaves=("clusters",)),
    Pass("keep numbers apart", lambda w: keep_numbers_apart(w.body, direction(w.record.language)),
         needs=("clusters",), leaves=("directions",)),
    Pass("tell missing glyphs", lambda w: w.tell(
             missing_glyphs(w.body, w.record, w.entries, w.source, w.source_map)),
         needs=("formulas", "raw", "boxes", "entries", *_NUMBERS), leaves=()),
    Pass("resolve cross-references", _resolve_cross_references,
         needs=("ids", "clusters", *_NUMBERS), leaves=("references",)),
    Pass("write sizes", lambda w: write_sizes(w.body, w.images),
         needs=("images", "floats"), leaves=("sizes",)),
    Pass("show placeholders", lambda w: show_missing(w.body, w.images),
         needs=("sizes",), leaves=("placeholders",)),
)  # fmt: skip
"""All passes, in their order."""
