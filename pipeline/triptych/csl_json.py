"""The cited entries as plain CSL-JSON.

In: items as pandoc gives them, the text of their fields as inlines of its own document model.
Out: items as CSL 1.0.2 has them, with strings in which a few HTML tags are markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_TAGS = {
    "Emph": ("<i>", "</i>"),
    "Strong": ("<b>", "</b>"),
    "Superscript": ("<sup>", "</sup>"),
    "Subscript": ("<sub>", "</sub>"),
    "SmallCaps": ('<span style="font-variant:small-caps;">', "</span>"),
}
_QUOTES = {"DoubleQuote": "“{}”", "SingleQuote": "‘{}’"}
_IN_CAPITALS = {name.lower(): name for name in "DOI ISBN ISSN PMCID PMID URL".split()}
SEASONS = ("Spring", "Summer", "Autumn", "Winter")
_MARKUP = re.compile(r"</?(?:i|b|sub|sup)>|<span (?:class|style)=\"[^\"<>]*\">|</span>")


def plain_items(items: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """The items with every field as a string, a number, a date or people; without empty fields.

    Of two with one id the last is taken, as by citeproc.

    Of BibTeX pandoc gives the fields that are called in capitals in small letters, and no type to
    what is `@misc`.
    """
    return tuple(
        {
            **{_IN_CAPITALS.get(name, name): _value(v) for name, v in item.items() if v != []},
            "type": item.get("type") or "document",
        }
        for item in {item.get("id"): item for item in items}.values()
    )


def parts_of(date: Mapping[str, Any]) -> list[list[int]]:
    """A date as year, month and day, as many as are known; two of these where it is a span."""
    return [[int(part) for part in parts] for parts in date.get("date-parts") or []]


def season_of(date: Mapping[str, Any]) -> str:
    """The season of a date that has one."""
    season = str(date.get("season", ""))
    return SEASONS[int(season) - 1] if season in ("1", "2", "3", "4") else season


def words_of(date: Mapping[str, Any]) -> str:
    """What stands for a date that is not known in figures, such as `in press`."""
    return str(date.get("literal") or date.get("raw") or "")


def iso_date(date: Mapping[str, Any]) -> str:
    """A date as ISO 8601 writes it: `1843`, `1843-07-17`, `1843/1845`; empty where none is known.

    CSL counts the year before 1 as -1, ISO 8601 as 0. An end that is open is nothing: `1843/`.
    """
    return "/".join(map(_iso, parts_of(date)))


def _iso(parts: list[int]) -> str:
    year, *rest = parts
    if not year:  # as pandoc has an open end
        return ""
    return "-".join(
        [
            f"{year:04}" if year > 0 else f"{year + 1:05}".replace("00000", "0000"),
            *(f"{part:02}" for part in rest[:2]),
        ]
    )


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The pieces of a field, and whether each is a tag. One that is not closed is words.

    Tags are nested: one that is closed ends those that were opened in it.
    """
    tags = list(_MARKUP.finditer(text))
    paired: set[int] = set()
    opened: list[int] = []
    for number, tag in enumerate(tags):
        if not tag[0].startswith("</"):
            opened.append(number)
            continue
        for start in reversed(opened):
            if _name(tags[start][0]) == _name(tag[0]):
                paired |= {start, number}
                del opened[opened.index(start) :]
                break
    at = 0
    for number in sorted(paired):
        yield text[at : tags[number].start()], False
        yield tags[number][0], True
        at = tags[number].end()
    yield text[at:], False


def without_markup(text: str) -> str:
    """A field of CSL-JSON on one line, without its markup."""
    return " ".join("".join(piece for piece, marks in pieces(text) if not marks).split())


def as_html(text: str) -> str:
    """A field of CSL-JSON as HTML: CSL's own tags are markup, any other `<` is a character."""
    return "".join(
        piece if marks else piece.replace("&", "&amp;").replace("<", "&lt;")
        for piece, marks in pieces(text)
    )


def _name(tag: str) -> str:
    return tag.strip("</>").split()[0]


def _value(value: Any) -> Any:
    if isinstance(value, Mapping) and "date-parts" in value:
        return _date(value)
    if isinstance(value, list) and any(isinstance(part, Mapping) and "t" in part for part in value):
        return _text(value)
    return value


def _date(date: Mapping[str, Any]) -> dict[str, Any]:
    """A date without empty parts; pandoc gives a season as a month from 13 or 21 on."""
    plain = dict(date)
    parts = [[int(part) for part in parts] for parts in plain.pop("date-parts") if parts]
    if parts and len(parts[0]) == 2 and parts[0][1] > 12:
        plain["season"] = (parts[0].pop() - 1) % 4 + 1
    return {**plain, "date-parts": parts} if parts else plain


def _text(inlines: list[Any]) -> str:
    return "".join(map(_inline, inlines))


def _inline(inline: Mapping[str, Any]) -> str:
    """One inline of pandoc's document model: its kind is `t`, what it holds `c`."""
    kind: str = inline["t"]
    content: Any = inline.get("c")
    if kind == "Str":
        return str(content)
    if kind in ("Space", "SoftBreak", "LineBreak"):
        return " "
    if kind in _TAGS:
        opening, closing = _TAGS[kind]
        return f"{opening}{_text(content)}{closing}"
    if kind == "Quoted":
        return _QUOTES[content[0]["t"]].format(_text(content[1]))
    if kind == "Span":
        inside = _text(content[1])
        return f'<span class="nocase">{inside}</span>' if "nocase" in content[0][1] else inside
    if kind in ("Code", "Math", "RawInline"):
        return str(content[1])
    if kind == "Link":
        return _text(content[1])
    if kind in ("Underline", "Strikeout"):
        return _text(content)
    return ""
