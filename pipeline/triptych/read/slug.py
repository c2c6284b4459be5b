"""The name of a work's files, made from its title.

In: a title in any script. Out: ASCII letters and digits with hyphens between, fit for every file
system and address.
"""

from __future__ import annotations

import re
import unicodedata

_LIMIT = 48
"""How many letters a name has, if its first word is not longer."""


def slug(title: str) -> str:
    """The title's words in small ASCII letters, as many as fit.

    Latin letters lose their accents. Titles in other scripts are transliterated.

    >>> slug("L'été à Genève")
    'lete-a-geneve'
    >>> slug("古代的书信")
    'gu-dai-de-shu-xin'
    """
    plain = unicodedata.normalize("NFKD", title)
    if any(_is_foreign(char) for char in plain):
        from slugify import slugify

        # Named, because the library prefers whichever other transliterator is installed.
        plain = slugify(plain, max_length=_LIMIT, word_boundary=True, save_order=True,
                        backend="text-unidecode")  # fmt: skip
    name = ""
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    for word in re.findall(r"[a-z0-9]+", ascii_only.replace("'", "")):
        if name and len(name) + len(word) > _LIMIT:
            break
        name = f"{name}-{word}" if name else word
    return name or "edition"


def _is_foreign(char: str) -> bool:
    """Whether a character is a letter of another script than Latin."""
    is_letter = unicodedata.category(char) in ("Lo", "Lu", "Ll")  # no modifiers, as in "Hawaiʻi"
    return is_letter and not unicodedata.name(char, "").startswith("LATIN ")
