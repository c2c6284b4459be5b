"""Damages that leave the markup's text as it was, and change what a reader sees of it."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Sequence
from random import Random

from fontTools.ttLib import TTFont

from .damage_text import article, known_by, words
from .markup import Book, Element, MarkupWork, markup_damages, strands, text_of
from .mutant import Finished, Named, Told, told
from .words import shuffled

INLINE = {
    "white on white": "color:#fff;background:#fff",
    "transparent": "color:transparent",
    "opacity 0": "opacity:0",
    "display none": "display:none",
    "visibility hidden": "visibility:hidden",
    "font-size 0": "font-size:0",
    "tiny": "font-size:.1px",
    "off the screen": "position:absolute;left:-9999px",
    "clip-path": "display:inline-block;clip-path:inset(100%)",
    "scaled to nothing": "display:inline-block;transform:scale(0)",
    "no height": "display:inline-block;height:0;overflow:hidden",
    "content-visibility": "display:inline-block;content-visibility:hidden",
}
"""Ways to hide an element of any kind."""


def victim(book: Book, finished: Finished, rng: Random) -> tuple[Element, str, list[str]] | None:
    """An element to hide, the kinds that tell of its absence, and what it is known by."""
    chosen = rng.choice(("cluster", "entry", "note", "paragraph"))
    if chosen == "paragraph":
        for element in shuffled(article(book, "p"), rng):
            subject = [words(element), *known_by(element)]
            return element, "text-missing text-differs", subject
    found: dict[str, Sequence[Named]] = {
        "cluster": finished.ledger.clusters,
        "entry": finished.ledger.entries,
        "note": finished.ledger.notes,
    }
    # A work without paragraphs of its own has entries.
    chosen = chosen if chosen in found else "entry"
    kinds = {
        "cluster": "citation-missing citation-differs",
        "entry": "entry-missing entry-differs",
        "note": "note-missing note-differs",
    }
    for item in shuffled(found[chosen], rng):
        element_of = book.get(item.id)
        if element_of is not None:
            note = getattr(item, "note", "")
            more = " note-differs" if note else ""
            within = [c.id for c in finished.ledger.clusters if c.note == item.id]
            return element_of, kinds[chosen] + more, [item.id, *([note] if note else within)]
    return None


def everywhere(element: Element, css: str) -> None:
    """Declare it for an element and all within: links have a colour of their own."""
    for inner in element.iter("*"):
        inner.set("style", css)


def hide(way: str, css: str, by_rule: bool) -> MarkupWork:
    """A damage that hides an element by a declaration, in its attribute or in the style sheet."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        chosen = victim(book, finished, rng)
        if chosen is None:
            return None
        element, kinds, subject = chosen
        if by_rule:
            marked = f"m{rng.randrange(10**6)}"
            element.set("class", f"{element.get('class', '')} {marked}".strip())
            important = ";".join(f"{part} !important" for part in css.split(";"))
            book.rule(f".{marked},.{marked} *{{{important}}}")
        else:
            everywhere(element, css)
        return told(f"hidden {kinds}", subject, f"{way} over {subject[0]}")

    return work


def hidden_attribute(book: Book, finished: Finished, rng: Random) -> Told | None:
    chosen = victim(book, finished, rng)
    if chosen is None:
        return None
    element, kinds, subject = chosen
    element.set("hidden", "hidden")
    element.attrib.pop("style", None)
    # A style sheet's own `display` would outweigh the attribute.
    book.rule("[hidden]{display:none}")
    return told(f"hidden {kinds}", subject, f"hidden attribute on {subject[0]}")


def covered(book: Book, finished: Finished, rng: Random) -> Told | None:
    """A white box over the element, on top of it in paint though after it in the text."""
    chosen = victim(book, finished, rng)
    if chosen is None:
        return None
    element, kinds, subject = chosen
    tag = str(element.tag).replace(text_of_tag(element), "span")
    element.set("style", "position:relative;display:inline-block")
    box = element.makeelement(tag, {})
    box.set("style", "position:absolute;left:0;top:0;width:100%;height:100%;background:#fff")
    element.append(box)
    return told(f"hidden {kinds}", subject, f"white box over {subject[0]}")


def text_of_tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def generated(where: str, content: str) -> MarkupWork:
    """A damage that lets the style sheet print words before or after an element's own."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        chosen = victim(book, finished, rng)
        if chosen is None:
            return None
        element, kinds, subject = chosen
        marked = f"m{rng.randrange(10**6)}"
        element.set("class", f"{element.get('class', '')} {marked}".strip())
        book.rule(f'.{marked}::{where}{{content:"{content}"}}')
        kinds = kinds.replace("missing", "extra")
        what = [*subject, content.strip(" ,")]
        return told(f"disguised {kinds}", what, f"“{content}” {where} {subject[0]}")

    return work


def declared(css: str, seen_in: str) -> MarkupWork:
    """A damage that disguises text by a declaration; it shows where `seen_in` matches."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        for _ in range(20):
            chosen = victim(book, finished, rng)
            if chosen and re.search(seen_in, text_of(chosen[0])):
                element, own, subject = chosen
                everywhere(element, css)
                return told(f"disguised {own}", subject, f"{css} on {subject[0]}")
        return None

    return work


def turned_round(book: Book, finished: Finished, rng: Random) -> Told | None:
    """A number printed from right to left: 1998 is seen as 8991."""
    for cluster in shuffled(finished.ledger.clusters, rng):
        element = book.get(cluster.id)
        if element is None:
            continue
        for strand in strands(element):
            match = re.search(r"\d{2,}", strand.text)
            if match and match.group() != match.group()[::-1]:
                text = strand.text
                span = strand.element.makeelement(
                    str(element.tag).replace(text_of_tag(element), "span"), {}
                )
                span.set("style", "unicode-bidi:bidi-override;direction:rtl")
                span.text, span.tail = match.group(), text[match.end() :]
                strand.write(text[: match.start()])
                if strand.tail:
                    strand.element.addnext(span)
                    # lxml carries the tail along with what it follows.
                    strand.element.tail = text[: match.start()]
                    span.tail = text[match.end() :]
                else:
                    strand.element.insert(0, span)
                kinds = "disguised citation-differs" + (" note-differs" if cluster.note else "")
                subject = [cluster.id, *([cluster.note] if cluster.note else [])]
                return told(kinds, subject, f"{match.group()} turned round in {cluster.id}")
    return None


def entries_upside_down(book: Book, finished: Finished, _: Random) -> Told | None:
    book.rule(".entries{display:flex !important;flex-direction:column-reverse !important}")
    ids = [entry.id for entry in finished.ledger.entries]
    return told("disguised entry-moved entry-differs", ids, "the bibliography from last to first")


def note_numbers_gone(book: Book, finished: Finished, _: Random) -> Told | None:
    if not book.all("ol", "notes"):
        return None
    book.rule("ol.notes{list-style:none !important}")
    ids = [note.id for note in finished.ledger.notes]
    return told("note-mark hidden disguised", ids, "the list of notes loses its numbers")


def note_numbers_shifted(book: Book, finished: Finished, _: Random) -> Told | None:
    if not book.all("ol", "notes"):
        return None
    book.rule("ol.notes > li:first-child{counter-increment:list-item 5 !important}")
    ids = [note.id for note in finished.ledger.notes]
    return told("note-mark hidden disguised", ids, "the style sheet numbers the notes from 5")


def swapped_font(data: bytes, one: str, other: str) -> bytes | None:
    """The font with the glyphs of two characters exchanged; None where it lacks them."""
    font = TTFont(io.BytesIO(data))
    # Tables that are alike share one map.
    maps = {id(table.cmap): table.cmap for table in font["cmap"].tables}
    with_both = [at for at in maps.values() if ord(one) in at and ord(other) in at]
    for at in with_both:
        at[ord(one)], at[ord(other)] = at[ord(other)], at[ord(one)]
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return out.getvalue() if with_both else None


def glyphs_swapped(book: Book, finished: Finished, rng: Random) -> Told | None:
    """Two digits exchanged in the font files of the regular text face."""
    one, other = rng.sample("12345678", 2)
    done = 0
    if book.format == "epub":
        for path in [path for path in book.others if re.search("serif-4-latin-400-normal", path)]:
            swapped = swapped_font(book.others[path], one, other)
            book.others[path] = swapped or book.others[path]
            done += swapped is not None
    else:
        style = next(s for root in book.trees.values() for s in root.iter("style"))
        for face in re.findall(r"@font-face ?\{[^}]*\}", style.text or ""):
            font = re.search(r"base64,([A-Za-z0-9+/=]+)", face)
            regular = re.search(r"font-weight: ?400;\s*font-style: ?normal", face)
            if not font or not regular or "Source Serif" not in face:
                continue
            swapped = swapped_font(base64.b64decode(font[1]), one, other)
            if swapped:
                text = base64.b64encode(swapped).decode()
                style.text = (style.text or "").replace(font[1], text)
                done += 1
    if not done:
        return None
    holding = finished.holding(one + other)
    kinds = "disguised citation-differs entry-differs text-differs"
    return told(kinds, [*holding, "source-serif-4", "Source Serif 4"], f"{one} shown as {other}")


def style_sheet_lost(book: Book, finished: Finished, rng: Random) -> Told | None:
    """A whole class hidden by one rule, as a careless style sheet does."""
    clusters = [cluster.id for cluster in finished.ledger.clusters]
    entries = [entry.id for entry in finished.ledger.entries]
    css_class, ids, kinds = rng.choice(
        [
            ("cluster", clusters, "citation-missing citation-differs"),
            ("entry", entries, "entry-missing entry-differs"),
        ]
    )
    book.rule(f".{css_class}{{display:none !important}}")
    return told(f"hidden {kinds}", ids, f".{css_class} {{ display: none }}")


def by_sheet(rules: str, way: str) -> MarkupWork:
    """A damage that hides an element by `rules`, in which `X` stands for what selects it."""

    def work(book: Book, finished: Finished, rng: Random) -> Told | None:
        chosen = victim(book, finished, rng)
        if chosen is None:
            return None
        element, kinds, subject = chosen
        marked = f"m{rng.randrange(10**6)}"
        element.set("class", f"{element.get('class', '')} {marked}".strip())
        book.rule(rules.replace("X", f".{marked}"))
        return told(
            f"hidden disguised text-moved entry-moved note-moved {kinds}",
            subject,
            f"{way}: {subject[0]}",
        )

    return work


BY_SHEET = {
    "on screens of a middle width": (
        "@media(min-width:600px){X{display:none}}@media(min-width:1200px){X{display:inline}}"
    ),
    "something drawn over it": (
        "X{position:relative}X::after{content:'';position:absolute;inset:0;background:#777}"
    ),
    "out of the flow": "X{position:absolute;top:0}",
    "faded away": "@keyframes gone{to{opacity:0}}X{animation:gone 1ms forwards}",
    "lines on each other": "X{display:block;line-height:0;height:1px}",
}
"""Ways to hide an element that take more than a declaration."""


WORKS: dict[str, MarkupWork] = {
    **{f"hidden: {way}": hide(way, css, False) for way, css in INLINE.items()},
    **{f"hidden by a rule: {way}": hide(way, css, True) for way, css in INLINE.items()},
    **{f"hidden by a rule: {way}": by_sheet(rules, way) for way, rules in BY_SHEET.items()},
    "hidden: attribute": hidden_attribute,
    "hidden: covered by a box": covered,
    "hidden by a rule: a whole class": style_sheet_lost,
    "disguised: word before": generated("before", "contrary to report "),
    "disguised: year after": generated("after", ", 1947"),
    "disguised: capitals": declared("text-transform:uppercase", "[a-z]"),
    "disguised: first letters": declared("text-transform:capitalize", r"(?<![\w’'])[a-z]"),
    "disguised: text turned round": declared(
        "unicode-bidi:bidi-override;direction:rtl", "[a-z]{3}"
    ),
    "disguised: number turned round": turned_round,
    "disguised: entries upside down": entries_upside_down,
    "disguised: digits swapped in the font": glyphs_swapped,
}

WEB_ONLY: dict[str, MarkupWork] = {
    "disguised: note numbers gone": note_numbers_gone,
    "disguised: note numbers shifted": note_numbers_shifted,
}
"""Only the web edition lets the style sheet number the notes."""

DAMAGES = (*markup_damages(WORKS), *markup_damages(WEB_ONLY, ("html",)))
