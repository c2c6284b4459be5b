"""The style sheets of the house as a work's own design has them.

In: a `PageDesign` and a style sheet. Out: the style sheet, with its lengths scaled and rules added.
"""

from __future__ import annotations

import re

from triptych.page_design import TYPE_SIZE, PageDesign, PageMargins

_NIGHT = "#16191f"
"""The ground of the web page in the dark."""
_CONTRAST = 4.5


def paged_style(style: str, design: PageDesign) -> str:
    """The style sheet of printed pages."""
    rules = accent_rule(design)
    if design.type_size:
        share = design.type_size / TYPE_SIZE
        style = _POINTS.sub(lambda found: f"{float(found[1]) * share:.5g}pt", style)
    if design.leading:
        rules += f"body{{line-height:{design.leading * (design.type_size or TYPE_SIZE):.5g}pt}}"
    if design.margins != PageMargins():
        top, inner, bottom, outer = (
            f"{side:g}mm"
            for side in (
                design.margins.top, design.margins.inner, design.margins.bottom,
                design.margins.outer,
            )
        )  # fmt: skip
        rules += (
            f"@page{{margin:{top} {outer} {bottom} {inner}}}"
            f"@page :left{{margin-left:{outer};margin-right:{inner}}}"
            f"@page :right{{margin-left:{inner};margin-right:{outer}}}"
            f"@page turned{{margin:{inner} {top} {outer} {bottom}}}"
        )
    return style + rules


_POINTS = re.compile(r"(?<![\w.#-])(\d+(?:\.\d+)?|\.\d+)pt\b")


def accent_rule(design: PageDesign) -> str:
    """The rule for the accent colour; nothing where it is the house's."""
    return f":root{{--accent:{design.accent}}}" if design.accent else ""


def screen_rules(design: PageDesign) -> str:
    """The same for a page that may be shown in the dark, where the colour is made as light."""
    from coloraide import Color

    if not design.accent:
        return ""
    light = Color(design.accent)
    while light.contrast(_NIGHT) < _CONTRAST:
        light = light.mix("white", 0.1, space="oklab")
    shown = light.convert("srgb").clip().to_string(hex=True)
    dark = f"@media (prefers-color-scheme:dark){{:root{{--accent:{shown}}}}}"
    return f"{accent_rule(design)}{dark}"
