"""The report of a check. In: a `Check`. Out: words and a table for people, or plain JSON values."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import IO, Any

from triptych.check.examine import Check, Examination, Opinion, Remark
from triptych.diagnostics import counted
from triptych.printing import visible

_COLOUR: dict[Opinion, str] = {
    "passed": "green",
    "failed": "bold red",
    "no verdict": "bold red",
    "not available": "yellow",
}


def verdict(check: Check) -> str:
    """The whole check in one sentence."""
    files = len({e.file for e in check.examinations})
    subject = counted(files, "finished file")
    asked = list(dict.fromkeys(e.tool for e in check.examinations))
    lacking = list(check.unavailable)
    if not check.passed:
        errors = len({(e.tool, e.file, r) for e in check.failing for r in e.remarks if _grave(r)})
        silent = sorted({e.tool for e in check.failing if e.opinion != "failed"})
        reasons = [counted(errors, "error")] if errors else []
        reasons += [f"no verdict from {_list(silent)}"] if silent else []
        return f"Not fit to ship: {' and '.join(reasons)} in {subject}."
    if lacking:
        heard = len(asked) - len(lacking)
        return (
            f"Fit to ship as far as checked: {subject} passed {heard} of {len(asked)} tools; "
            f"not checked by {_list(lacking)}."
        )
    return f"Fit to ship: {subject} passed all {len(asked)} tools."


def print_report(check: Check, out: IO[str]) -> None:
    """Print the verdict, a table of each tool's verdict on each file, and what was found.

    A terminal gets colours, and lines of its width. Other outputs get plain lines, one per row.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    live = out.isatty()
    console = Console(
        file=out, width=None if live else 1000, highlight=False, markup=False, soft_wrap=True
    )
    console.print(verdict(check), style="bold green" if check.passed else "bold red")
    for note in check.notes:
        console.print(visible(f"Note: {note}."))
    console.print()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("File", "Tool", "Version", "Standard", "Verdict"):
        table.add_column(heading)
    for heading in ("Errors", "Warnings", "Seconds"):
        table.add_column(heading, justify="right", no_wrap=True)
    in_one_folder = len({e.file.parent for e in check.examinations}) == 1
    for file, rows in groupby(check.examinations, key=lambda e: e.file):
        name = visible(file.name if in_one_folder else str(file))
        for n, e in enumerate(rows):
            heard = e.opinion in ("passed", "failed")
            table.add_row(
                name if live and n == 0 else "" if live else name,
                e.tool,
                e.version,
                e.standard,
                Text(e.opinion, style=_COLOUR[e.opinion]),
                str(e.count("error")) if heard else "",
                str(e.count("warning")) if heard else "",
                f"{e.seconds:.1f}" if heard else "",
            )
    console.print(table, soft_wrap=not live)
    for line in _findings(check.examinations):
        for part in line.split("\n"):
            console.print(visible(part))
    if check.unavailable:
        console.print()
    for tool, reason in check.unavailable.items():
        console.print(visible(f"Not checked by {tool}: {reason}"))
    console.print(f"\n{check.seconds:.1f} s")


def _findings(examinations: Iterable[Examination]) -> Iterable[str]:
    """What was found, by file; what a person has to judge is only counted."""
    for file, group in groupby(examinations, key=lambda e: e.file):
        told = list(group)
        # What both runs of axe find is one thing to fix.
        lines = list(dict.fromkeys(line for e in told for line in _told(e)))
        infos = sum(e.count("info") for e in told)
        if lines:
            yield f"\n{file}"
            yield from lines
            if infos:
                yield f"  and {counted(infos, 'remark')} for a person to judge (see --json)"


def _told(e: Examination) -> Iterable[str]:
    if e.opinion == "no verdict":
        yield f"  no verdict: {e.tool}: {e.detail}"
    for remark in e.remarks:
        if remark.severity != "info":
            told = f"  {remark.severity}: {remark.message} [{e.tool}: {remark.rule}]"
            places = _places(remark)
            yield f"{told}\n      {places}" if places else told


def _places(remark: Remark) -> str:
    origin = f"comes from {remark.origin}" if remark.origin else ""
    subject = f"in {remark.subject}" if remark.subject else ""
    place = str(remark.location)
    where = f"at {place}" if place else ""
    return ", ".join(filter(None, [where, subject, origin]))


def as_json(check: Check) -> dict[str, Any]:
    """The whole check as plain values; `docs/checking.md` names the fields."""
    return {
        "passed": check.passed,
        "verdict": verdict(check),
        "seconds": round(check.seconds, 3),
        "notes": list(check.notes),
        "not_checked": dict(check.unavailable),
        "examinations": [
            {
                "file": str(e.file),
                "tool": e.tool,
                "version": e.version,
                "standard": e.standard,
                "verdict": e.opinion,
                "detail": e.detail,
                "errors": e.count("error"),
                "warnings": e.count("warning"),
                "seconds": round(e.seconds, 3),
                "findings": [_finding(remark) for remark in e.remarks],
            }
            for e in check.examinations
        ],
    }


def _grave(remark: Remark) -> bool:
    return remark.severity == "error"


def _finding(remark: Remark) -> dict[str, Any]:
    origin = remark.origin
    return {
        "severity": remark.severity,
        "rule": remark.rule,
        "message": remark.message,
        "where": str(remark.location),
        "subject": remark.subject,
        "source": origin and {"file": origin.file, "line": origin.line, "column": origin.column},
    }


def _list(names: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
