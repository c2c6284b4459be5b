"""The cover of the e-book, where the author has a picture for it.

In: a source whose record names a picture. Out: that picture, as e-book readers show it.
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import replace
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from PIL import Image as Picture
from PIL import ImageOps

from triptych.diagnostics import Diagnostic
from triptych.edition import Image
from triptych.read.files import find_field
from triptych.read.paths import Refused
from triptych.read.quarto import PROJECT_FILES
from triptych.read.source import RECORD_FILE, Source
from triptych.resolve.bitmaps import NotTurned, readable_bitmap
from triptych.resolve.figure_files import find_figure
from triptych.resolve.large_bitmaps import made_smaller

_HINT = "name a JPEG or PNG; its path is taken from the article's folder"


def read_cover(source: Source) -> tuple[Image | None, tuple[Diagnostic, ...]]:
    """The picture that `cover-image` names, and what is wrong with it."""
    name = source.record.cover_image
    if not name:
        return None, ()
    if re.match(r"[a-z][a-z0-9+.-]*://", name, re.I):
        return None, (_told(source, "figure-missing", f"the cover {name} lies on the network"),)
    try:
        path = find_figure(source, quote(name))
    except Refused as refused:
        told = _told(source, refused.code, f"the cover {name} {refused}")
        return None, (replace(told, hint=refused.hint),)
    data = source.read(unquote(path)) if path else None
    if data is None:
        return None, (_told(source, "figure-missing", f"the cover {name} does not exist"),)
    try:
        shown = readable_bitmap(data)
    except NotTurned as problem:
        return None, (_told(source, "figure-malformed", f"the cover {name} {problem}"),)
    if shown is None:
        why = f"the cover {name} is no picture that bookshops take"
        return None, (_told(source, "figure-malformed", why),)
    digest = hashlib.sha256(data).hexdigest()
    cover = _for_bookshops(Image(path, "", shown, digest))
    return replace(made_smaller(cover, source.record.trim_size), printed=None), ()


def _for_bookshops(cover: Image) -> Image:
    """The cover as JPEG or PNG in the colours of screens: bookshops take no others."""
    with Picture.open(io.BytesIO(cover.data)) as picture:
        kind = "jpeg" if picture.format in ("JPEG", "MPO") else "png"
        if picture.format in ("JPEG", "MPO", "PNG") and picture.mode != "CMYK":
            return replace(cover, media_type=f"image/{kind}")
        out = io.BytesIO()
        upright = ImageOps.exif_transpose(picture)
        upright.convert("RGB").save(out, kind.upper(), icc_profile=None)
    return replace(cover, media_type=f"image/{kind}", data=out.getvalue())


def _told(source: Source, code: str, message: str) -> Diagnostic:
    """A diagnostic for the line that names the cover: in a record, a project, or an article."""
    names = (RECORD_FILE, *PROJECT_FILES)
    files = [path for path, _ in source.digests if PurePosixPath(path).name in names]
    for path in sorted(files, key=lambda path: names.index(PurePosixPath(path).name)):
        line, column = find_field((source.read(path) or b"").decode(), "cover-image")
        if line:
            return Diagnostic(source.shown(path), line, column, code, message, _HINT)
    line, column = find_field(source.article, "cover-image")
    file, line = source.place(max(line, 1))
    return Diagnostic(file, line, column, code, message, _HINT)
