"""Decides which fonts the engine sees: the families of the language registry and no others.

The machine's other fonts would make the same source look different elsewhere, and would fill a
missing glyph in silence with something nobody has looked at.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

from ldn_print.languages import all_languages

FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
    Path("/Library/Fonts"),
    Path.home() / "Library/Fonts",
    Path("/opt/homebrew/share/fonts"),
)


def families() -> dict[str, str]:
    """Return every font family of the registry with the system package that brings it."""
    return {
        font: language.script.package for language in all_languages().values() for font in language.script.fonts
    }


def write_config(cache_folder: Path) -> Path:
    """Return a fontconfig file that accepts just our families; it is written when it is not there.

    Args:
        cache_folder: where it is kept; the system's temporary folder serves when that is not writable.
    """
    for folder in (cache_folder / "fonts", Path(tempfile.gettempdir()) / f"ldn-print-fonts-{os.getuid()}"):
        text = _config(folder / "cache")
        path = folder / f"fonts-{hashlib.sha256(text.encode()).hexdigest()[:16]}.conf"
        try:
            if path.is_file():
                return path
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).replace(path)
        except OSError:
            continue
        return path
    raise OSError("no folder for the list of fonts can be written")


def _config(cache: Path) -> str:
    folders = "".join(f"<dir>{escape(str(folder))}</dir>" for folder in FOLDERS if folder.is_dir())
    accepted = "".join(
        f'<pattern><patelt name="family"><string>{escape(family)}</string></patelt></pattern>'
        for family in families()
    )
    rejected = "".join(
        f'<pattern><patelt name="scalable"><bool>{value}</bool></patelt></pattern>' for value in ("true", "false")
    )
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>'
        f"{folders}<cachedir>{escape(str(cache))}</cachedir>"
        f"<selectfont><acceptfont>{accepted}</acceptfont><rejectfont>{rejected}</rejectfont></selectfont>"
        "</fontconfig>\n"
    )


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
