"""How much room each message has on the printed page: lines, and the width of its place in millimetres.

Measured on the English pages: a translation that takes no more lines than the English fits everywhere.
Leaflets are measured once and remembered by the fingerprint of their page.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from ldn_print.errors import OutputError
from ldn_print.extract import library_leaflets
from ldn_print.files import write_file
from ldn_print.models import Leaflet
from ldn_print.pdf import measure_messages
from ldn_print.press import Press

_FOLDER = "budgets/3"  # the number is that of the way of measuring


@dataclass(frozen=True)
class Budget:
    """The room of a message: at most so many lines, each so wide, in mm."""

    lines: int
    width_mm: float

    @property
    def words(self) -> str:
        """The room in words, for a translator."""
        return f"{self.lines} {'line' if self.lines == 1 else 'lines'} of {self.width_mm:.0f} mm"


def measure_budgets(
    press: Press, leaflets: tuple[Leaflet, ...] = (), tell: Callable[[int, int], None] | None = None
) -> dict[str, Budget]:
    """Return the room of each message by its id: the narrowest of its places, on the smaller of both papers.

    Args:
        press: over the library.
        leaflets: which ones to look at; none means all.
        tell: called with leaflets done and all leaflets, for a progress bar.

    Raises:
        LdnPrintError: a template cannot be read, or a page cannot be laid out.
    """
    chosen = leaflets or library_leaflets(press.settings.library)
    found: dict[str, Budget] = {}
    for done, leaflet in enumerate(chosen, start=1):
        for name, budget in _measure(press, leaflet).items():
            known = found.get(name, budget)
            found[name] = min(known, budget, key=lambda row: (row.width_mm * row.lines, row.width_mm))
        if tell:
            tell(done, len(chosen))
    return found


def _measure(press: Press, leaflet: Leaflet) -> dict[str, Budget]:
    page = press.english(leaflet)
    path = press.settings.cache_folder / _FOLDER / f"{page.fingerprint}.json"
    kept = _read(path)
    if kept is not None:
        return kept
    measured = measure_messages(page, press.settings.cache_folder)
    budgets = {name: Budget(lines, round(width, 1)) for name, (lines, width) in measured.items()}
    try:
        write_file(path, json.dumps({name: asdict(row) for name, row in budgets.items()}).encode())
    except OutputError:
        return budgets  # a cache that cannot be written only costs time
    return budgets


def _read(path: Path) -> dict[str, Budget] | None:
    try:
        return {name: Budget(**row) for name, row in json.loads(path.read_bytes()).items()}
    except (OSError, ValueError, TypeError):
        return None
