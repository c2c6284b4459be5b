"""The pages of a print edition as glyphs, opened for damage and closed again as bytes.

Terms as in ISO 32000-1: a run is one `TJ` (9.4.3), its items are glyphs and adjustments; where a
glyph stands follows from the text matrix, the page's matrix and the font's widths (9.4.4).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

Matrix = tuple[float, float, float, float, float, float]
Instruction = tuple[list[Any], pikepdf.Operator]
UNIT: Matrix = (1, 0, 0, 1, 0, 0)


def times(m: Matrix, n: Matrix) -> Matrix:
    """m, then n."""
    return (
        m[0] * n[0] + m[1] * n[2],
        m[0] * n[1] + m[1] * n[3],
        m[2] * n[0] + m[3] * n[2],
        m[2] * n[1] + m[3] * n[3],
        m[4] * n[0] + m[5] * n[2] + n[4],
        m[4] * n[1] + m[5] * n[3] + n[5],
    )


@dataclass(slots=True)
class Font:
    """A composite font of two-byte codes: what each says, and how wide it is (in thousandths)."""

    object: Any
    says: dict[int, str]
    widths: dict[int, float]

    def code_for(self, char: str, like: int) -> int | None:
        """The code of a character that the subset has, of the same make as `like`."""
        same = {char, "\u2010"} if char == "-" else {char}
        codes = [code for code, said in self.says.items() if said in same]
        return min(codes, key=lambda code: abs(code - like)) if codes else None


@dataclass(slots=True, eq=False)
class Glyph:
    """One glyph shown; `run` is where."""

    code: int
    run: Run

    @property
    def text(self) -> str:
        return self.run.font.says.get(self.code, "")

    @property
    def place(self) -> tuple[float, float]:
        """Where its origin stands on the page, in points from the lower left."""
        moved = times((1, 0, 0, 1, self.run.offset(self), 0), times(self.run.tm, self.run.ctm))
        return moved[4], moved[5]


@dataclass(slots=True)
class Wrap:
    """Operators to be put around a stretch of a run.

    `size` replaces the font's size there, `font_name` the font, and `codes` what it shows.
    """

    first: Glyph
    last: Glyph
    before: str
    after: str = ""
    size: float | None = None
    font_name: str = ""
    codes: tuple[int, ...] = ()


@dataclass(slots=True, eq=False)
class Run:
    """One `TJ`: `at` is its place among the page's instructions, `tm_at` that of its matrix."""

    page: Page
    at: int
    tm_at: int
    font_name: str
    font: Font
    size: float
    tm: Matrix
    ctm: Matrix
    items: list[Glyph | float] = field(default_factory=list)
    wraps: list[Wrap] = field(default_factory=list)
    squeeze_to: float | None = None
    changed: bool = False

    def offset(self, until: Glyph | None) -> float:
        """How far into the run a glyph stands, or the run's width, in text space."""
        x = 0.0
        for item in self.items:
            if item is until:
                break
            if isinstance(item, Glyph):
                x += self.font.widths.get(item.code, 1000.0) * self.size / 1000
            else:
                x -= item * self.size / 1000
        return x

    def glyphs(self) -> list[Glyph]:
        return [item for item in self.items if isinstance(item, Glyph)]

    def move(self, dx: float, dy: float) -> None:
        """Move the whole run on the page, in points."""
        scale_x, scale_y = self.ctm[0], self.ctm[3]
        a, b, c, d, e, f = self.tm
        self.tm = (a, b, c, d, e + dx / scale_x, f + dy / scale_y)
        self.changed = True

    def instructions(self) -> list[Instruction]:
        """The operators that show the run as it is now, in place of its `TJ`."""
        parts: list[str] = [f"{matrix(self.tm)} Tm /{self.font_name} {self.size:.9g} Tf"]
        items = self.items
        squeeze = ""
        if self.squeeze_to is not None:
            squeeze = f"{100 * self.squeeze_to / max(self.offset(None), 0.01):.3f}"
            parts.append(f"{squeeze} Tz")
        done = 0
        for wrap in sorted(self.wraps, key=lambda w: items.index(w.first)):
            start, end = items.index(wrap.first), items.index(wrap.last) + 1
            parts.append(f"{shown(items[done:start])} ET {wrap.before}")
            parts.append(f"BT {self.tm_at_item(start)} Tm")
            parts.append(f"/{wrap.font_name or self.font_name} {wrap.size or self.size:.9g} Tf")
            within = [Glyph(code, self) for code in wrap.codes] or items[start:end]
            parts.append(f"{shown(within)} ET {wrap.after}")
            parts.append(f"BT {self.tm_at_item(end)} Tm /{self.font_name} {self.size:.9g} Tf")
            done = end
        parts.append(shown(items[done:]))
        if squeeze:
            parts.append("100 Tz")
        return parse(" ".join(parts), self.page.pdf)

    def tm_at_item(self, index: int) -> str:
        width = sum(
            self.font.widths.get(item.code, 1000.0) if isinstance(item, Glyph) else -item
            for item in self.items[:index]
        )
        return matrix(times((1, 0, 0, 1, width * self.size / 1000, 0), self.tm))


@dataclass(slots=True, eq=False)
class Page:
    """A page: its instructions and the runs among them. `added` are operators put at its end."""

    pdf: pikepdf.Pdf
    number: int
    object: pikepdf.Page
    instructions: list[Instruction]
    runs: list[Run] = field(default_factory=list)
    added: list[str] = field(default_factory=list)

    def glyphs(self) -> list[Glyph]:
        return [glyph for run in self.runs for glyph in run.glyphs()]

    def find(self, text: str) -> list[list[Glyph]]:
        """The stretches of glyphs that say `text`, white space and hyphens apart."""
        chars: list[str] = []
        owners: list[Glyph] = []
        for glyph in self.glyphs():
            for char in bare(glyph.text):
                chars.append(char)
                owners.append(glyph)
        said, wanted = "".join(chars), bare(text)
        found = []
        at = said.find(wanted) if wanted else -1
        while at >= 0:
            stretch = owners[at : at + len(wanted)]
            everything = self.glyphs()
            first, last = everything.index(stretch[0]), everything.index(stretch[-1])
            found.append(everything[first : last + 1])
            at = said.find(wanted, at + 1)
        return found

    def annotations(self) -> list[Any]:
        """The page's links."""
        found: Any = self.object.obj.get("/Annots", [])
        return [note for note in found if note.get("/Subtype") == "/Link"]

    def undraw_lines(self, low: float, high: float, x: float) -> None:
        """Take away the strokes between two heights that pass a place, in points."""
        ctm, stack, point = UNIT, [UNIT], (0.0, 0.0)
        for at, (operands, operator) in enumerate(self.instructions):
            op = str(operator)
            if op == "q":
                stack.append(ctm)
            elif op == "Q":
                ctm = stack.pop()
            elif op == "cm":
                ctm = times(six(operands), ctm)
            elif op in ("m", "l"):
                moved = times((1, 0, 0, 1, float(operands[0]), float(operands[1])), ctm)
                last, point = point, (moved[4], moved[5])
            elif op == "S" and low < point[1] < high:
                left, right = sorted((last[0], point[0]))
                if left - 5 < x < right + 5:
                    self.instructions[at] = ([], pikepdf.Operator("n"))
                    self.added.append("")

    def write(self) -> None:
        """Put the changed runs back into the page's content."""
        if not self.added and not any(run.changed for run in self.runs):
            return
        instructions: list[Instruction] = list(self.instructions)
        for run in sorted(self.runs, key=lambda run: -run.at):
            if run.changed:
                instructions[run.at : run.at + 1] = run.instructions()
        data = pikepdf.unparse_content_stream(instructions)
        if self.added:
            data = b"q\n" + data + b"\nQ\n" + "\n".join(self.added).encode()
        self.object.obj.Contents = self.pdf.make_stream(data)


def matrix(m: Sequence[float]) -> str:
    return " ".join(f"{number:.6f}" for number in m)


def shown(items: Sequence[Glyph | float]) -> str:
    """A `TJ` of the items."""
    parts = [f"<{i.code:04x}>" if isinstance(i, Glyph) else f"{i:.9g}" for i in items]
    return f"[{' '.join(parts)}] TJ"


def parse(operators: str, pdf: pikepdf.Pdf) -> list[Instruction]:
    stream = pdf.make_stream(operators.encode())
    return [(list(step.operands), step.operator) for step in pikepdf.parse_content_stream(stream)]


def bare(text: str) -> str:
    """Text without white space and hyphens, in which line breaks may differ."""
    return re.sub(r"[\s\u00ad\u2010\u2011\u200b\u2060\ufeff-]+", "", text)


def read_font(object_: Any) -> Font:
    """A font's ToUnicode and widths (ISO 32000-1, 9.7.4.3 and 9.10.3)."""
    cmap = object_.ToUnicode.read_bytes().decode("latin-1")
    says = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>", block):
            says[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be", "replace")
    descendant = object_.DescendantFonts[0]
    widths: dict[int, float] = {}
    pending: list[float] = []
    for item in descendant.get("/W", []):
        if isinstance(item, pikepdf.Array):
            first = int(pending.pop())
            widths.update({first + n: float(width) for n, width in enumerate(item)})
        else:
            pending.append(float(item))
            if len(pending) == 3:
                low, high, width = pending
                widths.update(dict.fromkeys(range(int(low), int(high) + 1), width))
                pending = []
    return Font(object_, says, widths)


class Print:
    """The print edition, open: its pages, fonts and named places."""

    def __init__(self, data: bytes) -> None:
        self.pdf = pikepdf.open(io.BytesIO(data))
        self.fonts: dict[Any, Font] = {}
        self.pages = [self.read(n, page) for n, page in enumerate(self.pdf.pages, 1)]
        self.number_of = {page.obj.objgen: n for n, page in enumerate(self.pdf.pages, 1)}
        self.places = self.read_places()

    def font(self, object_: Any) -> Font:
        if object_.objgen not in self.fonts:
            self.fonts[object_.objgen] = read_font(object_)
        return self.fonts[object_.objgen]

    def read(self, number: int, object_: pikepdf.Page) -> Page:
        steps = [(list(s.operands), s.operator) for s in pikepdf.parse_content_stream(object_)]
        page = Page(self.pdf, number, object_, steps)
        fonts: Any = object_.obj.Resources.get("/Font", {})
        ctm, stack = UNIT, [UNIT]
        tm, tm_at, name, size = UNIT, -1, "", 0.0
        for at, (operands, operator) in enumerate(steps):
            op = str(operator)
            if op == "q":
                stack.append(ctm)
            elif op == "Q":
                ctm = stack.pop()
            elif op == "cm":
                ctm = times(six(operands), ctm)
            elif op == "Tm":
                tm, tm_at = six(operands), at
            elif op == "Tf":
                name, size = str(operands[0]).lstrip("/"), float(operands[1])
            elif op == "TJ" and "/ToUnicode" in fonts.get(f"/{name}", {}):
                run = Run(page, at, tm_at, name, self.font(fonts[f"/{name}"]), size, tm, ctm)
                for item in operands[0]:
                    if isinstance(item, pikepdf.String):
                        codes = bytes(item)
                        run.items.extend(
                            Glyph(int.from_bytes(codes[i : i + 2], "big"), run)
                            for i in range(0, len(codes), 2)
                        )
                    else:
                        run.items.append(float(item))
                page.runs.append(run)
        return page

    def read_places(self) -> dict[str, tuple[int, float, float]]:
        """The named destinations: page number, x and y."""
        if "/Names" not in self.pdf.Root or "/Dests" not in self.pdf.Root.Names:
            return {}
        tree = pikepdf.NameTree(self.pdf.Root.Names.Dests)
        found = {}
        for name, value in tree.items():
            place: Any = value.D if isinstance(value, pikepdf.Dictionary) else value
            number = self.number_of[place[0].objgen]
            found[str(name)] = (number, float(place[2]), float(place[3]))
        return found

    def locate(self, text: str, place: str = "") -> list[Glyph]:
        """The glyphs that say `text`: those nearest a named place where one is given.

        Empty where the text runs over a page's end, or stands in several places and none is named.
        """
        pages = self.pages
        if place:
            if place not in self.places:
                return []
            number, x, y = self.places[place]
            pages = [self.pages[number - 1]]
        found = [stretch for page in pages for stretch in page.find(text)]
        if not found or (len(found) > 1 and not place):
            return []
        if not place:
            return found[0]

        def distance(stretch: list[Glyph]) -> float:
            at = stretch[0].place
            return abs(at[0] - x) + 3 * abs(at[1] + 8 - y)

        return min(found, key=distance)

    def links_over(self, glyphs: Iterable[Glyph]) -> list[Any]:
        """The link annotations in whose rectangles some of the glyphs stand."""
        glyphs = list(glyphs)
        return [
            note
            for note in (glyphs[0].run.page.annotations() if glyphs else [])
            if any(inside(glyph, note) for glyph in glyphs)
        ]

    def save(self) -> bytes:
        """The file again."""
        for page in self.pages:
            page.write()
        out = io.BytesIO()
        self.pdf.save(out, static_id=True)
        return out.getvalue()


def six(operands: Sequence[Any]) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in operands)
    return a, b, c, d, e, f


def inside(glyph: Glyph, note: Any) -> bool:
    """Whether a glyph's foot stands in a link's rectangle, be it as flat as a raised mark's."""
    x0, y0, x1, y1 = (float(number) for number in note.Rect)
    x, y = glyph.place
    slack = 4 if abs(y1 - y0) < 1 else 0
    beside = min(x0, x1) - 0.2 <= x + 0.5 <= max(x0, x1) + 0.2
    return beside and min(y0, y1) - slack <= y + 2 <= max(y0, y1) + slack


def stretches(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """The glyphs run by run."""
    pending: list[Glyph] = []
    for glyph in glyphs:
        if pending and glyph.run is not pending[-1].run:
            yield pending
            pending = []
        pending.append(glyph)
    if pending:
        yield pending


def delete(glyphs: Iterable[Glyph]) -> None:
    """Take glyphs out of their runs, and with a space the room that justification gave it."""
    for glyph in glyphs:
        items = glyph.run.items
        at = items.index(glyph)
        del items[at]
        if glyph.text == " ":
            around = [item for item in items[max(at - 1, 0) : at + 1] if isinstance(item, float)]
            for item in around:
                items[items.index(item, max(at - 1, 0))] = max(item, 0.0)
        glyph.run.changed = True


def insert(after: Glyph, glyphs: Sequence[Glyph]) -> None:
    """Show copies of glyphs, which must be of the same font, behind a glyph, in the same width."""
    run = after.run
    width = run.offset(None)
    at = run.items.index(after) + 1
    run.items[at:at] = [Glyph(glyph.code, run) for glyph in glyphs]
    run.squeeze_to = run.squeeze_to or width
    run.changed = True


def replace(glyphs: Sequence[Glyph], text: str) -> bool:
    """Let glyphs of one run say `text` instead, if the font can."""
    run = glyphs[0].run
    if any(glyph.run is not run for glyph in glyphs):
        return False
    new: list[Glyph] = []
    for n, char in enumerate(text):
        code = run.font.code_for(char, glyphs[min(n, len(glyphs) - 1)].code)
        if code is None:
            return False
        new.append(Glyph(code, run))
    width = run.offset(None)
    at = run.items.index(glyphs[0])
    end = run.items.index(glyphs[-1]) + 1
    run.items[at:end] = new
    if run.offset(None) > width + 0.5:
        run.squeeze_to = width
    run.changed = True
    return True
