"""The appearance of an edition: the typefaces, scripts and letterforms that its files may show."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256
from html import unescape
from string import printable
from unicodedata import bidirectional, combining, normalize

from triptych.design import scripts
from triptych.edition import Edition
from triptych.manifest import Appearance
from triptych.render.box_face import box_face, letters_without_face
from triptych.render.formulas import signs_of_formulas, webfont, without_formulas
from triptych.render.letterforms import letterforms, math_letterforms
from triptych.terms import printed_date
from triptych.text import from_plain
from triptych.tree import parse_fragment, text_of
from triptych.typefaces import design_files, faces_for, math_file
from triptych.used_text import UsedText, text_in_drawing, used_text_in


def appearance_of(edition: Edition, with_print: bool) -> Appearance:
    """The typefaces and scripts an edition may carry and, `with_print`, its letters' shapes."""
    body = unescape(re.sub(r"<[^>]+>", "", without_formulas(edition.body)))
    drawn = "".join(
        text_in_drawing(image.data)
        for image in edition.images
        if image.media_type == "image/svg+xml"
    )
    body += drawn
    signs = signs_of_formulas(edition.body)
    told = json.dumps(asdict(edition.record), ensure_ascii=False, default=str)
    language = edition.record.language
    day = printed_date(edition.record.date, language)
    style = edition.style_title
    own = text_of(parse_fragment(edition.own_citation))
    printed = (term for name, term in edition.terms.items() if name != "accessibility")
    # Contents, lists and running heads say in plain letters what formulas in headings say.
    ledger = edition.ledger
    repeated = "".join((*ledger.headings, *(item.title for item in ledger.numbered)))
    more = "".join((told, repeated, day, style, own, *printed, printable, _SIGNS))
    used = used_text_in(without_formulas(edition.body), language)
    # Contents and running heads repeat passages of any language outside them.
    texts = {**used.texts, language: body + more}
    used = UsedText(texts, used.code, used.bold + more + drawn)
    faces = faces_for(used)
    embedded = {sha256(face.path.read_bytes()).hexdigest(): face.path.name for face in faces}
    for name, script in scripts():
        embedded[sha256(script.encode()).hexdigest()] = name
    if signs:
        embedded[sha256(webfont(signs)).hexdigest()] = math_file()
    shapes: Mapping[str, str] = {}
    families: Mapping[str, Mapping[str, str]] = {}
    if with_print:
        whole = faces_for(used, whole=True)
        faces += whole
        said = f"{body}{more}"  # title page, colophon and cover print what the record tells
        spelt = from_plain(said).letters
        said = f"{said}{spelt}{_composed(spelt)}-\N{HYPHEN}{_PAIRS}"
        forms = letterforms(whole, said, box_face(letters_without_face(said, whole)))
        shapes, families = _joined(forms.letters, math_letterforms(signs)), forms.faces
        if any(bidirectional(letter) in ("R", "AL") for letter in set(body)):
            shapes = _mirrored(shapes)
    design = {
        name: sha256(path.read_bytes()).hexdigest() for name, path in design_files(faces).items()
    }
    unused = {
        file for file, used in ((math_file(), signs), ("titles.css", ledger.title_text.letters))
        if not used
    }  # fmt: skip
    design = {name: sha for name, sha in design.items() if name.rpartition("/")[2] not in unused}
    return Appearance(embedded, shapes, design, families)


_SIGNS = "↑↩·…"
"""What the press prints besides words."""
_PAIRS = "()[]{}<>«»‹›"


def _composed(spelt: str) -> str:
    """The letters that a typesetter may make of letters with signs on them (both NFD)."""
    found: set[str] = set()
    letter = ""
    for sign in spelt:
        if not combining(sign):
            letter = sign
        elif letter:
            found.add(normalize("NFC", letter + sign))
    return normalize("NFC", spelt) + "".join(sorted(one for one in found if len(one) == 1))


def _joined(shapes: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Letterforms of both kinds."""
    return {
        letter: f"{shapes.get(letter, '')} {more.get(letter, '')}".strip()
        for letter in sorted({*shapes, *more})
    }


def _mirrored(shapes: Mapping[str, str]) -> dict[str, str]:
    """Brackets may be printed as each other: text from the right mirrors them (UAX #9, L4)."""
    turned = dict(zip(_PAIRS, (_PAIRS[index ^ 1] for index in range(len(_PAIRS))), strict=True))
    return {
        letter: f"{own} {shapes.get(turned.get(letter, ''), '')}".strip()
        for letter, own in shapes.items()
    }
