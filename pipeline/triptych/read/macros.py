r"""Macros: a command of TeX that an author defines holds for all formulas that follow it.

In: the lines of a manuscript, or its front matter. Out: the same lines, with the definitions where
pandoc reads them: outside of formulas and of fenced raw blocks. Pandoc knows `\newcommand` and its
kin only there; LaTeX and MathJax know them wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

_DEEPEST_GROUP = 6


def _group(depth: int) -> str:
    """A pattern for a group in braces with groups in it."""
    inside = rf"|{_group(depth - 1)}" if depth else ""
    return rf"\{{(?:[^{{}}\\]|\\.{inside})*+\}}"


_GROUP = _group(_DEEPEST_GROUP)
_NAME = r"(?:\{\s*\\[A-Za-z]+\s*\}|\\[A-Za-z]+)"
_ARGUMENT = rf"\s*(?:{_GROUP}|\\[A-Za-z]+|\\.|[^\s{{}}\\])"
_PAIR = (
    rf"\\DeclarePairedDelimiter(?:\s*{_NAME}{_ARGUMENT}{{2}}"
    rf"|X\s*{_NAME}\s*\[\d\]{_ARGUMENT}{{3}}|XPP\s*{_NAME}\s*\[\d\]{_ARGUMENT}{{5}})"
)
_DEFINITION = re.compile(
    rf"\\(?:(?:re)?newcommand|providecommand|DeclareRobustCommand)\*?\s*{_NAME}(?:\s*\[[^\]\n]*\]){{0,2}}"
    rf"\s*{_GROUP}"
    rf"|\\DeclareMathOperator\*?\s*{_NAME}\s*{_GROUP}"
    rf"|{_PAIR}"
    rf"|\\[gex]?def\s*\\[A-Za-z]+(?:\[?#\d\]?)*\s*{_GROUP}"
    r"|\\let\s*\\[A-Za-z]+\s*=?\s*(?:\\[A-Za-z]+|\S)",
    re.S,
)
_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_COMMAND = re.compile(rf"\\[A-Za-z]+\*?(?:\s*(?:\[[^\]]*\]|{_GROUP}))*", re.S)
_FORMULA = re.compile(
    r"(?<![\\$])\$\$(?!\$)(?P<display>(?:[^$\\]|\\.|\$(?!\$))+?)\$\$"
    r"|(?<![\\$])\$(?=[^\s$])(?P<inline>(?:[^$\\\n]|\\.|\n(?![ \t]*\n))+?)(?<!\s)\$(?!\d)",
    re.S,
)
_RAW = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*\{=(?:la)?tex\}[ \t]*")
INPUT = re.compile(r"[ \t]*\\(?:input|include)\s*\{([^{}\n]+)\}[ \t]*")
"""The line that draws in a file of LaTeX."""

Reader = Callable[[str], tuple[str, str] | None]
"""Takes a path as the article names it. Returns the path as the user writes it, and the text."""


def drawn_out(marked: Sequence[tuple[str, str]], seen: Sequence[str]) -> list[str]:
    """The lines, each with its kind, with definitions drawn out of formulas and raw blocks.

    Those of a formula stand before it. `seen` are the lines with blanks for code and comments.
    """
    lines = [line for line, _ in marked]
    for first, last in _raw_blocks(marked):
        if defines_only("\n".join(lines[first + 1 : last])):
            for number in range(first, last + 1):
                if number in (first, last) or lines[number].lstrip().startswith("%"):
                    lines[number] = " " * len(lines[number])
    text = "\n".join(lines)
    pieces, at = [], 0
    for formula in _FORMULA.finditer("\n".join(seen)):
        kind = formula.lastgroup or ""
        tex = text[slice(*formula.span(kind))]
        if _DEFINITION.search(tex):
            fence = "$$" if kind == "display" else "$"
            pieces += [text[at : formula.start()], _freed(tex, fence)]
            at = formula.end()
    return "".join([*pieces, text[at:]]).split("\n")


def _raw_blocks(marked: Sequence[tuple[str, str]]) -> Iterator[tuple[int, int]]:
    """The first and last line of each fenced block of raw TeX."""
    for first, (line, kind) in enumerate(marked):
        if kind == "opening" and _RAW.fullmatch(line):
            last = first + 1
            while last < len(marked) and marked[last][1] == "code":
                last += 1
            if last - 1 > first:
                yield first, last - 1


def _freed(tex: str, fence: str) -> str:
    """A formula, of as many lines as before, with its definitions before it."""
    rest = _DEFINITION.sub(lambda match: "\n" * match[0].count("\n"), tex)
    definitions = definitions_in(tex)
    if not _COMMENT.sub("", rest).strip():
        return definitions + "\n" * tex.count("\n")
    return f"{definitions} {fence}{rest.lstrip(' ')}{fence}"


def defines_only(tex: str) -> bool:
    """Whether TeX defines commands, and prints nothing."""
    rest, count = _DEFINITION.subn("", _COMMENT.sub("", tex))
    return count > 0 and not _COMMAND.sub("", rest).strip()


def definitions_in(tex: str) -> str:
    """The definitions in TeX, in one line."""
    return " ".join(
        " ".join(_COMMENT.sub("", match[0]).split()) for match in _DEFINITION.finditer(tex)
    )


def paired_delimiters(text: str) -> Callable[[str], str] | None:
    r"""What writes the pairs of delimiters that a text declares as commands that pandoc knows.

    mathtools has `\abs{x}` with delimiters as they are, `\abs[\big]{x}` and `\abs*{x}`, where
    they grow. The last becomes a command of its own: pandoc knows none with a star. None where a
    text declares no pair.
    """
    names = {_bare_name(match[0]) for match in re.finditer(_PAIR, text, re.S)}
    if not names:
        return None
    starred = re.compile(rf"(\\(?:{'|'.join(sorted(names))}))\s*\*")
    return partial(_with_pairs, starred)


def _with_pairs(starred: re.Pattern[str], text: str) -> str:
    text = re.sub(_PAIR, lambda match: _two_commands(match[0]), text, flags=re.S)
    return starred.sub(r"\1starred", text)


def _two_commands(pair: str) -> str:
    """A pair of delimiters as two commands: with a size, and growing with what they hold."""
    head = re.match(rf"\\DeclarePairedDelimiter(?:XPP|X)?\s*{_NAME}(?:\s*\[(\d)\])?", pair)
    assert head is not None
    name, number = _bare_name(pair), int(head[1] or 1)
    given = [_inside(argument) for argument in re.findall(_ARGUMENT, pair[head.end() :], re.S)]
    if len(given) == 5:
        before, left, right, after, body = given
    else:
        (left, right, body), before, after = [*given, "#1"][:3], "", ""

    def filled(size: str, opening: str, closing: str) -> str:
        written = f"{before}{opening} {body} {closing}{after}"
        return re.sub(r"\\delimsize(?![A-Za-z])", lambda _: size, written)

    opening, closing = (f"#0{sign}" if sign not in ("", ".") else "" for sign in (left, right))
    sized = re.sub(r"#(\d)", lambda m: f"#{int(m[1]) + 1}", filled("#0", opening, closing))
    grown = filled(r"\middle", rf"\left{left or '.'}", rf"\right{right or '.'}")
    return (
        rf"\newcommand{{\{name}}}[{number + 1}][]{{{sized}}} "
        rf"\newcommand{{\{name}starred}}[{number}]{{{grown}}}"
    )


def _bare_name(pair: str) -> str:
    return str(re.findall(r"\\([A-Za-z]+)", pair)[1])


def _inside(argument: str) -> str:
    argument = argument.strip()
    return argument[1:-1].strip() if argument.startswith("{") else argument


def of_front_matter(fields: Mapping[str, Any], read: Reader) -> str:
    """The definitions in the front matter, and in files of LaTeX that it names, in one line."""
    texts = list(_texts(fields.get("header-includes")))
    for named in _texts(fields.get("include-in-header"), "file"):
        texts += _text_of(named, read) if re.fullmatch(r"[\w./-]+", named) else [named]
    for line in "\n".join(texts).split("\n"):
        if match := INPUT.fullmatch(line):
            texts += _text_of(match[1], read)
    return " ".join(filter(None, map(definitions_in, texts)))


def _texts(value: Any, *keys: str) -> Iterator[str]:
    """The texts of a field: one, several, or as Quarto has them, under `text` and the like."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item, *keys)
    elif isinstance(value, Mapping):
        yield from (str(value[key]) for key in ("text", *keys) if key in value)
    elif value:
        yield str(value)


def _text_of(name: str, read: Reader) -> list[str]:
    found = read_tex(name, read)
    return [found[1]] if found else []


def read_tex(name: str, read: Reader) -> tuple[str, str] | None:
    """The path and text of a file of LaTeX, whose ending may be missing; None if there is none."""
    names = [name] if name.endswith(".tex") else [f"{name}.tex", name]
    return next(filter(None, map(read, names)), None)
