"""WeasyPrint, called in one place: XHTML and CSS in, PDF out, with the design's fonts only.

What WeasyPrint leaves short of PDF/UA-1 is mended in `_mend_tags`, each with its clause.
"""

from __future__ import annotations

import functools
import os
import tempfile
import warnings
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from triptych.design import whole_faces
from triptych.diagnostics import MachineError

_NO_SYSTEM_FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig></fontconfig>
"""


def load() -> None:
    """Import WeasyPrint, with the system's fonts out of its sight; takes about half a second.

    Raises MachineError where the libraries it stands on are missing.
    """
    try:
        with _no_system_fonts(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", "No fonts configured")  # as we want it
            import weasyprint  # noqa: F401
    except OSError as error:
        raise MachineError(
            f"WeasyPrint cannot load Pango ({error}); on Debian and Ubuntu install it with\n"
            "    apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        ) from None


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


def typeset(page: str, css: str, described: Mapping[str, str] | None = None) -> bytes:
    """Lay out an XHTML page and return the PDF.

    Where `described` is given, the PDF is tagged as PDF/UA-1, and a link to one of its keys, an
    id of the page, is described by its value.
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
        rules = "".join(face.rule() for face in whole_faces())
        document = weasyprint.HTML(string="<p>", base_url="about:blank", url_fetcher=fetcher)
        # Our own tree, not a reparsed one: a note of several blocks may stand inside a paragraph.
        document.wrapper_element = cssselect2.ElementWrapper.from_html_root(
            ET.fromstring(page), content_language=None
        )
        document.etree_element = document.wrapper_element.etree_element
        variant: dict[str, Any] = {} if described is None else {"pdf_variant": "pdf/ua-1"}
        best = None
        for relaxed in _RELAXATIONS:
            sheet = weasyprint.CSS(
                string=rules + css + relaxed, font_config=fonts, url_fetcher=fetcher
            )
            pages = document.render(stylesheets=[sheet], font_config=fonts, **variant)
            astray = _astray_notes(pages)
            if best is None or astray < best[0]:
                best = (astray, pages)
            if not astray:
                break
        assert best is not None
        if described is not None:
            variant["finisher"] = functools.partial(_mend_tags, described=described)
        with _notes_tagged():
            pdf = best[1].write_pdf(**variant)
    assert isinstance(pdf, bytes)
    return pdf


_RELAXATIONS = ("", "body { orphans: 1 }", "body { orphans: 1; widows: 1 }")
"""Ever looser demands on page breaks. WeasyPrint 70 lets a note slip to the page after its mark
when it moves lines to keep orphans and widows; a note in its place matters more."""


def _astray_notes(document: Any) -> int:
    """How many notes stand on another page than their marks."""
    places: dict[str, int] = {}
    for number, page in enumerate(document.pages):
        for name in page.anchors:
            places.setdefault(name, number)
    return sum(
        1
        for name, number in places.items()
        if name.startswith("noteref-") and places.get(name.replace("ref", "", 1)) != number
    )


@contextmanager
def _notes_tagged() -> Iterator[None]:
    """While it lasts, WeasyPrint tags our own element `note` as what it is."""
    from weasyprint.pdf import tags

    original = tags._get_pdf_tag
    tags._get_pdf_tag = lambda tag: "Note" if tag == "note" else original(tag)
    try:
        yield
    finally:
        tags._get_pdf_tag = original


def _mend_tags(_document: Any, pdf: Any, described: Mapping[str, str]) -> None:
    """Mend WeasyPrint's structure tree where PDF/UA-1 asks for more."""
    import pydyf

    number = 0
    references = {item.reference for item in _of_type(pdf, "/OBJR")}
    for element in _of_type(pdf, "/StructElem"):
        if element.get("S") != "/Link" and any(kid in references for kid in element["K"]):
            # ISO 14289-1, 7.18.5: italics inside a link bring an annotation of their own.
            element["S"] = "/Link"
        if element.get("S") == "/Note":
            # ISO 14289-1, 7.9: each Note has an ID of its own.
            number += 1
            element["ID"] = pydyf.String(f"note-{number}")
    for annotation in _of_type(pdf, "/Annot"):
        # ISO 14289-1, 7.18.5: Contents tell where a link leads, in words.
        target = annotation.get("Dest")
        if target is not None and target.string in described:
            annotation["Contents"] = pydyf.String(described[target.string])


def _of_type(pdf: Any, name: str) -> list[Any]:
    """The dictionaries of one type in a PDF that WeasyPrint is about to write."""
    return [item for item in pdf.objects if isinstance(item, dict) and item.get("Type") == name]
