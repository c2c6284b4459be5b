"""Opening a PDF to be read: its bytes in, the document out, and one way to say that it is none."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf

from triptych.witness.reading import UnreadableError


@contextmanager
def opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    """A PDF, for as long as it is read.

    Raises UnreadableError where it is locked or no sound PDF, also if that shows only in reading.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            yield pdf
    except pikepdf.PasswordError:
        raise UnreadableError("it is locked by a password") from None
    except UnreadableError:
        raise
    except (
        pikepdf.PdfError, KeyError, TypeError, IndexError, AttributeError, ValueError
    ) as error:  # fmt: skip
        raise UnreadableError(f"it is no sound PDF ({error})") from None
