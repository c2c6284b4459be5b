"""The renderers at work: formats side by side, what needs most time in a process of its own.

In: an `Edition` and the names of formats. Out: their bytes, the pages they are made of, their look.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from triptych.edition import Edition, Image
from triptych.formats import FORMATS, load
from triptych.limits import Limits
from triptych.manifest import Appearance, Around, Picture
from triptych.steps import STEPS, Listener, Step, step
from triptych.worker import outcome, worker

if TYPE_CHECKING:
    from triptych.render.pdf.outputs import Outputs


@dataclass(frozen=True, slots=True)
class Rendered:
    """The bytes of each format, what they show beside the text, and the pages, where any were set.

    What holds the proof of the others is not among the files: it is made when they are proven.
    """

    files: dict[str, bytes]
    appearance: Appearance
    around: Around
    pictures: tuple[Picture, ...]
    outputs: Outputs | None = None


def load_engines(formats: Iterable[str]) -> None:
    """Import what takes long, so that forked processes have it at once."""
    for form in (FORMATS[name] for name in formats):
        load(form.read)
        if form.engine:
            load(form.engine)()


def render_edition(edition: Edition, name: str) -> bytes:
    """Render one format of an edition by itself.

    HTML and EPUB then know of no printed pages, and the archive's PDF carries no files.
    """
    form = FORMATS[name]
    render = load(form.render)
    made: bytes
    if form.paged:
        from triptych.render.pdf.outputs import render_outputs

        outputs = render_outputs(edition, [name])
        pages = outputs.paged.pages
        made = render(edition, pages, ()) if form.needs == "proof" else outputs.files[name]
    elif form.needs == "breaks":
        made = render(load(form.draft)(edition), (), {})
    else:
        made = render(edition)
    return made


def render_all(
    edition: Edition, formats: Sequence[str], limits: Limits, listener: Listener
) -> Rendered:
    """Render the formats, but for those that need the proof of the others.

    `limits` are those of the process that sets the pages: LimitError is raised where it goes over.
    """
    from triptych.render.appearance import appearance_of
    from triptych.render.contents import around_text
    from triptych.render.pictures import pictures_of

    if not any(FORMATS[name].paged for name in formats):
        files: dict[str, bytes] = {}
        drafts: dict[str, Any] = {}
        for name in formats:
            with step(name, listener):
                if FORMATS[name].needs == "breaks":
                    drafts[name] = load(FORMATS[name].draft)(edition)
                    files[name] = load(FORMATS[name].render)(drafts[name], (), {})
                else:
                    files[name] = render_edition(edition, name)
        appearance, pictures = appearance_of(edition, False), pictures_of(edition, _cover(drafts))
        return Rendered(files, appearance, around_text(edition), pictures)
    return _render_with_pages(edition, formats, limits, listener)


def _render_with_pages(
    edition: Edition, formats: Sequence[str], limits: Limits, listener: Listener
) -> Rendered:
    """Set the pages in another process; make here what need not wait for them, then the rest."""
    from triptych.render.appearance import appearance_of
    from triptych.render.contents import around_text
    from triptych.render.pdf.outputs import render_outputs
    from triptych.render.pictures import pictures_of

    files: dict[str, bytes] = {}
    drafts: dict[str, Any] = {}
    with worker(limits) as pool:
        listener(Step("pdf", "begun"))
        began = time.perf_counter()
        setting: Future[Outputs] = pool.submit(render_outputs, edition, formats)
        for name in formats:
            if FORMATS[name].needs == "edition":
                with step(name, listener):
                    files[name] = render_edition(edition, name)
            elif FORMATS[name].needs == "breaks":
                drafts[name] = load(FORMATS[name].draft)(edition)
        appearance = appearance_of(edition, with_print=True)
        around, pictures = around_text(edition), pictures_of(edition, _cover(drafts))
        outputs = outcome(pool, setting, limits, STEPS["pdf"])
        listener(Step("pdf", "done", time.perf_counter() - began))
    for name, draft in drafts.items():
        with step(name, listener):
            breaks, places = outputs.paged.breaks, outputs.paged.places
            files[name] = load(FORMATS[name].render)(draft, breaks, places)
    files |= outputs.files
    made = {name: files[name] for name in formats if name in files}
    return Rendered(made, appearance, around, pictures, outputs)


def _cover(drafts: Mapping[str, Any]) -> Image | None:
    """The picture on the cover of the e-book, where one is being made."""
    return next((one.cover for name, one in drafts.items() if name == "epub"), None)
