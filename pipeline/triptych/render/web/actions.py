"""The row of actions below the title: the other formats, how to cite the work, its licence.

In: an `Edition`. Out: markup. It works without scripts; these add what only they can do, with the
words that the row carries for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import quote

from triptych.edition import Edition
from triptych.formats import FORMATS
from triptych.licences import short_name

_FOR_SCRIPTS = ("dark", "link here", "enlarge", "close", "copy", "copied")
"""The terms that scripts print."""


def action_row(edition: Edition) -> str:
    """The row as a block."""
    told = "".join(
        f' data-{name.replace(" ", "-")}="{escape(edition.terms[name])}"' for name in _FOR_SCRIPTS
    )
    files, others = _list(_files(edition)), _list(_links(edition))
    if files:
        files = f'<nav aria-label="{escape(edition.terms["formats"])}">{files}</nav>'
    return f'<div class="actions"{told}>{files}{others}</div>'


def _list(links: Iterable[str]) -> str:
    items = "".join(f"<li>{link}</li>" for link in links)
    return items and f"<ul>{items}</ul>"


def _files(edition: Edition) -> Iterator[str]:
    """Links to the files of the other formats, which lie beside the page."""
    for form in (FORMATS[name] for name in FORMATS if name in edition.formats):
        if form.offered:
            file = escape(quote(edition.name + form.ending))
            yield f'<a href="{file}" type="{form.media_type}">{form.offered}</a>'


def _links(edition: Edition) -> Iterator[str]:
    if edition.own_citation:
        yield f'<a href="#cite">{escape(edition.terms["cite"])}</a>'
    licence = edition.record.license
    if short_name(licence):
        yield f'<a rel="license" href="{escape(licence)}">{short_name(licence)}</a>'
