"""What travels to the workers once for a build: the library and the clinic, under the digest of their bytes."""

from __future__ import annotations

import hashlib
import io
import pickle
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ldn_print.jobs import Settings
from ldn_print.project import Library

_LIBRARY, _APPROVALS = "library", "approvals"


@dataclass(frozen=True)
class Parcel:
    """A library as an archive, and the settings of a build.

    ``data`` is what travels, ``digest`` its SHA-256: the name under which a worker unpacks it.
    """

    digest: str
    data: bytes


def pack(settings: Settings) -> Parcel:
    """Return everything that jobs may read, as bytes.

    Raises:
        OSError: a file of the library cannot be read.
        ValueError: the settings hold something of a patient, which never leaves this machine.
    """
    if settings.personal is not None or settings.schedule is not None:
        raise ValueError("patient data does not travel")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, path in _files(settings):
            packed.writestr(zipfile.ZipInfo(name), path.read_bytes(), zipfile.ZIP_DEFLATED)
    data = pickle.dumps((settings, archive.getvalue()))
    return Parcel(hashlib.sha256(data).hexdigest(), data)


def _files(settings: Settings) -> Iterator[tuple[str, Path]]:
    """Yield the files that travel, each with its name in the archive; hidden ones stay."""
    library = settings.library
    tops = {f"{_LIBRARY}/{top.name}": top for top in (library.handouts, library.templates, library.locales)}
    if settings.clinic.approvals:
        tops[_APPROVALS] = settings.clinic.approvals
    for name, top in tops.items():
        for path in sorted(top.rglob("*")):
            inside = path.relative_to(top)
            if path.is_file() and not any(part.startswith(".") for part in inside.parts):
                yield f"{name}/{inside.as_posix()}", path


@dataclass(frozen=True)
class Unpacked:
    """A parcel on a worker. ``names`` are the places of files there, each with the one it has on the client."""

    settings: Settings
    folder: Path
    names: tuple[tuple[str, str], ...]


def unpack(data: bytes, digest: str, folder: Path, cache_folder: Path) -> Unpacked:
    """Return the settings of a build for this machine; its library is unpacked when it is not there.

    Args:
        data: what travelled.
        digest: what it should be.
        folder: where libraries of this worker lie.
        cache_folder: where what is made from it may be kept.

    Raises:
        ValueError: something else arrived than was sent.
        OSError: the folder cannot be written.
    """
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError("the library arrived damaged")
    settings, archive = pickle.loads(data)  # noqa: S301  # the scheduler runs the client's code anyway
    home = folder / digest[:32]
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        packed.extractall(home)
    library, approvals = Library(home / _LIBRARY), settings.clinic.approvals
    names = [(str(library.root), str(settings.library.root))]
    clinic = settings.clinic
    if approvals:
        names.append((str(home / _APPROVALS), str(approvals)))
        clinic = replace(clinic, approvals=home / _APPROVALS)
    mine = replace(settings, library=library, clinic=clinic, cache_folder=cache_folder)
    return Unpacked(mine, home, tuple(names))
