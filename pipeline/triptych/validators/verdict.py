"""What a validator says about a file: a `Verdict` made of `Finding`s, or an exception.

An exception is about the tool, a verdict about the file. An exception never means that a file is
bad, and a verdict never means that the tool could not check it.

    ValidatorError
    ├── ValidatorMissing    the tool is not installed, or too old to use
    └── ValidatorFailed     the tool crashed, ran out of time, or gave unreadable output
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from triptych.diagnostics import FindingSeverity


@dataclass(frozen=True, slots=True)
class Location:
    """A place inside a finished file, as far as a tool names it.

    Attributes:
        page: the file inside a book; "" if the finished file is itself the page.
        line, column: count from 1; 0 if they are not known.
        selector: the CSS selector of an element.
        name: the place in the tool's own words, such as the path of an object in a PDF.
        others: how many more places there are like it.
    """

    page: str = ""
    line: int = 0
    column: int = 0
    selector: str = ""
    name: str = ""
    others: int = 0

    def __str__(self) -> str:
        """For people: `EPUB/text.xhtml:7:12`, `text.xhtml #map > img`, `page 3`."""
        numbers = [str(number) for number in (self.line, self.column) if number]
        place = ":".join(filter(None, [self.page, *numbers]))
        others = f"and {self.others} more" if self.others else ""
        return " ".join(filter(None, [place, self.selector, self.name, others]))


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a validator found.

    Attributes:
        severity: "error" breaks the standard; "warning" is against good practice, or is likely
            to cause trouble; "info" is for a person to look at.
        rule: the validator's own name of the rule, such as "RSC-005" or "7.18.5-1".
        message: what is wrong, in the validator's words.
        file: the file that was validated.
        location: the place inside it.
    """

    severity: FindingSeverity
    rule: str
    message: str
    file: Path
    location: Location = Location()

    @property
    def where(self) -> str:
        """The place inside the file, for people; empty if it is not known."""
        return str(self.location)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one validator says about one file and one standard.

    Attributes:
        validator: the tool's name, such as "EPUBCheck".
        version: the tool's version.
        standard: what the file was checked against, such as "PDF/UA-1".
        file: the file that was validated, as an absolute path.
        seconds: this file's equal share of the run's wall-clock time. One run checks many files,
            so the shares of a run add up to what it cost, the tool's start included.
        findings: everything found, in the order the tool gave it.
    """

    validator: str
    version: str
    standard: str
    file: Path
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        """Whether the file keeps the standard: no finding is an error."""
        return all(finding.severity != "error" for finding in self.findings)

    @property
    def clean(self) -> bool:
        """Whether there is neither error nor warning; there may be infos for a person."""
        return all(finding.severity == "info" for finding in self.findings)


class ValidatorError(Exception):
    """A validator gave no verdict."""


class ValidatorMissing(ValidatorError):
    """A validator is not installed, or is too old.

    Attributes:
        tool: what is missing.
        remedy: how to get it, as a sentence.
    """

    def __init__(self, tool: str, remedy: str) -> None:
        super().__init__(f"{tool} is missing. {remedy}")
        self.tool = tool
        self.remedy = remedy


class ValidatorFailed(ValidatorError):
    """A validator crashed, ran out of time, or gave an answer that cannot be read.

    Attributes:
        tool: which one.
        detail: what it said last, or what was wrong with its answer.
    """

    def __init__(self, tool: str, detail: str) -> None:
        super().__init__(f"{tool} gave no verdict: {detail}")
        self.tool = tool
        self.detail = detail
