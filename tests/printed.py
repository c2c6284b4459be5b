"""A small illustrated paper for printers, and ways to look at what is printed of it."""

from __future__ import annotations

import math
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

MM = 72 / 25.4
ISBN = "9783161484100"

VECTORS = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><defs>
<linearGradient id="g"><stop offset="0" stop-color="#8c2f2b"/>
<stop offset="1" stop-color="#2f6175" stop-opacity=".2"/></linearGradient>
<pattern id="p" width="10" height="10" patternUnits="userSpaceOnUse">
<circle cx="5" cy="5" r="3" fill="#c81e1e"/></pattern></defs>
<rect width="90" height="90" fill="url(#g)"/>
<rect x="100" width="90" height="90" fill="url(#p)" stroke="#1f2430"/>
<rect x="200" width="45" height="90" fill="#2f6175" opacity=".6"/>
<text x="105" y="50" font-size="14" fill="#1f2430">Label</text>
<rect y="92" width="40" height="8" fill="#808080"/>
<rect x="50" y="92" width="40" height="8" fill="lab(50% 40 20)"/></svg>
"""

FRONT = f"""\
---
title: Printed Matter
author: Ada Example
publisher: Quay Press
abstract: What it is about.
date: 2024-02
identifier: urn:isbn:{ISBN}
"""

BODY = """
# Pictures

![Photograph](photo.jpg){alt="Colours."}

![Cut out](alpha.png){alt="Colours." width=50%}

![Few colours](palette.gif){alt="Colours." width=50%}

![Four inks](inks.jpg){alt="Colours." width=40%}

![Drawing](vectors.svg){alt="Shapes."}
"""


def write_paper(folder: Path, printing: str = "", body: str = BODY) -> Path:
    """Write the paper and its pictures; `printing` are lines of its table `print`."""
    folder.mkdir(parents=True, exist_ok=True)
    photo = Image.new("RGB", (1500, 600))
    photo.putdata(
        [
            (255 * x // 1500, 255 * y // 600, int(127 + 127 * math.sin((x + y) / 60)))
            for y in range(600)
            for x in range(1500)
        ]
    )
    draw = ImageDraw.Draw(photo)
    draw.rectangle((0, 0, 200, 200), fill=(0, 0, 0))
    draw.rectangle((1300, 0, 1500, 200), fill=(255, 255, 255))
    photo.save(folder / "photo.jpg", quality=92)
    photo.convert("CMYK").save(folder / "inks.jpg")
    photo.quantize(32).save(folder / "palette.gif")
    cut = photo.convert("RGBA")
    cut.putalpha(Image.linear_gradient("L").resize(photo.size))
    cut.save(folder / "alpha.png")
    (folder / "vectors.svg").write_text(VECTORS, encoding="utf-8")
    table = (
        "print:\n" + "".join(f"  {line}\n" for line in printing.splitlines()) if printing else ""
    )
    paper = folder / "paper.md"
    paper.write_text(f"{FRONT}{table}---\n{body}", encoding="utf-8")
    return paper


def shown(path: Path, page: int, dots: int = 72) -> Image.Image:
    """A page as pdfium shows it, at so many dots to the inch."""
    document = pypdfium2.PdfDocument(path)
    picture: Image.Image = document[page].render(scale=dots / 72).to_pil().convert("RGB")
    document.close()
    return picture
