"""Formulas: the MathML that pandoc made of TeX, settled, so that every edition shows one tree.

In: the resolved body. Out: in it each formula as MathML Core with its words in `alttext`, displayed
ones in a block of class `equation`; and a diagnostic for each that could not be read, which stands
as its TeX in code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from triptych.diagnostics import Diagnostic
from triptych.mathematics.font import math_font
from triptych.mathematics.spacing import space
from triptych.mathematics.spoken import spoken
from triptych.mathematics.tidy import MATHML, tidy
from triptych.resolve.locate import Locator
from triptych.tree import Element, has_class, make, replace_with, unwrap, with_class

_M = f"{{{MATHML}}}"


def settle_formulas(
    body: Element, language: str, reasons: Mapping[str, str], locator: Locator
) -> Iterator[Diagnostic]:
    """Settle every formula; `reasons` says by a formula's TeX what pandoc could not read in it."""
    for element in list(body.iter(f"{_M}math")):
        _settle(element, language)
        sign = _without_glyph(element)
        if sign:
            yield _show_instead(element, sign, locator)
    for wrapper in with_class(body, "formula"):
        if wrapper.get("data-tex") is not None:
            unwrap(wrapper)
    for element in with_class(body, "math"):
        if element.tag == "span":
            yield _show_tex(element, reasons, locator)


def _settle(math: Element, language: str) -> None:
    tex = _tex_of(math)
    tidy(math, tex)
    space(math, tex)
    math.set("class", "math")
    math.set("alttext", spoken(math, language))
    if tex:
        math.set("data-tex", tex)
    if math.get("display") == "block":
        _frame(math, tex)


def _tex_of(math: Element) -> str:
    wrapper = math.getparent()
    if wrapper is not None and has_class(wrapper, "formula") and wrapper.get("data-tex"):
        return wrapper.get("data-tex") or ""
    return next((a.text or "" for a in math.iter(f"{_M}annotation")), "")


def _frame(math: Element, tex: str) -> None:
    """Put a displayed formula into a block of its own, with the number its author gave it."""
    holder = math.getparent()
    if holder is not None and has_class(holder, "formula"):
        unwrap(holder)
        holder = math.getparent()
    assert holder is not None
    if has_class(holder, "equation"):
        return
    tag = re.search(r"\\tag(\*?)\{([^{}]*)\}", tex)
    alone = holder.tag == "p" and len(holder) == 1 and not _text_beside(holder, math)
    frame = make("div" if alone else "span", class_="equation")
    if alone and holder.get("id"):
        frame.set("id", holder.get("id") or "")
    tail, math.tail = math.tail, None
    replace_with(holder if alone else math, [frame])
    frame.append(math)
    if not alone:
        frame.tail = (frame.tail or "") + (tail or "")
    if tag:
        math.tail = " "
        number = tag[2] if tag[1] else f"({tag[2]})"
        frame.append(make("span", number, class_="equation-number"))


def _text_beside(holder: Element, math: Element) -> str:
    """The text that stands beside a formula in its paragraph."""
    return ((holder.text or "") + (math.tail or "")).strip()


def _show_tex(element: Element, reasons: Mapping[str, str], locator: Locator) -> Diagnostic:
    """Show the TeX of a formula that could not be read, as code."""
    written = "".join(element.itertext())
    tex = re.sub(r"^(\$\$?|\\[(\[])|(\$\$?|\\[)\]])$", "", written.strip())
    reason = reasons.get(" ".join(tex.split()), "")
    command = re.search(r"\\[A-Za-z]+", reason)
    hint = (
        f"write {command[0]} otherwise, or define it with \\newcommand before its first use"
        if command
        else "look at the brackets and commands in it"
    )
    replace_with(element, [make("code", " ".join(tex.split()), class_="tex")])
    first = next((line for line in tex.split("\n") if line.strip()), tex).strip()
    offset = locator.next(first)
    if offset is not None and command is not None:
        at = locator.next_to(command[0], offset)
        offset = offset if at is None else at
    what = f": {reason}" if reason else ""
    return locator.diagnostic(
        offset, "math-unreadable", f"this formula cannot be read{what}", hint, "warning"
    )


def _without_glyph(math: Element) -> str:
    """The first character of a formula that the typeface for mathematics has not, if any."""
    for sign in "".join(math.itertext()):
        shown = not sign.isspace() and unicodedata.category(sign)[0] != "C"
        if shown and math_font().glyph(sign) is None:
            return sign
    return ""


def _show_instead(math: Element, sign: str, locator: Locator) -> Diagnostic:
    """Show the TeX of a formula that cannot be drawn, in the faces for text."""
    tex = math.get("data-tex") or "".join(math.itertext())
    replace_with(math, [make("code", " ".join(tex.split()), class_="tex")])
    return locator.diagnostic(
        next(locator.anywhere(sign), None), "glyph-missing",
        f"the typeface for mathematics has not the character {sign} "
        f"(U+{ord(sign):04X} {unicodedata.name(sign, 'unnamed')})",
        "the formula is shown as its TeX; write this outside the formula", "warning",
    )  # fmt: skip
