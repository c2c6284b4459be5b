"""Navigation of an e-book: spine, landmarks, NCX and lists are those of the edition, and no more.

The edition manifest names the parts of the book in order. Its spine has them in this order, each is
one landmark, and each landmark leads to the document that is what it says.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, zip_longest

from triptych.collate.contents import leads_to
from triptych.collate.difference import Difference
from triptych.collate.pairing import Comparison
from triptych.manifest import Landmark
from triptych.witness.reading import Signpost

_LISTS = {"figures": "loi", "tables": "lot"}
"""The names of lists in navigation documents (EPUB SSV 1.1)."""


def wrong_navigation(comparison: Comparison) -> Iterator[Difference]:
    """Everything that leads into an e-book otherwise than the manifest says."""
    wanted, read = comparison.manifest.landmarks, comparison.witness.signposts
    if wanted is None or read is None:
        return
    found = {where: [post for post in read if post.where == where] for where in _WHERE}
    yield from _wrong_spine(comparison, wanted, found["spine"])
    yield from _wrong_landmarks(comparison, wanted, found["landmarks"], found["spine"])
    yield from _wrong_ncx(comparison, found["ncx"])
    for post in found["guide"]:
        yield _told(comparison, f"a guide leads to “{post.words}”, and the edition has none", post)
    lists = [_LISTS[one.name] for one in comparison.manifest.lists or ()]
    paged = ["page-list"] if comparison.witness.pages else []
    right = ["toc", *lists, "landmarks", *paged]
    said = [post.kind for post in found["nav"]]
    if said != right:
        message = f"the lists of its navigation are {', '.join(said)}, not {', '.join(right)}"
        yield _told(comparison, message)


_WHERE = ("spine", "landmarks", "ncx", "guide", "nav")


def _wrong_spine(
    comparison: Comparison, wanted: tuple[Landmark, ...], read: list[Signpost]
) -> Iterator[Difference]:
    """The spine has each part of the book once; only the text has several documents."""
    right = [mark.kind for mark in wanted]
    said = [
        name
        for kind, some in groupby(post.kind for post in read)
        for name in ([kind] if kind == "bodymatter" else list(some))
    ]
    for ours, theirs in zip_longest(right, said, fillvalue="nothing"):
        if ours != theirs:
            paths = [post.lead.written for post in read if post.kind == theirs]
            where = f" ({paths[-1]})" if paths else ""
            message = f"the spine has {theirs}{where} where it should have {ours}"
            yield _told(comparison, message)
            return  # all that follows is out of step


def _wrong_landmarks(
    comparison: Comparison, wanted: tuple[Landmark, ...], read: list[Signpost],
    spine: list[Signpost],
) -> Iterator[Difference]:  # fmt: skip
    places: dict[str, str] = {}
    for post in spine:  # the text begins with the first of its documents
        places.setdefault(post.kind, post.lead.written)
    for mark, post in zip_longest(wanted, read):
        if mark is None:
            yield _told(comparison, f"the landmark “{post.words}” is one too many", post)
        elif post is None or (post.kind, post.words) != (mark.kind, mark.title):
            said = f"{post.kind} “{post.words}”" if post else "nothing"
            message = f"the landmarks say {said} where they should say {mark.kind} “{mark.title}”"
            yield _told(comparison, message, post)
            return  # all that follows is out of step
        elif post.lead.written != places.get(mark.kind, ""):
            message = f"the landmark “{post.words}” leads to {post.lead.written}"
            yield _told(comparison, message, post)


def _wrong_ncx(comparison: Comparison, read: list[Signpost]) -> Iterator[Difference]:
    """The NCX has the title, and then the lines of the contents."""
    record = comparison.manifest.record
    lines = [line for line in comparison.manifest.contents or () if line.target != "notes"]
    titles = [record.title] if not lines else [line.title for line in lines]
    right = [record.full_title, *titles]
    for number, (words, post) in enumerate(zip_longest(right, read)):
        kind = "navPoint" if number else "title"
        if (
            words is None
            or post is None
            or (post.kind, post.words) != (kind, " ".join(words.split()))
        ):
            said = post.words if post else ""
            message = f"the NCX says “{said}” where it should say “{words or ''}”"
            yield _told(comparison, message, post)
            return  # all that follows is out of step
        if post.lead.dead or (number and lines and not leads_to(
            comparison, post.lead, lines[number - 1].target
        )):  # fmt: skip
            message = f"“{words}” in the NCX does not lead to its place"
            yield _told(comparison, message, post)


def _told(comparison: Comparison, message: str, post: Signpost | None = None) -> Difference:
    said = f"{post.words} {post.lead.written}".strip() if post else ""
    return comparison.tell("navigation-differs", "", message, "", said, "navigation")
