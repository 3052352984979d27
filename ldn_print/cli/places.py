"""Places that the environment may name: the library, the cache."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ldn_print.project import Library, find_library

if TYPE_CHECKING:
    from ldn_print.press import Press


def library() -> Library:
    """Return the library: ``LDN_PRINT_LIBRARY`` names a folder, else the one beside or in the package.

    Raises:
        ProjectError: there is none.
    """
    named = os.environ.get("LDN_PRINT_LIBRARY")
    return find_library(Path(named) if named else None)


def press() -> Press:
    """Return a press over the library, for commands that look at sources and know no clinic.

    Raises:
        ProjectError: there is no library.
    """
    from ldn_print.clinic import default_clinic
    from ldn_print.press import Press, Settings

    return Press(Settings(library(), default_clinic(), cache_folder()))


def cache_folder() -> Path:
    """Return this program's folder for things that can be made again (the XDG rule)."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "ldn-print"
