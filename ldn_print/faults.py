"""Writes down a fault of our own, without anything that somebody typed."""

from __future__ import annotations

import platform
import traceback
from pathlib import Path

from ldn_print import __version__
from ldn_print.files import write_file

_FILE = "error.log"


def write_fault(cache_folder: Path) -> Path:
    """Write the exception that is being handled into a log that can be sent with a report, and return its place.

    Raises:
        OutputError: it cannot be written.
    """
    path = cache_folder / _FILE
    write_file(path, fault_text().encode())
    return path


def fault_text() -> str:
    """Return the exception that is being handled: places in our code, kinds of errors, no values."""
    head = f"ldn-print {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    return head + "".join(_without_values(traceback.format_exc()))


def _without_values(trace: str) -> list[str]:
    """Return a traceback without the text of the error, which might quote what somebody typed."""
    lines = trace.splitlines(keepends=True)
    return [line if line.startswith((" ", "Traceback")) else f"{line.split(':')[0].strip()}\n" for line in lines]
