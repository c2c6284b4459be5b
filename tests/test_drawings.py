"""Drawings: PDF, EPS and TIFF turned into what all editions carry."""

from __future__ import annotations

from pathlib import Path

import pytest

from triptych.resolve.drawings import NotTurned, turned

FIGURES = Path(__file__).parent / "corpus" / "figures"


@pytest.mark.parametrize("name", ["curve.pdf", "square.eps"])
def test_lines_stay_lines(name: str) -> None:
    done = turned((FIGURES / name).read_bytes())
    assert done is not None
    assert b"<path" in done.data
    assert b"<image" not in done.data


@pytest.mark.parametrize("name", ["curve.pdf", "square.eps", "gradient.tiff"])
def test_a_figure_is_turned_into_the_same_bytes_again(name: str) -> None:
    data = (FIGURES / name).read_bytes()
    assert turned(data) == turned(data)


def test_pixels_stay_pixels() -> None:
    done = turned((FIGURES / "gradient.tiff").read_bytes())
    assert done is not None
    assert done.data.startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "data", [b"%PDF-1.4 torn", b"%!PS-Adobe\nnonsense\n", b"II*\0torn", b"\x1f\x8btorn"]
)
def test_a_broken_figure_is_told(data: bytes) -> None:
    with pytest.raises(NotTurned):
        turned(data)


def test_without_pdftocairo_lines_become_pixels_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "")
    done = turned((FIGURES / "curve.pdf").read_bytes())
    assert done is not None
    assert done.data.startswith(b"\x89PNG")
    assert "pdftocairo" in done.pixels


def test_without_ghostscript_eps_is_refused_with_a_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(NotTurned) as refused:
        turned((FIGURES / "square.eps").read_bytes())
    assert "ghostscript" in refused.value.hint
