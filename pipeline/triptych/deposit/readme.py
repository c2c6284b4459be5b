"""The README of a package: plain text from which a person learns, without software, what is here.

In: a package, and what happened to it. Out: UTF-8 text, in lines that fit a terminal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence

from triptych.deposit.package import Package, PackagePart, PartKind
from triptych.deposit.provenance import PROVENANCE, Event
from triptych.deposit.sbom import SBOM
from triptych.formats import FORMATS, Format
from triptych.people import Contributor

README = "README.txt"
"""The file's name. It is in the bag's own folder, where people look first."""

_PAYLOAD = "data"
_MANIFEST = "manifest-sha256.txt"
_WIDTH = 79
_HEADINGS: Mapping[PartKind, str] = {
    "edition": "The editions",
    "manifest": "The edition manifest",
    "source": "The source they were made from",
    "report": "What was checked, and what was found",
    "design": "The design: style sheets, typefaces, citation style",
    "document": "What describes all this",
}
_TITLES = {
    "sig": "Signature of the edition manifest, with an SSH key",
    "minisig": "Signature of the edition manifest, with a minisign key",
    "reports/collation.json": "Collation: each citation as each edition has it, for programs",
    "reports/collation.html": "Collation: each citation as each edition has it, as a web page",
    "reports/check.json": "What the validators of each format found",
    SBOM: "Bill of the tools that made the editions (CycloneDX)",
    PROVENANCE: "What happened to all this, and who did it (PREMIS)",
    "ro-crate-metadata.json": "Description of this folder for programs (RO-Crate)",
    "md": "The text as its author wrote it, in Markdown",
    "csl": "Citation style",
    "css": "Style sheet",
    "js": "Script",
    "ttf": "Typeface",
    "otf": "Typeface",
    "woff2": "Typeface",
    "bib": "Bibliography (BibTeX)",
    "ris": "Bibliography (RIS)",
    "xml": "The text with its structure marked, for programs (XML)",
}
"""What files are, by their path or its ending."""


def title_of(path: str, part: PackagePart) -> str:
    """A few words that say what a part of a package is."""
    name = path.rsplit("/", 1)[-1]
    if part.kind == "edition":
        return form.title if (form := _format(name)) else name
    if part.kind == "manifest" and name.endswith(".json"):
        return "Edition manifest: title, people, digests of all files, and every citation"
    if part.kind == "source" and name.endswith(".toml"):
        return "Title, people, dates and rights"
    if part.kind == "source" and name.endswith(".json"):
        return "Bibliography (CSL-JSON)"
    if part.kind == "source" and part.media_type.startswith("image/"):
        return "Figure"
    if part.kind == "design" and name.endswith(".txt"):
        return "Licence of a typeface"
    if part.kind == "design" and name.endswith("html"):
        return "Template"
    return _TITLES.get(path) or _TITLES.get(name.rsplit(".", 1)[-1]) or name


def _format(name: str) -> Format | None:
    """The format of a finished file: the one with the longest ending that its name has."""
    known = sorted(FORMATS.values(), key=lambda form: -len(form.ending))
    return next((form for form in known if name.endswith(form.ending)), None)


def readme(package: Package, events: Sequence[Event]) -> str:
    """The README of a package, for the folder above its parts."""
    return "\n".join(_lines(package, events)) + "\n"


def _lines(package: Package, events: Sequence[Event]) -> Iterator[str]:
    yield from _title(package)
    yield from _section(
        "What this is",
        "This folder preserves one edition of the work named above: the finished files for "
        "reading, the source they were made from, a record of how, and the proof that they say "
        f"the same. All of it lies in the folder {_PAYLOAD}. The files beside this one, named "
        "bagit, bag-info, manifest and tagmanifest, list it in a form for archives (BagIt, RFC "
        "8493). They are plain text as well.",
    )
    yield from _how_to_read(package)
    yield from _how_to_check(package)
    yield from _what_each_is(package)
    yield from _how_it_was_made(package)
    yield from _what_happened(events)


def _title(package: Package) -> Iterator[str]:
    record = package.manifest.record
    yield from _paragraph(record.full_title)
    yield "=" * min(_WIDTH, len(record.full_title))
    yield ""
    for name, value in (
        *((person.role.capitalize(), _person(person)) for person in record.contributors),
        ("Date", record.date),
        ("Publisher", record.publisher),
        ("Language", record.language),
        ("Identifier", package.identifier),
        ("Rights", record.rights),
        ("Licence", record.license),
    ):
        if value:
            yield from _hung(f"{name}: ", value)


def _person(person: Contributor) -> str:
    orcid = f"https://orcid.org/{person.orcid}" if person.orcid else ""
    return ", ".join(filter(None, [person.name, person.affiliation, orcid]))


def _how_to_read(package: Package) -> Iterator[str]:
    yield from _section("How to read it", "The editions say the same; choose any.")
    editions = [path for path, part in package.parts.items() if part.kind == "edition"]
    for form in FORMATS.values():
        for path in editions:
            if _format(path) == form:
                yield ""
                yield from _hung(f"{_shown(path)}: ", form.opened)
    articles = [
        path for path in package.parts if path.startswith("source/") and path.endswith("md")
    ]
    if articles:
        yield ""
        yield from _paragraph(
            f"If nothing opens these any more, read {_shown(articles[0])}: it is the text as its "
            "author wrote it, with a few marks for headings and citations. The works cited are "
            "in the bibliography beside it."
        )


def _how_to_check(package: Package) -> Iterator[str]:
    yield from _section(
        "How to check that nothing has changed",
        f"{_MANIFEST} has a line for each file in {_PAYLOAD}: a number of 64 digits and letters, "
        "which is the SHA-256 of the file's bytes (FIPS 180-4), and the file's path. Any program "
        "that computes SHA-256 will do. On Linux, in this folder:",
    )
    yield from ("", f"    sha256sum --check --quiet {_MANIFEST}", "")
    yield from _paragraph(
        "On macOS write shasum -a 256 instead of sha256sum. On Windows, Get-FileHash tells a "
        "file's number, to be compared with its line. A file that has changed by a single bit "
        "has another number; the command names it."
    )
    for path in package.parts:
        manifest, _, ending = path.rpartition(".")
        if ending in ("sig", "minisig") and manifest in package.parts:
            yield ""
            yield from _paragraph(
                f"{_shown(path)} is a signature of {_shown(manifest)}, which names the SHA-256 of "
                "each edition. Whether it is the signer's is told by their public key; have it "
                "from them, not from here. Then:"
            )
            yield ""
            yield from _how_to_verify(_shown(manifest), ending)


def _how_to_verify(manifest: str, ending: str) -> Iterator[str]:
    if ending == "minisig":
        yield f"    minisign -V -p SIGNER.pub -m {manifest}"
    else:
        yield "    ssh-keygen -Y verify -f ALLOWED_SIGNERS -I SIGNER -n triptych-edition \\"
        yield f"        -s {manifest}.sig \\"
        yield f"        < {manifest}"


def _what_each_is(package: Package) -> Iterator[str]:
    yield from _section("What each file is")
    for kind, heading in _HEADINGS.items():
        parts = {path: part for path, part in package.parts.items() if part.kind == kind}
        if parts:
            yield from ("", heading, "")
        for path, part in parts.items():
            yield f"  {_shown(path)}"
            words = f"{title_of(path, part)}; {part.media_type}, {len(part.data)} bytes"
            yield from _hung("      ", words)


def _how_it_was_made(package: Package) -> Iterator[str]:
    tools = sorted(package.manifest.tools.items())
    made = ", ".join(f"{name} {version}" for name, version in tools)
    yield from _section(
        "How it was made",
        f"The editions were made from the source by these programs: {made}. "
        f"{_shown(SBOM)} lists all that they stand on, with versions and digests. Citations are "
        f"in the style “{package.manifest.style.title}”. The same source and the same versions "
        "give the same bytes: whoever makes the editions again can compare.",
    )


def _what_happened(events: Sequence[Event]) -> Iterator[str]:
    yield from _section("What happened to it")
    for event in events:
        names = ", ".join(agent.id for agent in event.agents)
        note = f" ({event.note})" if event.note else ""
        yield ""
        yield from _hung(
            f"{event.when}  ", f"{event.detail} ({names}). Outcome: {event.outcome}{note}."
        )


def _section(heading: str, text: str = "") -> Iterator[str]:
    yield from ("", "", heading, "-" * len(heading))
    if text:
        yield ""
        yield from _paragraph(text)


def _paragraph(text: str) -> list[str]:
    return _hung("", text, "")


def _hung(head: str, text: str, rest: str = "      ") -> list[str]:
    """A paragraph that begins with `head`; its other lines are indented by `rest`."""
    return textwrap.wrap(
        text, _WIDTH, initial_indent=head, subsequent_indent=rest,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _shown(path: str) -> str:
    return f"{_PAYLOAD}/{path}"
