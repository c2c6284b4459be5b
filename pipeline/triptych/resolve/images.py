"""Images: found in the source, checked for a kind that all formats carry, and sanitized."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from lxml import etree

from triptych.diagnostics import Diagnostic
from triptych.edition import Image
from triptych.read.paths import Refused
from triptych.read.source import Source
from triptych.resolve.alternative_texts import HINT, describe, told_captions
from triptych.resolve.drawings import NotTurned, turned
from triptych.resolve.figure_files import differs, find_figure
from triptych.resolve.inline_drawings import lift_drawings
from triptych.resolve.large_bitmaps import made_smaller, told_large
from triptych.resolve.source_map import SourceMap
from triptych.resolve.svg.drawn_words import drawn_words
from triptych.resolve.svg.links import LinkedBitmaps
from triptych.resolve.svg.mend import mend
from triptych.resolve.svg.sanitize import sanitize_svg
from triptych.resolve.svg.size import too_much_drawn
from triptych.tree import Element, has_class, make, replace_with

_SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)


def read_images(
    body: Element, source: Source, source_map: SourceMap
) -> tuple[tuple[Image, ...], tuple[Diagnostic, ...]]:
    """Read the images that `body` shows. Check their files and their alternative texts."""
    images: dict[str, Image] = {image.path: image for image in lift_drawings(body)}
    diagnostics: list[Diagnostic] = []
    large: list[tuple[str, int | None]] = []
    captioned: list[tuple[str, int | None]] = []
    drawn = list(source_map.anywhere("<svg"))
    places = {path: drawn[number : number + 1] for number, path in enumerate(images)}
    for element in list(body.iter("img", "embed")):
        path = element.get("src") or ""
        if path not in places:
            places[path] = list(_places(path, source_map))
        offset = places[path].pop(0) if places[path] else None
        described = element.attrib.pop("data-described", "")
        if element.tag == "embed":  # pandoc's word for a PDF and whatever it does not know
            element.tag = "img"
            element.set("alt", element.get("alt") or described)
        described_by = describe(element)
        if described_by == "caption":
            captioned.append((path, offset))
        elif described_by == "none":
            diagnostics.append(
                source_map.diagnostic(
                    offset, "figure-alt", f"the figure {path} has no alternative text", HINT
                )
            )
        if path in images:
            continue
        if re.match(r"[a-z][a-z0-9+.-]*:|//", path, re.I):
            diagnostics.append(
                source_map.diagnostic(
                    offset, "figure-missing", f"the figure {path} lies on the network",
                    "download it, and name the file beside the article",
                )
            )  # fmt: skip
            continue
        try:
            written, path = path, find_figure(source, path)
        except Refused as refused:
            diagnostics.append(
                source_map.diagnostic(
                    offset, refused.code, f"the figure {unquote(path)} {refused}", refused.hint
                )
            )
            continue
        if path and path != written:
            element.set("src", path)
        if path and differs(written, path):
            diagnostics.append(
                source_map.diagnostic(
                    offset, "figure-name", f"the figure {written} is taken to be {unquote(path)}",
                    "name the file as it is called", "warning",
                )
            )  # fmt: skip
        data = source.read(unquote(path)) if path else None
        if data is None:
            diagnostics.append(
                source_map.diagnostic(
                    offset, "figure-missing", f"the figure {written} does not exist",
                    "check its path; it is taken from the article's folder",
                )
            )  # fmt: skip
            continue
        if path in images:
            continue
        try:
            image, pixels, lost = _image(path, data, source)
        except NotTurned as problem:
            diagnostics.append(
                source_map.diagnostic(
                    offset, "figure-malformed", f"the figure {path} {problem}", problem.hint
                )
            )
            continue
        if pixels:
            diagnostics.append(
                source_map.diagnostic(
                    offset, "figure-pixels", f"the lines of {path} become pixels: {pixels}",
                    "install it, or give the figure as SVG", "warning",
                )
            )  # fmt: skip
        if lost:
            diagnostics.append(
                source_map.diagnostic(
                    offset, "figure-lost", f"the drawing {path} is shown without {_listed(lost)}",
                    "draw it without, or give the figure as PNG", "warning",
                )
            )  # fmt: skip
        images[path] = made_smaller(image, source.record.trim_size)
        if images[path].printed is not None:
            large.append((path, offset))
    diagnostics += told_large(large, source_map)
    diagnostics += told_captions(captioned, source_map)
    return tuple(images.values()), tuple(diagnostics)


def seat_images(body: Element, source: Source) -> None:
    """Rewrite the paths of images that a chapter names from its own folder."""
    for chapter in body.iter("section"):
        folder = chapter.attrib.pop("data-folder", "")
        for element in chapter.iter("img", "embed") if folder else ():
            written = element.get("src") or ""
            path = f"{folder}/{written}"
            if _is_there(source, path) or (
                not _is_there(source, written) and find_figure(source, path)
            ):
                element.set("src", path)


def _is_there(source: Source, path: str) -> bool:
    """Whether there is a figure of exactly this path, and it may be read."""
    try:
        return source.read(unquote(path)) is not None
    except Refused:
        return False


def _places(path: str, source_map: SourceMap) -> Iterator[int]:
    """Where an article names an image: in Markdown, in LaTeX, in HTML; then in a cell of code."""
    ways = (("](", ")"), ("](", " "), ("](<", ">"), ("{", "}"), ('src="', '"'), ("]: ", ""))
    for opening, closing in ways:
        found = source_map.anywhere(f"{opening}{path}{closing}")
        yield from (offset + len(opening) for offset in found)
    quoted = source_map.everywhere((f'"{path}"', f"'{path}'"))
    yield from (offset + 1 for offset in quoted if source_map.text[offset].isspace())


def show_missing(body: Element, images: tuple[Image, ...]) -> None:
    """Put an image's alternative text in the place of an image that is missing."""
    had = {image.path for image in images}
    for element in [e for e in body.iter("img") if e.get("src") not in had]:
        words = f"[{element.get('alt') or element.get('src') or ''}]"
        row = element.getparent()
        if row is not None and has_class(row, "side-by-side"):  # a cell, as the picture was one
            cell = make("div", make("p", words), class_="missing")
            cell.set("style", element.get("style") or "")
            replace_with(element, [cell])
        else:
            replace_with(element, [make("span", words, class_="missing")])


def coarse_images(
    images: tuple[Image, ...],
    widths: Iterable[tuple[str, float]],
    least: int,
    source_map: SourceMap,
) -> Iterator[Diagnostic]:
    """Pictures with fewer than `least` pixels to the inch. `widths`: as printed, in points."""
    import io

    from PIL import Image as Picture

    by_path = {image.path: image for image in images}
    widest: dict[str, float] = {}
    for path, width in widths:
        widest[path] = max(width, widest.get(path, 0.0))
    for path, width in widest.items():
        image = by_path[path].printed or by_path[path]
        if image.media_type == "image/svg+xml" or width <= 0:
            continue
        with Picture.open(io.BytesIO(image.data)) as picture:
            pixels = picture.width
        found = int(pixels / (width / 72))
        if found < least:
            offset = next(iter(source_map.anywhere(f"]({path}")), None)
            yield source_map.diagnostic(
                None if offset is None else offset + 2,
                "image-resolution",
                f"the picture {path} has {found} pixels to the inch as printed, not {least}",
                f"give one at least {int(width / 72 * least) + 1} pixels wide, or show it smaller",
                "warning",
            )


def _listed(phrases: tuple[str, ...]) -> str:
    return " and ".join(filter(None, (", ".join(phrases[:-1]), phrases[-1])))


def _image(path: str, data: bytes, source: Source) -> tuple[Image, str, tuple[str, ...]]:
    """The image, why lines became pixels if they did, and what a drawing lost.

    Raises NotTurned if it is no image.
    """
    digest = hashlib.sha256(data).hexdigest()
    done = turned(data)
    pixels = ""
    if done is not None:
        data, pixels = done.data, done.pixels
    for signature, media_type in _SIGNATURES:
        if data.startswith(signature):
            return Image(path, media_type, data, digest), pixels, ()
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Image(path, "image/webp", data, digest), "", ()
    if b"<svg" in data[:4096]:
        links = LinkedBitmaps(path, source)
        try:
            if why := too_much_drawn(data):
                raise NotTurned(f"asks for too much: {why}", "draw less, or give it as PNG")
            mended = mend(data, source.record.language, links.data_uri)
            drawn = sanitize_svg(mended.data, source.record.language)
        except etree.XMLSyntaxError as error:
            raise NotTurned(f"is not well-formed: {error.msg}") from None
        lost = tuple(dict.fromkeys((*mended.lost, *drawn.lost)))
        found, words = tuple(links.found), drawn_words(drawn.data)
        return Image(path, "image/svg+xml", drawn.data, digest, found, words=words), "", lost
    raise NotTurned("is not an image of a known kind")
