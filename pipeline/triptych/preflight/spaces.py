"""Colour spaces and names, wherever a document has them, used or not.

In: a document. Out: breaches. Clauses are those of ISO 32000-1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

_CHANNELS = {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4, b"Lab ": 3}
_CLASSES = (b"scnr", b"mntr", b"prtr", b"spac")
_MOST_INKS = 32
"""How many inks a DeviceN space may name (C.2)."""
_DEPTH = 4


def breaches_of_spaces(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str, str]]:
    """What is wrong with the colour spaces of a document, and with the names of inks and fonts."""
    mixtures: dict[str, bytes] = {}
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Array | pikepdf.Dictionary | pikepdf.Stream):
            continue  # a number or a name, which pikepdf does not wrap
        where = f"object {item.objgen[0]}"
        for space in _spaces(item):
            for rule, message in dict.fromkeys(_space(space, mixtures)):
                yield rule, where, message
        if isinstance(item, pikepdf.Dictionary):
            for key in ("/BaseFont", "/FontName"):
                if key in item and not _is_utf8(item[key]):
                    yield "name", where, f"the name of a font, {item[key].unparse()!r}"


def _spaces(item: Any) -> Iterator[Any]:
    """The colour spaces of an object, without those of the objects in it."""
    if isinstance(item, pikepdf.Array):
        if len(item) and isinstance(item[0], pikepdf.Name):
            yield item
    else:
        resources: Any = item.get("/Resources", {})
        for named in (item.get("/ColorSpace"), resources.get("/ColorSpace")):
            given = named.values() if isinstance(named, pikepdf.Dictionary) else [named]
            yield from (one for one in given if isinstance(one, pikepdf.Array) and len(one))


def _space(space: Any, mixtures: dict[str, bytes], depth: int = 0) -> Iterator[tuple[str, str]]:
    kind = space[0]
    if kind == "/ICCBased" and len(space) > 1:
        yield from _profile(space[1])
    elif kind == "/Separation" and len(space) > 3:
        name = space[1]
        if not _is_utf8(name):
            yield "name", f"the name of an ink, {name.unparse()!r}"
        if name not in ("/All", "/None"):
            mixture = _written(space[2]) + _written(space[3])
            if mixtures.setdefault(name.unparse().decode("latin-1"), mixture) != mixture:
                yield "separation", f"{str(name)[1:]} is mixed in two ways"
    elif kind == "/DeviceN" and len(space) > 3:
        if len(space[1]) > _MOST_INKS:
            yield "limit", f"a colour of {len(space[1])} inks"
        if not all(_is_utf8(name) for name in space[1]):
            yield "name", "the name of an ink"
    if kind in ("/Separation", "/DeviceN", "/Indexed", "/Pattern") and depth < _DEPTH:
        base = space[2 if kind in ("/Separation", "/DeviceN") else 1] if len(space) > 1 else None
        if isinstance(base, pikepdf.Array) and len(base):
            yield from _space(base, mixtures, depth + 1)


def _profile(profile: Any) -> Iterator[tuple[str, str]]:
    """The header of an ICC profile (ICC.1:2004-10, 7.2), and how many channels use it."""
    data = profile.read_bytes()
    channels = _CHANNELS.get(data[16:20])
    if data[36:40] != b"acsp" or data[12:16] not in _CLASSES or channels is None:
        yield "icc", "it is no ICC profile of a device or a colour space"
    elif int(profile.get("/N", 0)) != channels:
        yield "icc", f"N is {profile.get('/N')}, and the profile has {channels} channels"
    elif data[8] > 4 or int.from_bytes(data[:4], "big") != len(data):
        yield "icc", "the profile is of another version, or cut short"


def _written(item: Any) -> bytes:
    """An object as written in the file, with its content."""
    data: bytes = item.read_bytes() if isinstance(item, pikepdf.Stream) else b""
    return bytes(item.unparse(resolved=True)) + data


def _is_utf8(name: Any) -> bool:
    raw = re.sub(rb"#([0-9A-Fa-f]{2})", lambda m: bytes([int(m[1], 16)]), name.unparse())
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
