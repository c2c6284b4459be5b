"""Draws the pictures of this paper anew: `python draw.py`."""

from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
CURVE = b"2 w 0.18 0.38 0.46 RG 5 5 m 40 45 80 5 115 45 c S"
PARTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 120 50]/Contents 4 0 R/Resources<<>>>>",
    b"<</Length %d>>stream\n%s\nendstream" % (len(CURVE), CURVE),
)


def pdf() -> bytes:
    """A PDF of one curve."""
    out, places = b"%PDF-1.4\n", []
    for number, part in enumerate(PARTS, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    xref = b"xref\n0 5\n0000000000 65535 f \n" + table
    return out + xref + b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(out)


(HERE / "curve.pdf").write_bytes(pdf())
picture = Image.new("L", (400, 200))
picture.putdata([255 - x // 2 for _ in range(200) for x in range(400)])
picture.save(HERE / "gradient.tiff", compression="tiff_deflate")
