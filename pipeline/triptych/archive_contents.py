"""What the PDF for an archive carries: the source it was made from, and the proof of the others.

In: a source, its edition, the edition manifest of the other files and their collation. Out: the
files to embed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from hashlib import sha256

from triptych.collate import Collation
from triptych.collate.report import as_json
from triptych.diagnostics import Diagnostic, SourceError
from triptych.edition import Edition
from triptych.formats import MANIFEST_ENDING
from triptych.manifest import EditionManifest, manifest_json
from triptych.read.files import packed
from triptych.read.source import Source
from triptych.render.pdf.archive import Attachment


def archive_contents(
    work: Source, edition: Edition, manifest: EditionManifest, collation: Collation
) -> Iterator[Attachment]:
    """The files that the archive's PDF carries.

    Raises SourceError where a file of the source has changed since it was read.
    """
    yield from _source(work, edition)
    yield Attachment(  # called a record here ever since, so that editions keep their bytes
        edition.name + MANIFEST_ENDING, manifest_json(manifest).encode(), "Data",
        "The edition record, with the SHA-256 of the other files of this edition",
    )  # fmt: skip
    told = {name: value for name, value in as_json(collation).items() if name != "seconds"}
    report = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    yield Attachment(
        edition.name + ".collation.json", report.encode(), "Supplement",
        "What the other files of this edition say, as read back and compared",
    )  # fmt: skip


def _source(work: Source, edition: Edition) -> Iterator[Attachment]:
    assert work.style is not None
    places = packed(dict(edition.source_digests))
    for name, digest in edition.source_digests:
        data = work.read(name)
        data = work.style.text if data is None else data  # a style of another folder
        if sha256(data).hexdigest() != digest:
            raise SourceError(
                [Diagnostic(work.shown(name), 0, 0, "source-changed",
                            "the file has changed during the build", "build again")]
            )  # fmt: skip
        yield Attachment(places[name], data, "Source", "A file that this edition was made from")
    style = f"{edition.style_name}.csl"
    if style not in dict(edition.source_digests):
        yield Attachment(style, work.style.text, "Source", "The citation style (CSL) followed")
