"""The preflight: is a PDF fit for a press, by PDF/X-4 and printers' practice?

`content` finds what the pages paint, `rules` lists what is required and where that is written. The
modules `document`, `spaces`, `page`, `syntax` and `paint` check the file. Nothing here knows how
the file was made.
"""

from triptych.preflight.run import Breach, preflight

__all__ = ["Breach", "preflight"]
