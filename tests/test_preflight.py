"""The preflight rejects: each way known to spoil a PDF for the press is caught by its own rule."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image
from printed import write_paper

from triptych.preflight import preflight
from triptych.preflight.rules import RULES
from triptych.press import build
from triptych.render.pdf.inks import house_profile
from triptych.validators import ghostscript, qpdf, verapdf

Damage = Callable[[pikepdf.Pdf], None]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("preflight")
    body = "\n# Words\n\nSome words.\n\n![Photograph](photo.jpg){alt='Colours.' width=40%}\n"
    build(write_paper(root, body=body), out=root / "dist", formats=("pdf", "archive", "print"))
    return root / "dist"


@pytest.fixture(scope="module")
def sound(dist: Path) -> bytes:
    return (dist / "paper.print.pdf").read_bytes()


def damaged(data: bytes, damage: Damage, version: str = "1.6") -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        damage(pdf)
        out = io.BytesIO()
        pdf.save(
            out, force_version=version, fix_metadata_version=False, deterministic_id=True,
            compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none,
        )  # fmt: skip
    return out.getvalue()


def broken(data: bytes) -> set[str]:
    """The rules that a file breaks, but for what is only told."""
    return {breach.rule.name for breach in preflight(data) if breach.rule.severity != "info"}


def last(pdf: pikepdf.Pdf) -> Any:
    return pdf.pages[-1].obj


def paint(content: bytes) -> Damage:
    """Paint something more on the last page, within its trim."""

    def damage(pdf: pikepdf.Pdf) -> None:
        pdf.pages[-1].contents_add(pdf.make_stream(b"q " + content + b" Q"))

    return damage


def with_state(content: bytes, **entries: Any) -> Damage:
    """The same, with a graphics state `/Bad` of these entries."""

    def damage(pdf: pikepdf.Pdf) -> None:
        resources = last(pdf).Resources
        states = pikepdf.Dictionary(resources.get("/ExtGState", pikepdf.Dictionary()))
        states["/Bad"] = pikepdf.Dictionary(**entries)
        resources.ExtGState = states
        paint(b"/Bad gs " + content)(pdf)

    return damage


def with_space(content: bytes, space: Any) -> Damage:
    def damage(pdf: pikepdf.Pdf) -> None:
        spaces = pikepdf.Dictionary(last(pdf).Resources.get("/ColorSpace", pikepdf.Dictionary()))
        spaces["/Bad"] = space(pdf)
        last(pdf).Resources.ColorSpace = spaces
        paint(content)(pdf)

    return damage


def with_object(content: bytes, make: Callable[[pikepdf.Pdf], Any]) -> Damage:
    def damage(pdf: pikepdf.Pdf) -> None:
        objects = pikepdf.Dictionary(last(pdf).Resources.get("/XObject", pikepdf.Dictionary()))
        objects["/Bad"] = make(pdf)
        last(pdf).Resources.XObject = objects
        paint(content)(pdf)

    return damage


def picture(size: int, **entries: Any) -> Callable[[pikepdf.Pdf], Any]:
    def make(pdf: pikepdf.Pdf) -> Any:
        inks = Image.new("CMYK", (size, size), entries.pop("inks", (0, 90, 0, 0)))
        return pdf.make_stream(
            inks.tobytes(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=size,
            Height=size, ColorSpace=pikepdf.Name.DeviceCMYK, BitsPerComponent=8, **entries,
        )  # fmt: skip

    return make


def annotate(rectangle: list[int], kind: str = "Link", **entries: Any) -> Damage:
    def damage(pdf: pikepdf.Pdf) -> None:
        annotation = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name("/" + kind),
            Rect=pikepdf.Array(rectangle), **entries,
        )  # fmt: skip
        last(pdf).Annots = pikepdf.Array([pdf.make_indirect(annotation)])

    return damage


def forget_fonts(pdf: pikepdf.Pdf) -> None:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary):
            for name in ("/FontFile2", "/FontFile3"):
                if name in item:
                    del item[name]


def in_metadata(old: bytes, new: bytes) -> Damage:
    def damage(pdf: pikepdf.Pdf) -> None:
        stream: Any = pdf.Root.Metadata
        data = stream.read_bytes()
        assert old in data
        stream.write(data.replace(old, new))

    return damage


def change(*path: str, to: Any) -> Damage:
    """Change an entry below the catalogue, or take it out where `to` is None."""

    def damage(pdf: pikepdf.Pdf) -> None:
        item: Any = pdf.Root
        for name in path[:-1]:
            item = item[int(name)] if name.isdigit() else item[f"/{name}"]
        if to is None:
            del item[f"/{path[-1]}"]
        else:
            item[f"/{path[-1]}"] = to(pdf) if callable(to) else to

    return damage


def set_box(name: str, by: float | None) -> Damage:
    """Take a box of the last page out, or make it larger on every side by so many points."""

    def damage(pdf: pikepdf.Pdf) -> None:
        page = last(pdf)
        if by is None:
            del page[f"/{name}"]
        else:
            left, bottom, right, top = (float(edge) for edge in page[f"/{name}"])
            page[f"/{name}"] = pikepdf.Array([left - by, bottom - by, right + by, top + by])

    return damage


def compress_by_lzw(pdf: pikepdf.Pdf) -> None:
    stream = pdf.make_stream(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01")
    stream.Filter = pikepdf.Name.LZWDecode
    pdf.Root.Extra = pdf.make_indirect(stream)


def no_identifier(data: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, qdf=True, object_stream_mode=pikepdf.ObjectStreamMode.disable,
                 force_version="1.6", static_id=True)  # fmt: skip
    return out.getvalue().replace(b"/ID [", b"/IE [")


AREA = b"100 300 80 40 re f"


def all_plates(_: pikepdf.Pdf) -> Any:
    """The colour space of marks."""
    tint = pikepdf.Dictionary(
        FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=[1, 1, 1, 1], N=1
    )  # fmt: skip
    inks: list[Any] = [pikepdf.Name.Separation, pikepdf.Name.All, pikepdf.Name.DeviceCMYK, tint]
    return pikepdf.Array(inks)


def icc(pdf: pikepdf.Pdf, channels: int = 4) -> Any:
    """A colour space of the house's profile."""
    return pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_stream(house_profile(), N=channels)])


def spot(name: bytes, ink: int) -> Any:
    """A spot colour that is mixed of one of four inks."""
    full = [float(n == ink) for n in range(4)]
    tint = pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], C0=[0, 0, 0, 0], C1=full, N=1)
    named = pikepdf.Object.parse(name)
    return pikepdf.Array([pikepdf.Name.Separation, named, pikepdf.Name.DeviceCMYK, tint])


def two_mixtures(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Extra = pdf.make_indirect(pikepdf.Array([spot(b"/Gold", 1)]))
    for ink in (1, 2):
        pdf.Root[f"/Extra{ink}"] = pdf.make_indirect(spot(b"/Gold", ink))


def in_names(**entries: Any) -> Damage:
    return change("Names", to=pikepdf.Dictionary(**entries))


def in_information(name: str, said: str) -> Damage:
    def damage(pdf: pikepdf.Pdf) -> None:
        pdf.docinfo[name] = said

    return damage


def jpeg_2000(mode: str) -> Callable[[pikepdf.Pdf], Any]:
    def make(pdf: pikepdf.Pdf) -> Any:
        out = io.BytesIO()
        Image.new(mode, (200, 200)).save(out, "JPEG2000")
        return pdf.make_stream(
            out.getvalue(), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=200,
            Height=200, ColorSpace=pikepdf.Name.DeviceGray, Filter=pikepdf.Name.JPXDecode,
        )  # fmt: skip

    return make


def with_font(change: Callable[[Any], None]) -> Damage:
    """Change the composite font of what the last page shows first."""

    def damage(pdf: pikepdf.Pdf) -> None:
        change(next(iter(last(pdf).Resources.Font.values())))

    return damage


def widen(font: Any) -> None:
    widths: Any = font.DescendantFonts[0].W
    for run in widths:
        if isinstance(run, pikepdf.Array):
            for at in range(len(run)):
                run[at] = float(run[at]) + 40


def show_nothing_known(pdf: pikepdf.Pdf) -> None:
    font = str(next(iter(last(pdf).Resources.Font.keys()))).encode()
    paint(b"BT 0 0 0 1 k " + font + b" 20 Tf 100 300 Td <0000> Tj ET")(pdf)


def name_in_latin_1(font: Any) -> None:
    font.BaseFont = pikepdf.Object.parse(b"/Caf#E9")


SRGB = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
SMALL = b"20 0 0 20 50 300 cm /Bad Do"
STREAM = b"q " * 29 + b"Q " * 29

DAMAGES: dict[str, tuple[str, Damage]] = {
    "XMP with another title than the file's": ("metadata-agree", in_information("/Title", "Other")),
    "XMP with another time than the file's": (
        "metadata-agree",
        in_information("/ModDate", "D:20010101000000Z"),
    ),
    "a profile of another number of channels": ("icc", with_space(b"", lambda pdf: icc(pdf, 3))),
    "a profile that is none": (
        "icc",
        with_space(
            b"", lambda pdf: pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_stream(b"x", N=4)])
        ),
    ),
    "a colour that a default space takes": (
        "inks",
        lambda pdf: (
            last(pdf).Resources.__setitem__("/ColorSpace", pikepdf.Dictionary(DefaultGray=icc(pdf)))
            or paint(b"0 g " + AREA)(pdf)
        ),
    ),
    "one spot colour of two mixtures": ("separation", two_mixtures),
    "an ink whose name is not UTF-8": ("name", with_space(b"", lambda _: spot(b"/Caf#E9", 1))),
    "a font whose name is not UTF-8": ("name", with_font(name_in_latin_1)),
    "a form of XFA": ("form", change("AcroForm", to=pikepdf.Dictionary(Fields=[], XFA="x"))),
    "an operator that PDF does not have": ("operator", paint(b"BX 1 glow EX")),
    "a viewer that shows less than the bleed": (
        "viewer",
        change("ViewerPreferences", to=pikepdf.Dictionary(PrintArea=pikepdf.Name.TrimBox)),
    ),
    "other presentations": (
        "presentation",
        in_names(AlternatePresentations=pikepdf.Dictionary(Names=["a", "b"])),
    ),
    "steps of a presentation": (
        "presentation",
        lambda pdf: last(pdf).__setitem__("/PresSteps", pikepdf.Dictionary()),
    ),
    "an embedded file": (
        "embedded",
        change("Extra", to=lambda pdf: pdf.make_stream(b"x", Type=pikepdf.Name.EmbeddedFile)),
    ),
    "names of embedded files": (
        "embedded",
        in_names(EmbeddedFiles=pikepdf.Dictionary(Names=["a", pikepdf.Dictionary()])),
    ),
    "JPEG 2000 of two channels": ("jpeg-2000", with_object(SMALL, jpeg_2000("LA"))),
    "an unknown rendering intent": ("rendering-intent", paint(b"/Vivid ri")),
    "a picture of unknown rendering intent": (
        "rendering-intent",
        with_object(SMALL, picture(200, Intent=pikepdf.Name.Vivid)),
    ),
    "a state of unknown rendering intent": (
        "rendering-intent",
        with_state(b"", RI=pikepdf.Name.Vivid),
    ),
    "states nested too deep": ("limit", paint(STREAM)),
    "a page larger than PDF allows": (
        "limit",
        lambda pdf: last(pdf).__setitem__("/MediaBox", [-99, -99, 14500, 900]),
    ),
    "a colour of too many inks": (
        "limit",
        with_space(
            b"",
            lambda _: pikepdf.Array(
                [
                    pikepdf.Name.DeviceN,
                    [pikepdf.Name(f"/Ink{n}") for n in range(33)],
                    pikepdf.Name.DeviceCMYK,
                    pikepdf.Dictionary(FunctionType=4),
                ]
            ),
        ),
    ),
    "a letter that is not there": ("glyph-missing", show_nothing_known),
    "letters wider than their font": ("font-widths", with_font(widen)),
    "an inline picture compressed by LZW": (
        "file-filter",
        paint(b"1 0 0 1 9 9 cm BI /W 1 /H 1 /CS /G /BPC 8 /F /LZW ID \x80\x0b\x60\x50 EI"),
    ),
    "a sheet cropped within its bleed": (
        "box-nested",
        lambda pdf: last(pdf).__setitem__("/CropBox", last(pdf).TrimBox),
    ),
    "a printer's mark within the trim": ("annotation", annotate([10, 10, 20, 20], "PrinterMark")),
    "layers without a configuration": (
        "layers",
        change("OCProperties", to=pikepdf.Dictionary(OCGs=[])),
    ),
    "red green blue": ("colour", paint(b"1 0 0 rg " + AREA)),
    "a line in red green blue": ("colour", paint(b"0 0 1 RG 3 w 100 300 m 180 300 l S")),
    "an ICC colour of three channels": (
        "inks",
        with_space(
            b"/Bad cs 1 0 0 scn " + AREA,
            lambda pdf: pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_stream(SRGB, N=3)]),
        ),
    ),
    "a colour space that is not there": ("colour", paint(b"/unknown cs 1 scn " + AREA)),
    "a font taken out": ("font", forget_fonts),
    "a picture too coarse": (
        "resolution",
        with_object(b"200 0 0 200 50 300 cm /Bad Do", picture(100)),
    ),
    "a coarse picture turned and clipped": (
        "resolution",
        with_object(b"50 300 90 90 re W n 141 141 -141 141 200 300 cm /Bad Do", picture(400)),
    ),
    "a picture of too much ink": (
        "ink-coverage",
        with_object(b"20 0 0 20 50 300 cm /Bad Do", picture(200, inks=(240, 240, 240, 240))),
    ),
    "a picture in another's place": (
        "alternate",
        with_object(
            b"20 0 0 20 50 300 cm /Bad Do",
            picture(200, Alternates=[pikepdf.Dictionary(DefaultForPrinting=True)]),
        ),
    ),
    "an area of too much ink": ("ink-coverage", paint(b"1 1 1 .9 k " + AREA)),
    "small text in four inks": (
        "black-text",
        lambda pdf: paint(
            b"BT .7 .6 .5 .9 k "
            + str(next(iter(last(pdf).Resources.Font.keys()))).encode()
            + b" 8 Tf 100 300 Td (A) Tj ET"
        )(pdf),
    ),
    "a hairline": ("hairline", paint(b"0 0 0 1 K .1 w 100 300 m 180 300 l S")),
    "a line as thin as can be": ("hairline", paint(b"0 0 0 1 K 0 w 100 300 m 180 300 l S")),
    "an area as thin as a hair": ("hairline", paint(b"0 0 0 1 k 100 300 80 .1 re f")),
    "white that overprints": (
        "overprint-white",
        with_state(b"0 0 0 0 k " + AREA, OP=True, op=True, OPM=1),
    ),
    "white grey that overprints": ("overprint-white", with_state(b"1 g " + AREA, op=True)),
    "a mark in the bleed": ("marks", with_space(b"/Bad CS 1 SCN 1 w 0 0 m 20 20 l S", all_plates)),
    "a transfer function": (
        "transfer",
        with_state(b"", TR=pikepdf.Dictionary(FunctionType=2, Domain=[0, 1], N=1)),
    ),
    "a halftone of type 6": ("halftone", with_state(b"", HT=pikepdf.Dictionary(HalftoneType=6))),
    "an unknown blend mode": ("blend", with_state(b"", BM=pikepdf.Name.Glow)),
    "a group that blends in red green blue": (
        "group",
        with_object(
            b"/Bad Do",
            lambda pdf: pdf.make_stream(
                b"",
                Type=pikepdf.Name.XObject,
                Subtype=pikepdf.Name.Form,
                BBox=[0, 0, 9, 9],
                Group=pikepdf.Dictionary(S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceRGB),
            ),
        ),
    ),
    "PostScript": (
        "postscript",
        with_object(
            b"",
            lambda pdf: pdf.make_stream(
                b"showpage", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.PS
            ),
        ),
    ),
    "a picture left outside": (
        "reference",
        with_object(b"", picture(200, OPI=pikepdf.Dictionary())),
    ),
    "a link": ("annotation", annotate([100, 100, 200, 120])),
    "a note that reaches into the bleed": ("annotation", annotate([-30, 0, -5, 20], "Text")),
    "a link with an action": (
        "action",
        annotate([-35, 0, -30, 5], A=pikepdf.Dictionary(S=pikepdf.Name.URI, URI="https://a.org")),
    ),
    "an action on opening": (
        "action",
        change("OpenAction", to=pikepdf.Dictionary(S=pikepdf.Name.Named)),
    ),
    "JavaScript": (
        "action",
        change("Names", to=pikepdf.Dictionary(JavaScript=pikepdf.Dictionary())),
    ),
    "layers that switch by themselves": (
        "layers",
        change("OCProperties", to=pikepdf.Dictionary(D=pikepdf.Dictionary(AS=[]), OCGs=[])),
    ),
    "no output intent": ("intent-one", change("OutputIntents", to=None)),
    "two output intents": (
        "intent-one",
        lambda pdf: pdf.Root.OutputIntents.append(pdf.Root.OutputIntents[0]),
    ),
    "no printing condition": (
        "intent-condition",
        change("OutputIntents", "0", "OutputConditionIdentifier", to=None),
    ),
    "no profile": ("intent-profile", change("OutputIntents", "0", "DestOutputProfile", to=None)),
    "a profile of nonsense": (
        "intent-profile",
        change(
            "OutputIntents",
            "0",
            "DestOutputProfile",
            to=lambda pdf: pdf.make_stream(b"nonsense" * 30, N=4),
        ),
    ),
    "a profile of the wrong channels": (
        "intent-profile",
        change("OutputIntents", "0", "DestOutputProfile", "N", to=3),
    ),
    "no TrimBox": ("box-trim", set_box("TrimBox", None)),
    "both TrimBox and ArtBox": (
        "box-trim",
        lambda pdf: last(pdf).__setitem__("/ArtBox", last(pdf).TrimBox),
    ),
    "a trim larger than the bleed": ("box-nested", set_box("TrimBox", 20)),
    "a bleed larger than the sheet": ("box-nested", set_box("BleedBox", 90)),
    "no bleed": ("bleed", set_box("BleedBox", -72 / 25.4 * 3)),
    "a page of another size": ("trim-size", set_box("TrimBox", -20)),
    "no metadata": ("metadata", change("Metadata", to=None)),
    "another version of PDF/X": ("metadata-version", in_metadata(b"PDF/X-4", b"PDF/X-3")),
    "no time of change": ("metadata-times", in_metadata(b"xmp:ModifyDate", b"xmp:Modified")),
    "no title": ("metadata-title", in_metadata(b"Printed Matter", b"")),
    "no number of the document": (
        "metadata-identity",
        in_metadata(b"xmpMM:DocumentID", b"xmpMM:Other"),
    ),
    "not said whether trapped": ("metadata-trapped", in_metadata(b">False<", b">Unknown<")),
    "LZW": ("file-filter", compress_by_lzw),
}


BESIDES: dict[str, tuple[str, ...]] = {
    "a trim larger than the bleed": ("bleed", "trim-size"),
    "a bleed larger than the sheet": ("marks",),
}
"""What some damages break besides."""


def test_the_sound_file_breaks_no_rule(sound: bytes) -> None:
    assert preflight(sound) != ()  # it is told that its pages do not fill sheets of four
    assert broken(sound) == set()


@pytest.mark.parametrize("name", DAMAGES)
def test_every_damage_is_caught_by_its_rule_and_no_other(name: str, sound: bytes) -> None:
    rule, damage = DAMAGES[name]
    assert broken(damaged(sound, damage)) == {rule, *BESIDES.get(name, ())}


@pytest.mark.parametrize(
    ("rule", "spoil"),
    [
        ("file-sound", lambda data: data[: len(data) // 2]),
        ("file-sound", lambda _: b"no PDF at all"),
        ("file-version", lambda data: damaged(data, lambda _: None, version="1.7")),
        ("file-identifier", no_identifier),
    ],
)  # fmt: skip
def test_a_damaged_file_is_caught(rule: str, spoil: Callable[[bytes], bytes], sound: bytes) -> None:
    assert rule in broken(spoil(sound))


def test_an_encrypted_file_is_caught(sound: bytes) -> None:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(sound)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user="", R=4), force_version="1.6")
    assert "file-encryption" in broken(out.getvalue())


def rules_that_something_breaks() -> Iterator[str]:
    yield from (rule for rule, _ in DAMAGES.values())
    yield from ("file-sound", "file-version", "file-identifier", "file-encryption", "page-count")


UNTRIED = {"box-media", "overprint-mode", "overprint-text"}
"""A page without a MediaBox is no PDF that the library opens; the others are told of below."""


def test_every_rule_is_tried() -> None:
    assert set(rules_that_something_breaks()) | UNTRIED == set(RULES)


def test_text_that_overprints_in_colour_is_told(sound: bytes) -> None:
    def damage(pdf: pikepdf.Pdf) -> None:
        font = str(next(iter(last(pdf).Resources.Font.keys()))).encode()
        text = b"BT 0 1 1 0 k " + font + b" 20 Tf 100 300 Td (A) Tj ET"
        with_state(text, OP=True, op=True, OPM=1)(pdf)

    assert "overprint-text" in broken(damaged(sound, damage))


def test_an_icc_colour_that_overprints_by_mode_1_is_told(sound: bytes) -> None:
    def damage(pdf: pikepdf.Pdf) -> None:
        space = pikepdf.Array([pikepdf.Name.ICCBased, pdf.make_stream(b"x", N=4)])
        last(pdf).Resources.ColorSpace = pikepdf.Dictionary(Bad=space)
        with_state(b"/Bad cs 1 0 0 0 scn " + AREA, OP=True, op=True, OPM=1)(pdf)

    assert "overprint-mode" in broken(damaged(sound, damage))


def test_a_mark_in_the_slug_and_a_printers_annotation_outside_are_borne(sound: bytes) -> None:
    outside = annotate([-38, -38, -30, -30], "PrinterMark")
    assert broken(damaged(sound, outside)) == set()


def test_a_rule_names_where_it_is_written(sound: bytes) -> None:
    (breach,) = [b for b in preflight(damaged(sound, set_box("TrimBox", None)))
                 if b.rule.name == "box-trim"]  # fmt: skip
    assert breach.rule.clause == "ISO 15930-7, 6.12 (ISO 32000-1, 14.11.2)"
    assert breach.where.startswith("page ")


# --- The strangers -------------------------------------------------------------------------------


def test_ghostscript_and_qpdf_refuse_a_damaged_file(sound: bytes, tmp_path: Path) -> None:
    path = tmp_path / "cut.pdf"
    path.write_bytes(sound[: len(sound) * 2 // 3])
    for judge in (ghostscript, qpdf):
        (verdict,) = judge.validate([path])
        assert not verdict.passed, judge.TOOL


@pytest.mark.parametrize(
    ("ending", "flavour", "damage"),
    [
        (".pdf", "2a", change("OutputIntents", to=None)),
        (".pdf", "2a", change("StructTreeRoot", to=None)),
        (".pdf", "ua1", change("Lang", to=None)),
        (".pdf", "ua1", in_metadata(b"<pdfuaid:part>1<", b"<pdfuaid:part>9<")),
        (".archive.pdf", "3a", in_metadata(b"<pdfaid:part>3<", b"<pdfaid:part>2<")),
        (".archive.pdf", "3a",
         lambda pdf: [item.__delitem__("/AFRelationship") for item in pdf.Root.AF]),
    ],
)  # fmt: skip
def test_verapdf_refuses_what_falls_short(
    ending: str, flavour: str, damage: Damage, dist: Path, tmp_path: Path
) -> None:
    path = tmp_path / "short.pdf"
    path.write_bytes(damaged((dist / f"paper{ending}").read_bytes(), damage, version="1.7"))
    (verdict,) = verapdf.validate([path], flavours=[flavour])
    assert not verdict.passed
