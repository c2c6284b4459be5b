"""The style sheets of the house as a work's own design has them.

In: an `Edition` and a style sheet. Out: the style sheet, with its lengths scaled and rules added.
"""

from __future__ import annotations

import re

from triptych.direction import Direction, direction
from triptych.edition import Edition
from triptych.page_design import HeadWords, PageDesign, PageMargins, RunningHeads
from triptych.page_geometry import TYPE_SIZE, page_geometry
from triptych.render.balanced_lines import TITLE_SIZES, title_rules

_NIGHT = "#16191f"
"""The ground of the web page in the dark."""
_CONTRAST = 4.5
_HOUSE = PageMargins(top=23, inner=22, bottom=25, outer=18)
"""The margins that `paged.css` has."""


def paged_style(style: str, edition: Edition) -> str:
    """The style sheet of printed pages."""
    design = edition.record.design
    page = page_geometry(edition.record.trim_size, design)
    share = page.type_size / TYPE_SIZE
    if share != 1:
        style = _LENGTHS.sub(lambda found: f"{float(found[1]) * share:.5g}{found[2]}", style)
    rules = accent_rule(design) + link_rule(design.links)
    if design.leading:
        rules += f"body{{line-height:{page.leading:.5g}pt}}"
    if page.margins != _HOUSE or share != 1 or not design.facing:
        rules += _margin_rules(page.margins, design.facing, direction(edition.record.language))
    if not design.facing and design.has_title_page:
        rules += "main,.chapter,.part,article:has(> .chapter) + #references{break-before:page}"
    if design.theme in TITLE_SIZES:
        measure = edition.record.trim_size[0] - page.margins.inner - page.margins.outer
        rules += title_rules(edition.record, measure * 72 / 25.4 / share)
    return style + rules + _head_rules(edition)


_LENGTHS = re.compile(r"(?<![\w.#])(-?(?:\d+(?:\.\d+)?|\.\d+))(pt|mm)\b")


def _margin_rules(margins: PageMargins, facing: bool, way: Direction) -> str:
    """The margins of pages: of left and right ones, and of those with a turned table."""
    top, inner, bottom, outer = (
        f"{side:g}mm" for side in (margins.top, margins.inner, margins.bottom, margins.outer)
    )
    left = f"margin-left:{outer};margin-right:{inner}"
    right = f"margin-left:{inner};margin-right:{outer}"
    if not facing:  # all are bound where the first is
        left = right = left if way == "rtl" else right
    return (
        f"@page{{margin:{top} {outer} {bottom} {inner}}}"
        f"@page :left{{{left}}}@page :right{{{right}}}"
        f"@page turned{{margin:{inner} {top} {outer} {bottom}}}"
    )


def _head_rules(edition: Edition) -> str:
    """What running heads say, where it is not what they usually do. Odd pages are right ones.

    Where pages do not face, even ones have the boxes of odd ones.
    """
    design = edition.record.design
    heads = design.running_heads
    if heads == RunningHeads() and design.facing and design.has_title_page:
        return ""
    mirrored = direction(edition.record.language) == "rtl"
    odd, even = (":left", ":right") if mirrored else (":right", ":left")
    outer, inner = ("left", "right") if mirrored else ("right", "left")
    right, left = _head(edition, heads.right), _head(edition, heads.left)
    rules = f"@page {odd}{{@top-{inner}{{content:{right}}}}}"
    if not design.has_title_page:  # the first page has the title itself below its number
        rules += f"@page :first{{@top-{inner}{{content:none}}}}"
    if design.facing:
        return f"{rules}@page {even}{{@top-{outer}{{content:{left}}}}}"
    return (
        f"{rules}@page {even}{{"
        f"@top-{inner}{{content:{right};width:94%;text-align:{outer};line-clamp:1}}"
        f"@top-{outer}{{content:counter(page);width:6%;text-align:{outer};line-clamp:none}}}}"
    )


def _head(edition: Edition, words: HeadWords) -> str:
    """The words of a running head, as a value of `content`."""
    if words == "author":
        comma = edition.terms["comma"]
        return css_string(comma.join(person.name for person in edition.record.authors))
    return {"title": "string(work)", "section": "string(section)"}.get(words, '""')


def css_string(words: str) -> str:
    """Words as a string of CSS (CSS Syntax 3, 4.3.5)."""
    return '"' + re.sub(r'["\\\n<]', lambda sign: f"\\{ord(sign[0]):x} ", words) + '"'


def accent_rule(design: PageDesign) -> str:
    """The rule for the accent colour; nothing where it is the house's."""
    return f":root{{--accent:{design.accent}}}" if design.accent else ""


def link_rule(colour: str, text: str = "main") -> str:
    """The rule for the colour of links in the text; nothing where it is the house's."""
    return f"{text} a:not(.noteref,.notemark){{color:{colour}}}" if colour else ""


def screen_rules(design: PageDesign) -> str:
    """The same for a page that may be shown in the dark, where the colours are made as light."""
    if not (light := accent_rule(design) + link_rule(design.links)):
        return ""
    dark = f":root{{--accent:{_lightened(design.accent)}}}" if design.accent else ""
    dark += link_rule(_lightened(design.links)) if design.links else ""
    return f"{light}@media (prefers-color-scheme:dark){{{dark}}}"


def _lightened(colour: str) -> str:
    """A colour made so light that it can be read in the dark."""
    from coloraide import Color

    light = Color(colour)
    while light.contrast(_NIGHT) < _CONTRAST:
        light = light.mix("white", 0.1, space="oklab")
    return str(light.convert("srgb").clip().to_string(hex=True))
