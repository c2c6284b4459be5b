"""Opening a PDF: its bytes in, the document out, and one error for what is not a PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf

from triptych.witness.reading import UnreadableError


@contextmanager
def opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    """A PDF, open while it is read.

    Raises UnreadableError if it is locked or not a sound PDF, even if only reading it shows that.
    """
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            yield pdf
    except pikepdf.PasswordError:
        raise UnreadableError("it is locked by a password") from None
    except UnreadableError:
        raise
    except (
        pikepdf.PikepdfError, KeyError, TypeError, IndexError, AttributeError, ValueError
    ) as error:  # fmt: skip
        raise UnreadableError(f"it is not a sound PDF ({error})") from None
