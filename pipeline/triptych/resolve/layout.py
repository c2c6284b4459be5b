"""Layout: the width of pictures, their alignment, and rows of pictures side by side.

In: the resolved tree with its images; rows are divisions of class `side-by-side`. Out: the same,
with sizes as styles that HTML, EPUB and the typesetter all understand.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence

from lxml import etree

from triptych.edition import Image
from triptych.tree import Element, has_class, with_class

_GAP = 4.0
"""The gap between the cells of a row, in % of its width, as in `content.css`."""
_FULL = 85.0
"""In % of a row. Cells that fill less than this keep their widths, with space between them."""
_MEASURE = 600.0
"""In pixels: about the width of the text on a screen."""
_STACKS_BELOW = 30.0
"""In em. On a screen, a row narrower than this shows its cells one below the other."""
_LENGTH = re.compile(r"(-?\d*\.?\d+)(%|px|in|cm|mm|pt|em|ex)?$")
_ALIGNED = ("left", "center", "right")


def write_sizes(body: Element, images: Sequence[Image]) -> None:
    """Write the sizes of pictures and the widths of rows' cells as styles."""
    heights = {image.path: height_to_width(image) for image in images}
    widths = {image.path: own_width(image) for image in images}
    for picture in body.iter("img"):
        _size(picture)
    for element in body.iter("figure", "img"):
        _align(element)
    for row in with_class(body, "side-by-side"):
        _seat(row, heights, widths)


# --- Pictures ------------------------------------------------------------------------------------


def _size(picture: Element) -> None:
    """Width and height as styles; a picture with one of them keeps its proportions."""
    styles = _styles(picture)
    for name in ("width", "height"):
        value = _LENGTH.match(styles.get(name) or picture.get(name) or "")
        picture.attrib.pop(name, None)
        styles.pop(name, None)
        if value:
            styles[name] = f"{value[1]}{value[2] or 'px'}"
    if "height" in styles:
        if styles["height"].endswith("%"):  # a share of an unknown height
            del styles["height"]
        else:
            styles.setdefault("width", "auto")
    _write(picture, styles)


def _align(element: Element) -> None:
    """Align a figure to the side that it, or its picture, asks for."""
    asked = element.attrib.pop("data-fig-align", "")
    figure = next((e for e in (element, *element.iterancestors()) if e.tag == "figure"), None)
    if asked in _ALIGNED and figure is not None:
        figure.set("class", f"{figure.get('class', '')} align-{asked}".strip())


def own_width(image: Image) -> float:
    """How wide an image is by itself, in px; 0 for a drawing that does not say."""
    if image.media_type != "image/svg+xml":
        from PIL import Image as Picture

        with Picture.open(io.BytesIO(image.data)) as picture:
            return float(picture.width)
    told = _LENGTH.match(etree.fromstring(image.data).get("width") or "")
    return float(told[1]) if told and told[2] in (None, "px") else 0.0


def height_to_width(image: Image) -> float:
    """An image's height divided by its width; 0 where they are not known."""
    if image.media_type != "image/svg+xml":
        from PIL import Image as Picture

        with Picture.open(io.BytesIO(image.data)) as picture:
            return picture.height / picture.width
    root = etree.fromstring(image.data)
    box = [float(number) for number in re.findall(r"-?[\d.]+", root.get("viewBox") or "")]
    width, height = (_LENGTH.match(root.get(name) or "") for name in ("width", "height"))
    if len(box) == 4 and box[2] > 0:
        return box[3] / box[2]
    if width and height and width[2] == height[2] and float(width[1]) > 0:
        return float(height[1]) / float(width[1])
    return 0.0


# --- Rows ----------------------------------------------------------------------------------------


def _seat(row: Element, heights: Mapping[str, float], widths: Mapping[str, float]) -> None:
    """Give each cell its width. Move lower pictures down, so that all captions begin level."""
    told = [
        match for match in map(_LENGTH.match, row.attrib.pop("data-shares", "").split()) if match
    ]
    shares = [(float(match[1]), match[2] or "") for match in told]
    if sum(share > 0 for share, _ in shares) != len(row):
        shares = [(1.0, "")] * len(row)
    if any(unit not in ("", "%") for _, unit in shares):
        for cell, (share, unit) in zip(row, shares, strict=True):
            _write(
                cell, {**_styles(cell), "width": f"{share:g}{unit or 'px'}", "max-width": "100%"}
            )
        return
    cells = _cells(shares)
    high = [_height(cell, heights) * width for cell, (_, width) in zip(row, cells, strict=True)]
    full = sum(gap + width for gap, width in cells) + _GAP * (len(cells) - 1) > 99
    if not full and all(share > 0 for share, _ in shares):
        row.set("style", "justify-content: space-evenly")
    for cell, (gap, width), tall in zip(row, cells, high, strict=True):
        own = widths.get(cell.get("src", ""), 0.0) if not shares[0][1] else 0.0
        if 0 < own < width / 100 * _MEASURE:  # a small image is not enlarged
            _write(cell, {**_styles(cell), "width": f"{own:g}px", "max-width": f"{width:.2f}%"})
            continue
        styles = {**_styles(cell), "width": f"{width:.2f}%"}
        styles["min-width"] = f"min({width * _STACKS_BELOW / 100:.1f}em, 100%)"
        if full:
            styles["flex-grow"] = "1"
        if gap:
            styles["margin-inline-start"] = f"{gap:.2f}%"
        if all(high) and max(high) - tall > 0.05:
            styles["padding-top"] = f"{max(high) - tall:.2f}%"
        _write(cell, styles)


def _cells(shares: Sequence[tuple[float, str]]) -> list[tuple[float, float]]:
    """For each cell the gap that the author leaves before it, and its width, in % of the row."""
    room = 100 - _GAP * (len(shares) - 1) - 0.01 * len(shares)
    whole = sum(abs(share) for share, _ in shares)
    scale = room / whole if not shares[0][1] or whole > _FULL else 1.0
    cells: list[tuple[float, float]] = []
    gap = 0.0
    for share, _ in shares:
        if share < 0:
            gap += _GAP - share * scale
        else:
            cells.append((gap, share * scale))
            gap = 0.0
    return cells


def _height(cell: Element, heights: Mapping[str, float]) -> float:
    """The height of a cell's first picture as a share of the cell's width; 0 without a picture."""
    figure = cell if cell.tag == "figure" else next(iter(cell), None)
    picture = cell if cell.tag == "img" else next(cell.iter("img"), None)
    if figure is None or picture is None or has_class(figure, "side-by-side"):
        return 0.0
    if figure.tag == "figure" and figure.find("figcaption") is not None:
        first = next((e for e in figure.iter() if e.tag in ("img", "figcaption")), None)
        if first is not picture:
            return 0.0
    styles = _styles(picture)
    width = _LENGTH.match(styles.get("width", "100%"))
    if width is None or width[2] != "%" or "height" in styles:
        return 0.0
    return heights.get(picture.get("src", ""), 0.0) * min(float(width[1]), 100) / 100


def _styles(element: Element) -> dict[str, str]:
    pairs = (part.partition(":") for part in (element.get("style") or "").split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs if value.strip()}


def _write(element: Element, styles: Mapping[str, str]) -> None:
    if styles:
        element.set("style", "; ".join(f"{name}: {value}" for name, value in styles.items()))
    else:
        element.attrib.pop("style", None)
