"""The check, with every real tool, on a sound edition and on one that was damaged."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import pytest
from conftest import DRAWING, REFERENCES, Desk

from triptych.check.examine import Check, check
from triptych.check.place import Surroundings, surroundings
from triptych.check.trace import Origin, Trace, provenance
from triptych.diagnostics import UsageError
from triptych.press import build
from triptych.read.source import read_source
from triptych.validators import Location

OF_THE_PDF = {"veraPDF": ["PDF/UA-1", "PDF/A-2a"]}
"""The validators of the PDF for screens, in the order of their table, with their standards."""
PROGRAMS = {"Ace by DAISY", "axe-core", "EPUBCheck", "Nu Html Checker", *OF_THE_PDF}
"""The validators of the usual formats, by the names in which they are told."""
TOOLS = {"Collation", *PROGRAMS}
BODY = """\
# Engines {#sec:engines}

Engines weave patterns of algebra [@lovelace1843, p. 12], said the Countess.[^who]

![A triangle.](a.svg){#fig:drawing alt="A black triangle."}

[^who]: Her notes came out in 1843 [@babbage1864].
"""
LINES = {"cite-1": 9, "fig-drawing": 11}
"""The lines of the paper on which these stand."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One run of the command over two editions: `sound`, and `damaged`, which was built alike."""

    folder: Path
    exit: int
    report: dict[str, Any]
    sarif: dict[str, Any]

    def examinations(self, folder: str, tool: str | None = None) -> list[dict[str, Any]]:
        return [
            e
            for e in self.report["examinations"]
            if Path(e["file"]).parent.name == folder and tool in (None, e["tool"])
        ]

    def findings(self, folder: str, tool: str) -> dict[str, dict[str, Any]]:
        """The findings of a tool, by their messages."""
        found = [f for e in self.examinations(folder, tool) for f in e["findings"]]
        return {finding["message"]: finding for finding in found}

    def run(self, tool: str) -> dict[str, Any]:
        return next(r for r in self.sarif["runs"] if r["tool"]["driver"]["name"] == tool)


def triptych(
    *words: str, cwd: Path, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "triptych.cli", *words],
        cwd=cwd,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a paper, its editions in `sound`, and damaged copies of them in `damaged`."""
    desk = Desk(tmp_path_factory.mktemp("check"))
    desk.put("refs.json", REFERENCES)
    desk.put("a.svg", DRAWING)
    build(desk.paper(BODY), out=desk.folder / "sound")
    shutil.copytree(desk.folder / "sound", desk.folder / "damaged")
    page, book = desk.folder / "damaged" / "paper.html", desk.folder / "damaged" / "paper.epub"
    page.write_text(_damaged_page(page.read_text("utf-8")), "utf-8")
    _damage_book(book)
    return desk.folder


def _damaged_page(page: str) -> str:
    page, images = re.subn(
        r'(<figure id="fig-drawing"[^>]*>)',
        r'\1<img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">',
        page,
    )
    page, doubles = re.subn(r"<p>(Engines weave)", r'<p id="sec-engines">\1', page)
    page, strangers = re.subn(r'(<span[^>]*) id="cite-1"', r'\1 id="cite-1" face="bold"', page)
    page, pages = re.subn(r"\b12\b(?=\)|</a>\))", "21", page)
    assert (images, doubles, strangers, pages) == (1, 1, 1, 1)
    return page


def _damage_book(path: Path) -> None:
    """Take the page with the bibliography out of a book."""
    with zipfile.ZipFile(path) as book:
        parts = {item: book.read(item) for item in book.infolist()}
    with zipfile.ZipFile(path, "w") as book:
        for item, data in parts.items():
            if not item.filename.endswith("references.xhtml"):
                book.writestr(item, data)


@pytest.fixture(scope="module")
def checked(finished: Path) -> Checked:
    files = ["sound", "damaged/paper.html", "damaged/paper.epub"]
    words = ["--source", "paper.md", "--json", "--sarif", "check.sarif"]
    done = triptych("check", *files, *words, cwd=finished)
    assert done.stdout, done.stderr
    log = json.loads((finished / "check.sarif").read_text("utf-8"))
    return Checked(finished, done.returncode, json.loads(done.stdout), log)


@pytest.fixture(scope="module")
def told_twice(finished: Path) -> Check:
    """What comes of naming one file twice."""
    path = finished / "sound" / "paper.pdf"
    return check([path, path], source=finished / "paper.md")


class TestTheVerdicts:
    def test_a_sound_edition_passes_every_tool(self, checked: Checked) -> None:
        told = checked.examinations("sound")
        assert {e["tool"] for e in told} == TOOLS
        assert [e for e in told if e["verdict"] != "passed"] == []

    def test_each_verdict_names_the_version_and_the_standard(self, checked: Checked) -> None:
        for told in checked.examinations("sound"):
            assert re.match(r"\d+\.\d+", told["version"]), told
            assert told["standard"]
            assert told["seconds"] > 0

    def test_damage_fails_the_check(self, checked: Checked) -> None:
        assert checked.exit == 3
        assert checked.report["passed"] is False
        assert checked.report["verdict"].startswith("Not fit to ship: ")

    def test_the_collation_sees_that_the_files_were_changed(self, checked: Checked) -> None:
        told = {Path(e["file"]).name: e for e in checked.examinations("damaged", "Collation")}
        assert told["paper.html"]["verdict"] == "failed"
        assert told["paper.epub"]["verdict"] == "failed"

    def test_a_page_missing_from_a_book_is_found_by_its_rule(self, checked: Checked) -> None:
        (told,) = checked.examinations("damaged", "EPUBCheck")
        assert told["verdict"] == "failed"
        assert "RSC-001" in {finding["rule"] for finding in told["findings"]}

    def test_a_validator_that_breaks_down_gives_no_verdict_which_fails(
        self, checked: Checked
    ) -> None:
        (told,) = checked.examinations("damaged", "Ace by DAISY")
        assert told["verdict"] == "no verdict"
        assert "references.xhtml" in told["detail"]

    def test_an_image_without_alternative_is_found_by_its_rule(self, checked: Checked) -> None:
        told = checked.examinations("damaged", "axe-core")
        assert len(told) == 2  # wide and light, narrow and dark
        for look in told:
            assert "image-alt" in {finding["rule"] for finding in look["findings"]}


class TestTheWayBack:
    def test_a_finding_of_axe_leads_to_the_line_of_the_figure(self, checked: Checked) -> None:
        found = checked.findings("damaged", "axe-core").values()
        (finding,) = [f for f in found if f["rule"] == "image-alt"]
        assert finding["subject"] == "fig-drawing"
        assert finding["source"]["file"] == "paper.md"
        assert finding["source"]["line"] == LINES["fig-drawing"]

    def test_a_finding_of_nu_leads_to_the_line_of_the_citation(self, checked: Checked) -> None:
        found = checked.findings("damaged", "Nu Html Checker")
        (finding,) = [f for message, f in found.items() if "face" in message]
        assert finding["subject"] == "cite-1"
        assert finding["source"] == {"file": "paper.md", "line": LINES["cite-1"], "column": 36}

    def test_a_difference_of_the_collation_leads_to_the_line_of_the_citation(
        self, checked: Checked
    ) -> None:
        found = checked.findings("damaged", "Collation").values()
        (finding,) = [f for f in found if f["rule"] == "citation-differs"]
        assert finding["subject"] == "cite-1"
        assert finding["source"]["line"] == LINES["cite-1"]

    def test_an_id_that_stands_twice_is_no_guide_but_the_words_beside_it_are(
        self, checked: Checked
    ) -> None:
        finding = checked.findings("damaged", "Nu Html Checker")["Duplicate ID “sec-engines”."]
        assert finding["subject"] != "sec-engines"
        assert finding["source"]["line"] == LINES["cite-1"]


class TestSarif:
    def test_there_is_one_run_for_each_tool(self, checked: Checked) -> None:
        names = [run["tool"]["driver"]["name"] for run in checked.sarif["runs"]]
        assert sorted(names) == sorted(TOOLS)

    def test_the_log_has_what_the_standard_requires(self, checked: Checked) -> None:
        assert checked.sarif["version"] == "2.1.0"  # 3.13.2
        for run in checked.sarif["runs"]:
            driver = run["tool"]["driver"]  # 3.14.6, 3.18.2
            assert driver["name"]  # 3.19.8
            ids = [rule["id"] for rule in driver["rules"]]  # 3.49.3
            assert len(ids) == len(set(ids))  # 3.19.23
            assert run["columnKind"] in ("utf16CodeUnits", "unicodeCodePoints")  # 3.14.17
            for invocation in run["invocations"]:
                assert isinstance(invocation["executionSuccessful"], bool)  # 3.20.14
                for notification in invocation["toolExecutionNotifications"]:  # 3.20.21
                    assert notification["message"]["text"]  # 3.58.5
            for result in run.get("results", []):
                assert result["message"]["text"]  # 3.27.11, 3.11.8
                assert result["level"] in ("none", "note", "warning", "error")  # 3.27.10
                assert ids[result["ruleIndex"]] == result["ruleId"]  # 3.27.5, 3.27.6
                assert len(result["locations"]) == 1  # 3.27.12
                for location in [*result["locations"], *result.get("relatedLocations", [])]:
                    self._is_a_location(location)

    @staticmethod
    def _is_a_location(location: dict[str, Any]) -> None:
        physical = location["physicalLocation"]  # 3.28.3
        uri = physical["artifactLocation"]["uri"]  # 3.29.3, 3.4.3
        assert re.fullmatch(r"[A-Za-z0-9/._~%-]+", uri), uri  # RFC 3986, path-noscheme
        if region := physical.get("region"):  # 3.29.4
            assert region["startLine"] >= 1  # 3.30.5
            assert region.get("startColumn", 1) >= 1  # 3.30.6

    def test_the_source_comes_first_and_the_finished_file_is_related(
        self, checked: Checked
    ) -> None:
        results = checked.run("axe-core")["results"]
        result = next(r for r in results if r["ruleId"] == "image-alt")
        source = result["locations"][0]["physicalLocation"]
        assert source["artifactLocation"]["uri"] == "paper.md"
        assert source["region"]["startLine"] == LINES["fig-drawing"]
        related = result["relatedLocations"][0]["physicalLocation"]
        assert related["artifactLocation"]["uri"] == "damaged/paper.html"

    def test_without_a_line_of_the_source_the_finished_file_is_the_place(
        self, checked: Checked
    ) -> None:
        results = checked.run("EPUBCheck")["results"]
        result = next(r for r in results if r["ruleId"] == "RSC-001")
        (location,) = result["locations"]
        uri = location["physicalLocation"]["artifactLocation"]["uri"]
        assert uri == "damaged/paper.epub"
        assert location["logicalLocations"][0]["fullyQualifiedName"] == "EPUB/references.xhtml"

    def test_a_tool_without_a_verdict_on_a_file_ran_without_success(self, checked: Checked) -> None:
        (invocation,) = checked.run("Ace by DAISY")["invocations"]
        assert invocation["executionSuccessful"] is False
        assert "references.xhtml" in str(invocation["toolExecutionNotifications"])

    def test_fingerprints_tell_results_apart(self, checked: Checked) -> None:
        results = checked.run("Nu Html Checker")["results"]
        prints = [result["partialFingerprints"]["triptych/v1"] for result in results]
        assert len(set(prints)) == len({(r["message"]["text"], str(r)) for r in results})


class TestTheCommand:
    ALONE: ClassVar = {"PATH": "/nonexistent", "TRIPTYCH_CHROMIUM": "/nonexistent"}
    """Surroundings in which there is neither Java nor a browser."""

    def test_the_first_line_is_the_verdict_and_a_table_follows(self, finished: Path) -> None:
        done = triptych("check", "sound/paper.pdf", cwd=finished)
        first, _, heading, *rows = done.stdout.splitlines()
        assert done.returncode == 0, done.stderr
        assert first == f"Fit to ship: 1 finished file passed all {1 + len(OF_THE_PDF)} tools."
        assert heading.split()[:3] == ["File", "Tool", "Version"]
        assert any("veraPDF" in row and "PDF/UA-1" in row and "passed" in row for row in rows)
        assert "Asking veraPDF" in done.stderr

    def test_a_validator_that_is_not_installed_is_said_plainly(self, finished: Path) -> None:
        done = triptych("check", "sound", cwd=finished, env=self.ALONE)
        assert done.returncode == 0, done.stdout
        assert done.stdout.startswith("Fit to ship as far as checked: ")
        assert done.stdout.count("not available") == len(PROGRAMS)
        assert "Not checked by veraPDF: Java, for veraPDF (java) is missing." in done.stdout
        assert "Install a Java development kit" in done.stdout

    def test_a_build_server_may_require_every_validator(self, finished: Path) -> None:
        done = triptych("check", "sound", "--require-all", "--quiet", cwd=finished, env=self.ALONE)
        assert done.returncode == 3
        assert done.stdout.startswith("Not fit to ship: no verdict from Ace by DAISY, ")

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["nowhere"], "there is no file or folder nowhere"),
            (["."], "no edition manifest (NAME.edition.json) in ."),
            (["paper.md"], "paper.md is none of the files an edition has"),
            (["sound", "--source", "gone.md"], "the source cannot be read: gone.md"),
            (["--strict"], "unrecognized arguments"),
        ],
    )
    def test_wrong_words_exit_with_2(self, finished: Path, words: list[str], told: str) -> None:
        done = triptych("check", *words, cwd=finished, env=self.ALONE)
        assert done.returncode == 2
        assert told in done.stderr

    def test_a_file_the_manifest_names_but_nobody_finds_fails(
        self, finished: Path, tmp_path: Path
    ) -> None:
        shutil.copy(finished / "sound" / "paper.edition.json", tmp_path)
        told = check([tmp_path])
        silent = {(e.tool, e.file.name) for e in told.examinations if e.opinion == "no verdict"}
        assert {("veraPDF", "paper.pdf"), ("Ace by DAISY", "paper.epub")} <= silent
        assert not told.passed

    def test_help_shows_examples_and_exit_codes(self, tmp_path: Path) -> None:
        done = triptych("check", "--help", cwd=tmp_path)
        assert "triptych check --require-all --sarif check.sarif" in done.stdout
        assert "exit codes:" in done.stdout


class TestOrigins:
    def trace(self, desk: Desk, body: str, front: str = "", csl: str | None = None) -> Trace:
        ledger = desk.edition(body, front, csl).ledger
        source = read_source(desk.folder / "paper.md", csl)
        return Trace(ledger, provenance(source, dict(source.digests)))

    def line(self, origin: Origin | None) -> int | None:
        """The line, counted from the first of the body."""
        return None if origin is None else origin.line - 6

    def test_the_nth_citation_of_a_work_is_its_nth_in_the_article(self, desk: Desk) -> None:
        trace = self.trace(desk, "One [@lovelace1843].\n\nTwo [@babbage1864; @lovelace1843].\n")
        assert self.line(trace.subject("cite-1")) == 1
        assert self.line(trace.subject("cite-2")) == 3

    def test_a_citation_in_a_note_counts_where_the_note_is_called(self, desk: Desk) -> None:
        body = "A[^a] word.\n\nThen [@lovelace1843].\n\n[^a]: See [@lovelace1843, p. 2].\n"
        trace = self.trace(desk, body)
        assert self.line(trace.subject("cite-1")) == 5
        assert self.line(trace.subject("cite-2")) == 3

    def test_there_is_no_line_where_print_and_article_count_differently(self, desk: Desk) -> None:
        body = "A[^a] word[^a].\n\nThen [@lovelace1843].\n\n[^a]: See [@lovelace1843].\n"
        assert self.trace(desk, body).subject("cite-1") is None

    def test_an_address_of_code_is_no_citation(self, desk: Desk) -> None:
        trace = self.trace(desk, "Write `[@lovelace1843]`.\n\nSo [@lovelace1843].\n")
        assert self.line(trace.subject("cite-1")) == 3

    def test_an_entry_leads_into_the_bibliography(self, desk: Desk) -> None:
        origin = self.trace(desk, "So [@babbage1864].\n").subject("ref-babbage1864")
        assert origin is not None
        assert (Path(origin.file).name, origin.line) == ("refs.json", 4)

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("refs.bib", "\n@book{lee, author = {Lee, Ann}, title = {Roads}, year = 2001}\n"),
            ("refs.yaml", "---\nreferences:\n- id: lee\n  type: book\n  title: Roads\n...\n"),
            ("refs.ris", "TY  - BOOK\nID  - lee\nTI  - Roads\nPY  - 2001\nER  - \n"),
        ],
    )
    def test_an_entry_is_found_in_every_kind_of_bibliography(
        self, desk: Desk, name: str, text: str
    ) -> None:
        desk.put(name, text)
        desk.paper("So [@lee].\n", bibliography=name)
        source = read_source(desk.folder / "paper.md")
        ledger = build(desk.folder / "paper.md", out=desk.folder / "out", formats=["html"])
        trace = Trace(ledger.edition.ledger, provenance(source, dict(source.digests)))
        origin = trace.subject("ref-lee")
        assert origin is not None
        assert "lee" in text.splitlines()[origin.line - 1]

    def test_a_note_and_its_mark_lead_to_the_mark(self, desk: Desk) -> None:
        trace = self.trace(desk, "One.[^b]\n\nTwo.^[At once.]\n\n[^b]: Later.\n")
        assert self.line(trace.subject("note-1")) == 1
        assert self.line(trace.subject("noteref-2")) == 3

    def test_sections_figures_and_tables_lead_to_where_they_are_named(self, desk: Desk) -> None:
        body = (
            "# First {#sec:first}\n\n![A triangle of some size](a.svg)\n\n"
            "# Of *two* things\n\nA word.\n\n| A |\n|---|\n| 1 |\n\n: Numbers {#tbl:n}\n"
        )
        trace = self.trace(desk, body)
        assert self.line(trace.subject("sec-first")) == 1
        assert self.line(trace.subject("figure-1")) == 3
        assert self.line(trace.subject("of-two-things")) == 5
        assert self.line(trace.subject("tbl-n")) == 13

    def test_words_lead_to_a_line_only_if_they_stand_once(self, desk: Desk) -> None:
        trace = self.trace(
            desk, "Many words say this much.\n\nOnce more, and\nonce more, and done.\n"
        )
        assert self.line(trace.words("“Many words say this much.”")) == 1
        assert self.line(trace.words("more, and once more, and done")) == 3
        assert trace.words("Nobody ever wrote these words") is None
        assert trace.words("once more") is None

    def test_a_file_that_has_changed_since_gives_no_line(self, desk: Desk) -> None:
        ledger = desk.edition("So [@babbage1864].\n").ledger
        built = dict(read_source(desk.folder / "paper.md").digests)
        desk.paper("More.\n\nSo [@babbage1864].\n")
        origin = provenance(read_source(desk.folder / "paper.md"), built)
        trace = Trace(ledger, origin)
        assert [Path(name).name for name in origin.changed] == ["paper.md"]
        assert trace.subject("cite-1") is None
        assert trace.subject("ref-babbage1864") is not None

    def test_the_check_says_that_the_source_has_changed(
        self, finished: Path, tmp_path: Path, told_twice: Check
    ) -> None:
        for name in ("refs.json", "a.svg"):
            shutil.copy(finished / name, tmp_path)
        paper = (finished / "paper.md").read_text("utf-8")
        (tmp_path / "paper.md").write_text(paper + "\nAnd more.\n", "utf-8")
        shutil.copy(finished / "sound" / "paper.edition.json", tmp_path)
        told = check([tmp_path], source=tmp_path / "paper.md")
        assert told_twice.notes == ()
        assert told.notes[0].startswith("the source has changed since paper was built")


class TestPlaces:
    PAGE = """<!DOCTYPE html>
<html lang="en"><body><main id="text">
<p id="one">A <b>word</b> <br> more</p><p>Last<img src="a.png"></p>
</main></body></html>
"""

    @pytest.fixture
    def page(self, tmp_path: Path) -> Path:
        path = tmp_path / "a.html"
        path.write_text(self.PAGE, "utf-8")
        return path

    @pytest.mark.parametrize(
        ("location", "expected"),
        [
            (Location(line=3, column=1), Surroundings(("one", "text"), True, "A word more")),
            (Location(line=3, column=16), Surroundings(("one", "text"), False, "A word more")),
            (Location(line=3, column=42), Surroundings(("text",), False, "Last")),
            (Location(selector="#one > b"), Surroundings(("one", "text"), False, "A word more")),
            (Location(selector="img"), Surroundings(("text",), False, "Last")),
            (Location(selector="p"), Surroundings()),  # there are two
            (Location(selector="p::::"), Surroundings()),
            (Location(line=9, column=1), Surroundings()),
            (Location(name="a place in words"), Surroundings()),
        ],
    )
    def test_a_place_is_known_by_what_encloses_it(
        self, page: Path, location: Location, expected: Surroundings
    ) -> None:
        assert surroundings(page, location) == expected

    @pytest.mark.parametrize(
        "location",
        [
            Location("EPUB/a.xhtml", line=3, column=16, others=2),
            Location("a.xhtml", selector="#one > b"),
        ],
    )
    def test_a_place_in_a_book_is_named_by_its_page_first(
        self, tmp_path: Path, location: Location
    ) -> None:
        path = tmp_path / "a.epub"
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("EPUB/a.xhtml", self.PAGE)
        assert surroundings(path, location).ids == ("one", "text")

    @pytest.mark.parametrize(
        ("location", "words"),
        [
            (Location(), ""),
            (Location(line=3), "3"),
            (Location(line=3, column=16), "3:16"),
            (Location("EPUB/a.xhtml", 3, 16, others=2), "EPUB/a.xhtml:3:16 and 2 more"),
            (Location("a.xhtml", selector="#one > b"), "a.xhtml #one > b"),
            (Location(name="page 7, 72 310 pt"), "page 7, 72 310 pt"),
        ],
    )
    def test_a_place_is_shown_in_words(self, location: Location, words: str) -> None:
        assert str(location) == words


def test_files_are_checked_once_however_often_they_are_named(told_twice: Check) -> None:
    told = [(e.tool, e.standard, e.file.name) for e in told_twice.examinations]
    assert told == [
        ("Collation", "the edition manifest", "paper.pdf"),
        *(
            (tool, said, "paper.pdf")
            for tool, standards in OF_THE_PDF.items()
            for said in standards
        ),
    ]


def test_a_manifest_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "paper.edition.json").write_text("{}")
    with pytest.raises(UsageError, match="is not an edition manifest"):
        check([tmp_path])


def test_a_passed_check_is_one_without_a_failed_or_missing_verdict(told_twice: Check) -> None:
    first, *others = told_twice.examinations
    assert told_twice.passed
    silent = replace(told_twice, examinations=(replace(first, opinion="no verdict"), *others))
    assert not silent.passed
    missing = replace(told_twice, examinations=(replace(first, opinion="not available"), *others))
    assert missing.passed
    assert not replace(missing, require_all=True).passed
