"""The rules of the preflight: what each requires, and where it is written.

PDF/X-4 is ISO 15930-7:2010, which is sold and not quoted here. Its requirements are known from
public descriptions. A rule names the clause whose title, in the freely available table of contents,
is the rule's subject. If there is no such title, no clause is named. Beside it is the clause of ISO
32000-1:2008, which is free to read, where the thing itself is defined. What is *custom* is required
by printers, not by the standard.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from triptych.diagnostics import FindingSeverity


@dataclass(frozen=True, slots=True)
class Rule:
    """What is required, where it is written, and what a breach of it means for the file."""

    name: str
    clause: str
    asks: str
    severity: FindingSeverity = "error"


_CUSTOM = "custom"


def _x4(name: str, clause: str, defined: str, asks: str) -> Rule:
    where = f", {clause}" if clause else ""
    return Rule(name, f"ISO 15930-7{where} (ISO 32000-1, {defined})", asks)


RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        _x4("file-sound", "6.1", "7.5", "the file is a sound PDF"),
        _x4("file-version", "6.1", "7.5.2", "the file is of PDF 1.6 or older"),
        _x4("file-encryption", "6.15", "7.6", "the file is not encrypted"),
        _x4("file-identifier", "6.10", "14.4", "the trailer has an ID of two strings"),
        _x4("file-filter", "6.8", "7.4.4", "no stream is compressed by LZW or a Crypt filter"),
        _x4("metadata", "6.10", "14.3.2", "XMP metadata stand in the clear in the catalogue"),
        _x4("metadata-version", "6.11", "14.3.2", "XMP says GTS_PDFXVersion: PDF/X-4"),
        _x4("metadata-times", "6.10", "14.3.2", "XMP tells times of creation, change and metadata"),
        _x4("metadata-title", "6.10", "14.3.2", "XMP tells the title"),
        _x4("metadata-agree", "6.10", "14.3.3", "XMP and the information dictionary say the same"),
        _x4("metadata-identity", "6.10", "14.3.2", "XMP tells document, version and rendition"),
        _x4(
            "metadata-trapped",
            "6.9",
            "14.11.6",
            "XMP says whether the file is trapped: True or False",
        ),
        _x4("intent-one", "6.4", "14.11.5", "there is one output intent for PDF/X"),
        _x4("intent-condition", "6.4", "14.11.5", "the output intent names its printing condition"),
        _x4("intent-profile", "6.4", "14.11.5", "the output intent embeds an output profile"),
        _x4("icc", "6.4", "8.6.5.5", "ICC profiles are sound, and of the channels that use them"),
        _x4("separation", "6.4", "8.6.6.4", "one spot colour is one mixture everywhere"),
        _x4("box-media", "6.12", "14.11.2", "each page has a MediaBox"),
        _x4("box-trim", "6.12", "14.11.2", "each page has a TrimBox or an ArtBox, and not both"),
        _x4("box-nested", "6.12", "14.11.2", "TrimBox lies in BleedBox, BleedBox in MediaBox"),
        _x4(
            "annotation",
            "6.17",
            "12.5",
            "no annotation reaches into the bleed, but for printers' marks",
        ),
        _x4("action", "6.18", "12.6", "there are no actions, scripts or forms"),
        _x4("form", "6.26", "12.7.8", "there is no form of XFA"),
        _x4("operator", "6.19", "7.8.2", "there is no operator that PDF does not have"),
        _x4("viewer", "6.21", "12.2", "viewers show and print no less than the bleed"),
        _x4("presentation", "6.22", "12.4.4", "there are no other presentations of the pages"),
        _x4("postscript", "6.14", "8.8.2", "there is no PostScript"),
        _x4("reference", "6.7", "14.11.7", "no content lies outside the file, by OPI or reference"),
        _x4("embedded", "6.7", "7.11.4", "no file is embedded or attached"),
        _x4("alternate", "6.16", "8.9.5.4", "no picture has another in its place for printing"),
        _x4(
            "jpeg-2000", "6.27", "7.4.9", "JPEG 2000 pictures have 1, 3 or 4 channels of one depth"
        ),
        _x4("rendering-intent", "6.23", "8.6.5.8", "rendering intents are those of PDF"),
        _x4("layers", "6.24", "8.11.4", "layers do not switch by themselves"),
        _x4("font", "6.5", "9.9", "every font that is used is embedded"),
        _x4("name", "6.6", "7.3.5", "names of fonts and inks are UTF-8"),
        _x4("colour", "6.4", "8.6", "every colour is known to the printing condition"),
        _x4("group", "6.20", "11.6.6", "groups blend in a space the printing condition knows"),
        _x4("blend", "6.20", "11.3.5", "blend modes are those of PDF"),
        _x4("transfer", "6.13", "10.4", "there are no transfer functions"),
        _x4("halftone", "6.13", "10.5", "halftones are of type 1 or 5, and have no name"),
        _x4("limit", "6.25", "C.2", "nothing is beyond the limits of PDF"),
        _x4(
            "overprint-mode", "", "8.6.7", "colours of an ICC profile are not overprinted by mode 1"
        ),
        Rule("glyph-missing", _CUSTOM, "no letter is shown as the sign for one that is missing"),
        Rule("font-widths", _CUSTOM, "letters are as wide as their font says"),
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
