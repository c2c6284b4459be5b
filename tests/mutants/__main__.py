"""Try the collation by mutants.

    PYTHONPATH=tests python -m mutants [--quick] [--seed N] [--out FILE]

Exit code 1 where a mutant goes unnoticed or unnamed, or where a sound file raises an alarm.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import date
from pathlib import Path

from .mutant import FORMATS
from .suite import DOCUMENTS, STYLES, Outcome, all_false_alarms, judge_all, make_sets, orders

HEAD = "| damage | formats | mutants | caught | named rightly |\n| --- | --- | ---: | ---: | ---: |"


def table(outcomes: list[Outcome]) -> str:
    """The outcomes by kind of damage, as a Markdown table with a line of totals."""
    rows = [HEAD]
    kinds = sorted({outcome.order.kind for outcome in outcomes})
    for kind in [*kinds, ""]:
        of_kind = [o for o in outcomes if o.mutant and kind in ("", o.order.kind)]
        formats = ", ".join(f for f in FORMATS if any(o.order.format == f for o in of_kind))
        caught, named = sum(o.caught for o in of_kind), sum(o.named for o in of_kind)
        cells = [kind or "**all**", formats, str(len(of_kind)), str(caught), str(named)]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def report(outcomes: list[Outcome], alarms: list[str], seed: int, today: date) -> str:
    """The whole report in Markdown."""
    made = [outcome for outcome in outcomes if outcome.mutant]
    missed = [outcome for outcome in made if not outcome.named]
    parts = [
        "# The proof of the proof",
        f"{len(made)} mutants of {len(DOCUMENTS)} documents in {len(STYLES)} citation styles, "
        f"each with one damage, made with seed {seed} on {today.isoformat()}. *Caught*: the "
        "collation reported some difference. *Named rightly*: it reported one of a fitting kind "
        "that names what was damaged. Digests were made to fit, so that none was caught by them.",
        table(outcomes),
        f"False alarms over {len(DOCUMENTS) * len(STYLES)} sound sets: {len(alarms)}.",
    ]
    if missed:
        parts.append("## Not named rightly")
        parts.append("\n".join(miss(outcome) for outcome in missed))
    if alarms:
        parts.append("## False alarms")
        parts.append("\n".join(f"- {alarm}" for alarm in alarms))
    return "\n\n".join(parts) + "\n"


def miss(outcome: Outcome) -> str:
    said = "; ".join(outcome.reported) or "nothing"
    return f"- {outcome.order.kind}, {outcome.order.format}: {outcome.mutant}. Reported: {said}"


def main() -> int:
    """Make the sets and the mutants, ask about each, print and write the report."""
    parser = argparse.ArgumentParser(prog="mutants", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="each damage once")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, help="a Markdown file for the report")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_sets(folder)
        alarms = all_false_alarms(folder)
        wanted = orders(asked.seed, each=1 if asked.quick else len(STYLES))
        outcomes = judge_all(wanted, folder)
    told = report(outcomes, alarms, asked.seed, date.today())
    sys.stdout.write(told)
    if asked.out:
        asked.out.write_text(told, encoding="utf-8")
    return int(bool(alarms) or any(o.mutant and not o.named for o in outcomes))


if __name__ == "__main__":
    raise SystemExit(main())
