"""What became of the works of a catalogue: JSON, JUnit XML, and a page that leads to all editions.

In: the works as built. Out: bytes. Nothing is run here.
"""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from html import escape
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from PIL import Image, UnidentifiedImageError

from triptych.catalogue.run import Built
from triptych.formats import FORMATS, MANIFEST_ENDING
from triptych.printing import visible

_COVER = (200, 320)
"""The most that a cover takes on the page, in pixels."""


def summary(built: Sequence[Built]) -> str:
    """How many works have become what, in words."""
    found = Counter(each.state for each in built)
    return ", ".join(f"{number:,} {state}" for state, number in sorted(found.items()))


def as_json(built: Sequence[Built]) -> bytes:
    """The report for programs."""
    told = [asdict(each) for each in built]
    return json.dumps({"works": told}, ensure_ascii=False, indent=1).encode() + b"\n"


def as_junit(built: Sequence[Built]) -> bytes:
    """The report for build servers, in the form of JUnit: a work is a test."""
    wrong = [each for each in built if each.code]
    suite = ET.Element(
        "testsuite", name="triptych", tests=str(len(built)),
        failures=str(sum(each.state == "failed" for each in wrong)),
        errors=str(sum(each.state != "failed" for each in wrong)),
        time=f"{sum(each.seconds for each in built):.3f}",
    )  # fmt: skip
    for each in built:
        case = ET.SubElement(
            suite,
            "testcase",
            classname="catalogue",
            name=visible(each.name),
            time=f"{each.seconds:.3f}",
        )
        if each.code:
            kind = "failure" if each.state == "failed" else "error"
            told = "\n".join(map(visible, each.told))  # XML has no control characters
            fault = ET.SubElement(case, kind, message=told.partition("\n")[0], type=each.state)
            fault.text = told
    made: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return made


def as_page(built: Sequence[Built], out: Path) -> bytes:
    """A web page with the cover, the files and the verdict of each work in the folder `out`."""
    items = "".join(_item(each, out / each.name) for each in built)
    return _PAGE.format(summary=escape(summary(built)), items=items).encode()


def _item(built: Built, folder: Path) -> str:
    title, language = _title(built, folder)
    links = " ".join(
        f'<a href="{quote(f"{built.name}/{file}")}">{escape(_format(file))}</a>'
        for file in built.files
        if not file.endswith(MANIFEST_ENDING)
    )
    told = "".join(f"<li>{escape(each)}</li>" for each in built.told[:5])
    verdict = built.verdict or f"{built.state}, exit code {built.code}"
    picture = _cover(built, folder)
    cover = f'<img src="data:image/jpeg;base64,{picture}" alt="">' if picture else ""
    kind = "right" if not built.code else "wrong"
    return (
        f'<li class="{kind}">{cover}<div><h2 lang="{escape(language)}" dir="auto">'
        f"{escape(title)}</h2><p>{links}</p>"
        f"<p>{escape(verdict)}</p>{f'<ul>{told}</ul>' if told else ''}</div></li>"
    )


def _title(built: Built, folder: Path) -> tuple[str, str]:
    """The title in the edition manifest and its language, or the work's name."""
    for file in built.files:
        if file.endswith(MANIFEST_ENDING):
            try:
                record = json.loads((folder / file).read_bytes())["record"]
                return str(record["title"]), str(record["language"])
            except (OSError, ValueError, KeyError, TypeError):
                continue
    return built.name, ""


def _format(file: str) -> str:
    ending = max((e for e in (f.ending for f in FORMATS.values()) if file.endswith(e)), key=len)
    return ending.lstrip(".").upper()


def _cover(built: Built, folder: Path) -> str:
    """The cover of the e-book, made small, as a JPEG in base64; empty where there is none."""
    for file in built.files:
        if file.endswith(FORMATS["epub"].ending):
            try:
                with zipfile.ZipFile(folder / file) as book:
                    name = next(n for n in book.namelist() if "cover." in n and "xhtml" not in n)
                    with Image.open(io.BytesIO(book.read(name))) as picture:
                        picture.thumbnail(_COVER)
                        made = io.BytesIO()
                        picture.convert("RGB").save(made, "JPEG", quality=80)
            except (OSError, StopIteration, zipfile.BadZipFile, UnidentifiedImageError):
                return ""
            return base64.b64encode(made.getvalue()).decode()
    return ""


_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Catalogue</title>
<style>
:root {{ color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }}
body {{ max-width: 70rem; margin: 0 auto; padding: 1rem }}
body > ul {{ list-style: none; padding: 0; display: grid; gap: 1.5rem;
  grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)) }}
body > ul > li {{ display: flex; gap: 1rem; align-items: flex-start; min-width: 0 }}
body > ul > li > div {{ min-width: 0; overflow-wrap: anywhere }}
img {{ width: 6rem; height: auto; flex: none; box-shadow: 0 0 2px #8888 }}
h2 {{ font-size: 1.1rem; line-height: 1.3; margin: 0 }}
p {{ margin: .25rem 0 }}
.wrong {{ border-inline-start: 4px solid #c0392b; padding-inline-start: .75rem }}
</style>
</head>
<body>
<h1>Catalogue</h1>
<p>{summary}</p>
<ul>{items}</ul>
</body>
</html>
"""
