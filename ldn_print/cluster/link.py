"""The way to a cluster: a scheduler that answers, workers that are like this machine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from distributed import Client, Future
from distributed.comm.core import CommClosedError
from distributed.comm.core import connect as open_comm
from distributed.security import Security
from distributed.versions import VersionMismatchWarning

from ldn_print.cluster.worker import Refusal, look, look_at_scheduler
from ldn_print.engine.portable import Parts, differences
from ldn_print.errors import ClusterError

CONNECT_SECONDS = 5
WORKER_SECONDS = 30  # how long a build waits for the first worker, and for another one when the last has gone
JOBS_OF_A_THREAD = 4  # under way at once: one is made, the others wait beside it or come back
_REFRESH_SECONDS = 3
# What Dask has to say about a lost scheduler, we say ourselves.
_LOGGERS = ("distributed", "distributed.client", "distributed.gc", "tornado", "tornado.application", "asyncio")
_SHOWN = 5  # workers that differ and are named
# What Dask raises when a scheduler or worker went away, of whatever age.
_LOST = (OSError, TimeoutError, RuntimeError, ValueError)
_SAME = (
    "Start scheduler and workers from an installation of ldn_print like this one (README, 'On several machines')."
)


@dataclass
class Link:
    """A connection to a scheduler, with what is known about its workers."""

    client: Client
    address: str
    refused: set[str] = field(default_factory=set)
    _threads: dict[str, int] = field(default_factory=dict)
    _looked: float = 0.0
    _seen: float = field(default_factory=time.monotonic)

    def workers(self) -> dict[str, int]:
        """Return the workers that may be given jobs, with their threads; asked again every few seconds.

        Raises:
            ClusterError: the scheduler was lost, there has been no worker for too long, or none that may be used.
        """
        now = time.monotonic()
        if now - self._looked >= _REFRESH_SECONDS:
            self._threads, self._looked = self._ask(), time.monotonic()
            if self._threads:
                self._seen = self._looked
            elif now - self._seen > WORKER_SECONDS:
                raise ClusterError(
                    f"{self.address}: the last worker has gone, and no other came in {WORKER_SECONDS} s\n"
                    "  Files that were finished stay. Start workers, then run the same command again."
                )
        good = {name: count for name, count in self._threads.items() if name not in self.refused}
        if self._threads and not good:
            raise ClusterError(
                f"{self.address}: no worker is left that makes pages as this machine does\n  {_SAME}"
            )
        return good

    def room(self) -> int:
        """Return how many jobs may be under way at once."""
        return max(1, JOBS_OF_A_THREAD * sum(self.workers().values()))

    def lost(self) -> ClusterError:
        """Return that the scheduler went away."""
        return ClusterError(
            f"{self.address}: the scheduler was lost\n"
            "  Files that were finished stay. Start it again, then run the same command again: "
            "what was finished is not made twice."
        )

    def _ask(self) -> dict[str, int]:
        if self.client.status != "running":
            raise self.lost()
        try:
            found: dict[str, int] = self.client.nthreads()
        except _LOST as problem:
            raise self.lost() from problem
        return dict(found)

    def compare(self, mine: Parts, families: tuple[str, ...]) -> None:
        """Compare every worker with this machine.

        Args:
            mine: what this machine makes pages with.
            families: the fonts of the library's languages.

        Raises:
            ClusterError: one differs or cannot tell, with its address, what differs and what to do.
        """
        try:
            self.client.run_on_scheduler(look_at_scheduler)
        except ImportError as problem:
            raise ClusterError(
                f"{self.address}: the scheduler cannot load ldn_print ({problem})\n  {_SAME}"
            ) from problem
        except _LOST as problem:
            raise self.lost() from problem
        found: dict[str, Any] = self.client.run(look, families, on_error="return")
        refusals = [line for name, told in sorted(found.items()) for line in _why_refused(name, told, mine)]
        if refusals:
            more = [f"  and {len(refusals) - _SHOWN} more"] if len(refusals) > _SHOWN else []
            lines = [f"  {line}" for line in refusals[:_SHOWN]]
            raise ClusterError(
                "\n".join(
                    [
                        f"{self.address}: workers do not make pages as this machine does; nothing was made",
                        *lines,
                        *more,
                    ]
                )
            )

    def close(self, running: Sequence[Future[Any]]) -> None:
        """Take back what is still to be done, and go.

        Args:
            running: what was sent and has not been taken.
        """
        with contextlib.suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if running and self.client.status == "running":
                self.client.cancel(list(running), force=True)
            self.client.close(timeout=2)


def _why_refused(name: str, told: object, mine: Parts) -> Iterator[str]:
    """Yield in what a worker differs, from what it told about itself."""
    if isinstance(told, CommClosedError):
        return  # it has just gone; if it comes back, it compares itself at its first job
    if isinstance(told, Exception) and "ModuleNotFoundError" in repr(told):  # Dask wraps what the other end raised
        yield f"worker {name}: it cannot load ldn_print ({told}). {_SAME}"
    elif isinstance(told, Exception):
        yield f"worker {name}: it cannot tell what it makes pages with ({type(told).__name__}: {told}). {_SAME}"
    else:
        yield from (f"worker {name}: {line}" for line in differences(mine, told))  # type: ignore[arg-type]


def why_refused(refusal: Refusal, mine: Parts) -> str:
    """Return why a worker that came later is given no jobs.

    Args:
        refusal: what it answered.
        mine: what this machine makes pages with.
    """
    lines = [f"  {line}" for line in differences(mine, refusal.parts)]
    return "\n".join([f"worker {refusal.worker}: differs from this machine, and is given no more jobs", *lines])


def connect(address: str) -> Link:
    """Return a connection to a scheduler that has a worker.

    Args:
        address: as in ``tcp://host:8786`` or ``tls://host:8786``.

    Raises:
        ClusterError: nobody answers, it speaks another version, or no worker comes.
    """
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    warnings.filterwarnings("ignore", category=VersionMismatchWarning)
    try:
        asyncio.run(asyncio.wait_for(_knock(address), CONNECT_SECONDS))
        client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False, name="ldn-print")
    except (*_LOST, TypeError, ImportError) as problem:
        told = str(problem).splitlines()[0] if str(problem) else type(problem).__name__
        raise ClusterError(
            f"{address}: no scheduler answers within {CONNECT_SECONDS} s ({told})\n"
            "  Look whether 'dask scheduler' runs there, in the same version, and whether the network lets you in."
        ) from problem
    link = Link(client, address)
    try:
        _compare_workers_dask(link)
        _wait_for_worker(link)
    except BaseException:
        link.close(())
        raise
    return link


async def _knock(address: str) -> None:
    """Greet whoever listens at an address: a client that meets somebody else is slow to notice, and loud.

    Raises:
        ClusterError: it wants certificates, and there are none; it is no scheduler, or one of another version.
    """
    arguments = Security().get_connection_args("client")
    if address.startswith("tls:") and arguments["ssl_context"] is None:
        raise ClusterError(
            f"{address}: there are no certificates for it\n"
            "  Name them in Dask's own configuration, below distributed.comm.tls (README, 'On several machines')."
        )
    greeted = await open_comm(address, timeout=CONNECT_SECONDS, **arguments)
    try:
        await greeted.write({"op": "identity", "reply": True})
        kind = (await greeted.read())["type"]
        if kind != "Scheduler":
            raise ClusterError(f"{address}: is a Dask {kind}, no scheduler\n  Name the scheduler's address.")
        await greeted.write({"op": "versions", "reply": True})
        _compare_dask(f"scheduler {address}", await greeted.read())
    finally:
        await greeted.close()


def _compare_workers_dask(link: Link) -> None:
    try:
        told: Any = link.client.get_versions()
    except _LOST as problem:
        raise link.lost() from problem
    for name, row in sorted(told["workers"].items()):
        _compare_dask(f"worker {name}", row)


def _compare_dask(place: str, row: Any) -> None:
    """Refuse who has another version of Dask: two of them may misunderstand each other anywhere.

    Raises:
        ClusterError: it has another one.
    """
    try:
        other = str(row["packages"]["distributed"])
    except (KeyError, TypeError):
        other = "of an unknown version"
    mine = version("distributed")
    if other != mine:
        raise ClusterError(
            f"{place}: has distributed {other}, here it is {mine}\n"
            "  Install the same version at both ends; nothing was made."
        )


def _wait_for_worker(link: Link) -> None:
    end = time.monotonic() + WORKER_SECONDS
    while not link._ask():
        if time.monotonic() > end:
            raise ClusterError(
                f"{link.address}: the scheduler has no worker, and none came in {WORKER_SECONDS} s\n"
                f"  Start one: dask worker {link.address}"
            )
        time.sleep(0.2)
