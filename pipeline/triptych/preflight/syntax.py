"""The syntax of content streams: operators, rendering intents, nesting, inline pictures.

In: a document. Out: breaches. Each stream of a page, form, pattern or Type 3 glyph is read once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf

from triptych.preflight.document import INTENTS, UNFIT_FILTERS, Told

_OPERATORS = frozenset(
    """b B b* B* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX f F f* G g gs h i ID j J K k
    l m M MP n q Q re RG rg ri s S SC sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W*
    y '""".split()
) | {'"'}
"""All operators of PDF 1.6 (ISO 32000-1, A.2), and pikepdf's own for an inline picture."""
_DEEPEST = 28
"""How deeply q may be nested (C.2)."""


def breaches_of_streams(pdf: pikepdf.Pdf) -> Iterator[Told]:
    """What is wrong with the syntax of content streams."""
    for number, page in enumerate(pdf.pages, 1):
        yield from _told(f"page {number}", page)
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and (
            item.get("/Subtype") == "/Form" or item.get("/PatternType") == 1
        ):
            yield from _told(f"object {item.objgen[0]}", item)
        elif isinstance(item, pikepdf.Dictionary) and item.get("/Subtype") == "/Type3":
            glyphs: Any = item.get("/CharProcs", {})
            for glyph in glyphs.values():
                yield from _told(f"object {item.objgen[0]}", glyph)


def _told(where: str, stream: Any) -> Iterator[Told]:
    for rule, message in dict.fromkeys(_breaches(stream)):
        yield rule, where, message


def _breaches(stream: Any) -> Iterator[tuple[str, str]]:
    depth = 0
    for instruction in pikepdf.parse_content_stream(stream):
        operator = str(instruction.operator)
        operands: Any = instruction.operands
        depth += {"q": 1, "Q": -1}.get(operator, 0)
        if depth > _DEEPEST:
            yield "limit", f"q is nested more than {_DEEPEST} deep"
        if operator == "INLINE IMAGE":
            filters = operands[0].filters
            yield from (("file-filter", name) for name in filters if name in UNFIT_FILTERS)
        elif operator not in _OPERATORS:
            yield "operator", f"the operator {operator}"
        elif operator == "ri" and str(operands[0]) not in INTENTS:
            yield "rendering-intent", str(operands[0])[1:]
