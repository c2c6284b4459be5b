"""The blocks of an entry (CSL 1.0.2, `display`): its number, what is beside it, lines of their own.

In: an entry as citeproc wrote it. Out: the same, its blocks where every format can have them.
"""

from __future__ import annotations

from triptych.tree import Element, has_class, make

_INLINE = ("csl-left-margin", "csl-right-inline")
_BLOCKS = ("csl-block", "csl-indent")


def lift_blocks(entry: Element) -> None:
    """Make a number and what is beside it inlines, and lift lines of their own out of inlines.

    Citeproc puts a block within the link or the emphasis that is around it, and no space behind a
    number that does not begin the entry.
    """
    for part in [e for e in entry.iter("div") if any(has_class(e, name) for name in _INLINE)]:
        part.tag = "span"
        beside = part.getnext()
        if beside is not None and has_class(beside, "csl-right-inline") and not part.tail:
            part.tail = " "
    blocks = [e for e in entry.iter("div") if any(has_class(e, name) for name in _BLOCKS)]
    for block in blocks:
        parent = block.getparent()
        while parent is not None and parent is not entry and parent.tag != "div":
            _lift(block, parent)
            parent = block.getparent()


def _lift(block: Element, around: Element) -> None:
    """Put a block beside the inline around it, and that inline into the block."""
    home = around.getparent()
    assert home is not None
    place, at = home.index(around), around.index(block)
    behind = make(str(around.tag))
    inside = make(str(around.tag))
    for twin in (behind, inside):
        twin.attrib.update({name: said for name, said in around.attrib.items() if name != "id"})
    behind.text, block.tail = block.tail, None
    behind.extend(list(around)[at + 1 :])
    behind.tail, around.tail = around.tail, None
    inside.text, block.text = block.text, None
    inside.extend(list(block))
    block.append(inside)
    home.insert(place + 1, block)
    if len(behind) or (behind.text or "").strip():
        home.insert(place + 2, behind)
    else:
        block.tail = behind.tail
    if not len(around) and not (around.text or "").strip():
        home.remove(around)
