"""What does not fit its page, in one place: rows of figures, tables, and tall pictures.

In: pages as WeasyPrint made them. Out: the tree of elements, changed for another trial, and what
was changed.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Container, Iterator, Sequence
from typing import Any

from triptych.render.typesetter.figure_rows import has_rows, take_apart
from triptych.render.typesetter.tall_figures import fit_figures
from triptych.render.typesetter.wide_tables import Misfit, fit_tables


class Misfits:
    """The misfits of a work, found on its pages, and the tables among them."""

    def __init__(self, root: ET.Element) -> None:
        self._has_rows = has_rows(root)
        self._tables: dict[str, Misfit] = {}
        self.frames = dict(_frames(root))
        """By table, its frame, if it does not stand in a row."""

    @property
    def tables(self) -> tuple[Misfit, ...]:
        """The tables that had to be set smaller or turned."""
        return tuple(self._tables.values())

    def on(
        self, pages: Sequence[Any], since: int = 0, running: Container[ET.Element] = ()
    ) -> list[ET.Element]:
        """Change what does not fit on pages from the index `since` on; what was changed.

        Elements that are `running` on behind these pages are not yet seen whole.
        """
        if self._has_rows and (apart := take_apart(pages, since)):
            return apart
        tables = fit_tables(pages, since)
        self.note(*tables.values())
        return [*tables, *fit_figures(pages, since, running)]

    def note(self, *misfits: Misfit) -> None:
        """Note what was done to tables."""
        self._tables |= {misfit.begins: misfit for misfit in misfits if misfit.begins}


def _frames(element: ET.Element) -> Iterator[tuple[ET.Element, ET.Element]]:
    classes = (element.get("class") or "").split()
    table = element.find("table") if "table-frame" in classes else None
    if table is not None:
        yield table, element
    if "side-by-side" not in classes:
        for child in element:
            yield from _frames(child)
