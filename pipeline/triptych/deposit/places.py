"""Addresses of stores: an address in, the store there out."""

from __future__ import annotations

import re

from triptych.deposit.disk import Disk
from triptych.deposit.store import Store
from triptych.diagnostics import UsageError


def open_store(where: str, endpoint: str | None = None) -> Store:
    """The store at a folder, or at `s3://bucket/prefix` of the service at `endpoint` (a URL).

    Raises UsageError for an address that is neither, MachineError if S3 support is missing.
    """
    if where.startswith("s3://"):
        from triptych.deposit.s3 import S3  # boto3 takes long to load, and may be absent

        return S3(where, endpoint)
    if re.match(r"[a-z][a-z0-9+.-]+://", where):
        raise UsageError(f"{where} is neither a folder nor s3://bucket/prefix")
    if endpoint is not None:
        raise UsageError("--endpoint is for stores at s3://bucket/prefix")
    return Disk(where)
