"""Signed editions: what Triptych signs stock tools verify, and the other way round."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import REFERENCES, Desk
from hypothesis import given, settings
from hypothesis import strategies as st

from triptych import press
from triptych.cli import main
from triptych.commands.sign import PASSPHRASE
from triptych.diagnostics import ProofError, UsageError
from triptych.signing import Verification, sign_edition, verify_edition

NAMES = ("paper.edition.json", "paper.edition.json.sig", "paper.epub", "paper.html")


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys of all kinds, made by the tools that people make them with."""
    folder = tmp_path_factory.mktemp("keys")
    for kind in ("ed25519", "ecdsa", "rsa"):
        ssh_keygen("-q", "-t", kind, "-N", "", "-C", "press@example.org", "-f", str(folder / kind))
    ssh_keygen("-q", "-t", "ed25519", "-N", "open sesame", "-C", "", "-f", str(folder / "locked"))
    ssh_keygen("-q", "-t", "ed25519", "-N", "", "-C", "mallory", "-f", str(folder / "other"))
    for name in ("press", "stranger"):
        minisign("-G", "-W", "-p", str(folder / f"{name}.pub"), "-s", str(folder / f"{name}.key"))
    minisign(
        "-G", "-p", str(folder / "locked.mini.pub"), "-s", str(folder / "locked.key"),
        asked=b"open sesame\nopen sesame\n",
    )  # fmt: skip
    signer = (folder / "ed25519.pub").read_text()
    (folder / "allowed").write_text(
        f"# our signers\n\nothers@example.org {(folder / 'rsa.pub').read_text()}"
        f'*@example.org namespaces="file,triptych-*" {signer}'
    )
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small finished edition."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    desk.put("refs.json", REFERENCES)
    press.build(
        desk.paper("Sums [@lovelace1843].\n"), out=desk.folder / "dist", formats=["html", "epub"]
    )
    return desk.folder / "dist"


@pytest.fixture
def dist(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be signed and spoiled."""
    return Path(shutil.copytree(made, tmp_path / "dist"))


@pytest.fixture
def manifest(dist: Path) -> Path:
    return dist / "paper.edition.json"


def ssh_keygen(*words: str, message: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["ssh-keygen", *words], input=message, capture_output=True, check=True)


def minisign(*words: str, asked: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(["minisign", *words], input=asked, capture_output=True, check=True)


def unasked() -> str:
    raise AssertionError("nobody is asked for the passphrase of a key that has none")


def sign(manifest: Path, key: Path) -> Path:
    return sign_edition(manifest, key, unasked)


def verified(manifest: Path, key: Path | str, signer: str = "") -> Verification:
    found = verify_edition(manifest, str(key), signer)
    assert found.passed, found.damages
    return found


def refused(manifest: Path, key: Path | str, signer: str = "") -> str:
    """What is told of an edition that does not pass."""
    found = verify_edition(manifest, str(key), signer)
    assert not found.passed
    return "\n".join(map(str, found.damages))


# --- SSH -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_openssh_verifies_what_is_signed_with_an_ssh_key(
    kind: str, manifest: Path, keys: Path, tmp_path: Path
) -> None:
    signature = sign(manifest, keys / kind)
    assert signature.name == "paper.edition.json.sig"
    allowed = tmp_path / "allowed"
    allowed.write_text(f"press@example.org {(keys / f'{kind}.pub').read_text()}")
    said = ssh_keygen(
        "-Y", "verify", "-f", str(allowed), "-I", "press@example.org", "-n", "triptych-edition",
        "-s", str(signature), message=manifest.read_bytes(),
    )  # fmt: skip
    assert b"Good" in said.stdout
    assert verified(manifest, keys / f"{kind}.pub").signed[0].signer == "press@example.org"


@pytest.mark.parametrize("kind", ["ed25519", "ecdsa", "rsa"])
def test_what_openssh_signs_is_verified(kind: str, manifest: Path, keys: Path) -> None:
    ssh_keygen("-Y", "sign", "-n", "triptych-edition", "-f", str(keys / kind), str(manifest))
    told = verified(manifest, keys / f"{kind}.pub")
    assert told.signed[0].key.startswith("SSH key SHA256:")
    assert told.intact == ("paper.epub", "paper.html")


def test_signing_again_changes_nothing(manifest: Path, keys: Path) -> None:
    first = sign(manifest, keys / "ed25519").read_bytes()
    assert sign(manifest, keys / "ed25519").read_bytes() == first


@pytest.mark.usefixtures("agent")
def test_the_agents_key_signs_where_the_public_key_is_named(manifest: Path, keys: Path) -> None:
    public = manifest.parent / "elsewhere.pub"
    shutil.copy(keys / "ed25519.pub", public)
    with pytest.raises(UsageError, match="agent does not sign"):
        sign(manifest, public)
    subprocess.run(["ssh-add", "-q", keys / "ed25519"], check=True, capture_output=True)
    sign(manifest, public)
    verified(manifest, public)


@pytest.fixture
def agent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An SSH agent that holds no key yet."""
    said = subprocess.run(["ssh-agent", "-s"], capture_output=True, text=True, check=True).stdout
    for name, value in re.findall(r"(SSH_\w+)=([^;]+);", said):
        monkeypatch.setenv(name, value)
    yield
    subprocess.run(["ssh-agent", "-k"], capture_output=True, check=True)


def test_a_signer_is_found_among_allowed_signers(manifest: Path, keys: Path) -> None:
    sign(manifest, keys / "ed25519")
    assert verified(manifest, keys / "allowed").signed[0].signer == "*@example.org"
    assert verified(manifest, keys / "allowed", "press@example.org")
    assert "not trusted for press@example.com" in refused(
        manifest, keys / "allowed", "press@example.com"
    )


@pytest.mark.parametrize(
    ("line", "trusted"),
    [
        ("press@example.org {key}", True),
        ("press@example.org,print@example.org {key}", True),
        ('press@example.org namespaces="triptych-edition" {key}', True),
        ('press@example.org namespaces="git" {key}', False),
        ('press@example.org valid-before="20200101" {key}', False),
        ('press@example.org valid-after="20200101" {key}', True),
        ("press@example.org {other}", False),
    ],
)
def test_a_file_of_allowed_signers_means_what_it_means_to_openssh(
    line: str, trusted: bool, manifest: Path, keys: Path, tmp_path: Path
) -> None:
    key, other = ((keys / f"{name}.pub").read_text().strip() for name in ("ed25519", "other"))
    allowed = tmp_path / "allowed"
    allowed.write_text(line.format(key=key, other=other) + "\n")
    signature = sign(manifest, keys / "ed25519")
    openssh = subprocess.run(
        ["ssh-keygen", "-Y", "verify", "-f", allowed, "-I", "press@example.org",
         "-n", "triptych-edition", "-s", signature],
        input=manifest.read_bytes(), capture_output=True,
    )  # fmt: skip
    assert (openssh.returncode == 0) is trusted
    for signer in ("", "press@example.org"):
        assert verify_edition(manifest, str(allowed), signer).passed is trusted


def test_a_file_that_names_no_key_is_told(manifest: Path, keys: Path) -> None:
    sign(manifest, keys / "ed25519")
    nobody = manifest.parent / "nobody"
    for words in ("", "press@example.org\n", "press@example.org ssh-ed25519 AAAA\n", "x y z\n"):
        nobody.write_text(words)
        with pytest.raises(UsageError, match="no file of allowed signers"):
            verify_edition(manifest, str(nobody))


def test_a_signature_made_for_something_else_is_refused(manifest: Path, keys: Path) -> None:
    ssh_keygen("-Y", "sign", "-n", "git", "-f", str(keys / "ed25519"), str(manifest))
    assert "made for “git”" in refused(manifest, keys / "ed25519.pub")


def test_a_signature_by_a_key_not_trusted_is_refused_and_its_key_named(
    manifest: Path, keys: Path
) -> None:
    sign(manifest, keys / "other")
    known = ssh_keygen("-l", "-f", str(keys / "other.pub")).stdout.decode().split()[1]
    assert f"was made with SSH key {known}, which is not trusted" in refused(
        manifest, keys / "ed25519.pub"
    )


# --- minisign ------------------------------------------------------------------------------------


def test_minisign_verifies_what_is_signed_with_its_key(manifest: Path, keys: Path) -> None:
    assert sign(manifest, keys / "press.key").name == "paper.edition.json.minisig"
    said = minisign("-V", "-p", str(keys / "press.pub"), "-m", str(manifest)).stdout
    assert b"Signature and comment signature verified" in said
    key = verified(manifest, keys / "press.pub").signed[0].key
    assert key.removeprefix("minisign key ") in (keys / "press.pub").read_text()


@pytest.mark.parametrize("prehashed", [True, False])
def test_what_minisign_signs_is_verified(prehashed: bool, manifest: Path, keys: Path) -> None:
    words = [] if prehashed else ["-l"]
    minisign("-S", *words, "-s", str(keys / "press.key"), "-m", str(manifest))
    verified(manifest, keys / "press.pub")
    verified(manifest, (keys / "press.pub").read_text().splitlines()[1])


def test_a_minisign_signature_by_a_key_not_trusted_is_refused(manifest: Path, keys: Path) -> None:
    sign(manifest, keys / "stranger.key")
    assert "not the one trusted" in refused(manifest, keys / "press.pub")


def test_an_edition_may_be_signed_with_keys_of_both_kinds(manifest: Path, keys: Path) -> None:
    sign(manifest, keys / "ed25519")
    sign(manifest, keys / "press.key")
    verified(manifest, keys / "ed25519.pub")
    verified(manifest, keys / "press.pub")


# --- Passphrases ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "public"), [("locked", "locked.pub"), ("locked.key", "locked.mini.pub")]
)
def test_an_encrypted_key_signs_with_the_passphrase_in_the_environment(
    key: str, public: str, manifest: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PASSPHRASE, "open sesame")
    assert main(["sign", str(manifest), "--key", str(keys / key)]) == 0
    verified(manifest, keys / public)


def test_an_encrypted_key_does_not_sign_with_a_wrong_passphrase_or_none(
    manifest: Path, keys: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sign", str(manifest), "--key", str(keys / "locked")]
    assert main(words) == 2
    assert f"variable {PASSPHRASE}" in capsys.readouterr().err
    monkeypatch.setenv(PASSPHRASE, "open barley")
    assert main(words) == 2
    assert "Incorrect passphrase" in capsys.readouterr().err
    assert len(list(manifest.parent.iterdir())) == 3


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("nowhere", "cannot be read"),
        ("allowed", "neither an SSH key nor a minisign key"),
        ("press.pub", "cannot sign"),
    ],
)
def test_what_is_no_private_key_signs_nothing(
    key: str, why: str, manifest: Path, keys: Path
) -> None:
    with pytest.raises(UsageError, match=why):
        sign(manifest, keys / key)
    assert len(list(manifest.parent.iterdir())) == 3


@pytest.mark.parametrize("key", ["ed25519", "press.key"])
def test_a_private_key_is_not_taken_for_a_public_one(key: str, manifest: Path, keys: Path) -> None:
    sign(manifest, keys / key)
    with pytest.raises(UsageError, match="private key"):
        verify_edition(manifest, str(keys / key))


# --- What has changed ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def signed(made: Path, keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A signed edition, each byte of which is changed and restored."""
    folder = Path(shutil.copytree(made, tmp_path_factory.mktemp("signed") / "dist"))
    sign(folder / NAMES[0], keys / "ed25519")
    sign(folder / NAMES[0], keys / "press.key")
    return folder


@given(name=st.sampled_from(NAMES), at=st.integers(0), bit=st.integers(0, 7))
@settings(max_examples=300)
def test_one_flipped_bit_anywhere_is_noticed_and_its_file_named(
    signed: Path, keys: Path, name: str, at: int, bit: int
) -> None:
    path = signed / name
    sound = path.read_bytes()
    spoiled = bytearray(sound)
    spoiled[at % len(sound)] ^= 1 << bit
    path.write_bytes(spoiled)
    try:
        assert name in refused(signed / NAMES[0], keys / "ed25519.pub")
    finally:
        path.write_bytes(sound)
    verified(signed / NAMES[0], keys / "ed25519.pub")


@given(name=st.sampled_from((NAMES[0], "paper.edition.json.minisig")), at=st.integers(0))
@settings(max_examples=200)
def test_one_changed_byte_under_a_minisign_signature_is_noticed_too(
    signed: Path, keys: Path, name: str, at: int
) -> None:
    path = signed / name
    sound = path.read_bytes()
    # The first line of a minisign signature is a comment that nobody signs.
    first = sound.index(b"\n") if name.endswith(".minisig") else 0
    spoiled = bytearray(sound)
    spoiled[first + at % (len(sound) - first)] ^= 1
    path.write_bytes(spoiled)
    try:
        assert name in refused(signed / NAMES[0], keys / "press.pub")
    finally:
        path.write_bytes(sound)


def test_a_changed_file_is_told_with_both_digests(
    dist: Path, manifest: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(manifest, keys / "ed25519")
    expected = json.loads(manifest.read_text())["files"]["paper.html"]
    with (dist / "paper.html").open("ab") as file:
        file.write(b"\n")
    found = subprocess.run(["sha256sum", dist / "paper.html"], capture_output=True, text=True)
    assert main(["verify-signature", str(dist), "--key", str(keys / "ed25519.pub")]) == 3
    told = capsys.readouterr().err
    assert f"{dist}/paper.html has changed" in told
    assert expected in told
    assert found.stdout.split()[0] in told


def test_a_missing_file_and_a_missing_signature_are_told(manifest: Path, keys: Path) -> None:
    assert "no such key has signed" in refused(manifest, keys / "ed25519.pub")
    sign(manifest, keys / "ed25519")
    (manifest.parent / "paper.epub").unlink()
    assert "paper.epub is missing" in refused(manifest, keys / "ed25519.pub")


def test_a_file_put_beside_the_signed_ones_is_told(manifest: Path, keys: Path) -> None:
    sign(manifest, keys / "ed25519")
    (manifest.parent / "paper.docx").write_bytes(b"")
    (manifest.parent / "another-paper.html").write_bytes(b"")
    assert verified(manifest, keys / "ed25519.pub").uncovered == ("paper.docx",)


def test_an_edition_that_has_changed_is_not_signed(manifest: Path, keys: Path) -> None:
    (manifest.parent / "paper.html").write_bytes(b"<p>Something else")
    with pytest.raises(ProofError, match=r"paper\.html has changed"):
        sign(manifest, keys / "ed25519")
    assert len(list(manifest.parent.iterdir())) == 3


def test_a_manifest_that_names_files_elsewhere_is_none(manifest: Path, keys: Path) -> None:
    value = json.loads(manifest.read_text())
    value["files"]["../../paper.md"] = "0" * 64
    manifest.write_text(json.dumps(value))
    with pytest.raises(UsageError, match="other folders"):
        sign(manifest, keys / "ed25519")


# --- Builds --------------------------------------------------------------------------------------


def test_a_build_that_changes_nothing_keeps_the_signature_and_any_other_removes_it(
    desk: Desk, keys: Path
) -> None:
    out = desk.folder / "dist"
    paper = desk.paper("Sums [@lovelace1843].\n")
    press.build(paper, out=out, formats=["html"])
    manifest = out / "paper.edition.json"
    sign(manifest, keys / "ed25519")
    press.build(paper, out=out, formats=["html"])
    verified(manifest, keys / "ed25519.pub")
    press.build(desk.paper("More sums [@lovelace1843].\n"), out=out, formats=["html"])
    assert sorted(path.name for path in out.iterdir()) == ["paper.edition.json", "paper.html"]


def test_the_verdict_can_be_had_as_json(
    manifest: Path, keys: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sign(manifest, keys / "ed25519")
    words = ["verify-signature", str(manifest.parent), "--key", str(keys / "allowed"), "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["passed"]
    assert told["editions"][0]["intact"] == ["paper.epub", "paper.html"]
    assert told["editions"][0]["record"] == str(manifest)


# --- The manual ----------------------------------------------------------------------------------


def test_the_manuals_commands_do_what_it_says(dist: Path, keys: Path) -> None:
    manual = (Path(__file__).parents[1] / "docs" / "signatures.md").read_text(encoding="utf-8")
    script = "\n".join(re.findall(r"```sh\n(.*?)```", manual, re.S))
    home = dist.parent / "home"
    (home / ".ssh").mkdir(parents=True)
    for ending in ("", ".pub"):
        shutil.copy(keys / f"ed25519{ending}", home / ".ssh" / f"id_ed25519{ending}")
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=dist.parent,
        env={"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "HOME": str(home)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("signed by press@example.org") == 2
    assert 'Good "triptych-edition" signature for press@example.org' in done.stdout
    assert "paper.html: OK\n" in done.stdout
