"""The validators: independent programs that check a finished file against its standard.

Each module runs one program, and has the same two functions:

    available() -> str                      the program's version; raises ValidatorMissing
    validate(files, ...) -> list[Verdict]   in the order of the files; raises ValidatorError

| module      | program                  | reads | standard                                       |
|-------------|--------------------------|-------|------------------------------------------------|
| `epubcheck` | EPUBCheck (W3C)          | EPUB  | EPUB 3.3                                       |
| `ace`       | Ace by DAISY             | EPUB  | EPUB Accessibility 1.1, WCAG 2.2 A and AA      |
| `verapdf`   | veraPDF                  | PDF   | PDF/UA-1 (ISO 14289-1), PDF/A (ISO 19005)      |
| `nu`        | Nu Html Checker          | HTML  | HTML (the WHATWG living standard), CSS         |
| `jats`      | the DTD, read by libxml2 | JATS  | JATS Publishing 1.4 (ANSI/NISO Z39.96-2024)    |
| `preflight` | Triptych's own           | PDF   | PDF/X-4 (ISO 15930-7), printers' practice      |
| `ghostscript` | Ghostscript            | PDF   | none: it must draw the pages without errors    |
| `qpdf`      | qpdf                     | PDF   | PDF's syntax (ISO 32000)                       |
| `axe`       | axe-core, in a browser   | HTML  | WCAG 2.2 A and AA                              |

Most of them take long to start (a Java machine, a browser) and little time for each further file.
Give them all their files in one call.
"""

from triptych.validators.verdict import (
    Finding,
    Location,
    ValidatorError,
    ValidatorFailed,
    ValidatorMissing,
    Verdict,
)

__all__ = [
    "Finding",
    "Location",
    "ValidatorError",
    "ValidatorFailed",
    "ValidatorMissing",
    "Verdict",
]
