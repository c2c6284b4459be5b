"""The files that a record names beside bibliographies: the citation style, the printer's profile.

In: a record, and where it is stated. Out: their contents; what is wrong with them is noted.
"""

from __future__ import annotations

from pathlib import Path

from triptych.read.csl import CitationStyle, StyleProblem, find_style, style_file
from triptych.read.files import SourceFiles, Stated
from triptych.read.paths import ANYWHERE, Refused
from triptych.record import EditionRecord


def read_style(
    files: SourceFiles, given: str | None, record: EditionRecord, stated: Stated
) -> CitationStyle | None:
    """The citation style of a work. One that the user has `given` may lie anywhere."""
    folder, reach = (Path.cwd(), ANYWHERE) if given else (files.folder, files.reach)
    try:
        style = find_style(record.csl, folder, reach)
        own = style_file(record.csl, folder, reach)
    except StyleProblem as problem:
        place = (Path("--csl"), 0, 0) if given else stated.at("csl", "citation-style")
        files.note(*place, problem.code, str(problem), problem.hint)
        return None
    if own is not None:
        # Its place on this machine is nobody's concern: its name is enough.
        apart = not (own.is_relative_to(files.folder) or own.parent in files.folder.parents)
        files.digest(own, reach.read(own) or b"", _name_of(own, files) if given and apart else "")
    return style


def _name_of(style: Path, files: SourceFiles) -> str:
    """A name for a style from elsewhere that no file of the source has."""
    taken = (files.folder / style.name).exists()
    return f"{style.parent.name}/{style.name}" if taken else style.name


def read_profile(files: SourceFiles, record: EditionRecord, stated: Stated) -> bytes:
    """The ICC profile to print the work with; empty for the built-in one."""
    name = record.printing.profile
    if not name:
        return b""
    path = files.folder / name
    place = stated.at(name, "profile")
    try:
        data = files.reach.read(path) or b""
    except Refused as refused:
        files.note(*place, refused.code, f"the ICC profile {name} {refused}", refused.hint)
        return b""
    if data[12:20] != b"prtrCMYK":  # ICC.1, 7.2: device class and colour space
        files.note(
            *place, "print-profile",
            f"{name} is no ICC profile of a press with four inks" if data
            else f"the ICC profile {name} does not exist",
            "name a CMYK output profile in the source's folder, or leave `profile` out",
        )  # fmt: skip
        return b""
    files.digest(path, data)
    return data
