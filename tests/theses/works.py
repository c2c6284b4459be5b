"""The bibliography of a long work: a hundred works of all types, in the language of its voice."""

from __future__ import annotations

from random import Random
from typing import Any

from theses.voice import Speaker, Voice

Item = dict[str, Any]

TYPES = (
    "book", "article-journal", "chapter", "article-journal", "book", "thesis", "webpage",
    "paper-conference", "article-journal", "chapter", "report", "article-newspaper", "book",
    "manuscript", "dataset", "article-journal", "entry-encyclopedia", "book", "legislation",
    "personal_communication",
)  # fmt: skip
"""The types of works, as often as a thesis has them."""


def key_of(number: int) -> str:
    """The key of a work."""
    return f"work{number}"


def bibliography(voice: Voice) -> list[Item]:
    """The works of a voice, as CSL-JSON."""
    speaker = Speaker(Voice(f"{voice.name} works", voice.words), [key_of(0)])
    return [_work(speaker, number) for number in range(voice["works"])]


def _work(speaker: Speaker, number: int) -> Item:
    dice, kind = speaker.dice, TYPES[number % len(TYPES)]
    place = speaker.voice.name.split()[0]
    item: Item = {
        "id": key_of(number),
        "type": kind,
        "title": speaker.say("titles"),
        "issued": {"date-parts": [_date(dice, kind)]},
    }
    if kind not in ("legislation", "entry-encyclopedia"):
        item["author"] = [_person(speaker) for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 8)))]
    if number % 9 == 4:
        item["language"] = speaker.voice["language"]
    match kind:
        case "article-journal" | "article-newspaper":
            item["container-title"] = speaker.say("journals")
            if kind == "article-journal":
                item |= {"volume": str(dice.randint(1, 90)), "issue": str(dice.randint(1, 12)),
                         "page": speaker.fill("{pages}"),
                         "DOI": f"10.5555/{place}.{number}"}  # fmt: skip
        case "chapter" | "paper-conference" | "entry-encyclopedia":
            item |= {"container-title": speaker.say("titles"), "page": speaker.fill("{pages}"),
                     "editor": [_person(speaker)], **_publisher(speaker)}  # fmt: skip
        case "thesis":
            item |= {"publisher": speaker.say("schools"), "genre": speaker.voice["thesis"]}
        case "webpage" | "dataset":
            item |= {"URL": f"https://example.org/{place}/item-{number}/index.html",
                     "accessed": {"date-parts": [[2023, dice.randint(1, 12), dice.randint(1, 28)]]},
                     "publisher": speaker.say("schools")}  # fmt: skip
        case "report":
            item |= {"number": str(number + 100), "publisher": speaker.say("schools")}
        case "manuscript":
            item |= {"archive": speaker.say("archives"), "archive_location": f"A {number}/7"}
        case "legislation":
            item |= {"number": str(number)}
        case "book":
            item |= _publisher(speaker)
            if number % 3 == 0:
                item["edition"] = str(dice.randint(2, 5))
    return item


def _date(dice: Random, kind: str) -> list[int]:
    year = dice.randint(1890, 2022)
    if kind in ("article-newspaper", "personal_communication", "legislation", "webpage"):
        return [year, dice.randint(1, 12), dice.randint(1, 28)]
    return [year]


def _person(speaker: Speaker) -> Item:
    family, given = speaker.next("people")
    return {"family": family, "given": given}


def _publisher(speaker: Speaker) -> Item:
    return {"publisher": speaker.say("publishers"), "publisher-place": speaker.say("places")}
