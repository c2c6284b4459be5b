"""The design of a work's own: its theme, page, type and colours, where they are not the house's.

In: the fields of the edition record or of front matter: the table `design`, and the names by which
Pandoc's users ask for the same. Out: a `PageDesign`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast, get_args

from triptych.design_values import colour, lengths, meant, number, one_of
from triptych.people import FieldProblem, listed

Theme = Literal["essay", "article", "report", "book"]
HeadWords = Literal["author", "title", "section", "none"]
"""What the head of a page says beside its number; `section` is one of the first level."""

THEMES: tuple[str, ...] = get_args(Theme)
_HEAD_WORDS: tuple[str, ...] = get_args(HeadWords)
_MARGINS = (12.0, 90.0)
"""The least and the most that a margin may be, in mm: heads and page numbers stand in them."""
_TYPE_SIZES = (7.0, 20.0)
_LEADINGS = (1.1, 2.5)
_OF_LATEX = 1.2
"""What LaTeX's leading is to the size of type, before `linestretch` stretches it."""


@dataclass(frozen=True, slots=True)
class PageMargins:
    """The margins of a page in mm; 0 is as the house has it. Of facing pages, inner ones meet."""

    top: float = 0.0
    inner: float = 0.0
    bottom: float = 0.0
    outer: float = 0.0


@dataclass(frozen=True, slots=True)
class RunningHeads:
    """What the heads of left and right pages say. Pages that do not face are all right ones."""

    left: HeadWords = "title"
    right: HeadWords = "section"


@dataclass(frozen=True, slots=True)
class StyleSheets:
    """The files of the work's own style sheets for each medium, in their order.

    They are `wished` for where Pandoc's name asks for them: what cannot be followed is a warning.
    """

    web: tuple[str, ...] = ()
    print: tuple[str, ...] = ()
    ebook: tuple[str, ...] = ()
    wished: bool = False


@dataclass(frozen=True, slots=True)
class PageDesign:
    """What a work asks for: what is 0, empty or None is as its theme has it.

    `type_size` is that of the text, in points, and `leading` the distance of its lines, as a
    multiple of that. `accent` is the colour of labels and numbers, `links` that of links in the
    text, as `#rrggbb`. `contents` says whether there is a list of contents, `sides` whether pages
    face (2) or not (1).
    """

    theme: Theme = "essay"
    margins: PageMargins = field(default_factory=PageMargins)
    type_size: float = 0.0
    leading: float = 0.0
    accent: str = ""
    links: str = ""
    contents: bool | None = None
    sides: int = 0
    heads: RunningHeads | None = None
    css: StyleSheets = field(default_factory=StyleSheets)

    @property
    def facing(self) -> bool:
        """Whether left and right pages face each other."""
        return self.sides == 2 or (not self.sides and self.theme in ("essay", "book"))

    @property
    def has_title_page(self) -> bool:
        """Whether the title has a page to itself, and does not stand above the text."""
        return self.theme != "article"

    @property
    def shows_affiliations(self) -> bool:
        """Whether affiliations and ORCID of the authors stand below their names."""
        return self.theme in ("article", "report")

    @property
    def prints_contents(self) -> bool:
        """Whether pages list the contents."""
        return self.theme != "article" if self.contents is None else self.contents

    @property
    def running_heads(self) -> RunningHeads:
        """What the heads of pages say."""
        usual = RunningHeads("author", "title") if self.theme == "article" else RunningHeads()
        return self.heads or usual


def read_design(fields: Mapping[str, Any], problems: list[FieldProblem]) -> PageDesign:
    """The design that fields ask for. What is not understood is noted, and left as it is.

    What Pandoc's users ask LaTeX for is a wish: where it cannot be followed, they are warned.
    """
    table = fields.get("design")
    if table is not None and not isinstance(table, Mapping):
        problems.append(FieldProblem("design", "`design` must be a table", "write [design]"))
        table = None
    own = dict(table or {})
    for name in sorted(own.keys() - set(_OWN), key=str):
        told = f"`design` has no `{name}`"
        problems.append(FieldProblem(str(name), told, meant(str(name), _OWN)))
    wished = _wished(fields, problems)
    asked = lengths("margin", _of_table(own.get("margin"), problems), _MARGINS, problems)
    size = number("type-size", own.get("type-size"), "pt", _TYPE_SIZES, problems)
    leading = number("leading", own.get("leading"), "", _LEADINGS, problems)
    contents = _contents(own.get("contents"), problems)
    sides = one_of("sides", own.get("sides"), ("one", "two", "1", "2"), problems)
    return PageDesign(
        _theme(fields, own, problems),
        replace(wished.margins, **asked),
        size or wished.type_size,
        leading or wished.leading,
        colour("accent", own.get("accent"), problems),
        colour("links", own.get("links"), problems) or wished.links,
        wished.contents if contents is None else contents,
        {"": wished.sides, "one": 1, "1": 1}.get(sides, 2),
        _heads(own.get("running-heads"), problems),
        _style_sheets(fields.get("css"), own.get("css"), problems),
    )


_OWN = (
    "theme", "margin", "type-size", "leading", "accent", "links", "contents", "sides",
    "running-heads", "css",
)  # fmt: skip


def _theme(
    fields: Mapping[str, Any], own: Mapping[str, Any], problems: list[FieldProblem]
) -> Theme:
    """The theme. Outside the table other programs have themes too: an unknown one is a warning."""
    if "theme" in own or fields.get("theme") is None:
        return cast(Theme, one_of("theme", own.get("theme"), THEMES, problems, "essay"))
    wishes: list[FieldProblem] = []
    found = one_of("theme", fields["theme"], THEMES, wishes, "essay")
    problems += [replace(wish, severity="warning") for wish in wishes]
    return cast(Theme, found)


def _contents(value: Any, problems: list[FieldProblem]) -> bool | None:
    """Whether `contents` asks for a list; a number says how deep it goes, and so asks for one."""
    if value is None or isinstance(value, bool):
        return value
    if not (isinstance(value, int) and 1 <= value <= 6):
        told = f"`contents` cannot be {value!r}"
        problems.append(FieldProblem("contents", told, "write true, false, or a depth from 1 to 6"))
    return True


def contents_depth(fields: Mapping[str, Any], problems: list[FieldProblem]) -> int:
    """How many levels of headings the contents list; 0 where nothing is said."""
    own = fields.get("design")
    asked = own.get("contents") if isinstance(own, Mapping) else None
    if isinstance(asked, int) and not isinstance(asked, bool) and 1 <= asked <= 6:
        return asked
    value = fields.get("toc-depth")
    if value is None:
        return 0
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 6:
        return value
    told = f"`toc-depth` cannot be {value!r}"
    problems.append(FieldProblem("toc-depth", told, "write a number from 1 to 6"))
    return 0


def _heads(value: Any, problems: list[FieldProblem]) -> RunningHeads | None:
    """What running heads say: a table for left and right, or false for numbers alone."""
    if value is None or value is True:
        return None
    if value is False:
        return RunningHeads("none", "none")
    if not isinstance(value, Mapping):
        told = f"`running-heads` cannot be {value!r}"
        hint = 'write false, or {left = "author", right = "title"}'
        problems.append(FieldProblem("running-heads", told, hint))
        return None
    for name in sorted(value.keys() - {"left", "right"}, key=str):
        told = f"`running-heads` has no `{name}`"
        problems.append(FieldProblem(str(name), told, meant(str(name), ("left", "right"))))
    said = {
        side: one_of(side, value.get(side), _HEAD_WORDS, problems, getattr(RunningHeads(), side))
        for side in ("left", "right")
    }
    return RunningHeads(cast(HeadWords, said["left"]), cast(HeadWords, said["right"]))


def _style_sheets(wished: Any, own: Any, problems: list[FieldProblem]) -> StyleSheets:
    """The files of style sheets. One without a medium is for web page and e-book, as Pandoc's."""
    asked = wished if own is None else own
    if asked is None:
        return StyleSheets()
    if not isinstance(asked, Mapping):
        names = tuple(str(name) for name in listed(asked) if isinstance(name, str))
        return StyleSheets(names, (), names, wished=own is None)
    for medium in sorted(asked.keys() - set(_MEDIA), key=str):
        told = f"there is no style sheet for {medium}"
        problems.append(FieldProblem("css", told, meant(str(medium), _MEDIA)))
    web, paper, ebook = (tuple(map(str, listed(asked.get(medium)))) for medium in _MEDIA)
    return StyleSheets(web, paper, ebook, wished=own is None)


_MEDIA = ("web", "print", "ebook")


# --- What Pandoc's users ask LaTeX for ------------------------------------------------------------


def _wished(fields: Mapping[str, Any], problems: list[FieldProblem]) -> PageDesign:
    """What fields of Pandoc's ask for."""
    wishes: list[FieldProblem] = []
    stretch = fields.get("linestretch")
    leading = _OF_LATEX * stretch if isinstance(stretch, int | float) else None
    margins = lengths("geometry", dict(_of_latex(fields)), _MARGINS, wishes)
    toc = [fields[name] for name in ("toc", "table-of-contents") if name in fields]
    options = fields.get("classoption")
    words = options if isinstance(options, list) else str(options or "").split(",")
    design = PageDesign(
        margins=PageMargins(**margins),
        type_size=number("fontsize", fields.get("fontsize"), "pt", _TYPE_SIZES, wishes),
        leading=number("linestretch", leading, "", _LEADINGS, wishes),
        links=colour("linkcolor", fields.get("linkcolor"), wishes),
        contents=toc[0] if toc and isinstance(toc[0], bool) else None,
        sides=max((_SIDED.get(str(word).strip(), 0) for word in words), default=0),
    )
    problems += [replace(wish, severity="warning") for wish in wishes]
    return design


_SIDED = {"oneside": 1, "twoside": 2}
_MARGIN_NAMES = ("top", "inner", "bottom", "outer")
_SIDES = {"left": "inner", "right": "outer", **{name: name for name in _MARGIN_NAMES}}
_ALL = {
    "margin": _MARGIN_NAMES, "hmargin": ("inner", "outer"), "vmargin": ("top", "bottom"),
}  # fmt: skip


def _of_latex(fields: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The margins that `geometry` names as LaTeX's package does, or Pandoc's own fields."""
    geometry = fields.get("geometry")
    words = geometry if isinstance(geometry, list) else str(geometry or "").split(",")
    for word in words:
        name, _, length = (part.strip() for part in str(word).partition("="))
        yield from ((side, length) for side in _ALL.get(name, ()))
        if name in _SIDES:
            yield _SIDES[name], length
    for side in ("top", "bottom", "left", "right"):
        if (given := fields.get(f"margin-{side}")) is not None:
            yield _SIDES[side], given


def _of_table(margin: Any, problems: list[FieldProblem]) -> dict[str, Any]:
    """The margins that `margin` asks for: one length for all, or a table."""
    if not isinstance(margin, Mapping):
        return {} if margin is None else dict.fromkeys(_MARGIN_NAMES, margin)
    for name in margin.keys() - _SIDES.keys():
        told = f"a page has no margin `{name}`"
        problems.append(FieldProblem("margin", told, "write top, inner, bottom or outer"))
    return {_SIDES[name]: length for name, length in margin.items() if name in _SIDES}
