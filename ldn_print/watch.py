"""Tells when somebody saved a source: files of the library and of the clinic, by when they were written."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ldn_print.project import Library

_BESIDE_SOURCES = ("releases", "__pycache__")


def read_stamps(library: Library, others: Iterable[Path] = ()) -> dict[Path, int]:
    """Return when each source was last saved, in ns.

    Args:
        library: its handouts, templates and locales.
        others: files, and folders with all that lies in them; what is not there is left out.
    """
    roots = (library.locales, library.templates, library.handouts, *others)
    return dict(stamp for root in roots for stamp in _stamps(root))


def find_changed(before: Mapping[Path, int], now: Mapping[Path, int]) -> frozenset[Path]:
    """Return what was saved, added or removed between two looks."""
    return frozenset(path for path in before.keys() | now.keys() if before.get(path) != now.get(path))


def _stamps(root: Path) -> Iterator[tuple[Path, int]]:
    try:
        if root.is_file():
            yield root, root.stat().st_mtime_ns
            return
        for entry in os.scandir(root):
            if entry.is_dir():
                if entry.name not in _BESIDE_SOURCES:
                    yield from _stamps(Path(entry.path))
            elif not entry.name.startswith("."):
                yield Path(entry.path), entry.stat().st_mtime_ns
    except OSError:
        return  # an editor replaces a file by removing it first


def stamp_of(library: Library, *others: Path | None) -> str:
    """Return a digest of when each source was last saved: it changes when anything was.

    Args:
        library: its handouts, templates and locales.
        others: files and folders of the clinic; None where it has none.
    """
    rows = sorted((str(path), saved) for path, saved in read_stamps(library, filter(None, others)).items())
    return hashlib.sha256(repr(rows).encode()).hexdigest()
