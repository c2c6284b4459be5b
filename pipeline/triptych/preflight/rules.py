"""The rules of the preflight: what each asks, and where it is written.

PDF/X-4 is ISO 15930-7:2010, which is sold and not quoted here: its requirements are known from
public accounts, and each is named by its subject. The clause beside it is that of ISO 32000-1:2008,
free to read, where the thing itself is defined. What is *custom* is asked by printers, not by the
standard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What is asked, where it is written, and what a breach of it means for the file."""

    name: str
    clause: str
    asks: str
    severity: Severity = "error"


_X4 = "ISO 15930-7 (ISO 32000-1, {})"
_CUSTOM = "custom"


def _x4(name: str, clause: str, asks: str) -> Rule:
    return Rule(name, _X4.format(clause), asks)


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        _x4("file-sound", "7.5", "the file is a sound PDF"),
        _x4("file-version", "7.5.2", "the file is of PDF 1.6 or older"),
        _x4("file-encryption", "7.6", "the file is not encrypted"),
        _x4("file-identifier", "14.4", "the trailer has an ID of two strings"),
        _x4("file-filter", "7.4.4", "no stream is compressed by LZW or a Crypt filter"),
        _x4("metadata", "14.3.2", "XMP metadata stand in the clear in the catalogue"),
        _x4("metadata-version", "14.3.2", "XMP says GTS_PDFXVersion: PDF/X-4"),
        _x4("metadata-times", "14.3.2", "XMP tells times of creation, change and metadata"),
        _x4("metadata-title", "14.3.2", "XMP tells the title"),
        _x4("metadata-identity", "14.3.2", "XMP tells document, version and rendition"),
        _x4("metadata-trapped", "14.11.6", "XMP says whether the file is trapped: True or False"),
        _x4("intent-one", "14.11.5", "there is one output intent for PDF/X"),
        _x4("intent-condition", "14.11.5", "the output intent names its printing condition"),
        _x4("intent-profile", "14.11.5", "the output intent embeds an output profile"),
        _x4("box-media", "14.11.2", "each page has a MediaBox"),
        _x4("box-trim", "14.11.2", "each page has a TrimBox or an ArtBox, and not both"),
        _x4("box-nested", "14.11.2", "TrimBox lies in BleedBox, BleedBox in MediaBox"),
        _x4("annotation", "12.5", "no annotation reaches into the bleed, but for printers' marks"),
        _x4("action", "12.6", "there are no actions, scripts or forms"),
        _x4("postscript", "8.8.2", "there is no PostScript"),
        _x4("reference", "14.11.7", "no content lies outside the file, by OPI or reference"),
        _x4("alternate", "8.9.5.4", "no picture has another in its place for printing"),
        _x4("layers", "8.11.4", "layers do not switch by themselves"),
        _x4("font", "9.9", "every font that is used is embedded"),
        _x4("colour", "8.6", "every colour is known to the printing condition"),
        _x4("group", "11.6.6", "groups blend in a space the printing condition knows"),
        _x4("blend", "11.3.5", "blend modes are those of PDF"),
        _x4("transfer", "10.4", "there are no transfer functions"),
        _x4("halftone", "10.5", "halftones are of type 1 or 5, and have no name"),
        _x4("overprint-mode", "8.6.7", "colours of an ICC profile are not overprinted by mode 1"),
        Rule("overprint-white", _CUSTOM, "nothing white overprints: it would not be printed"),
        Rule("overprint-text", _CUSTOM, "text overprints only in black", "warning"),
        Rule("inks", _CUSTOM, "everything is in the inks of the press, or in grey"),
        Rule("black-text", _CUSTOM, "text that is black or grey is printed in black alone"),
        Rule("ink-coverage", _CUSTOM, "inks together cover at most 320 %"),
        Rule("hairline", _CUSTOM, "lines are at least 0.25 pt wide"),
        Rule("resolution", _CUSTOM, "pictures have enough pixels to the inch as placed"),
        Rule("bleed", _CUSTOM, "the bleed is at least 2 mm on every side", "warning"),
        Rule("trim-size", _CUSTOM, "all pages are trimmed to one size"),
        Rule("marks", _CUSTOM, "printer's marks stay out of the bleed"),
        Rule("page-count", _CUSTOM, "the pages fill sheets of four", "info"),
    )
}
