"""Normalising MathML: what pandoc wrote, in a form that browsers and our drawing both understand.

In: a `math` element and the TeX it came from. Out: the same element in MathML Core. Styled letters
are characters of their own, and limits, accents and tables are as TeX would set them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from lxml import etree

from triptych.mathematics.colours import Rgb
from triptych.mathematics.layout import draw
from triptych.mathematics.limits import place_limits
from triptych.mathematics.operators import local
from triptych.mathematics.placeholders import drop_rows_of_lines, put_marks
from triptych.tree import Element, unwrap

MATHML = "http://www.w3.org/1998/Math/MathML"
_M = f"{{{MATHML}}}"


def tidy(math: Element, tex: str, defined: Mapping[str, Rgb]) -> tuple[str, ...]:
    """Normalise a formula, except for its white space.

    `defined` are the colours that the work defines. Returns what no edition can show.
    """
    for old in list(math.iter(f"{_M}semantics")):
        for annotation in old.findall(f"{_M}annotation"):
            old.remove(annotation)
        unwrap(old)
    if math.get("display") == "inline":
        del math.attrib["display"]
    unknown = put_marks(math, defined)
    _strip(math)
    drop_rows_of_lines(math)
    _blank_phantoms(math)
    _name_letters(math, tex)
    _join_thousands(math, tex)
    _accent(math)
    _align(math)
    place_limits(math, tex=bool(tex))
    return unknown


def mathml(name: str, text: str = "", **attributes: str) -> Element:
    """A new element of MathML."""
    element = etree.Element(f"{_M}{name}", attributes)
    element.text = text or None
    return element


def _strip(math: Element) -> None:
    """Drop white space between elements, and rows of a single element: they mean nothing."""
    for element in list(math.iter(etree.Element)):
        if len(element):
            element.text = None
        element.tail = element.tail if element is math else None
        if not len(element) and element.text:
            element.text = " ".join(element.text.split()) or (
                "\N{NO-BREAK SPACE}" if local(element) == "mtext" else ""
            )
        if local(element) == "mi" and not element.text and element is not math:
            element.tag = f"{_M}mrow"
            element.attrib.clear()
    _drop_lone_rows(math)


def _drop_lone_rows(math: Element) -> None:
    for row in list(math.iter(f"{_M}mrow")):
        parent = row.getparent()
        if parent is not None and not row.attrib and len(row) == 1:
            parent.replace(row, row[0])


def _blank_phantoms(math: Element) -> None:
    """Replace phantoms by white space of the same size, so that no letter is invisible."""
    for phantom in list(math.iter(f"{_M}mphantom")):
        parent = phantom.getparent()
        assert parent is not None
        inside = mathml("math")
        inside.extend(list(phantom))
        drawing = draw(etree.tostring(inside, encoding="unicode"))
        sizes = {"width": drawing.width, "height": drawing.ascent, "depth": drawing.descent}
        blank = mathml("mspace", **{name: f"{size:.3f}em" for name, size in sizes.items()})
        parent.replace(phantom, blank)


_BOLD_ITALIC = re.compile(r"\\(?:boldsymbol|bm|pmb|mathbfit)(?![A-Za-z])")


def _name_letters(math: Element, tex: str) -> None:
    r"""Turn styled letters into characters of their own, and italic ones into plain letters.

    MathML Core has `mathvariant` for upright letters only. Pandoc 3.9 makes `\mathbf{v}` a bold
    italic letter; in TeX it is upright.
    """
    upright = not _BOLD_ITALIC.search(tex)
    for element in list(math.iter(*(f"{_M}{name}" for name in ("mi", "mn", "mo", "mtext")))):
        variant = element.attrib.pop("mathvariant", "")
        text = element.text or ""
        if variant == "bold-italic" and upright:
            text = "".join(map(_upright_bold, text))
        elif variant in _STYLED and text.isascii():
            text = "".join(_styled(letter, variant) for letter in text)
        plain = "".join(_plain_italic(letter) for letter in text)
        if plain != text and local(element) == "mi":
            _split(element, plain)
            continue
        if plain != text:
            text = plain
            element.set("style", "font-style: italic")
        element.text = text
        if local(element) == "mo":
            element.text = _MEANT.get(text, text)
        if local(element) == "mi" and len(text) == 1 and variant == "normal":
            element.set("mathvariant", "normal")
    for row in list(math.iter(f"{_M}mrow")):
        _join_upright(row)


_MEANT = {"-": "\N{MINUS SIGN}", "\\": "\N{REVERSE SOLIDUS OPERATOR}"}


def _split(element: Element, letters: str) -> None:
    """Put several italic letters into elements of one letter each, which are shown in italics."""
    if len(letters) == 1:
        element.text = letters
        return
    row = mathml("mrow")
    row.extend([mathml("mi", letter) for letter in letters])
    parent = element.getparent()
    assert parent is not None
    parent.replace(element, row)


def _join_upright(row: Element) -> None:
    r"""Join neighbouring upright letters, as of `\mathrm{def}`, into one word."""
    for element in list(row):
        before = element.getprevious()
        if (
            before is not None
            and all(
                local(e) == "mi" and e.get("mathvariant") == "normal" for e in (before, element)
            )
            and all(
                (e.text or "").isalpha() and (e.text or "").isascii() for e in (before, element)
            )
        ):
            element.text = (before.text or "") + (element.text or "")
            row.remove(before)
    for element in row:
        if local(element) == "mi" and len(element.text or "") > 1:
            element.attrib.pop("mathvariant", None)
    parent = row.getparent()
    if parent is not None and len(row) == 1 and not row.attrib:
        parent.replace(row, row[0])


_STYLED = {
    "bold": "MATHEMATICAL BOLD", "double-struck": "MATHEMATICAL DOUBLE-STRUCK",
    "script": "MATHEMATICAL SCRIPT", "fraktur": "MATHEMATICAL FRAKTUR",
    "sans-serif": "MATHEMATICAL SANS-SERIF", "monospace": "MATHEMATICAL MONOSPACE",
    "italic": "MATHEMATICAL ITALIC", "bold-italic": "MATHEMATICAL BOLD ITALIC",
}  # fmt: skip


def _styled(letter: str, variant: str) -> str:
    if not letter.isalnum():
        return letter
    case = "DIGIT" if letter.isdigit() else "SMALL" if letter.islower() else "CAPITAL"
    name = unicodedata.name(letter).rpartition(" ")[2]
    try:
        return unicodedata.lookup(f"{_STYLED[variant]} {case} {name}")
    except KeyError:
        return letter


def _upright_bold(letter: str) -> str:
    try:
        name = unicodedata.name(letter).replace("BOLD ITALIC", "BOLD")
        return unicodedata.lookup(name)
    except (KeyError, ValueError):
        return letter


def _plain_italic(letter: str) -> str:
    """The plain letter of a mathematical italic one."""
    if letter == "ℎ":
        return "h"
    if unicodedata.name(letter, "").startswith("MATHEMATICAL ITALIC"):
        return unicodedata.normalize("NFKC", letter)
    return letter


def _join_thousands(math: Element, tex: str) -> None:
    """`1{,}000` is one number."""
    if "{,}" not in tex:
        return
    for comma in list(math.iter(f"{_M}mo")):
        before, after = comma.getprevious(), comma.getnext()
        if comma.text != "," or before is None or after is None:
            continue
        if local(before) == local(after) == "mn":
            before.text = f"{before.text},{after.text}"
            for element in (comma, after):
                parent = element.getparent()
                assert parent is not None
                parent.remove(element)
    _drop_lone_rows(math)


_SPACING = dict(
    zip(
        "\u0302\u0303\u0304\u0307\u0308\u030a\u0301\u0300\u030c\u0306\u20d7",
        "ˆ˜¯˙¨˚´`ˇ˘→",
        strict=True,
    )
)
_OVERLINE = "\N{OVERLINE}"


def _accent(math: Element) -> None:
    """Make accents characters with a width. Only those over more than one letter are widened."""
    for over in math.iter(f"{_M}mover", f"{_M}munder"):
        if len(over) != 2 or local(over[1]) != "mo":
            continue
        base, mark = over[0], over[1]
        single = local(base) in ("mi", "mn", "mo") and len(base.text or "") == 1
        text = mark.text or ""
        if mark.get("accent") == "true" and local(over) == "mover":
            over.set("accent", "true")
        if text in ("¯", "\u0304", "\u0305") and not single:
            mark.text = _OVERLINE
        elif text in ("_", "\u0332"):
            mark.text = "_"
        elif single and text in _SPACING:
            mark.text = _SPACING[text]
        if single and mark.text in _SPACING.values():
            mark.set("stretchy", "false")
        elif not single:
            mark.set("stretchy", "true")


def _align(math: Element) -> None:
    """Write each cell's alignment and lines as styles, and show aligned lines in display size."""
    for table in math.iter(f"{_M}mtable"):
        cells = [cell for row in table for cell in row]
        lines = any("padding-right: 0" in (cell.get("style") or "") for cell in cells)
        lines = lines or (table.getparent() is math and all(len(row) == 1 for row in table))
        if lines:
            table.set("displaystyle", "true")
            table.set("rowspacing", "0.6em")
        for row in table:
            for n, cell in enumerate(row):
                side = cell.get("columnalign", "center")
                style = cell.get("style") or ""
                joined = "padding-right: 0" in style or (lines and n % 2 == 0 and side == "right")
                ruled = dict(part.split(":") for part in cell.get("lines", "").split())
                cell.attrib.clear()
                cell.set("columnalign", side)
                edges = ["0.25em", "0.4em", "0.25em", "0.4em"]
                if n == 0 and "left" not in ruled:
                    edges[3] = "0"
                if (n == len(row) - 1 and "right" not in ruled) or joined:
                    edges[1] = "0"
                if n and lines and row[n - 1].get("columnalign") == "right" and side == "left":
                    edges[3] = "0"
                borders = (
                    f"; border-{edge}: {_RULES[kind]} {kind}"
                    for edge, kind in sorted(ruled.items())
                )
                cell.set("style", f"padding: {' '.join(edges)}{''.join(borders)}")


_RULES = {"solid": "0.06em", "dashed": "0.06em", "double": "0.18em"}
"""The width of a line between cells, by its kind."""
