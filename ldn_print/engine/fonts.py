"""Decides which fonts the engine sees: the families of the language registry and no others.

The machine's other fonts would make the same source look different elsewhere, and would fill a
missing glyph in silence with something nobody has looked at.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from ldn_print.engine.folders import FOLDERS
from ldn_print.errors import OutputError
from ldn_print.files import write_file
from ldn_print.languages import all_languages


def families() -> dict[str, str]:
    """Return every font family of the registry with the system package that brings it."""
    return {
        font: language.script.package for language in all_languages().values() for font in language.script.fonts
    }


@lru_cache(maxsize=16)
def write_config(cache_folder: Path, more: frozenset[str] = frozenset()) -> Path:
    """Return a fontconfig file that accepts just our families; it is written when it is not there.

    Args:
        cache_folder: where it is kept; when that cannot be written, a new temporary folder serves.
        more: families of a page in a language that the registry does not have.
    """
    accepted = (*families(), *sorted(more - families().keys()))
    try:
        return _write_into(cache_folder / "fonts", accepted)
    except OutputError:
        return _write_into(Path(tempfile.mkdtemp(prefix="ldn-print-")), accepted)


def _write_into(folder: Path, accepted: tuple[str, ...]) -> Path:
    text = _config(folder / "cache", accepted)
    path = folder / f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:16]}.conf"
    if not path.is_file():
        write_file(path, text.encode())
    return path


def _config(cache: Path, accepted: tuple[str, ...]) -> str:
    folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in FOLDERS if folder.is_dir())
    patterns = "".join(
        f'<pattern><patelt name="family"><string>{escape(family)}</string></patelt></pattern>'
        for family in accepted
    )
    rejected = "".join(
        f'<pattern><patelt name="scalable"><bool>{value}</bool></patelt></pattern>' for value in ("true", "false")
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        f"{folders}<cachedir>{escape(str(cache))}</cachedir>"
        f"<selectfont><acceptfont>{patterns}</acceptfont><rejectfont>{rejected}</rejectfont></selectfont>"
        "</fontconfig>\n"
    )


def font_files(cache_folder: Path, more: frozenset[str]) -> tuple[Path, ...]:
    """Return the files that the engine may take letters from; none where fontconfig's ``fc-list`` is missing.

    Args:
        cache_folder: where the list of fonts may be kept.
        more: families beside those of the registry.
    """
    found = shutil.which("fc-list")
    if not found:
        return ()
    config = write_config(cache_folder, more)
    command = ["/usr/bin/env", f"FONTCONFIG_FILE={config}", found, "--format", "%{file}\n"]
    listed = subprocess.run(  # noqa: S603  # found on the path just above
        command, capture_output=True, text=True, check=False
    ).stdout
    return tuple(Path(line) for line in sorted(set(listed.splitlines())) if line)


def missing_families() -> dict[str, str]:
    """Return the families that this machine does not have, with the package that brings each."""
    if not shutil.which("fc-list"):
        return families()
    listed = subprocess.run(
        ["fc-list", "--format", "%{family}\n"],  # noqa: S607  # found on the path just above
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    installed = {name.strip() for line in listed.splitlines() for name in line.split(",")}
    return {family: package for family, package in families().items() if family not in installed}
