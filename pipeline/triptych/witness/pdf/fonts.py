"""Fonts of a PDF: from the codes of a string to advances and text (ISO 32000-1, 9)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from triptych.outlines import Outlines


@dataclass(eq=False, slots=True)
class Font:
    """A font in a PDF.

    `advances` are in text space units (thousandths of the size, divided by 1000) by code. `said` is
    what a code says, by the font's ToUnicode map. `program` is the embedded font file with its
    kind, `glyph_of` the glyph that each code shows, if it is not the code itself. If codes are
    `mapped` (9.7.5), it is not known which glyphs they show.
    """

    wide: bool
    advances: dict[int, float]
    default_advance: float
    said: dict[int, str]
    program: bytes
    glyph_of: dict[int, int] | None
    mapped: bool = False
    outlines: Outlines | None = None

    def read(self, string: bytes) -> Iterator[tuple[int, float, str, int]]:
        """The codes of a string: each with its advance, what it says, and its length in bytes."""
        length = 2 if self.wide else 1
        advances, default, said = self.advances, self.default_advance, self.said
        for index in range(0, len(string) - length + 1, length):
            code = (string[index] << 8) + string[index + 1] if length == 2 else string[index]
            yield code, advances.get(code, default), said.get(code, "\ufffd"), length

    def shape(self, code: int) -> str:
        """The digest of the outline that a code shows; empty if it is not known."""
        outlines = self._opened()
        return outlines.digest(self._glyph(code)) if outlines else ""

    def height(self, code: int) -> tuple[float, float]:
        """The lowest and the highest point of that outline above the baseline, in em."""
        outlines = self._opened()
        return outlines.height(self._glyph(code)) if outlines else (0.0, 0.0)

    def _glyph(self, code: int) -> int:
        return self.glyph_of.get(code, 0) if self.glyph_of else code

    def _opened(self) -> Outlines | None:
        if self.outlines is None and not self.mapped:
            try:
                self.outlines = Outlines(self.program)
            except ValueError:
                return None
        return None if self.mapped else self.outlines


def read_font(font: Any) -> Font:
    """Read a font dictionary."""
    wide = font.get("/Subtype") == "/Type0"
    below = font["/DescendantFonts"][0] if wide else font
    advances = _wide_advances(below) if wide else _simple_advances(font)
    default = float(below.get("/DW", 1000)) / 1000 if wide else 0.0
    descriptor = below.get("/FontDescriptor", {})
    program = next(
        (descriptor[key] for key in ("/FontFile2", "/FontFile3", "/FontFile") if key in descriptor),
        None,
    )
    return Font(
        wide=wide,
        advances=advances,
        default_advance=default,
        said=_said(font, wide),
        program=b"" if program is None else program.read_bytes(),
        glyph_of=_glyph_of(below) if wide else None,
        mapped=wide and font.get("/Encoding") != "/Identity-H",
    )


_LAST_CODE = 0xFFFF
"""Of a CIDFont (9.7.4)."""


def _wide_advances(font: Any) -> dict[int, float]:
    """The widths of a CIDFont (9.7.4.3)."""
    advances: dict[int, float] = {}
    given = list(font.get("/W", []))
    index = 0
    while index + 1 < len(given):
        first, second = int(given[index]), given[index + 1]
        if isinstance(second, pikepdf.Array):
            advances.update((first + n, float(w) / 1000) for n, w in enumerate(second))
            index += 2
        else:
            width = float(given[index + 2]) / 1000
            codes = range(max(first, 0), min(int(second), _LAST_CODE) + 1)
            advances.update(dict.fromkeys(codes, width))
            index += 3
    return advances


def _simple_advances(font: Any) -> dict[int, float]:
    first = int(font.get("/FirstChar", 0))
    scale = float(font["/FontMatrix"][0]) if "/FontMatrix" in font else 0.001  # Type 3: 9.6.5
    return {first + n: float(w) * scale for n, w in enumerate(font.get("/Widths", []))}


def _said(font: Any, wide: bool) -> dict[int, str]:
    if "/ToUnicode" in font:
        return _to_unicode(font["/ToUnicode"].read_bytes())
    if wide:
        return {}
    return {code: bytes([code]).decode("cp1252", "replace") for code in range(32, 256)}


_SECTION = re.compile(rb"begin(bfchar|bfrange)(.*?)end\1", re.S)
_TOKEN = re.compile(rb"<([0-9A-Fa-f\s]*)>|\[|\]")


def _to_unicode(cmap: bytes) -> dict[int, str]:
    """A ToUnicode map (9.10.3)."""
    said: dict[int, str] = {}
    for kind, body in _SECTION.findall(cmap):
        tokens = [
            bytes.fromhex(m[1].decode()) if m[1] is not None else m[0]
            for m in _TOKEN.finditer(body)
        ]
        if kind == b"bfchar":
            for code, text in zip(tokens[::2], tokens[1::2], strict=False):
                said[int.from_bytes(code)] = _utf16(text)
            continue
        index = 0
        while index + 2 < len(tokens):
            low, high = int.from_bytes(tokens[index]), int.from_bytes(tokens[index + 1])
            codes = range(low, min(high, low + 0xFFFF) + 1)
            index += 2
            if tokens[index] == b"[":
                end = tokens.index(b"]", index)
                said.update(zip(codes, map(_utf16, tokens[index + 1 : end]), strict=False))
                index = end + 1
            else:
                first = tokens[index]
                last = int.from_bytes(first[-2:])
                for number in codes:
                    said[number] = _utf16(first[:-2] + (last + number - low).to_bytes(2))
                index += 1
    return said


def _utf16(text: bytes) -> str:
    return text.decode("utf-16-be", "replace")


def _glyph_of(font: Any) -> dict[int, int] | None:
    """A CIDToGIDMap that is a stream (9.7.4.2)."""
    given = font.get("/CIDToGIDMap")
    if not isinstance(given, pikepdf.Stream):
        return None
    table = given.read_bytes()
    return {n: (table[2 * n] << 8) + table[2 * n + 1] for n in range(len(table) // 2)}
