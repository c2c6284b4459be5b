r"""Lists of names in BibTeX: how pandoc is to read them, and names that nothing parts.

In: the value of a field such as `author`, on one line. Out: the same, and what is wrong with it.

BibTeX parts names by the word `and`. What is joined otherwise is read as one name, and printed with
its parts in the wrong order. Pandoc takes a word that begins with a brace for a particle, as `von`
is one: of `{\'E}ric Tanter` it makes a Tanter with the particle Éric.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from triptych.read.bib_text import composed, composed_signs
from triptych.read.entries import Loss
from triptych.read.tex_signs import with_signs

_ET_AL = re.compile(r"(?:\s+and|\s*[,;])?\s+(?:\\emph)?\{?et\.?\s*al\b\.?\}?\s*$", re.I)
_SUFFIX = re.compile(
    r"(?:jn?r|sr|snr|[ivx]+|\d(?:st|nd|rd|th)|esq|m\.?\s?d|ph\.?\s?d|d\.?\s?phil|s\.?j|o\.?p)\.?",
    re.I,
)
_INITIAL = re.compile(r"(?<![\w.])[A-ZÀ-ÞΑ-ΩА-Я]\.")
_HINT = (
    "part names by the word and: {A, Ann and B, Bo}; put the name of a body into braces of its own"
)


_MARKS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip
"""The accents of TeX, as Unicode has them."""
_LETTERS = {"L": "Ł", "O": "Ø", "AA": "Å", "AE": "Æ", "OE": "Œ"}
_CAPITAL = re.compile(
    r"""(?<!\S)\{(?:\\(?:(?P<accent>[`'^~=."]|[urHvdckb](?![A-Za-z]))\s*\{?(?P<bearing>[A-Z])\}?
        |(?P<letter>AA|AE|OE|L|O)(?:\{\})?)\s*|(?P<held>[^\W\d_][^{}\\\s]{0,3}))\}(?=[^\W\d_])""",
    re.X,
)
r"""What stands in braces at the beginning of a longer word: `{\'E}`, `{\L}`, or as in `{Yu}ri`."""


def as_read(value: str) -> str:
    """Names as pandoc reads them: of `et al.` it knows only `and others`, and no AND."""
    value = with_signs(composed_signs(composed(value)))
    value = _CAPITAL.sub(_capital, value)
    value = re.sub(r"(?<!\\)&amp;", r"\\&", value)
    value = _ET_AL.sub(" and others", value)
    people = (_with_suffix(person.strip(" ,")) for person in _parted(value))
    return " and ".join(name for name in people if name)


_GENERATION = re.compile(r"(?:jn?r|snr|sr)\.?|[iv]{2,}", re.I)


def _with_suffix(person: str) -> str:
    """`King, Martin, Jr.` as BibTeX has it: `King, Jr., Martin`."""
    parts = [part.strip() for part in person.split(",")]
    misplaced = (
        len(parts) == 3
        and "{" not in person
        and _GENERATION.fullmatch(parts[2])
        and not _GENERATION.fullmatch(parts[1])
    )
    return f"{parts[0]}, {parts[2]}, {parts[1]}" if misplaced else person


def _capital(match: re.Match[str]) -> str:
    """The beginning of a word without its braces, if it is a capital; a small one is left."""
    if match["held"]:
        return match["held"] if match["held"][0].isupper() else match[0]
    if match["letter"]:
        return _LETTERS[match["letter"]]
    return unicodedata.normalize("NFC", match["bearing"] + _MARKS[match["accent"]])


def joined_wrongly(name: str, value: str, offset: int) -> list[Loss]:
    """What joins names in a field in another way than by `and`, if anything."""
    for person in _parted(_ET_AL.sub("", value)):
        if what := _joint(person):
            shown = re.sub(r"[{}]", "", person)
            return [
                Loss(offset, f"its {name} is read as one name, for {what} parts none: {shown}",
                     _HINT, "bibliography-names")
            ]  # fmt: skip
    return []


def _joint(person: str) -> str:
    """What joins two names in what is read as one; empty where it is one."""
    outside = _without_braces(_with_suffix(person).replace(r"{\&}", "&").replace("&amp;", "&"))
    if "=" in outside:  # BibLaTeX's form of names: family=…, given=…
        return ""
    if ";" in outside:
        return "a semicolon"
    if "&" in outside:
        return "an ampersand"
    parts = [part.strip() for part in outside.split(",")]
    if len(parts) > 3 or (len(parts) == 3 and not _may_be_suffix(parts[1])):
        return "a comma"
    if len(parts) == 2 and all(_is_whole_name(part) for part in parts):
        return "a comma"
    return ""


def _may_be_suffix(middle: str) -> bool:
    """Whether what stands between two commas may be a part of a name, as in `King, Jr., Martin`."""
    if _SUFFIX.fullmatch(middle) or not middle:
        return True
    return not _INITIAL.search(middle) and sum(word[0].isupper() for word in middle.split()) < 2


def _is_whole_name(part: str) -> bool:
    """Whether a part is initials and a family name, such as `A. Smith`."""
    words = part.split()
    return (
        len(words) > 1
        and _INITIAL.match(words[0]) is not None
        and re.fullmatch(r"[^\W\d_]{2}[\w'’-]*", words[-1]) is not None
    )


def _parted(value: str) -> Iterator[str]:
    """The names of a list, parted by the word `and` outside of braces, in any capitals."""
    depth, start = 0, 0
    for match in re.finditer(r"\\.|[{}]|(?<=\s)and(?=\s)", value, re.I):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif depth == 0 and match[0].lower() == "and":
            yield value[start : match.start()].strip()
            start = match.end()
    yield value[start:].strip()


def _without_braces(person: str) -> str:
    """A name without what stands in braces, and without TeX's accents."""
    person = re.sub(r"\\[a-zA-Z]+\s*|\\[^a-zA-Z&]", "", person)
    before = ""
    while before != person:
        before, person = person, re.sub(r"\{[^{}]*\}", "x", person)
    return person
