"""Times the desk as staff feel it: from Enter to the picture, a patient's copy, and many who print at once.

    .venv/bin/python -m bench.desk [--at-once 200] [--json FILE]

A desk of its own is started on this machine, and asked over the network: first for every sheet that will be
printed (what a clinic has after its first day), then by as many at once as `--at-once` says, in all languages.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

from ldn_print.locales import available_languages
from ldn_print.project import find_library

RUNS = 9
_WARM_SECONDS = 8
_PATIENT = {"name": "Example Patient", "note": "Call on Monday.", "note_language": "en", "form": "capsule"}
_PLAN = {"strength": "1.5", "time": "bedtime", "start": "2026-12-01", "dose": ["1.5", "3"], "weeks": ["2", "2"]}
_CLINIC = 'country = "US"\nname = "Example Clinic"\nphone = "555-0142"\nhighest_dose = 4.5\nlargest_step = 1.5\n'
Times = list[float]


async def ask(port: int, head: str, body: bytes = b"") -> tuple[int, bytes, float]:
    """Return status, whole answer, and how long it took in ms."""
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = f"{head} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    if body:
        lines += "Cookie: ldn_csrf=bench\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    writer.write(lines.encode() + b"\r\n" + body)
    data = await reader.read()
    writer.close()
    return int(data.split(b" ", 2)[1]), data, (time.perf_counter() - start) * 1000


async def page_to_preview(port: int, query: str) -> float:
    """Return how long the page and both its pictures take, in ms."""
    _, _, first = await ask(port, f"GET /?{query}")
    rest = await asyncio.gather(*(ask(port, f"GET /page-{number}.png?{query}") for number in (0, 1)))
    return first + max(row[2] for row in rest)


async def copy_for_patient(port: int, language: str) -> float:
    """Return how long a patient's copy takes to be shown, its pictures in the page, in ms."""
    form = {"csrf": "bench", "sheet": "fibromyalgia", "language": language, **_PATIENT, **_PLAN}
    status, _, took = await ask(port, "POST /patient", urlencode(form, doseq=True).encode())
    if status != 200:
        raise RuntimeError(f"a copy in {language} was answered with {status}")
    return took


async def at_once(port: int, queries: Sequence[str]) -> tuple[Times, dict[int, int]]:
    """Return how long each of many prints took that were asked for together, and how they were answered."""
    answers = await asyncio.gather(*(ask(port, f"GET /sheet.pdf?{query}") for query in queries))
    statuses: dict[int, int] = {}
    for status, _, _ in answers:
        statuses[status] = statuses.get(status, 0) + 1
    return [took for _, _, took in answers], statuses


def told(name: str, times: Times) -> dict[str, float]:
    """Print median and 95th of 100, and return them in ms."""
    row = {"median": median(times), "p95": quantiles(times, n=20)[-1] if len(times) > 1 else times[0]}
    print(f"{name:<58}{row['median']:8.0f}{row['p95']:8.0f} ms")
    return row


async def measure(port: int, many: int) -> dict[str, object]:
    """Return every figure."""
    library, figures = find_library(), dict[str, object]()
    tags = [language.tag for language in available_languages(library)]
    queries = [f"sheet={name}&language={tag}" for name in library.handout_ids() for tag in tags]
    first = [queries[number % len(queries)] for number in range(many)]
    print(f"{'':<58}{'median':>8}{'p95':>8}")
    times, statuses = await at_once(port, first)
    figures["cold, at once"] = {
        **told(f"{many} prints at once, nothing kept: {statuses}", times),
        **count(statuses),
    }
    for query in dict.fromkeys(first):
        while (await ask(port, f"GET /sheet.pdf?{query}"))[0] != 200:
            await asyncio.sleep(1)
    times, statuses = await at_once(port, first)
    row = told(f"{many} prints at once, all kept: {statuses}", times)
    figures["warm, at once"] = {**row, **count(statuses)}
    for tag in tags:
        query = f"sheet=fibromyalgia&language={tag}"
        await page_to_preview(port, query)
        name = f"page to preview, {tag}"
        figures[name] = told(name, [await page_to_preview(port, query) for _ in range(RUNS)])
        await copy_for_patient(port, tag)
        name = f"page to a patient's copy, {tag}"
        figures[name] = told(name, [await copy_for_patient(port, tag) for _ in range(RUNS)])
    return figures


def count(statuses: dict[int, int]) -> dict[str, int]:
    """Return how many were printed, told to come again, and lost."""
    good, busy = statuses.get(200, 0), statuses.get(503, 0)
    return {"printed": good, "asked to come again": busy, "lost": sum(statuses.values()) - good - busy}


@contextmanager
def open_desk() -> Iterator[int]:
    """Yield the port of a desk of its own, warm, whose caches are empty."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        clinic = Path(folder, "clinic.toml")
        clinic.write_text(_CLINIC, encoding="utf-8")
        command = [sys.executable, "-P", "-m", "ldn_print", "serve", "--port", str(port), "--clinic", str(clinic)]
        desk = subprocess.Popen(command, env={**os.environ, "XDG_CACHE_HOME": folder})
        try:
            time.sleep(_WARM_SECONDS)
            yield port
        finally:
            desk.terminate()
            desk.wait(60)


def main() -> None:
    """Start a desk, measure, end it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--at-once", type=int, default=200)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with open_desk() as port:
        figures = asyncio.run(measure(port, options.at_once))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
