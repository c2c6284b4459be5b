"""People: authors, editors and their affiliations, in every way that papers name them.

In: the fields of front matter as written for Pandoc, Quarto or the Journal of Open Source Software,
or of `edition.toml`. Out: `Contributor`s, in order, and what is wrong with how they are named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

Role = Literal["author", "editor", "translator", "illustrator"]


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person or body with a part in the work; `orcid` is bare, without its URL.

    `family` is the family name at the end of `name`, where it is told apart. `corresponding` and
    `equal` are what papers tell of authors: who answers letters, and who
    contributed equally.
    """

    name: str
    role: Role = "author"
    affiliation: str = ""
    orcid: str = ""
    organisation: bool = False
    email: str = ""
    corresponding: bool = False
    equal: bool = False
    family: str = ""


@dataclass(slots=True)
class FieldProblem:
    """A field with a wrong value: its name, what is wrong, how to mend it."""

    field: str
    message: str
    hint: str
    severity: Literal["error", "warning"] = "error"


_FIELDS: tuple[tuple[str, Role], ...] = (
    ("author", "author"),
    ("authors", "author"),
    ("editor", "editor"),
    ("editors", "editor"),
    ("translator", "translator"),
)
_AFFILIATIONS = ("affiliations", "affiliation", "institute", "institutes", "institution")
_CORRESPONDING = ("corresponding", "correspondence", "corresponding-author", "corresponding_author")
_EQUAL = ("equal-contrib", "equal-contributor", "equal_contributor", "equal_contrib")


def read_people(fields: Mapping[str, Any], problems: list[FieldProblem]) -> tuple[Contributor, ...]:
    """The people of a work; those without a name are told in `problems`."""
    found: list[Contributor] = []
    affiliations = dict(_affiliations(fields))
    for name, role in _FIELDS:
        if name == "editor" and _is_program(fields.get(name)):
            continue
        for item in _parted(listed(fields.get(name))):
            person = _person(item, role, affiliations, problems)
            if person is None:
                problems.append(
                    FieldProblem(name, f"`{name}` holds a person without a name", "add name: …")
                )
            elif person not in found:
                found.append(person)
    for item in listed(fields.get("contributor")):
        named: Any = item.get("role", "author") if isinstance(item, dict) else "author"
        if named not in get_args(Role):
            problems.append(
                FieldProblem("role", f"{named!r} is not a role", f"use {', '.join(get_args(Role))}")
            )
            named = "author"
        person = _person(item, named, affiliations, problems)
        if person is not None:
            found.append(person)
    return tuple(found)


def _is_program(editor: Any) -> bool:
    """Whether `editor` says how Quarto's editor is to show the text, and is nobody."""
    if isinstance(editor, dict):
        return not {"mode", "markdown", "render-on-save"}.isdisjoint(editor)
    return editor in ("visual", "source")


def _parted(items: Sequence[Any]) -> Iterator[Any]:
    """People one by one; several in one line are parted behind their notes: `A^[x], B^[y]`."""
    for item in items:
        if isinstance(item, str) and "^[" in item:
            yield from filter(None, _BEHIND_NOTE.split(item))
        else:
            yield item


_BEHIND_NOTE = re.compile(r"(?<=\])\s*(?:[,;&]\s*)?(?:\b(?:and|y|e|et|und|en|og|och)\b\s*)?(?=\w)")


def listed(value: Any) -> Sequence[Any]:
    """A value that may be one or several as a sequence; nothing for none."""
    if value is None or value == "":
        return ()
    return value if isinstance(value, list) else (value,)


def _person(
    item: Any, role: Role, affiliations: Mapping[str, str], problems: list[FieldProblem]
) -> Contributor | None:
    if isinstance(item, str):
        named, noted = _name_and_note(item)
        return Contributor(named, role, noted) if named else None
    if not isinstance(item, dict):
        return None
    name: Any = item.get("name") or item.get("literal")
    if isinstance(name, dict):
        item, name = {**name, **item}, name.get("literal")
    if not name:
        parts = (
            item.get("given-names") or item.get("given") or item.get("firstname"),
            item.get("dropping-particle"),
            item.get("non-dropping-particle"),
            item.get("family") or item.get("surname") or item.get("lastname"),
            item.get("suffix"),
        )
        name = " ".join(str(part) for part in parts if part)
    if not name and len(item) == 1:  # "- Ada Lovelace: {affiliation: …}", as some papers write
        name, details = next(iter(item.items()))
        item = details if isinstance(details, dict) else {"affiliation": details}
    name, noted = _name_and_note(str(name or ""))
    if not name:
        return None
    places = [place for field in _AFFILIATIONS for place in listed(item.get(field))]
    told = [word for place in places for word in _places(place, affiliations)]
    for number in [word for word in told if word.isdigit()]:
        told.remove(number)
        problems.append(
            FieldProblem(
                name, f"there is no affiliation {number}, which {name} has",
                f"add it to `affiliations` with index: {number}, or correct the number", "warning",
            )
        )  # fmt: skip
    attributes = item.get("attributes")
    marks = {**item, **attributes} if isinstance(attributes, dict) else item
    return Contributor(
        name,
        role,
        "; ".join(dict.fromkeys(filter(None, [*told, noted]))),
        str(item.get("orcid", "") or "").rstrip("/").rsplit("/", 1)[-1],
        item.get("organisation") is True or item.get("organization") is True,
        str(item.get("email", "") or ""),
        any(marks.get(field) not in (None, False, "") for field in _CORRESPONDING),
        any(marks.get(field) not in (None, False, "") for field in _EQUAL),
        str(item.get("family") or item.get("surname") or item.get("lastname") or ""),
    )


def _name_and_note(written: str) -> tuple[str, str]:
    """A name without the marks of its affiliations; and the words of a note that hangs on it."""
    noted = re.search(r"(?:\^\[|\\(?:thanks|footnote)\{)(.*?)[\]}]\s*$", written, re.S)
    name = written[: noted.start()] if noted else written
    name = re.sub(r"\^[^^\[\]]*\^|\\textsuperscript\{[^}]*\}|\[\^[^\]]*\]|<sup>.*?</sup>", "", name)
    name = re.sub(r"(?<!\\)\*", "", name).replace("~", " ")
    return " ".join(name.split()).rstrip(","), " ".join(noted[1].split()) if noted else ""


# --- Affiliations --------------------------------------------------------------------------------


def _affiliations(fields: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The affiliations that people name by a number or a word, also those that one defines."""
    own = [
        item
        for field, _ in _FIELDS
        for person in listed(fields.get(field))
        if isinstance(person, dict)
        for name in _AFFILIATIONS
        for item in listed(person.get(name))
        if isinstance(item, dict) and "id" in item
    ]
    for given in (own, *(listed(fields.get(field)) for field in _AFFILIATIONS)):
        for number, item in enumerate(given, 1):
            if not isinstance(item, dict):
                yield str(number), _one_line(str(item))
                continue
            key = item.get("index", item.get("id", item.get("ref")))
            if key is None and len(item) == 1:  # "- home: A University"
                (key, details), *_ = item.items()
                item = details if isinstance(details, dict) else {"name": details}
            yield str(number if key is None else key), _place_name(item)


def _places(place: Any, affiliations: Mapping[str, str]) -> Iterator[str]:
    """The affiliations that one word of a person's names, such as `1, 2`, `home` or its name."""
    if isinstance(place, dict):
        key = str(place.get("ref", ""))
        yield affiliations.get(key, key) if key else _place_name(place)
        return
    words = str(place)
    if words in affiliations:
        yield affiliations[words]
        return
    words = _one_line(words)
    keys = [key.strip() for key in re.split(r"[,;&]", words)]
    if all(key in affiliations or key.isdigit() for key in keys):
        yield from (affiliations.get(key, key) for key in keys)
    else:
        yield words


_PLACE_PARTS = "department group name address city region state postal-code country".split()


def _place_name(item: Mapping[str, Any]) -> str:
    """An affiliation on one line, from what is nearest to what is farthest."""
    parts = (_one_line(str(item[part])) for part in _PLACE_PARTS if item.get(part))
    return ", ".join(filter(None, parts))


_LINE_BREAK = re.compile(r"\\(?:linebreak|newline)(?![A-Za-z])(?:\[\d\])?|\\\\\*?|<br\s*/?>")
"""What LaTeX and HTML break a line with, such as a long affiliation's."""


def _one_line(words: str) -> str:
    return " ".join(_LINE_BREAK.sub(" ", words).split())
