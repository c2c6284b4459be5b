"""The blocks of a chapter, in Pandoc's Markdown: lists, tables, figures, formulas, code, notes.

In: a `Speaker` and a label that no other block has. Out: the text of the block, which prints each
number that the voice's sentences refer to.
"""

from __future__ import annotations

from collections.abc import Sequence

from theses.voice import Speaker

FORMULAS = (
    r"\bar{x} = \frac{1}{n} \sum_{i=1}^{n} x_i",
    r"\sigma^2 = \frac{1}{n-1} \sum_{i=1}^{n} (x_i - \bar{x})^2",
    r"y_{it} = \alpha_i + \beta_1 x_{it} + \beta_2 z_{it}^2 + \varepsilon_{it}",
    r"P(A \mid B) = \frac{P(B \mid A)\, P(A)}{P(B)}",
    r"\mathbf{A} = \begin{pmatrix} a_{11} & a_{12} \\ a_{21} & a_{22} \end{pmatrix}",
    r"f(t) = \begin{cases} 0, & t < 0 \\ 1 - e^{-\lambda t}, & t \ge 0 \end{cases}",
    r"\int_0^{T} \left( \frac{\partial u}{\partial t} \right)^2 \mathrm{d}t \le C \sqrt{T}",
    r"\begin{aligned} S &= \prod_{k=1}^{m} (1 + r_k) \\ &\approx \exp\Bigl(\sum_k r_k\Bigr) "
    r"\end{aligned}",
)
CODE = (
    ("python", """\
def weighted(values, weights):
    \"\"\"The mean of values, each with its weight.\"\"\"
    total = sum(weights)
    if not total:
        raise ValueError("no weights at all, so there is no mean that one could give back here")
    return sum(v * w for v, w in zip(values, weights)) / total"""),
    ("r", """\
model <- lm(log(yield) ~ rain + factor(place), data = fields)
summary(model)$coefficients["rain", c("Estimate", "Std. Error")]"""),
    ("sql", """\
SELECT place, COUNT(*) AS letters, MIN(written) AS first_written, MAX(written) AS last_written
FROM letters LEFT JOIN people USING (person_id)
WHERE written BETWEEN '1860-01-01' AND '1919-12-31'
GROUP BY place HAVING COUNT(*) > 12 ORDER BY letters DESC;"""),
    ("bash", """\
for file in scans/*.tiff; do
    tesseract "$file" "text/$(basename "$file" .tiff)" --psm 6 -l script/Latin+deu+fra+ita+spa
done"""),
)  # fmt: skip


def itemised(speaker: Speaker, label: str) -> str:
    """A nested list whose items have several blocks: long enough to run over a page."""
    del label
    lines = [speaker.say("leads"), ""]
    for number in range(1, 4):
        lines += [f"{number}.  {speaker.paragraph(2)}", ""]
        for _ in range(3):
            lines += [f"    - {speaker.say('sentences')}", ""]
            if number == 2:
                lines += [f"        a. {speaker.say('sentences')}", ""]
                lines += [f"        b. {speaker.say('citing')}", ""]
        lines += [f"    {speaker.say('sentences')}", ""]
    return "\n".join(lines)


def defined(speaker: Speaker, label: str) -> str:
    """A list of definitions."""
    del label
    return "\n\n".join(
        f"{term}\n:   {meaning} {speaker.say('sentences')}"
        for term, meaning in (speaker.next("terms") for _ in range(4))
    )


def quoted(speaker: Speaker, label: str) -> str:
    """A long quotation with its source."""
    del label
    return f"> {speaker.say('quotations')} {speaker.fill('[@{key}, p. {page}]')}"


def versed(speaker: Speaker, label: str) -> str:
    """Four lines of verse, each on a line of its own, indented as the author has them."""
    del label
    lines = [speaker.say("of_verse"), "", *(f"| {speaker.say('verses')}" for _ in range(4))]
    return "\n".join(lines)


def displayed(speaker: Speaker, label: str) -> str:
    """A numbered formula, and the sentence that refers to it."""
    formula = FORMULAS[speaker.dice.randrange(len(FORMULAS))]
    said = speaker.say("of_formula", ref=f"@eq:{label}")
    return f"{said}\n\n$$ {formula} $$ {{#eq:{label}}}"


def listed(speaker: Speaker, label: str) -> str:
    """Code with a caption and a number."""
    language, code = CODE[speaker.dice.randrange(len(CODE))]
    said = speaker.say("of_listing", ref=f"@lst:{label}")
    caption = speaker.say("listing_captions")
    return f'{said}\n\n```{{#lst:{label} .{language} caption="{caption}"}}\n{code}\n```'


def tabled(speaker: Speaker, label: str, rows: int = 7) -> str:
    """A table of numbers."""
    heads = [speaker.next("columns") for _ in range(4)]
    return _table(speaker, label, heads, rows)


def long_table(speaker: Speaker, label: str) -> str:
    """A table that runs over pages."""
    return tabled(speaker, label, rows=48)


def wide_table(speaker: Speaker, label: str) -> str:
    """A table of ten columns, wider than the page."""
    heads = [speaker.next("columns") for _ in range(10)]
    return _table(speaker, label, heads, 9)


def _table(speaker: Speaker, label: str, heads: Sequence[str], rows: int) -> str:
    said = speaker.say("of_table", ref=f"@tbl:{label}")
    lines = [said, "", f"| {speaker.voice['row_head']} | {' | '.join(heads)} |"]
    lines.append("|---" + "|---:" * len(heads) + "|")
    for row in range(1, rows + 1):
        cells = [speaker.fill("{number}" if at % 2 else "{share}") for at in range(len(heads))]
        lines.append(f"| {speaker.say('places')} {row} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", f": {speaker.say('table_captions')} {{#tbl:{label}}}"])


def sketched(speaker: Speaker, label: str, *, tall: bool = False) -> str:
    """A figure, and the sentence that refers to it."""
    said = speaker.say("of_figure", ref=f"@fig:{label}")
    caption = speaker.say("figure_captions")
    name = "tall" if tall else "broad"
    described = f"{speaker.voice['chart']}{speaker.say('places')} {label}"
    return f'{said}\n\n![{caption}]({name}.svg){{#fig:{label} alt="{described}"}}'


def tall_figure(speaker: Speaker, label: str) -> str:
    """A figure nearly as tall as the page."""
    return sketched(speaker, label, tall=True)


def noted(speaker: Speaker, label: str) -> str:
    """A paragraph with a long note, of several paragraphs, that cites."""
    said = speaker.paragraph(3)
    note = speaker.voice["gap"].join(speaker.say("notes") for _ in range(3))
    more = speaker.voice["gap"].join(speaker.say("notes") for _ in range(4))
    return f"{said}[^{label}]\n\n[^{label}]: {note}\n\n    {more}"


def plain(speaker: Speaker, label: str) -> str:
    """Two paragraphs, the first with a note in its line."""
    del label
    return f"{speaker.paragraph(5)}^[{speaker.say('notes')}]\n\n{speaker.paragraph(4)}"
