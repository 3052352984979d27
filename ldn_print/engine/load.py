"""Brings the layout engine in: quickly, once, and only the version that was tested."""

from __future__ import annotations

import ctypes.util
import os
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from ldn_print.engine import fonts
from ldn_print.errors import PdfError

TESTED_VERSION = "70.0"
FONTS_VARIABLE = "FONTCONFIG_FILE"  # where the engine's libraries look up which fonts they may see

# On Linux the engine asks for its libraries by names that are only found by starting ldconfig, gcc and
# ld, more than fifty child processes in all. These are the names the loader knows by itself.
_SONAMES = {
    "gobject-2.0": "libgobject-2.0.so.0",
    "pango-1.0": "libpango-1.0.so.0",
    "pangoft2-1.0": "libpangoft2-1.0.so.0",
    "harfbuzz": "libharfbuzz.so.0",
    "harfbuzz-subset": "libharfbuzz-subset.so.0",
    "fontconfig": "libfontconfig.so.1",
}
_HOMEBREW = ("/opt/homebrew/lib", "/usr/local/lib")


@cache
def load_engine(cache_folder: Path) -> ModuleType:
    """Return the engine's module, mended and bound to our fonts.

    Args:
        cache_folder: where the list of fonts may be kept.

    Raises:
        PdfError: the engine or a library of the system is missing, or the version is not the tested one.
    """
    os.environ[FONTS_VARIABLE] = str(fonts.write_config(cache_folder))
    original = ctypes.util.find_library
    ctypes.util.find_library = _find_library
    try:
        import weasyprint
    except (ImportError, OSError) as problem:
        raise PdfError(
            f"the layout engine cannot start: {problem}\n  Run './ldn-print doctor': it names what is missing."
        ) from problem
    finally:
        ctypes.util.find_library = original
    if weasyprint.__version__ != TESTED_VERSION:
        raise PdfError(
            f"the layout engine is WeasyPrint {weasyprint.__version__}, tested is {TESTED_VERSION}\n"
            "  Install the locked version: delete the folder .venv and run './ldn-print' again."
        )
    from ldn_print.engine import cascade, pages, tagging, whole_text

    cascade.install()
    pages.install()
    tagging.install()
    whole_text.install()
    engine: ModuleType = weasyprint
    return engine


def _find_library(name: str) -> str | None:
    stem = name.removeprefix("lib")
    for known in (stem, stem.rsplit("-", 1)[0]):
        if known in _SONAMES:
            return _SONAMES[known] if sys.platform == "linux" else _find_homebrew(known)
    return None


def _find_homebrew(stem: str) -> str | None:
    """Return a library's place on macOS, where Python does not look into Homebrew's folder."""
    for folder in _HOMEBREW:
        path = Path(folder) / f"lib{stem}.dylib"
        if path.exists():
            return str(path)
    return None
