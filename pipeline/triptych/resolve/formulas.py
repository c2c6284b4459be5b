"""Formulas: the MathML that pandoc made from TeX is normalised, so that all editions show one tree.

In: the resolved body. Out: in it, each formula is MathML Core with its words in `alttext`, and
displayed ones stand in a block of class `equation`. A formula that could not be read is shown as
its TeX in code, in the same place, with a diagnostic. A formula of mere space becomes a blank.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping

from triptych.diagnostics import Diagnostic
from triptych.mathematics.colours import Rgb, defined_colours
from triptych.mathematics.font import HEBREW, borrowed, math_font
from triptych.mathematics.layout import LANGUAGE
from triptych.mathematics.spacing import space
from triptych.mathematics.spoken import spoken
from triptych.mathematics.tidy import MATHML, tidy
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element, has_class, make, remove, replace_with, unwrap, with_class

_M = f"{{{MATHML}}}"


def normalise_formulas(
    body: Element, language: str, reasons: Mapping[str, str], source_map: SourceMap
) -> Iterator[Diagnostic]:
    """Normalise every formula. `reasons` maps TeX to what pandoc could not read in it."""
    defined = defined_colours(source_map.text)
    for element in list(body.iter(f"{_M}math")):
        yield from _tell_lost(element, _normalise(element, language, defined), source_map)
        if not element.get("alttext"):
            _leave_out(element)
            continue
        sign = _without_glyph(element, _language_of(element, language))
        if sign:
            yield _show_instead(element, sign, source_map)
    for element in with_class(body, "math"):
        if element.tag == "span":
            yield _show_tex(element, reasons, source_map)
    for wrapper in with_class(body, "formula"):
        if wrapper.get("data-tex") is not None:
            unwrap(wrapper)


def _normalise(math: Element, language: str, defined: Mapping[str, Rgb]) -> tuple[str, ...]:
    """Normalise a formula. Return the parts that no edition shows."""
    tex = _tex_of(math)
    wrapper = math.getparent()
    lost = [] if wrapper is None else (wrapper.get("data-lost") or "").split(", ")
    lost += tidy(math, tex, defined)
    space(math, tex)
    math.set("class", "math")
    words = spoken(math, language) or " ".join("".join(math.itertext()).split())
    math.set("alttext", words)
    if tex:
        math.set("data-tex", tex)
    if math.get("display") == "block":
        _frame(math, tex)
    return tuple(filter(None, lost))


def _tell_lost(math: Element, lost: tuple[str, ...], source_map: SourceMap) -> Iterator[Diagnostic]:
    """Report the parts of a formula that no edition shows, with the TeX they were written in."""
    tex = " ".join((math.get("data-tex") or "").split())
    for what in lost:
        yield source_map.diagnostic(
            _place_of(math.get("data-tex") or "", source_map), "math-lost",
            f"no edition shows {what} in a formula: {tex[:60]}",
            "write the formula without it, or say it in the text", "warning",
        )  # fmt: skip


def _place_of(tex: str, source_map: SourceMap) -> int | None:
    """Where a formula stands: between its dollars, or at its first line with content."""
    first = next((line for line in tex.split("\n") if line.strip()), tex).strip()
    for fence in ("$$", "$"):
        offset = source_map.next(f"{fence}{tex}{fence}")
        if offset is not None:
            return offset + len(fence) + len(tex) - len(tex.lstrip())
    return source_map.next(first)


def _tex_of(math: Element) -> str:
    wrapper = math.getparent()
    if wrapper is not None and has_class(wrapper, "formula") and wrapper.get("data-tex"):
        return wrapper.get("data-tex") or ""
    return next((a.text or "" for a in math.iter(f"{_M}annotation")), "")


def _leave_out(math: Element) -> None:
    """Put a blank in the place of a formula that shows nothing; it would have no description.

    A displayed one goes, unless a number stands beside it.
    """
    holder = math.getparent()
    assert holder is not None
    if holder.get("data-labels"):
        math.set("alttext", math.get("data-tex") or "")
    elif has_class(holder, "equation"):
        remove(holder)
    else:
        replace_with(math, [" "])


def _frame(math: Element, tex: str) -> None:
    """Put a displayed formula into a block of its own, with the number that its author gave it.

    The formula is MathML, or code where it could not be read.
    """
    holder = math.getparent()
    if holder is not None and has_class(holder, "formula"):
        unwrap(holder)
        holder = math.getparent()
    assert holder is not None
    if has_class(holder, "equation"):
        return
    tags = _TAG.findall(tex)
    alone = holder.tag == "p" and len(holder) == 1 and not _text_beside(holder, math)
    frame = make("div" if alone else "span", class_="equation")
    if alone and holder.get("id"):
        frame.set("id", holder.get("id") or "")
    tail, math.tail = math.tail, None
    replace_with(holder if alone else math, [frame])
    frame.append(math)
    if not alone:
        frame.tail = (frame.tail or "") + (tail or "")
    numbers = [make("span", _number(*tag), class_="equation-number") for tag in tags]
    for number in numbers[:-1]:
        number.tail = " "
    if numbers:
        math.tail = " "
        several = make("span", *numbers, class_="equation-numbers")
        frame.append(numbers[0] if len(numbers) == 1 else several)


_TAG = re.compile(r"\\tag(\*?)\s*\{((?:[^{}]|\{[^{}]*\})*)\}")


def _number(star: str, tag: str) -> str:
    """The number that an author gave, without dollar signs."""
    plain = re.sub(r"[${}]|\\(?:text|mathrm|mathbf)(?![A-Za-z])", "", tag)
    plain = plain.replace("\\prime", "′").replace("'", "′")
    return plain if star else f"({plain})"


def _text_beside(holder: Element, math: Element) -> str:
    """The text beside a formula in its paragraph."""
    return ((holder.text or "") + (math.tail or "")).strip()


def _show_tex(element: Element, reasons: Mapping[str, str], source_map: SourceMap) -> Diagnostic:
    """Show the TeX of a formula that could not be read, as code; a displayed one in a block."""
    written = "".join(element.itertext())
    tex = re.sub(r"^(\$\$?|\\[(\[])|(\$\$?|\\[)\]])$", "", written.strip())
    holder = element.getparent()
    blamed = "" if holder is None else holder.get("data-unread") or ""
    if "starred" not in source_map.text:  # as `read/macros.py` calls `\\abs*`
        tex, blamed = (_STARRED.sub(r"\1*", said) for said in (tex, blamed))
    reason = f"{blamed} is not understood" if blamed else reasons.get(" ".join(tex.split()), "")
    command = re.search(r"\\[A-Za-z]+\*?", reason)
    hint = (
        f"write {command[0]} otherwise, or define it with \\newcommand before its first use"
        if command
        else "look at the brackets and commands in it"
    )
    offset = _place_of(tex, source_map)
    _show_code(element, tex, has_class(element, "display"))
    if command is not None:
        at = (
            source_map.next(command[0])
            if offset is None
            else source_map.next_to(command[0], offset)
        )
        offset = offset if at is None else at
    what = f": {reason}" if reason else ""
    return source_map.diagnostic(
        offset, "math-unreadable", f"this formula cannot be read{what}", hint, "warning"
    )


_STARRED = re.compile(r"(\\[A-Za-z]+)starred(?![A-Za-z])")


def _show_code(element: Element, tex: str, display: bool) -> None:
    """Put a formula's TeX, as code, in its place; that of a displayed one in its own lines."""
    code = make("code", " ".join(tex.split()), class_="tex")
    if display:
        lines = textwrap.dedent(_TAG.sub("", tex).strip("\n")).split("\n")
        code.text = "\n".join(line.rstrip() for line in lines if line.strip(" %"))
    replace_with(element, [code])
    if display:
        _frame(code, tex)


def _language_of(math: Element, language: str) -> str:
    """The language around a formula, in a work of `language`."""
    return next((e.get("lang") or "" for e in math.iterancestors() if e.get("lang")), language)


def _without_glyph(math: Element, language: str) -> str:
    """The first character of a formula that cannot be set in it, if any.

    Right-to-left letters can be set where they have a piece of text to themselves. A formula with
    letters of the typefaces for text gets its language as an attribute, which chooses the face.
    """
    for text in math.itertext():
        shown = [c for c in text if not c.isspace() and unicodedata.category(c)[0] != "C"]
        mixed = not HEBREW.isdisjoint(text) and not HEBREW.issuperset(shown)
        for sign in shown:
            if math_font().glyph(sign) is None:
                if borrowed(sign, language) is None or (mixed and sign in HEBREW):
                    return sign
                math.set(LANGUAGE, language)
    return ""


def _show_instead(math: Element, sign: str, source_map: SourceMap) -> Diagnostic:
    """Show the TeX of a formula that cannot be drawn, in the typefaces for text."""
    tex = math.get("data-tex") or "".join(math.itertext())
    _show_code(math, tex, math.get("display") == "block")
    return source_map.diagnostic(
        next(source_map.anywhere(sign), None), "glyph-missing",
        f"a formula cannot be set with the character {sign} "
        f"(U+{ord(sign):04X} {unicodedata.name(sign, 'unnamed')})",
        "the formula is shown as its TeX; write this outside the formula", "warning",
    )  # fmt: skip
