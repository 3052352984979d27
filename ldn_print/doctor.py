"""Looks at the machine: what is missing, and the command that mends it."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ldn_print.engine import fonts
from ldn_print.engine.load import TESTED_VERSION
from ldn_print.errors import OutputError
from ldn_print.files import prepare_folder

_MIN_PYTHON = (3, 11)
# Libraries that the layout engine loads, with the Debian package that brings each.
_LIBRARIES = {
    "libgobject-2.0.so.0": "libpango-1.0-0",
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz.so.0": "libpango-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
    "libfontconfig.so.1": "fontconfig",
}


@dataclass(frozen=True)
class Check:
    """One thing that has to be there. ``remedy`` is the command that mends it."""

    name: str
    fact: str
    good: bool
    remedy: str = ""


def examine(cache_folder: Path) -> Iterator[Check]:
    """Yield what was found on this machine, good or not."""
    yield _check_python()
    yield _check_engine()
    yield from _check_libraries()
    yield from _check_fonts()
    yield _check_cache(cache_folder)


def _check_python() -> Check:
    good = sys.version_info >= _MIN_PYTHON
    return Check("Python", sys.version.split()[0], good, "" if good else "apt-get install python3 python3-venv")


def _check_engine() -> Check:
    try:
        found = version("weasyprint")
    except PackageNotFoundError:
        found = "missing"
    good = found == TESTED_VERSION
    return Check("WeasyPrint", found, good, "" if good else "rm -r .venv, then ./ldn-print doctor")


def _check_libraries() -> Iterator[Check]:
    if sys.platform != "linux":
        return
    for library, package in _LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            yield Check(library, "missing", good=False, remedy=f"apt-get install {package}")
        else:
            yield Check(library, "found", good=True)


def _check_fonts() -> Iterator[Check]:
    missing = fonts.missing_families()
    for family, package in fonts.families().items():
        if family in missing:
            yield Check(f"font {family}", "missing", good=False, remedy=f"apt-get install fontconfig {package}")
        else:
            yield Check(f"font {family}", "found", good=True)


def _check_cache(folder: Path) -> Check:
    try:
        prepare_folder(folder)
    except OutputError:
        return Check("cache folder", f"{folder} cannot be written", good=False, remedy=f"chown $USER {folder}")
    return Check("cache folder", str(folder), good=True)
