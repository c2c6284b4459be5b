"""`triptych install-validators`: the validators that come from npm, beside the Python packages."""

from __future__ import annotations

import argparse

from triptych.commands.output import Commands
from triptych.diagnostics import Exit
from triptych.printing import say

NOTES = """\
They are put beside the Python packages that Triptych runs with. The others come with the Python
packages of triptych[validators], and with the system: a Java development kit, JAXB, Chromium,
Ghostscript and qpdf. docs/checking.md tells what each needs.

exit codes:
  0  done
  2  the command was called wrongly
  70 a fault of Triptych's own, or npm is missing or failed
"""


def add(commands: Commands) -> None:
    """Tell the parser of the command."""
    install = commands.add_parser(
        "install-validators",
        help="install the validators that come from npm",
        description="Install the validators that come from npm: Ace, axe, the Nu Html Checker and "
        "the DTD of JATS.",
        epilog=NOTES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    install.set_defaults(run=_run, json=False, quiet=False)


def _run(_: argparse.Namespace) -> int:
    from triptych.validators.node_tools import install

    say(install())
    return Exit.DONE
