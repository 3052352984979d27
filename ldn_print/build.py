"""Plans a build, runs it and writes its files."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ldn_print.countries import Paper
from ldn_print.errors import ExitCode
from ldn_print.executors import choose_executor
from ldn_print.files import prepare_folder, write_file
from ldn_print.languages import Language
from ldn_print.manifest import Sheet, clinic_digest, record_sheets
from ldn_print.models import Format, Leaflet
from ldn_print.press import Job, JobResult, Press, Settings


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


def make_plan(press: Press, request: Request) -> Plan:
    """Return the jobs for a request.

    A language that was named is refused with findings where it is not complete; without a name,
    incomplete ones are left out and listed.

    Raises:
        LdnPrintError: a handout, a template or a named language's catalog cannot be read.
    """
    jobs: list[Job] = []
    left_out: list[LeftOut] = []
    refused: list[JobResult] = []
    for leaflet in request.leaflets:
        press.publication(leaflet)
        for language in request.languages or press.languages(leaflet):
            completeness = press.completeness(leaflet, language)
            wanted = list(_jobs(leaflet, language, request))
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


def run_build(settings: Settings, request: Request, tell: Callable[[int, int], None] | None = None) -> BuildReport:
    """Make and write everything that a request asks for.

    Args:
        settings: what is the same for every file.
        request: which files.
        tell: called with files done and files planned, for a progress bar.

    Raises:
        LdnPrintError: the sources cannot be read, or a file cannot be written; files written so far stay.
    """
    tell = tell or _tell_nobody
    press = Press(settings)
    plan = make_plan(press, request)
    report = BuildReport(left_out=plan.left_out, refused=list(plan.refused))
    was_there = request.output.exists()
    if plan.jobs:
        prepare_folder(request.output)
    tell(0, len(plan.jobs))
    results = choose_executor(press, plan.jobs, request.workers).run(plan.jobs)
    for done, result in enumerate(results, start=1):
        if result.good:
            path = output_path(request.output, result.job, settings)
            write_file(path, result.data)
            report.built.append(Built(result, path))
        else:
            report.refused.append(result)
        tell(done, len(plan.jobs))
    if report.built and not settings.draft:
        record_sheets(request.output, (_row(built, request.output, settings) for built in report.built))
    report.built.sort(key=lambda built: built.result.job)
    if not report.built and plan.jobs and not was_there:
        request.output.rmdir()
    report.refused.sort(key=lambda result: result.job)
    return report


def _tell_nobody(_done: int, _total: int) -> None:
    """Take the news of a build that nobody watches."""


def _row(built: Built, folder: Path, settings: Settings) -> Sheet:
    """Return the row of a file in the manifest; of a patient's copy it says nothing about the bytes."""
    result, leaflet = built.result, built.result.job.leaflet
    return Sheet(
        path=built.path.relative_to(folder).as_posix(),
        sha256="" if settings.personal else hashlib.sha256(result.data).hexdigest(),
        code=result.fingerprint,
        leaflet=leaflet.name,
        edition=leaflet.label,
        language=result.job.language,
        paper=result.job.paper,
        format=result.job.format,
        version=result.version,
        state=result.standing.state,
        signed=tuple(record.seal for record in result.standing.counted),
        words=result.words,
        clinic=clinic_digest(settings.clinic),
        made=settings.today,
    )


def output_path(output: Path, job: Job, settings: Settings) -> Path:
    """Return where a job's file is written: ``<output>/<language>/<name>.<edition>.<paper>.pdf``."""
    path = output / job.language / job.file_name
    mark = ".draft" if settings.draft else ".personal" if settings.personal else ""
    return path.with_suffix(f"{mark}{path.suffix}")
