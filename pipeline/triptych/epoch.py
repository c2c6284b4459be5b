"""SOURCE_DATE_EPOCH: the environment in, the moment that stands for the clock's out.

It is what build systems set so that builds can be repeated (reproducible-builds.org).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime

from triptych.diagnostics import UsageError

EPOCH_VARIABLE = "SOURCE_DATE_EPOCH"


def source_date_epoch() -> int | None:
    """The seconds since 1970 that the variable holds; None where it is not set.

    Raises UsageError where it holds something else.
    """
    value = os.environ.get(EPOCH_VARIABLE)
    if not value:
        return None
    try:
        epoch = int(value)
        datetime.fromtimestamp(epoch, UTC)
        if epoch < 0 or not value.isascii() or not value.isdigit():
            raise ValueError
    except (ValueError, OverflowError, OSError):
        raise UsageError(
            f"{EPOCH_VARIABLE} is {value!r}: set it to seconds since 1970, or unset it"
        ) from None
    return epoch
