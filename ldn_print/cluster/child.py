"""The process in which a worker makes pages: one job after another, with the limits of a local build.

Dask runs tasks in threads, and forbids its workers the usual processes of Python; the engine wants a main thread,
a clock and a measure of memory for itself. So each thread of a worker has such a process. It ends when the worker
ends, since then its end of the pipe is closed, and when nothing came for a while.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

from ldn_print.errors import LdnPrintError, PdfError
from ldn_print.executors import JOBS_OF_A_WORKER, MAX_KILLS, killed, make_job, start_worker
from ldn_print.jobs import Job, JobResult, Settings
from ldn_print.processes import held_back
from ldn_print.shelf import trim

IDLE_SECONDS = 300  # then it gives its memory back
_ROOT = Path(__file__).resolve().parent.parent.parent
_START = """import sys
sys.path.insert(0, sys.argv[1])
from ldn_print.cluster.child import serve
serve(int(sys.argv[2]))"""


class Child:
    """A process that makes pages; a fresh one when it died or has made many.

    Args:
        settings: what is the same for every job.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._made = 0

    def make(self, job: Job) -> JobResult:
        """Return what becomes of a job; one that kills its process each time is reported as failed."""
        for _ in range(MAX_KILLS):
            with contextlib.suppress(EOFError, OSError):
                pipe = self._ready()
                pipe.send(job)
                result: JobResult = pipe.recv()
                self._made += 1
                return result
            self.close()
        return killed(job, "start its dask worker with fewer threads")

    def close(self) -> None:
        """End the process."""
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()  # it is idle or dead: nothing is lost
            self._process.wait()
        self._pipe = self._process = None

    def _ready(self) -> Connection:
        """Return the pipe to a process that is alive and not too old."""
        if self._made >= JOBS_OF_A_WORKER or (self._process is not None and self._process.poll() is not None):
            self.close()
            trim(self.settings.cache_folder)
        if self._pipe is None:
            self._pipe, theirs = Pipe()
            number = str(theirs.fileno())
            with held_back(signal.SIGINT), theirs:
                self._process = subprocess.Popen(  # noqa: S603  # this program itself
                    [sys.executable, "-P", "-c", _START, str(_ROOT), number],
                    pass_fds=[theirs.fileno()],
                    stdin=subprocess.DEVNULL,
                )
            self._made = 0
            self._pipe.send(self.settings)
        return self._pipe


def serve(number: int) -> None:
    """Make pages until the worker has no more: the whole life of the process.

    Args:
        number: the file descriptor of its end of the pipe.
    """
    with Connection(number) as pipe, contextlib.suppress(EOFError, OSError):
        start_worker(pipe.recv())
        while pipe.poll(IDLE_SECONDS):
            job: Job = pipe.recv()
            pipe.send(_make(job))


def _make(job: Job) -> JobResult:
    try:
        return make_job(job)
    except LdnPrintError as problem:
        return JobResult(job, error=problem)
    except Exception as problem:  # noqa: BLE001  # one page of very many: the others are made all the same
        told = (
            f"{job.place}: {type(problem).__name__}: {problem}\n  This is our fault: try it with --executor local."
        )
        return JobResult(job, error=PdfError(told))
