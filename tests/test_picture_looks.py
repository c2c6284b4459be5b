"""What pictures look like is read back from every file, drawn small."""

from __future__ import annotations

import io
import re
import zipfile
from base64 import b64encode
from collections.abc import Callable

import pytest
from conftest import Desk
from one_file import collated
from PIL import Image, ImageChops, ImageOps

from triptych.collate import collate_edition
from triptych.collate.likeness import TOLERANCE, unlikeness
from triptych.press import build
from triptych.render.run import render_edition
from triptych.witness.miniature import of_bitmap, small
from triptych.witness.pdf.regions import Regions

BOX = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"'
PLOT = (
    '<g class="all"><path d="M10 5V92H195" stroke="#333" fill="none"/>'
    '<path d="M10 80L40 62L80 70L120 30L190 12" fill="none" stroke="#369" stroke-width=".4"/>'
    '<circle cx="120" cy="30" r="4" fill="#c33"/><circle cx="40" cy="62" r="4" fill="#c33"/></g>'
)
DRAWINGS = {
    "plot": f"<svg {BOX}>{PLOT}</svg>",
    "bars": f'<svg {BOX}><rect x="20" y="30" width="30" height="60" fill="#8c2f2b"/>'
    '<rect x="90" y="60" width="30" height="30" fill="#2f6175"/></svg>',
    "pale": f'<svg {BOX}><rect x="60" y="20" width="90" height="60" fill="#eef"/></svg>',
    "in millimetres": f"<svg {BOX}>{PLOT}</svg>".replace(
        'viewBox="0 0 200 100"', 'width="40mm" height="30mm"'
    ),
    "stretched": f'<svg {BOX} preserveAspectRatio="none">{PLOT}</svg>',
    "turned": f'<svg {BOX}><g style="transform:rotate(20deg);transform-origin:center">'
    f"{PLOT}</g></svg>",
}
_SOUND = 0.18
"""`docs/proof.md` says that sound pictures differ by no more."""
FORMATS = ("html", "epub", "pdf", "print", "jats")


def photograph() -> Image.Image:
    """A picture of soft tones, with a dark disc in its upper left."""
    tones = Image.linear_gradient("L").resize((320, 200))
    picture = Image.merge(
        "RGB", (tones, ImageOps.mirror(tones.rotate(90)).resize((320, 200)), tones)
    )
    disc = Image.radial_gradient("L").resize((120, 120)).point(lambda tone: 255 * (tone < 128))
    picture.paste((20, 30, 60), (20, 20), disc)
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def paper(desk: Desk) -> str:
    for name, drawing in DRAWINGS.items():
        desk.put(f"{name}.svg".replace(" ", "-"), drawing.encode())
    exif = Image.Exif()
    exif[0x112] = 6  # turned by a quarter
    desk.put("photo.jpg", saved(photograph(), "JPEG", exif=exif))
    names = [*(f"{name}.svg".replace(" ", "-") for name in DRAWINGS), "photo.jpg"]
    figures = [f'![Of {n}.]({n}){{#fig:{n[:4]} alt="{n}" width=50%}}' for n in names]
    narrow = '![](plot.svg){alt="narrow" width=3cm height=3cm}'
    cells = f"| A | B |\n|---|---|\n| {narrow} | b |\n"
    return "\n\n".join([*figures, cells, f"In a line {narrow}."]) + "\n"


@pytest.mark.parametrize("medium", FORMATS)
def test_sound_pictures_of_all_kinds_raise_no_alarm(medium: str, desk: Desk) -> None:
    edition = desk.edition(paper(desk))
    found = collated(edition, medium, render_edition(edition, medium)).differences
    assert [one.message for one in found if one.kind.startswith("picture")] == []


# --- Damages --------------------------------------------------------------------------------------

OTHER = '<rect x="20" y="10" width="60" height="80" fill="#284"/>'
DAMAGES: dict[str, Callable[[str], str]] = {
    "black": lambda drawing: f'{drawing}<rect width="200" height="100"/>',
    "empty": lambda _: "",
    "cut off": lambda drawing: f'{drawing}<rect x="100" width="100" height="100" fill="#fff"/>',
    "mirrored": lambda drawing: f'<g transform="translate(200 0) scale(-1 1)">{drawing}</g>',
    "another one": lambda _: OTHER,
}
DRAWN = re.compile(r'<g class="all">.*?</g>', re.S)


def damaged(data: bytes, damage: Callable[[str], str]) -> bytes:
    text, count = DRAWN.subn(lambda match: damage(match[0]), data.decode())
    assert count
    return text.encode()


def with_drawings(medium: str, data: bytes, damage: Callable[[str], str]) -> bytes:
    """A file with its drawing damaged."""
    if medium == "html":
        return damaged(data, damage)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as book, zipfile.ZipFile(out, "w") as new:
        for item in book.infolist():
            inside = book.read(item)
            new.writestr(item, damaged(inside, damage) if DRAWN.search(str(inside)) else inside)
    return out.getvalue()


@pytest.mark.parametrize("kind", DAMAGES)
@pytest.mark.parametrize("medium", ["html", "epub"])
def test_a_drawing_that_is_not_itself_is_named(medium: str, kind: str, desk: Desk) -> None:
    desk.put("plot.svg", DRAWINGS["plot"].encode())
    edition = desk.edition('![Of the plot.](plot.svg){#fig:plot alt="A line."}\n')
    file = with_drawings(medium, render_edition(edition, medium), DAMAGES[kind])
    told = [one for one in collated(edition, medium, file).differences if "Figure 1" in one.message]
    assert [(one.kind, one.subject) for one in told] == [("picture-differs", "fig-plot")]


def test_another_bitmap_in_jats_is_named(desk: Desk) -> None:
    picture = photograph()
    sound, other = saved(picture, "PNG"), saved(ImageOps.mirror(picture), "PNG")
    desk.put("a.png", sound)
    edition = desk.edition('![A disc.](a.png){#fig:a alt="A disc."}\n')
    article = render_edition(edition, "jats")
    file = article.replace(b64encode(sound), b64encode(other))
    assert file != article
    told = [one.kind for one in collated(edition, "jats", file).differences]
    assert "picture-differs" in told


def test_a_broken_miniature_in_the_manifest_is_told(desk: Desk) -> None:
    desk.put("a.svg", DRAWINGS["plot"])
    made = build(desk.paper('![A plot.](a.svg){alt="A plot."}\n'), formats=["html"],
                 out=desk.folder / "dist")  # fmt: skip
    manifest = made.files[-1]
    for broken in ("A", "d29yZHM="):
        told = re.sub('"look": "[^"]*"', f'"look": "{broken}"', manifest.read_text())
        manifest.write_text(told)
        (found,) = collate_edition(manifest.parent).differences
        assert found.kind == "picture-differs"
        assert "its miniature in the edition manifest is broken" in found.message


def test_what_no_program_can_draw_has_no_look() -> None:
    broken = saved(photograph(), "PNG", exif=b"Exif\0\0II*\0")
    assert of_bitmap(broken) is None
    with Regions(b"%PDF-1.7") as regions:
        assert regions.drawn(0, (0, 0, 9, 9)) is None


# --- The measure ----------------------------------------------------------------------------------


def looks(data: bytes) -> Image.Image:
    look = of_bitmap(data)
    assert look is not None
    return Image.frombytes("RGB", look.size, look.pixels)


@pytest.mark.parametrize(
    "again",
    [
        lambda picture: saved(picture, "JPEG", quality=40),
        lambda picture: saved(picture.resize((160, 100)), "PNG"),
        lambda picture: saved(picture.resize((1000, 625)), "WEBP", quality=60),
        lambda picture: saved(picture.quantize(64), "PNG"),
    ],
    ids=["packed anew", "smaller", "larger", "in fewer colours"],
)
def test_the_same_bitmap_otherwise_saved_is_alike(again: Callable[[Image.Image], bytes]) -> None:
    picture = photograph()
    assert unlikeness(looks(saved(picture, "PNG")), looks(again(picture))) < TOLERANCE / 2


@pytest.mark.parametrize("height", [495, 502, 509])
def test_a_thin_line_is_alike_wherever_it_falls_between_pixels(height: int) -> None:
    """A third of a row of the miniature, as that is made at once, and as of a page drawn finer."""
    for top in range(20, height - 20, 7):
        picture = Image.new("RGB", (768, height), "white")
        picture.paste((90, 90, 90), (40, top, 740, top + 4))
        made = [small(picture, finer) for finer in (1, 3)]
        once, finer = (Image.frombytes("RGB", each.size, each.pixels) for each in made)
        assert unlikeness(once, finer) < _SOUND


@pytest.mark.parametrize("inks", [False, True])
@pytest.mark.parametrize(
    "change",
    [
        ImageOps.mirror,
        ImageOps.flip,
        ImageOps.invert,
        lambda picture: Image.new("RGB", picture.size),
        lambda picture: Image.new("RGB", picture.size, "white"),
        lambda picture: ImageChops.offset(picture, picture.width // 2, 0),
    ],
    ids=["mirrored", "upside down", "inverted", "black", "empty", "shifted"],
)
def test_a_changed_bitmap_is_unlike(
    change: Callable[[Image.Image], Image.Image], inks: bool
) -> None:
    picture = looks(saved(photograph(), "PNG"))
    assert unlikeness(picture, change(picture), inks=inks) > TOLERANCE
