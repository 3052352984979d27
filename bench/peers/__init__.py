"""The same words set by others, to know what is fast: each peer that is installed, none that is not.

Not equal, and said so in bench/README.md: no checks, no page that has to come out even, no mended tags. Words,
fonts and paper are the same.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from bench.peers.fpdf import fpdf_cases
from bench.peers.typst import typst_cases
from ldn_print.languages import Language
from ldn_print.wording import Wording

_PACKAGES = {"typst": "pip install typst", "fpdf": "pip install fpdf2"}
_COMMANDS = {"chromium": "apt-get install chromium", "wkhtmltopdf": "apt-get install wkhtmltopdf"}
_CHROMIUM = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
)


def warm_cases(wording: Wording, language: Language, folder: Path) -> dict[str, Callable[[], object]]:
    """Return what a running process can time of the peers that are installed.

    Args:
        wording: the words to set.
        language: their language.
        folder: where sources may be written.
    """
    cases: dict[str, Callable[[], object]] = {}
    if typst := _load("typst"):
        cases |= typst_cases(typst, wording, language, folder)
    if fpdf := _load("fpdf"):
        cases |= fpdf_cases(fpdf, wording, language)
    return cases


def cold_cases(page: Path, folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the commands that print a page of HTML, for the peers that are installed.

    Args:
        page: the file in HTML.
        folder: where they may write.
    """
    cases: dict[str, tuple[str, ...]] = {}
    if program := shutil.which("chromium"):
        profile, target = f"--user-data-dir={folder / 'profile'}", f"--print-to-pdf={folder / 'chromium.pdf'}"
        cases["Chromium"] = (program, *_CHROMIUM, profile, target, page.as_uri())
    if program := shutil.which("wkhtmltopdf"):
        cases["wkhtmltopdf"] = (program, "-q", "-s", "Letter", str(page), str(folder / "wkhtmltopdf.pdf"))
    return cases


def missing_peers() -> Iterator[str]:
    """Yield for each peer that is not there how it can be had."""
    missing = [command for name, command in _PACKAGES.items() if _load(name) is None]
    missing += [command for name, command in _COMMANDS.items() if shutil.which(name) is None]
    yield from (f"a peer is not there and was not timed: {command}" for command in missing)


def _load(name: str) -> Any | None:
    try:
        return import_module(name)
    except ImportError:
        return None
