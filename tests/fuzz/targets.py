"""The readers of files from outside, each called as the commands call it."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import asyncssh  # noqa: F401 - which asks the system for libraries when it is loaded
import pikepdf
from lxml import html

from fuzz.guard import watched
from triptych.collate.editions import read_witness
from triptych.deposit.places import open_store
from triptych.deposit.verify import verify
from triptych.diagnostics import TriptychError
from triptych.manifest import files_named, read_manifest
from triptych.preflight import preflight
from triptych.read.bibliographies import as_one
from triptych.read.bibliography import Bibliography, read_cited
from triptych.read.cited import EVERY, Cited
from triptych.read.csl import StyleProblem, find_style
from triptych.read.csl_citeproc import delimiters_of, for_citeproc
from triptych.read.files import SourceFiles
from triptych.read.paths import ANYWHERE
from triptych.read.source import Source, read_source
from triptych.resolve.images import read_images
from triptych.resolve.source_map import SourceMap
from triptych.signing import minisign, ssh
from triptych.signing.signature import KeyProblem, SignatureProblem
from triptych.terms import citation_terms
from triptych.witness.miniature import of_bitmap
from triptych.witness.pdf.cover import read_cover
from triptych.witness.reading import UnreadableError


@dataclass(frozen=True)
class Target:
    """A reader, and the exceptions by which it says that it cannot read."""

    read: Callable[[bytes], object]
    refusals: tuple[type[Exception], ...] = (TriptychError,)


def try_out(name: str, data: bytes) -> None:
    """Give a target its bytes. What it raises but its refusals, or PromiseBroken, is a finding."""
    target = TARGETS[name]
    # The commands tell a RecursionError as a limit.
    with watched(room()), suppress(*target.refusals, RecursionError):
        target.read(data)


@cache
def room() -> Path:
    """The folder of this process, in which targets lay out their files."""
    folder = Path(tempfile.mkdtemp(prefix="triptych-fuzz-"))
    tempfile.tempdir = str(folder)
    return folder


def _put(name: str, data: bytes) -> Path:
    path = room() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def _parts(data: bytes) -> dict[str, bytes]:
    """The files that a seed holds, each behind a line `%%%% name`."""
    found: dict[str, bytes] = {}
    for part in data.split(b"%%%% ")[1:]:
        name, _, content = part.partition(b"\n")
        plain = name.decode("ascii", "replace").replace("\0", "")
        if plain and ".." not in plain and not plain.startswith("/") and len(plain) < 100:
            found[plain] = content
    return found


# --- Finished files ------------------------------------------------------------------------------


def _witness(medium: str) -> Target:
    return Target(lambda data: read_witness(medium, data), (UnreadableError,))


def _content(data: bytes) -> object:
    """What a page paints: the bytes are its content stream."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1)
    font.BaseFont = pikepdf.Name.Helvetica
    page = pdf.add_blank_page()
    page.Contents = pdf.make_stream(data)
    form = pdf.make_stream(data, Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form,
                           BBox=[0, 0, 99, 99])  # fmt: skip
    page.Resources = pikepdf.Dictionary(
        Font=pikepdf.Dictionary(F1=font), XObject=pikepdf.Dictionary(X1=form)
    )
    made = io.BytesIO()
    pdf.save(made)
    return read_witness("pdf", made.getvalue())


def _book(data: bytes) -> object:
    """The files of an e-book, as in `_parts`."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as book:
        for name, content in _parts(data).items():
            book.writestr(name, content)
    return read_witness("epub", made.getvalue())


def _sheet(data: bytes) -> object:
    page = b"<!DOCTYPE html><html lang=en><title>T</title><style>%s</style><body><main><article>"
    body = b"<h1 id=a class=b>T</h1><p class=c>One <em>two</em></p><ol><li>x</li></ol></article>"
    return read_witness("html", page % data.replace(b"</", b"") + body)


def _manifest(data: bytes) -> object:
    return files_named(data), read_manifest(data)


# --- Stores and signatures -----------------------------------------------------------------------


def _object(data: bytes) -> object:
    """An OCFL object whose inventory is made of the bytes."""
    digest = hashlib.sha512(data).hexdigest()
    _put("object/0=ocfl_object_1.1", b"ocfl_object_1.1\n")
    _put("object/v1/content/a.txt", b"text\n")
    for folder in ("object", "object/v1"):
        _put(f"{folder}/inventory.json", data)
        _put(f"{folder}/inventory.json.sha512", f"{digest} inventory.json\n".encode())
    return verify(open_store(str(room() / "object")))


def _bag(data: bytes) -> object:
    """A bag, of files as in `_parts`."""
    shutil.rmtree(room() / "bag", ignore_errors=True)
    _put("bag/bagit.txt", b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    for name, content in _parts(data).items():
        try:
            _put(f"bag/{name}", content)
        except OSError:  # a file where a folder is
            continue
    return verify(open_store(str(room() / "bag")))


_MINISIGN = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
_SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB1RAUZBJbNYfXCsvfmJPAjmVGKs46dBt3wBTLFWBG8s"
_BAD_SIGNATURE = (SignatureProblem, KeyProblem)


# --- Sources -------------------------------------------------------------------------------------


def _bibliography(ending: str) -> Target:
    def read(data: bytes) -> None:
        path = _put(f"works.{ending}", data)
        files = [(path.name, SourceFiles(room(), ANYWHERE).text(path))]
        (every,), (some,) = (as_one(read_cited(files, c)) for c in (EVERY, Cited(frozenset())))
        assert _mistakes(every) == _mistakes(some), "what is told depends on what is cited"

    return Target(read)


def _mistakes(book: Bibliography) -> list[str]:
    return sorted(str(told) for told in book.diagnostics if told.severity == "error")


def _style(data: bytes) -> None:
    _put("style/style.csl", data)
    style = find_style("style.csl", room() / "style", ANYWHERE)
    delimiters_of(style.text)
    for_citeproc(style.text, "en", citation_terms("en"))


def _record(data: bytes) -> object:
    _put("record/article.md", b"# Title\n\nText [@a].\n")
    _put("record/edition.toml", data)
    return read_source(room() / "record")


def _article(data: bytes) -> object:
    return read_source(_put("article/paper.md", data))


@cache
def _with_figure() -> Source:
    _put("figure/f.png", b"")
    return read_source(_put("figure/paper.md", b"---\ntitle: T\n---\n\n![A thing](f.png)\n"))


def _figure(data: bytes) -> None:
    if data.lstrip()[:4] in (b"%PDF", b"%!PS") or data[:4] == b"\xc5\xd0\xd3\xc6":
        return  # other programs read these, confined
    source = _with_figure()
    _put("figure/f.png", data)
    body = html.fragment_fromstring(
        '<body><article><p><img src="f.png" alt="A"></p></article></body>'
    )
    images, _ = read_images(body, source, SourceMap(source))
    for image in images:
        of_bitmap(image.data)


TARGETS = {
    "pdf": _witness("pdf"),
    "pdf-content": Target(_content, (UnreadableError,)),
    "pdf-cover": Target(lambda data: read_cover(data, 420.0), (UnreadableError,)),
    "preflight": Target(preflight),
    "epub": _witness("epub"),
    "epub-files": Target(_book, (UnreadableError,)),
    "html": _witness("html"),
    "css": Target(_sheet, (UnreadableError,)),
    "jats": _witness("jats"),
    "text": _witness("text"),
    "manifest": Target(_manifest, (ValueError,)),
    "ocfl": Target(_object),
    "bag": Target(_bag),
    "minisign": Target(lambda data: minisign.verify(b"m", data, _MINISIGN), _BAD_SIGNATURE),
    "ssh-signature": Target(lambda data: ssh.verify(b"m", data, _SSH), _BAD_SIGNATURE),
    "bibtex": _bibliography("bib"),
    "csl-json": _bibliography("json"),
    "csl-yaml": _bibliography("yaml"),
    "ris": _bibliography("ris"),
    "endnote": _bibliography("xml"),
    "csl": Target(_style, (StyleProblem, TriptychError)),
    "record": Target(_record),
    "article": Target(_article),
    "figure": Target(_figure),
}
