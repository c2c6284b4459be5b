"""What must hold for any input, however odd."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from triptych.diagnostics import excerpt, position
from triptych.read.bibliography import read_bibliography
from triptych.resolve.identifiers import plain_id
from triptych.resolve.svg.sanitize import sanitize_svg

# The first draw of any text builds tables of Unicode: on a slow machine that alone takes too long.
any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
ENDINGS = st.sampled_from(["json", "bib", "ris", "txt"])


@any_speed
@given(st.text(), ENDINGS)
def test_any_text_is_a_bibliography_or_a_diagnostic(text: str, ending: str) -> None:
    read = read_bibliography(f"refs.{ending}", text)
    assert all(found.line >= 0 and found.message for found in read.diagnostics)


@any_speed
@given(st.text(), st.data())
def test_a_position_leads_back_to_its_offset(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    line, column = position(text, offset)
    assert len("\n".join(text.split("\n")[: line - 1])) + (line > 1) + column - 1 == offset
    assert "\n" not in excerpt(text, offset)


@any_speed
@given(st.text(min_size=1))
def test_any_identifier_becomes_one_that_all_formats_carry(name: str) -> None:
    plain = plain_id(name)
    assert plain == plain_id(plain)
    assert not set(plain) & set(" :/#\"'<>&")


@any_speed
@given(st.sampled_from(["script", "foreignObject"]), st.sampled_from(["onload", "onclick"]))
def test_nothing_in_a_figure_can_run(element: str, handler: str) -> None:
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" {handler}="go()">'
        f'<{element}>go()</{element}><a href="https://example.org"/><rect width="1"/></svg>'
    )
    cleaned = sanitize_svg(svg.encode()).data.decode()
    assert "go()" not in cleaned
    assert "example.org" not in cleaned
    assert "rect" in cleaned
