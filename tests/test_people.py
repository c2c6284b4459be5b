"""People in front matter: known in the ways of Pandoc, Quarto, JOSS and R Markdown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from triptych.people import Contributor, FieldProblem, read_people

ADA = Contributor("Ada Lovelace", affiliation="Analytical Society")


def people(**fields: Any) -> tuple[Contributor, ...]:
    problems: list[FieldProblem] = []
    found = read_people(fields, problems)
    assert not problems
    return found


@pytest.mark.parametrize(
    "fields",
    [
        {"author": [{"name": "Ada Lovelace", "affiliation": "Analytical Society"}]},
        {"author": {"name": "Ada Lovelace", "affiliations": [{"name": "Analytical Society"}]}},
        {"authors": [{"given-names": "Ada", "surname": "Lovelace", "affiliation": 1}],
         "affiliations": [{"name": "Analytical Society", "index": 1}]},
        {"author": [{"name": {"literal": "Ada Lovelace"}, "affiliations": [{"ref": "a"}]}],
         "affiliations": [{"id": "a", "name": "Analytical Society"}]},
        {"author": [{"Ada Lovelace": {"institute": ["a"]}}],
         "institute": [{"a": "Analytical Society"}]},
        {"author": [{"Ada Lovelace": {"institute": "a"}}],
         "institute": [{"a": {"name": "Analytical Society"}}]},
        {"author": "Ada Lovelace^[Analytical Society]"},
        {"author": [{"name": "Ada Lovelace^1^", "affiliation": "1"}],
         "affiliation": [{"index": "1", "name": "Analytical Society"}]},
        {"author": [r"Ada Lovelace\thanks{Analytical Society}"]},
    ],
)  # fmt: skip
def test_an_affiliation_is_known_in_every_way_papers_name_one(fields: dict[str, Any]) -> None:
    assert [replace(person, family="") for person in people(**fields)] == [ADA]


def test_an_affiliation_is_told_from_what_is_nearest_to_what_is_farthest() -> None:
    place = {"name": "Bird Observatory", "department": "Gulls", "city": "Portmere", "country": "X"}
    (person,) = people(author=[{"name": "Nora Quill", "affiliation": place}])
    assert person.affiliation == "Gulls, Bird Observatory, Portmere, X"


def test_an_affiliation_that_one_author_defines_serves_the_next() -> None:
    home = {"id": "home", "name": "Bird Observatory"}
    first, second = people(
        author=[
            {"name": "Nora Quill", "affiliations": [home]},
            {"name": "Ivo Lark", "affiliations": [{"ref": "home"}]},
        ]
    )
    assert first.affiliation == second.affiliation == "Bird Observatory"


@pytest.mark.parametrize("field", ["corresponding", "correspondence"])
def test_who_answers_letters_is_known(field: str) -> None:
    (person,) = people(author=[{"name": "Ada", field: True, "email": "a@example.org"}])
    assert person.corresponding
    assert person.email == "a@example.org"


@pytest.mark.parametrize(
    "marks",
    [
        {"equal-contrib": True},
        {"equal_contributor": True},
        {"attributes": {"equal-contributor": True}},
    ],
)
def test_who_contributed_equally_is_known(marks: dict[str, Any]) -> None:
    assert people(author=[{"name": "Ada", **marks}])[0].equal
    assert not people(author=[{"name": "Ada", "equal-contrib": False}])[0].equal


def test_particles_stand_in_the_name() -> None:
    parts = {"given-names": "Ludwig", "dropping-particle": "van", "surname": "Steen"}
    assert people(authors=[parts])[0].name == "Ludwig van Steen"


@pytest.mark.parametrize(
    "written",
    ["Ada Lee^[Quay College, Hull], Min Park^[Sea Institute]",
     "Ada Lee^[Quay College, Hull] and Min Park^[Sea Institute]",
     "Ada Lee^[Quay College, Hull] Min Park^[Sea Institute]"],
)  # fmt: skip
def test_several_authors_in_one_line_are_parted_behind_their_notes(written: str) -> None:
    people = read_people({"author": written}, [])
    assert [(p.name, p.affiliation) for p in people] == [
        ("Ada Lee", "Quay College, Hull"), ("Min Park", "Sea Institute"),
    ]  # fmt: skip


@pytest.mark.parametrize("editor", ["visual", "source", {"markdown": {"wrap": 72}}])
def test_the_editor_of_quarto_is_a_program(editor: object) -> None:
    assert read_people({"author": "Ada Lee", "editor": editor}, [])[1:] == ()
    assert read_people({"editor": "Min Park"}, [])[0].role == "editor"


@pytest.mark.parametrize(
    "words", [r"Quay \linebreak College", r"Quay\\ College", "Quay <br> College"]
)
def test_a_line_break_in_an_affiliation_is_a_space(words: str) -> None:
    (ada,) = people(author=[{"name": "Ada", "affiliation": words}])
    (bo,) = people(
        author=[{"name": "Bo", "affiliation": 1}], affiliations=[{"index": 1, "name": words}]
    )
    assert (ada.affiliation, bo.affiliation) == ("Quay College", "Quay College")


def test_an_affiliation_that_is_not_there_is_told_and_not_printed() -> None:
    problems: list[FieldProblem] = []
    fields = {
        "authors": [{"name": "Ada", "affiliation": "1, 3"}],
        "affiliations": [{"index": 1, "name": "Quay"}],
    }
    (ada,) = read_people(fields, problems)
    assert ada.affiliation == "Quay"
    assert [(p.severity, "no affiliation 3" in p.message) for p in problems] == [("warning", True)]
