"""Words that BibLaTeX calls by a key, such as `pubstate = {inpress}`.

In: a BibLaTeX file as pandoc is to read it. Out: the same, with words for keys that pandoc would
print as they are. It knows them in some languages; for the others the words are English.
"""

from __future__ import annotations

import re

_WORDS = {
    "inpreparation": "in preparation", "inpress": "in press", "prepublished": "pre-published",
    "mathesis": "Master’s thesis", "phdthesis": "PhD thesis", "candthesis": "Candidate thesis",
    "bathesis": "Bachelor’s thesis", "techreport": "technical report",
    "resreport": "research report", "software": "computer software", "datacd": "CD-ROM",
    "audiocd": "audio CD",
}  # fmt: skip
"""Keys and their words (BibLaTeX's manual, 4.9.2), as pandoc has them in English."""
_SPOKEN = {
    "pubstate": frozenset("ca cs en es fi fr hr pt".split()),
    "type": frozenset("ca en es fi fr hr pt tr".split()),
}
"""The languages in which pandoc knows them, by field."""
_FIELD = re.compile(
    r"""\b(?P<field>pubstate|type)(?P<is>\s*=\s*[{"]\s*)(?P<key>[a-z]+)(?=\s*["}])""", re.I
)


def keys_in_words(text: str, language: str) -> str:
    """The file with the words that a work in `language` prints."""
    spoken = language.split("-")[0].lower()

    def said(match: re.Match[str]) -> str:
        field, key = match["field"].lower(), match["key"].lower()
        if spoken in _SPOKEN[field] or key not in _WORDS:
            return match[0]
        return match["field"] + match["is"] + _WORDS[key]

    return _FIELD.sub(said, text)
