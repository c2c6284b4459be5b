"""Title, subtitle and abstract as text of the work, which pandoc reads behind the article.

In: the fields of a work, and where they are written. Out: Markdown that follows the article, with
the passages that its lines come from. There, the notes that the article defines and the macros of
its formulas hold for them too, and no line of the article moves. `resolve/filters/titles.lua` puts
them at the head again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triptych.read.files import Stated, as_written
from triptych.read.manuscript import Passage
from triptych.record import SUMMARIES, words_of

_MARKUP = re.compile(r"[*_~^$<`@\[]|\n[ \t]*\n")
_OWN_NOTE = re.compile(r"^\[\^([^\]\s]+)\]:", re.M)
_NOTE = re.compile(r"\^\[[^\]]*\]|\[\^[^\]]*\]")
_MARKS = re.compile(r"[*~^$`\\]|\{[.#][^}]*\}|\]\([^)]*\)|</?[a-z][^>]*>")


@dataclass(frozen=True, slots=True)
class TitlePart:
    """A part of the title block: its name, and its Markdown as it stands in a field."""

    name: str
    field: str
    markdown: str


def title_parts(
    written: Mapping[str, Any], own: Mapping[str, Any], heading: str
) -> tuple[TitlePart, ...]:
    """The parts of the title block that are Markdown, in the order in which they are printed.

    In front matter (`written`) all are. In `edition.toml` (`own`) one is if it has marks of
    Markdown: other words stand as they are. Without a title, a work has that of its first
    `heading`.
    """
    fields = {**written, **own}
    if not fields.get("title"):
        fields["title"] = _NOTE.sub("", heading)
    named = {name: name for name in ("title", "thanks", "subtitle")}
    named["abstract"] = next((name for name in SUMMARIES if fields.get(name)), "")
    found: list[TitlePart] = []
    for name, field in named.items():
        value = fields.get(field)
        markdown = value if isinstance(value, str) else words_of(value) or ""
        read = (field in written and field not in own) or name == "thanks"
        noted = name == "title" and fields.get("thanks")
        if markdown.strip() and (read or noted or _MARKUP.search(markdown)):
            found.append(TitlePart(name, field, markdown))
    return tuple(found)


def _in_lines(line: str) -> str:
    """A title written as a line block, `| one` above `| two`, with line breaks instead."""
    lines = [part.strip() for part in line.split("\n")]
    if not all(part.startswith("| ") for part in lines):
        return line
    return "\\\n".join(part.removeprefix("| ") for part in lines)


def without_markup(title: str) -> str:
    """A title in Markdown as a name for files needs it: without notes and marks."""
    return _MARKS.sub("", _NOTE.sub("", title))


def behind(
    text: str, parts: Sequence[TitlePart], stated: Stated
) -> tuple[str, tuple[Passage, ...]]:
    """The `text` of an article with the parts of its title block behind it, and their passages."""
    lines = text.split("\n")
    passages: list[Passage] = []
    for part in parts:
        mark, said = f"[]{{.title-part of={part.name}}}", part.markdown.strip()
        if part.name in ("title", "subtitle"):  # what stands behind a mark is no list or heading
            said = mark + re.sub(r"\n\s*", "\n", _in_lines(said))
        else:
            lines += ["", mark]
            for label in set(_OWN_NOTE.findall(said)):
                said = said.replace(f"[^{label}]", f"[^{part.name}-{label}]")
        lines.append("")
        file, line, _ = stated.at(part.field)
        begun = part.markdown.strip().split("\n")[0].rstrip()
        below = begun not in stated.text.split("\n")[max(line - 1, 0)]
        passages.append(Passage(len(lines) + 1, as_written(file), line + below))
        lines += said.split("\n")
    return "\n".join(lines), tuple(passages)
