"""Differences: the ways in which a finished file may not say what it must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """One way in which a finished file does not say what it must.

    `kind` is a key of KINDS, `witness` the format of the file, and `place` where in the file.
    `subject` is the id in the ledger of what differs; it is empty for plain text. `expected` and
    `found` are what the ledger and the file say, empty if one of them says nothing. `near` are
    words beside it, where they are needed to find its place in the text.
    """

    witness: str
    kind: str
    subject: str
    message: str
    expected: str = ""
    found: str = ""
    place: str = ""
    near: str = ""

    def __post_init__(self) -> None:
        assert self.kind in KINDS, self.kind

    def __str__(self) -> str:
        where = f"{self.witness}, {self.place}" if self.place else self.witness
        return f"{where}: {self.message} [{self.kind}]"


KINDS: Mapping[str, str] = {
    "fixity": "the file is not, byte for byte, the one the edition manifest names",
    "unreadable": "the file cannot be read as what it claims to be",
    "text-differs": "running text differs",
    "text-missing": "running text is missing",
    "text-extra": "the file has running text that the edition does not have",
    "text-moved": "running text is in another place",
    "citation-differs": "a citation says something else",
    "citation-missing": "a citation is missing",
    "citation-extra": "the file has a citation where the edition has none",
    "citation-moved": "a citation is in another place",
    "link-missing": "a link is missing, or covers only part of its words",
    "link-dead": "a link leads nowhere",
    "link-astray": "a link leads to something else",
    "link-extra": "words are a link in the file, but not in the edition",
    "entry-differs": "a bibliography entry says something else",
    "entry-missing": "a bibliography entry is missing",
    "entry-extra": "the file has a bibliography entry that the edition does not have there",
    "entry-moved": "a bibliography entry is in another place",
    "note-differs": "a note says something else",
    "note-missing": "a note is missing",
    "note-extra": "the file has a note that the edition does not have",
    "note-moved": "a note is in the place of another",
    "note-mark": "the number of a note is wrong, in the text or at the note",
    "list-differs": "the number or bullet of a list item is wrong, or not seen",
    "number-differs": "the number of a section, figure or table is wrong",
    "reference-differs": "a cross-reference does not print the number of what it leads to",
    "structure-differs": "a heading or caption is not marked as one, or other words are",
    "emphasis-differs": "words are not in the type of the edition: italic, bold, raised and so on",
    "formula-differs": "a formula is built in another way: raised, lowered, above, below and so on",
    "page-missing": "a printed page is not marked, or not listed",
    "page-moved": "a printed page is marked in another place than in print",
    "folio-differs": "the number printed on a page is not the label of the page",
    "head-differs": "the head of a page does not name the work or the section",
    "index-differs": "the index does not name the printed pages of its terms",
    "cover-size": "the cover does not fit the size of the pages, or its spine their number",
    "picture-missing": "a picture is missing",
    "picture-extra": "the file has a picture that the edition does not have there",
    "picture-alt": "the alternative text of a picture is another one",
    "picture-words": "a picture does not show its words, or shows others",
    "picture-differs": "a picture is blank, cut off or another one",
    "contents-differs": "the contents or bookmarks name or lead to something else",
    "front-differs": "title page, colophon or something else around the text differs",
    "navigation-differs": "the spine, a landmark or another way into an e-book differs",
    "metadata-differs": "what the file tells programs about the work differs",
    "download-differs": "a file of references inside the page differs",
    "hidden": "the file has text that a reader does not see",
    "disguised": "a reader sees something other than what the text says",
}
"""Every kind of difference with its meaning; `docs/proof.md` lists them."""
