"""A stranger's reading of Markdown, and of finished editions, to see what is lost between them.

The Markdown is read as text, line by line, without pandoc and without anything of Triptych's:
markup is blotted out by patterns, words are what is left, formulas, figures, tables and cited keys
are counted. Finished files are read with the plainest tools there are.
"""

from __future__ import annotations

import html
import re
import subprocess
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pikepdf

_WORD = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\d_]{3,}|\d{2,}")
"""Where a script has no blanks between words, each letter is taken for one."""

_FORMULA = re.compile(r"(?<![\\$\w])\$\$.+?\$\$|(?<![\\$\w])\$(?=\S)[^$\n]+?(?<=\S)\$(?!\d)", re.S)
_TEX_FORMULA = re.compile(
    r"\\begin\{(equation|align|gather|multline|eqnarray)\*?\}.*?\\end\{\1\*?\}|\\\[.*?\\\]", re.S
)
_LABEL = r"(?:fig|tbl|tab|sec|eq|eqn|lst|alg|thm|lem|cor|prp|cnj|def|exm|exr|nte|tip|wrn|imp|cau)"
_KEY = re.compile(r"(?<![\w\\])-?@(?:\{([^}]+)\}|([\w][\w:.#$%&+?<>~/-]*\w))")
_LOCATOR = re.compile(r"@[\w:./-]+\]?,?\s*[^\];\n]*(?=[\];])")
"""A key and the pages cited, whose form is the style's: 101-103 may be 101–3."""
_BLOTS = (
    r"<!--.*?-->",
    r"^[ \t>]*(?:```|~~~).*$",  # fences
    r"^\s*(?:#|//|%%|--)\|.*$",  # options of cells
    r"\{\{<.*?>\}\}",
    r"(?<=[\])`$])\s*\{[^{}\n]*\}|^(\s*:{3,}).*$|(?<=\w)[ \t]*\{[#.][^{}]*\}|\{#[^{}]*\}|\{-\}",
    r"\]\([^()\s]*(?:\([^()]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?\)",  # where links lead
    r"<https?:[^>]*>|https?://\S+",
    r"\[\^[^\]]*\]:?",  # marks of notes
    r"\\(?:label|(?:auto|c|C|eq|page|name|v)?ref|cite\w*|begin|end|includegraphics|usepackage|"
    r"caption(?=setup)|vspace|hspace|setlength|bibliography\w*)\*?"
    r"(?:\[[^\]]*\])*(?:\{[^{}]*\})?(?:\{[lcr|p@.]+\})?",
    r"\\newtheorem.*",
    r"\\[A-Za-z]+",
    r"</?[A-Za-z][^>]*>",
    r"&\w+;",
    r":[a-z_]{3,}:",
    r"^\s*\|?[\s:|+=-]{3,}\|?\s*$",
    r"\b(?:pp?|chap|sec|vol|para|no|fig|ch)s?\.|\bchapter\b",  # locators' labels: the style's
    r"^(?:Table|Listing):",
)
_BREAKS = re.compile(
    r"</?(?:p|div|li|td|th|h\d|br|dd|dt|figcaption|caption|section|pre|tr|math|a)\b[^>]*>"
)
_DROPPED = re.compile(r"<(script|style)\b.*?</\1>", re.S | re.I)


@dataclass(slots=True)
class Read:
    """What was read: words, and how many formulas, figures, tables and references."""

    words: Counter[str]
    letters: str
    formulas: int | None
    figures: int | None
    tables: int | None

    @classmethod
    def of(cls, path: Path) -> Read:
        """A finished edition, by its ending."""
        return _pdf(path) if path.suffix == ".pdf" else _markup(path)


@dataclass(slots=True)
class Written:
    """What an article says, each word with its line."""

    words: list[tuple[int, str]] = field(default_factory=list)
    formulas: int = 0
    figures: int = 0
    tables: int = 0
    blocks: list[range] = field(default_factory=list)

    def missing_in(self, shown: Read, told: set[int]) -> list[str]:
        """What an edition lacks, but for the blocks of which something is told."""
        excused = {line for block in self.blocks if told & set(block) for line in block} | told
        wanted = Counter(word for line, word in self.words if line not in excused)
        lacking = [
            word
            for word, times in wanted.items()
            if shown.words[word] < times and shown.letters.count(word) < times
        ]
        counts = (
            ("formulas", self.formulas, shown.formulas),
            ("figures", self.figures, shown.figures),
            ("tables", self.tables, shown.tables),
        )
        short = [f"{name}: {n} < {w}" for name, w, n in counts if n is not None and n < w]
        return sorted(lacking) + short


def read_source_text(path: Path) -> Written:
    """Read an article, and in its places the files that it includes.

    Of a folder its `main` is read, or all its files of Markdown, one below the other.
    """
    if path.is_dir() and not list(path.glob("main.*")):
        text = "\n\n".join(
            _body(file.read_text(encoding="utf-8")) for file in sorted(path.rglob("*.md"))
        )
    else:
        path = next(path.glob("main.*")) if path.is_dir() else path
        text = _body(path.read_text(encoding="utf-8"))
    text = re.sub(
        r"^\{\{<\s*include\s+(\S+)\s*>\}\}$",
        lambda m: _included(path.parent / m[1]) or m[0],
        text,
        flags=re.M,
    )
    written = Written(blocks=list(_blocks(text)))
    text = _DROPPED.sub(_blot, text)
    code_free = re.sub(r"(?ms)^(```|~~~)(?!\{=).*?^\1`*\s*$|`[^`\n]+`", _blot, text)
    written.formulas = len(_FORMULA.findall(code_free)) + len(_TEX_FORMULA.findall(code_free))
    written.figures = len(re.findall(r"!\[|\\includegraphics|<img\b", code_free))
    written.tables = _tables(code_free) + len(re.findall(r"\\begin\{tabular|<table\b", code_free))
    for found in (*_TEX_FORMULA.finditer(code_free), *_FORMULA.finditer(code_free)):
        text = text[: found.start()] + _blot(found) + text[found.end() :]
    for pattern in _BLOTS:
        text = re.sub(pattern, _blot, text, flags=re.M | re.S if "-->" in pattern else re.M)
    text = _LOCATOR.sub(lambda found: re.sub(r"\d", " ", found[0]), text)
    text = _KEY.sub(_blot, text)
    for number, line in enumerate(text.split("\n"), 1):
        written.words += [(number, word) for word in _words(line)]
    return written


def _tables(text: str) -> int:
    """How many tables are drawn: by bars, by crosses, or by rules of hyphens."""
    lines = ["", *text.split("\n"), ""]
    count, ruled = 0, False
    for before, line, after in zip(lines, lines[1:], lines[2:], strict=False):
        if re.fullmatch(r"\+[-=+:]+\+\s*", line):
            count += not before.strip()
        elif re.fullmatch(r"\s*\|?[ :|-]*-{2,}[ :|-]*", line):
            columns = "|" in line or bool(re.search(r"- +-", line))
            if ruled:
                ruled = bool(after.strip())
            elif not before.strip() and after.strip():
                count, ruled = count + 1, True
            else:
                count += columns and bool(before.strip())
    return count


def _included(path: Path) -> str:
    """An included file on one line, so that the lines below stay the article's."""
    return path.read_text(encoding="utf-8").replace("\n", " ") if path.is_file() else ""


def _words(text: str) -> list[str]:
    text = text.replace("\u0e33", "\u0e4d\u0e32")  # a Thai vowel that is drawn in two pieces
    return [word.casefold() for word in _WORD.findall(text)]


def _blot(found: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", found[0])


def _body(text: str) -> str:
    """The text without its front matter, line for line."""
    head = re.match(r"(?:---\n)?(?:[\w-]+:.*\n|[ \t#-].*\n|\n)*?(?:---|\.\.\.)\n", text)
    return text if head is None else "\n" * head[0].count("\n") + text[head.end() :]


def _blocks(text: str) -> list[range]:
    """Lines that belong together: blocks of code, environments, paragraphs."""
    blocks, start, fence = [], 1, ""
    lines = text.split("\n")
    for number, line in enumerate(lines, 1):
        opens = re.match(r"\s*(`{3,}|~{3,}|:{3,}|\\begin\{\w+\*?\})", line)
        if not fence and opens:
            start, fence = number, opens[1]
        elif fence and re.match(
            r"\s*" + re.escape(fence.replace("begin", "end")) + r"[`~:]*\s*$", line
        ):
            blocks.append(range(start, number + 1))
            start, fence = number + 1, ""
        elif not fence and not line.strip():
            blocks.append(range(start, number + 1))
            start = number + 1
    return [*blocks, range(start, len(lines) + 1)]


# --- Finished files ------------------------------------------------------------------------------


def _markup(path: Path) -> Read:
    if path.suffix == ".epub":
        with zipfile.ZipFile(path) as book:
            pages = [n for n in sorted(book.namelist()) if n.endswith(".xhtml") and "nav" not in n]
            markup = "\n".join(book.read(name).decode() for name in pages)
    else:
        markup = path.read_text(encoding="utf-8")
    body = _DROPPED.sub(" ", markup.partition("<body")[2])
    text = re.sub(r"<annotation\b.*?</annotation>", " ", body, flags=re.S)
    described = " ".join(re.findall(r'(?:alt|aria-label)="([^"]*)"', body))
    text = html.unescape(re.sub(r"<[^>]+>", "", _BREAKS.sub(" ", text)) + " " + described)
    return Read(
        Counter(_words(text)),
        "",
        len(re.findall(r"<math\b|math display\b|math inline\b", body)),
        len(re.findall(r"<img\b|<svg\b|class=\"missing\"", body)),
        len(re.findall(r"<table\b", body)),
    )


def _pdf(path: Path) -> Read:
    text = subprocess.run(
        ["pdftotext", path, "-"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    with pikepdf.open(path) as pdf:
        tags = [
            item
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
        kinds = Counter(str(item.get("/S")) for item in tags)
        text += "\n".join(str(item.get("/Alt", "")) for item in tags)
    letters = "".join(letter for letter in text if letter.isalnum()).casefold()
    return Read(Counter(_words(text)), letters, None, None, kinds["/Table"])
