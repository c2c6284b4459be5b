"""Comparing builds: what differs is shown where it stands, however deep it is packed."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from conftest import REFERENCES, Desk
from hypothesis import given
from hypothesis import strategies as st

from triptych import press
from triptych.cli import main
from triptych.compare import Unlike, as_text, compare, compare_bytes


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two builds of a paper, one word changed between them."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.put("refs.json", REFERENCES)
    for name, word in (("old", "sums"), ("new", "tables")):
        paper = desk.paper(f"The {word} of engines [@lovelace1843].\n\n{'All is well. ' * 40}\n")
        press.build(paper, out=desk.folder / name)
    return desk.folder / "old", desk.folder / "new"


def changed(differences: list[Unlike], *place: str) -> str:
    """What is shown of one place."""
    (found,) = (one for one in differences if one.place == place)
    return "\n".join(found.lines)


def test_a_folder_is_the_same_as_itself(made: tuple[Path, Path]) -> None:
    assert compare(made[0], made[0]) == []


def test_a_changed_word_is_shown_in_each_format_in_its_place(made: tuple[Path, Path]) -> None:
    differences = compare(*made)
    assert "The sums of engines" in changed(differences, "paper.html")
    assert "sums" in changed(differences, "paper.epub", "EPUB/text-1.xhtml")
    assert '"plain": "The tables' in changed(differences, "paper.edition.json")
    pages = [one.lines for one in differences if one.place[0] == "paper.pdf"]
    assert any(line.endswith((" Tj", " TJ")) for lines in pages for line in lines)


def test_what_did_not_change_is_not_shown(made: tuple[Path, Path]) -> None:
    differences = compare(*made)
    assert "style.css" not in as_text(differences)
    shown = changed(differences, "paper.epub", "EPUB/text-1.xhtml").splitlines()
    assert [line for line in shown if line[0] in "+-" and "All is well" in line] == []


def test_a_file_that_only_one_folder_has_is_named(made: tuple[Path, Path], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(made[0], tmp_path / "copy"))
    (copy / "paper.pdf").unlink()
    (copy / "more.txt").write_text("more")
    assert as_text(compare(made[0], copy)).splitlines() == [
        "├── paper.pdf",
        "│   - only in the old",
        "├── more.txt",
        "│   + only in the new",
    ]


def archive(entry: Callable[[zipfile.ZipInfo], None], text: str = "words\n") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        info = zipfile.ZipInfo("inner.txt", (1980, 1, 1, 0, 0, 0))
        entry(info)
        file.writestr(info, text)
    return out.getvalue()


def test_the_time_of_an_entry_in_an_archive_is_shown() -> None:
    def later(info: zipfile.ZipInfo) -> None:
        info.date_time = (2026, 1, 2, 3, 4, 6)

    (found,) = compare_bytes("a.epub", archive(lambda _: None), archive(later))
    assert found.place == ("a.epub", "(list of entries)")
    assert "+inner.txt  2026-1-2-3-4-6  method 0  attributes 1800000" in found.lines


def test_an_archive_within_an_archive_is_opened() -> None:
    def outer(text: str) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as file:
            file.writestr(zipfile.ZipInfo("book.epub"), archive(lambda _: None, text))
        return out.getvalue()

    (found,) = compare_bytes("bag.zip", outer("one\n"), outer("two\n"))
    assert found.place == ("bag.zip", "book.epub", "inner.txt")
    assert found.lines == ("@@ -1 +1 @@", "-one", "+two")


def test_a_date_in_a_pdf_is_shown_by_its_key() -> None:
    def dated(date: str) -> bytes:
        out = io.BytesIO()
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.docinfo.CreationDate = pikepdf.String(date)
            pdf.save(out, static_id=True)
        return out.getvalue()

    (found,) = compare_bytes("a.pdf", dated("D:2000"), dated("D:2001"))
    assert found.place[0] == "a.pdf"
    assert "+/CreationDate (D:2001)" in "\n".join(found.lines).replace(" >>", "")


def test_bytes_that_are_no_text_are_shown_in_rows() -> None:
    (found,) = compare_bytes("a.png", bytes(64), bytes(40) + b"\x01" + bytes(23))
    assert [line for line in found.lines if line[0] in "+-"] == [
        "-00000020: 0000 0000 0000 0000 0000 0000 0000 0000  ................",
        "+00000020: 0000 0000 0000 0000 0100 0000 0000 0000  ................",
    ]


def test_what_is_broken_is_compared_as_bytes() -> None:
    for head in (b"PK\x03\x04", b"%PDF-1.7\n"):
        (found,) = compare_bytes("x", head + b"\0one", head + b"\0two")
        assert found.place == ("x",)


@given(old=st.binary(max_size=80), new=st.binary(max_size=80))
def test_two_files_are_told_apart_exactly_when_their_bytes_differ(old: bytes, new: bytes) -> None:
    found = list(compare_bytes("x", old, new))
    assert bool(found) is (old != new)
    assert all(one.lines for one in found)


def test_the_command_tells_same_from_different(
    made: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(made[0]), str(made[0])]) == 0
    assert "byte for byte" in capsys.readouterr().out
    assert main(["compare", *map(str, made)]) == 3
    assert "├── paper.epub\n│   ├── EPUB/text-1.xhtml\n" in capsys.readouterr().out
    assert main(["compare", *map(str, made), "--json"]) == 3
    assert not json.loads(capsys.readouterr().out)["same"]


def test_what_is_not_there_cannot_be_compared(
    made: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", str(made[0]), "nowhere"]) == 2
    assert main(["compare", str(made[0]), str(made[0] / "paper.pdf")]) == 2
    assert "one of" in capsys.readouterr().err


def test_a_terminal_without_unicode_is_shown_escapes(made: tuple[Path, Path]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "triptych.cli", "compare", *map(str, made)],
        env={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert done.stdout.startswith("\\u251c\\u2500\\u2500 paper.edition.json\n")
    assert done.stderr == ""


def test_a_reader_that_has_read_enough_ends_the_command_quietly(made: tuple[Path, Path]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "triptych.cli", "compare", *map(str, made)],
        stdout=writing,
        stderr=subprocess.PIPE,
    )
    os.close(writing)
    assert done.returncode == 141
    assert done.stderr == b""
