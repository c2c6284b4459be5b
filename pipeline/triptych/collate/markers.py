"""Markers beside a text, such as the number of a note: whether a reader sees what they say."""

from __future__ import annotations

from triptych.manifest import EditionManifest
from triptych.witness.reading import Beside


def unseen(manifest: EditionManifest, marker: Beside) -> str:
    """Why a marker is not seen, or is seen as another; empty where it is seen as it is read.

    Manifests of older Triptychs do not list the shapes of all markers.
    """
    if marker.unseen:
        return marker.unseen
    forms = manifest.letterforms or {}
    for shape in marker.shapes:
        others = [said for said, known in forms.items() if shape.digest in known.split()]
        if others and shape.said not in others:
            return f"“{shape.said}” in it is printed as “{others[0]}”"
    return ""
