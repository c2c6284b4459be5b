"""The figures of a long work: charts as SVG with words in its language."""

from __future__ import annotations

from random import Random
from xml.sax.saxutils import escape


def chart(dice: Random, names: list[str], language: str, *, tall: bool) -> str:
    """A chart of bars, one for each name."""
    step = 62 if tall else 30
    height = step * len(names) + 40
    bars = []
    for row, name in enumerate(names):
        top, long = 20 + row * step, dice.randint(40, 260)
        bars.append(
            f'<rect x="120" y="{top}" width="{long}" height="{step - 12}" fill="#3b6ea5"/>'
            f'<text x="112" y="{top + (step - 12) / 2 + 4:.0f}" text-anchor="end" '
            f'font-size="13">{escape(name)}</text>'
        )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 {height}" xml:lang="{language}" '
        f'font-family="sans-serif"><path d="M120 10V{height - 10}" stroke="#333"/>'
        f"{''.join(bars)}</svg>\n"
    )
