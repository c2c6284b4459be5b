"""The items of CSL-JSON and CSL-YAML files, each with its place and its mistakes.

In: the text of a bibliography. Out: its entries, one by one, checked against the schema of CSL
1.0.2.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from triptych.read.csl_readable import DATES, NAMES, readable_item
from triptych.read.entries import Loss, MalformedError, RawEntry
from triptych.read.yaml_size import check_size

CSL_TYPES = frozenset(
    """article article-journal article-magazine article-newspaper bill book broadcast chapter
    classic collection dataset document entry entry-dictionary entry-encyclopedia event figure
    graphic hearing interview legal_case legislation manuscript map motion_picture
    musical_score pamphlet paper-conference patent performance periodical
    personal_communication post post-weblog regulation report review review-book software song
    speech standard thesis treaty webpage""".split()
)
"""Item types of CSL 1.0.2, appendix III."""

# --- CSL-JSON ------------------------------------------------------------------------------------

_GAP = re.compile(r"[\s,]*")


def read_json(text: str) -> Iterator[RawEntry]:
    """Yield the entries of a CSL-JSON array with their offsets.

    The array is read item by item, because Python's decoder keeps no positions.
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
            raise MalformedError(
                0, "a CSL-JSON bibliography is an array of entries", "begin it with ["
            )
        start = nested.end() if nested else len(text)
    elif not isinstance(whole, list):
        raise MalformedError(0, "a CSL-JSON bibliography is an array of entries", "begin it with [")
    entries = list(_items(text, start))
    if broken is not None:
        if not any(entry.key and not entry.problem for entry in entries):
            raise MalformedError(broken.pos, _not_json(broken), _JSON_HINT)
        if not any(entry.problem == _not_json(broken) for entry in entries):
            # Between two entries: a comma is missing, or there is one too many.
            entries.append(RawEntry("", broken.pos, "", _not_json(broken), _JSON_HINT))
    yield from entries


def readable_json(text: str) -> str:
    """A sound CSL-JSON array as citeproc reads it."""
    entries = list(read_json(text))
    if not any(entry.mended for entry in entries):
        return text
    return "[" + ",\n".join(entry.source for entry in entries if not entry.problem) + "]"


_JSON_HINT = "check commas, quotes and brackets here"
_NEXT_ITEM = re.compile(r'(?:^|(?<=[,}\]]))[ \t]*(?=\{\s*"(?:id|type|title|author)")', re.M)


def _not_json(error: json.JSONDecodeError) -> str:
    return f"not valid JSON: {error.msg.lower()}"


def _items(text: str, start: int) -> Iterator[RawEntry]:
    """The items of an array. After a broken one, reading resumes where the next one begins."""
    decoder = json.JSONDecoder()
    offset = _skip(text, start)
    while offset < len(text) and text[offset] not in "]}":
        try:
            item, end = decoder.raw_decode(text, offset)
        except json.JSONDecodeError as error:
            found = _NEXT_ITEM.search(text, max(offset + 1, error.pos))
            end = found.end() if found else len(text)
            key = re.search(r'"id"\s*:\s*"([^"]+)"', text[offset:end])
            yield RawEntry(
                key[1] if key else "", error.pos, text[offset:end], _not_json(error), _JSON_HINT
            )
            offset = end
            continue
        yield _checked(item, offset, text[offset:end])
        offset = _skip(text, end)


def _skip(text: str, offset: int) -> int:
    match = _GAP.match(text, offset)
    return match.end() if match else offset


def _checked(item: Any, offset: int, source: str, in_yaml: bool = False) -> RawEntry:
    """An item as an entry: `source` is its own text, which stands at `offset` of the file."""
    if not isinstance(item, dict):
        return RawEntry(
            "", offset, source, "an entry must be an object", 'write {"id": …, "type": …}'
        )
    key = item.get("id")
    if not isinstance(key, str | int) or key == "":
        return RawEntry("", offset, source, "an entry has no id", 'add "id": "a-key"')
    problem, hint = csl_problem(item)
    if problem:
        return RawEntry(str(key), offset, source, f"entry {str(key)!r}: {problem}", hint)
    readable, told = readable_item(item, markdown=in_yaml)
    losses = tuple(
        Loss(offset + max(0 if in_yaml else source.find(p.value), 0), p.message, p.hint, p.code)
        for p in told
    )
    mended = readable != item
    if mended:
        source = json.dumps(readable, ensure_ascii=False)
    return RawEntry(str(key), offset, source, losses=losses, mended=mended)


def csl_problem(item: dict[str, Any]) -> tuple[str, str]:
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
        if isinstance(value, dict) and {"raw", "literal", "year"} & value.keys():
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


def read_yaml(text: str) -> Iterator[RawEntry]:
    """Yield the entries of a CSL-YAML file with their offsets.

    Where the whole is not valid YAML, each entry is read by itself, so that not all are lost.
    """
    try:
        yield from _yaml_items(_composed(text), 0)
    except MalformedError as error:
        entries = [entry for start, end in _yaml_pieces(text) for entry in _piece(text, start, end)]
        if not any(entry.key and not entry.problem for entry in entries):
            raise
        if not any(entry.problem for entry in entries):  # between two entries, or below them
            entries.append(RawEntry("", error.offset, "", error.message, error.hint))
        yield from entries


def _composed(text: str) -> yaml.Node | None:
    try:
        check_size(text)
        root: yaml.Node | None = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        raise MalformedError(
            mark.index if mark else 0,
            f"not valid YAML: {error.problem}",
            "check indentation, colons and quotes here",
        ) from None
    except yaml.reader.ReaderError as error:
        raise MalformedError(
            next((n for n, character in enumerate(text) if ord(character) == error.character), 0),
            f"not valid YAML: {error.reason}",
            "remove the control character",
        ) from None
    return root


def _yaml_items(root: yaml.Node | None, start: int) -> Iterator[RawEntry]:
    """The entries of a list, or of `references`, of a text that begins at `start` in its file."""
    items: list[yaml.Node] = []
    if isinstance(root, yaml.MappingNode):
        for name, value in root.value:
            if name.value == "references" and isinstance(value, yaml.SequenceNode):
                items = value.value
    elif isinstance(root, yaml.SequenceNode):
        items = root.value
    for node in items:
        item = _plain(node)
        yield _checked(
            item,
            start + node.start_mark.index,
            json.dumps(item, default=str, ensure_ascii=False),
            True,
        )


_YAML_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$|^[A-Za-z][\w-]*:", re.M)


def _yaml_pieces(text: str) -> Iterator[tuple[int, int]]:
    """Where each item of the list begins and ends, by the indentation of the first."""
    first = re.search(r"^([ \t]*)-[ \t]+\S", text, re.M)
    if first is None:
        return
    begins = [
        match.start() for match in re.finditer(rf"^{first[1]}-[ \t]+", text, re.M)
        if match.start() >= first.start()
    ]  # fmt: skip
    end = _YAML_END.search(text, begins[-1])
    yield from zip(begins, [*begins[1:], end.start() if end else len(text)], strict=True)


def _piece(text: str, start: int, end: int) -> Iterator[RawEntry]:
    """The entry in one part of a file."""
    part = text[start:end]
    try:
        yield from _yaml_items(_composed(part), start)
    except MalformedError as error:
        key = re.search(r"""^[ \t]*(?:-[ \t]+)?id:[ \t]*["']?([^\s"']+)""", part, re.M)
        yield RawEntry(
            key[1] if key else "", min(start + error.offset, end - 1), part, error.message,
            error.hint,
        )  # fmt: skip


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {str(_plain(key)): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(value) for value in node.value]
    return node.value
