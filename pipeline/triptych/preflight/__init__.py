"""The preflight: is a PDF fit for a press, as PDF/X-4 and printers' custom want it?

`content` tells what the pages paint, `rules` what is asked and where it is written, the modules
`document`, `spaces`, `page`, `syntax` and `paint` hold the file against it. Nothing here knows how
the file was made.
"""

from triptych.preflight.run import Breach, preflight

__all__ = ["Breach", "preflight"]
