"""Media types: the ending of a file's name in, its media type out (RFC 6838).

The machine's own table is not used, since it differs from machine to machine, and the same edition
must make the same files everywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from triptych.formats import FORMATS

OF_SOURCES: Mapping[str, str] = {
    ".bib": "application/x-bibtex",
    ".csl": "application/vnd.citationstyles.style+xml",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".md": "text/markdown",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".toml": "application/toml",
    ".webp": "image/webp",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
}
"""For the files in the archive's PDF. A new row here changes the bytes of editions."""

TYPES: Mapping[str, str] = {
    **OF_SOURCES,
    **{form.ending[form.ending.rfind(".") :]: form.media_type for form in FORMATS.values()},
    ".css": "text/css",
    ".js": "text/javascript",
    ".minisig": "text/plain",
    ".otf": "font/otf",
    ".ris": "application/x-research-info-systems",
    ".sig": "text/plain",
    ".tif": "image/tiff",
    ".tiff": "image/tiff",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".xhtml": "application/xhtml+xml",
}
"""For all files that a deposit may hold; those of the formats are in the table of formats."""


def media_type(name: str, types: Mapping[str, str] = TYPES) -> str:
    """The media type of a file; that of plain bytes if its ending is not known.

    >>> media_type("figures/map.SVG")
    'image/svg+xml'
    """
    return types.get(name[name.rfind(".") :].lower(), "application/octet-stream")
