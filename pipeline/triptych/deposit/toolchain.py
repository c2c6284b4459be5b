"""The toolchain: everything installed here that is used to make editions, as components.

In: the environment this runs in. Out: `Component`s with versions and SHA-256s: the Python packages
and Python itself, pandoc, and the shared libraries that the typesetter loads.
"""

from __future__ import annotations

import ctypes
import functools
import json
import os
import platform
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import file_digest, sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal
from urllib.parse import quote

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from triptych.diagnostics import MachineError

_PYTHON = "python"
_PANDOC = "pandoc"
_OPENED_BY_WEASYPRINT = re.compile(
    r"lib(pango|pangoft2|gobject|harfbuzz|harfbuzz-subset|fontconfig)[-.\d]*\.so"
)
_NOT_CONTENT = {"INSTALLER", "RECORD", "REQUESTED", "direct_url.json"}
"""What an installer writes about the installation."""


@dataclass(frozen=True, slots=True)
class Component:
    """One thing that editions are made with.

    `sha256` is that of a file, in hex. A Python package has many: `files` says how many, and
    `files_sha256` is the SHA-256 of their list, with lines as `sha256sum` prints them, in the order
    of their paths. `needs` are the `ref`s of the components that it needs.
    """

    ref: str
    kind: Literal["application", "library", "file", "operating-system"]
    name: str
    version: str = ""
    sha256: str = ""
    files: int = 0
    files_sha256: str = ""
    purl: str = ""
    licence: str = ""
    media_type: str = ""
    needs: tuple[str, ...] = ()


@functools.cache
def toolchain() -> tuple[Component, ...]:
    """What makes editions here, each component once, in the order of their refs.

    Raises MachineError if something is missing.
    """
    libraries = tuple(_libraries())
    opened = [item.ref for item in libraries if _OPENED_BY_WEASYPRINT.match(item.ref)]
    found = [*_packages(opened), *libraries, _python(), _pandoc(), _system()]
    return tuple(sorted(found, key=lambda component: component.ref))


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


# --- Python --------------------------------------------------------------------------------------


def _packages(opened_by_weasyprint: list[str]) -> Iterator[Component]:
    """The package `triptych`, and those that it needs, directly or not."""
    seen: set[tuple[str, str]] = set()
    needs: dict[str, set[str]] = {}
    wanted = [("triptych", "")]
    while wanted:
        name, extra = wanted.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        known = needs.setdefault(name, set())
        for requirement in map(Requirement, _distribution(name).requires or ()):
            marker = requirement.marker
            if marker is None or marker.evaluate({"extra": extra}):
                needed = canonicalize_name(requirement.name)
                known.add(needed)
                wanted += [(needed, other) for other in ("", *requirement.extras)]
    for name, others in needs.items():
        refs = [_purl(_distribution(other)) for other in others]
        refs += {"triptych": [_PYTHON], "pypandoc-binary": [_PANDOC]}.get(name, [])
        refs += opened_by_weasyprint if name == "weasyprint" else []
        yield _package(_distribution(name), refs)


def _package(found: Distribution, needs: Iterable[str]) -> Component:
    listed = sorted(_own_files() if found.name == "triptych" else _files(found))
    lines = "".join(f"{digest_of(path)}  {name}\n" for name, path in listed)
    return Component(
        ref=_purl(found),
        kind="library",
        name=canonicalize_name(found.name),
        version=found.version,
        files=len(listed),
        files_sha256=sha256(lines.encode()).hexdigest(),
        purl=_purl(found),
        licence=_licence(found),
        needs=tuple(sorted(needs)),
    )


def _files(found: Distribution) -> Iterator[tuple[str, Path]]:
    """What a package installed, without scripts, which name the folder, and compiled files."""
    for file in found.files or ():
        path = Path(str(found.locate_file(file)))
        if ".." not in file.parts and file.suffix != ".pyc" and file.name not in _NOT_CONTENT:
            yield file.as_posix(), path


def _own_files() -> Iterator[tuple[str, Path]]:
    """Triptych's own files and those of the design, wherever it runs from."""
    from triptych.design import styles_folder

    package = Path(__file__).resolve().parents[1]
    for folder in (package, styles_folder()):
        for path in folder.rglob("*"):
            name = path.relative_to(folder.parent)
            if folder == package and name.parts[1] == "styles":
                continue  # the design lies in the package where that is installed
            if path.is_file() and not any(p.startswith((".", "__pycache__")) for p in name.parts):
                yield name.as_posix(), path


def _distribution(name: str) -> Distribution:
    try:
        return distribution(name)
    except PackageNotFoundError:
        raise MachineError(f"the Python package {name} is missing: install it") from None


def _purl(found: Distribution) -> str:
    return f"pkg:pypi/{canonicalize_name(found.name)}@{quote(found.version)}"


def _licence(found: Distribution) -> str:
    """An SPDX expression (PEP 639), or what the package says in its own words."""
    told: dict[str, str] = {
        name: (found.metadata.get_all(name) or [""])[0]
        for name in ("License-Expression", "License")
    }
    for words in told.values():
        if words and "\n" not in words and len(words) < 80:
            return words
    classes: list[str] = found.metadata.get_all("Classifier") or []
    return next((name.split(" :: ")[-1] for name in classes if name.startswith("License ::")), "")


def _python() -> Component:
    return Component(
        ref=_PYTHON,
        kind="application",
        name=platform.python_implementation(),
        version=platform.python_version(),
        sha256=digest_of(Path(sys.executable).resolve()),
        purl=f"pkg:generic/python@{platform.python_version()}",
        licence="Python-2.0.1",
    )


def _pandoc() -> Component:
    from triptych.pandoc_binary import pandoc_path, pandoc_version

    version = pandoc_version()
    return Component(
        ref=_PANDOC,
        kind="application",
        name="pandoc",
        version=version,
        sha256=digest_of(pandoc_path()),
        purl=f"pkg:generic/pandoc@{version}",
        licence="GPL-2.0-or-later",
    )


# --- The system ----------------------------------------------------------------------------------


def _system() -> Component:
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        release = {"NAME": platform.system(), "VERSION_ID": platform.release()}
    name = release.get("NAME", platform.system())
    return Component(
        "operating-system", "operating-system", name, release.get("VERSION_ID", "unknown")
    )


def _libraries() -> Iterator[Component]:
    """The shared libraries outside Python that the typesetter loads, found in a fresh process."""
    done = subprocess.run(
        [sys.executable, "-m", __spec__.name], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise MachineError(done.stderr.strip())
    told: dict[str, str] = json.loads(done.stdout)
    packages = _debian_packages(told)
    for path, reported in sorted(told.items()):
        name, _, suffix = Path(path).name.partition(".so")
        purl, version = packages.get(path, ("", ""))
        yield Component(
            ref=Path(path).name,
            kind="library",
            name=name,
            version=reported or version or suffix.strip("."),
            sha256=digest_of(Path(path)),
            purl=purl,
        )


def _debian_packages(paths: Iterable[str]) -> dict[str, tuple[str, str]]:
    """For each path, the package URL and version of its Debian package."""
    # A package may list a path as it was before /lib became part of /usr.
    asked = {name: path for path in paths for name in (path, path.removeprefix("/usr"))}
    owners = {
        asked[path.strip()]: owner.split(",")[0]
        for owner, _, path in (line.partition(": ") for line in _dpkg("-S", *asked))
        if path.strip() in asked
    }
    form = "-f=${binary:Package}\t${Package}\t${Version}\t${Architecture}\n"
    known = {line.split("\t")[0]: line.split("\t")[1:] for line in _dpkg("-W", form)}
    found: dict[str, tuple[str, str]] = {}
    for path, owner in owners.items():
        name, version, architecture = known[owner]
        purl = f"pkg:deb/{_distributor()}/{name}@{quote(version)}?arch={architecture}"
        found[path] = (purl, version)
    return found


def _dpkg(*words: str) -> list[str]:
    """The output of dpkg-query, by lines; empty if it is not installed."""
    try:
        done = subprocess.run(["dpkg-query", *words], capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return []
    return done.stdout.splitlines()


def _distributor() -> str:
    try:
        return platform.freedesktop_os_release().get("ID", "debian")
    except OSError:
        return "debian"


def _loaded() -> dict[str, str]:
    """The shared libraries loaded into this process, except Python's own, with their versions.

    Only Pango, HarfBuzz and fontconfig know their version. Nothing is found if the system does not
    list what is loaded (Linux does, in proc(5)).
    """
    maps = Path("/proc/self/maps")
    lines = maps.read_text().splitlines() if maps.exists() else []
    mapped = {os.path.realpath(line.split(maxsplit=5)[5]) for line in lines if ".so" in line}
    own = [os.path.realpath(sysconfig.get_path(name)) for name in ("stdlib", "purelib", "platlib")]
    found: dict[str, str] = {}
    for path in mapped:
        if not path.startswith(tuple(folder + os.sep for folder in own)) and Path(path).is_file():
            found[path] = _own_version(path)
    return found


def _own_version(path: str) -> str:
    name = Path(path).name
    if name.startswith("libpango-"):
        said = ctypes.CDLL(path).pango_version_string
        said.restype = ctypes.c_char_p
        return str(said().decode())
    if name.startswith("libharfbuzz.so"):
        said = ctypes.CDLL(path).hb_version_string
        said.restype = ctypes.c_char_p
        return str(said().decode())
    if name.startswith("libfontconfig."):
        number = ctypes.CDLL(path).FcGetVersion()
        return f"{number // 10000}.{number // 100 % 100}.{number % 100}"
    return ""


if __name__ == "__main__":
    from triptych.render.typesetter.weasyprint import load

    try:
        load()
    except MachineError as error:
        sys.exit(str(error))
    print(json.dumps(_loaded()))
