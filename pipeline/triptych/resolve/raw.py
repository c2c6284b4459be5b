"""Raw markup: what the formats cannot carry is shown as it was written, and reported.

In: the resolved tree. The filters have marked raw TeX, raw markup of other formats, and places
where something is left out (class `told`). Out: diagnostics; the marks are removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from triptych.diagnostics import Diagnostic
from triptych.resolve.source_map import SourceMap
from triptych.terms import quotation_marks
from triptych.tree import Element, has_class, remove, replace_with, text_of, unwrap, with_class

_LAYOUT_TEX = re.compile(
    r"\s*(?:(?:%.*\n?\s*)|\\(?:newpage|clearpage|cleardoublepage|pagebreak|vspace|hspace|vfill|"
    r"hfill|noindent|indent|bigskip|medskip|smallskip|centering|raggedright|raggedleft|small|"
    r"footnotesize|scriptsize|tiny|normalsize|large|Large|LARGE|huge|Huge|begingroup|endgroup|"
    r"setlength|addtolength|setcounter|addtocounter|thispagestyle|pagestyle|linebreak|nolinebreak|"
    r"allowbreak|protect|relax|appendix|tableofcontents|listoffigures|listoftables|listoflistings|lstlistoflistings|listofalgorithms|lof|lot|lol|maketitle|"
    r"doublespacing|singlespacing|onehalfspacing|parindent|parskip|baselineskip|FloatBarrier|"
    r"newline|hline|toprule|midrule|bottomrule|frontmatter|mainmatter|backmatter|sloppy|fussy|"
    r"phantomsection|addcontentsline|markboth|markright|columnbreak|blandscape|elandscape|"
    r"usepackage|geometry|hypersetup|captionsetup|renewcommand|newcommand|providecommand|definecolor|"
    r"label|bibliographystyle|newtheorem|theoremstyle|numberwithin|leavevmode|ignorespaces|par|strut|bf|it|rm|sf|tt|sc|em)"
    r"(?![A-Za-z])\*?(?:\s*\[[^\]]*\]|\s*\{(?:[^{}]|\{[^{}]*\})*\}|\s*=?\s*-?[\d.]+\s*(?:pt|mm|cm|em|ex|in))*\s*"
    r"|\\(?:begin|end)\s*\{(?:landscape|center|flushleft|flushright|minipage|spacing|multicols|"
    r"small|footnotesize|sloppypar|singlespace|onehalfspace|doublespace)\}"
    r"(?:\s*\[[^\]]*\]|\s*\{[^{}]*\})*\s*)+"
)


_DEFINITION = re.compile(
    r"\\(?:(?:re)?newcommand|providecommand|Declare(?:MathOperator|RobustCommand|PairedDelimiter\w*)|[gex]?def|let)"
    r"(?![A-Za-z])"
)
"""Definitions of macros for formulas. Pandoc has already read them."""


def show_raw(body: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    """Show raw markup. Raw TeX that only lays out pages is dropped silently."""
    for element in with_class(body, "raw-tex"):
        code = text_of(element)
        layout = _LAYOUT_TEX.fullmatch("".join(element.itertext()))
        if not code or layout or _DEFINITION.match(code):
            _leave_out(element)
            continue
        first = "".join(element.itertext()).strip().split("\n")[0]
        yield source_map.diagnostic(
            source_map.next(first[:40]), "raw-dropped",
            f"raw TeX is shown, not typeset: {code[:60]}",
            "write it in Markdown", "warning",
        )  # fmt: skip
        unwrap(element)
    for element in with_class(body, "raw-other"):
        code = text_of(element)
        first = "".join(element.itertext()).strip().split("\n")[0]
        yield source_map.diagnostic(
            source_map.next(first[:40]), "raw-dropped",
            f"raw markup of another format is shown as it stands: {code[:60]}",
            "write it in Markdown, or leave it out", "warning",
        )  # fmt: skip
        unwrap(element)


def _leave_out(element: Element) -> None:
    """Remove an element, and the paragraph that held nothing else: it would be an empty one."""
    paragraph = element.getparent()
    remove(element)
    if paragraph is None or paragraph.tag != "p" or paragraph.get("id"):
        return
    around = paragraph.getparent()
    if (
        around is not None
        and around.tag in _HOLDERS
        and not len(paragraph)
        and not text_of(paragraph)
    ):
        remove(paragraph)


_HOLDERS = ("body", "article", "main", "section", "div", "blockquote")
"""What may be left with one paragraph fewer. Items of lists and cells may not be empty."""


def report_told(body: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    """Report what the filters found at each place of class `told`."""
    for element in with_class(body, "told"):
        line = element.get("data-told-line", "")
        found = element.get("data-told-find", "")
        offset = source_map.line(int(line)) if line.isdigit() else source_map.next(found)
        yield source_map.diagnostic(
            offset, element.get("data-told-code", "raw-dropped"),
            element.get("data-told-message", ""), element.get("data-told-hint", ""), "warning",
        )  # fmt: skip
        _leave_out(element)


_UNNAMED = re.compile(r"cb\d+")
"""The id that pandoc gives highlighted code without an id of its own."""


def drop_code_anchors(body: Element) -> None:
    """Remove the links and ids that pandoc gives each line of highlighted code."""
    for block in [e for e in with_class(body, "sourceCode") if e.tag == "div"]:
        name = block.attrib.pop("id", "")
        code = block.find("pre")
        if name and code is not None and not _UNNAMED.fullmatch(name):
            code.set("id", name)
        line = re.compile(rf"#?{re.escape(name)}-\d+")
        for anchor in [a for a in block.iter("a") if line.fullmatch(a.get("href") or "")]:
            remove(anchor)
        for span in [s for s in block.iter("span") if line.fullmatch(s.get("id") or "")]:
            unwrap(span)
    for wrapper in [e for e in with_class(body, "sourceCode") if e.tag == "div"]:
        if not has_class(wrapper, "line"):
            unwrap(wrapper)


def draw_task_boxes(body: Element) -> None:
    """Print the boxes of task lists as characters. Form fields are not text, and print has none."""
    for box in [e for e in body.iter("input") if e.get("type") == "checkbox"]:
        label = box.getparent()
        sign = "\N{BALLOT BOX WITH CHECK}" if box.get("checked") is not None else "\N{BALLOT BOX}"
        tail = (box.tail or "").lstrip()
        box.tail = None
        replace_with(box, [f"{sign} {tail}"])
        if label is not None and label.tag == "label":
            unwrap(label)


def drop_own_bullets(body: Element) -> None:
    """Make lists without marks of those that have theirs in words, such as `(1)` and `a)`."""
    for wrapper in with_class(body, "delimited"):
        for items in wrapper.iterchildren("ul"):
            items.tag = "ol"
            items.set("style", "list-style-type: none")
        unwrap(wrapper)


def write_quotations(body: Element, language: str) -> None:
    """Print the marks of `q` elements, which a browser would add of its own.

    They are those of the language in which the quotation stands, as for quotations in Markdown.
    """
    found = [
        (quotation, sum(1 for _ in quotation.iterancestors("q")), _language(quotation) or language)
        for quotation in body.iter("q")
    ]
    for quotation, depth, around in found:
        opening, closing = quotation_marks(around)[2 * (depth % 2) :][:2]
        quotation.text = opening + (quotation.text or "")
        if len(quotation):
            quotation[-1].tail = (quotation[-1].tail or "") + closing
        else:
            quotation.text += closing
        quotation.tag = "span"
        quotation.attrib.pop("cite", None)


def write_readings(body: Element) -> None:
    """Write readings above characters (`ruby`) behind them, in brackets. Print has none above."""
    for ruby in list(body.iter("ruby")):
        for bracket in list(ruby.iter("rp")):
            remove(bracket)
        wide = any(ord(sign) > 0x10FF for sign in text_of(ruby))
        first, last = ("（", "）") if wide else (" (", ")")
        for reading in list(ruby.iter("rt")):
            if text_of(reading):
                replace_with(reading, [first, *_unwrapped(reading), last])
            else:
                remove(reading)
        for inner in list(ruby.iter("rb", "rtc", "rbc")):
            unwrap(inner)
        unwrap(ruby)


def _unwrapped(element: Element) -> Iterator[Element | str]:
    yield element.text or ""
    for child in list(element):
        tail, child.tail = child.tail or "", None
        yield child
        yield tail


def _language(element: Element) -> str:
    """The language of the passage in which an element stands; empty where none is named."""
    return next((a.get("lang", "") for a in element.iterancestors() if a.get("lang")), "")
