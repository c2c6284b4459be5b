"""WeasyPrint, called in one place: XHTML and CSS in, PDF out, with the design's fonts only.

What its tags leave short of PDF/UA-1 is mended in `tagging`.
"""

from __future__ import annotations

import functools
import os
import sys
import tempfile
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from triptych.design import styles_folder
from triptych.diagnostics import MachineError
from triptych.render.formulas import MATH, without_formulas
from triptych.render.typesetter.figure_rows import take_apart
from triptych.render.typesetter.footnotes import notes_kept
from triptych.render.typesetter.formulas import drawn_formulas
from triptych.render.typesetter.justification import justified
from triptych.render.typesetter.tagging import mend_tags, tagging
from triptych.render.typesetter.to_unicode import legible
from triptych.render.typesetter.trailing_space import rightward
from triptych.render.typesetter.wide_tables import Misfit, fit_tables
from triptych.typefaces import MATH_FAMILY, faces_for, font_rules, math_face
from triptych.used_text import used_text_in

_NO_SYSTEM_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig></fontconfig>
"""


def load() -> None:
    """Import WeasyPrint, with the system's fonts out of its sight; takes about half a second.

    Raises MachineError where the libraries it stands on are missing, or cannot be told of a folder.
    """
    _check_names()
    try:
        with _no_system_fonts(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "No fonts configured")  # as we want it
            import weasyprint  # noqa: F401
    except OSError as error:
        raise MachineError(
            f"WeasyPrint cannot load Pango ({error}); on Debian and Ubuntu install it with\n"
            "    apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from None


def _check_names() -> None:
    """Fontconfig takes names of files in UTF-8 only, and breaks down where it finds no typeface."""
    named = f"{styles_folder()}{tempfile.gettempdir()}"
    if sys.getfilesystemencoding() != "utf-8" and not named.isascii():
        raise MachineError(
            f"the typesetter cannot be told of folders such as {named!a} while the names of "
            f"files are in {sys.getfilesystemencoding()}: set PYTHONUTF8=1"
        )


@contextmanager
def _no_system_fonts() -> Iterator[None]:
    """While it lasts, fontconfig knows no font: what is then made sees only the design's own."""
    name = "FONTCONFIG_FILE"
    before = os.environ.get(name)
    with tempfile.NamedTemporaryFile("w", suffix=".conf", encoding="utf-8") as file:
        file.write(_NO_SYSTEM_FONTS)
        file.flush()
        os.environ[name] = file.name
        try:
            yield
        finally:
            if before is None:
                del os.environ[name]
            else:
                os.environ[name] = before


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF, and of each page the lines of the text in `main`, in order, without the notes.

    `images` are the elements with an attribute `data-image`: its value, and its width in points;
    `places` tells the number of the page on which each id stands; `misfits` are the tables that had
    to be set smaller or turned.
    """

    pdf: bytes
    pages: tuple[tuple[str, ...], ...]
    places: Mapping[str, str]
    images: tuple[tuple[str, float], ...] = ()
    misfits: tuple[Misfit, ...] = ()


def typeset(
    page: str, css: str, described: Mapping[str, str] | None = None,
    index: Callable[[Mapping[str, str]], str] | None = None,
) -> Typeset:  # fmt: skip
    """Lay out an XHTML page.

    Where `described` is given, the PDF is tagged as PDF/UA-1, and a link to one of its keys, an
    id of the page, is described by its value. `index` makes what stands in the element of id
    `indexes`, the last of the page, once the page of each id is known.
    """
    load()
    import cssselect2
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher

    with tempfile.TemporaryDirectory(prefix="triptych-") as folder:
        with _no_system_fonts():
            fonts = FontConfiguration()
        fonts._folder = Path(folder)  # its own would stay behind in a forked process
        fetcher = URLFetcher(allowed_protocols=("data", "file"))
        document = weasyprint.HTML(string="<p>", base_url="about:blank", url_fetcher=fetcher)
        # Our own tree, not a reparsed one: a note of several blocks may stand inside a paragraph.
        root = ET.fromstring(page)
        document.wrapper_element = cssselect2.ElementWrapper.from_html_root(
            root, content_language=None
        )
        document.etree_element = document.wrapper_element.etree_element
        variant: dict[str, Any] = {} if described is None else {"pdf_variant": "pdf/ua-1"}
        text = used_text_in(without_formulas(page), root.get("lang", ""))
        used = faces_for(text, whole=True)
        faces = weasyprint.CSS(
            string=font_rules(used, text, lambda face: face.path.as_uri()) + _math_rule(root),
            font_config=fonts, url_fetcher=fetcher,
        )  # fmt: skip

        sheet = weasyprint.CSS(string=css, font_config=fonts, url_fetcher=fetcher)

        def lay_out() -> Any:
            with justified(), rightward(), notes_kept(), drawn_formulas():
                return document.render(stylesheets=[sheet, faces], font_config=fonts, **variant)

        misfits: dict[str, Misfit] = {}
        laid_out = lay_out()
        for _ in range(_FITTINGS):
            if not take_apart(laid_out, root):
                changed = fit_tables(laid_out)
                if not changed:
                    break
                misfits |= {misfit.begins: misfit for misfit in changed if misfit.begins}
            laid_out = lay_out()
        if index is not None:
            _fill(root, index(_places(laid_out)))
            laid_out = lay_out()
        if described is not None:
            variant["finisher"] = functools.partial(mend_tags, page=root, described=described)
        with tagging(), legible(), justified():
            pdf = laid_out.write_pdf(**variant)
        pages = tuple(_lines(laid_out, root))
        images = tuple(_images(laid_out))
        places = _places(laid_out)
    assert isinstance(pdf, bytes)
    return Typeset(pdf, pages, places, images, tuple(misfits.values()))


def _fill(root: ET.Element, indexes: str) -> None:
    """Put the indexes into their element."""
    element = next(e for e in root.iter() if e.get("id") == "indexes")
    element[:] = list(ET.fromstring(f"<div>{indexes}</div>"))


def _places(document: Any) -> dict[str, str]:
    """The number of the page on which each id stands."""
    places: dict[str, str] = {}
    for number, page in enumerate(document.pages, 1):
        for name in page.anchors:
            places.setdefault(name, str(number))
    return places


def _math_rule(root: ET.Element) -> str:
    """The rule that loads the typeface for mathematics, where there are formulas."""
    if root.find(f".//{MATH}") is None:
        return ""
    return f'@font-face{{font-family:"{MATH_FAMILY}";src:url("{math_face().as_uri()}")}}'


def _lines(document: Any, root: ET.Element) -> Iterator[tuple[str, ...]]:
    """The lines of each page, from WeasyPrint's boxes; a table's repeated head is left out."""
    main = root.find(".//main")
    inside = set() if main is None else set(main.iter())
    for note in [] if main is None else main.iter("note"):
        inside.difference_update(note.iter())
    repeated: set[ET.Element] = set()
    for page in document.pages:
        heads: set[ET.Element] = set()
        yield tuple(_lines_of(page._page_box, inside, repeated, heads))
        repeated |= heads


def _images(document: Any) -> Iterator[tuple[str, float]]:
    """The pictures that the pages show, with their widths in points."""
    for page in document.pages:
        for box in page._page_box.descendants():
            box = getattr(box, "_box", box)  # an absolute box stands behind a placeholder
            name = "" if box.element is None else box.element.get("data-image", "")
            if name and hasattr(box, "replacement"):
                yield name, box.width * 72 / 96


def _lines_of(
    box: Any, inside: set[ET.Element], repeated: set[ET.Element], heads: set[ET.Element]
) -> Iterator[str]:
    """The lines in a box; table heads met are added to `heads`, those `repeated` passed over."""
    from weasyprint.formatting_structure.boxes import TextBox

    box = getattr(box, "_box", box)  # an absolute box stands behind a placeholder
    tag = str(box.element_tag or "")
    if box.element in repeated or "::" in tag:
        return
    if tag == "thead":
        heads.add(box.element)
    if isinstance(box, TextBox):
        if box.element in inside:
            yield box.text
        return
    if tag == MATH:
        if box.element in inside:
            yield box.replacement.drawing.said
        return
    for child in getattr(box, "children", ()):
        yield from _lines_of(child, inside, repeated, heads)


_FITTINGS = 5
"""How often pages are laid out anew: taking rows apart, turning and setting smaller take steps."""
