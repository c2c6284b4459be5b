"""`triptych sign`: a finished edition and a private key in, a signature beside the edition out."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from triptych.commands.output import Commands, print_json
from triptych.diagnostics import Exit, UsageError
from triptych.printing import say

PASSPHRASE = "TRIPTYCH_PASSPHRASE"
"""The environment variable with a key's passphrase, where nobody can be asked."""

EXAMPLES = f"""\
examples:
  triptych sign --key ~/.ssh/id_ed25519          the editions in dist/
  triptych sign out --key ~/.ssh/id_ed25519.pub  with the private key in an SSH agent
  triptych sign --key press.key                  with a minisign key

The passphrase of an encrypted key is asked for, or taken from the variable {PASSPHRASE}.

exit codes:
  0  signed
  2  the command was called wrongly, or the key cannot be used
  3  a file is no longer as it was made; nothing was signed
  70 a fault of Triptych's own
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    sign = commands.add_parser(
        "sign",
        help="sign finished editions",
        description="Sign finished editions with an SSH or minisign key: the edition manifest, "
        "which names the SHA-256 of every finished file. The signature is put beside it.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sign.add_argument(
        "path", nargs="?", default=Path("dist"), type=Path, metavar="DIR|MANIFEST",
        help="the folder of finished editions, or one edition manifest (default: dist)",
    )  # fmt: skip
    sign.add_argument(
        "--key", required=True, type=Path, metavar="FILE",
        help="the private key; or the public key of an SSH key that an agent or a token holds",
    )  # fmt: skip
    sign.add_argument("--json", action="store_true", help="print what was written as JSON")
    sign.set_defaults(run=_run)


def _run(args: argparse.Namespace) -> int:
    from triptych.signing import manifests_in, sign_edition

    for manifest in manifests_in(args.path):
        signature = sign_edition(manifest, args.key, lambda: _passphrase(args.key))
        if args.json:
            print_json("signed", record=str(manifest), signature=str(signature))
        else:
            say(signature)
    return Exit.DONE


def _passphrase(key: Path) -> str:
    if PASSPHRASE in os.environ:
        return os.environ[PASSPHRASE]
    if not sys.stdin.isatty():
        raise UsageError(f"{key} is encrypted: give its passphrase in the variable {PASSPHRASE}")
    from getpass import getpass

    return getpass(f"Passphrase of {key}: ")
