"""The document as a whole: file, metadata, output intent, and what its objects may contain."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pikepdf

from triptych.preflight.spaces import breaches_of_spaces
from triptych.witness.xml_root import xml_root

Told = tuple[str, str, str]
"""A rule's name, the place, and what is wrong there."""

_SPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
    "pdfxid": "http://www.npes.org/pdfx/ns/id/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_ICC_SPACES = {b"CMYK": ("CMYK", 4), b"GRAY": ("grey", 1), b"RGB ": ("RGB", 3)}
_BLENDS = frozenset(
    """/Normal /Compatible /Multiply /Screen /Overlay /Darken /Lighten /ColorDodge /ColorBurn
    /HardLight /SoftLight /Difference /Exclusion /Hue /Saturation /Color /Luminosity""".split()
)


INTENTS = frozenset("/AbsoluteColorimetric /RelativeColorimetric /Saturation /Perceptual".split())
"""Rendering intents (ISO 32000-1, 8.6.5.8)."""
UNFIT_FILTERS = frozenset("/LZWDecode /LZW /Crypt".split())
_LEAST_SIDE, _MOST_SIDE = 3.0, 14400.0
"""How short and how long a page may be, in units of user space (C.2)."""
_MOST_OBJECTS = 8_388_607


def breaches_of_document(pdf: pikepdf.Pdf, data: bytes) -> Generator[Told, None, str]:
    """What is wrong with the document; returns the colour space of its printing condition."""
    yield from _file(pdf, data)
    yield from _metadata(pdf)
    intent = yield from _intent(pdf)
    yield from _catalogue(pdf)
    yield from _limits(pdf)
    yield from breaches_of_spaces(pdf)
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            where = f"object {item.objgen[0]}"
            for name, message in _object(item, intent):
                yield name, where, message
    return intent


def _file(pdf: pikepdf.Pdf, data: bytes) -> Iterator[Told]:
    for problem in pdf.check_pdf_syntax():
        yield "file-sound", "", str(problem)
    header = data[:8].decode("latin-1")
    if not header.startswith("%PDF-1.") or header[7:8] not in "0123456":
        yield "file-version", "", f"the header says {header.strip()}"
    if pdf.is_encrypted:
        yield "file-encryption", "", "the file is encrypted"
    identifier: Any = pdf.trailer.get("/ID")
    if not isinstance(identifier, pikepdf.Array) or len(identifier) != 2:
        yield "file-identifier", "", "there is no ID"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[Told]:
    stream: Any = pdf.Root.get("/Metadata")
    if stream is None:
        yield "metadata", "", "there are none"
        return
    if "/Filter" in stream:
        yield "metadata", "", "they are compressed"
    try:
        root = xml_root(stream.read_bytes().strip(b"\0 \n\r\t"))
    except ET.ParseError as error:
        yield "metadata", "", f"they are not well-formed XML: {error}"
        return
    version = _told(root, "pdfxid", "GTS_PDFXVersion")
    if version != "PDF/X-4":
        yield "metadata-version", "", f"they say {version or 'nothing'}"
    for name in ("CreateDate", "ModifyDate", "MetadataDate"):
        if not _told(root, "xmp", name):
            yield "metadata-times", "", f"there is no xmp:{name}"
    title = root.find(f".//{{{_SPACES['dc']}}}title//{{{_SPACES['rdf']}}}li")
    if title is None or not (title.text or "").strip():
        yield "metadata-title", "", "there is no dc:title"
    for name in ("DocumentID", "VersionID", "RenditionClass"):
        if not _told(root, "xmpMM", name):
            yield "metadata-identity", "", f"there is no xmpMM:{name}"
    trapped = _told(root, "pdf", "Trapped")
    if trapped not in ("True", "False"):
        yield "metadata-trapped", "", f"they say {trapped or 'nothing'}"
    known = {
        "/Title": "" if title is None else (title.text or "").strip(),
        "/CreationDate": _digits(_told(root, "xmp", "CreateDate")),
        "/ModDate": _digits(_told(root, "xmp", "ModifyDate")),
        "/Trapped": trapped if trapped in ("True", "False") else "",
    }
    info: Any = pdf.docinfo
    for name, said in known.items():
        told = str(info.get(name, "")).strip().removeprefix("/")
        told = _digits(told) if name.endswith("Date") else told
        if told and said and told != said:
            yield "metadata-agree", "", f"{name[1:]} is “{told}”, and in XMP “{said}”"


def _digits(moment: str) -> str:
    """A time in PDF or XMP, from year to second."""
    return "".join(sign for sign in moment if sign.isdecimal())[:14]


def _told(root: ET.Element, space: str, name: str) -> str:
    """A simple property of XMP, as an element or attribute."""
    key = f"{{{_SPACES[space]}}}{name}"
    for element in root.iter():
        if element.tag == key:
            return (element.text or "").strip()
        if key in element.attrib:
            return element.attrib[key].strip()
    return ""


def _intent(pdf: pikepdf.Pdf) -> Generator[Told, None, str]:
    """What is wrong with the output intent; returns its colour space, or nothing."""
    intents: Any = pdf.Root.get("/OutputIntents", [])
    ours = [intent for intent in intents if intent.get("/S") == "/GTS_PDFX"]
    if len(ours) != 1:
        yield "intent-one", "", f"there are {len(ours)}"
        return ""
    intent = ours[0]
    if not str(intent.get("/OutputConditionIdentifier", "")).strip():
        yield "intent-condition", "", "there is no OutputConditionIdentifier"
    profile = intent.get("/DestOutputProfile")
    if not isinstance(profile, pikepdf.Stream):
        yield "intent-profile", "", "there is no DestOutputProfile"
        return ""
    data = profile.read_bytes()
    space, channels = _ICC_SPACES.get(data[16:20], ("", 0))
    if data[36:40] != b"acsp" or data[12:16] != b"prtr" or not space:
        yield "intent-profile", "", "it is no ICC profile of an output device"
    elif int(profile.get("/N", 0)) != channels:
        yield "intent-profile", "", f"N is {profile.get('/N')}, and the profile is for {space}"
    elif data[8] > 4 or int.from_bytes(data[:4], "big") != len(data):
        yield "intent-profile", "", "the profile is of another version, or cut short"
    return space


def _catalogue(pdf: pikepdf.Pdf) -> Iterator[Told]:
    root: Any = pdf.Root
    if "/OpenAction" in root and isinstance(root.OpenAction, pikepdf.Dictionary):
        yield "action", "", "an action on opening"
    if "/AA" in root:
        yield "action", "", "actions of the document"
    if "/JavaScript" in root.get("/Names", {}):
        yield "action", "", "JavaScript"
    if len(root.get("/AcroForm", {}).get("/Fields", [])):
        yield "action", "", "a form"
    if "/XFA" in root.get("/AcroForm", {}):
        yield "form", "", "XFA"
    if "/EmbeddedFiles" in root.get("/Names", {}):
        yield "embedded", "", "the catalogue names embedded files"
    if "/AlternatePresentations" in root.get("/Names", {}):
        yield "presentation", "", "the catalogue names other presentations"
    for name in ("/ViewArea", "/ViewClip", "/PrintArea", "/PrintClip"):
        area = root.get("/ViewerPreferences", {}).get(name, "/BleedBox")
        if area not in ("/BleedBox", "/MediaBox"):
            yield "viewer", "", f"{name[1:]} is the {str(area)[1:]}"
    layers = root.get("/OCProperties")
    if layers is not None:
        if "/D" not in layers:
            yield "layers", "", "there is no default configuration"
        for config in [layers.get("/D", {}), *layers.get("/Configs", [])]:
            if "/AS" in config:
                yield "layers", "", "AS switches layers by event"
            if "/Configs" in layers and not str(config.get("/Name", "")):
                yield "layers", "", "a configuration has no name"


def _object(item: Any, intent: str) -> Iterator[tuple[str, str]]:
    if isinstance(item, pikepdf.Stream):
        filters: Any = item.get("/Filter", [])
        for name in filters if isinstance(filters, pikepdf.Array) else [filters]:
            if str(name) in UNFIT_FILTERS:
                yield "file-filter", str(name)
            if name == "/JPXDecode":
                yield from _jpeg_2000(item)
        if item.get("/Type") == "/EmbeddedFile":
            yield "embedded", "an embedded file"
        intent_of = str(item.get("/Intent", "/Perceptual"))
        if item.get("/Subtype") == "/Image" and intent_of not in INTENTS:
            yield "rendering-intent", intent_of[1:]
        if item.get("/Subtype") == "/PS" or item.get("/Subtype2") == "/PS" or "/PS" in item:
            yield "postscript", "a PostScript object"
        if "/OPI" in item:
            yield "reference", "OPI"
        if "/Ref" in item and item.get("/Subtype") == "/Form":
            yield "reference", "a form of another file"
        if "/F" in item and item.get("/Type") != "/EmbeddedFile":
            yield "reference", "a stream in another file"
        for other in item.get("/Alternates", []):
            if other.get("/DefaultForPrinting"):
                yield "alternate", "a picture is printed in place of another"
        group = item.get("/Group")
        if group is not None:
            yield from _group(group, intent)
    if item.get("/Type") in ("/Action",) or (item.get("/S") == "/JavaScript" and "/JS" in item):
        yield "action", f"an action, {item.get('/S')}"
    if item.get("/Type") == "/Page" and "/Group" in item:
        yield from _group(item["/Group"], intent)
    for state in [item, *_states(item)]:
        yield from _state(state)


def _jpeg_2000(item: Any) -> Iterator[tuple[str, str]]:
    """Channels and depth, from the header of a JP2 file (ISO/IEC 15444-1, I.5.3.1)."""
    header = item.read_raw_bytes().partition(b"ihdr")[2][:12]
    if len(header) < 12:
        yield "jpeg-2000", "it has no header that tells of its channels"
        return
    channels, depth = int.from_bytes(header[8:10], "big"), header[10]
    if channels not in (1, 3, 4):
        yield "jpeg-2000", f"it has {channels} channels"
    if depth == 255:
        yield "jpeg-2000", "its channels are of several depths"


def _limits(pdf: pikepdf.Pdf) -> Iterator[Told]:
    if len(pdf.objects) > _MOST_OBJECTS:
        yield "limit", "", f"there are {len(pdf.objects)} objects"
    for number, page in enumerate(pdf.pages, 1):
        left, bottom, right, top = (float(edge) for edge in page.mediabox)
        for side in (right - left, top - bottom):
            if not _LEAST_SIDE <= abs(side) <= _MOST_SIDE:
                yield "limit", f"page {number}", f"a side of {abs(side):g} units"


def _states(item: Any) -> Iterator[Any]:
    found = item.get("/ExtGState")
    found = item.get("/Resources", {}).get("/ExtGState") if found is None else found
    if isinstance(found, pikepdf.Dictionary):
        yield from (state for state in found.values() if not state.is_indirect)


def _group(group: Any, intent: str) -> Iterator[tuple[str, str]]:
    space = group.get("/CS")
    known = {
        "CMYK": ("/DeviceCMYK", "/DeviceGray"),
        "grey": ("/DeviceGray",),
        "RGB": ("/DeviceRGB", "/DeviceGray"),
    }.get(intent, ())
    device = isinstance(space, pikepdf.Name) and str(space).startswith("/Device")
    if intent and device and space not in known:
        yield "group", f"a group blends in {str(space)[1:]}"


def _state(state: Any) -> Iterator[tuple[str, str]]:
    """What is wrong with a graphics state parameter dictionary, or anything with such entries."""
    if state.get("/Type") not in (None, "/ExtGState"):
        return
    if "/TR" in state and "/S" not in state:  # a soft mask may have its own
        yield "transfer", "TR"
    if "/TR2" in state and state["/TR2"] != "/Default":
        yield "transfer", "TR2"
    halftone = state.get("/HT")
    if isinstance(halftone, pikepdf.Dictionary | pikepdf.Stream):
        if halftone.get("/HalftoneType") not in (1, 5):
            yield "halftone", f"type {halftone.get('/HalftoneType')}"
        if "/HalftoneName" in halftone:
            yield "halftone", "it has a name"
    if str(state.get("/RI", "/Perceptual")) not in INTENTS:
        yield "rendering-intent", str(state["/RI"])[1:]
    modes = state.get("/BM", pikepdf.Name("/Normal"))
    for mode in modes if isinstance(modes, pikepdf.Array) else [modes]:
        if isinstance(mode, pikepdf.Name) and str(mode) not in _BLENDS:
            yield "blend", str(mode)[1:]
