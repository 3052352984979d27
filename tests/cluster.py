"""A cluster for tests: a scheduler and workers as real processes on this machine."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.conftest import ROOT

MOST_SECONDS = 60.0
Started = subprocess.Popen[bytes]


def wait_until(is_so: Callable[[], object], what: str) -> None:
    """Wait for something that has to come soon."""
    end = time.monotonic() + MOST_SECONDS
    while not is_so():
        assert time.monotonic() < end, f"never came: {what}"
        time.sleep(0.05)


def free_port() -> int:
    """Return a port of this machine at which nobody listens."""
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        number: int = opened.getsockname()[1]
        return number


def listens(port: int) -> bool:
    """Tell whether somebody listens at a port of this machine."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


def pages_of(worker: Started) -> list[psutil.Process]:
    """Return the processes in which a worker makes pages."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return [
            row for row in psutil.Process(worker.pid).children() if "ldn_print.cluster.child" in str(row.cmdline())
        ]
    return []


@dataclass
class Cluster:
    """A scheduler and its workers. Each has a log of its own."""

    folder: Path
    address: str = ""
    started: list[Started] = field(default_factory=list)

    def start_scheduler(self, *, code: str = "", **environment: str) -> Started:
        """Start the scheduler; ``code`` runs in it before."""
        port = free_port()
        self.address = f"tcp://127.0.0.1:{port}"
        options = ("--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
        started = self._start("scheduler", code, *options, **environment)
        wait_until(lambda: listens(port), "a scheduler that listens")
        return started

    def start_worker(self, **environment: str) -> Started:
        """Start a worker with one thread, and wait until it has its work."""
        options = ("--nthreads", "1", "--no-nanny", "--no-dashboard", "--local-directory", str(self.folder))
        started = self._start("worker", "", self.address, *options, **environment)
        wait_until(lambda: "Registered to" in self.log(started), "a worker that is known")
        return started

    def log(self, started: Started) -> str:
        """Return what a process told."""
        return self._log_path(self.started.index(started)).read_text(encoding="utf-8")

    def kill(self, started: Started) -> None:
        """End a process as a power cut does."""
        started.kill()
        started.wait()

    def close(self) -> None:
        """End everything, what makes pages too."""
        for started in self.started:
            for row in pages_of(started):
                with contextlib.suppress(psutil.NoSuchProcess):
                    row.kill()
            self.kill(started)

    def _log_path(self, number: int) -> Path:
        return self.folder / f"{number}.log"

    def _start(self, kind: str, code: str, *arguments: str, **environment: str) -> Started:
        program = f"{code}\nfrom distributed.cli.dask_{kind} import main; main()"
        with self._log_path(len(self.started)).open("wb") as log:
            started = subprocess.Popen(
                [sys.executable, "-P", "-c", program, *arguments],
                cwd=self.folder,
                env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
                stdout=log,
                stderr=log,
            )
        self.started.append(started)
        return started


@contextlib.contextmanager
def open_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """Give a cluster, and end it."""
    cluster = Cluster(folder)
    try:
        cluster.start_scheduler()
        for _ in range(workers):
            cluster.start_worker()
        yield cluster
    finally:
        cluster.close()


@dataclass
class Build:
    """A build that is running in a process of its own."""

    process: subprocess.Popen[str]
    folder: Path

    @property
    def files(self) -> list[Path]:
        """What it has written so far, without its manifest."""
        return [path for path in self.folder.rglob("*") if path.is_file() and path.parent != self.folder]

    def end(self, number: signal.Signals | None = None) -> tuple[int, str]:
        """Return its exit code and what it told, after a signal if one is named."""
        if number is not None:
            self.process.send_signal(number)
        _, told = self.process.communicate(timeout=MOST_SECONDS)
        assert "Traceback" not in told
        return self.process.returncode, told


def start_build(address: str, folder: Path, *arguments: str, code: str = "", **environment: str) -> Build:
    """Start a build on a cluster, which knows nothing that was made before; ``code`` runs in it first."""
    program = f"{code}\nimport sys; from ldn_print.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-P", "-c", program, "build", *arguments, "-o", str(folder / "far")]
    command += ["--executor", "dask", "--scheduler", address]
    ours = {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(folder / "cache-of-far")}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **ours, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    return Build(process, folder / "far")
