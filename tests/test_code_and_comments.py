"""Code and comments, in which no citation is sought."""

from __future__ import annotations

import pytest

from triptych.limits import Limits
from triptych.resolve.code_and_comments import without_code_and_comments
from triptych.worker import held


def seen(text: str) -> str:
    """What is left of a text, its white space folded; no letter may have moved."""
    left = without_code_and_comments(text)
    assert all(after in (before, " ") for before, after in zip(text, left, strict=True))
    assert left.count("\n") == text.count("\n")
    return " ".join(left.split())


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a `b` ``c ` d`` e", "a e"),
        ("a ` b\n\nc ` d", "a ` b c ` d"),
        ("``` x `` @a `` y", "` @a `` y"),
        ("a\n\n```\nb\n\nc\n```\nd", "a d"),
        ("a\n\n````\nb\n```\nc\n````\nd", "a d"),
        ("```\nb\n````\nd", "d"),
        ("~~~\na", "~~~ a"),
        ("- ~~~\n  b\n\n  c\n  ~~~\n- d", "- - d"),
        ("> ```\n> b\n>\n> c\n> ```\n> d", "> > d"),
        ("a <!-- b\n\nc --> d", "a d"),
        ("a <!-- b `c` d", "a <!-- b d"),
        ("{cite}`a` \\@b", "{cite}`a` b"),
    ],
)
def test_code_and_comments_are_hidden_as_pandoc_reads_them(text: str, left: str) -> None:
    assert seen(text) == left


@pytest.mark.parametrize(
    "text", ["~~~ x\n\n", "```` x\n\n", "a ` b\n\n", "<!-- a\n", "`" * 7 + "a"]
)
def test_what_nothing_closes_takes_no_more_time_than_other_text(text: str) -> None:
    assert held(lambda: len(seen(text * 100_000)) and 0, Limits(30, 0)) == 0
