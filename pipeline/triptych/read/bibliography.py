"""The bibliography as its author wrote it: which keys it holds, where, and what is wrong with it.

Pandoc reads the bibliography for citeproc; this module reads it beside, for its mistakes only,
because citeproc names neither line nor entry and lets a second entry of one key pass in silence.

In: the text of a bibliography file. Out: a `Bibliography`, with the text citeproc may safely read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import yaml

from triptych.diagnostics import Diagnostic, excerpt, position

CSL_TYPES = frozenset(
    """article article-journal article-magazine article-newspaper bill book broadcast chapter
    classic collection dataset document entry entry-dictionary entry-encyclopedia event figure
    graphic hearing interview legal_case legislation manuscript map motion_picture
    musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song
    speech standard thesis treaty webpage""".split()
)
"""Item types of CSL 1.0.2, appendix III."""

NAMES = frozenset(
    """author chair collection-editor compiler composer container-author contributor curator
    director editor editor-translator editorial-director executive-producer guest host
    illustrator interviewer narrator organizer original-author performer producer recipient
    reviewed-author script-writer series-creator translator""".split()
)
DATES = frozenset("accessed available-date event-date issued original-date submitted".split())


@dataclass(frozen=True, slots=True)
class Bibliography:
    """A bibliography file as read for its mistakes.

    `sound` is the text with malformed entries left out, in the file's own format; it equals the
    file's text where nothing is wrong, and is empty where nothing could be read. `lines` tells on
    which line of the file the entry of a key stands.
    """

    file: str
    keys: frozenset[str]
    sound: str
    diagnostics: tuple[Diagnostic, ...]
    lines: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    offset: int
    source: str
    problem: str = ""
    hint: str = ""


def read_bibliography(file: str, text: str) -> Bibliography:
    """Read CSL-JSON, CSL-YAML, BibTeX, BibLaTeX, RIS or EndNote XML, told apart by its ending."""
    ending = file.rsplit(".", 1)[-1].lower()
    reader = _READERS.get(ending)
    if reader is None:
        return Bibliography(
            file,
            frozenset(),
            "",
            (
                Diagnostic(
                    file, 0, 0, "bibliography-malformed",
                    f"bibliographies ending in .{ending} are not known",
                    "use CSL-JSON (.json), CSL-YAML (.yaml), BibTeX or BibLaTeX (.bib), RIS (.ris) "
                    "or EndNote XML (.xml)",
                ),
            ),
        )  # fmt: skip
    try:
        entries = _entries(reader, text)
    except _Malformed as error:
        line, column = position(text, error.offset)
        return Bibliography(
            file, frozenset(), "",
            (Diagnostic(file, line, column, "bibliography-malformed", error.message, error.hint,
                        excerpt(text, error.offset)),),
        )  # fmt: skip
    diagnostics: list[Diagnostic] = []
    first: dict[str, int] = {}
    for entry in entries:
        line, column = position(text, entry.offset)
        shown = excerpt(text, entry.offset)
        if entry.problem:
            diagnostics.append(
                Diagnostic(file, line, column, "bibliography-malformed", entry.problem,
                           entry.hint, shown)
            )  # fmt: skip
        if entry.key and entry.key in first:
            diagnostics.append(
                Diagnostic(
                    file, line, column, "bibliography-duplicate",
                    f"the key {entry.key!r} already stands in line {first[entry.key]}",
                    "give one of the two entries another key, or remove it", shown,
                )
            )  # fmt: skip
        elif entry.key:
            first[entry.key] = line
    sound = text
    if any(entry.problem for entry in entries):
        sound = _without_malformed(ending, text, entries)
    return Bibliography(file, frozenset(first), sound, tuple(diagnostics), first)


def leaving_out(
    bibliography: Bibliography, line: int, column: int, index: int, why: str
) -> Bibliography | None:
    """The bibliography without the entry that pandoc could not read, and with a word about it.

    Pandoc names it by a `line` and `column` of the sound text, or by its `index` in a list of JSON,
    from 0; -1 stands for none. None where no such entry is found.
    """
    ending = bibliography.file.rsplit(".", 1)[-1].lower()
    sound, key = bibliography.sound, ""
    if ending == "json" and index >= 0:
        items = [entry for entry in _entries(_read_json, sound) if entry.key]
        if index >= len(items):
            return None
        key, found = items[index].key, bibliography.lines.get(items[index].key, 0)
        sound = _without_malformed(ending, sound, [*items[:index], *items[index + 1 :]])
    else:
        reader = _READERS.get(ending)
        entries = [] if reader is None or line < 1 else _entries(reader, sound)
        entry = next((e for e in entries if line in _span(sound, e)), None)
        if entry is None or ending not in ("bib", "bibtex", "biblatex"):
            return None
        key, found = entry.key, line
        sound = _blanked(sound, entry)
    told = Diagnostic(
        bibliography.file, found, column, "bibliography-malformed",
        f"pandoc cannot read the entry {key!r}: {why}", "look at the entry that stands here",
    )  # fmt: skip
    return replace(bibliography, sound=sound, diagnostics=(*bibliography.diagnostics, told))


def _span(text: str, entry: _Entry) -> range:
    """The lines of an entry, from 1."""
    start = text.rfind(entry.source, 0, entry.offset + len(entry.source) + 1)
    first = text.count("\n", 0, start) + 1
    return range(first, first + entry.source.count("\n") + 1)


def _blanked(text: str, entry: _Entry) -> str:
    """A text without an entry; its lines stay, so that places below it stay true."""
    start = text.rfind(entry.source, 0, entry.offset + len(entry.source) + 1)
    gap = "\n" * entry.source.count("\n")
    return text[:start] + gap + text[start + len(entry.source) :]


def _entries(reader: Callable[[str], Iterator[_Entry]], text: str) -> list[_Entry]:
    """All entries; what the decoders themselves cannot take is malformed, too."""
    try:
        return list(reader(text))
    except RecursionError:
        raise _Malformed(0, "entries are nested too deeply", "write each entry out") from None
    except ValueError as error:  # a number of more digits than Python reads
        raise _Malformed(0, f"cannot be read: {error}", "put long numbers in quotes") from None


class _Malformed(Exception):
    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset, self.message, self.hint = offset, message, hint


def _without_malformed(ending: str, text: str, entries: list[_Entry]) -> str:
    good = [entry.source for entry in entries if not entry.problem]
    if ending == "json":
        return "[" + ",\n".join(good) + "]"
    if ending in ("yaml", "yml"):
        return json.dumps({"references": [json.loads(source) for source in good]})
    if ending == "ris":  # which pandoc reads from its first line on only
        return "\n\n".join(good) + "\n"
    for entry in entries:
        if entry.problem:
            text = _blanked(text, entry)
    return text


# --- CSL-JSON ------------------------------------------------------------------------------------

_GAP = re.compile(r"[\s,]*")


def _read_json(text: str) -> Iterator[_Entry]:
    """Yield the entries of a CSL-JSON array with their offsets.

    The array is walked item by item, since Python's decoder keeps no positions.
    """
    broken: json.JSONDecodeError | None = None
    whole: Any = [] if text.lstrip().startswith("[") else {}
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        broken = error
    start = text.find("[") + 1
    if isinstance(whole, dict):
        nested = re.search(r'"(?:items|references)"\s*:\s*\[', text)
        if nested is None and broken is None:
            raise _Malformed(0, "a CSL-JSON bibliography is an array of entries", "begin it with [")
        start = nested.end() if nested else len(text)
    elif not isinstance(whole, list):
        raise _Malformed(0, "a CSL-JSON bibliography is an array of entries", "begin it with [")
    entries = list(_items(text, start))
    if broken is not None:
        if not any(entry.key and not entry.problem for entry in entries):
            raise _Malformed(broken.pos, _not_json(broken), _JSON_HINT)
        if not any(entry.problem == _not_json(broken) for entry in entries):
            # Between two entries: a comma that is missing, or one too many.
            entries.append(_Entry("", broken.pos, "", _not_json(broken), _JSON_HINT))
    yield from entries


_JSON_HINT = "check commas, quotes and brackets here"
_NEXT_ITEM = re.compile(r'(?:^|(?<=[,}\]]))[ \t]*(?=\{\s*"(?:id|type|title|author)")', re.M)


def _not_json(error: json.JSONDecodeError) -> str:
    return f"not valid JSON: {error.msg.lower()}"


def _items(text: str, start: int) -> Iterator[_Entry]:
    """The items of an array, one by one; after one that is broken, the next that begins as one."""
    decoder = json.JSONDecoder()
    offset = _skip(text, start)
    while offset < len(text) and text[offset] not in "]}":
        try:
            item, end = decoder.raw_decode(text, offset)
        except json.JSONDecodeError as error:
            found = _NEXT_ITEM.search(text, max(offset + 1, error.pos))
            end = found.end() if found else len(text)
            key = re.search(r'"id"\s*:\s*"([^"]+)"', text[offset:end])
            yield _Entry(
                key[1] if key else "", error.pos, text[offset:end], _not_json(error), _JSON_HINT
            )
            offset = end
            continue
        yield _checked(item, offset, text[offset:end])
        offset = _skip(text, end)


def _skip(text: str, offset: int) -> int:
    match = _GAP.match(text, offset)
    return match.end() if match else offset


def _checked(item: Any, offset: int, source: str) -> _Entry:
    if not isinstance(item, dict):
        return _Entry(
            "", offset, source, "an entry must be an object", 'write {"id": …, "type": …}'
        )
    key = item.get("id")
    if not isinstance(key, str | int) or key == "":
        return _Entry("", offset, source, "an entry has no id", 'add "id": "a-key"')
    problem, hint = _csl_problem(item)
    message = f"entry {str(key)!r}: {problem}" if problem else ""
    return _Entry(str(key), offset, source, message, hint)


def _csl_problem(item: dict[str, Any]) -> tuple[str, str]:
    """What is wrong with one CSL item (CSL-JSON schema 1.0.2), and how to mend it."""
    kind = item.get("type")
    if not isinstance(kind, str):
        return "it has no type", 'add "type": "book", "article-journal", "webpage" …'
    if kind not in CSL_TYPES:
        return f"{kind!r} is not a CSL type", "see the item types of CSL 1.0.2"
    for name in NAMES & item.keys():
        people = item[name]
        if not isinstance(people, list) or not all(isinstance(person, dict) for person in people):
            return (
                f"`{name}` must be a list of names",
                f'write "{name}": [{{"family": "…", "given": "…"}}]',
            )
    for name in DATES & item.keys():
        value = item[name]
        if isinstance(value, dict) and ("raw" in value or "literal" in value):
            continue
        parts = value.get("date-parts") if isinstance(value, dict) else None
        sound = isinstance(parts, list) and all(
            isinstance(part, list) and all(str(number).lstrip("-").isdigit() for number in part)
            for part in parts
        )
        if not sound and not isinstance(value, str):
            return f"`{name}` is not a date", f'write "{name}": {{"date-parts": [[2023, 7, 17]]}}'
    return "", ""


# --- CSL-YAML ------------------------------------------------------------------------------------


def _read_yaml(text: str) -> Iterator[_Entry]:
    """Yield the entries of a CSL-YAML file with their offsets."""
    try:
        root = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise _Malformed(
            _offset(text, mark.line, mark.column) if mark else 0,
            f"not valid YAML: {error.problem}",
            "check indentation, colons and quotes here",
        ) from None
    except yaml.reader.ReaderError as error:
        raise _Malformed(
            next((n for n, character in enumerate(text) if ord(character) == error.character), 0),
            f"not valid YAML: {error.reason}",
            "remove the control character",
        ) from None
    items: list[yaml.Node] = []
    if isinstance(root, yaml.MappingNode):
        for name, value in root.value:
            if name.value == "references" and isinstance(value, yaml.SequenceNode):
                items = value.value
    elif isinstance(root, yaml.SequenceNode):
        items = root.value
    for node in items:
        item = _plain(node)
        offset = _offset(text, node.start_mark.line, node.start_mark.column)
        yield _checked(item, offset, json.dumps(item, default=str, ensure_ascii=False))


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return node.value


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line):
        start = text.find("\n", start) + 1
    return start + column


# --- BibTeX and BibLaTeX -------------------------------------------------------------------------

_BIB_ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
_BIB_KEY = re.compile(r"\s*([^\s,{}()=\"#%]+)\s*,")


def _read_bib(text: str) -> Iterator[_Entry]:
    """Yield the entries of a BibTeX file; an entry runs to its closing brace."""
    starts = list(_BIB_ENTRY.finditer(text))
    for number, match in enumerate(starts):
        kind = match.group(1).lower()
        limit = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        end = _closing(text, match.end() - 1, limit)
        source = text[match.start() : end or limit]
        offset = match.start() + len(match.group()) - len(match.group().lstrip())
        if kind in ("comment", "preamble", "string"):
            yield _Entry("", offset, source)
            continue
        key = _BIB_KEY.match(text, match.end(), limit)
        if key is None:
            yield _Entry("", offset, source, f"an @{kind} entry has no key", f"write @{kind}{{key,")
        elif match.group().endswith("("):
            yield _Entry(
                key.group(1), offset, source,
                f"entry {key.group(1)!r} stands in parentheses", "put it between { and }",
            )  # fmt: skip
        elif end is None:
            yield _Entry(
                key.group(1), offset, source,
                f"entry {key.group(1)!r}: its closing brace is missing", "balance { and }",
            )  # fmt: skip
        else:
            yield _Entry(key.group(1), offset, source)


def _closing(text: str, start: int, limit: int) -> int | None:
    opening = text[start]
    closing = {"{": "}", "(": ")"}[opening]
    depth = 0
    offset = start
    while offset < limit:
        character = text[offset]
        if character == "\\":
            offset += 1
        elif character == opening:
            depth += 1
        elif character == closing:
            depth -= 1
            if depth == 0:
                return offset + 1
        offset += 1
    return None


# --- RIS -----------------------------------------------------------------------------------------

_RIS_TAG = re.compile(r"^([A-Z][A-Z0-9])  -(?: (.*))?$")


def _read_ris(text: str) -> Iterator[_Entry]:
    """Yield the records of a RIS file: `TY  -` opens one, `ER  -` closes it, `ID  -` names it."""
    offset = 0
    start: int | None = None
    key, key_offset = "", 0
    for line in text.splitlines(keepends=True):
        tag = _RIS_TAG.match(line.rstrip("\r\n"))
        if tag and tag.group(1) == "TY":
            if start is not None:
                yield _Entry(
                    key, start, text[start:offset], "a record is not closed", "end it with ER  -"
                )
            start, key, key_offset = offset, "", offset
        elif tag and tag.group(1) == "ID" and start is not None:
            key, key_offset = (tag.group(2) or "").strip(), offset
        elif tag and tag.group(1) == "ER" and start is not None:
            yield _Entry(key, key_offset, text[start : offset + len(line)])
            start = None
        offset += len(line)
    if start is not None:
        yield _Entry(key, start, text[start:], "a record is not closed", "end it with ER  -")


# --- EndNote XML ---------------------------------------------------------------------------------

_RECORD = re.compile(r"<record\b.*?</record>", re.S)
_RECORD_NUMBER = re.compile(r"<rec-number\b[^>]*>\s*([^<\s]+)")


def _read_endnote(text: str) -> Iterator[_Entry]:
    """Yield the records of an EndNote file; pandoc knows each by its number."""
    if "<records" not in text:
        raise _Malformed(0, "this is no EndNote XML", "export it from EndNote as XML")
    for record in _RECORD.finditer(text):
        number = _RECORD_NUMBER.search(record[0])
        if number is None:
            yield _Entry("", record.start(), record[0], "a record has no number", "export it anew")
        else:
            yield _Entry(number[1], record.start(), record[0])


_READERS: dict[str, Callable[[str], Iterator[_Entry]]] = {
    "json": _read_json,
    "yaml": _read_yaml,
    "yml": _read_yaml,
    "bib": _read_bib,
    "bibtex": _read_bib,
    "biblatex": _read_bib,
    "ris": _read_ris,
    "xml": _read_endnote,
}
