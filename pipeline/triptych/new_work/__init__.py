"""A new work: a folder that builds as it comes, to be written over.

In: what a person says of the work. Out: its files, by their paths in the folder.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import Template

_PLACES = {
    "edition.toml": "edition.toml",
    "article.md": "article.md",
    "references.bib": "references.bib",
    "panels.svg": "figures/panels.svg",
    "edition.schema.json": "edition.schema.json",
}
"""The files that come with the package, and where they go."""


@dataclass(frozen=True, slots=True)
class NewWork:
    """What is known of a work before it is written; `date` is ISO 8601, `language` BCP 47."""

    title: str
    author: str
    language: str
    style: str
    theme: str
    date: str


def files_of(work: NewWork) -> Mapping[str, str]:
    """The files of a new work, by their paths.

    Editors that know the schema (JSON Schema 2020-12) complete and check the edition record.
    """
    told = {
        "title": json.dumps(work.title, ensure_ascii=False),
        "language": json.dumps(work.language),
        "theme": json.dumps(work.theme),
        "style": json.dumps(work.style),
        "date": work.date,
        "contributor": "",
    }
    if work.author:
        name = json.dumps(work.author, ensure_ascii=False)
        told["contributor"] = f'\n[[contributor]]\nname = {name}\nrole = "author"\n'
    made = {
        path: (files(__name__) / name).read_text(encoding="utf-8") for name, path in _PLACES.items()
    }
    made["edition.toml"] = Template(made["edition.toml"]).substitute(told).rstrip() + "\n"
    return made | {".gitignore": "dist/\n"}
