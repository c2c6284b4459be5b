"""Fuzz the readers of files from outside, each for the same share of the time.

    PYTHONPATH=tests python -m fuzz [--seconds N] [TARGET...]

Each reader runs in a process of its own under atheris (libFuzzer), guided by the lines of Triptych
that its bytes reach. What it has learnt stays in `build/fuzz/`; what breaks a promise goes into
`tests/fuzz/findings/`. Exit code 1 where anything was found.
"""

from __future__ import annotations

import argparse
import re
import resource
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
LEARNT = HERE.parents[1] / "build" / "fuzz"
MEMORY = 3 * 2**29
"""Bytes that docs/untrusted.md lets any work take, with what Python and atheris need."""


def main() -> None:
    """Fuzz all targets, or those named; or be the process of one."""
    if sys.argv[1:2] == ["--one"]:
        fuzz(sys.argv[2], float(sys.argv[3]))
        return
    from fuzz.targets import TARGETS

    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("--seconds", type=float, default=600, help="for all targets together")
    parser.add_argument("targets", nargs="*", choices=[*TARGETS, []], metavar="TARGET")
    args = parser.parse_args()
    names = args.targets or list(TARGETS)
    found = [name for name in names if not is_clean(name, args.seconds / len(names))]
    if found:
        sys.exit(f"found in {', '.join(found)}: see {HERE / 'findings'}")


def is_clean(name: str, seconds: float) -> bool:
    """Fuzz one target; print what was found, and whether anything was."""
    command = [sys.executable, "-m", "fuzz", "--one", name, str(seconds)]
    ran = subprocess.run(command, capture_output=True, text=True, errors="replace")
    done = re.findall(r"^Done (\d+) runs", ran.stdout + ran.stderr, re.M)
    print(f"{name:14} {done[-1] if done else 'a finding after some':>8} runs", flush=True)
    if ran.returncode:
        print(ran.stdout[-2000:], ran.stderr[-4000:], sep="\n", flush=True)
    return not ran.returncode


def fuzz(name: str, seconds: float) -> None:
    """Fuzz one target in this process, until something is found or the time is over."""
    import atheris

    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    with atheris.instrument_imports(include=["triptych"]):
        from fuzz.targets import try_out
    learnt, findings = LEARNT / name, HERE / "findings" / name
    for folder in (learnt, findings):
        folder.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={max(1, round(seconds))}", "-timeout=600", "-report_slow_units=600",
        "-max_len=20000",
        "-rss_limit_mb=1536", f"-artifact_prefix={findings}/",
    ]  # fmt: skip
    folders = [str(learnt), str(HERE / "seeds" / name)]
    atheris.Setup([sys.argv[0], *options, *folders], lambda data: try_out(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
