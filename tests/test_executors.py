"""The processes of a build: one that dies, one page without end or measure, and fresh ones in time."""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path
from typing import cast

import pytest

from ldn_print import executors
from ldn_print.clinic import default_clinic
from ldn_print.errors import PdfError
from ldn_print.executors import PoolExecutor
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.models import Leaflet
from ldn_print.press import Press
from ldn_print.project import Library
from tests.conftest import FEW, HANDOUTS


def _kill_once(job: Job) -> JobResult:
    """Die in the worker the first time that one job comes up, for a test."""
    flag = Path(os.environ["KILL_FLAG"])
    if job.leaflet.name == "fibromyalgia" and (job.language == "ar" or not flag.exists()):
        flag.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return JobResult(job, data=b"done")


def test_killed_worker_costs_one_job_at_most(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache_folder: Path
) -> None:
    """A worker that dies once is replaced; a job that kills it each time is reported, the rest is made."""
    monkeypatch.setenv("KILL_FLAG", str(tmp_path / "flag"))
    monkeypatch.setattr(executors, "make_job", _kill_once)
    jobs = [Job(Leaflet(handout), language, "letter") for handout in FEW for language in ("en", "ar")]

    results = {
        result.job: result
        for result in PoolExecutor(Settings(library, default_clinic(), cache_folder), 2).run(jobs)
    }

    assert set(results) == set(jobs)
    failed = [job for job, result in results.items() if not result.good]
    assert [(job.leaflet.name, job.language) for job in failed] == [("fibromyalgia", "ar")]
    assert "was killed" in str(results[failed[0]].error)


def _tell_process(job: Job) -> JobResult:
    """Return the process that a job ran in, for a test."""
    return JobResult(job, data=str(os.getpid()).encode())


def test_workers_are_replaced_before_they_grow(
    library: Library, monkeypatch: pytest.MonkeyPatch, cache_folder: Path
) -> None:
    """No worker makes more pages than it may, all together; every job is done once."""
    monkeypatch.setattr(executors, "make_job", _tell_process)
    monkeypatch.setattr(executors, "JOBS_OF_A_WORKER", 3)
    jobs = [Job(Leaflet(handout), "en", "a4") for handout in HANDOUTS[:7]]

    made = list(PoolExecutor(Settings(library, default_clinic(), cache_folder), 1).run(jobs))

    assert [result.job for result in made] == jobs
    assert max(Counter(result.data for result in made).values()) == 3


def _tell_deafness(job: Job) -> JobResult:
    """Return whether the worker that a job runs in has interruptions held back, for a test."""
    held = signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    return JobResult(job, data=b"held" if held else b"")


def test_interruption_reaches_no_worker_that_is_starting(
    library: Library, monkeypatch: pytest.MonkeyPatch, cache_folder: Path
) -> None:
    """A worker starts with Ctrl-C held back, which would end it with a traceback; this process hears it again."""
    monkeypatch.setattr(executors, "make_job", _tell_deafness)

    (made,) = PoolExecutor(Settings(library, default_clinic(), cache_folder), 1).run(
        [Job(Leaflet("fibromyalgia"), "en", "a4")]
    )

    assert made.data == b"held"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


class _Broken:
    """Stands in a worker for a press with one broken page: ``ar`` never ends, ``hi`` asks for too much memory."""

    def make(self, job: Job) -> JobResult:
        if job.language == "ar":
            while True:
                pass
        if job.language == "hi":
            try:
                bytes(executors.MOST_MEMORY)
            except MemoryError:
                return JobResult(job, error=PdfError("no memory"))
        return JobResult(job, data=b"done")


def _start_broken(settings: Settings) -> None:
    """Start a worker whose press is broken, with a second for each job, for a test."""
    executors.start_worker(settings)
    executors._press = cast("Press", _Broken())
    executors.MOST_SECONDS = 1


def test_page_without_end_and_page_without_measure_cost_only_themselves(
    library: Library, monkeypatch: pytest.MonkeyPatch, cache_folder: Path
) -> None:
    """A job that takes too long ends its worker and is reported; one that takes too much memory is refused it."""
    monkeypatch.setattr(executors, "start_worker", _start_broken)
    jobs = [Job(Leaflet("fibromyalgia"), language, "letter") for language in ("en", "ar", "hi", "es-US")]

    made = {
        result.job.language: result
        for result in PoolExecutor(Settings(library, default_clinic(), cache_folder), 2).run(jobs)
    }

    assert {tag for tag, result in made.items() if result.good} == {"en", "es-US"}
    assert "took more than" in str(made["ar"].error)
    assert "no memory" in str(made["hi"].error)
