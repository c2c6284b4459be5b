"""A stranger's reading of Markdown, and what an edition of it lacks, has twice, or has elsewhere.

The Markdown is read as text, without pandoc and without anything of Triptych's: markup is blotted
out by patterns, and what is left between two blots is a run of words. A finished edition
(`finished.py`) must have each run as it is, letter for letter, the runs of a block one after the
other, the blocks in their order, and no long run more often than the author wrote it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from finished import Read, letters

_BLOT = "\x00"
_FILE = "\x01"
"""A line that parts two files, either of which may come first."""
_FORMULA = re.compile(r"(?<![\\$\w])\$\$.+?\$\$|(?<![\\$\w])\$(?=\S)[^$\n]+?(?<=\S)\$(?!\d)", re.S)
_TEX_FORMULA = re.compile(
    r"\\begin\{(equation|align|gather|multline|eqnarray)\*?\}.*?\\end\{\1\*?\}"
    r"|^[ \t]*\\\[.*?\\\][ \t]*$",
    re.S | re.M,
)
_CODE = re.compile(
    r"(?ms)^([ \t>]*)(```+|~~~+)(?!\{=).*?^\1\2[`~]*[ \t]*$|(`+)(?!`).+?(?<!`)\3(?!`)"
)
_KEY = re.compile(r"(?<![\w\\])-?@(?:\{([^}]+)\}|([\w][\w:.#$%&+?<>~/-]*\w))")
_TEX_KEYS = re.compile(r"\\(?:no)?[Cc]ite\w*\*?(?:\[[^\]]*\])*\{([^{}]*)\}")
_LABEL = re.compile(
    r"(?:fig|tbl|tab|sec|eq|eqn|lst|alg|thm|lem|cor|prp|cnj|def|exm|exr|rem|sol|nte|tip|wrn|imp|cau)"
    r"[:-]", re.I
)  # fmt: skip
_BRACKET = re.compile(r"\[(?:[^\[\]]|\[[^\[\]]*\])*(?<![\w\\])@(?:[^\[\]]|\[[^\[\]]*\])*\](?!\()")
"""A cluster of citations; the words beside its keys may stand in a note."""
_IN_TEXT = re.compile(r"((?<![\w\\])-?@(?:\{[^}]+\}|[\w:./-]*\w))\s*\[[^\]]*\]")
"""A citation in the text and what is cited of it, whose form is the style's."""
_NOTE = re.compile(r"^\[\^[^\]]+\]:(?:.*\n?)(?:(?:[ \t]+.*|[ \t]*)\n)*?(?=^\S|\Z)", re.M)
_BLOTS = (
    r"<!--.*?-->",
    r"^[ \t>]*(?:```|~~~).*$",  # fences
    r"^\s*(?:#|//|%%|--)\|.*$",  # options of cells
    r"\{\{<.*?>\}\}",
    r"(?<=[\])`$\x00])\s*\{[^{}\n]*\}|^(\s*:{3,}).*$|(?<=\w)[ \t]*\{[#.][^{}]*\}|\{#[^{}]*\}|\{-\}",
    r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)",  # where links lead
    r"<https?:[^>]*>|https?://\S+",
    r"\[\^[^\]]*\]:?",  # marks of notes
    r"\\(?:label|(?:auto|c|C|eq|page|name|v)?ref|cite\w*|begin|end|includegraphics|usepackage|"
    r"caption(?=setup)|vspace|hspace|setlength|bibliography\w*)\*?"
    r"(?:\[[^\]]*\])*(?:\{[^{}]*\})?(?:\[[^\]]*\])?(?:\{(?=[lcr|@.]|[pmb]\{)(?:[^{}]|\{[^{}]*\})*\})?",
    r"\\newtheorem.*",
    r"\\[A-Za-z]+",
    r"</?[A-Za-z][^>]*>",
    r"&\w+;",
    r":[a-z_]{3,}:",
    r"^\s*\|?[\s:|+=-]{3,}\|?\s*$",
    r"\b(?:pp?|chap|sec|vol|para|no|fig|ch)s?\.|\bchapter\b",  # locators' labels: the style's
    r"^(?:Table|Listing):",
    r"^(?::[ \t]+)?[ \t>]*(?:[-*+]|\(?(?:[#@]|\d+|[A-Za-z]|[ivxIVX]+)[.)])[ \t]+"
    r"(?:\[[ xX]\][ \t])?",  # marks of lists
)
_IMAGE = re.compile(r"!\[((?:[^\[\]]|\[[^\[\]]*\])*)\]\([^)\n]*\)(?:\{([^}]*)\})?")
_MARKED_TABLE = re.compile(r"\\begin\{(?:tabular|longtable)|<table\b")
_UNREAD = re.compile(r"<(script|style)\b.*?</\1>", re.S | re.I)
_GAP = 1200
"""So many letters of citations and references may stand between two runs of a block."""
_LONG = 28
"""A run of so many letters is found twice by no chance."""

_AS_SEEN = re.compile("[\u0590-\u08ff\u0900-\u0dff\ufb1d-\ufeff]")
"""Letters that a page has in another order than that of reading."""

Kind = Literal["flow", "note", "table", "file"]


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, item of lists, or the like: its lines, and its runs of words.

    The runs of a `flow` stand one after the other, and after the block before it; those of a
    `note`, or of what floats, one after the other; those of a `table` anywhere. After a `file` the
    order begins anew.
    """

    lines: range
    kind: Kind
    runs: tuple[str, ...]


@dataclass(slots=True)
class Written:
    """What an article says: each thing with its line."""

    blocks: list[Block] = field(default_factory=list)
    formulas: list[int] = field(default_factory=list)
    formulas_of_works: int = 0
    """How many formulas the titles of a bibliography in BibTeX hold."""
    figures: list[tuple[int, str]] = field(default_factory=list)
    tables: list[int] = field(default_factory=list)
    cited: list[tuple[int, str]] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    together: list[range] = field(default_factory=list)

    def faults_of(self, shown: Read, told: set[int]) -> list[str]:
        """What an edition lacks or has too often, but where something is told of it."""
        excused = {n for lines in self.together if told & set(lines) for n in lines} | told
        return [*self._words(shown, excused), *self._things(shown, excused)]

    def _words(self, shown: Read, excused: set[int]) -> Iterator[str]:
        at = 0
        for block in self.blocks:
            if block.kind == "file":
                at = 0
            if excused & set(block.lines):
                continue
            where = f"line {block.lines[0]}"
            if block.kind == "table":
                lost = [run for run in block.runs if _find((run,), shown, 0) is None]
                yield from (f"{where} lost: {run}" for run in lost)
                continue
            after = _find(block.runs, shown, at if block.kind == "flow" else 0)
            if after is not None:
                at = after if block.kind == "flow" else at
            elif _find(block.runs, shown, 0) is not None:
                yield f"{where} out of order: {block.runs[0][:40]}"
            else:
                yield f"{where} lost: {_first_lost(block.runs, shown)}"
        said = _BLOT.join(run for block in self.blocks for run in block.runs)
        for block in self.blocks:
            for run in block.runs:
                if len(run) >= _LONG and shown.text.count(run) > said.count(run):
                    yield f"line {block.lines[0]} repeated: {run[:40]}"

    def _things(self, shown: Read, excused: set[int]) -> Iterator[str]:
        for what, lines, there in (
            ("formulas", self.formulas, len(shown.formulas)),
            ("figures", [line for line, _ in self.figures], len(shown.figures)),
            ("tables", self.tables, len(shown.rows)),
        ):
            wanted = sum(line not in excused for line in lines)
            # A note prints the titles of works again.
            more = self.formulas_of_works * (1 + len(self.cited)) if what == "formulas" else 0
            if not wanted <= there <= len(lines) + more:
                yield f"{what}: {there} of {wanted}"
        described = Counter(letters(said) for said in shown.figures)
        for line, said in self.figures:
            if line in excused:
                continue
            if said and described[said] < 1:
                yield f"line {line} figure lost: {said}"
            described[said] -= 1
        yield from (f"figure blank: {said}" for said in shown.blank)
        notes = [line for line in self.notes if line not in excused]
        if len(notes) > shown.notes:
            yield f"notes: {shown.notes} of {len(notes)}"
        cited = Counter(key for line, key in self.cited if line not in excused)
        for key, times in sorted(cited.items()):
            if key not in shown.entries:
                yield f"entry lost: {key}"
            if shown.cited[key] < times:
                yield f"citation lost: {key}, {shown.cited[key]} of {times}"


def _find(runs: tuple[str, ...], shown: Read, start: int) -> int | None:
    """Where runs that follow each other end, from `start` on; None where they do not."""
    if not runs:
        return start
    first = _place(runs[0], shown, start, len(shown.text))
    while first >= 0:
        at = first + len(runs[0])
        for run in runs[1:]:
            found = _place(run, shown, at, at + _GAP + len(run))
            if found < 0:
                break
            at = found + len(run)
        else:
            return at
        first = _place(runs[0], shown, first + 1, len(shown.text))
    return None


def _place(run: str, shown: Read, start: int, stop: int) -> int:
    """Where a run stands between two places, or -1; on a page its letters may be in any order."""
    found = shown.text.find(run, start, stop)
    if found >= 0 or not shown.as_seen or not _AS_SEEN.search(run):
        return found
    owed = Counter(run)
    for n, letter in enumerate(shown.text[start:stop]):
        owed[letter] -= 1
        if n >= len(run):
            owed[shown.text[start + n - len(run)]] += 1
        if n >= len(run) - 1 and not any(owed.values()):
            return start + n - len(run) + 1
    return -1


def _first_lost(runs: tuple[str, ...], shown: Read) -> str:
    lost = (run for run in runs if _place(run, shown, 0, len(shown.text)) < 0)
    return next(lost, "its runs are apart: " + runs[0])[:90]


# --- Reading Markdown -----------------------------------------------------------------------------


def read_source_text(path: Path) -> Written:
    """Read an article, and in its places the files that it includes.

    Of a folder its `main` is read, or all its files of Markdown, one below the other.
    """
    if path.is_dir() and not list(path.glob("main.*")):
        files = sorted(path.rglob("*.md"))
        text = f"\n\n{_FILE}\n\n".join(_body(file.read_text(encoding="utf-8")) for file in files)
    else:
        path = next(path.glob("main.*")) if path.is_dir() else path
        text = _body(path.read_text(encoding="utf-8"))
    text = re.sub(
        r"^\{\{<\s*include\s+(\S+)\s*>\}\}$",
        lambda m: _included(path.parent / m[1]) or m[0],
        text,
        flags=re.M,
    )
    written = _written(text)
    for file in path.parent.glob("*.bib"):
        written.formulas_of_works += len(re.findall(r"\$[^$]+\$", file.read_text("utf-8")))
    return written


def _written(text: str) -> Written:
    written = Written(together=list(_together(text)))
    text = _UNREAD.sub(_blot, text)
    code_free = _CODE.sub(_blot, text)
    bare = code_free
    for pattern in (_TEX_FORMULA, _FORMULA):
        for found in pattern.finditer(bare):
            written.formulas.append(_line(text, found.start()))
            text = text[: found.start()] + _blot(found) + text[found.end() :]
        bare = pattern.sub(_blot, bare)
    written.figures = list(_figures(bare))
    written.tables = [
        *_tables(code_free),
        *(_line(bare, m.start()) for m in _MARKED_TABLE.finditer(bare)),
    ]
    written.cited = list(_cited(re.sub(r"<!--.*?-->", _blot, bare, flags=re.S)))
    written.blocks = list(_blocks(text, written.notes))
    return written


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


def _figures(text: str) -> Iterator[tuple[int, str]]:
    """Figures with the letters of what stands for them, where the author says that."""
    for found in re.finditer(r"!\[|\\includegraphics|<img\b[^>]*>", text):
        image = _IMAGE.match(text, found.start())
        written = (image[2] or "") if image else found[0]
        said = re.search(r"""\balt=(?:"([^"]*)"|'([^']*)')""", written)
        words = (said[1] or said[2] or "") if said else ""
        if image and not _alone(image):
            words = words or image[1]
        yield _line(text, found.start()), letters(words)


def _alone(image: re.Match[str]) -> bool:
    """Whether an image has a line of its own, so that its words are its caption."""
    before = image.string[: image.start()].rpartition("\n")[2]
    after = image.string[image.end() :].partition("\n")[0]
    return not (before + after).strip(" \t>:")


def _cited(text: str) -> Iterator[tuple[int, str]]:
    for found in _TEX_KEYS.finditer(text):
        for key in found[1].split(","):
            yield _line(text, found.start()), key.strip()
    for found in _KEY.finditer(text):
        key = found[1] or found[2]
        if not _LABEL.match(key) and text[found.start() - 1 : found.start()] != "(":
            yield _line(text, found.start()), key


def _tables(text: str) -> Iterator[int]:
    """The lines of tables that are drawn: by bars, by crosses, or by rules of hyphens."""
    lines = ["", *text.split("\n"), ""]
    ruled = False
    for number, (before, line, after) in enumerate(
        zip(lines, lines[1:], lines[2:], strict=False), 1
    ):
        found = False
        if re.fullmatch(r"\+[-=+:]+\+\s*", line):
            found = not before.strip()
        elif re.fullmatch(r"\s*\|?[ :|-]*-{2,}[ :|-]*", line):
            columns = "|" in line or bool(re.search(r"- +-", line))
            if ruled:
                ruled = bool(after.strip())
            elif not before.strip() and after.strip():
                found = ruled = True
            else:
                found = columns and bool(before.strip())
        if found:
            yield number


def _blocks(text: str, lines_of_notes: list[int]) -> Iterator[Block]:
    """The text in blocks, and of each the runs of words between what is blotted out."""
    notes: list[Block] = []
    text = _outside_code(_IMAGE, lambda image: image[0] if _alone(image) else _blot(image), text)

    def note(found: re.Match[str]) -> str:
        line = _line(text, found.start())
        lines_of_notes.append(line)
        lines = range(line, line + found[0].rstrip().count("\n") + 1)
        parts = re.split(r"\n[ \t]*\n", found[0])
        notes.extend(Block(lines, "note", tuple(_runs(part))) for part in parts)
        return _blot(found)

    text = _outside_code(_NOTE, note, text)
    text = _outside_code(re.compile(r"\^\[(?:[^\[\]]|\[[^\[\]]*\])*\]"), note, text)
    text = _outside_code(re.compile(r"\\footnote\{(?:[^{}]|\{[^{}]*\})*\}"), note, text)
    for lines, part in _paragraphs(text):
        if part.strip() == _FILE:
            yield Block(lines, "file", ())
        elif re.search(r"^\s*(?:\+[-=+:]+\+|[ -]*-{3,}[ -]*)\s*$", part, re.M):
            cells = re.split(r"\||[ \t]{2,}|\n", part)
            yield Block(lines, "table", tuple(run for cell in cells for run in _runs(cell)))
        else:
            floats = re.search(
                r"^\s*:\s|^(?:Table|Listing):|!\[|\\caption|\\begin\{(?:table|figure)", part, re.M
            )
            runs = tuple(_runs(part))
            if runs:
                yield Block(lines, "note" if floats else "flow", runs)
            beside = [words for cluster in _BRACKET.findall(part) for words in _beside(cluster)]
            if beside:
                yield Block(lines, "table", tuple(beside))
    yield from notes


def _outside_code(
    pattern: re.Pattern[str], change: Callable[[re.Match[str]], str], text: str
) -> str:
    spans = [found.span() for found in _CODE.finditer(text)]

    def unless(found: re.Match[str]) -> str:
        inside = any(start <= found.start() < end for start, end in spans)
        return found[0] if inside else change(found)

    return pattern.sub(unless, text)


def _beside(cluster: str) -> Iterator[str]:
    """The words beside the keys of a cluster of citations, but for what is cited of a work."""
    for piece in _KEY.split(cluster.strip("[]"))[::3]:
        yield from _runs(
            re.sub(
                r"^,?\s*[\w.]*\s*[\d–-]+(?:\s*[–,&-]\s*[\d]+)*(?:쪽|[页頁]|ページ)?|\d", "", piece
            )
        )


def _runs(text: str) -> Iterator[str]:
    """The letters of the words between blots."""
    text = _CODE.sub(lambda m: re.sub(r"[@$\[\]\\{}<>&:]", " ", m[0]), text)
    text = _IN_TEXT.sub(r"\1", text)
    text = _BRACKET.sub(_BLOT, text)
    for pattern in _BLOTS:
        text = re.sub(pattern, _blot, text, flags=re.M | re.S if "-->" in pattern else re.M)
    text = _KEY.sub(_blot, text)
    for piece in re.split(r"\x00+", text):
        run = letters(piece)
        if run:
            yield run


def _included(path: Path) -> str:
    """An included file on one line, so that the lines below stay the article's."""
    return path.read_text(encoding="utf-8").replace("\n", " ") if path.is_file() else ""


def _blot(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", _BLOT, found[0])


def _body(text: str) -> str:
    """The text without its front matter, line for line."""
    head = re.match(r"(?:---\n)?(?:[\w-]+:.*\n|[ \t#-].*\n|\n)*?(?:---|\.\.\.)\n", text)
    return text if head is None else "\n" * head[0].count("\n") + text[head.end() :]


def _paragraphs(text: str) -> Iterator[tuple[range, str]]:
    """What stands between blank lines, with its lines; code is one, blank lines and all."""
    start, fence = 1, ""
    held: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        opens = re.match(r"[ \t>]*(`{3,}|~{3,})", line)
        if opens and not fence:
            fence = opens[1]
        elif fence and opens and opens[1].startswith(fence):
            fence = ""
        if not fence and not line.strip():
            if held:
                yield range(start, number), "\n".join(held)
            start, held = number + 1, []
        else:
            held.append(line)
    if held:
        yield range(start, number), "\n".join(held)


def _together(text: str) -> Iterator[range]:
    """Lines that belong together: blocks of code, environments, paragraphs."""
    start, fence = 1, ""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        opens = re.match(r"\s*(`{3,}|~{3,}|:{3,}|\\begin\{\w+\*?\})", line)
        if not fence and opens:
            start, fence = number, opens[1]
        elif fence and re.match(
            r"\s*" + re.escape(fence.replace("begin", "end")) + r"[`~:]*\s*$", line
        ):
            yield range(start, number + 1)
            start, fence = number + 1, ""
        elif not fence and not line.strip():
            yield range(start, number + 1)
            start = number + 1
    yield range(start, len(lines) + 1)
