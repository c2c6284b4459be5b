"""Damages to the picture on the cover of an e-book, and pictures put where none belong."""

from __future__ import annotations

import base64
import copy
import io
from collections.abc import Callable
from random import Random

from lxml import etree
from PIL import Image, ImageOps

from .damage_front import CLASSES, lines_of
from .markup import open_book, pack, unpack
from .mutant import Damage, Finished, Format, Told, told

Members = dict[str, bytes]
Work = Callable[[Finished, Random], tuple[bytes, Told] | None]
KINDS = "picture-differs picture-missing picture-extra picture-alt hidden"


def cover_of(members: Members) -> tuple[str, etree._Element, etree._Element]:
    """The package's name and tree, and the item of the cover."""
    opf = next(name for name in members if name.endswith(".opf"))
    package = etree.fromstring(members[opf])
    items = package.iter("{*}item")
    return opf, package, next(i for i in items if "cover-image" in i.get("properties", ""))


def redrawn(draw: Callable[[Image.Image], Image.Image]) -> Work:
    """Another picture in the file of the cover."""

    def work(finished: Finished, _: Random) -> tuple[bytes, Told] | None:
        members = unpack(finished.epub)
        opf, _package, item = cover_of(members)
        name = item.get("href", "")
        path = f"{opf.rpartition('/')[0]}/{name}".lstrip("/")
        out = io.BytesIO()
        draw(Image.open(io.BytesIO(members[path])).convert("RGB")).save(out, "PNG")
        members[path] = out.getvalue()
        return pack(members), told(KINDS, [name], f"another picture in {name}")

    return work


def off_the_shelf(finished: Finished, _: Random) -> tuple[bytes, Told] | None:
    """The package no longer names the cover."""
    members = unpack(finished.epub)
    opf, package, item = cover_of(members)
    del item.attrib["properties"]
    members[opf] = etree.tostring(package, xml_declaration=True, encoding="utf-8")
    return pack(members), told(KINDS, [item.get("href", "")], "no cover for the shelf")


def another_on_the_shelf(finished: Finished, _: Random) -> tuple[bytes, Told] | None:
    """The package names another picture as the cover than the book opens with."""
    members = unpack(finished.epub)
    opf, package, item = cover_of(members)
    other = copy.deepcopy(item)
    del item.attrib["properties"]
    other.set("id", "shelf")
    other.set("href", "shelf.png")
    item.addnext(other)
    folder = opf.rpartition("/")[0]
    members[f"{folder}/shelf.png".lstrip("/")] = png()
    members[opf] = etree.tostring(package, xml_declaration=True, encoding="utf-8")
    return pack(members), told("picture-extra", ["a picture"], "another cover for the shelf")


def renamed(finished: Finished, _: Random) -> tuple[bytes, Told] | None:
    """Another alternative text on the page of the cover."""
    members = unpack(finished.epub)
    name = next(name for name in members if name.endswith("cover.xhtml"))
    page = etree.fromstring(members[name])
    image = next(page.iter("{*}img"))
    image.set("alt", "A cover")
    members[name] = etree.tostring(page, xml_declaration=True, encoding="utf-8")
    return pack(members), told(KINDS, ["A cover"], "another text for the cover")


def added(name: Format, part: str) -> Work:
    """A picture in the title page or in the colophon."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        book = open_book(finished, name)
        line = rng.choice([line for root in book.trees.values() for line in lines_of(root, part)])
        image = etree.SubElement(line, str(line.tag)[:-1] + "img")
        image.set("alt", "A seal")
        image.set("src", f"data:image/png;base64,{base64.b64encode(png()).decode()}")
        return book.close(), told(KINDS, ["A seal"], f"a picture in the {part}")

    return work


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 40), "#369").save(out, "PNG")
    return out.getvalue()


def half_gone(picture: Image.Image) -> Image.Image:
    picture.paste("white", (0, 0, picture.width // 2, picture.height))
    return picture


MARKUP: tuple[Format, ...] = ("html", "epub")
DAMAGES: tuple[Damage, ...] = (
    Damage("cover: black", "epub", redrawn(lambda picture: picture.point(lambda _: 0))),
    Damage("cover: half gone", "epub", redrawn(half_gone)),
    Damage("cover: mirrored", "epub", redrawn(ImageOps.mirror)),
    Damage("cover: upside down", "epub", redrawn(ImageOps.flip)),
    Damage("cover: another alternative text", "epub", renamed),
    Damage("cover: none for the shelf", "epub", off_the_shelf),
    Damage("cover: another for the shelf", "epub", another_on_the_shelf),
    *(Damage(f"front: picture added to {part}", name, added(name, part))
      for part in CLASSES for name in MARKUP),
)  # fmt: skip
