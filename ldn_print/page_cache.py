"""Pages that were laid out and checked, kept by the digest of everything they were made from.

Nothing of a patient is ever kept: what is filled in for one comes onto the page after it was taken from here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ldn_print.engine.identity import engine_identity
from ldn_print.models import Slot
from ldn_print.page import RenderedPage
from ldn_print.pdf import PdfResult
from ldn_print.shelf import FOLDER, Shelf, digest_of_parts


class PageCache:
    """Pages that were laid out and checked.

    Args:
        cache_folder: this program's folder for things that can be made again.
    """

    def __init__(self, cache_folder: Path) -> None:
        self._shelf = Shelf(cache_folder / FOLDER / "laid-out")

    def make(self, page: RenderedPage, make: Callable[[], PdfResult]) -> PdfResult:
        """Return the file of a page, made now or before; what was refused is not kept."""
        key = page_key(page)
        found = self._shelf.get(key)
        if found is not None:
            return _from_head(*found)
        made = make()
        if made.data:
            self._shelf.put(key, _to_head(made), made.data)
        return made


def page_key(page: RenderedPage) -> str:
    """Return the digest of everything that a page is laid out from."""
    rest = (page.language, page.others, page.paper, page.margins, page.even, page.characters)
    pictures = (f"{name} {hashlib.sha256(data).hexdigest()}" for name, data in sorted(page.assets.items()))
    return digest_of_parts(engine_identity(), page.html, page.css, repr(rest), *pictures)


def _to_head(made: PdfResult) -> dict[str, Any]:
    slots = {name: asdict(slot) for name, slot in made.slots.items()}
    return {"pages": made.pages, "spare_mm": made.spare_mm, "lines": made.lines, "slots": slots}


def _from_head(head: Mapping[str, Any], data: bytes) -> PdfResult:
    slots = {name: Slot(**slot) for name, slot in head["slots"].items()}
    return PdfResult(data, (), head["pages"], tuple(head["spare_mm"]), head["lines"], slots)
