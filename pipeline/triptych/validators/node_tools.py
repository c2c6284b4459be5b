"""The validators that come from npm, installed by the lock file in `node/`. Out: their folder."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from triptych.diagnostics import MachineError
from triptych.installation import installed_file
from triptych.validators.process import NODE, NODE_TOOLS, program, run
from triptych.validators.verdict import ValidatorError

LISTED = Path(__file__).with_name("node")
"""The folder that lists them with their versions, for npm."""


def install(*, timeout: float = 1800) -> Path:
    """Install Ace, axe, Nu and the DTDs of JATS where the validators are looked for.

    No script of theirs runs: the only ones would download browsers, and the system has one.

    Args:
        timeout: seconds it may take.

    Raises:
        MachineError: there is no npm, or it could not install them.
    """
    folder = NODE_TOOLS.parent
    try:
        npm = program("npm", "npm", NODE)
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", "package-lock.json"):
            shutil.copyfile(installed_file(LISTED / name), folder / name)
        options = ["--ignore-scripts", "--no-audit", "--no-fund"]
        path = f"{npm.parent}:{os.environ.get('PATH', os.defpath)}"
        run(
            "npm",
            [npm, "ci", "--prefix", folder, *options],
            timeout=timeout,
            room=None,
            env={**os.environ, "PATH": path},
        )
    except (ValidatorError, OSError) as error:
        raise MachineError(f"the validators cannot be installed: {error}") from None
    return NODE_TOOLS
