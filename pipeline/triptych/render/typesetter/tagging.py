"""The tags of a PDF: a structure tree as PDF/UA-1 and its readers want it.

In: the PDF that WeasyPrint is about to write, and the tree of elements it was made from. Out: the
same PDF, its structure tree mended in place.

WeasyPrint 70 tags what it lays out page by page and line by line. A paragraph that runs over a page
becomes two, a link over two lines becomes two links, and the head of a long table comes again on
each page. Here the pieces of one element become one again. What else falls short of the standard is
mended too, each point with its clause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pydyf

from triptych.render.typesetter.table_headers import heads_of_cells

_TAGS = {
    "figure": "Div",
    "note": "Note",
    "formula": "Formula",
    "{http://www.w3.org/1998/Math/MathML}math": "Span",
    "code": "Code",
    "q": "Quote",
    **dict.fromkeys(
        "abbr b bdi cite del dfn em i ins kbd mark s samp small strong sub sup time u var".split(),
        "Span",
    ),
}
"""Standard structure types (ISO 32000-1, 14.8.4) of elements for which WeasyPrint has none."""

_WHOLE = frozenset(
    "/Table /THead /TBody /TFoot /TR /TH /TD /Figure".split()
)  # the pieces of a table stay tables, as each page has rows of its own


def get_pdf_tag(original: Callable[..., Any], tag: str | None) -> Any:
    """The structure type of an element."""
    return _TAGS.get(tag or "") or original(tag)


def build_box_tree(original: Callable[..., Any], box: Any, *rest: Any) -> Iterator[Any]:
    """Tag a box, and remember in each tag the element that it comes from."""
    box = getattr(box, "_box", box)  # an absolute box stands behind a placeholder
    for element in original(box, *rest):
        if not hasattr(element, "origin"):
            element.origin = box.element
        yield element


def mend_tags(_document: Any, pdf: Any, page: Any, described: Mapping[str, str]) -> None:
    """Mend the structure tree of a PDF that WeasyPrint is about to write.

    `page` is the root element of what was set. `described` says in words what stands at each id
    that a link may lead to.
    """
    tree = _Tree(pdf)
    tree.hold_annotations()
    tree.hold_lists()
    tree.join()
    tree.document.origin = page
    tree.fill_list_items()
    tree.place_figures()
    if page.get("dir") == "rtl":
        # ISO 32000-1, 12.2: readers show facing pages, and turn pages, from right to left.
        shown = pdf.catalog.setdefault("ViewerPreferences", pydyf.Dictionary())
        shown["Direction"] = "/R2L"
    _name_heads(pdf, page)
    number = 0
    for element in _of_type(pdf, "/StructElem"):
        _tell_language(element, page)
        origin = getattr(element, "origin", None)
        if origin is not None and (own := origin.get("data-tag")):
            # ISO 32000-1, 14.7.3: a type of our own, with the standard one that it stands for.
            roles = tree.root.setdefault("RoleMap", pydyf.Dictionary())
            roles[own] = element["S"]
            element["S"] = f"/{own}"
        if element.get("S") == "/Formula" and getattr(element, "origin", None) is not None:
            # ISO 14289-1, 7.7: a formula has its words as alternative text.
            element["Alt"] = pydyf.String(element.origin.get("alttext", ""))
        if element.get("S") == "/Note":
            # ISO 14289-1, 7.9: each Note has an ID of its own.
            number += 1
            element["ID"] = pydyf.String(f"note-{number}")
    for annotation in _of_type(pdf, "/Annot"):
        # ISO 14289-1, 7.18.5: the entry Contents says in words where a link leads.
        target = annotation.get("Dest")
        if target is not None and target.string in described:
            annotation["Contents"] = pydyf.String(described[target.string])


def _name_heads(pdf: Any, page: Any) -> None:
    """Let each data cell name its heads (ISO 14289-1, 7.5).

    WeasyPrint 70 names wrong ones in tables whose cells span rows or columns.
    """
    cells = [item for item in _of_type(pdf, "/StructElem") if item.get("S") in ("/TH", "/TD")]
    names: dict[Any, Any] = {}
    for cell in cells:
        if cell["S"] == "/TH":
            cell["ID"] = names.setdefault(cell.origin, pydyf.String(f"head-{len(names) + 1}"))
    heads = {
        cell: above for table in page.iter("table") for cell, above in heads_of_cells(table).items()
    }
    for cell in cells:
        if cell["S"] == "/TD":
            above = [names[head] for head in heads.get(cell.origin, ()) if head in names]
            cell["A"]["Headers"] = pydyf.Array(above)


def _tell_language(element: Any, page: Any) -> None:
    """Tell language and direction where they change.

    ISO 14289-1, 7.2; ISO 32000-1, 14.8.5.4.2.
    """
    origin = getattr(element, "origin", None)
    if origin is None:
        return
    language = origin.get("lang")
    if language and origin is not page:
        element["Lang"] = pydyf.String(language)
    mode = {"rtl": "/RlTb", "ltr": "/LrTb"}.get(origin.get("dir", ""))
    if mode:
        layout = pydyf.Dictionary({"O": "/Layout", "WritingMode": mode})
        given = element.get("A")
        element["A"] = pydyf.Array([given, layout]) if given else layout


class _Tree:
    """The structure tree of a PDF about to be written."""

    def __init__(self, pdf: Any) -> None:
        self._pdf = pdf
        self._objects = {item.reference: item for item in pdf.objects}
        self.root = self._objects[pdf.catalog["StructTreeRoot"]]
        self._heirs: dict[bytes, bytes] = {}
        self.document = self._objects[self.root["K"][0]]

    def hold_annotations(self) -> None:
        """Let each link hold its annotations (ISO 14289-1, 7.18.5).

        To WeasyPrint, italics or a formula in a link are links too, with annotations of their own.
        """
        references = {item.reference for item in _of_type(self._pdf, "/OBJR")}
        parents = self._objects[self.root["ParentTree"]]["Nums"]
        for element in _of_type(self._pdf, "/StructElem"):
            held = [kid for kid in element["K"] if kid in references]
            if not held or element["S"] == "/Link":
                continue
            link = self._element(element["P"])
            while link is not None and link["S"] != "/Link":
                link = self._element(link["P"])
            if link is None:
                element["S"] = "/Link"
                continue
            for kid in held:
                element["K"].remove(kid)
                link["K"].append(kid)
                annotation = self._objects[self._objects[kid]["Obj"]]
                parents[2 * annotation["StructParent"] + 1] = link.reference

    def hold_lists(self) -> None:
        """Put each nested list into the item that holds it (ISO 32000-1, 14.8.4.3.3).

        WeasyPrint puts it behind the item, and so behind what follows it there.
        """
        for outer in _of_type(self._pdf, "/StructElem"):
            item = None
            for kid in list(self._elements(outer)) if outer["S"] == "/L" else []:
                if kid["S"] == "/LI":
                    item = kid
                elif kid["S"] == "/L" and item is not None:
                    outer["K"].remove(kid.reference)
                    kid["P"] = item.reference
                    # Elements are numbered in the order of reading.
                    held = [self._objects[reference].number for reference in item["K"]]
                    item["K"].insert(sum(number < kid.number for number in held), kid.reference)

    def join(self) -> None:
        """Make one element of the pieces of each, and drop elements that hold nothing."""
        self._join(self.document, anywhere=True)
        self._prune(self.document)
        parents = self._objects[self.root["ParentTree"]]["Nums"]
        for index, item in enumerate(parents):
            if isinstance(item, list):
                item[:] = [self._heir(reference) for reference in item]
            else:
                parents[index] = self._heir(item)

    def _join(self, parent: Any, anywhere: bool = False) -> None:
        """Join the kids of `parent` that come from one element: neighbours only, or `anywhere`."""
        kept: list[Any] = []
        firsts: dict[int, Any] = {}
        for reference in parent["K"]:
            kid = self._element(reference)
            if kid is None or kid["S"] == "/Figure":
                kept.append(reference)
                firsts = firsts if anywhere else {}
                continue
            key = id(getattr(kid, "origin", None))
            first = firsts.get(key)
            if first is None or first["S"] != kid["S"]:
                kept.append(reference)
                firsts = {**firsts, key: kid} if anywhere else {key: kid}
            elif kid["S"] in _WHOLE:
                kept.append(reference)
                if not self._drop_repeated_head(first, kid):  # only the caption came before
                    firsts = {**firsts, key: kid}
            else:
                self._take_over(first, kid)
        parent["K"][:] = kept
        for reference in kept:
            kid = self._element(reference)
            if kid is not None and kid["S"] not in _WHOLE:
                self._join(kid)
            elif kid is not None and kid["S"] == "/Table":
                for cell in self._cells(kid):
                    self._join(cell)

    def _cells(self, element: Any) -> Iterator[Any]:
        for reference in element["K"]:
            kid = self._element(reference)
            if kid is None:
                continue
            if kid["S"] in ("/TD", "/TH", "/Caption"):
                yield kid
            else:
                yield from self._cells(kid)

    def _take_over(self, first: Any, later: Any) -> None:
        """Give `first` what `later` holds."""
        for kid in later["K"]:
            element = self._element(kid)
            if element is not None:
                element["P"] = first.reference
            elif isinstance(kid, int) and later["Pg"] != first["Pg"]:
                # ISO 32000-1, 14.7.4.2: content on another page than the element's own.
                content = pydyf.Dictionary({"Type": "/MCR", "Pg": later["Pg"], "MCID": kid})
                self._pdf.add_object(content)
                kid = content.reference
            first["K"].append(kid)
        self._heirs[later.reference] = first.reference
        later.free = "f"

    def _drop_repeated_head(self, first: Any, later: Any) -> bool:
        """Drop the head of a table that is printed again: it is an artifact (ISO 14289-1, 7.1).

        Tell whether the `first` piece of the table has a head.
        """
        heads = {id(kid.origin) for kid in self._elements(first) if kid["S"] == "/THead"}
        for kid in list(self._elements(later)):
            if kid["S"] == "/THead" and id(kid.origin) in heads:
                later["K"].remove(kid.reference)
                self._make_artifact(kid)
        return bool(heads)

    def _make_artifact(self, element: Any) -> None:
        element.free = "f"
        self._heirs[element.reference] = b"null"
        for kid in element["K"]:
            below = self._element(kid)
            if below is not None:
                self._make_artifact(below)
            elif isinstance(kid, int):
                self._unmark(element["Pg"], kid)

    def _unmark(self, page: bytes, number: int) -> None:
        """Make the marked content `number` of a page an artifact in its content stream."""
        operators = self._objects[self._objects[page]["Contents"]].stream
        for index, operand in enumerate(operators):
            if isinstance(operand, dict) and operand.get("MCID") == number:
                operators[index - 1 : index + 2] = ["/Artifact", b"BMC"]
                return

    def _prune(self, element: Any) -> bool:
        """Drop kids that hold nothing, such as the markers of notes; tell whether any is left."""
        kept = []
        for kid in element["K"]:
            below = self._element(kid)
            if below is None or self._prune(below) or below["S"] in _WHOLE:
                kept.append(kid)
            else:
                below.free = "f"
        element["K"][:] = kept
        return bool(kept)

    def fill_list_items(self) -> None:
        """Put all that a list item holds besides its label into its body (ISO 14289-1, 7.2)."""
        for item in _of_type(self._pdf, "/StructElem"):
            kids = [(kid, self._element(kid)) for kid in item["K"]]
            if item.get("S") != "/LI" or all(
                element is not None and element["S"] in ("/Lbl", "/LBody") for _, element in kids
            ):
                continue
            body = pydyf.Dictionary(
                {"Type": "/StructElem", "S": "/LBody", "K": pydyf.Array([]), "Pg": item["Pg"],
                 "P": item.reference}
            )  # fmt: skip
            self._pdf.add_object(body)
            labels = []
            for kid, element in kids:
                if element is None or element["S"] == "/Lbl":
                    labels.append(kid)
                    continue
                if element["S"] == "/LBody":
                    element["S"] = "/NonStruct"
                element["P"] = body.reference
                body["K"].append(kid)
            item["K"][:] = [*labels, body.reference]

    def place_figures(self) -> None:
        """Give the boxes of pictures in points of the page (ISO 32000-1, 14.8.5.4.3).

        WeasyPrint 70 gives them in px, from the upper edge.
        """
        for element in _of_type(self._pdf, "/StructElem"):
            if element.get("S") == "/Figure" and "BBox" in element.get("A", {}):
                _, lower, _, upper = self._objects[element["Pg"]]["MediaBox"]
                left, top, right, bottom = (0.75 * edge for edge in element["A"]["BBox"])
                height = lower + upper  # without what bleeds
                box = (left, height - bottom, right, height - top)
                element["A"]["BBox"] = pydyf.Array(box)

    def _heir(self, reference: Any) -> Any:
        while reference in self._heirs:
            reference = self._heirs[reference]
        return reference

    def _element(self, reference: Any) -> Any:
        item = self._objects.get(reference) if isinstance(reference, bytes) else None
        return item if item is not None and item.get("Type") == "/StructElem" else None

    def _elements(self, parent: Any) -> Iterator[Any]:
        return (kid for kid in map(self._element, parent["K"]) if kid is not None)


def _of_type(pdf: Any, name: str) -> list[Any]:
    """The dictionaries of one type in a PDF that WeasyPrint is about to write."""
    return [
        item
        for item in pdf.objects
        if isinstance(item, pydyf.Dictionary) and item.get("Type") == name and item.free == "n"
    ]
