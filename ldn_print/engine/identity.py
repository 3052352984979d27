"""What stands for everything outside the library that can change a page: our code, the engine, fonts.

Read without starting the engine: packages by name, libraries and folders of fonts by size and time. A package
that is upgraded, a font that is added or a changed line of code makes another identity, and so every cached page
new.
"""

from __future__ import annotations

import hashlib
import os
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from ldn_print.engine.folders import FOLDERS

_PACKAGE = Path(__file__).resolve().parent.parent
LIBRARIES = ("libpango", "libharfbuzz", "libfontconfig", "libfreetype", "libfribidi", "libthai")
LIBRARY_FOLDERS = (Path("/usr/lib"), Path("/opt/homebrew/lib"), Path("/usr/local/lib"))


@cache
def engine_identity() -> str:
    """Return the digest of our code, of the engine's parts and of the fonts of this machine."""
    digest = hashlib.sha256(sys.version.encode())
    for part in (*read_code(), *_read_packages(), *_read_libraries(), *_read_fonts()):
        digest.update(part)
        digest.update(b"\0")
    return digest.hexdigest()


def read_code() -> Iterator[bytes]:
    """Yield the names and contents of all files of our code that can change a page."""
    for folder, names, files in os.walk(_PACKAGE):
        names[:] = sorted(name for name in names if name not in ("__pycache__", "library", "cli"))
        for name in sorted(files):
            yield name.encode()
            yield Path(folder, name).read_bytes()


def _read_packages() -> Iterator[bytes]:
    """Yield the names of all Python packages that are installed, which hold their versions."""
    names = os.listdir(sysconfig.get_path("purelib"))  # noqa: PTH208  # a list of names is all
    yield from (name.encode() for name in sorted(names) if name.endswith(".dist-info"))


def _read_libraries() -> Iterator[bytes]:
    yield from map(_state, library_files())


def library_files() -> Iterator[Path]:
    """Yield the files of the system's libraries that the engine is made of, by every name they have."""
    for folder in LIBRARY_FOLDERS:
        for place in (folder, *sorted(folder.glob("*-linux-gnu*"))):
            if place.is_dir():
                names = sorted(name for name in os.listdir(place) if name.startswith(LIBRARIES))  # noqa: PTH208
                yield from (place / name for name in names)


def _read_fonts() -> Iterator[bytes]:
    """Yield the state of each folder of fonts: it changes when a font comes, goes or is replaced."""
    for top in FOLDERS:
        for folder, names, _ in os.walk(top):
            names.sort()
            yield _state(Path(folder))


def _state(path: Path) -> bytes:
    state = path.stat()
    return f"{path} {state.st_size} {state.st_mtime_ns}".encode()
