"""A shelf for what was made: entries by the digest of everything that made them.

What is damaged is thrown away and made anew, never served; what was not used for longest goes first.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ldn_print.errors import OutputError
from ldn_print.files import write_file

FOLDER = "pages"
MOST_BYTES = 500_000_000
_TRIMMED = 0.8  # of the most that may be kept: what stays when room is made


class Shelf:
    """A folder of entries by the digest of what made them: each a head in JSON, and the bytes that belong to it.

    Args:
        folder: where it lies; entries of several processes do not harm each other.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, key: str) -> tuple[dict[str, Any], bytes] | None:
        """Return an entry; None where there is none, or where it is damaged."""
        path = self._path(key)
        try:
            line, _, data = path.read_bytes().partition(b"\n")
            head: dict[str, Any] = json.loads(line)
            if head.pop("key") != key or head.pop("sha256") != hashlib.sha256(data).hexdigest():
                raise ValueError("damaged")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            with contextlib.suppress(OSError):
                path.unlink()
            return None
        with contextlib.suppress(OSError):
            os.utime(path)  # what was used last is thrown away last
        return head, data

    def put(self, key: str, head: Mapping[str, Any], data: bytes) -> None:
        """Keep an entry; a folder that cannot be written only costs time."""
        line = json.dumps({**head, "key": key, "sha256": hashlib.sha256(data).hexdigest()}, ensure_ascii=False)
        with contextlib.suppress(OutputError):
            write_file(self._path(key), line.encode() + b"\n" + data)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / key


def digest_of_parts(*parts: str) -> str:
    """Return the digest of some texts, none of which can be taken for another."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode()
        digest.update(len(data).to_bytes(8) + data)
    return digest.hexdigest()


def digest_of_file(path: Path) -> str:
    """Return the digest of a file; a word of its own for one that is missing, and for one that cannot be read.

    Whoever then reads such a file tells the person about it, in the words of what was to be read.
    """
    if not path.is_file():
        return "missing"
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return "unreadable"


@dataclass(frozen=True)
class Usage:
    """How much is kept."""

    entries: int
    size: int


def read_usage(cache_folder: Path) -> Usage:
    """Return how much is kept in this program's folder, in files and bytes."""
    sizes = [state.st_size for _, state in _entries(cache_folder)]
    return Usage(len(sizes), sum(sizes))


def trim(cache_folder: Path, most: int = MOST_BYTES) -> int:
    """Throw away what was not used for longest until there is room again; return how many files went."""
    entries = sorted(_entries(cache_folder / FOLDER), key=lambda row: row[1].st_mtime_ns)
    left = sum(state.st_size for _, state in entries)
    if left <= most:
        return 0
    return _throw_away(path for path, state in _until(entries, left - round(most * _TRIMMED)))


def clear(cache_folder: Path) -> int:
    """Throw everything away that can be made again; return how many files went."""
    return _throw_away(path for path, _ in _entries(cache_folder))


def _until(entries: Iterable[tuple[Path, os.stat_result]], wanted: int) -> Iterator[tuple[Path, os.stat_result]]:
    for path, state in entries:
        if wanted <= 0:
            return
        wanted -= state.st_size
        yield path, state


def _throw_away(paths: Iterable[Path]) -> int:
    gone = 0
    for path in list(paths):
        with contextlib.suppress(OSError):
            path.unlink()
            gone += 1
    return gone


def _entries(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place, name)
            with contextlib.suppress(OSError):
                yield path, path.stat()
