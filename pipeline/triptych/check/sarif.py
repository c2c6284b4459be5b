"""The check as SARIF, which code hosts show beside the lines. In: a `Check`. Out: a log.

Clauses are those of SARIF 2.1.0 (OASIS standard, 27 March 2020). What only a person can judge is
left out, since hosts show every result as an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from triptych.check.examine import Check, Examination, Remark

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
HOMES = {
    "Ace by DAISY": "https://daisy.github.io/ace/",
    "axe-core": "https://www.deque.com/axe/",
    "EPUBCheck": "https://www.w3.org/publishing/epubcheck/",
    "Nu Html Checker": "https://validator.github.io/validator/",
    "veraPDF": "https://verapdf.org/",
}
"""Where a tool explains itself and its rules (3.19.17)."""


def as_sarif(check: Check) -> dict[str, Any]:
    """One SARIF log, with one run for each tool."""
    by_tool = sorted(check.examinations, key=lambda examination: examination.tool)
    groups = groupby(by_tool, key=lambda examination: examination.tool)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [_run(tool, list(examinations)) for tool, examinations in groups],
    }


def _run(tool: str, examinations: Sequence[Examination]) -> dict[str, Any]:
    """A run (3.14). One that gave no verdict has no `results`, which says so (3.14.23)."""
    version = examinations[0].version
    heard = [e for e in examinations if e.opinion in ("passed", "failed")]
    found = [(e, remark) for e in heard for remark in e.remarks if remark.severity != "info"]
    standards = " and ".join(dict.fromkeys(e.standard for e in examinations))
    rules = sorted({remark.rule for _, remark in found})
    run: dict[str, Any] = {
        "tool": {
            "driver": {
                "name": tool,
                **({"version": version} if version else {}),
                **({"informationUri": HOMES[tool]} if tool in HOMES else {}),
                "rules": [
                    {
                        "id": rule,
                        "shortDescription": {"text": f"{rule}, a rule of {tool}"},
                        "help": {"text": f"{tool} holds finished files against {standards}."},
                    }
                    for rule in rules
                ],
            }
        },
        "automationDetails": {"id": f"triptych/{tool}/"},
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(examinations)],
        "artifacts": [
            {"location": {"uri": _uri(file)}, "roles": ["analysisTarget"]}
            for file in dict.fromkeys(str(e.file) for e in examinations)
        ],
    }
    if heard:
        # What both runs of axe find at one place is one result.
        once = {(e.file, remark): e for e, remark in found}
        run["results"] = [_result(e, remark, rules) for (_, remark), e in once.items()]
    return run


def _invocation(examinations: Sequence[Examination]) -> dict[str, Any]:
    """How the tool ran (3.20); what kept it from a verdict is a notification (3.58)."""
    silent = [e for e in examinations if e.opinion in ("no verdict", "not available")]
    return {
        "executionSuccessful": not silent,
        "toolExecutionNotifications": [
            {"level": "error", "message": {"text": f"{e.file.name}: {e.opinion}: {e.detail}"}}
            for e in silent
        ],
    }


def _result(e: Examination, remark: Remark, rules: Sequence[str]) -> dict[str, Any]:
    """A result (3.27): at the line of the source if it is known, otherwise in the finished file."""
    finished = _finished(e.file, remark)
    result: dict[str, Any] = {
        "ruleId": remark.rule,
        "ruleIndex": rules.index(remark.rule),
        "level": remark.severity,  # 3.27.10: "error" and "warning" mean what ours do
        "message": {"text": remark.message},
        "locations": [finished],
        "partialFingerprints": {"triptych/v1": _fingerprint(e, remark)},
    }
    if origin := remark.origin:
        region = {"startLine": origin.line, "startColumn": origin.column}
        source = {"artifactLocation": {"uri": _uri(origin.file)}, "region": region}
        result["locations"] = [{"physicalLocation": source}]
        # An id makes the location one that the message could link to (3.28.2).
        result["relatedLocations"] = [
            {"id": 1, **finished, "message": {"text": "in the finished file"}}
        ]
    return result


def _finished(file: Path, remark: Remark) -> dict[str, Any]:
    """A place in a finished file (3.28); inside a book, or without a line, a logical location."""
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(file)}}
    if _has_line(remark):
        line, column = remark.location.line, remark.location.column
        physical["region"] = {"startLine": line, **({"startColumn": column} if column else {})}
        return {"physicalLocation": physical}
    inside = str(remark.location) or remark.subject
    logical = {"logicalLocations": [{"fullyQualifiedName": inside}]} if inside else {}
    return {"physicalLocation": physical, **logical}


def _fingerprint(e: Examination, remark: Remark) -> str:
    """What stays the same when lines above change (3.27.17): it has no line number in it."""
    place = remark.subject or ("" if _has_line(remark) else str(remark.location))
    parts = [e.tool, e.standard, _uri(e.file), remark.rule, place, remark.message]
    return sha256("\0".join(parts).encode()).hexdigest()


def _has_line(remark: Remark) -> bool:
    """Whether the place is a line of the finished file itself, not of a page in a book."""
    return bool(remark.location.line) and not remark.location.page


def _uri(file: Path | str) -> str:
    """A relative reference if the file is in the working folder, otherwise a file URI."""
    path = Path(file).absolute()
    here = Path.cwd()
    return quote(path.relative_to(here).as_posix()) if path.is_relative_to(here) else path.as_uri()
