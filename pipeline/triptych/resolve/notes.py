"""Notes: pandoc's footnotes become `<section id="notes">`, with stable ids and numbers.

A mark in the text is `<a class="noteref" id="noteref-3" href="#note-3">3</a>`, its note is
`<li id="note-3" class="note">`. Each renderer decides where notes stand in its format.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from triptych.diagnostics import Diagnostic
from triptych.read.near_keys import nearest
from triptych.resolve.source_map import SourceMap
from triptych.tree import Element, has_class, make, remove, replace_with, with_class

_MARK = re.compile(r"\[\^(?P<chapter>\d+-)?(?P<name>[^\]\s^]+)\]")
_NOTE = re.compile(r"^[ \t>]*\[\^([^\]\s^]+)\]:", re.M)


def tell_missing_notes(body: Element, source_map: SourceMap) -> Iterator[Diagnostic]:
    """Report each mark whose note is not there: pandoc prints it as words.

    In a book, pandoc reads the name behind the number of its chapter, which is taken off.
    """
    notes = dict.fromkeys(_NOTE.findall(source_map.text))
    left: dict[str, list[int]] = {}
    for element, part in texts_outside_code(body):
        text = getattr(element, part)
        for mark in _MARK.finditer(text):
            name = mark["name"]
            if name not in left:
                left[name] = list(source_map.unescaped(f"[^{name}]"))
            if not left[name]:
                continue
            if mark["chapter"]:
                setattr(element, part, getattr(element, part).replace(mark[0], f"[^{name}]", 1))
            meant = nearest(name, notes)
            message = f"the note [^{name}] does not exist"
            hint = f"write it, [^{name}]: …, or \\[^{name}] for plain brackets"
            if name in notes:
                message = f"the note [^{name}] is called within a note, where only ^[…] can be one"
                hint = "write its words there: ^[its words]"
            elif meant:
                hint = f"did you mean [^{meant}]?"
            yield source_map.diagnostic(left[name].pop(0), "note-unknown", message, hint)


def texts_outside_code(body: Element) -> Iterator[tuple[Element, str]]:
    """The pieces of text outside code and formulas: an element, and `text` or `tail` of it."""
    for element in body.iter(etree.Element):
        around = (element, *element.iterancestors())
        hidden = [str(e.tag) in ("code", "pre") or str(e.tag).startswith("{") for e in around]
        if element.text and not any(hidden):
            yield element, "text"
        if element.tail and not any(hidden[1:]):
            yield element, "tail"


def number_notes(body: Element) -> None:
    """Number the notes of `body` in the order in which the text calls them."""
    old_section = next((e for e in with_class(body, "footnotes") if e.tag == "section"), None)
    if old_section is None:
        return
    items = {item.get("id", ""): item for item in old_section.iter("li") if item.get("id")}
    numbered = make("ol", class_="notes")
    queue = [body]
    number = 0
    remove(old_section)
    while queue:
        for mark in [a for a in queue.pop(0).iter("a") if has_class(a, "footnote-ref")]:
            item = items.get((mark.get("href") or "").removeprefix("#"))
            if item is None:
                continue
            number += 1
            around = _passage(mark)
            replace_with(
                mark,
                [
                    make(
                        "a", str(number), class_="noteref", id=f"noteref-{number}",
                        href=f"#note-{number}", role="doc-noteref",
                    )
                ],
            )  # fmt: skip
            note = make("li", class_="note", id=f"note-{number}")
            note.text = None
            for child in list(item):
                child.tail = None
                note.append(child)
            for back in [a for a in note.iter("a") if has_class(a, "footnote-back")]:
                remove(back)
            _trim_end(note)
            for block in note:
                block.attrib.update({**around, **block.attrib})
            numbered.append(note)
    if len(numbered):
        body.append(make("section", numbered, id="notes"))


def _passage(mark: Element) -> dict[str, str]:
    """Language and direction of the passage that a mark is in: its note is written in them too."""
    around = list(mark.iterancestors())
    return {
        name: value
        for name in ("lang", "dir")
        if (value := next((each.get(name, "") for each in around if each.get(name)), ""))
    }


def _trim_end(note: Element) -> None:
    """Drop the white space that stood before pandoc's back-link."""
    last = note[-1] if len(note) else note
    if len(last):
        last[-1].tail = (last[-1].tail or "").rstrip() or None
    elif last.text:
        last.text = last.text.rstrip()


def note_numbers(body: Element) -> dict[str, str]:
    """The printed number of each note, by its id."""
    return {
        (mark.get("href") or "")[1:]: (mark.text or "")
        for mark in body.iter(etree.Element)
        if has_class(mark, "noteref")
    }
