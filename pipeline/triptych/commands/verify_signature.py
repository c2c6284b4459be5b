"""`triptych verify-signature`: a signed edition and a public key in, a verdict on both out."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from triptych.commands.output import Commands
from triptych.diagnostics import Exit
from triptych.printing import say, say_json

if TYPE_CHECKING:
    from triptych.signing import Verification

EXAMPLES = """\
examples:
  triptych verify-signature --key press.pub          an SSH or minisign public key
  triptych verify-signature --key RWTpG1QY...        a minisign public key itself
  triptych verify-signature out --key allowed_signers --signer press@example.org
                                                     as ssh-keygen(1) has it

exit codes:
  0  a trusted key signed the edition, and every file is as it was signed
  2  the command was called wrongly, or no edition manifest is there
  3  no trusted signature, or a file has changed
  70 a fault of Triptych's own
"""


def add(commands: Commands) -> None:
    """Add the command to the parser."""
    verify = commands.add_parser(
        "verify-signature",
        help="tell whether finished editions are as their publisher signed them",
        description="Verify the signature of finished editions, and compare every file with what "
        "was signed. Needs no network.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verify.add_argument(
        "path", nargs="?", default=Path("dist"), type=Path, metavar="DIR|MANIFEST",
        help="the folder of finished editions, or one edition manifest (default: dist)",
    )  # fmt: skip
    verify.add_argument(
        "--key", required=True, metavar="FILE|KEY",
        help="whom you trust: an SSH public key, a file of allowed signers, a minisign public key",
    )  # fmt: skip
    verify.add_argument(
        "--signer", default="", metavar="NAME",
        help="who must have signed, as the allowed signers name them (default: any of them)",
    )  # fmt: skip
    verify.add_argument("--json", action="store_true", help="print everything as one JSON document")
    verify.set_defaults(run=_run, held=Exit.PROOF)


def _run(args: argparse.Namespace) -> int:
    from triptych.signing import manifests_in, verify_edition

    manifests = manifests_in(args.path)
    verified = [verify_edition(manifest, args.key, args.signer) for manifest in manifests]
    passed = all(one.passed for one in verified)
    if args.json:
        told = {"passed": passed, "editions": [_as_json(one) for one in verified]}
        say_json(told, indent=1)
    else:
        for one in verified:
            _tell(one)
    return Exit.DONE if passed else Exit.PROOF


def _as_json(one: Verification) -> dict[str, object]:
    """A verification as JSON values; the path of the manifest is under `record`, as ever."""
    told = asdict(one)
    return {"record": str(told.pop("manifest")), **told, "passed": one.passed}


def _tell(one: Verification) -> None:
    for damage in one.damages:
        say(f"{one.manifest.parent / damage.file} {damage.message}", error=True)
        if damage.found:
            say(f"    SHA-256 expected  {damage.expected}", error=True)
            say(f"    SHA-256 found     {damage.found}", error=True)
    for name in one.uncovered:
        say(f"{one.manifest.parent / name} is no part of the signed edition", error=True)
    for signed in one.signed:
        say(f"{one.manifest}: {signed}")
    if one.passed:
        say(f"{', '.join(one.intact)}: as signed")
    else:
        say(f"{one.manifest}: not as signed, or not by whom you trust")
