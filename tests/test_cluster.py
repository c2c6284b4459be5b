"""Catalogues on a cluster: a real scheduler, workers that are killed, an S3-compatible store."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from test_catalogue import PAPER, WRONG, write_work
from test_command import triptych


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIPTYCH_CACHE", str(tmp_path / "cache"))


@pytest.fixture
def works(tmp_path: Path) -> Path:
    for number in range(1, 7):
        write_work(tmp_path / "works" / f"w{number}", PAPER, number)
    return tmp_path / "works"


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[str]:
    """The address of a scheduler, a process of its own."""
    file = tmp_path / "scheduler.json"
    running = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port",
         "0", "--no-dashboard", "--scheduler-file", str(file)],
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        while not file.exists() or not file.read_text():
            assert running.poll() is None
            time.sleep(0.1)
        yield json.loads(file.read_text())["address"]
    finally:
        running.kill()
        running.wait()


def worker(scheduler: str, tmp_path: Path, number: int) -> subprocess.Popen[bytes]:
    """A worker with one thread, in a session of its own. Nobody starts it again."""
    folder = tmp_path / f"worker{number}"
    return subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", scheduler, "--no-nanny",
         "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)],
        stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip


def bucket(service: str, name: str, source: Path | None = None) -> str:
    """A new bucket that holds the files of a folder; its URL."""
    client = boto3.client("s3", endpoint_url=service, region_name="us-east-1")
    client.create_bucket(Bucket=name)
    for path in source.rglob("*") if source else ():
        if path.is_file():
            client.upload_file(str(path), name, path.relative_to(source).as_posix())  # type: ignore[arg-type]
    return f"s3://{name}"


def stored(service: str, name: str) -> dict[str, bytes]:
    client = boto3.client("s3", endpoint_url=service, region_name="us-east-1")
    listed = client.list_objects_v2(Bucket=name).get("Contents", [])
    return {
        item["Key"]: client.get_object(Bucket=name, Key=item["Key"])["Body"].read()
        for item in listed
    }


def test_workers_that_are_killed_lose_nothing(
    works: Path, scheduler: str, service: str, tmp_path: Path
) -> None:
    source = bucket(service, "works", works)
    command = ["catalogue", "build", source, "--endpoint", service, "--to", "html"]
    calm = triptych(*command, "--out", bucket(service, "calm"), cwd=tmp_path)
    assert calm.returncode == 0, calm.stderr
    workers = [worker(scheduler, tmp_path, number) for number in range(2)]
    running = subprocess.Popen(
        [sys.executable, "-m", "triptych.cli", *command, "--out", bucket(service, "storm"),
         "--scheduler", scheduler, "--no-cache"],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stderr is not None
    try:
        for number in range(2, 5):
            assert "built" in running.stderr.readline()
            os.killpg(workers[-1].pid, signal.SIGKILL)
            workers.append(worker(scheduler, tmp_path, number))
        said = running.stderr.read()
        assert running.wait() == 0, said
    finally:
        for each in workers:
            each.kill()
            each.wait()
    kept = stored(service, "calm")
    assert len(kept) == 1 + 6 * 3
    assert {name: data for name, data in stored(service, "storm").items() if ".html" in name} == {
        name: data for name, data in kept.items() if ".html" in name
    }


def test_an_edition_in_a_store_is_replaced_whole(works: Path, service: str, tmp_path: Path) -> None:
    source, out = bucket(service, "sources", works), bucket(service, "editions")
    command = ["catalogue", "build", source, "--endpoint", service, "--to", "text", "--out", out]
    assert triptych(*command, cwd=tmp_path).returncode == 0
    before = stored(service, "editions")
    assert "6 unchanged" in triptych(*command, cwd=tmp_path).stderr
    client = boto3.client("s3", endpoint_url=service, region_name="us-east-1")
    for name, text in (("w1", PAPER.format(number=9)), ("w2", WRONG.format(number=2))):
        client.put_object(Bucket="sources", Key=f"{name}/paper.md", Body=text.encode())
    done = triptych(*command, cwd=tmp_path)
    assert (done.returncode, "1 built, 1 failed, 4 unchanged" in done.stderr) == (1, True)
    after = stored(service, "editions")
    current = json.loads(after["w1/current.json"])
    assert sorted(name for name in after if name.startswith("w1/")) == sorted(
        ["w1/current.json", *(f"w1/{current['folder']}/{file}" for file in current["files"])]
    )
    assert b"9" in after[f"w1/{current['folder']}/paper.txt"]
    assert {n: d for n, d in after.items() if n.startswith("w2/")} == {
        n: d for n, d in before.items() if n.startswith("w2/")
    }, "a work that fails keeps its edition"


def test_without_a_cache_works_in_stores_are_built_anew_and_nothing_is_kept(
    works: Path, service: str, tmp_path: Path
) -> None:
    source, out = bucket(service, "anew", works), bucket(service, "made")
    command = ["catalogue", "build", source, "--endpoint", service, "--to", "text", "--out", out]
    for _ in range(2):
        assert "6 built" in triptych(*command, "--no-cache", cwd=tmp_path).stderr
    assert not list((tmp_path / "cache").rglob("*"))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["works", "--scheduler", "tcp://127.0.0.1:9"], "no scheduler answers"),
        (["nowhere://works"], "names no store"),
        (["works", "--endpoint", "http://127.0.0.1:9"], "--endpoint is for stores"),
    ],
)
def test_what_cannot_be_reached_is_told(
    words: list[str], told: str, works: Path, tmp_path: Path
) -> None:
    assert works.is_dir()
    done = triptych("catalogue", "build", *words, cwd=tmp_path)
    assert (done.returncode, told in done.stderr) == (2, True), done.stderr
