"""The official suites of BagIt and OCFL, run as they are (see suites/README.md)."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from triptych.deposit.places import open_store
from triptych.deposit.verify import StoreReport, verify
from triptych.diagnostics import UsageError

SUITES = Path(__file__).parent / "suites"
FIXTURES = "TRIPTYCH_OCFL_FIXTURES"


def found_in(folder: Path) -> StoreReport:
    return verify(open_store(str(folder)))


def unpacked(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


# --- BagIt ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bags(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked(SUITES / "bagit-conformance-suite.tar.gz", tmp_path_factory.mktemp("bags"))


def bags_of(bags: Path, kind: str) -> list[Path]:
    return sorted(path for path in bags.glob(f"v*/{kind}/*") if path.is_dir())


def test_every_valid_bag_is_accepted(bags: Path) -> None:
    every = bags_of(bags, "valid")
    assert len(every) == 13
    assert {bag.name: found_in(bag).faults for bag in every if not found_in(bag).passed} == {}


@pytest.mark.parametrize(
    ("kind", "count"), [("invalid", 15), ("linux-only", 6), ("windows-only", 6)]
)
def test_every_invalid_bag_is_refused(kind: str, count: int, bags: Path) -> None:
    """Paths that lead out of a bag on any system are refused on every system."""
    every = bags_of(bags, kind)
    assert len(every) == count
    assert [bag.name for bag in every if found_in(bag).passed] == []


def test_every_bag_that_others_may_take_amiss_is_accepted_and_told_of(bags: Path) -> None:
    every = bags_of(bags, "warning")
    assert len(every) == 6
    assert [bag.name for bag in every if found_in(bag).faults or not found_in(bag).notes] == []


# --- OCFL -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """The folder `1.1` of the OCFL fixtures, if they are laid out."""
    named = Path(os.environ.get(FIXTURES, SUITES / "ocfl-fixtures-1.1.tar.gz"))
    if named.is_file():
        named = unpacked(named, tmp_path_factory.mktemp("fixtures"))
    if (named / "1.1").is_dir():
        return named / "1.1"
    warnings.warn(
        f"THE OCFL FIXTURES DID NOT RUN: set {FIXTURES} (see tests/suites/README.md)", stacklevel=1
    )
    return None


def objects(fixtures: Path | None, kind: str, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Each object by itself, then in a storage root of its own."""
    if fixtures is None:
        return
    every = sorted((fixtures / f"{kind}-objects").iterdir())
    assert len(every) >= 12
    for path in every:
        yield path.name, path
        root = tmp_path / path.name
        shutil.copytree(path, root / "a" / "b" / path.name)
        (root / "0=ocfl_1.1").write_text("ocfl_1.1\n")
        yield path.name, root


def test_every_good_object_is_accepted(fixtures: Path | None, tmp_path: Path) -> None:
    for name, path in objects(fixtures, "good", tmp_path):
        found = found_in(path)
        assert (found.faults, found.notes) == ((), ()), name


def test_every_object_with_a_warning_is_accepted_and_its_code_told(
    fixtures: Path | None, tmp_path: Path
) -> None:
    for name, path in objects(fixtures, "warn", tmp_path):
        found = found_in(path)
        assert found.faults == (), name
        assert set(re.findall("W[0-9]{3}", name)) <= set(re.findall("W[0-9]{3}", str(found.notes)))


def test_every_bad_object_is_refused_by_its_codes(fixtures: Path | None, tmp_path: Path) -> None:
    for name, path in objects(fixtures, "bad", tmp_path):
        try:
            told = "\n".join(map(str, found_in(path).faults))
        except UsageError as error:  # an empty folder is no store, no object and no bag
            told = str(error)
        assert set(re.findall("E[0-9]{3}", name)) <= set(re.findall("E[0-9]{3}", told)), name
