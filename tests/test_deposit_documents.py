"""The documents in a package: each holds what it must, judged by others' schemas and validators."""

from __future__ import annotations

import importlib.resources
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import requests
import urllib3
from conftest import DRAWING, REFERENCES, Desk
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from lxml import etree
from requests_cache import CachedSession
from rocrate.rocrate import ROCrate
from rocrate_validator.models import Severity, ValidationSettings
from rocrate_validator.services import validate

from triptych import press
from triptych.deposit.crate import METADATA, crate
from triptych.deposit.package import Package, part
from triptych.deposit.provenance import Agent, Event, provenance
from triptych.deposit.readme import README, readme
from triptych.deposit.sbom import SBOM, sbom
from triptych.deposit.toolchain import toolchain
from triptych.design import styles_folder
from triptych.formats import FORMATS
from triptych.manifest import read_manifest
from triptych.pandoc_binary import pandoc_path

FRONT = """\
author:
  - name: Ada Lovelace
    orcid: 0000-0002-1825-0097
    affiliation: The Analytical Society
  - name: Σοφία Κοβαλέφσκαγια
    affiliation: The Analytical Society
editor: Charles Babbage
date: 1843-09-01
license: https://creativecommons.org/licenses/by/4.0/
publisher: Quay Press
"""
PREMIS = "{http://www.loc.gov/premis/v3}"
TRIPTYCH = Agent("Triptych", version=version("triptych"))
EVENTS = (
    Event("creation", "1843-09-01", "The editions were made", "success", (TRIPTYCH,)),
    Event(
        "validation", "2026-01-02T03:04:05Z", "The web edition was held against HTML", "warning",
        (Agent("Nu Html Checker", version="26"),), "0 errors, 2 warnings", ("editions/paper.html",),
    ),
    Event(
        "ingestion", "2026-01-02T03:04:06Z", "Version 1 was taken into the store", "success",
        (TRIPTYCH, Agent("The Library", "organization")),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """A small work, its web edition, and what belongs to it."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.put("refs.json", REFERENCES)
    desk.put("a drawing.svg", DRAWING)
    paper = desk.paper("![A square](a%20drawing.svg){alt='Black'} [@lovelace1843]\n", FRONT)
    made = press.build(paper, out=desk.folder / "dist", formats=["html"])
    page, written = (path.read_bytes() for path in sorted(made.files)[::-1])
    manifest = read_manifest(written)
    parts = {
        **{
            f"source/{name}": part(name, (desk.folder / name).read_bytes(), "source")
            for name in manifest.source
            if (desk.folder / name).is_file()
        },
        "editions/paper.html": part("paper.html", page, "edition"),
        "editions/paper.edition.json": part("paper.edition.json", written, "manifest"),
        "editions/paper.edition.json.sig": part("x.sig", b"signature", "manifest"),
        **{
            f"design/{name}": part(name, (styles_folder() / name).read_bytes(), "design")
            for name in manifest.design or ()
        },
    }
    bill = sbom(Package(manifest, parts), toolchain())
    return Package(manifest, {**parts, SBOM: part(SBOM, bill, "document")})


# --- The bill of materials -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def bill(package: Package) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(package.parts[SBOM].data)
    return value


@pytest.fixture(scope="module")
def listed(bill: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {component["bom-ref"]: component for component in bill["components"]}


def test_the_bill_is_valid_cyclonedx_1_6(package: Package) -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(
        package.parts[SBOM].data.decode()
    ) is None  # fmt: skip


def test_the_bill_names_pandoc_by_version_and_digest(listed: dict[str, dict[str, Any]]) -> None:
    said = subprocess.run([pandoc_path(), "--version"], capture_output=True, text=True, check=True)
    assert said.stdout.split()[1] == listed["pandoc"]["version"]
    digest = sha256(pandoc_path().read_bytes()).hexdigest()
    assert listed["pandoc"]["hashes"] == [{"alg": "SHA-256", "content": digest}]


def test_the_bill_has_every_package_that_making_editions_needs_and_none_of_the_tests(
    listed: dict[str, dict[str, Any]],
) -> None:
    packages = {item["name"] for ref, item in listed.items() if ref.startswith("pkg:pypi/")}
    assert {"triptych", "weasyprint", "pypandoc-binary", "fonttools", "brotli"} <= packages
    assert not {"pytest", "hypothesis", "boto3", "playwright"} & packages
    for name in packages:
        assert f"pkg:pypi/{name}@{version(name)}" in listed


@pytest.mark.parametrize("name", ["libpango-1.0", "libharfbuzz", "libfontconfig"])
def test_the_bill_names_the_typesetters_own_libraries(
    name: str, listed: dict[str, dict[str, Any]]
) -> None:
    (library,) = (item for item in listed.values() if item["name"] == name)
    assert library["version"][0].isdigit()
    assert len(library["hashes"][0]["content"]) == 64


def test_the_digest_of_a_package_is_that_of_what_sha256sum_says_of_its_files(
    listed: dict[str, dict[str, Any]],
) -> None:
    from importlib.metadata import distribution

    found = distribution("pydyf")
    folder = Path(str(found.locate_file("")))
    names = sorted(
        str(file)
        for file in found.files or ()
        if file.suffix != ".pyc" and file.name not in ("INSTALLER", "RECORD", "REQUESTED")
    )
    said = subprocess.run(["sha256sum", *names], cwd=folder, capture_output=True, check=True)
    told = {p["name"]: p["value"] for p in listed[f"pkg:pypi/pydyf@{found.version}"]["properties"]}
    assert told["triptych:files:sha256"] == sha256(said.stdout).hexdigest()
    assert told["triptych:files:count"] == str(len(names))


def test_the_bill_has_typefaces_and_styles_with_their_digests(
    package: Package, listed: dict[str, dict[str, Any]]
) -> None:
    design = {path: p for path, p in package.parts.items() if p.kind == "design"}
    assert any(path.endswith(".woff2") for path in design)
    for path, held in design.items():
        digest = sha256(held.data).hexdigest()
        assert listed[f"file:{path}"]["hashes"][0]["content"] == digest


def test_everything_in_the_bill_is_needed_by_something_in_it(bill: dict[str, Any]) -> None:
    refs = {component["bom-ref"] for component in bill["components"]}
    needed = {ref for item in bill["dependencies"] for ref in item["dependsOn"]}
    assert needed == refs


def test_the_same_tools_make_the_same_bill(package: Package) -> None:
    elsewhere = subprocess.run(
        [
            sys.executable,
            "-c",
            "from triptych.deposit.toolchain import toolchain; print(toolchain())",
        ],
        env={"PATH": os.defpath, "PYTHONHASHSEED": "4711", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert elsewhere.stdout == f"{toolchain()}\n"
    assert sbom(package, toolchain()) == sbom(package, reversed(toolchain()))


# --- Provenance ----------------------------------------------------------------------------------


def test_provenance_is_valid_premis_3(package: Package) -> None:
    schema = etree.XMLSchema(file=str(Path(__file__).parent / "schemas" / "premis-v3-0.xsd"))
    schema.assertValid(etree.fromstring(provenance(package, EVENTS)))


def test_provenance_has_each_file_with_its_size_and_digest(package: Package) -> None:
    root = etree.fromstring(provenance(package, EVENTS))
    told = {
        item.findtext(f"{PREMIS}originalName"): (
            item.findtext(f".//{PREMIS}messageDigest"), item.findtext(f".//{PREMIS}size"),
        )
        for item in root.findall(f"{PREMIS}object")
        if item.find(f"{PREMIS}objectCharacteristics") is not None
    }  # fmt: skip
    assert told == {
        path: (sha256(held.data).hexdigest(), str(len(held.data)))
        for path, held in package.parts.items()
    }


def test_provenance_tells_the_program_that_made_what_is_finished(package: Package) -> None:
    root = etree.fromstring(provenance(package, EVENTS))
    made = {
        item.findtext(f"{PREMIS}originalName")
        for item in root.findall(f"{PREMIS}object")
        if item.findtext(f".//{PREMIS}creatingApplicationVersion") == version("triptych")
    }
    assert made == {"editions/paper.html", "editions/paper.edition.json"}


def test_provenance_tells_what_happened_when_by_whom_to_what_and_with_what_outcome(
    package: Package,
) -> None:
    root = etree.fromstring(provenance(package, EVENTS))
    told = root.findall(f"{PREMIS}event")[1]
    values = {str(etree.QName(e).localname): (e.text or "").strip() for e in told.iter()}
    assert values["eventType"] == "validation"
    assert values["eventDateTime"] == "2026-01-02T03:04:05Z"
    assert values["eventOutcome"] == "warning"
    assert values["eventOutcomeDetailNote"] == "0 errors, 2 warnings"
    assert values["linkingAgentIdentifierValue"] == "Nu Html Checker 26"
    assert values["linkingObjectIdentifierValue"].endswith("#editions/paper.html")


def test_whoever_and_whatever_an_event_names_stands_in_the_provenance(package: Package) -> None:
    root = etree.fromstring(provenance(package, EVENTS))
    for what in ("agent", "object"):
        known = {e.text for e in root.iter(f"{PREMIS}{what}IdentifierValue")}
        linked = [e.text for e in root.iter(f"{PREMIS}linking{what.title()}IdentifierValue")]
        assert linked
        assert set(linked) <= known


def test_an_event_keeps_its_identifier_when_more_are_told(package: Package) -> None:
    def ids(events: tuple[Event, ...]) -> list[str | None]:
        root = etree.fromstring(provenance(package, events))
        return [e.text for e in root.iter(f"{PREMIS}eventIdentifierValue")]

    assert ids(EVENTS)[:2] == ids(EVENTS[:2])
    assert len(set(ids(EVENTS))) == len(EVENTS)


def test_an_event_on_what_is_not_held_is_refused(package: Package) -> None:
    stray = Event("fixity check", "2026", "Looked", "success", (TRIPTYCH,), paths=("gone.pdf",))
    with pytest.raises(ValueError, match=r"gone\.pdf"):
        provenance(package, (stray,))


# --- RO-Crate ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def crated(package: Package, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package's parts in a folder, with the crate's metadata."""
    folder = tmp_path_factory.mktemp("crate")
    for path, held in package.parts.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(held.data)
    (folder / METADATA).write_bytes(crate(package, "2026-01-02"))
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The validator's cache, filled with RO-Crate's own JSON-LD context, for want of a network."""
    path = tmp_path_factory.mktemp("cache") / "http"
    words = (importlib.resources.files("rocrate") / "data" / "ro-crate.jsonld").read_bytes()
    with CachedSession(str(path), backend="sqlite") as session:
        for accepted in (
            "application/ld+json, application/json, */*;q=0.1",
            "application/ld+json, application/json",
        ):
            request = requests.Request(
                "GET", "https://w3id.org/ro/crate/1.3/context", headers={"Accept": accepted}
            )
            prepared = session.prepare_request(request)
            response = requests.Response()
            response.status_code, response.url = 200, str(prepared.url)
            response.request = prepared
            response.headers["Content-Type"] = "application/ld+json"
            response.raw = urllib3.HTTPResponse(io.BytesIO(words), preload_content=False)
            session.cache.save_response(response, session.cache.create_key(prepared))
    return path


def findings(folder: Path, cache: Path) -> Iterator[str]:
    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.3",
        requirement_severity=Severity.RECOMMENDED,
        offline=True,
        cache_path=cache,
    )
    for issue in validate(settings).get_issues():
        yield f"{issue.severity.name}: {issue.message}"


def test_the_crate_is_a_valid_ro_crate_1_3_and_lacks_only_what_no_record_tells_of_people(
    crated: Path, cache: Path
) -> None:
    unknown = ("affiliation", "ORCID", "ROR", "contactPoint", "organization SHOULD have a URL")
    found = [told for told in findings(crated, cache) if not any(w in told for w in unknown)]
    assert found == []


def test_the_crate_is_read_back_by_another_library(crated: Path, package: Package) -> None:
    read = ROCrate(crated)
    assert read.name == "Engines"
    assert str(read.datePublished).startswith("1843-09-01")
    assert {unquote(entity.id) for entity in read.data_entities} == set(package.parts)
    people = read.root_dataset["author"]
    assert [person["name"] for person in people] == ["Ada Lovelace", "Σοφία Κοβαλέφσκαγια"]
    assert read.root_dataset["editor"]["name"] == "Charles Babbage"
    assert people[0]["affiliation"] == people[1]["affiliation"]
    assert people[0].id == "https://orcid.org/0000-0002-1825-0097"


def test_whatever_the_crate_names_is_described_once(package: Package) -> None:
    names = [e["@id"] for e in json.loads(crate(package, "2026-01-02"))["@graph"]]
    assert len(set(names)) == len(names)


def test_a_crate_of_an_undated_work_has_the_day_it_is_given(package: Package) -> None:
    record = replace(package.manifest.record, date="")
    undated = replace(package.manifest, record=record)
    told = json.loads(crate(Package(undated, package.parts), "2026-01-02"))
    (root,) = (entity for entity in told["@graph"] if entity["@id"] == "./")
    assert root["datePublished"] == "2026-01-02"


# --- README --------------------------------------------------------------------------------------


def test_the_readme_names_every_file_and_tells_what_happened(package: Package) -> None:
    text = readme(package, EVENTS)
    for path in package.parts:
        assert f"  data/{path}\n" in text
    assert "0 errors, 2 warnings" in text
    assert text.startswith("Engines\n=======\n\nAuthor: Ada Lovelace, The Analytical Society")


def test_every_format_of_an_edition_is_explained() -> None:
    assert all(form.title and form.opened.endswith(".") for form in FORMATS.values())


def test_the_readme_fits_a_terminal(package: Package) -> None:
    lines = readme(package, EVENTS).splitlines()
    assert max(len(line) for line in lines if "data/" not in line) <= 79


def test_the_readmes_command_names_the_file_that_has_changed(
    package: Package, tmp_path: Path
) -> None:
    lines = []
    for path, held in package.parts.items():
        target = tmp_path / "data" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(held.data)
        lines.append(f"{sha256(held.data).hexdigest()}  data/{path}\n")
    (tmp_path / "manifest-sha256.txt").write_text("".join(lines))
    (tmp_path / README).write_text(readme(package, EVENTS))
    (command,) = (
        line.strip()
        for line in (tmp_path / README).read_text().splitlines()
        if line.startswith("    sha256sum")
    )
    assert subprocess.run(command, shell=True, cwd=tmp_path).returncode == 0
    page = tmp_path / "data" / "editions" / "paper.html"
    page.write_bytes(page.read_bytes().replace(b"Engines", b"engines", 1))
    said = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert said.returncode == 1
    assert "data/editions/paper.html: FAILED" in said.stdout
