"""The file of a figure, found as authors name it.

In: a path as written. Out: the path of a file, percent-encoded. Names may differ in their Unicode
form, since some systems keep letters with their accents and others apart, and in capitals; the
ending may be left out; what looks like an encoding may be part of the name.
"""

from __future__ import annotations

import re
from unicodedata import normalize
from urllib.parse import quote, unquote

from triptych.read.paths import Refused
from triptych.read.source import Source

_ENDINGS = ".svg .pdf .png .jpg .jpeg .gif .webp .eps .tif .tiff .avif .bmp .jp2".split()
"""The endings that may be left out of a figure's name, in the order in which they are tried."""


def find_figure(source: Source, path: str) -> str:
    """The path of a figure's file, or nothing where there is none.

    Backslashes separate folders where no file has such a name. In Quarto, a leading slash means the
    project's folder. Raises Refused where no file has the name and it leads out of the source.
    """
    refused = None
    for written, encoded in ((unquote(path), path), (path, quote(path))):
        try:
            if source.read(written) is not None:
                return encoded
        except Refused as refusal:
            refused = refusal
    bare = unquote(re.sub(r"%5C|\\", "/", path)).lstrip("/")
    folder, _, asked = bare.rpartition("/")
    folder = _in_their_form(source, folder)
    inside = f"{folder}/" if folder else ""
    names = source.names(inside)
    for key in (_form, _key):
        known = {key(name): name for name in names}
        for ending in ("", *_ENDINGS):
            if (name := known.get(key(asked + ending))) is not None:
                return quote(inside + name)
    if refused is not None:
        raise refused
    return ""


def differs(path: str, found: str) -> bool:
    """Whether a path was written otherwise than the file is called, its Unicode form apart."""
    return _form(unquote(path)) != _form(unquote(found)) and unquote(found) != path


def _in_their_form(source: Source, folder: str) -> str:
    """The path of a folder, each part as the folder is called."""
    found = ""
    for part in folder.split("/") if folder else ():
        known = {_form(name): name for name in source.folders(found)}
        found += f"{known.get(_form(part), part)}/"
    return found.rstrip("/")


def _form(name: str) -> str:
    return normalize("NFC", name)


def _key(name: str) -> str:
    return normalize("NFC", name).casefold()
