"""The formats of an edition: what each is called, how its file ends, and who reads it back.

A format is one line here, one file in `render/` that makes it, and one in `witness/` that reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MANIFEST_ENDING = ".edition.json"
"""The edition manifest, which lies beside the files of all formats."""

SIGNATURE_ENDINGS = (".sig", ".minisig")
"""Signatures of the manifest, by SSH and minisign keys, which lie beside it."""


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, the ending of its file's name, and what making it is called.

    `reader` names the module of `witness/` that reads the work out of the finished file; a cover,
    which does not hold it, has none. Not every format has `links`: paper cannot follow any. `paged`
    ones are all made of the same printed pages, which those with `marks` tell of within their text.
    """

    name: str
    ending: str
    making: str
    reader: str
    links: bool = True
    paged: bool = False
    marks: bool = False


FORMATS: Mapping[str, Format] = {
    form.name: form
    for form in (
        Format("html", ".html", "Rendering the web edition", "html", marks=True),
        Format("epub", ".epub", "Rendering the e-book edition", "epub", marks=True),
        Format("pdf", ".pdf", "Setting the pages", "pdf", paged=True),
        Format("archive", ".archive.pdf", "Embedding the source and the proof", "pdf", paged=True),
        Format("print", ".print.pdf", "Setting the pages", "pdf", links=False, paged=True),
        Format("cover", ".cover.pdf", "Setting the pages", "", links=False, paged=True),
        Format("jats", ".jats.xml", "Writing the JATS edition", "jats"),
    )
}
"""By name, in the order in which files are named to people."""

USUAL = ("html", "epub", "pdf")
"""What is made unless other formats are asked for."""


def format_of(file: str, edition: str) -> str:
    """The format of a file of the edition called `edition`, or nothing if it is none of its files.

    >>> format_of("the-sea.epub", "the-sea")
    'epub'
    """
    ending = file.removeprefix(edition) if file.startswith(edition) else ""
    return next((form.name for form in FORMATS.values() if form.ending == ending), "")


def editions_of(file: str) -> tuple[str, ...]:
    """The names of the editions that a file may belong to, by its own name."""
    return tuple(
        file.removesuffix(form.ending)
        for form in FORMATS.values()
        if file.endswith(form.ending) and file != form.ending
    )
