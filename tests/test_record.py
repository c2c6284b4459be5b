"""The edition record: read from fields by many names, each wrong value told and made good."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triptych.people import Contributor
from triptych.record import DEFAULT_STYLE, EditionRecord, read_record
from triptych.trim_size import DEFAULT_TRIM


def sound(**fields: Any) -> EditionRecord:
    """The record of fields that hold no mistake."""
    reading = read_record({k.replace("_", "-"): v for k, v in fields.items()}, "Untitled")
    assert not reading.problems
    return reading.record


def wrong(**fields: Any) -> tuple[str, EditionRecord]:
    """The name of the one field with a wrong value, and the record as far as it was read."""
    reading = read_record({k.replace("_", "-"): v for k, v in fields.items()}, "Untitled")
    (problem,) = reading.problems
    assert problem.message
    assert problem.hint
    return problem.field, reading.record


def test_a_record_of_nothing_has_a_title_a_language_a_style_and_a_size() -> None:
    record = sound()
    assert record.title == "Untitled"
    assert record.language == "en"
    assert record.csl == DEFAULT_STYLE
    assert record.trim_size == DEFAULT_TRIM
    assert record.number_sections is None


def test_the_identifier_is_the_same_from_build_to_build_and_each_works_own() -> None:
    one = sound(title="Engines", author="Ada Lovelace").identifier
    assert one.startswith("urn:uuid:")
    assert sound(title="Engines", author="Ada Lovelace", date=1843).identifier == one
    assert sound(title="Engines", author="Charles Babbage").identifier != one
    assert sound(title="Engines", doi="10.1/x").identifier == "10.1/x"


@pytest.mark.parametrize(
    ("fields", "identifier"),
    [
        ({"isbn": "978-3-16-148410-0"}, "urn:isbn:9783161484100"),
        ({"isbn": "0-306-40615-2"}, "urn:isbn:9780306406157"),
        ({"identifier": {"scheme": "ISBN-13", "text": 9783161484100}}, "urn:isbn:9783161484100"),
        ({"identifier": "ISBN 0 306 40615 2"}, "urn:isbn:9780306406157"),
        ({"identifier": "978-3-16-148410-0"}, "978-3-16-148410-0"),
        ({"identifier": "0306406152"}, "0306406152"),  # ten digits may be any number
        ({"identifier": "10.1/x", "isbn": "978-3-16-148410-0"}, "10.1/x"),
        ({"identifier": [{"scheme": "DOI", "text": "10.1/x"}, {"scheme": "ISBN", "text": "9"}]},
         "10.1/x"),
    ],
)  # fmt: skip
def test_what_is_called_an_isbn_is_known_as_one(fields: dict[str, Any], identifier: str) -> None:
    assert sound(**fields).identifier == identifier


@pytest.mark.parametrize(
    ("fields", "right"),
    [
        ({"isbn": "978-3-16-148410-1"}, "0"),
        ({"isbn": "0-8044-2957-1"}, "X"),
        ({"identifier": "urn:isbn:9783161484101"}, "0"),
        ({"identifier": "978-3-16-148410-1"}, "0"),
        ({"identifier": [{"scheme": "ISBN", "text": "9783161484101"}]}, "0"),
        ({"isbn": "978-3-16-14841"}, "10"),
    ],
)
def test_an_isbn_that_cannot_be_right_is_told(fields: dict[str, Any], right: str) -> None:
    (problem,) = read_record(fields, "Untitled").problems
    assert (problem.field, problem.severity) == (next(iter(fields)), "warning")
    assert "ISBN" in problem.message
    assert problem.message.endswith(right)


def test_title_and_subtitle_make_the_full_title() -> None:
    assert sound(title="Engines", subtitle="A History").full_title == "Engines: A History"
    assert sound(title="Engines").full_title == "Engines"


@pytest.mark.parametrize(
    "fields",
    [
        {"author": "Ada Lovelace"},
        {"author": ["Ada Lovelace"]},
        {"authors": [{"name": "Ada Lovelace"}]},
        {"author": [{"given": "Ada", "family": "Lovelace"}]},
        {"author": [{"name": {"given": "Ada", "family": "Lovelace"}}]},
        {"author": [{"Ada Lovelace": {}}]},
        {"contributor": [{"name": "Ada Lovelace", "role": "author"}]},
    ],
)
def test_an_author_is_known_in_every_way_papers_name_one(fields: dict[str, Any]) -> None:
    (author,) = sound(**fields).authors
    assert replace(author, family="") == Contributor("Ada Lovelace")


def test_people_have_roles_affiliations_and_bare_orcids() -> None:
    record = sound(
        authors=[
            {
                "name": "Ada Lovelace",
                "affiliation": "1,2",
                "orcid": "https://orcid.org/0000-0002-1825-0097",
            }
        ],
        affiliations=[{"index": 1, "name": "Analytical"}, {"index": 2, "name": "Difference"}],
        editor="Charles Babbage",
        contributor=[{"name": "The Press", "role": "translator", "organisation": True}],
    )
    assert record.contributors == (
        Contributor("Ada Lovelace", "author", "Analytical; Difference", "0000-0002-1825-0097"),
        Contributor("Charles Babbage", "editor"),
        Contributor("The Press", "translator", organisation=True),
    )


def test_a_person_named_twice_is_one_person() -> None:
    assert len(sound(author="Ada Lovelace", authors=["Ada Lovelace"]).authors) == 1


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (date(2023, 7, 17), "2023-07-17"),
        (datetime(2023, 7, 17, 12, 30), "2023-07-17"),
        (2023, "2023"),
        ("2023-07", "2023-07"),
        ("17 July 2023", "2023-07-17"),
        ("July 17, 2023", "2023-07-17"),
        ("17.07.2023", "2023-07-17"),
        ("", ""),
    ],
)
def test_a_date_is_known_in_every_way_papers_write_one(written: object, read: str) -> None:
    assert sound(date=written).date == read


@pytest.mark.parametrize(
    ("written", "width", "height"),
    [
        ("a5", 148, 210),
        ("Royal", 156, 234),
        ("156mm x 234mm", 156, 234),
        ("6 × 9 in", 152.4, 228.6),
        ("15,6 cm x 23,4 cm", 156, 234),
    ],
)
def test_a_trim_size_is_read_in_millimetres(written: str, width: float, height: float) -> None:
    assert sound(trim_size=written).trim_size == pytest.approx((width, height))


@pytest.mark.parametrize("written", ["tiny", "1mm x 1mm", "2in x 900in", 7])
def test_a_trim_size_that_no_press_has_is_told_and_the_usual_one_taken(written: object) -> None:
    field, record = wrong(trim_size=written)
    assert field == "trim-size"
    assert record.trim_size == DEFAULT_TRIM


@pytest.mark.parametrize(
    ("written", "read"), [("de", "de"), ("en_GB", "en-GB"), ("de.UTF-8", "de")]
)
def test_a_language_is_made_a_tag_of_bcp_47(written: str, read: str) -> None:
    assert sound(lang=written).language == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("language", "English please"),
        ("date", "soon"),
        ("title", {"main": "Engines"}),
        ("authors", [{"orcid": "", "affiliation": "Nowhere"}]),
    ],
)
def test_a_field_with_a_wrong_value_is_told_by_name(name: str, value: object) -> None:
    assert wrong(**{name: value})[0] == name


def test_a_role_that_is_none_is_told_and_taken_for_an_author() -> None:
    field, record = wrong(contributor=[{"name": "Ada Lovelace", "role": "muse"}])
    assert field == "role"
    assert [person.name for person in record.authors] == ["Ada Lovelace"]


def test_keywords_are_a_list_or_parted_by_commas() -> None:
    assert sound(keywords="engines, notes, engines").keywords == ("engines", "notes")
    assert sound(tags=["engines", "notes"]).keywords == ("engines", "notes")


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
names = st.sampled_from(
    """title subtitle author authors editor contributor affiliations lang date identifier rights
    keywords tags abstract csl trim-size number-sections""".split()
)


@given(st.dictionaries(names, values, max_size=4))
def test_whatever_the_fields_hold_a_record_with_a_title_is_made(fields: dict[str, Any]) -> None:
    record = read_record(fields, "Untitled").record
    assert record.title
    assert record.identifier
    assert min(record.trim_size) >= 60
