"""Runs jobs on the workers of a Dask cluster, a bounded number of them at a time."""

from __future__ import annotations

import hashlib
import uuid
from asyncio import CancelledError as TaskCancelledError
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

from distributed import Future, KilledWorker

from ldn_print.cluster.link import Link, connect, why_refused
from ldn_print.cluster.parcel import pack
from ldn_print.cluster.worker import Made, Order, Refusal, make
from ldn_print.engine import fonts
from ldn_print.engine.portable import Parts, portable_identity, stamp_of
from ldn_print.errors import PdfError
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.languages import use_languages_of

_MOST_TRIES = 3  # of a job that comes back damaged, or not at all, from workers that live
_TURN_SECONDS = 1.0


class DaskExecutor:
    """Runs jobs on the workers of a scheduler.

    Args:
        settings: what is the same for every job; nothing of a patient.
        address: the scheduler's.
        tell: called with what a person should know while the build goes on.
    """

    def __init__(self, settings: Settings, address: str, tell: Callable[[str], None]) -> None:
        self._settings = settings
        self._address = address
        self._tell = tell

    def run(self, jobs: Sequence[Job]) -> Iterator[JobResult]:
        """Return the results of jobs as they come; the cluster is looked at first, before anything is made.

        Raises:
            ClusterError: it cannot be used; while results come, it was lost.
        """
        if not jobs:
            return iter(())
        settings = self._settings
        use_languages_of(settings.library.languages)
        families = tuple(sorted(fonts.families()))
        mine = portable_identity(settings.cache_folder, families)
        parcel = pack(settings)
        link = connect(self._address)
        try:
            link.compare(mine, families)
            # A task like others: Dask makes it again where the worker that held it has died.
            sent = link.client.submit(bytes, parcel.data, key=f"ldn-print-parcel-{parcel.digest}")
        except BaseException:
            link.close(())
            raise
        flight = _Flight(link, Order(stamp_of(mine), parcel.digest, families), sent, mine, self._tell)
        return flight.results(jobs)


@dataclass
class _Flight:
    """The jobs that are under way."""

    link: Link
    order: Order
    parcel: Future[bytes]
    mine: Parts
    tell: Callable[[str], None]
    running: dict[str, tuple[Future[Any], Job]] = field(default_factory=dict)
    done: SimpleQueue[str] = field(default_factory=SimpleQueue)
    tries: Counter[Job] = field(default_factory=Counter)
    waiting: deque[Job] = field(default_factory=deque)

    def results(self, jobs: Sequence[Job]) -> Iterator[JobResult]:
        """Yield the result of each job as it comes."""
        self.waiting.extend(jobs)
        try:
            while self.waiting or self.running:
                room = self.link.room()
                while self.waiting and len(self.running) < room:
                    self._send(self.waiting.popleft())
                result = self._take()
                if result:
                    yield result
        finally:
            self.link.close([self.parcel, *(future for future, _ in self.running.values())])

    def _send(self, job: Job) -> None:
        refused, key = self.link.refused, f"ldn-print-{uuid.uuid4().hex}"
        # Only a wish: a good worker that is started anew has another address.
        wish = {"workers": list(self.link.workers()), "allow_other_workers": True} if refused else {}
        try:
            future = self.link.client.submit(make, job, self.order, self.parcel, key=key, pure=False, **wish)
        except (OSError, RuntimeError, CancelledError) as problem:
            raise self.link.lost() from problem
        self.running[key] = future, job
        future.add_done_callback(lambda future: self.done.put(str(future.key)))

    def _take(self) -> JobResult | None:
        """Return the next result; None where none came, or where its job has to be sent again."""
        try:
            key = self.done.get(timeout=_TURN_SECONDS)
        except Empty:
            return None
        future, job = self.running.pop(key)
        answer = self._answer(future)
        future.release()
        if isinstance(answer, Made):
            if hashlib.sha256(answer.result.data).hexdigest() == answer.sha256 and answer.result.job == job:
                return answer.result
            answer = "it arrived damaged"
        if isinstance(answer, Refusal):
            if answer.worker not in self.link.refused:
                self.link.refused.add(answer.worker)
                self.tell(why_refused(answer, self.mine))
            self.waiting.appendleft(job)
            return None
        self.tries[job] += 1
        if isinstance(answer, KilledWorker):
            return _failed(job, f"the workers that had it died, {answer.last_worker.address} the last of them")
        if self.tries[job] >= _MOST_TRIES:
            return _failed(job, f"no worker made it ({answer})")
        self.waiting.append(job)
        return None

    def _answer(self, future: Future[Any]) -> object:
        """Return what a worker answered, or why it did not.

        Raises:
            ClusterError: the scheduler was lost, or somebody took the work away from it.
        """
        if future.status in ("cancelled", "lost"):
            raise self.link.lost()
        try:
            return future.result()
        except (CancelledError, TaskCancelledError) as problem:
            raise self.link.lost() from problem
        except KilledWorker as problem:
            return problem
        except Exception as problem:  # whatever the other machine raised
            with suppress(AttributeError):
                if self.link.client.status != "running":
                    raise self.link.lost() from problem
            return f"{type(problem).__name__}: {problem}"


def _failed(job: Job, fact: str) -> JobResult:
    return JobResult(
        job, error=PdfError(f"{job.place}: {fact}\n  Run the same command again, or --executor local.")
    )
