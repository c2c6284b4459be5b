"""Damages to pictures in print: their words, and what the structure tree says of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pikepdf

from .mutant import Damage, Finished, Told, told
from .words import shuffled

Work = Callable[[Finished, Random], tuple[bytes, Told] | None]
Instructions = list[tuple[Any, pikepdf.Operator]]


def figures(element: Any) -> Iterator[Any]:
    """The structure elements of pictures below an element."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if kid.S == "/Figure":
                yield kid
            yield from figures(kid)


def in_structure(kinds: str, change: Callable[[Any], None], line: str) -> Work:
    """A damage to one picture's structure element."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        with pikepdf.open(io.BytesIO(finished.pdf)) as pdf:
            found = shuffled(list(figures(pdf.Root.StructTreeRoot)), rng)
            if not found:
                return None
            alt = " ".join(str(found[0].get("/Alt", "")).split())
            change(found[0])
            return saved(pdf), told(kinds, [alt], f"{line}: {alt[:40]!r}")

    return work


@dataclass(slots=True)
class Painted:
    """Instructions of a page or of a form, and where those of a picture begin and end."""

    stream: Any
    content: Instructions
    start: int
    end: int

    def write(self) -> None:
        """Write the instructions back."""
        data = pikepdf.unparse_content_stream(self.content)
        if isinstance(self.stream, pikepdf.Stream):
            self.stream.write(data)
        else:
            self.stream.Contents.write(data)


Words = tuple[Painted, int]
"""An instruction that shows text: what it is in, and its number there."""


def in_content(kinds: str, change: Callable[[list[Words]], bool], line: str) -> Work:
    """A damage to the words that a picture paints.

    `change` is given the instructions that show them; it says whether there was a place for it.
    """

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        with pikepdf.open(io.BytesIO(finished.pdf)) as pdf:
            for figure in shuffled(list(figures(pdf.Root.StructTreeRoot)), rng):
                content = instructions(figure.Pg)
                start, end = extent(content, int(figure.K[0]))
                pieces = [Painted(figure.Pg, content, start, end)]
                pieces += forms(pieces[0], figure.Pg.Resources)
                if change([(piece, at) for piece in pieces for at in shown(piece)]):
                    for piece in pieces:
                        piece.write()
                    names = labels(finished, str(figure.get("/Alt", "")))
                    return saved(pdf), told(kinds, names, f"{line}: {names}")
        return None

    return work


def forms(piece: Painted, resources: Any) -> Iterator[Painted]:
    """The forms that are painted in a piece (8.10)."""
    for operands, operator in piece.content[piece.start : piece.end]:
        if str(operator) == "Do":
            form = resources.XObject[operands[0]]
            if form.Subtype == "/Form":
                content = instructions(form)
                inner = Painted(form, content, 0, len(content))
                yield inner
                yield from forms(inner, form.get("/Resources", resources))


def labels(finished: Finished, alt: str) -> list[str]:
    """What a picture is called: its alternative text, its file, and the id of its figure."""
    said = " ".join(alt.split())
    return [
        name
        for picture in finished.manifest["pictures"]
        if picture["alt"] == said
        for name in (said, picture["file"], picture["figure"])
    ]


def extent(content: Instructions, number: int) -> tuple[int, int]:
    """Where the marked content of a number begins and ends (14.6)."""
    depth = start = 0
    for at, (operands, operator) in enumerate(content):
        name = str(operator)
        if name == "BDC" and int(operands[1].get("/MCID", -1)) == number and not start:
            start, depth = at + 1, 0
        elif start and name in ("BDC", "BMC"):
            depth += 1
        elif start and name == "EMC":
            if not depth:
                return start, at
            depth -= 1
    raise AssertionError(f"no marked content {number}")


def shown(piece: Painted) -> list[int]:
    """The instructions that show text."""
    return [at for at in range(piece.start, piece.end) if str(piece.content[at][1]) in ("TJ", "Tj")]


def lose_words(words: list[Words]) -> bool:
    for piece, at in words[:1]:
        del piece.content[at]
    return bool(words)


def exchange_words(words: list[Words]) -> bool:
    for piece, at in words[1:]:
        first, there = words[0]
        one, other = first.content[there], piece.content[at]
        if repr(one[0]) != repr(other[0]):
            first.content[there], piece.content[at] = other, one
            return True
    return False


def painted_by(*operators: str) -> Callable[[list[Words]], bool]:
    """Put operators before the first words of a picture."""

    def change(words: list[Words]) -> bool:
        for piece, at in words[:1]:
            with pikepdf.new() as pdf:
                stream = pdf.make_stream("\n".join(operators).encode())
                piece.content[at:at] = instructions(stream)
        return bool(words)

    return change


def instructions(stream: Any) -> Instructions:
    return [(list(i.operands), i.operator) for i in pikepdf.parse_content_stream(stream)]


def painted_over(colour: str, share: float) -> Work:
    """Paint a colour over the right part of a picture, `share` of its width."""

    def work(finished: Finished, rng: Random) -> tuple[bytes, Told] | None:
        with pikepdf.open(io.BytesIO(finished.pdf)) as pdf:
            for figure in shuffled(list(figures(pdf.Root.StructTreeRoot)), rng):
                left, bottom, right, top = (float(edge) for edge in figure.A.BBox)
                width = (right - left) * share
                box = f"{right - width:.2f} {bottom:.2f} {width:.2f} {top - bottom:.2f}"
                page = pikepdf.Page(figure.Pg)
                page.contents_add(b"q", prepend=True)
                page.contents_add(f"Q q {colour} rg {box} re f Q".encode())
                names = labels(finished, str(figure.get("/Alt", "")))
                return saved(pdf), told("picture-differs", names, f"{colour} over {names}")
        return None

    return work


def rename(figure: Any) -> None:
    figure.Alt = pikepdf.String(" ".join(str(figure.Alt).split()[1:]))


def unname(figure: Any) -> None:
    del figure.Alt


def untag(figure: Any) -> None:
    figure.S = pikepdf.Name.NonStruct


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


WORDS = "picture-words"

DAMAGES: tuple[Damage, ...] = (
    *(
        Damage(f"picture: {kind}", "pdf", work)
        for kind, work in (
            ("another alternative text", in_structure("picture-alt", rename, "its words cut")),
            ("no alternative text", in_structure("picture-alt", unname, "no words")),
            ("untagged", in_structure("picture-missing", untag, "no figure")),
            ("black", painted_over("0 0 0", 1)),
            ("empty", painted_over("1 1 1", 1)),
            ("its right half gone", painted_over("1 1 1", 0.5)),
            ("words lost", in_content(WORDS, lose_words, "words lost")),
            ("words exchanged", in_content(WORDS, exchange_words, "words exchanged")),
            ("words white", in_content(WORDS, painted_by("1 1 1 rg"), "white")),
            ("words without ink", in_content(WORDS, painted_by("3 Tr"), "no ink")),
        )
    ),
)
