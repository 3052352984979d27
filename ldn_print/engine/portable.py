"""What two machines have to have in common to make the same bytes, told without paths and times.

`identity` is quicker and only means something on one machine. Here everything goes by contents or by version, in
four parts that a person can tell apart: our code, Python packages, libraries of the system, fonts.
"""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import zlib
from collections.abc import Iterable, Iterator, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ldn_print.engine import fonts
from ldn_print.engine.identity import library_files, read_code

Parts = Mapping[str, Mapping[str, str]]
# Everything between a template and the bytes of a page: what we import for it, and what that rests on.
PACKAGES = (
    *("weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "webencodings", "cffi", "pyphen", "pillow"),
    *("fonttools", "brotli", "zopfli", "uharfbuzz", "pikepdf", "lxml", "segno", "jinja2", "markupsafe", "babel"),
    *("icu4py", "budoux"),
)
_LIBRARIES = (
    *("libpango-1.0", "libpangoft2-1.0", "libharfbuzz", "libharfbuzz-subset", "libfontconfig", "libfreetype"),
    *("libfribidi", "libthai"),
)
REMEDIES = {
    "code": "Install the same version of ldn_print there.",
    "packages": "Install the same Python packages there, from the same requirements.lock.",
    "libraries": "Use the same release of the system and of Python there, with the same updates.",
    "fonts": "Install the same packages of fonts there ('ldn-print doctor' names them).",
}
_MISSING = "none"
_SHOWN = 3  # things of a part that differ and are named; the others are counted


def portable_identity(cache_folder: Path, families: Iterable[str]) -> Parts:
    """Return what this machine makes pages with: the version or the digest of each thing, in four parts.

    Args:
        cache_folder: where the list of fonts may be kept.
        families: the fonts of the library's languages.
    """
    return {
        "code": {"ldn_print": _digest(read_code())},
        "packages": {name: _version(name) for name in PACKAGES},
        "libraries": dict(_read_libraries()),
        "fonts": {
            path.name: _digest([path.read_bytes()]) for path in fonts.font_files(cache_folder, frozenset(families))
        },
    }


def stamp_of(parts: Parts) -> str:
    """Return the digest of all parts."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def differences(mine: Parts, other: Parts) -> Iterator[str]:
    """Yield one line for each part that differs, with what to do about it."""
    for part, remedy in REMEDIES.items():
        here, there = mine[part], other.get(part, {})
        names = sorted(name for name in {*here, *there} if here.get(name) != there.get(name))
        if names:
            shown = [
                f"{name} ({_short(there.get(name))}, here {_short(here.get(name))})" for name in names[:_SHOWN]
            ]
            more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
            yield f"{part}: {', '.join(shown)}{more}. {remedy}"


def _short(value: str | None) -> str:
    """Return a version as it is, and of a digest as much as a person compares."""
    if value is None:
        return _MISSING
    return value[:8] if len(value) == hashlib.sha256().digest_size * 2 else value


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return _MISSING


def _read_libraries() -> Iterator[tuple[str, str]]:
    """Yield libraries with their versions, which the names of their files tell: ``libpango-1.0.so.0.5000.12``."""
    yield "Python", f"{platform.python_implementation()} {platform.python_version()}"
    yield "processor", platform.machine()
    yield "zlib", zlib.ZLIB_RUNTIME_VERSION  # packs what stands in a file
    yield "ssh-keygen", "found" if shutil.which("ssh-keygen") else _MISSING  # says which signatures count
    for name in sorted({path.resolve().name for path in library_files()}):
        stem = name.split(".so")[0].removesuffix(".dylib")
        if stem in _LIBRARIES and stem != name:
            yield stem, name
