"""Licences by the short names that people know.

In: a licence as the edition record names it. Out: its short name, where it has one.
"""

from __future__ import annotations

import re

_CREATIVE_COMMONS = re.compile(
    r"https?://(?:www\.)?creativecommons\.org/"
    r"(?:licenses/(?P<terms>by(?:-nc)?(?:-nd|-sa)?)/(?P<version>\d\.\d)"
    r"|publicdomain/(?P<public>zero|mark)/1\.0)(?:[/#?].*)?",
    re.I,
)
_PUBLIC = {"zero": "CC0 1.0", "mark": "Public Domain Mark 1.0"}


def short_name(licence: str) -> str:
    """The short name of a licence of Creative Commons, by its address; empty for any other.

    >>> short_name("https://creativecommons.org/licenses/by-sa/4.0/")
    'CC BY-SA 4.0'
    """
    found = _CREATIVE_COMMONS.fullmatch(licence)
    if found is None:
        return ""
    if found["public"]:
        return _PUBLIC[found["public"].lower()]
    return f"CC {found['terms'].upper()} {found['version']}"
