"""Bitmaps that a drawing links to: read from beside it, to be brought in as data URIs.

In: the path of a drawing, and a link in it. Out: the bitmap, where it lies in the source's folder.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from triptych.read.paths import Refused
from triptych.read.source import Source
from triptych.resolve.bitmaps import NotTurned, readable_bitmap

_KINDS = ((b"\x89PNG", "png"), (b"\xff\xd8", "jpeg"), (b"GIF8", "gif"), (b"RIFF", "webp"))


def kind_of(data: bytes) -> str:
    """The kind of bitmap by its first bytes, as its media type names it; empty for any other."""
    return next((kind for start, kind in _KINDS if data.startswith(start)), "")


@dataclass(slots=True)
class LinkedBitmaps:
    """Reads the bitmaps that the drawing at `path` links to; `found` are their paths and digests.

    A drawing may come from a stranger: nothing outside the source's folder is read for it.
    """

    path: str
    source: Source
    found: list[tuple[str, str]] = field(default_factory=list)

    def data_uri(self, link: str) -> str | None:
        """The bitmap at `link` as a data URI, or None where there is none."""
        if re.match(r"[a-z][a-z0-9+.-]*:|[/\\\\]", link, re.I):
            return None
        folder = posixpath.dirname(unquote(self.path))
        path = posixpath.normpath(posixpath.join(folder, unquote(link)))
        try:
            data = None if path.startswith("..") else self.source.read(path)
            if data is None:
                return None
            shown = readable_bitmap(data)
        except (Refused, NotTurned):
            return None
        kind = kind_of(shown or b"")
        if shown is None or not kind:
            return None
        self.found.append((quote(path), hashlib.sha256(data).hexdigest()))
        return f"data:image/{kind};base64,{base64.b64encode(shown).decode()}"
