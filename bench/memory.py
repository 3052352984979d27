"""Measures whether a process that makes one document after the other keeps its memory.

    .venv/bin/python -m bench.memory [--documents 1000]

Prints the memory that the process takes (resident set, MB) after each tenth of the documents: sheets and guides of
every handout in all complete languages, as PDF, HTML and plain text, mixed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from ldn_print.clinic import default_clinic
from ldn_print.countries import Paper
from ldn_print.jobs import Job, Settings
from ldn_print.locales import available_languages
from ldn_print.models import Edition, Format, Leaflet
from ldn_print.press import Press
from ldn_print.project import Library, find_library

_PAGE = os.sysconf("SC_PAGE_SIZE")
_KINDS: tuple[tuple[Edition, Format], ...] = (
    ("standard", "pdf"),
    ("guide", "pdf"),
    ("standard", "html"),
    ("standard", "text"),
)
_PAPERS: tuple[Paper, ...] = ("letter", "a4")


def memory_mb() -> float:
    """Return what this process takes of the machine's memory now, in MB of a million bytes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 1e6


def mixed_jobs(library: Library) -> Iterator[Job]:
    """Yield jobs without end, in an order that is mixed and always the same."""
    tags = [language.tag for language in available_languages(library)]
    rows = list(itertools.product(library.handout_ids(), tags, _KINDS, _PAPERS))
    random.Random(1).shuffle(rows)  # an order, not a secret
    for handout, tag, (edition, form), paper in itertools.cycle(rows):
        yield Job(Leaflet(handout, edition), tag, paper, form)


def main() -> None:
    """Make the documents and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1000)
    documents: int = parser.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        library = find_library()
        press = Press(Settings(library, default_clinic(), Path(folder)))
        failed = 0
        print("documents      MB  failed", flush=True)
        for count, job in enumerate(itertools.islice(mixed_jobs(library), documents), 1):
            failed += not press.make(job).good
            if count % max(documents // 10, 1) == 0:
                print(f"{count:9}{memory_mb():8.0f}{failed:8}", flush=True)


if __name__ == "__main__":
    main()
