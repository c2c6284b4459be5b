"""Write paper.md and refs.json: two hundred invented works, each of them cited.

Run it in its folder; the seed is fixed, so that it always writes the same files.
"""

import json
import random
from pathlib import Path
from typing import Any

FAMILIES = """
    Abbott Aguilar Almeida Baker Banerjee Blanc Brandt Castellanos Chen Cohen Dąbrowski Diallo
    Dvořák Eriksen Fischer Fontaine Fraser García Grünwald Haddad Hansen Hoffmann Ivanova Jansen
    Kaya Khan Kovács Lefèvre Lindqvist MacLeod Mbeki Moreau Müller Nakamura Ngata Nguyễn O’Brien
    Okafor Papadakis Petrov Quintero Ramos Rossi Sato Schäfer Silva Tanaka Ünal Verhoeven Zieliński
""".split()
GIVEN = """
    Ada Amir Beatriz Carlo Chioma Daan Elif Émile Fatima Goran Hana Ines Ivo Jun Katarína Léa
    Marek Mei Nadia Olga Paul Rosa Sanjay Tove Uma Viktor Wren Yusuf Zsófia
""".split()
SUBJECTS = """
    Barley Bridges Canals Cattle Clocks Coal Copper Cotton Ferries Glass Herring Ice Indigo Iron
    Lamps Linen Maps Mills Oil Paper Pepper Pilots Quarries Rope Salt Ships Silk Sugar Tar Tea
    Timber Tolls Wool
""".split()
PLACES = "Antwerp Bergen Cádiz Danzig Galway Genoa Hull Kraków Lisbon Malmö Riga Trieste".split()
JOURNALS = (
    "Journal of Small Harbours", "Trade and Weather", "Annals of the Quay", "Inland Waters Review",
)  # fmt: skip
CLAIMS = (
    "The price of {0} followed the tide {1}.",
    "In {2} the trade in {0} was in the hands of three families {1}.",
    "Nobody could say where the {0} came from, although everybody was asked {1}.",
    "The ledgers list {0} under sundries {1}.",
    "A tax on {0} was proposed, and laughed at {1}.",
    "By the spring the {0} had reached {2} {1}.",
    "What became of the {0} is told by the harbour books {1}.",
    "Two ships from {2} carried {0} and nothing else {1}.",
    "The weighing of {0} gave rise to the longest lawsuit in {2} {1}.",
    "Women sold {0} on the steps, and men wrote about it {1}.",
    "After the fire {0} was cheap again in {2} {1}.",
    "There is no good book on {0}, but there are many {1}.",
)


def person(chance: random.Random) -> dict[str, str]:
    """An author's name."""
    return {"family": chance.choice(FAMILIES), "given": chance.choice(GIVEN)}


def work(number: int, chance: random.Random) -> dict[str, Any]:
    """One work: an article, a book, a chapter or a web page."""
    first, second = chance.sample(SUBJECTS, 2)
    place, year = chance.choice(PLACES), chance.randint(1899, 2023)
    common = {
        "id": f"work{number:03}",
        "author": [person(chance) for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5)))],
        "issued": {"date-parts": [[year]]},
    }
    page = chance.randint(1, 300)
    pages = f"{page}-{page + chance.randint(5, 40)}"
    kind = chance.choice(("article", "article", "book", "chapter", "web"))
    if kind == "article":
        return common | {
            "type": "article-journal", "title": f"{first} and {second} in {place}",
            "container-title": chance.choice(JOURNALS), "volume": str(chance.randint(1, 90)),
            "issue": str(chance.randint(1, 4)), "page": pages,
            "DOI": f"10.5555/triptych.{year}.{number}",
        }  # fmt: skip
    if kind == "book":
        return common | {
            "type": "book", "title": f"{first}: A History from {place}",
            "publisher": f"{chance.choice(FAMILIES)} & {chance.choice(FAMILIES)}",
            "publisher-place": place,
        }  # fmt: skip
    if kind == "chapter":
        return common | {
            "type": "chapter", "title": f"The {second} of {place}",
            "container-title": f"Essays on {first}", "editor": [person(chance)], "page": pages,
            "publisher": "Harbour Press", "publisher-place": chance.choice(PLACES),
        }  # fmt: skip
    return common | {
        "type": "webpage", "title": f"{first} Prices in {place}, Week by Week",
        "URL": f"https://example.org/{place.lower()}/{first.lower()}/{number}",
        "accessed": {"date-parts": [[2024, chance.randint(1, 12), chance.randint(1, 28)]]},
    }  # fmt: skip


def article(works: list[dict[str, Any]], chance: random.Random) -> str:
    """The paper: each work is cited once, alone or in company, in an order of its own."""
    keys = [str(item["id"]) for item in works]
    chance.shuffle(keys)
    lines = [
        "---", "title: Everything That Was Carried", "subtitle: Two hundred works on small trades",
        "author: Ruth Castellanos", "date: 2024-09-17", "lang: en-GB", "bibliography: refs.json",
        "---", "",
    ]  # fmt: skip
    for part in range(10):
        lines += [f"# {SUBJECTS[part * 3]} and {SUBJECTS[part * 3 + 1].lower()}", ""]
        here = keys[part * 20 : part * 20 + 20]
        while here:
            sentences = []
            for _ in range(4):
                taken = [here.pop() for _ in range(min(len(here), chance.choice((1, 1, 2, 3))))]
                if not taken:
                    break
                cited = "; ".join(f"@{key}, p. {chance.randint(1, 300)}" for key in taken)
                claim = chance.choice(CLAIMS)
                sentences.append(
                    claim.format(
                        chance.choice(SUBJECTS).lower(), f"[{cited}]", chance.choice(PLACES)
                    )
                )
            lines += [" ".join(sentences), ""]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Write the two files beside this one."""
    chance = random.Random(200)
    works = [work(number, chance) for number in range(1, 201)]
    folder = Path(__file__).parent
    rows = ",\n".join(json.dumps(item, ensure_ascii=False) for item in works)
    (folder / "refs.json").write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    (folder / "paper.md").write_text(article(works, chance), encoding="utf-8")


if __name__ == "__main__":
    main()
