"""Triptych as a library: a handful of functions, found on the package."""

from __future__ import annotations

from pathlib import Path

import triptych

SOURCE = Path(__file__).parents[1] / "source"


def test_the_way_can_be_walked_step_by_step() -> None:
    for style in ("apa", "ieee"):
        edition, warnings = triptych.resolve_source(triptych.read_source(SOURCE, style))
        assert warnings == ()
        assert edition.style_name == style
        assert triptych.render_edition(edition, "html").startswith(b"<!DOCTYPE html>")


def test_no_public_name_is_hidden_by_a_module() -> None:
    modules = {path.stem for path in Path(triptych.__file__).parent.iterdir()}
    assert not modules & set(triptych.__all__)
    assert all(getattr(triptych, name) is not None for name in triptych.__all__)
