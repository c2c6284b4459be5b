"""MyST and reStructuredText: their roles, directives and targets in Pandoc's words, line for line.

In: the text of a manuscript, and a function that tells the kind of each line. Out: the text, of as
many lines, and the first role or directive that is not understood. Those stay, and are shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Marker = Callable[[str], Iterator[tuple[str, str]]]
"""Takes a text. Returns each line with its kind: the opening of a code block, code, or text."""

_ROLE = re.compile(
    r"(?<![`\\])(?:\{(?P<braced>[a-z][\w:+.-]*)\}|(?<![\w:]):(?P<colons>[a-z][\w:+.-]*):)"
    r"`(?P<body>[^`\n]+)`(?!`)"
)
_CODE = re.compile(r"(?<!`)(``+)(?!`).+?(?<!`)\1(?!`)")
_TARGET = re.compile(r"\((?P<name>[\w:./-]+)\)=[ \t]*")
_FENCE = re.compile(
    r"(?P<before>[ \t>]*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*\{(?P<name>[a-z][\w:+-]*)\}[ \t]*"
    r"(?P<words>.*?)[ \t]*"
)
_OF_RST = re.compile(r"\.\. (?P<name>[a-z][\w:-]*)::(?:\s.*)?")
_OPTION = re.compile(r"[ \t>]*:(?P<name>[\w-]+):[ \t]*(?P<value>.*?)[ \t]*")
_HEADING = re.compile(r"#{1,6}[ \t]+[^{}]*")
_LABELLED = re.compile(r"(?<=\$\$)[ \t]*\((?P<name>[A-Za-z][\w:.-]*)\)[ \t]*$")
_NAMED = re.compile(r"(?P<words>.*?)\s*<(?P<target>[^<>]+)>")
_WORK = re.compile(r"(?:\{(?P<before>[^{}]*)\})?(?P<key>[^{}\s]+?)(?:\{(?P<after>[^{}]*)\})?")

_CALLOUTS = {
    "note": "note", "seealso": "note", "admonition": "note", "hint": "tip", "tip": "tip",
    "important": "important", "attention": "warning", "warning": "warning", "caution": "caution",
    "danger": "caution", "error": "caution",
}  # fmt: skip
_CODE_BLOCKS = frozenset("code code-block sourcecode code-cell".split())
_OF_THE_PRESS = frozenset(
    "bibliography tableofcontents contents toctree printindex footbibliography".split()
)
"""What an edition has of itself."""
_OTHERS = frozenset(
    """list-table csv-table table epigraph margin sidebar dropdown tab-set tab-item grid card
    glossary index include literalinclude raw only eval-rst rubric topic video iframe embed proof
    exercise solution versionadded versionchanged deprecated aside figure-md subfigure pull-quote
    container""".split()
)
_LITERAL = frozenset("code literal file samp command program kbd guilabel menuselection".split())


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """The first role or directive that is not understood: its place, and how many there are."""

    line: int
    column: int
    name: str
    count: int


def in_pandocs_words(text: str, marked: Marker) -> tuple[str, NotUnderstood | None]:
    """The text as pandoc reads it, and what of it is not understood."""
    if not re.search(r"\}`|:`|\{[a-z][\w:+-]*\}|\)=\s*$|^\.\. ", text, re.M):
        return text, None
    strange: list[tuple[int, int, str]] = []
    for convert in (_callout, _callout, _callout, _directive):
        text = "\n".join(_converted(list(marked(text)), convert))
    lines = list(marked(text))
    said = [line for line, _ in lines]
    for number, (line, kind) in enumerate(lines):
        fence = _FENCE.fullmatch(line)
        if fence and (fence["name"] in _OTHERS or ":" in fence["name"] or fence["fence"][0] == ":"):
            strange.append((number, line.index("{"), f"{{{fence['name']}}}"))
        elif kind == "text" and (foreign := _OF_RST.fullmatch(line)):
            strange.append((number, 0, f".. {foreign['name']}::"))
        elif kind == "text" and (target := _TARGET.fullmatch(line)):
            _name_next(said, number, target["name"])
        elif kind == "text":
            said[number] = _line(said[number], number, strange)
    if not strange:
        return "\n".join(said), None
    line_of, column, name = min(strange)
    found = NotUnderstood(line_of + 1, column + 1, name, len(strange))
    return "\n".join(said), found


# --- Directives ----------------------------------------------------------------------------------


def _converted(
    marked: Sequence[tuple[str, str]],
    convert: Callable[[re.Match[str], list[str]], list[str] | None],
) -> Iterator[str]:
    """The lines with their directives converted. What `convert` does not know stays."""
    number = 0
    while number < len(marked):
        line, kind = marked[number]
        fence = _FENCE.fullmatch(line) if kind in ("opening", "text") else None
        last = _last(marked, number, fence) if fence else None
        made = None
        if fence and last:
            inside = [inner for inner, _ in marked[number + 1 : last]]
            made = convert(fence, inside)
        if made is not None and last is not None:
            yield from made
            number = last + 1
        else:
            yield line
            number += 1


def _last(marked: Sequence[tuple[str, str]], first: int, fence: re.Match[str]) -> int | None:
    """The line that closes a directive."""
    sign = fence["fence"]
    closing = re.compile(rf"[ \t>]*{re.escape(sign)}{re.escape(sign[0])}*[ \t]*")
    kind = "text" if sign[0] == ":" else "code"
    for number in range(first + 1, len(marked)):
        if closing.fullmatch(marked[number][0]) and marked[number][1] == kind:
            return number
    return None


def _options(inside: list[str]) -> tuple[dict[str, str], int]:
    """The options at the head of a directive, and how many lines they take."""
    options: dict[str, str] = {}
    for number, line in enumerate(inside):
        found = _OPTION.fullmatch(line)
        if not found:
            return options, number
        options[found["name"]] = found["value"]
    return options, len(inside)


def _callout(fence: re.Match[str], inside: list[str]) -> list[str] | None:
    kind = _CALLOUTS.get(fence["name"])
    if kind is None:
        return None
    _, taken = _options(inside)
    words = fence["words"].replace('"', "'")
    title = f' title="{words}"' if words else ""
    before = fence["before"]
    opening = f"{before}::: {{.callout-{kind}{title}}}"
    return [opening, *[before.rstrip()] * taken, *inside[taken:], f"{before}:::"]


def _directive(fence: re.Match[str], inside: list[str]) -> list[str] | None:
    name, before = fence["name"], fence["before"]
    options, taken = _options(inside)
    label = options.get("name") or options.get("label") or ""
    body, blank = inside[taken:], [before.rstrip()]
    if name in ("figure", "image"):
        words = " ".join(line.strip(" \t>") for line in body if line.strip(" \t>"))
        image = _image(fence["words"], words if name == "figure" else "", label, options)
        return [*blank, before + image, *blank * len(inside)]
    if name == "math":
        first = f"{before}$${' ' + fence['words'] if fence['words'] else ''}"
        return [*blank * taken, first, *body, f"{before}$${f' {{#{label}}}' if label else ''}"]
    if name in _CODE_BLOCKS and fence["fence"][0] != ":":
        language = re.sub(r"[^\w+-].*", "", fence["words"])
        return [
            *blank * taken,
            f"{before}{fence['fence']}{language}",
            *body,
            before + fence["fence"],
        ]
    if name in _OF_THE_PRESS:
        return blank * (len(inside) + 2)
    return None


def _image(path: str, words: str, label: str, options: Mapping[str, str]) -> str:
    alt = options.get("alt", "").replace('"', "'")
    width = options.get("width") or options.get("scale") or ""
    attributes = [
        f"#{label}" if label else "",
        f'alt="{alt}"' if alt else "",
        f"width={width}" if re.fullmatch(r"[\d.]+(?:%|px|cm|mm|in|em)?", width) else "",
    ]
    given = " ".join(filter(None, attributes))
    return f"![{words}]({path}){f'{{{given}}}' if given else ''}"


def _name_next(lines: list[str], number: int, name: str) -> None:
    """Give the name of a target to the heading that follows it; else it stands at what follows."""
    lines[number] = ""
    after = next((n for n in range(number + 1, len(lines)) if lines[n].strip()), None)
    if after is not None and _HEADING.fullmatch(lines[after]):
        lines[after] = f"{lines[after].rstrip()} {{#{name}}}"
    else:
        lines[number] = f"\\hypertarget{{{name}}}{{}}"


# --- Roles ---------------------------------------------------------------------------------------


def _line(line: str, number: int, strange: list[tuple[int, int, str]]) -> str:
    """A line with its roles in pandoc's words."""
    line = _LABELLED.sub(r" {#\g<name>}", line)
    hidden = [span.span() for span in _CODE.finditer(line)]

    def said(role: re.Match[str]) -> str:
        if any(start <= role.start() < end for start, end in hidden):
            return role[0]
        name = role["braced"] or role["colons"]
        words = _role(name, role["body"].strip())
        if words is None:
            strange.append((number, role.start(), role[0].partition("`")[0]))
        return role[0] if words is None else words

    return _ROLE.sub(said, line)


def _role(name: str, body: str) -> str | None:
    """A role in pandoc's words; None for one that is not understood."""
    named = _NAMED.fullmatch(body)
    words, target = (named["words"], named["target"]) if named else ("", body)
    if re.fullmatch(r"(?:foot)?cite(?::?[a-z]+)?", name):
        return _citation(name, body)
    if name in ("ref", "numref", "prf:ref", "eq"):
        command = {"ref": "nameref", "eq": "eqref"}.get(name, "autoref")
        if not words:
            return f"\\{command}{{{target}}}"
        if "%s" in words or "{number}" in words:
            return re.sub(r"%s|\{number\}", lambda _: f"\\ref{{{target}}}", words)
        return f"[{words}](#{target})"
    if name == "math":
        return f"${body}$"
    if name in ("sub", "subscript", "sup", "superscript"):
        sign = "~" if name.startswith("sub") else "^"
        return sign + body.replace(" ", "\\ ") + sign
    if name in ("term", "abbr", "abbreviation"):
        return words or re.sub(r"\s*\([^()]*\)$", "", body)
    if name in _LITERAL:
        return f"`{body}`"
    if name in ("emphasis", "strong"):
        sign = "*" if name == "emphasis" else "**"
        return f"{sign}{body}{sign}"
    return None


def _citation(name: str, body: str) -> str | None:
    """A role that cites, as a citation of Pandoc's."""
    works = [_WORK.fullmatch(work.strip()) for work in re.split(r"[,;](?![^{]*\})", body)]
    if not all(works):
        return None
    kind = name.rpartition("cite")[2].lstrip(":")
    if kind.startswith("t"):
        return ", ".join(f"@{work['key']}" for work in works if work)
    cited = []
    for work in filter(None, works):
        before = f"{work['before']} " if work["before"] else ""
        after = f", {work['after']}" if work["after"] else ""
        sign = "-@" if kind.startswith("year") else "@"
        cited.append(f"{before}{sign}{work['key']}{after}")
    return f"[{'; '.join(cited)}]"
