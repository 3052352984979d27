"""Runs jobs: in this process, or in several that are started once and stay warm.

An executor yields each result as it is ready. A job that kills its worker is that job's failure and
nobody else's: the others are run again. A worker ends itself when a job takes too long, and refuses a job more
memory than a page can need, so that one broken page takes neither the evening nor the machine.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Protocol

from ldn_print.errors import PdfError
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.press import Press
from ldn_print.processes import held_back

SMALL_PLAN = 4  # a new process costs about as much as four handouts
MOST_SECONDS = 120  # for one job; a sheet takes one
MOST_MEMORY = 4 << 30  # bytes of addresses for one worker; a warm one has 350 million of them
JOBS_OF_A_WORKER = 200  # then a fresh one: the engine's libraries keep about 80 KB of each page they made
MAX_KILLS = 2  # then it is the job's fault, not that of what happened beside it

_press: Press | None = None


class Executor(Protocol):
    """Something that runs jobs."""

    def run(self, jobs: Sequence[Job]) -> Iterator[JobResult]:
        """Yield the result of each job, in any order."""


class SerialExecutor:
    """Runs jobs one after the other in this process."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def run(self, jobs: Sequence[Job]) -> Iterator[JobResult]:
        """Yield the result of each job, in the order of the jobs."""
        for job in jobs:
            yield self._press.make(job)


class PoolExecutor:
    """Runs jobs in several processes."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self._settings = settings
        self._workers = workers

    def run(self, jobs: Sequence[Job]) -> Iterator[JobResult]:
        """Yield the result of each job as it is ready.

        When a worker dies, the jobs that were running then are run again one at a time; one that kills
        its worker twice is reported as failed.
        """
        waiting, suspects = list(jobs), []
        while waiting:
            done: list[Job] = []
            most = JOBS_OF_A_WORKER * self._workers
            try:
                for result in self._run_pool(waiting[:most], self._workers):
                    done.append(result.job)
                    yield result
                waiting = waiting[most:]
            except _WorkerDeathError as problem:
                suspects = [job for job in problem.running if job not in done]
                waiting = [job for job in waiting if job not in done and job not in suspects]
                for job in suspects:
                    yield self._run_alone(job)

    def _run_alone(self, job: Job) -> JobResult:
        for _ in range(MAX_KILLS - 1):
            with contextlib.suppress(_WorkerDeathError):
                return next(self._run_pool([job], 1))
        return killed(job, "try again with --jobs 1")

    def _run_pool(self, jobs: Sequence[Job], workers: int) -> Iterator[JobResult]:
        context = multiprocessing.get_context("spawn")
        pool = ProcessPoolExecutor(workers, context, start_worker, (self._settings,))
        upcoming, running = iter(jobs), dict[Future[JobResult], Job]()
        try:
            _submit(pool, upcoming, running, workers)
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    result = future.result()
                    del running[future]
                    yield result
                _submit(pool, upcoming, running, workers)
        except BrokenProcessPool as problem:
            raise _WorkerDeathError(list(running.values())) from problem
        finally:
            # A job takes a second; without waiting for it the pool trips over itself when the program ends.
            pool.shutdown(wait=True, cancel_futures=True)


class _WorkerDeathError(Exception):
    """A worker process ended in the middle of its work."""

    def __init__(self, running: list[Job]) -> None:
        super().__init__("a worker process died")
        self.running = running


def _submit(
    pool: ProcessPoolExecutor, upcoming: Iterable[Job], running: dict[Future[JobResult], Job], workers: int
) -> None:
    """Keep just as many jobs running as there are workers, so that a death has few suspects."""
    for job in upcoming:
        with held_back(signal.SIGINT):
            running[pool.submit(make_job, job)] = job
        if len(running) >= workers:
            return


def killed(job: Job, remedy: str) -> JobResult:
    """Return the failure of a job that ended its process each time.

    Args:
        job: the job.
        remedy: what to do where memory is short.
    """
    problem = PdfError(
        f"{job.place}: the worker process was killed {MAX_KILLS} times\n"
        f"  It took more than {MOST_SECONDS} s, or the machine is short of memory: {remedy}."
    )
    return JobResult(job, error=problem)


def start_worker(settings: Settings) -> None:
    """Make this process a worker: with a press of its own, and no more memory than a page can need."""
    global _press
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    most = MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (most, hard))
    _press = Press(settings)


def make_job(job: Job) -> JobResult:
    """Return what becomes of a job in a worker, which ends when it takes too long."""
    if _press is None:
        raise RuntimeError("the worker was not started")
    signal.alarm(MOST_SECONDS)  # nobody handles it: it ends the process, even inside the engine's libraries
    try:
        return _press.make(job)
    finally:
        signal.alarm(0)


def choose_executor(press: Press, jobs: Sequence[Job], workers: int) -> Executor:
    """Return what runs these jobs with the least waiting."""
    if workers <= 1 or len(jobs) < SMALL_PLAN:
        return SerialExecutor(press)
    return PoolExecutor(press.settings, min(workers, len(jobs)))
