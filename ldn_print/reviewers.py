"""Who may sign: ``reviewers.toml`` beside the handouts, or in a clinic's own folder of approvals.

A reviewer who has a key signs with it; what such a reviewer did not sign does not count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ldn_print.errors import LedgerError
from ldn_print.ledger import ROLES, Role
from ldn_print.tables import Table, read_toml

FILE = "reviewers.toml"
_ID = re.compile("[a-z0-9][a-z0-9-]{1,30}")
_KEY = re.compile(r"(ssh-ed25519|ecdsa-sha2-\S+|ssh-rsa|sk-\S+) [A-Za-z0-9+/=]+( .*)?")


@dataclass(frozen=True)
class Reviewer:
    """Somebody who may sign, for some roles; ``keys`` are public SSH keys, the newest first."""

    id: str
    name: str
    credential: str
    roles: tuple[Role, ...]
    keys: tuple[str, ...]


def load_reviewers(folder: Path) -> dict[str, Reviewer]:
    """Return the reviewers that a folder names, by their id; none where it has no list.

    Raises:
        LedgerError: the list cannot be read or has findings.
    """
    path = folder / FILE
    if not path.is_file():
        return {}
    found, findings = {}, []
    for key, row in read_toml(path, LedgerError).items():
        table = Table(str(path), row if isinstance(row, Mapping) else {}, prefix=f"{key}.")
        found[key] = _read_reviewer(table, key)
        findings += table.findings
    if findings:
        raise LedgerError.from_diagnostics(f"{path}: not usable", findings)
    return found


def _read_reviewer(table: Table, key: str) -> Reviewer:
    if not _ID.fullmatch(key):
        table.report("", f"{key!r} is no id", "Use 2 to 31 small letters, digits and hyphens.")
    roles, keys = table.texts("roles"), table.texts("keys")
    for role in roles:
        if role not in ROLES:
            table.report("roles", f"{role!r} is not one of the roles", f"Roles: {', '.join(ROLES)}.")
    if not roles:
        table.report("roles", "names no role", f"Roles: {', '.join(ROLES)}.")
    for public in keys:
        if not _KEY.fullmatch(public):
            table.report("keys", "holds no public SSH key", "Copy the line of a file such as id_ed25519.pub.")
    reviewer = Reviewer(key, table.text("name"), table.text("credential", ""), cast(tuple[Role, ...], roles), keys)
    table.finish()
    return reviewer
