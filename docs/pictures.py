"""Picture the three editions side by side.

    python docs/pictures.py [DIST]

In: a folder of finished files (default: dist). Out: docs/pictures/triptych.png, with a page of the
PDF, the web page and a chapter of the e-book. Needs Chromium and the validators' packages.
"""

from __future__ import annotations

import io
import sys
import tempfile
import zipfile
from pathlib import Path

import pypdfium2
from PIL import Image
from playwright.sync_api import sync_playwright

from triptych.validators.chromium import chromium

HEIGHT = 1200
GAP = 40
PAPER = "#e9e4da"


def main() -> None:
    """Read the editions in the folder named and write the picture."""
    dist = Path(sys.argv[1] if len(sys.argv) > 1 else "dist").absolute()
    target = Path(__file__).parent / "pictures" / "triptych.png"
    target.parent.mkdir(exist_ok=True)
    beside([page_of(one(dist, "pdf")), *screens(one(dist, "html"), one(dist, "epub"))]).save(target)
    print(target)


def one(folder: Path, ending: str) -> Path:
    """The first file with this ending. Raises SystemExit where there is none."""
    for path in sorted(folder.glob(f"*.{ending}")):
        return path
    raise SystemExit(f"{folder} holds no .{ending}: run make first")


def page_of(pdf: Path) -> Image.Image:
    """The sixth page, past title, colophon and contents, or the last of a shorter work."""
    document = pypdfium2.PdfDocument(pdf)
    page = document[min(5, len(document) - 1)]
    picture: Image.Image = page.render(scale=HEIGHT / page.get_height()).to_pil()
    return picture.convert("RGB")


def screens(page: Path, book: Path) -> list[Image.Image]:
    """The web page in a desktop window and the e-book's first chapter in a narrow one."""
    with tempfile.TemporaryDirectory() as unpacked, sync_playwright() as player:
        with zipfile.ZipFile(book) as archive:
            archive.extractall(unpacked)
        # The chapter is the document with the most text, leaving out the navigation.
        chapters = [p for p in Path(unpacked).rglob("*.xhtml") if p.name != "nav.xhtml"]
        chapter = max(chapters, key=lambda path: path.stat().st_size)
        browser = player.chromium.launch(executable_path=chromium(), chromium_sandbox=False)
        shots = []
        for path, width in ((page, 1200), (chapter, 800)):
            window = browser.new_page(viewport={"width": width, "height": HEIGHT})
            window.goto(path.as_uri())
            window.evaluate("document.fonts.ready.then(() => true)")
            shots.append(Image.open(io.BytesIO(window.screenshot())).convert("RGB"))
        browser.close()
    return shots


def beside(pictures: list[Image.Image]) -> Image.Image:
    """The pictures in a row, at one height."""
    width = sum(picture.width for picture in pictures) + GAP * (len(pictures) + 1)
    row = Image.new("RGB", (width, HEIGHT + 2 * GAP), PAPER)
    left = GAP
    for picture in pictures:
        row.paste(picture, (left, GAP))
        left += picture.width + GAP
    return row


if __name__ == "__main__":
    main()
