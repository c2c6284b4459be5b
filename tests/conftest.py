"""A desk to write small works at: the tests say what an author wrote, and see what came of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright

from triptych.diagnostics import Diagnostic, SourceError
from triptych.edition import Edition
from triptych.read.source import read_source
from triptych.resolve.passes import resolve_source
from triptych.validators.chromium import chromium

os.environ["TRIPTYCH_CACHE"] = "none"  # each test makes what it looks at

# How long an example takes says more of the machine than of the code.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

REFERENCES = """\
[
  {"id": "lovelace1843", "type": "article-journal", "title": "Notes by the Translator",
   "author": [{"family": "Lovelace", "given": "Ada"}], "issued": {"date-parts": [[1843]]}},
  {"id": "babbage1864", "type": "book", "title": "Passages",
   "author": [{"family": "Babbage", "given": "Charles"}], "issued": {"date-parts": [[1864]]}}
]
"""
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
BODY_LINE = 7
"""The line on which a body begins, where the front matter has no line of the test's own."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A folder with a bibliography `refs.json`, a figure `a.svg`, and the paper to be written."""

    folder: Path

    def put(self, name: str, content: str | bytes) -> Path:
        """Write a file of the work."""
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def paper(self, body: str | bytes, front: str = "", bibliography: str = "refs.json") -> Path:
        """Write `paper.md`; `front` is added to its front matter, line by line."""
        head = f"---\ntitle: Engines\nlang: en\nbibliography: {bibliography}\n{front}---\n\n"
        return self.put(
            "paper.md", head.encode() + (body if isinstance(body, bytes) else body.encode())
        )

    def edition(self, body: str, front: str = "", csl: str | None = None) -> Edition:
        """The edition of a paper that has no mistakes, citing in MLA style if in no other."""
        return resolve_source(read_source(self.paper(body, front), csl))[0]

    def mistakes(self, path: Path) -> tuple[Diagnostic, ...]:
        """All that is told of the work at `path`, warnings and errors."""
        try:
            return resolve_source(read_source(path))[1]
        except SourceError as error:
            return error.diagnostics

    def the_mistake(self, path: Path) -> Diagnostic:
        """The only error told of the work at `path`."""
        errors = [told for told in self.mistakes(path) if told.severity == "error"]
        assert len(errors) == 1, errors
        return errors[0]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.put("refs.json", REFERENCES)
    desk.put("a.svg", DRAWING)
    return desk


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, without a window, for the tests of one file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def service() -> Iterator[str]:
    """An S3-compatible service, a process of its own on a free port of this machine, with keys."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.1)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("AWS_ACCESS_KEY_ID", "test")
            patch.setenv("AWS_SECRET_ACCESS_KEY", "test")
            yield f"http://127.0.0.1:{port}"
    finally:
        running.kill()
        running.wait()
