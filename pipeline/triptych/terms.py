"""The words the press itself prints, by language."""

from __future__ import annotations

from collections.abc import Mapping

_ENGLISH = {
    "figure": "Figure",
    "table": "Table",
    "section": "Section",
    "notes": "Notes",
    "references": "References",
    "contents": "Contents",
    "about": "About this edition",
    "and": "and",
    "edited by": "Edited by",
    "by": "By",
    "back to text": "Back to the text",
    "back to citation": "Back to citation",
    "skip": "Skip to the text",
    "summary": "Summary",
    "cover": "Cover",
    "title page": "Title page",
    "note": "Note",
    "style": "Citations follow",
}
_TERMS: dict[str, dict[str, str]] = {
    "en": _ENGLISH,
}


def terms_for(language: str) -> Mapping[str, str]:
    """The terms for a BCP 47 tag; English where the language has none of its own."""
    return _ENGLISH | _TERMS.get(language.split("-")[0].lower(), {})
