"""Lets Pango see the whole of a Thai text when it looks for the end of a line.

The engine shows Pango only as much text as may fill a line. Where that ends inside a word, the dictionary of
Pango takes what is left of the word for another one, and may end the line inside the word before it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, SupportsIndex

from weasyprint.layout import inline

_THAI = re.compile("[\u0e01-\u0e4e]")

_installed = False


class _WholeText(str):
    """A text whose start is always all of it: the engine takes ``text[:n]``, and nothing else, to shorten it."""

    __slots__ = ()

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        is_start = isinstance(key, slice) and key.start is None and key.step is None
        return str(self) if is_start else super().__getitem__(key)


def install() -> None:
    """Put the mended part in the place of the engine's, once per process."""
    global _installed
    if not _installed:
        _installed = True
        inline.split_first_line = _show_all(inline.split_first_line)


def _show_all(split: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap the function that finds the end of a line."""

    def splitting(text: str, *rest: Any, **named: Any) -> Any:
        return split(_WholeText(text) if _THAI.search(text) else text, *rest, **named)

    return splitting
