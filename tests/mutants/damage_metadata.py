"""Damages to what files tell programs of the work, and to the references that a page offers."""

from __future__ import annotations

import base64
import io
import json
import re
from collections.abc import Callable
from random import Random

import pikepdf

from .markup import pack, unpack
from .mutant import FORMATS, Damage, Finished, Format, Told, told
from .words import other_year

Work = Callable[[Finished, Random], tuple[bytes, Told] | None]

META = re.compile(
    r'<meta name="((?:DC|citation_|author|description|keywords)[\w.]*)" content="([^"]+)">\n?'
)
ELEMENT = re.compile(
    r"<(dc:(?:title|creator|date|publisher|rights|subject|identifier|language))[^>]*>([^<]+)</\1>"
)
PACKET = re.compile(
    r"<((?:dc|pdf):(?:title|creator|publisher|rights|subject|identifier|language|Keywords))>"
    r"(?:<rdf:\w+>)?(?:<rdf:li[^>]*>)?([^<]+).*?</\1>"
)
LINKED = re.compile(r'(<script type="application/ld\+json">)(.*?)</script>', re.S)


def other(value: str) -> str:
    """The value with one letter or figure more."""
    return value + ("1" if value[-1].isdigit() else "x")


def altered(pattern: re.Pattern[str], text: str, rng: Random, how: str) -> tuple[str, str] | None:
    """The text with one piece of metadata changed, lost or doubled; and its name."""
    found = list(pattern.finditer(text))
    if not found:
        return None
    match = rng.choice(found)
    whole, (name, value) = match[0], match.groups()
    made = {
        "changed": whole.replace(value, other(value)),
        "lost": "",
        "doubled": whole * 2,
    }[how]
    return text[: match.start()] + made + text[match.end() :], name


def of_page(how: str) -> Work:
    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        made = altered(META, finished.html.decode(), rng, how)
        return made and (made[0].encode(), told("metadata-differs", [made[1]], f"{made[1]} {how}"))

    return work


def of_package(how: str) -> Work:
    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        members = unpack(finished.epub)
        name = next(name for name in members if name.endswith(".opf"))
        made = altered(ELEMENT, members[name].decode(), rng, how)
        if made is None:
            return None
        members[name] = made[0].encode()
        return pack(members), told("metadata-differs", [made[1]], f"{made[1]} {how}")

    return work


def of_packet(how: str) -> Work:
    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        with pikepdf.open(io.BytesIO(finished.pdf)) as pdf:
            packet = pdf.Root.Metadata.read_bytes().decode()
            made = altered(PACKET, packet, rng, how)
            if made is None:
                return None
            pdf.Root.Metadata.write(made[0].encode())
            return saved(pdf), told("metadata-differs", [made[1]], f"{made[1]} {how} in the packet")

    return work


def of_language(name: Format) -> Work:
    """The file says that it is in another language."""

    def work(finished: Finished, _: Random) -> tuple[bytes, Told] | None:
        line = told("metadata-differs", ["lang"], "another language")
        if name == "pdf":
            with pikepdf.open(io.BytesIO(finished.pdf)) as pdf:
                pdf.Root.Lang = pikepdf.String("eo")
                return saved(pdf), line
        if name == "html":
            page = finished.html.decode()
            return re.sub(r'<html lang="[^"]*"', '<html lang="eo"', page).encode(), line
        members = unpack(finished.epub)
        opf = next(member for member in members if member.endswith(".opf"))
        package = re.sub(r'(<package[^>]*xml:lang=")[^"]*', r"\1eo", members[opf].decode())
        members[opf] = package.encode()
        return pack(members), line

    return work


def of_dictionary(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
    with pikepdf.open(io.BytesIO(finished.pdf)) as pdf:
        names = [name for name in ("/Title", "/Author", "/Subject", "/Keywords")
                 if str(pdf.docinfo.get(name, ""))]  # fmt: skip
        name = rng.choice(names)
        pdf.docinfo[name] = other(str(pdf.docinfo[name]))
        return saved(pdf), told("metadata-differs", [name[1:]], f"{name} changed")


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def linked_data(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
    """schema.org's description says that another wrote it, or that it cites another work."""
    page = finished.html.decode()
    match = LINKED.search(page)
    assert match is not None
    described = json.loads(match[2])
    name = rng.choice([n for n in ("author", "citation") if described.get(n)])
    party = rng.choice(described[name])
    party["name"] = other(party["name"])
    new = json.dumps(described, ensure_ascii=False).replace("</", "<\\/")
    page = page[: match.start(2)] + new + page[match.end(2) :]
    return page.encode(), told("metadata-differs", [f"schema:{name}.name"], f"another {name}")


def download(ending: str, change: Callable[[str, Random], str | None]) -> Work:
    """A download with its text changed."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        page = finished.html.decode()
        name = f"{finished.name}{ending}"
        match = re.search(rf'<a download="{re.escape(name)}" href="[^,]*,([^"]*)"', page)
        if match is None:
            return None
        made = change(base64.b64decode(match[1]).decode(), rng)
        if made is None:
            return None
        data = base64.b64encode(made.encode()).decode()
        page = page[: match.start(1)] + data + page[match.end(1) :]
        return page.encode(), told("download-differs", [name], f"{name} says something else")

    return work


def unlinked(ending: str, new: str) -> Work:
    """A download whose link is gone, or leads to something else."""

    def work(finished: Finished, _: Random) -> tuple[bytes, Told] | None:
        page, name = finished.html.decode(), f"{finished.name}{ending}"
        link = re.search(rf'<a download="{re.escape(name)}" href="[^"]*">', page)
        if link is None:
            return None
        page = page[: link.start()] + new.format(name) + page[link.end() :]
        return page.encode(), told("download-differs", [name], f"{name} is out of reach")

    return work


def another_year(text: str, rng: Random) -> str | None:
    years = list(
        re.finditer(
            r"(?<![\d/.-])[12]\d{3}(?=\D)", re.sub(r"https?://\S+", lambda m: "x" * len(m[0]), text)
        )
    )
    if not years:
        return None
    match = rng.choice(years)
    return text[: match.start()] + other_year(match, rng) + text[match.end() :]


def another_name(text: str, rng: Random) -> str | None:
    """Another letter in a person's name."""
    names = list(re.finditer(r'(?:author = \{|AU  - |"family": ")([^\W\d_]{3,})', text))
    if not names:
        return None
    at = rng.choice(names).end(1)
    return text[:at] + "q" + text[at:]


def without_entry(text: str, rng: Random) -> str | None:
    """One entry is gone."""
    if text.startswith("["):
        items = json.loads(text)
        del items[rng.randrange(len(items))]
        return json.dumps(items)
    parted = r"(?<=ER  - \r\n)" if text.startswith("TY") else r"(?=^@)"
    entries = [entry for entry in re.split(parted, text, flags=re.M) if entry.strip()]
    del entries[rng.randrange(len(entries))]
    return "".join(entries)


def with_entry_twice(text: str, rng: Random) -> str | None:
    """One entry is there twice."""
    if text.startswith("["):
        items = json.loads(text)
        items.append(rng.choice(items))
        return json.dumps(items)
    parted = r"(?<=ER  - \r\n)" if text.startswith("TY") else r"(?=^@)"
    entries = [entry for entry in re.split(parted, text, flags=re.M) if entry.strip()]
    return "".join([*entries, "" if entries[-1].endswith("\n") else "\n", rng.choice(entries)])


WAYS = {
    "another year": another_year,
    "another name": another_name,
    "an entry lost": without_entry,
    "an entry twice": with_entry_twice,
}
AWAY = {"link gone": "<a>", "link leads elsewhere": '<a download="{}" href="#text">'}
HOW = ("changed", "lost", "doubled")

DAMAGES: tuple[Damage, ...] = (
    *(Damage(f"metadata: {how}", "html", of_page(how)) for how in HOW),
    *(Damage(f"metadata: {how}", "epub", of_package(how)) for how in HOW),
    *(Damage(f"metadata: {how}", "pdf", of_packet(how)) for how in HOW),
    *(Damage("metadata: another language", name, of_language(name)) for name in FORMATS),
    Damage("metadata: dictionary changed", "pdf", of_dictionary),
    Damage("metadata: schema.org changed", "html", linked_data),
    *(
        Damage(f"download: {way} ({ending[1:]})", "html", download(ending, change))
        for way, change in WAYS.items()
        for ending in (".json", ".bib", ".ris")
    ),
    *(
        Damage(f"download: {way} ({ending[1:]})", "html", unlinked(ending, new))
        for way, new in AWAY.items()
        for ending in (".json", ".bib", ".ris")
    ),
)
