"""Processes that make pages for the desk: few, warm, with a bounded queue, so that an overload is told at once.

What is filled in for a patient reaches them through a pipe in memory and is gone with the answer.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import TypeVar

from ldn_print.countries import Paper
from ldn_print.errors import Diagnostic
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.models import Clinic, Personal, Schedule
from ldn_print.pictures import first_picture, page_pictures
from ldn_print.processes import held_back
from ldn_print.watch import stamp_of

SECONDS = 60.0  # after which a page is given up
RETRY_SECONDS = 5
_KEPT = 2
_T = TypeVar("_T")


class BusyError(Exception):
    """More is waiting than can be done soon: ask again in `RETRY_SECONDS`."""


class TooSlowError(Exception):
    """A page took longer than `SECONDS`, or killed the process that made it, twice."""


class Workers:
    """A pool of processes.

    Args:
        processes: how many.
        most_waiting: how many calls may be under way or waiting at once.
    """

    def __init__(self, processes: int, most_waiting: int) -> None:
        self._processes = processes
        self._most = most_waiting
        self._under_way = 0
        self._free = asyncio.Semaphore(processes)
        self._pool = self._start()

    async def run(self, work: Callable[..., _T], *values: object) -> _T:
        """Return what a function of this module returns, called in one of the processes.

        Raises:
            BusyError: too much is waiting.
            TooSlowError: it took too long, or killed its process twice.
        """
        if self._under_way >= self._most:
            raise BusyError
        self._under_way += 1
        try:
            async with self._free:  # the time of a page counts from when a process takes it
                return await self._try_twice(work, *values)
        finally:
            self._under_way -= 1

    async def _try_twice(self, work: Callable[..., _T], *values: object) -> _T:
        for _ in range(2):
            pool = self._pool
            try:
                with held_back(signal.SIGINT, signal.SIGTERM):  # the server lets what is under way come to its end
                    future = asyncio.get_running_loop().run_in_executor(pool, work, *values)
                return await asyncio.wait_for(asyncio.shield(future), SECONDS)
            except TimeoutError:
                self._replace(pool)
                raise TooSlowError from None
            except BrokenProcessPool:
                self._replace(pool)
        raise TooSlowError

    def _start(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._processes, context, _start_worker)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        """Take a new pool for one that is broken or stuck, and end its processes."""
        if self._pool is broken:
            self._pool = self._start()
            for process in list((broken._processes or {}).values()):
                with contextlib.suppress(OSError):
                    process.kill()
            broken.shutdown(wait=False, cancel_futures=True)

    def close(self) -> None:
        """Let what is under way come to its end, and leave."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _start_worker() -> None:
    """Take nothing from the terminal: that is the server's."""
    sys.stdin = open(os.devnull)  # noqa: SIM115, PTH123  # for as long as the process lives


@dataclass(frozen=True)
class Copy:
    """A copy that was filled in for one patient: its file, or why there is none, and its pages as PNG."""

    result: JobResult
    pictures: tuple[bytes, ...]


def warm(settings: Settings, stamp: str) -> None:
    """Load the engine and what pages are made from."""
    from ldn_print.engine.load import load_engine

    load_engine(settings.cache_folder)
    _workshop(settings, stamp)


def make_sheet(settings: Settings, job: Job, stamp: str) -> JobResult:
    """Return a job's file, and keep it for the next time unless a source was saved meanwhile."""
    shop = _workshop(settings, stamp)
    result = shop.press.make(job)
    if stamp_of(settings.library, settings.clinic.approvals) == stamp:
        shop.cache.put(result)
    return result


def make_copy(settings: Settings, job: Job, stamp: str, personal: Personal, schedule: Schedule | None) -> Copy:
    """Return a patient's copy; nothing of it is kept."""
    result = _workshop(settings, stamp).press.for_patient(personal, schedule).make(job)
    return Copy(result, page_pictures(result.data) if result.good else ())


def make_look(settings: Settings, stamp: str, clinic: Clinic, job: Job) -> tuple[JobResult, bytes]:
    """Return a sheet as another clinic's profile would make it, and its first page as PNG; nothing is kept."""
    result = _workshop(settings, stamp).press.for_look(clinic).make(job)
    return result, first_picture(result.data) if result.good else b""


def make_chooser(settings: Settings, paper: Paper, stamp: str) -> tuple[bytes, tuple[Diagnostic, ...]]:
    """Return the page on which a reader points at their language, and what was found on it."""
    made = _workshop(settings, stamp).press.chooser(paper)
    return made.data, made.findings


def draw(data: bytes) -> tuple[bytes, ...]:
    """Return the pages of a PDF as PNG."""
    return page_pictures(data)


class _Workshop:
    """What a process keeps warm for one state of the sources and one clinic."""

    def __init__(self, settings: Settings, stamp: str) -> None:
        from ldn_print.job_cache import JobCache
        from ldn_print.press import Press

        self.settings, self.stamp = settings, stamp
        self.press, self.cache = Press(settings), JobCache(settings)


_shops: list[_Workshop] = []


def _workshop(settings: Settings, stamp: str) -> _Workshop:
    for shop in _shops:
        if shop.stamp == stamp and shop.settings == settings:
            return shop
    _shops.append(_Workshop(settings, stamp))
    del _shops[:-_KEPT]
    return _shops[-1]
