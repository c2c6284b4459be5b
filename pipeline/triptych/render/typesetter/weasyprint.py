"""The way into this room: XHTML and CSS in, a PDF out, set in the typefaces of the design only."""

from __future__ import annotations

import base64
import functools
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triptych.direction import from_right
from triptych.render.box_face import BOX_FAMILY, box_face, letters_without_face
from triptych.render.formulas import MATH, without_formulas
from triptych.render.typesetter.directions import set_directions
from triptych.render.typesetter.engine import ALONE, design_fonts, load, srgb_profile
from triptych.render.typesetter.misfits import Misfits
from triptych.render.typesetter.wide_tables import Misfit
from triptych.typefaces import MATH_FAMILY, Face, faces_for, font_rules, math_face
from triptych.used_text import text_in_drawing, used_text_in

__all__ = ["Typeset", "load", "srgb_profile", "typeset"]


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF, and of each page the lines of the text in `main`, in order, without the notes.

    `images` are the elements with an attribute `data-image`: its value, and its width in points.
    `places` tells the number of the page on which each id stands. `misfits` are the tables that had
    to be set smaller or turned. `times_set` tells how often each page was set until all fitted.
    """

    pdf: bytes
    pages: tuple[tuple[str, ...], ...]
    places: Mapping[str, str]
    images: tuple[tuple[str, float], ...] = ()
    misfits: tuple[Misfit, ...] = ()
    times_set: tuple[int, ...] = ()


def typeset(
    page: str, css: str, described: Mapping[str, str] | None = None,
    index: Callable[[Mapping[str, str]], str] | None = None,
) -> Typeset:  # fmt: skip
    """Lay out an XHTML page.

    Where `described` is given, the PDF is tagged as PDF/UA-1, and a link to one of its keys, an id
    of the page, is described by its value. `index` makes the content of the element with the id
    `indexes`, the last of the page, once the page of each id is known.

    Raises MachineError where WeasyPrint cannot be loaded or a mend does not fit it.
    """
    load()
    import cssselect2
    import weasyprint

    from triptych.render.typesetter.fetcher import PageFetcher
    from triptych.render.typesetter.laid_out import images_of, lines_of, places_of
    from triptych.render.typesetter.mends import mended

    with ALONE, mended() as finish, tempfile.TemporaryDirectory(prefix="triptych-") as folder:
        fonts = design_fonts(Path(folder))
        # Our own tree, not a reparsed one: a note of several blocks may stand inside a paragraph.
        root = ET.fromstring(page)
        text = used_text_in(without_formulas(page), root.get("lang", "")).joined_by(_drawn(root))
        if any(map(from_right, text.texts.values())):
            set_directions(root)
        used = faces_for(text, whole=True)
        formulas = _math_rule(root)
        mathematics = (math_face(),) if formulas else ()  # a deposited design may lack it
        fetcher = PageFetcher(path.as_uri() for path in (*(f.path for f in used), *mathematics))
        document = weasyprint.HTML(string="<p>", base_url="about:blank", url_fetcher=fetcher)
        document.wrapper_element = cssselect2.ElementWrapper.from_html_root(
            root, content_language=None
        )
        document.etree_element = document.wrapper_element.etree_element
        variant: dict[str, Any] = {} if described is None else {"pdf_variant": "pdf/ua-1"}
        rules = font_rules(used, text, lambda face: face.path.as_uri()) + formulas
        rules += _box_rule("".join(text.texts.values()), used)
        faces = weasyprint.CSS(
            string=rules,
            font_config=fonts, url_fetcher=fetcher,
        )  # fmt: skip
        sheet = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher)

        def lay_out() -> Any:
            return document.render(stylesheets=[sheet, faces], font_config=fonts, **variant)

        indexes: list[str] = []

        def fill_indexes(places: Mapping[str, str]) -> list[ET.Element]:
            """Put the indexes into their element; the element, if they are others than before."""
            if index is None or (made := index(places)) in indexes[-1:]:
                return []
            indexes.append(made)
            element = next(e for e in root.iter() if e.get("id") == "indexes")
            element[:] = list(ET.fromstring(f"<div>{made}</div>"))
            return [element]

        misfits = document.misfits = Misfits(root)
        document.fill_indexes = fill_indexes
        document.times_set = Counter[int]()
        laid_out = lay_out()
        for _ in range(_FITTINGS):
            if not misfits.on([page._page_box for page in laid_out.pages]):
                break
            laid_out = lay_out()
        if fill_indexes(places_of(laid_out)):
            laid_out = lay_out()
        if described is not None:
            variant["finisher"] = functools.partial(finish, page=root, described=described)
        pdf = laid_out.write_pdf(**variant)
        pages = tuple(lines_of(laid_out, root))
        images = tuple(images_of(laid_out))
        places = places_of(laid_out)
    assert isinstance(pdf, bytes)
    times_set = tuple(document.times_set[number] for number in range(1, len(pages) + 1))
    return Typeset(pdf, pages, places, images, misfits.tables, times_set)


def _drawn(root: ET.Element) -> str:
    """What is written in the drawings of a page, which is set in its typefaces too."""
    addresses = (image.get("src", "").partition(",") for image in root.iter("img"))
    drawings = (base64.b64decode(data) for kind, _, data in addresses if kind == _DRAWING)
    return "".join(map(text_in_drawing, drawings))


_DRAWING = "data:image/svg+xml;base64"


def _math_rule(root: ET.Element) -> str:
    """The rule that loads the typeface for mathematics, where there are formulas."""
    if root.find(f".//{MATH}") is None:
        return ""
    return f'@font-face{{font-family:"{MATH_FAMILY}";src:url("{math_face().as_uri()}")}}'


def _box_rule(text: str, used: Iterable[Face]) -> str:
    """The rule that loads boxes for the letters that no typeface has, where there are any.

    It need not be named where letters are set: Pango takes from any font what the named ones lack.
    """
    letters = letters_without_face(text, used)
    if not letters:
        return ""
    data = base64.b64encode(box_face(letters)).decode()
    return f'@font-face{{font-family:"{BOX_FAMILY}";src:url("data:font/ttf;base64,{data}")}}'


_FITTINGS = 5
"""How often all pages are laid out anew for what could not be mended while they were made."""
