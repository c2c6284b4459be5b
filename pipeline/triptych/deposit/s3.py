"""A store in S3-compatible storage.

There is no exchange of folders, so a new version comes in order: its files, at paths that no other
version uses; the root inventory, put on the condition that it still is the one the version was
made from; then what follows from it. Of two deposits at once one meets the condition, and the other
is told. A process killed on the way leaves the old version or the new one whole, and traces that
`leftovers` knows and the next deposit settles.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from triptych.deposit import inventory as ocfl
from triptych.deposit.leftovers import due_files, find_leftovers
from triptych.deposit.store import (
    DECLARATION,
    DECLARED,
    ROOT_FILES,
    Changed,
    StoreError,
    must_take_deposits,
)
from triptych.diagnostics import MachineError, UsageError

_REFUSED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
_ABSENT = ("NoSuchKey", "404")


class S3:
    """A storage root below a prefix of a bucket; see `Store` for what its methods do."""

    def __init__(self, where: str, endpoint: str | None = None) -> None:
        self.where, self.endpoint = where, endpoint
        bucket, _, prefix = where.removeprefix("s3://").partition("/")
        if not bucket:
            raise UsageError(f"{where} names no bucket: write s3://bucket/prefix")
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self._client = _client(endpoint)

    def paths(self, under: str = "") -> list[str]:
        """See `Store`."""
        prefix = self._prefix + (f"{under.strip('/')}/" if under else "")
        with self._told("read"):
            pages = self._client.get_paginator("list_objects_v2").paginate(
                Bucket=self._bucket, Prefix=prefix
            )
            keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
        return sorted(key.removeprefix(self._prefix) for key in keys)

    def read(self, path: str) -> bytes:
        """See `Store`."""
        return self._get(path)[0]

    def begin(self) -> None:
        """See `Store`."""
        must_take_deposits(self)
        if self._find(DECLARATION)[0] is not None:
            return
        for path, data in ROOT_FILES.items():
            self._put(path, data)

    def add(
        self, root: str, content: Mapping[str, bytes], inventory: bytes, replaced: bytes | None
    ) -> None:
        """See `Store`."""
        self._must_know_conditions()
        present, etag = self._find(f"{root}/{ocfl.FILE}")
        if present != replaced:
            raise Changed
        for path, data in content.items():
            if not self._create(f"{root}/{path}", data) and self.read(f"{root}/{path}") != data:
                raise StoreError(f"{self.where}: at {root}/{path} lies another file already")
        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        if not self._put(f"{root}/{ocfl.FILE}", inventory, **condition):
            raise Changed
        for path, data in due_files(inventory, ocfl.read_inventory(inventory)).items():
            self._put(f"{root}/{path}", data)
        self.settle(root)

    def settle(self, root: str) -> None:
        """See `Store`. Files of the version to come are left: another deposit may be at work."""
        left = find_leftovers(root, self.paths(root), self.read)
        for path, data in left.wanting.items():
            self._put(path, data)
        present, _ = self._find(f"{root}/{ocfl.FILE}") if left.debris else (None, "")
        taken = 0 if present is None else len(ocfl.read_inventory(present).versions)
        for path in left.debris:
            version = path.removeprefix(f"{root}/").partition("/")[0]
            if int(version[1:]) <= taken:
                with self._told("write"):
                    self._client.delete_object(Bucket=self._bucket, Key=self._prefix + path)

    def _must_know_conditions(self) -> None:
        """Without conditions, two deposits at once could undo each other."""
        if self._create(DECLARATION, DECLARED):
            raise StoreError(
                f"the service of {self.where} does not know conditional writes (If-None-Match), "
                "without which two deposits at once could harm each other: use another service"
            )

    def _find(self, path: str) -> tuple[bytes | None, str]:
        try:
            return self._get(path)
        except KeyError:
            return None, ""

    def _get(self, path: str) -> tuple[bytes, str]:
        with self._told("read"):
            try:
                got = self._client.get_object(Bucket=self._bucket, Key=self._prefix + path)
                return got["Body"].read(), got["ETag"]
            except self._client.exceptions.ClientError as error:
                if _code(error) in _ABSENT:
                    raise KeyError(path) from None
                raise

    def _create(self, path: str, data: bytes) -> bool:
        """Write a file unless there is one; tell whether it was written."""
        return self._put(path, data, IfNoneMatch="*")

    def _put(self, path: str, data: bytes, **condition: str) -> bool:
        """Write a file; tell whether its condition was met."""
        with self._told("write"):
            try:
                self._client.put_object(
                    Bucket=self._bucket, Key=self._prefix + path, Body=data, **condition
                )
            except self._client.exceptions.ClientError as error:
                if condition and _code(error) in _REFUSED:
                    return False
                raise
        return True

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise StoreError(f"cannot {what} the store {self.where}: {error}") from None


def _code(error: Any) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))


def _client(endpoint: str | None) -> Any:
    try:
        import boto3
        from botocore.config import Config
    except ImportError:
        raise MachineError(
            "stores at s3:// need the Python package boto3: install triptych[s3]"
        ) from None
    # Services other than Amazon's take no other form of address, and know no newer checksums.
    address = (
        endpoint or os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    )
    config = Config(
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path"} if address else {},
    )
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    try:
        return boto3.client("s3", endpoint_url=address, region_name=region, config=config)
    except ValueError as error:
        raise UsageError(f"--endpoint: {error}") from None
