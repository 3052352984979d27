"""Times a build for many clinics, with the processes of this machine and on a Dask cluster, in turns.

    .venv/bin/python -m bench.cluster [--sheets 60] [--profiles 2] [--rounds 1] [--workers 2] [--cores 32]

Each profile is a clinic of its own, with its name and phones on every page, so that no page serves two of them. A
build is one profile with all its sheets; ``--sheets`` is how many all profiles have together, 0 for all of the
library in every language on both papers. Scheduler and workers are processes of this machine: what is measured is
what sharing a build out costs, not what more machines give. Below stands what the same means for the plan of a
health network: 500 clinics, all handouts, five languages, two papers.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from ldn_print.locales import available_languages
from ldn_print.project import find_library
from tests.cluster import Cluster, open_cluster

PLAN_PROFILES = 500
WAYS = ("local", "dask")


@dataclass
class Way:
    """What one way of making pages took, all builds together."""

    sheets: int = 0
    bytes: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    builds: list[float] = field(default_factory=list)


def profile_text(number: int) -> str:
    """Return the profile of one of many clinics."""
    return (
        f'country = "US"\nname = "Example Clinic {number}"\n'
        f'address = ["{number} Example Street", "Example Town"]\n'
        f'phone = "(512) 555-{number % 10_000:04d}"\n'
    )


def choose(sheets: int, profiles: int) -> tuple[list[str], int]:
    """Return the arguments of a build that makes its share of some sheets, and how many those are."""
    library = find_library()
    handouts, tags = library.handout_ids(), [language.tag for language in available_languages(library)]
    each = len(tags) * 2
    share = max(1, round(sheets / profiles / each)) if sheets else len(handouts)
    names = handouts[:share]
    return [*names, *(part for tag in tags for part in ("-l", tag)), "--paper", "both"], len(names) * each


def cpu_of_children() -> float:
    """Return the CPU seconds of processes that have ended and were waited for."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def cpu_of(cluster: Cluster) -> float:
    """Return the CPU seconds of a running cluster, with the processes that make pages."""

    def all_of(number: int) -> Iterator[psutil.Process]:
        process = psutil.Process(number)
        yield process
        yield from process.children(recursive=True)

    times = (row.cpu_times() for started in cluster.started for row in all_of(started.pid))
    return sum(float(row.user + row.system + row.children_user + row.children_system) for row in times)


def time_build(arguments: list[str], folder: Path, cluster: Cluster | None, way: Way) -> None:
    """Run a build that finds nothing that was made before, and add what it took."""
    command = [sys.executable, "-P", "-m", "ldn_print", "build", *arguments, "-o", str(folder / "out")]
    if cluster:
        command += ["--executor", "dask", "--scheduler", cluster.address]
    else:
        command += ["--jobs", str(os.cpu_count() or 1)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
    far: Callable[[], float] = (lambda: cpu_of(cluster)) if cluster else (lambda: 0.0)
    start, before = time.perf_counter(), cpu_of_children() + far()
    subprocess.run(command, check=True, capture_output=True, env=environment)
    seconds = time.perf_counter() - start
    made = [path.stat().st_size for path in (folder / "out").rglob("*.pdf")]
    way.sheets += len(made)
    way.bytes += sum(made)
    way.seconds += seconds
    way.cpu += cpu_of_children() + far() - before
    way.builds.append(len(made) / seconds)


def time_all(sheets: int, profiles: int, rounds: int, workers: int) -> dict[str, Way]:
    """Return what each way took: every profile is built with one and then with the other."""
    ways = {name: Way() for name in WAYS}
    arguments, _ = choose(sheets, profiles)
    with tempfile.TemporaryDirectory() as name, open_cluster(Path(name), workers) as cluster:
        for turn in range(rounds):
            for number in range(profiles):
                clinic = Path(name, f"clinic-{turn}-{number}.toml")
                clinic.write_text(profile_text(turn * profiles + number), encoding="utf-8")
                for way in WAYS:
                    folder = Path(name, f"{way}-{turn}-{number}")
                    folder.mkdir()
                    far = cluster if way == "dask" else None
                    time_build([*arguments, "--clinic", str(clinic)], folder, far, ways[way])
    return ways


def describe(name: str, way: Way) -> str:
    """Return a row of the table: what was measured."""
    return (
        f"{name:6} {way.sheets:6} sheets  {way.sheets / way.seconds:6.2f} a second"
        f" ({min(way.builds):.2f} to {max(way.builds):.2f})  {way.cpu / way.sheets:5.2f} s CPU"
        f"  {way.bytes / way.sheets / 1000:6.1f} KB each"
    )


def extrapolate(name: str, way: Way, cores: int) -> str:
    """Return what the plan of a health network takes at that rate; more cores as if they cost nothing more."""
    _, each = choose(0, 1)
    plan, here = PLAN_PROFILES * each, os.cpu_count() or 1
    hours = plan / (way.sheets / way.seconds) / 3600
    return (
        f"{name:6} {plan:,} sheets: {hours:.1f} hours on {here} cores, {hours * here / cores:.1f} on {cores};"
        f" {way.cpu / way.sheets * plan / 3600:.0f} CPU hours, {way.bytes / way.sheets * plan / 1e9:.0f} GB"
    )


def main() -> None:
    """Time both ways and print what it took, and what it means."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sheets", type=int, default=60)
    parser.add_argument("--profiles", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--cores", type=int, default=32)
    chosen = parser.parse_args()
    ways = time_all(chosen.sheets, chosen.profiles, chosen.rounds, chosen.workers)
    for name, way in ways.items():
        print(describe(name, way))
    for name, way in ways.items():
        print(extrapolate(name, way, chosen.cores))


if __name__ == "__main__":
    main()
