"""What a Dask worker does for us: says what it makes pages with, and makes one."""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock

from distributed import Worker, get_worker

from ldn_print.cluster.child import Child
from ldn_print.cluster.parcel import Unpacked, unpack
from ldn_print.engine.portable import Parts, portable_identity, stamp_of
from ldn_print.jobs import Job, JobResult

_MOST_LIBRARIES = 4  # unpacked ones that no process uses are thrown away beyond these


@dataclass(frozen=True)
class Order:
    """What goes for every job of a build: the client's stamp, its parcel and its fonts."""

    stamp: str
    parcel: str
    families: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """A result, with the digest that its bytes have to have when they arrive."""

    result: JobResult
    sha256: str


@dataclass(frozen=True)
class Refusal:
    """A worker that makes pages with something else than the client, and so made none."""

    worker: str
    parts: Parts


@dataclass
class _Bound:
    """A process, and the build that it belongs to."""

    child: Child
    order: Order
    folder: Path


class Crew:
    """The processes of one worker, at most one for each of its threads.

    Args:
        folder: where this worker may write.
        most: its threads.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most
        self._lock = Lock()
        self._parts: dict[tuple[str, ...], Parts] = {}
        self._unpacked: dict[str, Unpacked] = {}
        self._idle: list[_Bound] = []
        self._busy: list[_Bound] = []

    def look(self, families: tuple[str, ...]) -> Parts:
        """Return what this machine makes pages with now."""
        parts = portable_identity(self._cache, families)
        self._parts[families] = parts
        return parts

    def known(self, families: tuple[str, ...]) -> Parts:
        """Return what it made pages with when somebody looked last."""
        return self._parts.get(families) or self.look(families)

    def make(self, order: Order, parcel: bytes, job: Job) -> JobResult:
        """Return what becomes of a job."""
        with self._lock:
            unpacked = self._unpack(order.parcel, parcel)
            bound = self._take(order, unpacked)
        try:
            return _as_on_client(bound.child.make(job), unpacked)
        finally:
            with self._lock:
                self._busy.remove(bound)
                self._idle.append(bound)

    @property
    def _cache(self) -> Path:
        return self._folder / "ldn-print-cache"

    def _take(self, order: Order, unpacked: Unpacked) -> _Bound:
        """Return an idle process of this build, or a new one in the place of one that is no longer needed."""
        bound = next((row for row in self._idle if row.order == order), None)
        if bound:
            self._idle.remove(bound)
        else:
            while self._idle and len(self._idle) + len(self._busy) >= self._most:
                self._idle.pop(0).child.close()
            bound = _Bound(Child(unpacked.settings), order, unpacked.folder)
        self._busy.append(bound)
        return bound

    def _unpack(self, digest: str, parcel: bytes) -> Unpacked:
        if digest not in self._unpacked:
            found = unpack(parcel, digest, self._folder / "ldn-print-libraries", self._cache)
            self._unpacked[digest] = found
            used = {row.folder for row in (*self._idle, *self._busy)} | {found.folder}
            unused = [name for name, row in self._unpacked.items() if row.folder not in used]
            for name in unused[: max(0, len(self._unpacked) - _MOST_LIBRARIES)]:
                shutil.rmtree(self._unpacked.pop(name).folder, ignore_errors=True)
        return self._unpacked[digest]


_crews: dict[str, Crew] = {}
_opening = Lock()


def look(families: tuple[str, ...], dask_worker: Worker) -> Parts:
    """Return what a worker makes pages with; Dask gives the worker.

    Args:
        families: the fonts of the library's languages.
        dask_worker: the worker that is asked.
    """
    return _crew(dask_worker).look(families)


def look_at_scheduler() -> None:
    """Do nothing: a scheduler that can be asked has our code, without which it could not read a task."""


def make(job: Job, order: Order, parcel: bytes) -> Made | Refusal:
    """Return what becomes of a job on this worker, or that it is not like the client.

    Args:
        job: what to make.
        order: what goes for every job.
        parcel: the library and the settings, as they travelled.
    """
    worker = get_worker()
    crew = _crew(worker)
    parts = crew.known(order.families)
    if stamp_of(parts) != order.stamp:
        return Refusal(worker.address, parts)
    result = crew.make(order, parcel, job)
    return Made(result, hashlib.sha256(result.data).hexdigest())


def _crew(worker: Worker) -> Crew:
    with _opening:
        return _crews.setdefault(worker.local_directory, Crew(Path(worker.local_directory), worker.state.nthreads))


def _as_on_client(result: JobResult, unpacked: Unpacked) -> JobResult:
    """Return a result whose findings name files as they are called where somebody will mend them."""

    def rename(text: str) -> str:
        for here, there in unpacked.names:
            text = text.replace(here, there)
        return text

    findings = tuple(
        replace(row, place=rename(row.place), fact=rename(row.fact), hint=rename(row.hint))
        for row in result.findings
    )
    error = result.error
    if error is not None:
        error = type(error)(rename(str(error)), diagnostics=error.diagnostics)
    return replace(result, findings=findings, error=error)
