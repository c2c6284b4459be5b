"""The check: is a finished edition fit to ship?

In: the folder of a finished edition, or some of its files. Out: a `Check`: what the collation and
every validator say about every file. Findings are led back to the source where that is certain.

The collation compares the files with one another, the validators compare them with standards. Most
validators are separate programs, so a thread for each keeps all cores busy.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from triptych import __version__
from triptych.check.editions import Finished, find_editions
from triptych.check.place import surroundings
from triptych.check.tools import Validator, validators_for
from triptych.check.trace import Origin, Provenance, Trace, provenance
from triptych.collate import collate_edition
from triptych.diagnostics import FindingSeverity, SourceError, UsageError
from triptych.read.source import Source, read_source
from triptych.steps import Listener, Step
from triptych.validators import Location, ValidatorFailed, ValidatorMissing, Verdict

Opinion = Literal["passed", "failed", "no verdict", "not available"]

COLLATION = "Collation"
ABSENT = "the file is not there"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing found, where it is, and where it comes from.

    `severity`, `rule`, `message` and `location` are the tool's own; `subject` is the id of the
    element concerned, or empty; `origin` is its place in the source, if that is certain.
    """

    severity: FindingSeverity
    rule: str
    message: str
    location: Location
    subject: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What one tool says about one file.

    `seconds` is the file's share of the tool's run. `detail` says why there is no verdict, or
    how to get a tool that is not available; it is empty otherwise.
    """

    tool: str
    version: str
    standard: str
    file: Path
    opinion: Opinion
    remarks: tuple[Remark, ...] = ()
    seconds: float = 0.0
    detail: str = ""

    def count(self, severity: FindingSeverity) -> int:
        """How many remarks are of this severity."""
        return sum(1 for remark in self.remarks if remark.severity == severity)


@dataclass(frozen=True, slots=True)
class Check:
    """All examinations, by file; `notes` say what a reader should know about the source.

    With `require_all`, a tool that is not installed fails the check.
    """

    examinations: tuple[Examination, ...]
    notes: tuple[str, ...]
    seconds: float
    require_all: bool = False

    @property
    def passed(self) -> bool:
        """Whether every tool (or every installed one) says that its files passed."""
        return not self.failing

    @property
    def failing(self) -> tuple[Examination, ...]:
        """The examinations for which the check does not pass."""
        borne = {"passed"} if self.require_all else {"passed", "not available"}
        return tuple(e for e in self.examinations if e.opinion not in borne)

    @property
    def unavailable(self) -> Mapping[str, str]:
        """The tools that are not installed, each with how to get it."""
        return {e.tool: e.detail for e in self.examinations if e.opinion == "not available"}


def check(
    paths: Iterable[Path | str] = ("dist",),
    *,
    source: Path | str | None = None,
    root: Path | str | None = None,
    allow: Sequence[Path | str] = (),
    require_all: bool = False,
    listener: Listener = lambda _: None,
) -> Check:
    """Compare finished editions with one another, and check them against their standards.

    Args:
        paths: folders of finished editions, or finished files with their manifest beside them.
        source: what the editions were built from; without it, the folder `source` if its work
            has the edition's name and files.
        root: the folder that no file of the source may lie outside of: see `read_source`.
        allow: further folders whose files the source may name.
        require_all: a validator that is not installed fails the check.
        listener: is told of each step as it begins and ends, from several threads.

    Raises:
        UsageError: a path does not exist or is no finished file, no edition manifest lies
            there, or `source` cannot be read.
    """
    began = time.perf_counter()
    editions = find_editions([Path(path) for path in paths])
    place, within = (None if path is None else Path(path) for path in (source, root))
    reading = partial(read_source, root=within, allow=[Path(each) for each in allow])
    traces, notes = _traces(editions, place, reading)
    files = [file for edition in editions for file in edition.files.values()]
    with ThreadPoolExecutor(max(2, os.cpu_count() or 1)) as pool:
        collated = pool.submit(_collate_all, editions, traces, listener)
        judged = [
            pool.submit(_judge, validator, fit, traces, listener)
            for validator in validators_for(editions)
            if (fit := [e.files[validator.reads] for e in editions if validator.reads in e.files])
        ]
        try:
            told = [e for future in (collated, *judged) for e in future.result()]
        except BaseException:  # stopped, or our own bug: start nothing more
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    told.sort(key=lambda examination: files.index(examination.file))
    return Check(tuple(told), notes, time.perf_counter() - began, require_all)


def _traces(
    editions: Sequence[Finished], source: Path | None, read: Callable[[Path], Source]
) -> tuple[dict[Path, Trace], tuple[str, ...]]:
    """The way back to the source for each file that was built from it, and notes on the source."""
    place = source or Path("source")
    try:
        work = read(place)
    except SourceError as error:
        if source is None:
            return {}, ()
        raise UsageError(f"the source cannot be read: {error.diagnostics[0]}") from None
    traces: dict[Path, Trace] = {}
    notes: list[str] = []
    for edition in editions:
        origin = provenance(work, edition.manifest.source)
        ours = (
            work.name == edition.name
            and dict(work.digests).keys() <= edition.manifest.source.keys()
        )
        if source is None and not ours:
            continue
        if origin.changed:
            notes.append(_changed(edition, origin))
        trace = Trace(edition.manifest.ledger, origin)
        traces |= dict.fromkeys([*edition.files.values(), edition.path], trace)
    return traces, tuple(notes)


def _changed(edition: Finished, origin: Provenance) -> str:
    return (
        f"the source has changed since {edition.name} was built ({', '.join(origin.changed)}): "
        "build it again to check the present state"
    )


def _judge(
    validator: Validator, files: Sequence[Path], traces: Mapping[Path, Trace], listener: Listener
) -> list[Examination]:
    """Run one validator on its files."""
    listener(Step(validator.step, "begun"))
    began = time.perf_counter()
    blank = Examination(validator.tool, "", validator.standard, Path(), "no verdict")
    try:
        blank = replace(blank, version=validator.available())
        told = list(_ask(validator, files, traces, blank))
    except ValidatorMissing as missing:
        blank = replace(blank, opinion="not available", detail=str(missing))
        told = [replace(blank, file=file) for file in files]
    heard = all(examination.opinion in ("passed", "failed") for examination in told)
    listener(Step(validator.step, "done" if heard else "failed", time.perf_counter() - began))
    return told


def _ask(
    validator: Validator, files: Sequence[Path], traces: Mapping[Path, Trace], blank: Examination
) -> Iterator[Examination]:
    """Check all files in one run; if it fails, one by one, so that only one verdict is lost.

    Validators answer with absolute paths; examinations name files as they were asked for.
    """
    present = {file.resolve(): file for file in files if file.is_file()}
    for file in files:
        if file not in present.values():
            yield replace(blank, file=file, detail=ABSENT)
    try:
        for verdict in validator.validate(list(present)):
            file = present[verdict.file]
            yield _examination(verdict, file, traces.get(file))
    except ValidatorFailed as failure:
        if len(present) > 1:
            for file in present.values():
                yield from _ask(validator, [file], traces, blank)
        else:
            detail = _last_words(failure)
            yield from (replace(blank, file=file, detail=detail) for file in present.values())


def _last_words(failure: ValidatorFailed) -> str:
    """The error in a program's last output; if there is none, the beginning of the output."""
    error = re.search(r"\b\w*(?:Error|Exception)\b:(?:(?!\\n|\n).){1,300}", failure.detail)
    return error[0] if error else " ".join(failure.detail.split())[:300]


def _examination(verdict: Verdict, file: Path, trace: Trace | None) -> Examination:
    return Examination(
        tool=verdict.validator,
        version=verdict.version,
        standard=verdict.standard,
        file=file,
        opinion="passed" if verdict.passed else "failed",
        remarks=tuple(
            Remark(f.severity, f.rule, f.message, f.location, *_lead_back(file, f.location, trace))
            for f in verdict.findings
        ),
        seconds=verdict.seconds,
    )


def _lead_back(file: Path, location: Location, trace: Trace | None) -> tuple[str, Origin | None]:
    """The id of the element at a place, and its origin in the source.

    A section's id says too little about what is deep inside it: it counts only for the section.
    """
    place = surroundings(file, location)
    if not place.ids:
        return "", None
    nearest, *_ = place.ids
    if trace is None:
        return nearest, None
    certain = place.outright or not trace.is_section(nearest)
    origin = trace.subject(nearest) if certain else None
    return nearest, origin or (trace.words(place.text) if place.text else None)


def _collate_all(
    editions: Sequence[Finished], traces: Mapping[Path, Trace], listener: Listener
) -> list[Examination]:
    listener(Step("collate", "begun"))
    began = time.perf_counter()
    told = [e for edition in editions for e in _collate(edition, traces.get(edition.path))]
    listener(Step("collate", "done", time.perf_counter() - began))
    return told


def _collate(edition: Finished, trace: Trace | None) -> Iterator[Examination]:
    """Collate the files that are there."""
    blank = Examination(COLLATION, __version__, "the edition manifest", edition.path, "passed")
    asked = {name: file for name, file in edition.files.items() if file.is_file()}
    present = list(asked.values())
    for file in edition.files.values():
        if file not in present:
            yield replace(blank, file=file, opinion="no verdict", detail=ABSENT)
    if not present:
        return
    collation = collate_edition([*present, edition.path])
    remarks: dict[Path, list[Remark]] = {file: [] for file in present}
    for difference in collation.differences:
        if difference.witness not in asked:
            continue
        file = asked[difference.witness]
        origin = None
        if trace is not None:
            origin = trace.subject(difference.subject) if difference.subject else None
            origin = origin or trace.words(difference.expected, difference.found, difference.near)
        place = Location(name=difference.place)
        remarks[file].append(
            Remark("error", difference.kind, difference.message, place, difference.subject, origin)
        )
    for file, found in remarks.items():
        yield replace(
            blank,
            file=file,
            opinion="failed" if found else "passed",
            remarks=tuple(found),
            seconds=collation.seconds / len(remarks),
        )
