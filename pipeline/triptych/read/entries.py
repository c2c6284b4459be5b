"""The entries of BibTeX and EndNote files, each with its place and what is wrong with it.

In: the text of a bibliography. Out: its entries, one by one, with their offsets in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree


@dataclass(frozen=True, slots=True)
class Loss:
    """What would be lost or printed wrong of a field, which stands at `offset` of its entry.

    `code` is that of the diagnostic it is told by.
    """

    offset: int
    message: str
    hint: str
    code: str = "bibliography-field"


@dataclass(frozen=True, slots=True)
class RawEntry:
    """An entry as written in its file.

    `source` is its own text, or JSON where the format is YAML. `offset` is the character of the
    file at which its name stands, or its first mistake. `problem` says what is wrong and `hint`
    how to correct it; both are empty where the entry is sound. An entry that cannot be cited has
    no `key`. Where the format is not BibTeX, `losses` are what is lost of its fields, with offsets
    in the file, and `source` is `mended` where citeproc would read it wrong.
    """

    key: str
    offset: int
    source: str
    problem: str = ""
    hint: str = ""
    losses: tuple[Loss, ...] = ()
    mended: bool = False


class MalformedError(Exception):
    """Nothing of a bibliography can be read. `offset` is the character of the first mistake."""

    def __init__(self, offset: int, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.offset, self.message, self.hint = offset, message, hint


# --- BibTeX and BibLaTeX -------------------------------------------------------------------------

BIB_ENTRY = re.compile(r"^[ \t]*@[ \t]*(\w+)[ \t]*[{(]", re.MULTILINE)
BIB_KEY = re.compile(r"\s*(?![\w-]+\s*=)([^\s,{}\"]+)\s*,")
_BLANK_IN_KEY = re.compile(r"\s*([^,={}\"]+?)\s*,")


def read_bib(text: str) -> Iterator[RawEntry]:
    """Yield the entries of a BibTeX file; an entry runs to its closing brace."""
    starts = list(BIB_ENTRY.finditer(text))
    inside = 0
    for number, match in enumerate(starts):
        if match.start() < inside:
            continue
        kind = match.group(1).lower()
        after = starts[number + 1] if number + 1 < len(starts) else None
        limit = after.start() if after else len(text)
        end = _closing(text, match.end() - 1, limit)
        if end is None and after and not BIB_KEY.match(text, after.end()):
            # What looks like another entry has no key: it is text in a field of this one.
            end = inside = _closing(text, match.end() - 1, len(text)) or 0
            end = end or None
        source = text[match.start() : end or limit]
        offset = match.start() + len(match.group()) - len(match.group().lstrip())
        if kind in ("comment", "preamble", "string"):
            yield RawEntry("", offset, source)
            continue
        key = BIB_KEY.match(text, match.end(), limit)
        blank = None if key else _BLANK_IN_KEY.match(text, match.end(), limit)
        if blank is not None:
            yield RawEntry(
                "", offset, source, f"the key {blank.group(1)!r} holds a blank",
                "no citation can name it; write the key without",
            )  # fmt: skip
        elif key is None:
            yield RawEntry(
                "", offset, source, f"an @{kind} entry has no key", f"write @{kind}{{key,"
            )
        elif end is None:
            yield RawEntry(
                key.group(1), offset, source,
                f"entry {key.group(1)!r}: its closing brace is missing", "balance { and }",
            )  # fmt: skip
        elif _open_quotation(source):
            yield RawEntry(
                key.group(1), offset, source,
                f"entry {key.group(1)!r}: a quotation mark is not closed", 'balance " and "',
            )  # fmt: skip
        else:
            yield RawEntry(key.group(1), offset, source)


def _open_quotation(entry: str) -> bool:
    """Whether a field of an entry begins with a quotation mark that is never closed."""
    if '"' not in entry:
        return False
    depth, quoted = 0, False
    for character in re.sub(r"\\\\.", "", entry, flags=re.S):
        depth += (character == "{") - (character == "}")
        quoted ^= character == '"' and depth == 1
    return quoted


_SIGN = re.compile(r'\\.|[{}")]', re.S)


def _closing(text: str, start: int, limit: int) -> int | None:
    """The end of an entry that opens at `start` with a brace, or as BibTeX has it a parenthesis."""
    in_braces = text[start] == "{"
    depth, quoted = 0, False
    for sign in _SIGN.finditer(text, start, limit):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth -= 1
            if depth == 0 and in_braces:
                return sign.end()
        elif not in_braces and depth == 0:
            quoted ^= sign[0] == '"'
            if sign[0] == ")" and not quoted:
                return sign.end()
    return None


# --- EndNote XML ---------------------------------------------------------------------------------

ENDNOTE_RECORD = re.compile(r"<record\b.*?(?:</record>|(?=<record\b|</records>|\Z))", re.S)
ENDNOTE_NUMBER = re.compile(r"<rec-number\b[^>]*>\s*([^<\s]+)")


def read_endnote(text: str) -> Iterator[RawEntry]:
    """Yield the records of an EndNote file; pandoc knows each by its number."""
    if "<records" not in text:
        raise MalformedError(0, "this is no EndNote XML", "export it from EndNote as XML")
    broken = not_xml(text)
    told = False
    for record in ENDNOTE_RECORD.finditer(text):
        number = ENDNOTE_NUMBER.search(record[0])
        key = number[1] if number else ""
        wrong = not_xml(record[0]) if broken else None
        if wrong is not None:
            told = True
            yield RawEntry(
                key, record.start() + wrong[0], record[0], f"not valid XML: {wrong[1]}", _MEND
            )
        elif number is None:
            yield RawEntry(
                "", record.start(), record[0], "a record has no number", "export it anew"
            )
        else:
            yield RawEntry(key, record.start(), record[0])
    if broken and not told:
        yield RawEntry("", broken[0], "", f"not valid XML: {broken[1]}", _MEND)


_MEND = "export it anew, or close here what was opened"


def not_xml(text: str) -> tuple[int, str] | None:
    """The character at which a text stops being well-formed XML, and why."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, encoding="utf-8")
    try:
        etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        start = sum(len(above) + 1 for above in text.split("\n")[: line - 1])
        why = str(error.msg).partition(", line")[0]
        return min(start + max(column - 1, 0), max(len(text) - 1, 0)), why
    return None
