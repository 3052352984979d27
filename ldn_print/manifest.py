"""What a build made: a row for each file, beside the files, with no patient data.

Released, the rows go to a folder of their own together with the words that they name, so that a sheet can be
looked up by its code, on any day, without the sources that it was made from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ldn_print import __version__
from ldn_print.errors import ContentError, read_source
from ldn_print.files import locked, write_file
from ldn_print.languages import get_language
from ldn_print.models import Clinic
from ldn_print.sources import Sources
from ldn_print.wording import Wording, Words, digest_of

FILE = "manifest.json"
WORDS = "words"
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


@dataclass(frozen=True)
class Release:
    """Rows of one release, with what the words of each message were.

    ``sections`` gives for each digest of words the digests of their sections, ``carried`` the ids of their
    messages; ``messages`` the text of each id in each language.
    """

    path: Path
    sheets: tuple[Sheet, ...]
    sections: Mapping[str, Mapping[str, str]]
    carried: Mapping[str, tuple[str, ...]]
    messages: Mapping[str, Mapping[str, str]]

    def text(self, digest: str) -> str:
        """Return released words; empty where they are not kept, or are no longer what they were."""
        path = self.path.parent / WORDS / f"{digest}.txt"
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        return text if digest_of(text) == digest else ""


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
        write_file(path, _to_json({"files": [sheet_to_dict(rows[name]) for name in sorted(rows)]}))


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the rows of a manifest.

    Raises:
        ContentError: it cannot be read.
    """
    return _read(path)[0]


def read_release(path: Path) -> Release:
    """Return a release, or a build's manifest as one that kept no words.

    Raises:
        ContentError: it cannot be read.
    """
    sheets, data = _read(path)
    words = data.get("words", {})
    return Release(
        path=path,
        sheets=sheets,
        sections={digest: row["sections"] for digest, row in words.items()},
        carried={digest: tuple(row["messages"]) for digest, row in words.items()},
        messages=data.get("messages", {}),
    )


def _read(path: Path) -> tuple[tuple[Sheet, ...], dict[str, Any]]:
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


def _to_json(body: Mapping[str, Any]) -> bytes:
    data = {"ldn_print": __version__, "report": "manifest", "schema": _SCHEMA, **body}
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def find_altered(folder: Path, sheets: Iterable[Sheet]) -> Iterator[Sheet]:
    """Yield the files of a build's folder that are no longer what the build made."""
    for sheet in sheets:
        path = folder / sheet.path
        if sheet.sha256 and (not path.is_file() or _hash(path.read_bytes()) != sheet.sha256):
            yield sheet


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def release(sources: Sources, folder: Path, shelf: Path) -> Release:
    """Keep what a build made: its rows and the words that they name, in a folder that outlives the build's.

    Args:
        sources: the library that the build was made from.
        folder: where the build wrote.
        shelf: the folder of releases.

    Raises:
        ContentError: there is no manifest, a file was changed, or the words are no longer those of the library.
        OutputError: a file cannot be written.
    """
    path = folder / FILE
    if not path.is_file():
        raise ContentError(f"{path}: is not there\n  Name the folder that 'ldn-print build' wrote to.")
    sheets = read_sheets(path)
    altered = [sheet.path for sheet in find_altered(folder, sheets)]
    if altered:
        fact = f"{folder}: not what the build made: {', '.join(altered[:5])}"
        raise ContentError(f"{fact}\n  Build again, then release.")
    wordings = {words.digest: _find_wording(sources, words) for sheet in sheets for words in sheet.words}
    tags = sorted({wording.language for wording in wordings.values()} | {"en"})
    body = {
        "files": [sheet_to_dict(sheet) for sheet in sheets],
        "words": {
            key: {"sections": row.sections, "messages": row.messages} for key, row in sorted(wordings.items())
        },
        "messages": {tag: _messages(sources, tag, wordings.values()) for tag in tags},
    }
    data = _to_json(body)
    made = max((sheet.made for sheet in sheets), default=date.min)
    for digest, wording in wordings.items():
        write_file(shelf / WORDS / f"{digest}.txt", wording.text.encode(), is_lasting=True)
    target = shelf / f"{made}-{_hash(data)[:8]}.json"
    write_file(target, data, is_lasting=True)
    return read_release(target)


def _find_wording(sources: Sources, words: Words) -> Wording:
    found = sources.wording(words.as_leaflet, get_language(words.language))
    if found.digest != words.digest:
        fact = f"{words.leaflet} in {words.language}: the words changed since the build"
        raise ContentError(f"{fact}\n  Build again, then release.")
    return found


def _messages(sources: Sources, tag: str, wordings: Iterable[Wording]) -> dict[str, str]:
    """Return the texts of a language's messages by their id; English has those of every language."""
    wanted = {name for row in wordings if tag in ("en", row.language) for name in row.messages}
    catalog = sources.catalogs.get(get_language(tag))
    texts = {}
    for message in (*sources.extractor.library, *sources.extractor.personal):
        if message.key.id in wanted:
            texts[message.key.id] = (
                message.key.text if catalog is None else catalog.entries[message.key].strings[0]
            )
    return dict(sorted(texts.items()))


def read_shelf(shelf: Path) -> tuple[Release, ...]:
    """Return every release of a folder, the newest first.

    Raises:
        ContentError: one of them cannot be read.
    """
    return tuple(read_release(path) for path in sorted(shelf.glob("*.json"), reverse=True))
