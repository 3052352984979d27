"""Many sheets as one download: what is made, what is left out, and the zip with its manifest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ldn_print.build import LeftOut, Request, make_plan, output_path, sheet_row
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import get_language
from ldn_print.manifest import FILE, manifest_bytes, sheet_to_dict
from ldn_print.press import Press
from ldn_print.sets import Selection

_MODE = 0o644 << 16  # of a file in a zip: its owner may write it


@dataclass(frozen=True)
class BundlePlan:
    """The files to make, and what is left out because it is not complete in a language."""

    jobs: tuple[Job, ...]
    left_out: tuple[LeftOut, ...]


def count_files(selection: Selection) -> int:
    """Return how many files a choice can mean at most."""
    sheets = 1 if selection.edition == "packet" else len(selection.sheets)
    kinds = sum(len(selection.papers) if form == "pdf" else 1 for form in selection.formats)
    return sheets * len(selection.languages) * kinds


def plan_bundle(press: Press, selection: Selection) -> BundlePlan:
    """Return what a choice means for a library as it is.

    Raises:
        LdnPrintError: a handout, a template or a catalog cannot be read.
    """
    languages = tuple(map(get_language, selection.languages))
    leaflets = selection.leaflets(press.library)
    request = Request(leaflets, languages, selection.papers, Path(), 1, selection.formats)
    plan = make_plan(press, request)
    return BundlePlan(plan.jobs, tuple(_left_out(press, result.job) for result in plan.refused))


def _left_out(press: Press, job: Job) -> LeftOut:
    language = get_language(job.language)
    completeness = press.completeness(job.leaflet, language)
    return LeftOut(job.leaflet, language, len(completeness.holes), completeness.total)


def path_of(job: Job, settings: Settings) -> str:
    """Return where a job's file stands: the same place as in the folder of a build."""
    return output_path(Path(), job, settings).as_posix()


def pack(settings: Settings, results: Iterable[JobResult]) -> bytes:
    """Return good results as a zip: a folder for each language, and the manifest that a build writes.

    The same results give the same bytes on the same day.
    """
    found = {path_of(result.job, settings): result for result in results}
    rows = [sheet_to_dict(sheet_row(found[path], path, settings)) for path in sorted(found)]
    day = settings.today.timetuple()[:3]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        files = {FILE: manifest_bytes({"files": rows}), **{path: found[path].data for path in sorted(found)}}
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, (*day, 0, 0, 0))
            entry.external_attr = _MODE
            entry.compress_type = zipfile.ZIP_STORED if path.endswith(".pdf") else zipfile.ZIP_DEFLATED
            file.writestr(entry, data)
    return out.getvalue()
