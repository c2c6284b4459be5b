"""A store in S3-compatible storage.

Folders cannot be exchanged, and one write changes one file. So a new version's files are written to
the staging place. A single conditional write decides on the version, if no other version was
decided on. The version is `pending` until the service has copied everything to its place. Of two
deposits at once, only one meets the condition. If a process is killed, the next deposit completes
or removes what it left.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from triptych.deposit import inventory as ocfl
from triptych.deposit.pending import decide, settle, staged
from triptych.deposit.store import (
    DECLARATION,
    DECLARED,
    ROOT_FILES,
    Changed,
    StoreError,
    must_fit,
    must_take_deposits,
)
from triptych.diagnostics import MachineError, UsageError

_REFUSED = ("PreconditionFailed", "ConditionalRequestConflict", "412", "409")
_ABSENT = ("NoSuchKey", "404")
_AT_ONCE = 8  # fewer than boto3 has connections


class S3:
    """A storage root below a prefix of a bucket; `Store` describes its methods."""

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

    def odd(self, under: str = "") -> Mapping[str, str]:  # noqa: ARG002 - as on disk
        """See `Store`: a service holds files and nothing else."""
        return {}

    def begin(self) -> None:
        """See `Store`."""
        must_take_deposits(self)
        if self._find(DECLARATION)[0] is not None:
            return
        for path, data in ROOT_FILES.items():
            self._put(path, data)

    def settle(self) -> None:
        """See `Store`. Staged files of a new version may belong to another deposit."""
        settle(self)

    def add(
        self, root: str, content: Mapping[str, bytes], inventory: bytes, replaced: bytes | None
    ) -> None:
        """See `Store`."""
        self._must_know_conditions()
        if self._find(f"{root}/{ocfl.FILE}")[0] != replaced:
            raise Changed
        _at_once(lambda path: self._put(staged(root, path), content[path]), content)
        decide(self, root, inventory, replaced)

    def put(self, path: str, data: bytes, former: bytes | None) -> bool:
        """See `Writable`."""
        if former is None:
            return self._create(path, data)
        present, etag = self._find(path)
        return present == former and self._put(path, data, IfMatch=etag)

    def copy(self, places: Mapping[str, str]) -> None:
        """See `Writable`."""
        _at_once(lambda source: self._copy(source, places[source]), places)

    def remove(self, paths: list[str]) -> None:
        """See `Writable`."""
        _at_once(self._remove, paths)

    def _must_know_conditions(self) -> None:
        """Without conditional writes, two deposits at once could undo each other."""
        for condition in ({"IfNoneMatch": "*"}, {"IfMatch": '"of no file"'}):
            if self._put(DECLARATION, DECLARED, **condition):
                raise StoreError(
                    f"the service of {self.where} does not know conditional writes (If-None-Match, "
                    "If-Match), without which two deposits at once could harm each other: use "
                    "another service"
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
                must_fit(path, got["ContentLength"])
                return got["Body"].read(), got["ETag"]
            except self._client.exceptions.ClientError as error:
                if _code(error) in _ABSENT:
                    raise KeyError(path) from None
                raise

    def _create(self, path: str, data: bytes) -> bool:
        """Write a file unless there is one; return whether it was written."""
        return self._put(path, data, IfNoneMatch="*")

    def _put(self, path: str, data: bytes, **condition: str) -> bool:
        """Write a file; return whether the condition was met."""
        with self._told("write"):
            try:
                self._client.put_object(
                    Bucket=self._bucket, Key=self._prefix + path, Body=data, **condition
                )
            except self._client.exceptions.ClientError as error:
                if condition and _code(error) in (*_REFUSED, *_ABSENT):
                    return False
                raise
        return True

    def _copy(self, source: str, to: str) -> None:
        """Have the service copy a file."""
        with self._told("write"):
            try:
                self._client.copy_object(
                    Bucket=self._bucket, Key=self._prefix + to,
                    CopySource={"Bucket": self._bucket, "Key": self._prefix + source},
                )  # fmt: skip
            except self._client.exceptions.ClientError as error:
                if _code(error) in _ABSENT:
                    raise KeyError(source) from None
                raise

    def _remove(self, path: str) -> None:
        with self._told("write"):
            self._client.delete_object(Bucket=self._bucket, Key=self._prefix + path)

    @contextmanager
    def _told(self, what: str) -> Iterator[None]:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except (BotoCoreError, ClientError) as error:
            raise StoreError(f"cannot {what} the store {self.where}: {error}") from None


def _at_once(action: Callable[[str], object], paths: Iterable[str]) -> None:
    """Apply a function to each path, several at a time."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for _ in pool.map(action, paths):
            pass


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
    # Services other than Amazon's need this form of address, and lack the newer checksums.
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
