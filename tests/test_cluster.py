"""A build on several machines: the same bytes, workers that differ or die, a scheduler that goes away."""

from __future__ import annotations

import os
import re
import select
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from importlib.metadata import requires
from pathlib import Path
from typing import IO

import psutil
import pytest

from ldn_print.engine.portable import PACKAGES
from ldn_print.errors import ExitCode
from ldn_print.models import GENERAL
from ldn_print.project import Library
from tests.cluster import (
    MOST_SECONDS,
    Build,
    Cluster,
    free_port,
    listens,
    open_cluster,
    pages_of,
    start_build,
    wait_until,
)
from tests.conftest import ROOT, Run, change
from tests.desk import write_clinic
from tests.test_readme import CLUSTER

pytestmark = pytest.mark.xdist_group("cluster")  # one scheduler and two workers for all of these
FAR = ("--executor", "dask", "--scheduler", "tcp://127.0.0.1:8786")
TWO = ("fibromyalgia", "-l", "en", "-l", "ar")
LONG = ("-l", "en", "--paper", "both")  # 62 sheets: there is work left when the first of them is here
FONT = Path("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Return a scheduler with two workers."""
    with open_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as running:
        yield running


def _finish(build: Build) -> str:
    code, told = build.end()
    assert code == 0, told
    return told


def _has_ended(process: psutil.Process) -> bool:
    """Tell whether a process does nothing any more."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def test_cluster_makes_the_bytes_of_a_local_build(cluster: Cluster, run_program: Run, tmp_path: Path) -> None:
    """Pages, manifest and the clinic's letterhead are the same; made once, they need no cluster again."""
    clinic = write_clinic(tmp_path)
    arguments = (*TWO, "--clinic", str(clinic), "--format", "pdf", "--format", "text")

    _finish(start_build(cluster.address, tmp_path, *arguments))
    ran = run_program("build", *arguments, "-o", "here", "-j", "1")

    assert ran.code == 0, ran.err
    assert len(_contents(tmp_path / "here")) == 5
    assert _contents(tmp_path / "far") == _contents(tmp_path / "here")
    _finish(start_build(f"tcp://127.0.0.1:{free_port()}", tmp_path, *arguments))


def test_words_that_were_changed_travel(cluster: Cluster, small_copy: Library, tmp_path: Path) -> None:
    """Workers print the library of whoever builds, not the one that they were installed with."""
    change(small_copy.templates / "sections" / "side-effects.html", "stand up slowly", "get up slowly")

    _finish(start_build(cluster.address, tmp_path, "fibromyalgia", "-l", "en", "--format", "text"))

    assert "get up slowly" in (tmp_path / "far" / "en" / "fibromyalgia.standard.txt").read_text(encoding="utf-8")


def test_fault_is_told_with_the_place_on_this_machine(
    cluster: Cluster, small_copy: Library, tmp_path: Path
) -> None:
    """What a worker finds in a file is told as if it had been found here."""
    path = small_copy.handouts / "fibromyalgia" / "approvals.toml"
    path.write_text("[[record]]\nno = 1\n", encoding="utf-8")

    code, told = start_build(cluster.address, tmp_path, "fibromyalgia", "-l", "en").end()

    assert code == ExitCode.INPUT
    assert str(path) in told
    assert "ldn-print-libraries" not in told


def test_jobs_of_a_killed_worker_are_made_by_another(tmp_path: Path) -> None:
    """A machine that fails in the middle of its work costs time and nothing else; it leaves no process behind."""
    with open_cluster(tmp_path, workers=1) as failing:
        first = failing.started[1]
        build = start_build(failing.address, tmp_path, *TWO, "--format", "text")
        wait_until(lambda: pages_of(first), "a process that makes pages")
        (child,) = pages_of(first)
        child.suspend()
        failing.start_worker()

        failing.kill(first)
        child.resume()
        _finish(build)
        wait_until(partial(_has_ended, child), "the end of a process")

    assert len(build.files) == 2


def test_job_that_kills_its_process_is_the_only_one_that_fails(tmp_path: Path) -> None:
    """Twice killed is that job's failure, as in a local build; the worker goes on with the others."""
    with open_cluster(tmp_path, workers=1) as alone:
        build = start_build(alone.address, tmp_path, *TWO, "--format", "text")
        for _ in range(2):
            wait_until(lambda: pages_of(alone.started[1]), "a process that makes pages")
            (killed,) = pages_of(alone.started[1])
            killed.kill()
            wait_until(partial(_has_ended, killed), "the end of a process")
        code, told = build.end()

    assert code == ExitCode.MAKING
    assert "the worker process was killed 2 times" in told
    assert len(build.files) == 1


def _home_with_another_font(folder: Path) -> str:
    fonts = folder / "home" / ".fonts"
    fonts.mkdir(parents=True)
    shutil.copy(FONT, fonts / "NotoSans-Other.ttf")
    return str(folder / "home")


def test_worker_with_other_fonts_is_refused_before_anything_is_made(cluster: Cluster, tmp_path: Path) -> None:
    """The message names the worker, what differs and what to do."""
    other = cluster.start_worker(HOME=_home_with_another_font(tmp_path))
    address = re.findall(r"Start worker at: +(\S+)", cluster.log(other))[0]
    try:
        code, told = start_build(cluster.address, tmp_path, "fibromyalgia", "-l", "en").end()
    finally:
        cluster.kill(other)

    assert code == ExitCode.CLUSTER
    assert f"worker {address}: fonts: NotoSans-Other.ttf" in told
    assert "Install the same packages of fonts" in told
    assert not (tmp_path / "far").exists()


def test_worker_with_other_fonts_that_comes_later_makes_nothing(tmp_path: Path) -> None:
    """It is told once; the others make its jobs."""
    with open_cluster(tmp_path, workers=1) as growing:
        build = start_build(
            growing.address, tmp_path, "fibromyalgia", "chronic-pain", *TWO[1:], "--format", "text"
        )
        wait_until(lambda: pages_of(growing.started[1]), "a process that makes pages")
        (child,) = pages_of(growing.started[1])
        child.suspend()  # there is work left when the other one comes
        other = growing.start_worker(HOME=_home_with_another_font(tmp_path))
        stderr = build.process.stderr
        assert stderr is not None
        assert select.select([stderr], [], [], MOST_SECONDS)[0], "nothing was told"
        told = [stderr.readline() for _ in range(2)]
        child.resume()
        _finish(build)
        makes = pages_of(other)

    assert "differs from this machine, and is given no more jobs" in told[0]
    assert "fonts: NotoSans-Other.ttf" in told[1]
    assert len(build.files) == 4
    assert not makes


@pytest.mark.parametrize("bare", ["scheduler", "worker"])
def test_scheduler_or_worker_without_ldn_print_is_told(tmp_path: Path, bare: str) -> None:
    """Installing it is what is left to do, and that is said."""
    cluster = Cluster(tmp_path)
    nothing = {"PYTHONPATH": ""}
    try:
        cluster.start_scheduler(**nothing if bare == "scheduler" else {})
        cluster.start_worker(**nothing if bare == "worker" else {})
        code, told = start_build(cluster.address, tmp_path, "fibromyalgia", "-l", "en").end()
    finally:
        cluster.close()

    assert code == ExitCode.CLUSTER
    assert re.search(rf"{bare}.* cannot load ldn_print", told), told


def test_interruption_takes_the_work_back(cluster: Cluster, tmp_path: Path) -> None:
    """Ctrl-C ends the build at once; what its workers do then is something else."""
    build = start_build(cluster.address, tmp_path, *LONG)
    wait_until(lambda: build.files, "a first page")

    code, told = build.end(signal.SIGINT)

    assert code == ExitCode.INTERRUPTED
    assert "Interrupted" in told


def test_scheduler_without_workers_and_scheduler_that_is_lost(tmp_path: Path) -> None:
    """Both are told in time, and what was written stays."""
    with open_cluster(tmp_path, workers=0) as empty:
        soon = "from ldn_print.cluster import link; link.WORKER_SECONDS = 1"
        code, told = start_build(empty.address, tmp_path, *TWO, code=soon).end()
        assert code == ExitCode.CLUSTER
        assert f"Start one: dask worker {empty.address}" in told

        empty.start_worker()
        build = start_build(empty.address, tmp_path, *LONG)
        wait_until(lambda: build.files, "a first page")
        empty.kill(empty.started[0])
        code, told = build.end()

    assert code == ExitCode.CLUSTER
    assert "the scheduler was lost" in told
    assert build.files


def _start(command: list[str], environment: dict[str, str], log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start a line of the README, which may begin with a variable, as a shell does."""
    return subprocess.Popen(["/usr/bin/env", *command], cwd=ROOT, env=environment, stdout=log, stderr=log)


def test_commands_of_the_readme_share_a_build(small_copy: Library, tmp_path: Path) -> None:
    """Scheduler, worker and build as a reader copies them, with this machine's address and a small library."""
    for name in set(small_copy.handout_ids()) - {"fibromyalgia", GENERAL}:
        shutil.rmtree(small_copy.handouts / name)
    port = str(free_port())
    lines = [line.replace("10.0.0.1", "127.0.0.1").replace("8786", port) for line in CLUSTER]
    first, second, third = ([*shlex.split(line)] for line in lines)
    here = {**os.environ, "TMPDIR": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    quiet: list[subprocess.Popen[bytes]] = []
    try:
        for command in ([*first, "--port", port, "--no-dashboard"], [*second, "--no-dashboard"]):
            with (tmp_path / f"{len(quiet)}.log").open("wb") as log:
                quiet.append(_start(command, here, log))
            wait_until(lambda: listens(int(port)), "a scheduler that listens")
        done = subprocess.run(
            [*third, "-l", "en", "-f", "text", "-o", str(tmp_path / "out")],
            cwd=ROOT,
            env=here,
            capture_output=True,
        )
    finally:
        for started in reversed(quiet):
            started.terminate()
            started.wait(MOST_SECONDS)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "en" / "fibromyalgia.standard.txt").is_file()


def test_nobody_at_the_address(tmp_path: Path) -> None:
    """A scheduler that is not there is told within seconds."""
    address = f"tcp://127.0.0.1:{free_port()}"
    soon = "from ldn_print.cluster import link; link.CONNECT_SECONDS = 1"

    code, told = start_build(address, tmp_path, "fibromyalgia", "-l", "en", code=soon).end()

    assert code == ExitCode.CLUSTER
    assert f"{address}: no scheduler answers within 1 s" in told
    assert not (tmp_path / "far").exists()


def test_scheduler_of_another_version_is_told(tmp_path: Path) -> None:
    """Two versions of Dask may misunderstand each other anywhere: they are not let begin."""
    older = Cluster(tmp_path)
    try:
        older.start_scheduler(
            code="from distributed import versions; versions._version_cached = lambda name: '2020.1.0'"
        )
        code, told = start_build(older.address, tmp_path, "fibromyalgia", "-l", "en").end()
    finally:
        older.close()

    assert code == ExitCode.CLUSTER
    assert "has distributed 2020.1.0, here it is" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--executor", "dask"), "go together"),
        (("--scheduler", "tcp://127.0.0.1:8786"), "go together"),
        (("--executor", "dask", "--scheduler", "here"), "no address"),
        ((*FAR, "--jobs", "2"), "--jobs is for this machine"),
        ((*FAR, "--patient", "fd:99"), "never leaves"),
        ((*FAR, "--schedule", "no.toml"), "never leaves"),
    ],
)
def test_what_does_not_go_with_a_cluster_is_refused(run: Run, arguments: tuple[str, ...], told: str) -> None:
    """Above all a patient's data, which is not even read: neither the file nor the descriptor is there."""
    ran = run("build", "fibromyalgia", *arguments)

    assert ran.code == ExitCode.USAGE
    assert told in " ".join(ran.err.split())


def test_local_build_loads_nothing_of_a_cluster(tmp_path: Path, cache_folder: Path) -> None:
    """Who has no cluster pays nothing for it."""
    look = (
        "import sys; from ldn_print.cli import run\n"
        "assert run('build fibromyalgia chronic-pain -l en -l ar -f text -j 2'.split()) == 0\n"
        "assert not {'distributed', 'dask', 'tornado'} & set(sys.modules)"
    )
    environment = {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-P", "-c", look], cwd=tmp_path, env=environment, capture_output=True)

    assert done.returncode == 0, done.stderr


def test_every_part_of_the_engine_is_compared() -> None:
    """What the layout engine rests on decides about bytes: a part that it takes on one day is not forgotten."""
    rows = [row for name in ("weasyprint", "pikepdf", "fonttools") for row in requires(name) or ()]
    wanted = (row for row in rows if "extra ==" not in row or 'extra == "woff"' in row)
    names = {re.split(r"[^\w-]", row, maxsplit=1)[0].lower() for row in wanted if "PyPy" not in row}

    assert names - {"packaging", "brotlicffi", "unicodedata2"} <= set(PACKAGES)
