"""Batches under way: many sheets made a few at a time beside the front desk's own, and held in memory for an hour.

Nothing here outlives the server. What was finished is on the shelf, and comes from there when it is asked for
again.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import secrets
import time
import zipfile
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from starlette.concurrency import run_in_threadpool

from ldn_print.bundle import BundlePlan, pack, path_of
from ldn_print.errors import LdnPrintError
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.sets import Selection
from ldn_print.watch import stamp_of
from ldn_print.web.state import Desk, View
from ldn_print.web.workers import RETRY_SECONDS, BusyError, TooSlowError

MOST_FILES = 800  # in one batch
MOST_BYTES = 150_000_000  # in one batch
MOST_RUNNING = 3
KEEP_SECONDS = 3600.0
_MOST_HELD = 400_000_000  # bytes of everything that is finished and may be fetched
_MOST_KEPT = 30
_LISTEN_SECONDS = 20.0  # after which a browser asks anew; so nobody holds up a server that wants to leave
_PACE_SECONDS = 0.2  # between two pieces of news

State = Literal["running", "packing", "done", "cancelled", "stopped"]


class FullError(Exception):
    """As many batches are under way as the desk makes at once."""


@dataclass
class Batch:
    """One batch: what was asked for, how far it is, and in the end its zip.

    ``query`` is the choice as the end of an address, ``names`` what staff call its leaflets by name. ``files``
    are the paths in the zip with their jobs. ``made`` is how many files were made, ``is_mixed`` true when a source
    was saved meanwhile.
    """

    selection: Selection
    query: str
    plan: BundlePlan
    settings: Settings
    names: Mapping[str, str]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    state: State = "running"
    why: str = ""
    good: list[JobResult] = field(default_factory=list)
    refused: list[JobResult] = field(default_factory=list)
    files: dict[str, Job] = field(default_factory=dict)
    made: int = 0
    pages: int = 0
    is_mixed: bool = False
    size: int = 0
    zip: bytes = b""
    ended: float = 0.0
    started: float = field(default_factory=time.monotonic)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    @property
    def total(self) -> int:
        """How many files were planned."""
        return len(self.plan.jobs)

    @property
    def done(self) -> int:
        """How many of them were made or refused."""
        return len(self.refused) + self.made

    @property
    def is_over(self) -> bool:
        """True when nothing more will happen."""
        return self.state in ("done", "cancelled", "stopped")

    @property
    def seconds_left(self) -> float | None:
        """About how long it will take; None as long as nobody can tell."""
        if self.is_over or self.done < min(3, self.total):
            return None
        return (time.monotonic() - self.started) / self.done * (self.total - self.done)

    def tell(self) -> None:
        """Wake everybody who waits for news."""
        self.news, before = asyncio.Event(), self.news
        before.set()

    def take(self, result: JobResult) -> None:
        """Add what became of a job."""
        if result.good:
            self.good.append(result)
            self.made += 1
            self.size += len(result.data)
            self.pages += result.pages
        else:
            self.refused.append(result)
        self.tell()

    def end(self, state: State, why: str = "") -> None:
        """Come to an end; what is not in the zip is forgotten."""
        self.state, self.why, self.ended = state, why, time.monotonic()
        self.good.clear()
        self.size = len(self.zip)
        self.tell()

    def file(self, path: str) -> bytes:
        """Return a file of a batch that is done."""
        with zipfile.ZipFile(io.BytesIO(self.zip)) as opened:
            return opened.read(path)


class Batches:
    """Every batch of this server.

    Args:
        desk: what makes the sheets; one of its workers stays free for the front desk where there are two.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._at_once = max(1, desk.options.workers - 1)
        self._slots = asyncio.Semaphore(self._at_once)
        self._known: dict[str, Batch] = {}
        self._leaving = False

    def get(self, batch_id: str) -> Batch | None:
        """Return a batch; None when it was never there or is forgotten."""
        self._forget()
        return self._known.get(batch_id)

    def start(self, batch: Batch, view: View) -> None:
        """Begin to make a batch from the library and the clinic as they are now.

        Raises:
            FullError: as many are under way as may be.
        """
        self._forget()
        if self._leaving or sum(not row.is_over for row in self._known.values()) >= MOST_RUNNING:
            raise FullError
        self._known[batch.id] = batch
        batch.task = asyncio.create_task(self._run(batch, view))
        batch.task.add_done_callback(_look_at)

    def cancel(self, batch: Batch) -> None:
        """End a batch at once; a page that a worker is just making is made for the shelf."""
        if not batch.is_over:
            batch.end("cancelled")
            if batch.task:
                batch.task.cancel()

    def leave(self) -> None:
        """End everything, and whoever listens: the server wants to leave."""
        self._leaving = True
        for batch in self._known.values():
            self.cancel(batch)
            batch.tell()

    async def close(self) -> None:
        """End everything, and wait until it has ended."""
        self.leave()
        tasks = [batch.task for batch in self._known.values() if batch.task]
        await asyncio.gather(*tasks, return_exceptions=True)

    async def listen(self, batch: Batch) -> AsyncIterator[Batch]:
        """Yield a batch now, and each time that there is news, for a while."""
        until = time.monotonic() + _LISTEN_SECONDS
        while not self._leaving:
            news = batch.news
            yield batch
            left = until - time.monotonic()
            if batch.is_over or left <= 0:
                return
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), left)
            await asyncio.sleep(_PACE_SECONDS)

    async def _run(self, batch: Batch, view: View) -> None:
        """Make a batch; whatever happens, it comes to an end that is told."""
        try:
            async with asyncio.TaskGroup() as group:
                jobs = iter(batch.plan.jobs)
                for _ in range(self._at_once):
                    group.create_task(self._work(batch, view, jobs))
            if not batch.is_over:
                await self._finish(batch, view.stamp)
        finally:
            if not batch.is_over:
                batch.end("stopped", "Something went wrong that should not. This is our fault. Start it again.")

    async def _work(self, batch: Batch, view: View, jobs: Iterator[Job]) -> None:
        for job in jobs:
            async with self._slots:
                result = await self._make(view, job)
            if batch.is_over:
                return
            batch.take(result)
            if batch.size > MOST_BYTES:
                batch.end("stopped", _too_large())

    async def _make(self, view: View, job: Job) -> JobResult:
        while True:
            try:
                return await self._desk.make(view, job)
            except BusyError:  # the front desk goes first
                await asyncio.sleep(RETRY_SECONDS)
            except TooSlowError:
                return JobResult(job, error=LdnPrintError("it took too long to make\n  Try it alone."))

    async def _finish(self, batch: Batch, stamp: str) -> None:
        """Put the zip together and make room for it."""
        batch.state, settings = "packing", batch.settings
        now = await run_in_threadpool(stamp_of, settings.library, settings.clinic.approvals)
        batch.is_mixed = now != stamp
        if batch.good:
            batch.good.sort(key=lambda result: path_of(result.job, settings))
            batch.zip = await run_in_threadpool(pack, settings, tuple(batch.good))
        batch.files = {path_of(result.job, settings): result.job for result in batch.good}
        batch.refused.sort(key=lambda result: result.job)
        batch.end("done")
        self._forget()
        asyncio.get_running_loop().call_later(KEEP_SECONDS + 1, self._forget)

    def _forget(self) -> None:
        """Forget what is an hour old, then the oldest, until there is room."""
        now = time.monotonic()
        over = sorted((row for row in self._known.values() if row.is_over), key=lambda row: row.ended)
        held = sum(row.size for row in over)
        for number, row in enumerate(over[:-1], start=1):
            is_too_much = held > _MOST_HELD or len(over) - number >= _MOST_KEPT
            if is_too_much or now - row.ended > KEEP_SECONDS:
                held -= row.size
                del self._known[row.id]
        if over and now - over[-1].ended > KEEP_SECONDS:
            self._known.pop(over[-1].id, None)


def _look_at(task: asyncio.Task[None]) -> None:
    """Take note of a fault: the page of the batch has told it."""
    if not task.cancelled():
        task.exception()


def _too_large() -> str:
    return (
        f"These files are more than {MOST_BYTES // 1_000_000} MB together, which is more than the desk holds. "
        "Choose fewer at a time: what was made already comes quickly."
    )
