"""Markers beside a text, such as the number of a note: whether a reader sees what they say."""

from __future__ import annotations

from triptych.manifest import EditionManifest
from triptych.witness.reading import Beside


def unseen(manifest: EditionManifest, marker: Beside) -> str:
    """Why a marker is not seen, or is seen as another; empty where it is seen as it is read.

    Manifests of older Triptychs do not list the shapes of markers.
    """
    if marker.unseen or manifest.ledger.text.items is None:
        return marker.unseen
    for shape in marker.shapes:
        known = (manifest.letterforms or {}).get(shape.said, "").split()
        if known and shape.digest not in known:
            return f"“{shape.said}” in it is printed as another shape than its own"
    return ""
