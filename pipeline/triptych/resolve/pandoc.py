"""The one run of pandoc: Markdown, bibliography and CSL style in, HTML with citations resolved out.

Pandoc is the binary that pypandoc bundles, never one on the path, so that an edition does not
change with the machine. It runs sandboxed: it reads the files named to it and nothing else.
"""

from __future__ import annotations

import html
import json
import re
import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from triptych.csl_json import plain_items
from triptych.diagnostics import Diagnostic, SourceError, TriptychError
from triptych.installation import installed_file
from triptych.limits import OUT_OF_TIME, WAITED, allowed, too_large, too_long
from triptych.pandoc_binary import run_pandoc_binary
from triptych.programs import private_folder
from triptych.read.bib_words import keys_in_words
from triptych.read.bibliographies import as_one
from triptych.read.bibliography import Bibliography, leaving_out, read_cited
from triptych.read.citation_forms import MARK
from triptych.read.cited import cited_in
from triptych.read.csl import find_style
from triptych.read.csl_citeproc import for_citeproc
from triptych.read.csl_items import readable_json
from triptych.read.frontmatter import printable
from triptych.read.source import Source
from triptych.record import DEFAULT_STYLE
from triptych.resolve.filter_choice import (
    FILES_READ_BY_FILTERS,
    filters_after_citeproc,
    filters_before_citeproc,
)
from triptych.resolve.own_item import own_item
from triptych.terms import citation_terms, quotation_marks, terms_for

_FILTERS = Path(__file__).parent / "filters"
_END_OF_METADATA = "<!-- triptych: end of metadata -->\n"
_STOP_OF_NAME = re.compile(
    rf"{MARK}\.(?=[,;:)]| [^\s<.,;()]+{MARK}| (?:&amp;|and|und|et|e|y|og|och|en|i|и|و|和|与|與)\s)"
)
"""The stop of an initial behind a whole given name, as `filters/bibliography.lua` has marked it."""
_JOINED_STOP = re.compile(rf"{MARK}\.(?=[^\s<.,;()]+{MARK})")
"""The same where the style puts no space behind it."""
_OTHERS = re.compile(r"([\s\u00a0](?:al|a|др|in|ai)\.)others\b(</span>)?\.?")
"""What citeproc makes of `and others` where a style names the last author of many."""
_MARKS = re.compile(f"(?<=[\u0530-\u058f\u0900-\u10ff])\u200e|{MARK}")
"""Marks after names in Armenian, Indic and other scripts, and before citations."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What pandoc made of a source: an HTML fragment, metadata, and what it said on the way.

    `references` are the cited entries as CSL-JSON items, `cited` all cited keys, `version`
    is pandoc's own. `lost` is the unknown TeX in entries, each piece with the key of its entry.
    `unreadable` maps the TeX of a formula, with white space folded, to what pandoc
    could not read in it. `own` is the work itself as its style lists it, in HTML.
    """

    fragment: str
    metadata: Mapping[str, Any]
    references: tuple[Mapping[str, Any], ...]
    cited: tuple[str, ...]
    warnings: tuple[str, ...]
    version: str
    unreadable: Mapping[str, str]
    lost: tuple[tuple[str, str], ...] = ()
    own: str = ""


@dataclass(frozen=True, slots=True)
class RefusedEntry:
    """An entry that pandoc could not read, and why.

    It is identified by the number of its bibliography, and in it by a line of the sound text, from
    1, or by an index in a JSON list, from 0; -1 stands for no index.
    """

    bibliography: int
    line: int
    column: int
    index: int
    why: str


class _Refusal(Exception):
    """Pandoc refused the source. If it refused one entry, `entry` says which."""

    def __init__(self, diagnostic: Diagnostic, entry: RefusedEntry | None) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic
        self.entry = entry


_MOST_REFUSED = 25


def run_pandoc(source: Source) -> tuple[Source, Resolved]:
    """Read the article and run citeproc in it.

    If pandoc refuses an entry of a bibliography, it runs again without that entry; if it finds an
    entry cited that was not read, with it. The source returned is the one that it accepted. Raises
    SourceError where pandoc gives up.
    """
    refused = 0
    while True:
        try:
            resolved = _run(source)
        except _Refusal as refusal:
            refused += 1
            without = None if refused > _MOST_REFUSED else _without(refusal.entry, source)
            if without is None:
                raise SourceError([*source.diagnostics, refusal.diagnostic]) from None
            source = without
            continue
        unread = {key for each in source.bibliographies for key in each.unread}
        if not unread or ("*" not in resolved.cited and unread.isdisjoint(resolved.cited)):
            return source, resolved
        source = _reading(source, resolved.cited)


def _without(entry: RefusedEntry | None, source: Source) -> Source | None:
    """The source without a refused entry, which is reported; None if it cannot be found."""
    if entry is None:
        return None
    books = source.bibliographies
    left = leaving_out(books[entry.bibliography], entry.line, entry.column, entry.index, entry.why)
    if left is None:
        return None
    return replace(
        source,
        bibliographies=(*books[: entry.bibliography], left, *books[entry.bibliography + 1 :]),
        diagnostics=(*source.diagnostics, left.diagnostics[-1]),
    )


def _reading(source: Source, keys: Sequence[str]) -> Source:
    """The source with the entries of some keys read as well."""
    before, cited = source.bibliographies, cited_in(source.readable, str(source.metadata)) | keys
    books = as_one(read_cited([(book.file, book.text) for book in before], cited))
    told = {each for book in before for each in book.diagnostics}
    others = (each for each in source.diagnostics if each not in told)
    return replace(
        source, bibliographies=books,
        diagnostics=(*others, *(each for book in books for each in book.diagnostics)),
    )  # fmt: skip


def _run(source: Source) -> Resolved:
    """One run. Raises _Refusal where pandoc gives up."""
    with private_folder() as scratch:
        arguments = _arguments(source, scratch)
        done = run_pandoc_binary(arguments, source.readable.encode(), scratch, [_FILTERS])
    said = done.stderr.decode("utf-8", errors="replace")
    if done.code != 0:
        _check_limits(source, done.code, said)
        if "Error running filter" in said and not re.search(r"Error (at|reading) ", said):
            raise TriptychError(f"a filter failed: {' '.join(said.split())[:400]}")
        raise _Refusal(_refusal(source, said), _refused_entry(said))
    head, _, fragment = done.stdout.decode().partition(_END_OF_METADATA)
    version, _, metadata_json = head.partition("\n")
    metadata = printable(json.loads(metadata_json))
    return Resolved(
        fragment=_MARKS.sub("", _OTHERS.sub(r"\1\2", _with_whole_names(fragment))),
        metadata=metadata,
        references=plain_items(printable(json.loads(metadata.get("triptych-references", "[]")))),
        cited=tuple(json.loads(html.unescape(metadata.get("triptych-cited", "[]")))),
        version=version,
        warnings=tuple(re.findall(r"^\[WARNING\] (.+)", said, re.M)),
        unreadable=dict(_unreadable_formulas(said)),
        lost=tuple(
            (piece["id"], piece["tex"])
            for piece in json.loads(metadata.get("triptych-lost") or "[]")
        ),
        own=html.unescape(metadata.get("triptych-own") or ""),
    )


def _with_whole_names(fragment: str) -> str:
    """Names of scripts without capitals, as they are written: no initials."""
    if MARK not in fragment:
        return fragment
    return _STOP_OF_NAME.sub(MARK, _JOINED_STOP.sub(" ", fragment))


_UNREADABLE = re.compile(
    r"^\[WARNING\] Could not convert TeX math ([\s\S]*?),\s+rendering as TeX:\n((?:  .*\n?)*)", re.M
)


def _check_limits(source: Source, code: int, said: str) -> None:
    """Raise LimitError where pandoc had no more time or memory."""
    doing = f"reading {source.article_file} with pandoc"
    if code in (OUT_OF_TIME, WAITED):
        raise too_long(allowed(), doing, waited=code == WAITED)
    if code in _OUT_OF_MEMORY or re.search(r"out of memory|heap exhausted|stack overflow", said):
        raise too_large(allowed(), doing)


_OUT_OF_MEMORY = (251, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGSEGV)
"""Exit codes of a program in Haskell that is given no more memory."""


def _unreadable_formulas(said: str) -> Iterator[tuple[str, str]]:
    for tex, told in _UNREADABLE.findall(said):
        reason = re.search(r"^  (unexpected .+?)$", told, re.M)
        yield " ".join(tex.split()), reason[1].strip() if reason else ""


def _reader(source: Source) -> str:
    r"""Pandoc's Markdown. R Markdown has more: `\(x\)` are formulas, bare addresses are links."""
    wider = "+tex_math_single_backslash+autolink_bare_uris"
    is_r = any(passage.file.lower().endswith(".rmd") for passage in source.passages)
    return f"markdown+emoji{wider if is_r else ''}"


def _arguments(source: Source, scratch: Path) -> list[str]:
    language = source.record.language
    metadata = json.dumps(source.metadata, default=str, ensure_ascii=False)
    texts = [source.readable, metadata, *(each.sound for each in source.bibliographies)]
    for name in FILES_READ_BY_FILTERS:
        _filter(name)
    arguments = [
        "--sandbox",
        f"--from={_reader(source)}",
        "--to=html5",
        "--mathml",
        "--section-divs",
        "--wrap=none",
        "--email-obfuscation=none",
        "--syntax-highlighting=pygments",
        f"--template={_filter('resolved.html')}",
        f"--metadata=lang:{_citeproc_language(language)}",
        f"--metadata=triptych-quotes:{json.dumps(_quotation_marks(source))}",
        f"--metadata=triptych-and:{terms_for(language)['and'].strip()}",
        f"--metadata=triptych-style:{source.style.kind if source.style else ''}",
        f"--metadata=triptych-volumes:{_prints_volume_titles(source)}",
        f"--metadata=triptych-titles:{source.readable.count('{.title-part of=')}",
        f"--metadata=triptych-own:{json.dumps(own_item(source))}",
        f"--metadata=triptych-aliases:{json.dumps(_aliases(source))}",
        *(
            f"--lua-filter={_filter(f'{name}.lua')}"
            for name in filters_before_citeproc(source.readable)
        ),
        (
            f"--lua-filter={_filter('chapters.lua')}"
            if source.record.references == "chapter"
            else "--citeproc"
        ),
        *(f"--lua-filter={_filter(f'{name}.lua')}" for name in filters_after_citeproc(texts)),
    ]
    (scratch / "metadata.json").write_text(metadata, encoding="utf-8")
    arguments.append(f"--metadata-file={scratch / 'metadata.json'}")
    for number, bibliography in enumerate(source.bibliographies):
        if bibliography.sound:
            copy = scratch / f"{number}-{Path(bibliography.file).name}"
            copy.write_text(_for_citeproc(bibliography, language), encoding="utf-8")
            if _made_json(bibliography):
                copy = copy.rename(copy.with_suffix(".json"))
            arguments.append(f"--bibliography={copy}")
    if not any(bibliography.sound for bibliography in source.bibliographies):
        arguments.append("--metadata=bibliography:")
    # A source without its style is in error, but its other mistakes are reported too.
    style = source.style or find_style(DEFAULT_STYLE, scratch, source.reach)
    csl = for_citeproc(style.text, _citeproc_language(language), citation_terms(language))
    (scratch / "style.csl").write_bytes(csl)
    arguments.append(f"--csl={scratch / 'style.csl'}")
    return arguments


def _filter(name: str) -> Path:
    return installed_file(_FILTERS / name)


def _citeproc_language(language: str) -> str:
    """The tag of pandoc's locale for a language."""
    first, _, rest = language.partition("-")
    if first.lower() == "zh" and rest.lower().startswith("hant"):
        return "zh-TW"
    return "nb-NO" if first.lower() == "no" else language


def _prints_volume_titles(source: Source) -> str:
    """Whether the style knows the title of a volume, which it else has not at all: `yes` or ``."""
    return "yes" if source.style and b"volume-title" in source.style.text else ""


def _quotation_marks(source: Source) -> dict[str, tuple[str, str, str, str]]:
    """The quotation marks of the work's language, under "", and of its passages' languages."""
    named = set(re.findall(r"""\blang=["']?([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)""", source.article))
    marks = {language: quotation_marks(language) for language in sorted(named)}
    return {"": quotation_marks(source.record.language), **marks}


def _aliases(source: Source) -> dict[str, str]:
    """Other keys that the article may cite a work by, each with the one that pandoc knows."""
    return {
        other: key
        for bibliography in source.bibliographies
        for other, key in bibliography.aliases.items()
        if other in source.article or other in str(source.metadata.get("nocite"))
    }


def _made_json(bibliography: Bibliography) -> str:
    """The format of a bibliography that goes by way of CSL-JSON; empty for one that need not.

    Citeproc knows no EndNote XML; of RIS it knows no markup, and would list every record.
    """
    ending = bibliography.file.rsplit(".", 1)[-1].lower()
    return {"xml": "endnotexml", "ris": "ris"}.get(ending, "")


def _for_citeproc(bibliography: Bibliography, language: str) -> str:
    """The sound text in a form citeproc reads."""
    made = _made_json(bibliography)
    if bibliography.file.lower().endswith((".bib", ".bibtex", ".biblatex")):
        return keys_in_words(bibliography.sound, language)
    if not made:
        return bibliography.sound
    words = ["--sandbox", f"--from={made}", "--to=csljson"]
    done = run_pandoc_binary(words, bibliography.sound.encode())
    return readable_json(done.stdout.decode() or "[]")


_PLACE = re.compile(r"line (\d+),? column (\d+)")
_BIBLIOGRAPHY = re.compile(
    r"Error reading bibliography file \S*/(\d+)-[^\n]*:\s+(.*?)(?:stack traceback|\Z)", re.S
)


def _refused_entry(said: str) -> RefusedEntry | None:
    named = _BIBLIOGRAPHY.search(said)
    if named is None:
        return None
    place = _PLACE.search(named[2])
    line, column = (int(place[1]), int(place[2])) if place else (0, 0)
    item = re.search(r"Error in \$\[(\d+)\]", named[2])
    why = re.sub(r"Error in \$\[\d+\]\S*:|\(line \d+, column \d+\):", "", named[2])
    return RefusedEntry(
        int(named[1]), line, column, int(item[1]) if item else -1, " ".join(why.split())[:200],
    )  # fmt: skip


def _refusal(source: Source, said: str) -> Diagnostic:
    """What pandoc could not read: the paper, or the bibliography whose copy it names."""
    place = _PLACE.search(said)
    line, column = (int(place[1]), int(place[2])) if place else (0, 0)
    named = _BIBLIOGRAPHY.search(said)
    if named:
        bibliography = source.bibliographies[int(named[1])]
        if bibliography.diagnostics:  # entries may be left out: its lines are not those of the file
            line, column = 0, 0
        return Diagnostic(
            bibliography.file, line, column, "bibliography-malformed",
            f"pandoc cannot read this: {' '.join(named[2].split())[:200]}",
            "correct the entry on this line" if line else "",
        )  # fmt: skip
    first = next((words for words in said.splitlines() if words.strip()), "no reason given")
    file, line = source.place(line) if line else (source.article_file, 0)
    return Diagnostic(
        file, line, column, "pandoc", f"pandoc cannot read this: {first.strip()}",
        "look at the construct that begins here", " ".join(said.split())[:200],
    )  # fmt: skip
