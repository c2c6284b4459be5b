"""Write a long work of a voice into a folder."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path

from theses import blocks
from theses.figures import chart
from theses.voice import Speaker, Voice, read_voice
from theses.works import bibliography

KINDS: dict[str, Callable[[Speaker, str], str]] = {
    "plain": blocks.plain,
    "noted": blocks.noted,
    "list": blocks.itemised,
    "terms": blocks.defined,
    "quotation": blocks.quoted,
    "verse": blocks.versed,
    "formula": blocks.displayed,
    "code": blocks.listed,
    "table": blocks.tabled,
    "long-table": blocks.long_table,
    "wide-table": blocks.wide_table,
    "figure": blocks.sketched,
    "tall-figure": blocks.tall_figure,
}


def write_work(name: str, folder: Path, chapters: int | None = None) -> Path:
    """Write the work of a voice, with its bibliography and figures; its manuscript.

    It has so many `chapters`, or all of the voice.

    Raises:
        OSError: if there is no such voice, or the folder cannot be written to.
    """
    voice = read_voice(name)
    works = bibliography(voice)
    speaker = Speaker(voice, [work["id"] for work in works])
    (folder / "works.json").write_text(json.dumps(works, ensure_ascii=False, indent=1))
    for figure, tall in (("tall", True), ("broad", False)):
        words = [speaker.say("places") for _ in range(11 if tall else 8)]
        drawn = chart(speaker.dice, words, voice["language"], tall=tall)
        (folder / f"{figure}.svg").write_text(drawn)
    written = _chapters(speaker, voice, chapters)
    article = folder / "paper.md"
    article.write_text("\n\n".join([_front_matter(voice), *written]) + "\n")
    return article


def _front_matter(voice: Voice) -> str:
    """The front matter, in JSON, which YAML has within."""
    said = {
        "title": voice["title"],
        "subtitle": voice["subtitle"],
        "author": voice["author"],
        "date": voice["date"],
        "lang": voice["language"],
        "abstract": voice["abstract"],
        "keywords": voice["keywords"],
        "bibliography": "works.json",
        "toc": True,
    }
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in said.items()]
    return "\n".join(["---", *lines, "---"])


def _chapters(speaker: Speaker, voice: Voice, most: int | None) -> list[str]:
    """The first chapters, or all: each section holds the next kinds of the voice's order."""
    order = itertools.cycle(voice["order"])
    made = []
    for chapter_number, heading in enumerate(voice["chapters"][:most], start=1):
        chapter = [f"# {heading} {{#sec:c{chapter_number}}}", speaker.paragraph(5)]
        for section in range(1, voice["sections_each"] + 1):
            label = f"c{chapter_number}s{section}"
            seen = speaker.say("of_section", ref=f"@sec:c{speaker.dice.randint(1, chapter_number)}")
            chapter.append(f"## {speaker.say('sections')} {{#sec:{label}}}")
            chapter.append(f"{speaker.paragraph(3)}{voice['gap']}{seen}")
            chapter += [
                KINDS[kind](speaker, f"{label}b{number}")
                for number, kind in enumerate(itertools.islice(order, voice["blocks_each"]))
            ]
        made.append("\n\n".join(chapter))
    return made
