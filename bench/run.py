"""Times what a clinic waits for: a cold command, a warm handout, the whole library.

    .venv/bin/python -m bench.run [--runs 7] [--json FILE]

Cold figures are CPU seconds of a whole process, warm ones of one handout in a running process; both are
medians of interleaved runs, so that a slow moment of the machine falls on all of them alike.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from ldn_print.build import Request, run_build
from ldn_print.clinic import default_clinic
from ldn_print.jobs import Job, Settings
from ldn_print.localize import Catalogs
from ldn_print.models import Leaflet
from ldn_print.press import Press
from ldn_print.project import Library, find_library

HANDOUT = "fibromyalgia"
Figures = dict[str, float]


def cpu_of_process(*arguments: str) -> float:
    """Return the CPU seconds of the program in a process of its own, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-P", "-m", "ldn_print", *arguments], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def cpu_of_call(call: Callable[[], object]) -> float:
    """Return the CPU seconds of a call in this process."""
    start = time.process_time()
    call()
    return time.process_time() - start


def interleave(cases: dict[str, Callable[[], float]], runs: int) -> Figures:
    """Return the median of each case, taken in turns; the first turn warms up and does not count."""
    figures: dict[str, list[float]] = {name: [] for name in cases}
    for turn in range(runs + 1):
        for name, case in cases.items():
            seconds = case()
            if turn:
                figures[name].append(seconds)
    return {name: median(values) for name, values in figures.items()}


def time_cold(tags: list[str], folder: Path, runs: int) -> Figures:
    """Return the cost of cold commands."""

    def build(tag: str) -> Callable[[], float]:
        return lambda: cpu_of_process("build", HANDOUT, "-l", tag, "-o", str(folder), "-j", "1")

    cases: dict[str, Callable[[], float]] = {
        "--help": lambda: cpu_of_process("--help"),
        "list": lambda: cpu_of_process("list"),
    }
    return interleave(cases | {f"build {HANDOUT} -l {tag}": build(tag) for tag in tags}, runs)


def time_warm(tags: list[str], settings: Settings, runs: int) -> Figures:
    """Return the cost of one handout in a process that has printed before."""
    press = Press(settings)

    def make(tag: str) -> Callable[[], float]:
        return lambda: cpu_of_call(lambda: press.make(Job(Leaflet(HANDOUT), tag, "letter")))

    return interleave({tag: make(tag) for tag in tags}, runs)


def time_whole(library: Library, settings: Settings, folder: Path) -> Figures:
    """Return what printing everything costs, from nothing, with a process per core."""
    cores = os.cpu_count() or 1
    request = Request(tuple(map(Leaflet, library.handout_ids())), (), ("letter", "a4"), folder, cores)
    start = time.perf_counter()
    built = len(run_build(settings, request).built)
    seconds = time.perf_counter() - start
    return {"files": built, "seconds": seconds, "files per second": built / seconds, "processes": cores}


def format_table(title: str, figures: Figures, unit: str) -> str:
    """Return figures as a table of plain text."""
    factor = 1000 if unit == "ms" else 1
    width = max(map(len, figures))
    lines = [f"{name.ljust(width)}  {value * factor:8.1f} {unit}" for name, value in figures.items()]
    return "\n".join([title, *lines, ""])


def main() -> None:
    """Time everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", type=Path)
    arguments = parser.parse_args()
    library = find_library()
    tags = [language.tag for language in Catalogs(library).available()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(library, default_clinic(), folder / "cache")
        report = {
            "cold, CPU": time_cold(tags, folder / "cold", arguments.runs),
            "warm, CPU": time_warm(tags, settings, arguments.runs),
            "whole library": time_whole(library, settings, folder / "whole"),
        }
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}, medians of {arguments.runs} interleaved runs\n")
    for title, figures in report.items():
        print(format_table(title, figures, "" if title == "whole library" else "ms"))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
