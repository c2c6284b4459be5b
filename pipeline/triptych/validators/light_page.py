"""Pages without the bulk of the pictures and typefaces in them, for a checker that reads letters.

In: the bytes of a page. Out: a light copy, and the way from a place in the copy to one in the page.
A `data:` URL keeps its type and its first bytes. One that is no sound base64 stays as it is, so a
checker finds in the copy all that it finds in the page.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

_KEPT = 64
"""Letters of base64 that stay: whole groups of four (RFC 4648, section 4)."""
_BULK = re.compile(rb";base64,([A-Za-z0-9+/]{4096,}={0,2})(?=[\"')])")
"""Base64 that takes more room than it tells, to the end of its URL (RFC 2397)."""


@dataclass(frozen=True, slots=True)
class LightPage:
    """A light copy, and what is left out of it: line, column in the copy, and number of letters.

    Lines and columns count from 1. A line stays the line that it is.
    """

    data: bytes
    left_out: tuple[tuple[int, int, int], ...]

    def column(self, line: int, column: int) -> int:
        """The column in the page itself of a place in the copy."""
        first = bisect_left(self.left_out, (line, 0, 0))
        last = bisect_left(self.left_out, (line, column + 1, 0))
        return column + sum(letters for _, _, letters in self.left_out[first:last])


def lighten(page: bytes) -> LightPage:
    """The page without the bulk of its `data:` URLs. It is read as UTF-8."""
    parts: list[bytes] = []
    left_out: list[tuple[int, int, int]] = []
    end, line, column = 0, 1, 1
    for match in _BULK.finditer(page):
        start, stop = match.start(1) + _KEPT, match.end(1)
        if (stop - match.start(1)) % 4:
            continue
        kept = page[end:start]
        parts.append(kept)
        before, break_, last = kept.rpartition(b"\n")
        line += before.count(b"\n") + len(break_)
        # Columns are those of UTF-16, as Java and JavaScript count.
        letters = len(last.decode("utf-8", "replace").encode("utf-16-le")) // 2
        column = letters + 1 if break_ else column + letters
        left_out.append((line, column, stop - start))
        end = stop
    return LightPage(b"".join([*parts, page[end:]]), tuple(left_out))
