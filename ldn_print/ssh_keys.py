"""Signs and checks texts with SSH keys, through ``ssh-keygen -Y``: no cryptography of our own."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ldn_print.errors import LedgerError

NAMESPACE = "approval@ldn_print"
_PROGRAM = "ssh-keygen"


def sign_text(text: str, key: Path) -> str:
    """Return an SSH signature of a text, armoured.

    Args:
        text: what is signed.
        key: the file of a private key, or of a public one whose private half an agent holds.

    Raises:
        LedgerError: there is no such program or key, or the key was not opened.
    """
    done = _run(["-Y", "sign", "-q", "-f", str(key), "-n", NAMESPACE], text)
    if done.returncode or not done.stdout.startswith("-----BEGIN SSH SIGNATURE-----"):
        reason = done.stderr.strip().splitlines()[-1:] or ["no signature came back"]
        raise LedgerError(
            f"{key}: cannot sign: {reason[0]}\n  Name your private key with --key, and its passphrase."
        )
    return done.stdout


@lru_cache(maxsize=4096)
def is_signed(text: str, signature: str, signer: str, keys: Sequence[str]) -> bool:
    """Tell whether a signature was made over a text with one of a signer's keys.

    Raises:
        LedgerError: the program that checks signatures is not there.
    """
    with tempfile.TemporaryDirectory(prefix="ldn-print-") as folder:
        allowed, written = Path(folder) / "allowed", Path(folder) / "signature"
        allowed.write_text("".join(f"{signer} {key}\n" for key in keys), encoding="utf-8")
        written.write_text(signature, encoding="utf-8")
        where = ["-f", str(allowed), "-I", signer, "-n", NAMESPACE, "-s", str(written)]
        return _run(["-Y", "verify", "-q", *where], text).returncode == 0


def _run(arguments: Sequence[str], text: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603  # a fixed program, no shell
            [_PROGRAM, *arguments], input=text, capture_output=True, text=True, check=False, encoding="utf-8"
        )
    except FileNotFoundError:
        raise LedgerError(
            f"{_PROGRAM}: is not there, and a record is signed with an SSH key\n"
            "  Install it: apt install openssh-client."
        ) from None
