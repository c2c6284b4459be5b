"""Downloads: what a page offers to save must be the works cited, and the work itself.

The CSL-JSON must be the items of the edition manifest. BibLaTeX and RIS say the same in other
forms. Of these the words are compared: each entry must have all words of the fields that its format
has a place for, and no word that the item lacks.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from triptych.collate.difference import Difference
from triptych.collate.fields import unmarked
from triptych.collate.pairing import Comparison
from triptych.witness.reading import Download
from triptych.witness.references import Reference, read_biblatex, read_ris

_CARRIED = (
    "author", "editor", "translator", "title", "container-title", "volume", "issue", "edition",
    "publisher", "publisher-place", "ISBN", "ISSN", "DOI", "URL", "page",
)  # fmt: skip
"""The variables of CSL that both formats have a field for."""
_ABOUT_ITSELF = frozenset("TY ER langid entrysubtype pubstate urldate LA".split())
"""Fields that hold codes, not words of the item."""
_ADDRESSES = frozenset("DOI URL doi url DO UR".split())
"""Fields that have no markup, and may have `%7B` for a brace and `%5C` for a backslash."""
_NOT_IN_KEYS = re.compile(r"[\s,{}()%#\"'=~\\@]")
_SHORTENED = {"author": "author", "AU": "author", "editor": "editor", "ED": "editor",
              "translator": "translator", "A4": "translator"}  # fmt: skip
"""The lists of people that may end with `and others` or `et al.`, by their fields."""
_OTHERS = {"literal": "others"}
"""How CSL has it: a last name."""
_SEASONS = ("spring", "summer", "autumn", "winter")
_READERS: Mapping[str, Callable[[str], list[Reference]]] = {
    ".bib": read_biblatex, ".ris": read_ris,
}  # fmt: skip


def wrong_downloads(comparison: Comparison) -> Iterator[Difference]:
    """Every download that does not say what the cited items say, and every one that is missing."""
    if comparison.witness.format != "html":
        return
    manifest = comparison.manifest
    own = (manifest.own,) if manifest.own else ()
    named = ((manifest.name, manifest.references), (f"{manifest.name}.citation", own))
    wanted = {
        f"{name}{ending}": items
        for name, items in named
        for ending in (".json", *_READERS)
        if items
    }
    found = [download.name for download in comparison.witness.downloads]
    for missing in sorted(wanted.keys() - set(found)):
        yield _told(comparison, missing, "is not there")
    for download in comparison.witness.downloads:
        if download.name not in wanted or found.count(download.name) > 1:
            yield _told(comparison, download.name, "is not a file of the edition")
        elif download.text is None:
            yield _told(comparison, download.name, "holds no text")
        else:
            for wrong in _wrong(download, download.text, wanted[download.name]):
                yield _told(comparison, download.name, wrong)


def _told(comparison: Comparison, name: str, wrong: str) -> Difference:
    return comparison.tell("download-differs", "", f"the download {name} {wrong}", place=name)


def _wrong(download: Download, text: str, items: tuple[Mapping[str, Any], ...]) -> Iterator[str]:
    ending = download.name[download.name.rindex(".") :]
    if ending != ".json":
        yield from wrong_in_entries(text, ending, items)
        return
    try:
        if json.loads(text) != [dict(item) for item in items]:
            yield "does not hold the cited items"
    except ValueError as error:
        yield f"cannot be read: {error}"


def wrong_in_entries(text: str, ending: str, items: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What the entries of a file of BibLaTeX or RIS do not say as the items do."""
    try:
        entries = _READERS[ending](text)
    except ValueError as error:
        yield f"cannot be read: {error}"
        return
    keys = [_key(item, ending) for item in items]
    if [entry.key for entry in entries] != keys:
        yield f"has the entries {[entry.key for entry in entries]}, not {keys}"
        return
    for entry, cited in zip(entries, items, strict=True):
        shortened = {role for role in _SHORTENED.values() if _is_shortened(cited.get(role))}
        for role in sorted(shortened ^ {_SHORTENED.get(name, name) for name in entry.shortened}):
            yield f"names the people under {role} in the entry {entry.key} as if others were " + (
                "not left out" if role in shortened else "left out"
            )
        item = {name: value[:-1] if name in shortened else value for name, value in cited.items()}
        said = [
            word
            for name, value in entry.fields
            if name not in _ABOUT_ITSELF
            for word in _words(value if name not in _ADDRESSES else _decoded(value))
        ]
        lacking = [
            w for name in _CARRIED for w in _words_in({name: item.get(name)}) if w not in said
        ]
        years = list(_years(item, ending))
        lacking += [w for w in years if w not in said]
        if lacking:
            yield f"lacks “{lacking[0]}” in the entry {entry.key}"
        known = {*_words_in(dict(item)), *_other_words(item), *years}
        if extra := [word for word in said if word not in known]:
            yield f"has “{extra[0]}” in the entry {entry.key}, which the cited item has not"


def _key(item: Mapping[str, Any], ending: str) -> str:
    """The key of an entry: its id on one line, in BibLaTeX with codes for what no key may have."""
    plain = str(item.get("id", ""))
    if ending == ".ris":
        return " ".join(plain.split())
    return _NOT_IN_KEYS.sub(lambda char: f"-{ord(char[0]):x}-", plain) or "entry"


def _decoded(address: str) -> str:
    return re.sub("%(?:5C|7B|7D)", " ", address)


def _is_shortened(people: object) -> bool:
    """Whether a list of people ends with `others`, who are left out."""
    return isinstance(people, list | tuple) and len(people) > 1 and people[-1] == _OTHERS


def _words_in(value: object) -> Iterator[str]:
    """The words in all that a value holds."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if name in _ADDRESSES:
                yield from _words(_decoded(str(inner or "")))
            else:
                yield from _words_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _words_in(inner)
    elif value is not None and not isinstance(value, bool):
        yield from _words(unmarked(str(value)))


def _words(value: str) -> list[str]:
    """Words and numbers, in small letters; without zeros before a number."""
    plain = unicodedata.normalize("NFKC", value).casefold()
    return [word.lstrip("0") or "0" for word in re.findall(r"[^\W_]+", plain)]


def _years(item: Mapping[str, Any], ending: str) -> Iterator[str]:
    """The years of publication; of several, RIS has room for the first.

    BibLaTeX counts as ISO 8601-2 does: 1 BC is the year 0, 2 BC the year -1.
    """
    parts = (item.get("issued") or {}).get("date-parts") or ()
    for part in parts if ending == ".bib" else parts[:1]:
        if part and int(part[0]):
            year = int(part[0])
            yield str(abs(year + 1 if year < 0 and ending == ".bib" else year))


def _other_words(item: Mapping[str, Any]) -> Iterator[str]:
    """What the formats write between names, and the season of a date."""
    yield "and"
    season = str((item.get("issued") or {}).get("season", ""))
    if season in ("1", "2", "3", "4"):
        yield _SEASONS[int(season) - 1]
        yield str(20 + int(season))
