"""A folder of all sheets with an index, for any web server or a shared folder: built, listed, kept in order.

What an earlier run wrote stands in a list in the folder. What is no longer part of the site is taken away if it
still is what was written: nobody's own file is touched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from ldn_print.build import BuildReport, Built, Request, run_build
from ldn_print.errors import ContentError, ExitCode, OutputError, read_source
from ldn_print.files import remove_file, write_file
from ldn_print.jobs import Settings
from ldn_print.manifest import FILE, forget_sheets, read_sheets, record_sheets
from ldn_print.models import Leaflet
from ldn_print.press import Press
from ldn_print.site_pages import INDEX, Pages, Refusal, add_alternates, make_pages

LIST = "site.json"


@dataclass(frozen=True)
class SiteReport:
    """What became of a site: its sheets, its indexes, and old files that went or had to stay."""

    build: BuildReport
    refused: tuple[Refusal, ...]
    entrance: Path | None
    removed: tuple[Path, ...]
    stayed: tuple[Path, ...]

    @property
    def exit_code(self) -> ExitCode:
        """The worst that happened to a sheet; a finding where an index was refused."""
        return self.build.exit_code or (ExitCode.FINDINGS if self.refused else ExitCode.GOOD)


def run_site(settings: Settings, request: Request, tell: Callable[[int, int], None] | None = None) -> SiteReport:
    """Make and write every sheet that a request asks for, and the pages that lead to them.

    Args:
        settings: what is the same for every file.
        request: which files; its folder becomes the site.
        tell: called with files done and files planned, for a progress bar.

    Raises:
        ContentError: the list of an earlier run cannot be read.
        LdnPrintError: the sources cannot be read, or a file cannot be written; files written so far stay.
    """
    folder = request.output
    before = _read_list(folder)
    _check_entrance(folder, before)
    report = run_build(settings, request, tell)
    sheets = _link_twins(folder, report.built)
    pages = make_pages(Press(settings), (built.result.job for built in report.built))
    _write_pages(folder, pages)
    now = sheets | {path: _digest(data) for path, data in pages.files.items()}
    removed, stayed = _remove(folder, {path: digest for path, digest in before.items() if path not in now})
    if now or before:
        kept = {path: before[path] for path in map(str, stayed)}
        _write_list(folder, now | kept)
    entrance = folder / INDEX if INDEX in pages.files else None
    return SiteReport(report, pages.refused, entrance, removed, stayed)


def _check_entrance(folder: Path, before: Mapping[str, str]) -> None:
    """See that the entrance takes no other page's place.

    Raises:
        OutputError: a page stands there that no earlier run wrote.
    """
    if (folder / INDEX).exists() and INDEX not in before:
        raise OutputError(
            f"{folder / INDEX}: stands there already, and is no page of a site of ours\n"
            "  Choose another folder with --output, or move that page away."
        )


def _link_twins(folder: Path, built: Iterable[Built]) -> dict[str, str]:
    """Let each sheet for screens name its translations; return the digest of each sheet by its path."""
    rows = list(built)
    tags: dict[Leaflet, list[str]] = {}
    for row in rows:
        if row.result.job.format == "html":
            tags.setdefault(row.result.job.leaflet, []).append(row.result.job.language)
    digests = {}
    for row in rows:
        job, data, path = row.result.job, row.result.data, row.path.relative_to(folder).as_posix()
        if job.format == "html":
            data = add_alternates(data.decode(), job.file_name, sorted(tags[job.leaflet])).encode()
            write_file(row.path, data)
        digests[path] = _digest(data)
    if digests:
        sheets = read_sheets(folder / FILE)
        record_sheets(folder, (replace(row, sha256=digests[row.path]) for row in sheets if row.path in digests))
    return digests


def _write_pages(folder: Path, pages: Pages) -> None:
    """Write the pages, the entrance last: it never leads to what is not there yet."""
    for path in sorted(pages.files, key=lambda path: path == INDEX):
        write_file(folder / path, pages.files[path])


def _remove(folder: Path, stale: Mapping[str, str]) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Take away old files that still are what was written; return which went and which were changed and stay."""
    removed, stayed = [], []
    for path, digest in sorted(stale.items()):
        place = folder / path
        if not place.resolve().is_relative_to(folder.resolve()) or not place.is_file():
            continue
        if _digest(place.read_bytes()) == digest:
            remove_file(place)
            removed.append(Path(path))
        else:
            stayed.append(Path(path))
    for parent in {path.parent for path in removed}:
        with suppress(OSError):  # something else is in it
            (folder / parent).rmdir()
    if removed:
        forget_sheets(folder, [path.as_posix() for path in removed])
    return tuple(removed), tuple(stayed)


def _read_list(folder: Path) -> dict[str, str]:
    """Return what an earlier run wrote into a folder: the digest of each file by its path.

    Raises:
        ContentError: the list is damaged.
    """
    path = folder / LIST
    if not path.is_file():
        return {}
    try:
        return {
            str(name): str(digest) for name, digest in json.loads(read_source(path, ContentError))["files"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise ContentError(
            f"{path}: is no list of a site's files that can be read\n"
            "  Put it back from a backup, or write the site into a new folder."
        ) from problem


def _write_list(folder: Path, digests: Mapping[str, str]) -> None:
    data = {"report": "site", "files": dict(sorted(digests.items()))}
    write_file(folder / LIST, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
