"""The style sheets that a work brings, without what no edition may have.

In: the design of an edition record, and the files that it names. Out: a style sheet for each
medium; what would load something, hide words, disguise them or put others beside them is told with
its line, and left out. All else is for the proof, which reads the finished files as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tinycss2

from triptych.diagnostics import Severity
from triptych.read.files import SourceFiles, Stated
from triptych.read.paths import Refused
from triptych.record import EditionRecord

_LOADS = "would load something, and an edition holds all that it shows"
_HIDES = "would hide words"
_MOVES = "would take words out of their order"
_OTHER = "would show other words than the text has"
_REFUSED: tuple[tuple[str, str, str], ...] = (
    (r"display", r"none|contents", _HIDES),
    (r"visibility", r"(?!visible$).*", _HIDES),
    (r"opacity", r"(?!1(\.0*)?$|100%$).*", _HIDES),
    (r"content-visibility|clip|clip-path|mask.*|(backdrop-)?filter|mix-blend-mode", r".*", _HIDES),
    (r"-webkit-(text-(fill|stroke|security).*|mask.*|line-clamp)|line-clamp|text-overflow", r".*",
     _HIDES),
    (r"font-size|zoom|(max-)?(width|height|inline-size|block-size)",
     r"[-+]?(0+(\.0*)?|\.0+)[a-z%]*", _HIDES),
    (r"color", r"transparent|(rgb|hsl)a\(.*,\s*0(\.0*)?%?\s*\)|.*/\s*0(\.0*)?%?\s*\)|#...0|#.{6}00",
     _HIDES),
    (r"content|quotes|hyphenate-character|text-emphasis.*|symbols|suffix|prefix",
     r"(?!none$|normal$).*", _OTHER),
    (r"text-transform|text-combine.*|font-feature-settings|font-variant-alternates", r".*", _OTHER),
    (r"counter-.*|list-style(-type|-image)?", r".*", "would count or mark items otherwise"),
    (r"position|order|float", r"(?!static$|relative$|0$|left$|right$|none$|inline-).*", _MOVES),
    (r"flex-direction|flex-flow|flex-wrap|grid-auto-flow", r".*reverse.*", _MOVES),
    (r"transform|translate|rotate|scale|offset.*|perspective.*|direction|unicode-bidi|writing-mode"
     r"|text-orientation|margin-trim", r".*", _MOVES),
    (r"text-indent|letter-spacing|word-spacing|(margin|inset|top|bottom|left|right).*",
     r".*-\s*(\d{3,}|\d+(\.\d+)?(vw|vh|vi|vb|in|cm)).*", _MOVES),
    (r"animation.*|transition.*", r".*", "would show at one time what it does not at another"),
    (r"behavior|-moz-binding|src", r".*", _LOADS),
    (r"size|marks|bleed", r".*", "is for `trim-size` and the table `print`"),
)  # fmt: skip
"""Properties, the values of them that are refused, and why; matched whole, without capitals."""
_LOADING = re.compile(r"\burl\(|image-set\(|\bimage\(|\bsrc\(|\belement\(|\bpaint\(|\battr\(", re.I)
_AT_RULES = ("media", "supports", "page")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A style sheet as it is read: its file and text, and how serious its faults are."""

    files: SourceFiles
    path: Path
    lines: list[str]
    severity: Severity

    def tell(self, token: Any, message: str, hint: str = "write the rule without it") -> None:
        """Tell what is wrong at the place of a token."""
        line, column = token.source_line, token.source_column
        shown = self.lines[line - 1].strip()[:120] if line <= len(self.lines) else ""
        self.files.note(self.path, line, column, "style-sheet", message, hint, shown, self.severity)


def read_style_sheets(
    files: SourceFiles, record: EditionRecord, stated: Stated
) -> Mapping[str, str]:
    """The text of the work's own style sheets, by medium: `web`, `print` and `ebook`."""
    sheets = record.design.css
    severity: Severity = "warning" if sheets.wished else "error"
    read: dict[str, str] = {}
    by_medium = {"web": sheets.web, "print": sheets.print, "ebook": sheets.ebook}
    for name in dict.fromkeys(name for names in by_medium.values() for name in names):
        read[name] = _read(files, name, stated, severity)
    return {
        medium: text
        for medium, names in by_medium.items()
        if (text := "\n".join(filter(None, (read[name] for name in names))))
    }


def _read(files: SourceFiles, name: str, stated: Stated, severity: Severity) -> str:
    path, place = files.folder / name, stated.at(name, "css")
    wrong = hint = ""
    try:
        if "://" in name or files.reach.read(path) is None:
            wrong, hint = f"the style sheet {name} does not exist", "name a file of the source"
    except Refused as refused:
        wrong, hint = f"the style sheet {name} {refused}", refused.hint
    except OSError as error:
        wrong, hint = f"the style sheet {name} cannot be read: {error.strerror}", "check its name"
    if wrong:
        files.note(*place, "style-sheet", wrong, hint, severity=severity)
        return ""
    text = files.text(path)
    sheet = _Sheet(files, path, text.split("\n"), severity)
    try:
        rules = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
        clean = "\n".join(_rules(rules, sheet))
    except RecursionError:
        files.note(path, 0, 0, "style-sheet", "it is nested too deeply", "write it flat",
                   severity=severity)  # fmt: skip
        return ""
    if "</" in clean or "<!" in clean or "]]>" in clean:
        files.note(path, 0, 0, "style-sheet", "it has markup in it", "write rules of CSS alone",
                   severity=severity)  # fmt: skip
        return ""
    return clean


def _rules(rules: Iterable[Any], sheet: _Sheet) -> Iterator[str]:
    """The rules that an edition may have, written anew."""
    for rule in rules:
        if rule.type == "error":
            sheet.tell(rule, f"the style sheet does not parse: {rule.message}", "correct the rule")
        elif rule.type == "qualified-rule":
            head = tinycss2.serialize(rule.prelude).strip()
            if body := ";".join(_declarations(rule.content, sheet)):
                yield f"{head}{{{body}}}"
        elif rule.type == "at-rule":
            yield from _at_rule(rule, sheet)


def _at_rule(rule: Any, sheet: _Sheet) -> Iterator[str]:
    name, head = rule.lower_at_keyword, tinycss2.serialize(rule.prelude).strip()
    if name == "charset":
        return
    if name not in _AT_RULES or rule.content is None:
        why = _LOADS if name in ("import", "font-face") else "is not followed"
        sheet.tell(rule, f"`@{name}` {why}")
        return
    if name == "page":
        body = ";".join(_declarations(rule.content, sheet))
    else:
        inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        body = "".join(_rules(inner, sheet))
    if body:
        yield f"@{name} {head}{{{body}}}"


def _declarations(content: list[Any], sheet: _Sheet) -> Iterator[str]:
    """The declarations of a rule that an edition may have."""
    items = tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True)
    for item in items:
        if item.type == "error":
            sheet.tell(item, f"a declaration does not parse: {item.message}", "correct it")
        elif item.type != "declaration":
            sheet.tell(item, "rules within rules are not followed", "write them one by one")
        else:
            value = tinycss2.serialize(item.value).strip()
            why = refused(item.lower_name, value)
            if why:
                sheet.tell(item, f"`{item.name}: {value}` {why}")
            else:
                yield f"{item.name}:{value}{'!important' if item.important else ''}"


def refused(name: str, value: str) -> str:
    """Why an edition may not have a declaration; empty if it may."""
    plain = " ".join(value.lower().split())
    if _LOADING.search(plain) or "\\" in value:
        return _LOADS
    return next(
        (
            why
            for names, values, why in _REFUSED
            if re.fullmatch(names, name) and re.fullmatch(values, plain, re.S)
        ),
        "",
    )
