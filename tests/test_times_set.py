"""How often pages are set and notes laid out: once, but for what must be tried."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pypdfium2
import pytest
from conftest import Desk

from triptych.render.pdf.pages import Paged, render_paged
from triptych.render.typesetter.weasyprint import load

load()  # before its modules
from weasyprint.formatting_structure.boxes import FootnoteAreaBox  # noqa: E402
from weasyprint.layout import block  # noqa: E402

WORDS = "The tide came in and the ships went out again, as they had done every day before. "
TEXT = f"{WORDS * 9}\n\n"
HEADS = 9
WIDE = "\n".join(
    ["| " + " | ".join(f"Haven{n:02}" for n in range(HEADS)) + " |", "|---" * HEADS + "|"]
    + ["| " + " | ".join(f"{row * n}" for n in range(HEADS)) + " |" for row in range(4)]
)
LONG = "\n".join(["| No. | Ships |", "|--|--|", *(f"| {n} | {n * 37 % 911} |" for n in range(90))])


def paged(desk: Desk, body: str, contents: bool = False) -> Paged:
    """The pages of a work."""
    return render_paged(desk.edition(body, "toc: true\n" if contents else ""))


def texts(made: Paged) -> list[str]:
    """The text of each page."""
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(made.pages)]


@pytest.fixture
def laid(monkeypatch: pytest.MonkeyPatch) -> Counter[Any]:
    """How often each note is laid out by the typesetter."""
    counted: Counter[Any] = Counter()
    original = block.block_box_layout

    def counting(context: Any, box: Any, *rest: Any) -> Any:
        if isinstance(rest[2], FootnoteAreaBox):
            counted[box.element] += 1
        return original(context, box, *rest)

    monkeypatch.setattr(block, "block_box_layout", counting)
    return counted


def test_pages_of_text_and_notes_are_set_once(desk: Desk) -> None:
    made = paged(desk, "".join(f"{TEXT[:-2]}[^{n}]\n\n[^{n}]: {WORDS}\n\n" for n in range(20)))
    assert len(made.times_set) > 5
    assert sum(made.times_set[2:]) == len(made.times_set) - 2


def test_short_notes_are_laid_out_once_each_however_many_a_page_has(
    desk: Desk, laid: Counter[Any]
) -> None:
    paged(desk, "".join(f"Seen.[^{n}]\n\n[^{n}]: Note {n}.\n\n" for n in range(80)))
    assert len(laid) == 80
    assert sum(laid.values()) < 1.4 * 80


def test_a_note_over_pages_is_laid_out_a_few_times(desk: Desk, laid: Counter[Any]) -> None:
    paged(desk, f"{TEXT}Seen.[^long]\n\n{TEXT * 9}[^long]: {WORDS * 80}\n")
    (times,) = laid.values()
    assert times < 10


def test_a_table_too_wide_is_set_smaller_without_setting_its_page_again(desk: Desk) -> None:
    made = paged(desk, f"{TEXT * 3}{WIDE}\n\n: Wide\n\n{TEXT * 3}")
    assert [misfit.turned for misfit in made.misfits] == [False]
    assert set(made.times_set[2:]) == {1}


def test_only_the_pages_beside_a_table_are_set_again_for_it(desk: Desk) -> None:
    made = paged(desk, f"{TEXT * 20}{LONG}\n\n: Long\n\n{TEXT * 20}")
    again = [number for number, times in enumerate(made.times_set[2:]) if times > 1]
    assert again
    assert again == list(range(again[0], again[-1] + 1))
    assert len(again) <= 3 < len(made.times_set) / 3


def test_notes_of_a_table_set_anew_stand_once_on_its_page(desk: Desk) -> None:
    noted = WIDE.replace("| 0 |", "| 0[^in] |", 1)
    body = f"# One\n\n{TEXT * 8}{noted}\n\n: Wide\n\n[^in]: In the table.\n\n{TEXT}# Two\n\n{TEXT}"
    made = paged(desk, body, contents=True)
    assert made.misfits
    (on,) = (text for text in texts(made) if "In the table." in text)
    assert on.count("In the table.") == 1
    assert "Haven08" in on


def test_an_index_is_filled_without_setting_the_work_again(desk: Desk) -> None:
    made = paged(desk, f"{TEXT * 12}The [captain]{{.index}} came.\n\n{TEXT * 12}")
    assert set(made.times_set[3:-2]) == {1}
