"""Long works as they are written at universities, made when a test asks for them.

A voice (`voices/`) has the sentences, headings, names and words of one language and genre, all
invented. `write_work` composes them into a work of 30 to 100 printed pages: chapters and sections,
lists within lists, tables over pages and wider than pages, tall figures, formulas, code, long
notes, and a bibliography of a hundred works of all types; or only its first chapters. The same
voice always makes the same bytes. `python -m theses` builds all of them in three styles and has all
validators judge them.
"""

from __future__ import annotations

from theses.thesis import write_work
from theses.voice import VOICES

NAMES = sorted(path.stem for path in VOICES.glob("*.toml"))

__all__ = ["NAMES", "write_work"]
