"""Alignment: what two texts share, and what stands between."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from triptych.collate.align import Alignment, Change, align
from triptych.text import Scribe, Text, from_plain

PROSE = (
    "The card was wrong by an ounce in the second column, and the bakers knew it. That the error "
    "was never mended has been called inertia, thrift and policy."
)
EDITS = st.lists(
    st.tuples(st.integers(0, 130), st.integers(0, 12), st.text("abcxyz 0129", max_size=12)),
    max_size=5,
)


def printed(*lines: str) -> Text:
    """A text in lines, as a page has it."""
    scribe = Scribe()
    for line in lines:
        scribe.gap("break")
        scribe.write(line)
    return scribe.text()


def covers(alignment: Alignment, ours: str, theirs: str) -> None:
    """Runs and changes follow one another through both texts, and the runs agree."""
    spans = [(run.start, run.end, run.found, run.found + run.end - run.start)
             for run in alignment.same]  # fmt: skip
    spans += [(c.start, c.end, c.found_start, c.found_end) for c in alignment.changes]
    i = j = 0
    for start, end, found, found_end in sorted(spans):
        assert start == i
        assert theirs[j:found].strip("-") == ""
        i, j = end, found_end
    assert (i, theirs[j:].strip("-")) == (len(ours), "")
    for run in alignment.same:
        assert ours[run.start : run.end] == theirs[run.found :][: run.end - run.start]


@settings(deadline=None)
@given(EDITS)
def test_any_edits_leave_an_alignment_that_covers_both_texts(
    edits: list[tuple[int, int, str]],
) -> None:
    damaged = PROSE
    for at, length, new in edits:
        damaged = damaged[:at] + new + damaged[at + length :]
    ours, theirs = from_plain(PROSE), from_plain(damaged)
    alignment = align(ours, theirs)
    covers(alignment, ours.letters, theirs.letters)
    assert bool(alignment.changes) == (ours.letters != theirs.letters)


@settings(deadline=None)
@given(EDITS, st.integers(0, 120))
def test_finding_and_tracing_are_inverse(edits: list[tuple[int, int, str]], letter: int) -> None:
    damaged = PROSE
    for at, length, new in edits:
        damaged = damaged[:at] + new + damaged[at + length :]
    alignment = align(from_plain(PROSE), from_plain(damaged))
    found = alignment.find(letter)
    assert found is None or alignment.trace(found) == letter


def test_a_hyphen_at_the_end_of_a_line_is_no_change() -> None:
    alignment = align(from_plain("hyphenation of well-known words"),
                      printed("hyphen-", "ation of well-", "known words"))  # fmt: skip
    assert alignment.changes == ()


def test_a_hyphen_within_a_line_is_a_change() -> None:
    assert align(from_plain("hyphenation"), printed("hyphen-ation")).changes == (
        Change(6, 6, 6, 7),
    )


def test_a_hyphen_lost_within_a_line_is_a_change() -> None:
    assert align(from_plain("well-known"), printed("wellknown")).changes


def test_of_entries_that_begin_alike_the_one_that_is_gone_is_told() -> None:
    ours = from_plain("[1] Ash, A. One.\n[2] Beech, B. Two.\n[3] Cedar, C. Three.")
    theirs = from_plain("[1] Ash, A. One.\n[3] Cedar, C. Three.")
    (change,) = align(ours, theirs).changes
    assert ours.show(change.start, change.end) == "[2] Beech, B. Two."


def test_where_directions_meet_words_may_trade_places() -> None:
    ours, theirs = from_plain("كتاب 2018, Carter"), from_plain("كتاب Carter ,2018")
    assert align(ours, theirs, from_right=True).changes == ()


def test_where_directions_meet_words_must_still_be_the_same() -> None:
    ours, theirs = from_plain("كتاب 2018, Carter"), from_plain("كتاب Carter ,2019")
    assert align(ours, theirs, from_right=True).changes
