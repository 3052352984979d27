"""Plans a build, runs it and writes its files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from ldn_print.countries import Paper
from ldn_print.errors import ExitCode
from ldn_print.files import prepare_folder, write_file
from ldn_print.job_cache import JobCache
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import Language
from ldn_print.locales import available_languages, clinic_language
from ldn_print.manifest import Sheet, clinic_digest, record_sheets
from ldn_print.models import Format, Leaflet
from ldn_print.shelf import trim

if TYPE_CHECKING:
    from ldn_print.executors import Executor
    from ldn_print.press import Press


@dataclass(frozen=True)
class Request:
    """What somebody asked for. An empty ``languages`` means: every language that is complete."""

    leaflets: tuple[Leaflet, ...]
    languages: tuple[Language, ...]
    papers: tuple[Paper, ...]
    output: Path
    workers: int
    formats: tuple[Format, ...] = ("pdf",)


@dataclass(frozen=True)
class LeftOut:
    """A leaflet that is not printed in a language because it is not complete there."""

    leaflet: Leaflet
    language: Language
    missing: int
    total: int


@dataclass(frozen=True)
class Plan:
    """The jobs of a build, and what it leaves out."""

    jobs: tuple[Job, ...]
    left_out: tuple[LeftOut, ...]
    refused: tuple[JobResult, ...]


_NOTHING = Plan((), (), ())


@dataclass(frozen=True)
class Built:
    """A file that was written."""

    result: JobResult
    path: Path


@dataclass
class BuildReport:
    """What became of a build."""

    built: list[Built] = field(default_factory=list)
    refused: list[JobResult] = field(default_factory=list)
    left_out: tuple[LeftOut, ...] = ()

    @property
    def exit_code(self) -> ExitCode:
        """The worst that happened: a failure in the making, else a finding."""
        failures = [result for result in self.refused if result.error is not None]
        if failures:
            return max(result.error.exit_code for result in failures if result.error)
        return ExitCode.FINDINGS if self.refused else ExitCode.GOOD


def make_plan(press: Press, request: Request, done: Container[Job] = ()) -> Plan:
    """Return the jobs for a request, without those that are done.

    A language that was named is refused with findings where it is not complete; without a name,
    incomplete ones are left out and listed.

    Raises:
        LdnPrintError: a handout, a template or a named language's catalog cannot be read.
    """
    jobs: list[Job] = []
    left_out: list[LeftOut] = []
    refused: list[JobResult] = []
    for leaflet in request.leaflets:
        for language in request.languages or press.languages(leaflet):
            wanted = [job for job in _jobs(leaflet, language, request) if job not in done]
            if not wanted:
                continue
            press.publication(leaflet)
            completeness = press.completeness(leaflet, language)
            if completeness.complete or press.settings.draft:
                jobs += wanted
            elif request.languages:
                refused.append(JobResult(wanted[0], findings=completeness.errors))
            else:
                left_out.append(LeftOut(leaflet, language, len(completeness.holes), completeness.total))
    return Plan(tuple(jobs), tuple(left_out), tuple(refused))


def _jobs(leaflet: Leaflet, language: Language, request: Request) -> Iterator[Job]:
    """Yield a leaflet in each format; only PDF knows papers."""
    for form in request.formats:
        for paper in request.papers if form == "pdf" else request.papers[:1]:
            yield Job(leaflet, language.tag, paper, form)


def run_build(
    settings: Settings,
    request: Request,
    tell: Callable[[int, int], None] | None = None,
    executor: Executor | None = None,
) -> BuildReport:
    """Make and write everything that a request asks for.

    Args:
        settings: what is the same for every file.
        request: which files.
        tell: called with files done and files planned, for a progress bar.
        executor: what runs the jobs; processes of this machine unless another one is named.

    Raises:
        LdnPrintError: the sources cannot be read, or a file cannot be written; files written so far stay.
    """
    tell = tell or _tell_nobody
    cache = JobCache(settings)
    candidates = list(_candidates(settings, request))
    known = {job: result for job in candidates if (result := cache.get(job))}
    plan = _NOTHING
    results: Iterator[JobResult] = iter(())
    if len(known) < len(candidates):
        plan, results = _plan_and_start(settings, request, known, executor)
    report = BuildReport(left_out=plan.left_out, refused=list(plan.refused))
    was_there, total = request.output.exists(), len(known) + len(plan.jobs)
    if total:
        prepare_folder(request.output)
    tell(0, total)
    made = _keep(cache, results)
    for done, result in enumerate(chain(known.values(), made), start=1):
        if result.good:
            path = output_path(request.output, result.job, settings)
            write_file(path, result.data)
            report.built.append(Built(result, path))
        else:
            report.refused.append(result)
        tell(done, total)
    if report.built and not settings.draft:
        rows = (sheet_row(built.result, _inside(built.path, request.output), settings) for built in report.built)
        record_sheets(request.output, rows)
    report.built.sort(key=lambda built: built.result.job)
    if plan.jobs:
        trim(settings.cache_folder)
    if not report.built and total and not was_there:
        request.output.rmdir()
    report.refused.sort(key=lambda result: result.job)
    return report


def _plan_and_start(
    settings: Settings, request: Request, known: Container[Job], executor: Executor | None
) -> tuple[Plan, Iterator[JobResult]]:
    """Return what is still to be done, and its results as they come."""
    from ldn_print.executors import choose_executor
    from ldn_print.press import Press

    press = Press(settings)
    plan = make_plan(press, request, known)
    executor = executor or choose_executor(press, plan.jobs, request.workers)
    return plan, executor.run(plan.jobs)


def _candidates(settings: Settings, request: Request) -> Iterator[Job]:
    """Yield every job that a request can mean, whether it can be done or not; unnamed, what is worth doing."""
    desk = clinic_language(settings.clinic.language, settings.library)
    for leaflet in request.leaflets:
        for language in request.languages or available_languages(settings.library):
            if request.languages or leaflet.edition != "bilingual" or language != desk:
                yield from _jobs(leaflet, language, request)


def _keep(cache: JobCache, results: Iterable[JobResult]) -> Iterator[JobResult]:
    """Yield results, each kept for the next time."""
    for result in results:
        cache.put(result)
        yield result


def _tell_nobody(_done: int, _total: int) -> None:
    """Take the news of a build that nobody watches."""


def _inside(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix()


def sheet_row(result: JobResult, path: str, settings: Settings) -> Sheet:
    """Return the row of a file in the manifest; of a patient's copy it says nothing about the bytes.

    Args:
        result: what was made.
        path: where it stands in the build's folder, with slashes.
        settings: what it was made with.
    """
    leaflet = result.job.leaflet
    return Sheet(
        path=path,
        sha256="" if settings.personal else hashlib.sha256(result.data).hexdigest(),
        code=result.fingerprint,
        leaflet=leaflet.name,
        edition=leaflet.label,
        language=result.job.language,
        paper=result.job.paper,
        format=result.job.format,
        version=result.version,
        state=result.state,
        signed=result.signed,
        words=result.words,
        clinic=clinic_digest(settings.clinic),
        made=settings.today,
    )


def output_path(output: Path, job: Job, settings: Settings) -> Path:
    """Return where a job's file is written: ``<output>/<language>/<name>.<edition>.<paper>.pdf``."""
    path = output / job.language / job.file_name
    mark = ".draft" if settings.draft else ".personal" if settings.personal else ""
    return path.with_suffix(f"{mark}{path.suffix}")
