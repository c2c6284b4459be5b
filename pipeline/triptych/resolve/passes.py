"""Resolve: a source becomes an edition, its citations formatted once, everything numbered.

In: a `Source`. Out: an `Edition` and the warnings; or a SourceError with all mistakes at once.
"""

from __future__ import annotations

import functools
import hashlib
import html
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import unquote

from triptych.diagnostics import Diagnostic, SourceError
from triptych.direction import direction
from triptych.edition import Edition, Image
from triptych.ledger import Cluster, Ledger
from triptych.mathematics.placeholders import without_marks
from triptych.read.bibliography import leaving_out
from triptych.read.files import name_in
from triptych.read.source import Source
from triptych.record import EditionRecord
from triptych.resolve.citations import (
    drop_empty_spans,
    gather_entries,
    gather_notes,
    keep_numbers_apart,
    link_clusters,
)
from triptych.resolve.crossrefs import UnknownTarget, resolve_cross_references
from triptych.resolve.formulas import normalise_formulas
from triptych.resolve.images import read_images, seat_images, show_missing
from triptych.resolve.index import gather_index
from triptych.resolve.layout import write_sizes
from triptych.resolve.notes import note_numbers, number_notes
from triptych.resolve.numbering import (
    names_of,
    normalise_headings,
    normalise_ids,
    number_equations,
    number_floats,
    number_sections,
    place_anchors,
)
from triptych.resolve.pandoc import PandocProblem, Resolved, run_pandoc
from triptych.resolve.raw import draw_task_boxes, drop_code_anchors, report_told, show_raw
from triptych.resolve.sanitize import sanitize_html
from triptych.resolve.source_map import SourceMap
from triptych.resolve.statements import number_callouts, number_statements
from triptych.resolve.wording import article_text, headings, notes_text
from triptych.terms import has_terms, terms_for
from triptych.tree import (
    Element,
    fold,
    make,
    parse_fragment,
    serialise,
    text_of,
    with_class,
)
from triptych.typefaces import covered


def resolve_source(
    source: Source, keep_going: bool = False
) -> tuple[Edition, tuple[Diagnostic, ...]]:
    """Resolve a source into an edition; return it with the warnings.

    With `keep_going`, mistakes become warnings: an unknown citation prints its key, a missing
    figure its alternative text. Raises SourceError with every mistake that reading and resolving
    found; always where there is no citation style or pandoc gives up.
    """
    source, resolved = _run(source)
    diagnostics = list(_weighed(source, resolved))
    source_map = SourceMap(source)
    diagnostics += _unknown_citations(source, resolved, source_map)
    diagnostics += _pandoc_warnings(source, resolved)

    record = _with_metadata(source, resolved)
    terms = terms_for(record.language)
    if not has_terms(record.language):
        diagnostics.append(
            Diagnostic(source.article_file, 0, 0, "language-terms",
                       f"Triptych has no words of its own in the language {record.language!r}",
                       "headings and labels that it prints itself are English", "", "warning")
        )  # fmt: skip
    body = _split(parse_fragment(resolved.fragment))
    article = body[0]

    diagnostics += sanitize_html(body, source_map)
    number_notes(body)
    entries = gather_entries(body, terms["references"])
    drop_empty_spans(body)
    seat_images(body, source)
    diagnostics += normalise_formulas(body, record.language, resolved.unreadable, source_map)
    images, image_diagnostics = read_images(body, source, source_map)
    diagnostics += image_diagnostics
    index = gather_index(body)
    diagnostics += show_raw(body, source_map)
    diagnostics += report_told(body, source_map)
    drop_code_anchors(body)
    draw_task_boxes(body)
    place_anchors(body)
    for doubled in normalise_ids(body, source_map.gives):
        offset = next(iter(list(source_map.anywhere(f"#{doubled}"))[1:]), None)
        diagnostics.append(
            source_map.diagnostic(offset, "crossref-duplicate",
                               f"the identifier {doubled!r} stands twice", "rename one of them")
        )  # fmt: skip
    normalise_headings(article)
    numbered = (
        *number_sections(article, _numbers_sections(record, article), terms),
        *number_floats(article, terms),
        *number_equations(article, terms["equation"]),
        *number_statements(article, terms),
        *number_callouts(article, terms),
    )
    clusters = link_clusters(body, entries)
    keep_numbers_apart(body, direction(record.language))
    diagnostics += _unprinted(clusters, source_map)
    diagnostics += _without_glyphs(body, record, source_map)
    references, unknown = resolve_cross_references(
        body, {item.id: item for item in numbered}, terms
    )
    diagnostics += _unknown_targets(unknown, source_map)
    failed = any(diagnostic.severity == "error" for diagnostic in diagnostics)
    if source.style is None or (failed and not keep_going):
        raise SourceError(diagnostics)
    write_sizes(body, images)
    show_missing(body, images)
    diagnostics = [replace(diagnostic, severity="warning") for diagnostic in diagnostics]
    edition = Edition(
        name=source.name,
        record=record,
        style_name=source.style.name,
        style_title=source.style.title,
        style_kind=source.style.kind,
        body=serialise(body),
        ledger=Ledger(
            clusters=clusters,
            entries=entries,
            notes=gather_notes(body, note_numbers(body)),
            numbered=numbered,
            cross_references=references,
            text=article_text(body),
            note_text=notes_text(body),
            headings=(*headings(body), terms["index"], terms["names"]) if index else headings(body),
            index=index,
        ),
        images=images,
        references=resolved.references,
        terms=dict(terms),
        source_digests=_digests(source, images),
        style_digest=hashlib.sha256(source.style.text).hexdigest(),
        built={"from": source.asked, "csl": source.csl},
        pandoc=resolved.version,
        print_profile=source.print_profile,
    )
    return edition, tuple(sorted(diagnostics))


def _digests(source: Source, images: tuple[Image, ...]) -> tuple[tuple[str, str], ...]:
    """The SHA-256 of every file the edition is made of: texts, citation style and figures."""
    figures = (
        (name_in(source.folder, source.folder / unquote(image.path)), image.digest)
        for image in images
    )
    return tuple(sorted({*source.digests, *figures}))


_MOST_REFUSED = 25


def _run(source: Source) -> tuple[Source, Resolved]:
    """Run pandoc; where it refuses an entry of a bibliography, once more without that entry."""
    for turn in range(_MOST_REFUSED + 1):
        try:
            return source, run_pandoc(source)
        except PandocProblem as problem:
            entry = problem.entry
            left = None
            if entry is not None and turn < _MOST_REFUSED:
                books = source.bibliographies
                left = leaving_out(
                    books[entry.bibliography], entry.line, entry.column, entry.index, entry.why
                )
            if entry is None or left is None:
                raise SourceError([*source.diagnostics, problem.diagnostic]) from None
            others = (*books[: entry.bibliography], left, *books[entry.bibliography + 1 :])
            source = replace(
                source, bibliographies=others,
                diagnostics=(*source.diagnostics, left.diagnostics[-1]),
            )  # fmt: skip
    raise AssertionError


def _split(fragment: Element) -> Element:
    """Put pandoc's blocks into an `<article>`, in a `<body>` of their own."""
    article = make("article")
    article.text = fragment.text
    article.extend(list(fragment))
    return make("body", article)


def _with_metadata(source: Source, resolved: Resolved) -> EditionRecord:
    """The record with front-matter texts as pandoc rendered them, Markdown and all."""
    record = source.record

    def rendered(name: str, current: str) -> str:
        value = resolved.metadata.get(name)
        if not current or not isinstance(value, str):
            return current
        shown = re.sub(r"<annotation\b.*?</annotation>", "", value, flags=re.S)  # a formula's TeX
        return fold(without_marks(html.unescape(re.sub(r"<[^>]+>", "", shown))))

    return replace(
        record,
        title=rendered("title", record.title),
        subtitle=rendered("subtitle", record.subtitle),
        summary=rendered("abstract", record.summary),
    )


def _numbers_sections(record: EditionRecord, article: Element) -> bool:
    """Sections are numbered where the record says so, or where a cross-reference names one."""
    if record.number_sections is not None:
        return record.number_sections
    sections = {section.get("id") for section in article.iter("section")}
    return any(
        not sections.isdisjoint(names_of(key))
        for span in with_class(article, "xref")
        for key in re.findall(r'"([^"]+)"', span.get("data-keys") or "")
    )


def _weighed(source: Source, resolved: Resolved) -> Iterator[Diagnostic]:
    """What was told in reading; a mistake in an entry that nothing cites is but a warning."""
    entries = {told: key for b in source.bibliographies for told, key in b.concerned.items()}
    for told in source.diagnostics:
        key = entries.get(told, "")
        cited = not key or key in resolved.cited or "*" in resolved.cited
        yield told if cited else replace(told, severity="warning")


def _unknown_citations(
    source: Source, resolved: Resolved, source_map: SourceMap
) -> Iterator[Diagnostic]:
    known = {str(item.get("id")) for item in resolved.references}
    known.update(*(bibliography.keys for bibliography in source.bibliographies))
    unknown = [key for key in dict.fromkeys(resolved.cited) if key not in known and key != "*"]
    if not unknown:
        return
    readable = [b for b in source.bibliographies if b.sound]
    if not readable:
        if not source.bibliographies and not any(
            d.code == "bibliography-missing" for d in source.diagnostics
        ):
            yield next(
                source_map.all_citations(
                    unknown[0], "bibliography-missing",
                    "the article cites, but names no bibliography",
                    "add bibliography: references.json to its front matter or edition record",
                )
            )  # fmt: skip
        return
    import difflib

    for key in unknown:
        close = difflib.get_close_matches(key, known, n=1)
        hint = (
            f"did you mean @{close[0]}?"
            if close
            else f"add it to {readable[0].file}, or mend the key; \\@ prints a plain @"
        )
        yield from source_map.all_citations(
            key, "citation-unknown", f"no bibliography entry has the key {key!r}", hint
        )


_TOLD_OTHERWISE = (
    "Citeproc: citation", "requires a nonempty <title>", "no printed form", "Could not convert TeX",
    "Could not load translations", "has no translation defined",
)  # fmt: skip


def _pandoc_warnings(source: Source, resolved: Resolved) -> Iterator[Diagnostic]:
    for warning in resolved.warnings:
        if any(words in warning for words in _TOLD_OTHERWISE):
            continue  # told by a diagnostic of our own; or of no account in a fragment
        place = re.search(r"line (\d+) column (\d+)", warning)
        line, column = (int(place[1]), int(place[2])) if place else (0, 0)
        file, line = source.place(line) if line else (source.article_file, 0)
        yield Diagnostic(
            file, line, column, "pandoc", f"pandoc warns: {warning}",
            "look at the construct that begins here" if line else "", "", "warning",
        )  # fmt: skip


def _unprinted(clusters: tuple[Cluster, ...], source_map: SourceMap) -> Iterator[Diagnostic]:
    """Citations of which the style prints nothing, so that no reader would see them."""
    for cluster in clusters:
        if not cluster.text.strip("()[].,; "):
            key = cluster.citations[0].key
            yield source_map.diagnostic(
                next(source_map.citations(key), None), "citation-empty",
                f"the style prints nothing for this citation of {key!r}",
                "a suppressed author wants a locator: [-@key, p. 3]", "warning",
            )  # fmt: skip


def _without_glyphs(
    body: Element, record: EditionRecord, source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Letters, with the signs on them, that no typeface of the design has.

    U+FFFD is told as a fault of encoding.
    """
    people = (person.name for person in record.contributors)
    front = (record.title, record.subtitle, record.summary, record.publisher, record.rights)
    text = "\n".join((text_of(body, leaving_out="math"), *front, *people))
    for cluster in sorted(set(_cluster().findall(text)) - {"\N{REPLACEMENT CHARACTER}"}):
        if covered(cluster) or unicodedata.category(cluster[0]).startswith("C"):
            continue
        named = ", ".join(f"U+{ord(c):04X} {unicodedata.name(c, 'unnamed')}" for c in cluster)
        forms = (cluster, *(unicodedata.normalize(form, cluster) for form in ("NFC", "NFD")))
        places = (offset for form in forms for offset in source_map.anywhere(form))
        yield source_map.diagnostic(
            next(places, None), "glyph-missing",
            f"no typeface of the design has the character {cluster} ({named})",
            "it will show as a box in print; use another character", "warning",
        )  # fmt: skip


@functools.cache
def _cluster() -> re.Pattern[str]:
    """A character with the signs that stand on it."""
    points = map(chr, range(0x300, 0x20000))
    signs = "".join(point for point in points if unicodedata.category(point) in ("Mn", "Me"))
    return re.compile(f"\\S[{signs}]*")


def _unknown_targets(
    unknown: tuple[UnknownTarget, ...], source_map: SourceMap
) -> Iterator[Diagnostic]:
    seen: dict[str, list[int]] = {}
    for target in unknown:
        if target.key not in seen:
            cited = [] if target.link else list(source_map.citations(target.key))
            seen[target.key] = cited or list(source_map.anywhere(target.key))
        offset = seen[target.key].pop(0) if seen[target.key] else None
        what = "link to" if target.link else "cross-reference to"
        kept = "; its words stay" if target.link else ""
        name = target.key.lstrip("#")
        yield source_map.diagnostic(
            offset, "crossref-unknown", f"the {what} {name!r} has no target{kept}",
            f"give a figure, table or section the identifier {{#{name}}}, or mend the reference",
            "warning" if target.link else "error",
        )  # fmt: skip
