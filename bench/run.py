"""Times what a clinic waits for: cold commands, a first and a second print, a patient's copy, the whole library.

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
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

from bench.peers import cold_cases, missing_peers, warm_cases
from ldn_print.clinic import default_clinic
from ldn_print.job_cache import JobCache
from ldn_print.jobs import Job, Settings
from ldn_print.languages import get_language
from ldn_print.locales import available_languages
from ldn_print.models import DoseStep, Leaflet, Personal, Schedule
from ldn_print.press import Press
from ldn_print.project import Library, find_library
from ldn_print.shelf import FOLDER

HANDOUT = "fibromyalgia"
SHARED = ('msgstr "Sarpullido."', 'msgstr "Un sarpullido."')
OWN = ("para la fibromialgia", "contra la fibromialgia")
Figures = dict[str, float]


def cpu_of_process(*arguments: str) -> float:
    """Return the CPU seconds of the program in a process of its own, its children included."""
    return cpu_of_command(sys.executable, "-P", "-m", "ldn_print", *arguments)


def cpu_of_command(*command: str) -> float:
    """Return the CPU seconds of a process of its own, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, capture_output=True)
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


def time_cold(folder: Path, runs: int) -> Figures:
    """Return the cost of cold commands; a first build finds no page that was made before.

    Peers that are commands print the sheet's own page for screens.
    """
    build = ("build", HANDOUT, "-l", "en", "-o", str(folder / "out"), "-j", "1")

    cpu_of_process(*build, "-f", "html")
    page = folder / "out" / "en" / f"{HANDOUT}.standard.html"

    def first() -> float:
        shutil.rmtree(Path(os.environ["XDG_CACHE_HOME"], "ldn-print", FOLDER), ignore_errors=True)
        return cpu_of_process(*build)

    return interleave(
        {
            "--help": lambda: cpu_of_process("--help"),
            "list, first": lambda: cpu_of_process("list"),
            "list, again": lambda: cpu_of_process("list"),
            f"build {HANDOUT} -l en, first": first,
            f"build {HANDOUT} -l en, again": lambda: cpu_of_process(*build),
            **{name: partial(cpu_of_command, *command) for name, command in cold_cases(page, folder).items()},
        },
        runs,
    )


def time_warm(tags: list[str], settings: Settings, folder: Path, runs: int) -> Figures:
    """Return the cost of one handout in a running process, beside the peers that are installed."""
    press, filled = Press(settings), Press(replace(settings, personal=example_patient()))
    cases: dict[str, Callable[[], float]] = {}
    for tag in tags:
        job, language = Job(Leaflet(HANDOUT), tag, "letter"), get_language(tag)
        JobCache(settings).put(press.make(job))
        cases[f"{tag}: first print"] = partial(time_first, press, job)
        cases[f"{tag}: again"] = partial(cpu_of_call, partial(look_up, settings, job))
        cases[f"{tag}: copy for a patient"] = partial(cpu_of_call, partial(filled.make, job))
        for name, call in warm_cases(press.wording(job.leaflet, language), language, folder).items():
            cases[f"{tag}: {name}"] = partial(cpu_of_call, call)
    return interleave(cases, runs)


def time_first(press: Press, job: Job) -> float:
    """Return what a page costs that was never made before."""
    shutil.rmtree(press.cache_folder / FOLDER, ignore_errors=True)
    press.forget_pages()
    seconds = cpu_of_call(lambda: press.make(job))
    JobCache(press.settings).put(press.make(job))
    return seconds


def look_up(settings: Settings, job: Job) -> None:
    """Print a job that was done before: every file that it rests on is read again."""
    if JobCache(settings).get(job) is None:
        raise SystemExit("the second print was not found")


def example_patient() -> Personal:
    """Return a full personal block: name, date, prescriber, note and a dose plan."""
    steps = (DoseStep(Decimal("1.5"), Decimal(1), 2),)
    plan = Schedule("capsule", Decimal("1.5"), "bedtime", date(2026, 12, 1), steps)
    return Personal("Example Patient", plan.start, "Example Prescriber", "Call us after two weeks.", "en", plan)


def time_whole(library: Library, folder: Path) -> Figures:
    """Return the seconds of whole commands over all handouts, languages and papers, with a process per core."""
    own = folder / "library"
    for name in ("handouts", "templates", "locales"):
        shutil.copytree(library.root / name, own / name)
    environment = {"LDN_PRINT_LIBRARY": str(own), "XDG_CACHE_HOME": str(folder / "cache-of-whole")}
    command = [sys.executable, "-P", "-m", "ldn_print", "build", "--paper", "both", "-o", str(folder / "whole")]

    def seconds() -> float:
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env={**os.environ, **environment})
        return time.perf_counter() - start

    def after(path: Path, old: str, new: str) -> float:
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return seconds()

    spanish = own / "locales" / "es_US" / "LC_MESSAGES" / "ldn_print.po"
    figures = {"from nothing": seconds(), "nothing changed": seconds()}
    figures["one shared message of one language"] = after(spanish, *SHARED)
    figures["one message of one handout in one language"] = after(spanish, *OWN)
    files = sum(1 for _ in (folder / "whole").rglob("*.pdf"))
    return {
        "files": files,
        "processes": os.cpu_count() or 1,
        **figures,
        "files per second": files / figures["from nothing"],
    }


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
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[1])  # for the commands that are timed
    library = find_library()
    tags = [language.tag for language in available_languages(library)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache-of-commands")
        settings = Settings(library, default_clinic(), folder / "cache")
        report = {
            "cold, CPU": time_cold(folder, arguments.runs),
            "warm, CPU": time_warm(tags, settings, folder, arguments.runs),
            "whole library": time_whole(library, folder),
        }
    for hint in missing_peers():
        print(hint)
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}, medians of {arguments.runs} interleaved runs\n")
    for title, figures in report.items():
        print(format_table(title, figures, "" if title == "whole library" else "ms"))
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
