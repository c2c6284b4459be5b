"""The door: all that is mended in WeasyPrint and pydyf, as a table, and what puts it in place.

In: WeasyPrint as it is installed, loaded. Out: while `mended` lasts, WeasyPrint without the faults
in the table. A row says what is wrong, where that is reported, and what stands in the place of
which function. `tests/test_mends.py` shows each fault without its row. Once a new version of
WeasyPrint has healed a fault, that test fails, and the mend can go.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pydyf
from weasyprint import document, html, layout, pdf, svg
from weasyprint.draw import text as draw_text
from weasyprint.layout import block, inline, page
from weasyprint.pdf import fonts, tags
from weasyprint.text import line_break

from triptych.diagnostics import MachineError
from triptych.render.typesetter import (
    all_pages,
    drawing_words,
    drawings,
    footnotes,
    formula_drawing,
    justification,
    kept_figures,
    kept_heads,
    laid_notes,
    line_start,
    table_widths,
    tagging,
    to_unicode,
    trailing_space,
    vowel_signs,
)  # fmt: skip
from triptych.render.typesetter.engine import TRIED

_ISSUES = "https://github.com/Kozea/WeasyPrint/issues/"
_PYDYF = "0.13.0"
"""The version of pydyf that the mends were made for."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in WeasyPrint, and the address where that is reported."""

    name: str
    what: str
    reported: str = "not reported"


@dataclass(frozen=True, slots=True)
class Patch:
    """A function or class of WeasyPrint, the names of its parameters, and what stands in its place.

    `by` is a function, which is called with the original and then with the original's arguments, or
    a class derived from the original. It is None for what a mend only calls or overrides.
    """

    owner: Any
    name: str
    parameters: str
    by: Callable[..., Any] | None = None

    @property
    def place(self) -> str:
        """The module, the class if any, and the name."""
        inside = f"{self.owner.__module__}." if inspect.isclass(self.owner) else ""
        return f"{inside}{self.owner.__name__}.{self.name}"


@dataclass(frozen=True, slots=True)
class Mend:
    """Faults with one cause, and what mends them.

    `finish` is called with each tagged PDF before it is written, by WeasyPrint's own hook.
    """

    name: str
    faults: tuple[Fault, ...]
    patches: tuple[Patch, ...]
    finish: Callable[..., None] | None = None


_BLOCK = (
    "context, box, bottom_space, skip_stack, containing_block, page_is_empty, absolute_boxes, "
    "fixed_boxes, adjoining_margins, first_letter_style, first_line_style, discard, max_lines"
)
_LINES = (
    "context, box, index, child, new_children, page_is_empty, absolute_boxes, fixed_boxes, "
    "adjoining_margins, bottom_space, position_y, skip_stack, first_letter_style, "
    "first_line_style, draw_bottom_decoration, max_lines"
)
_TABLE = (
    "context, table, bottom_space, skip_stack, containing_block, page_is_empty, absolute_boxes, "
    "fixed_boxes"
)
_REMOVED = "context, box_list, absolute_boxes, fixed_boxes"
_PAGE = "context, root_box, page_type, resume_at, page_number, page_state"
_CONTEXT = "style_for, get_image_from_uri, font_config, counter_style, target_collector"
_INLINE = (
    "context, box, position_x, max_x, bottom_space, skip_stack, containing_block, absolute_boxes, "
    "fixed_boxes, line_placeholders, waiting_floats, line_children"
)
_FIRST = "first_letter_style, first_line_style"
_TEXT = "text, style, context, max_width, justification_spacing"
_NODE = "self, node, font_size, fill_stroke, context"
_TREE = "box, parent, pdf, page_number, nums, annotations, tags"

MENDS = (
    Mend(
        "footnotes",
        (
            Fault("long note", "a note longer than its page runs off it", f"{_ISSUES}1833"),
            Fault("moved note", "notes leave their page for the sake of a line", f"{_ISSUES}2432"),
            Fault("lost note", "a page made anew loses the notes that came to it"),
            Fault("bare page", "a page for notes alone counts as blank"),
            Fault("torn figure", "a figure on a new page is parted for the note of its caption"),
        ),
        (
            Patch(document, "LayoutContext", _CONTEXT, footnotes.NotesContext),
            Patch(layout.LayoutContext, "layout_footnote", "self, footnote"),
            Patch(layout.LayoutContext, "unlayout_footnote", "self, footnote"),
            Patch(layout.LayoutContext, "_update_footnote_area", "self"),
            Patch(block, "_linebox_layout", _LINES, footnotes.lay_out_lines),
            Patch(layout, "block_level_layout", _BLOCK, footnotes.lay_out_block),
            Patch(page, "block_level_layout", _BLOCK, footnotes.lay_out_block),
            Patch(block, "block_level_layout", _BLOCK, laid_notes.lay_out_note),
            Patch(block, "block_level_layout", _BLOCK, kept_figures.lay_out_figure),
            Patch(
                block,
                "table_wrapper_width",
                "context, wrapper, containing_block",
                table_widths.fit_table,
            ),
            Patch(page, "make_page", _PAGE, footnotes.make_page),
            Patch(
                layout,
                "make_all_pages",
                "context, root_box, html, pages",
                all_pages.make_all_pages,
            ),
            Patch(page, "remake_page", "index, context, root_box, html"),
            Patch(page, "set_page_type_computed_styles", "page_type, html, style_for"),
        ),
    ),
    Mend(
        "heads of tables",
        (Fault("lost head", "a table whose head has no room for its note loses the head"),),
        (
            Patch(block, "table_layout", _TABLE, kept_heads.lay_out_table),
            Patch(block, "remove_placeholders", _REMOVED),
        ),
    ),
    Mend(
        "justification",
        (
            Fault("ragged line", "lines of Chinese and Japanese are not justified"),
            Fault(
                "wrong width",
                "lines from the right lose kerning, and their width",
                f"{_ISSUES}2928",
            ),
        ),
        (
            Patch(inline, "justify_line", "context, line, extra_width", justification.justify_line),
            Patch(line_break.Layout, "set_text", "self, text, justify", justification.set_text),
            Patch(line_break, "create_layout", _TEXT),
            Patch(line_break, "line_size", "line, style"),
        ),
    ),
    Mend(
        "vowel signs",
        (
            Fault("sign astray", "signs within an Arabic ligature are read after it"),
            Fault("divided sign", "a Devanagari vowel divided by its typeface is read as another"),
        ),
        (Patch(line_break.Layout, "set_text", "self, text, justify", vowel_signs.set_text),),
    ),
    Mend(
        "empty strings",
        (Fault("near glyphs", "PDFium overlooks a movement in lines that have empty strings"),),
        (Patch(pydyf.Stream, "show_text", "self, text", justification.show_text),),
    ),
    Mend(
        "trailing space",
        (Fault("shifted line", "words stand beside their box at the end of lines from the right"),),
        (
            Patch(
                inline,
                "remove_last_whitespace",
                "context, line",
                trailing_space.remove_last_whitespace,
            ),
            Patch(inline, "split_text_box", "context, box, available_width, skip, is_line_start"),
        ),
    ),
    Mend(
        "line start",
        (
            Fault("torn word", "words within an inline box are torn anywhere, with no hyphen"),
            Fault("torn line", "a text that is too long by its last space is divided early"),
            Fault("long string", "a long string behind an inline box runs off the page"),
        ),
        (
            Patch(
                inline,
                "split_first_line",
                f"{_TEXT}, is_line_start, minimum",
                line_start.split_first_line,
            ),
            Patch(inline, "split_inline_box", f"{_INLINE}, {_FIRST}", line_start.split_inline_box),
            Patch(
                inline, "split_inline_level", f"{_INLINE}, {_FIRST}", line_start.split_inline_level
            ),
        ),
    ),
    Mend(
        "to unicode",
        (Fault("mute glyph", "letters with signs are copied wrongly", f"{_ISSUES}2841"),),
        (
            Patch(
                pdf,
                "build_fonts_dictionary",
                "pdf, fonts, compress, subset, options",
                to_unicode.build_fonts_dictionary,
            ),
            Patch(
                fonts.Font,
                "__init__",
                "self, pango_font, description, font_size",
                to_unicode.collect_clusters,
            ),
        ),
    ),
    Mend(
        "structure types",
        (Fault("no type", "figures, and elements in lines, have no type", f"{_ISSUES}2482"),),
        (Patch(tags, "_get_pdf_tag", "tag", tagging.get_pdf_tag),),
    ),
    Mend(
        "structure tree",
        (
            Fault(
                "pieces", "an element has a tag for each of its lines or pages", f"{_ISSUES}2903"
            ),
            Fault("link in link", "italics in a link are tagged as links", f"{_ISSUES}2482"),
            Fault("wrong heads", "cells that span rows name the wrong heads"),
            Fault("no language", "passages do not tell their language"),
            Fault("list astray", "a list in an item is tagged behind all that the item holds"),
        ),
        (Patch(tags, "_build_box_tree", _TREE, tagging.build_box_tree),),
        tagging.mend_tags,
    ),
    Mend(
        "formulas",
        (Fault("letters in a row", "MathML is set as a row of letters", f"{_ISSUES}59"),),
        (
            Patch(
                html,
                "handle_element",
                "element, box, get_image_from_uri, base_url",
                formula_drawing.handle_element,
            ),
            Patch(html, "make_replaced_box", "element, box, image"),
        ),
    ),
    Mend(
        "drawings",
        (
            Fault("bare group", "groups, words and pictures in a drawing have no mask"),
            Fault("cut mask", "a mask without edges of its own ends too soon"),
            Fault("lost circle", "a clip in shares of a circle or path leaves nothing of it"),
            Fault("filled hole", "a clip of the rule evenodd has no holes"),
            Fault("thin gradient", "strokes that a gradient paints are one unit wide"),
            Fault("shifted pattern", "patterns begin at the edge of what they fill"),
        ),
        (
            Patch(svg.SVG, "draw_node", _NODE, drawings.draw_node),
            Patch(
                svg.SVG,
                "set_graphical_state",
                "self, node, font_size, context",
                drawings.set_graphical_state,
            ),
            Patch(
                svg,
                "draw_pattern",
                "svg, node, pattern, font_size, opacity, stroke",
                drawings.draw_pattern,
            ),
            Patch(svg, "paint_mask", "svg, node, mask, font_size"),
        ),
    ),
    Mend(
        "words of drawings",
        (
            Fault("loose letters", "letters in drawings are not joined, and run from the left"),
            Fault("hidden start", "words behind hidden ones stand where the drawing begins"),
        ),
        (
            Patch(svg.SVG, "draw_node", _NODE, drawing_words.draw_node),
            Patch(svg, "text", "svg, node, font_size"),
            Patch(
                draw_text,
                "draw_first_line",
                "stream, textbox, text_overflow, block_ellipsis, matrix",
                drawing_words.draw_first_line,
            ),
        ),
    ),
)


@contextmanager
def mended() -> Iterator[Callable[..., None]]:
    """While it lasts, WeasyPrint has all mends; yield what finishes a tagged PDF.

    Raises MachineError where a mend does not fit the installed version. None is in place then.
    """
    mends = MENDS
    for mend in mends:
        for patch in mend.patches:
            _check(mend, patch)
    with ExitStack() as undo:
        for patch in (patch for mend in mends for patch in mend.patches):
            if patch.by is not None:
                original = getattr(patch.owner, patch.name)
                undo.callback(setattr, patch.owner, patch.name, original)
                setattr(patch.owner, patch.name, _replacement(original, patch.by))
        yield functools.partial(_finish, mends)


def _check(mend: Mend, patch: Patch) -> None:
    """Hold what is installed against what a mend expects."""
    original = getattr(patch.owner, patch.name, None)
    found = "" if original is None else ", ".join(inspect.signature(original).parameters)
    if original is None or found != patch.parameters:
        raise MachineError(
            f"the mend `{mend.name}` does not fit WeasyPrint {version('weasyprint')} and pydyf "
            f"{version('pydyf')}: {patch.place} "
            + ("is missing" if original is None else f"takes ({found}), not ({patch.parameters})")
            + "; install the versions that it was made for with\n"
            f"    pip install 'weasyprint=={TRIED}' 'pydyf=={_PYDYF}'"
        )


def _replacement(original: Any, by: Callable[..., Any]) -> Any:
    """What is called instead of `original`: a plain function, so that it binds as methods do."""
    if inspect.isclass(by):
        return by

    @functools.wraps(original)
    def replaced(*args: Any, **named: Any) -> Any:
        return by(original, *args, **named)

    return replaced


def _finish(mends: tuple[Mend, ...], *args: Any, **named: Any) -> None:
    for mend in mends:
        if mend.finish is not None:
            mend.finish(*args, **named)
