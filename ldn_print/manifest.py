"""What a build made: a row for each file, beside the files, with no patient data.

`release` keeps such rows for good, together with the words that they name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ldn_print import __version__
from ldn_print.errors import ContentError, read_source
from ldn_print.files import locked, write_file
from ldn_print.models import Clinic, Words
from ldn_print.wording import digest_of

FILE = "manifest.json"
_SCHEMA = 1


@dataclass(frozen=True)
class Sheet:
    """A file that was made.

    ``path`` starts in the build's folder. ``sha256`` is empty for a copy that was filled in for a patient: its
    bytes are nobody's business. ``state`` is that of its words on the day it was made, ``signed`` the seals of the
    records that counted, ``clinic`` the digest of the clinic's profile.
    """

    path: str
    sha256: str
    code: str
    leaflet: str
    edition: str
    language: str
    paper: str
    format: str
    version: str
    state: str
    signed: tuple[str, ...]
    words: tuple[Words, ...]
    clinic: str
    made: date


def clinic_digest(clinic: Clinic) -> str:
    """Return the SHA-256 of everything of a clinic's profile that a page can show, in hexadecimal."""
    logo = hashlib.sha256(clinic.logo.data).hexdigest() if clinic.logo else ""
    shown = [clinic.country.code, clinic.decimal, clinic.paper, clinic.language, clinic.name, *clinic.address]
    return digest_of(json.dumps([*shown, clinic.phone, clinic.after_hours, logo, clinic.verify_url]))


def record_sheets(folder: Path, sheets: Iterable[Sheet]) -> None:
    """Write the rows of files that were made into the folder's manifest; rows of the same paths are replaced.

    Raises:
        ContentError: the manifest that is there cannot be read.
        OutputError: it cannot be written.
    """
    with locked(folder):
        path = folder / FILE
        rows = {row.path: row for row in (read_sheets(path) if path.is_file() else ())}
        rows |= {row.path: row for row in sheets}
        write_file(path, manifest_bytes({"files": [sheet_to_dict(rows[name]) for name in sorted(rows)]}))


def forget_sheets(folder: Path, paths: Iterable[str]) -> None:
    """Take the rows of files that are no longer there out of the folder's manifest.

    Raises:
        ContentError: the manifest cannot be read.
        OutputError: it cannot be written.
    """
    with locked(folder):
        path, gone = folder / FILE, set(paths)
        rows = read_sheets(path) if path.is_file() else ()
        if any(row.path in gone for row in rows):
            left = [sheet_to_dict(row) for row in rows if row.path not in gone]
            write_file(path, manifest_bytes({"files": left}))


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the rows of a manifest.

    Raises:
        ContentError: it cannot be read.
    """
    return read_manifest(path)[0]


def read_manifest(path: Path) -> tuple[tuple[Sheet, ...], dict[str, Any]]:
    """Return the rows of a manifest, and all that stands in it.

    Raises:
        ContentError: it cannot be read.
    """
    try:
        data = json.loads(read_source(path, ContentError))
        if data["schema"] != _SCHEMA:
            raise ContentError(
                f"{path}: has form {data['schema']}\n  Use the ldn-print that wrote it, or a newer one."
            )
        return tuple(_from_row(row) for row in data["files"]), data
    except (ValueError, KeyError, TypeError) as problem:
        raise ContentError(
            f"{path}: is no manifest that can be read ({type(problem).__name__}: {problem})\n"
            "  Put it back from a backup, or take it away and build again."
        ) from problem


def sheet_to_dict(sheet: Sheet) -> dict[str, Any]:
    """Return the row of a file as plain data."""
    return {**asdict(sheet), "made": sheet.made.isoformat()}


def _from_row(row: Mapping[str, Any]) -> Sheet:
    words = tuple(Words(**words) for words in row["words"])
    return Sheet(
        **{**row, "words": words, "signed": tuple(row["signed"]), "made": date.fromisoformat(row["made"])}
    )


def manifest_bytes(body: Mapping[str, Any]) -> bytes:
    """Return a manifest as it is written."""
    data = {"ldn_print": __version__, "report": "manifest", "schema": _SCHEMA, **body}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
