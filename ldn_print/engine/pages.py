"""Shows each page to somebody as soon as the engine has laid it out, who may then do without the others.

What a page lacks may be plain long before the last one is laid out, and all of them are laid out again then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint import layout

_lookers: list[Callable[[Any], None]] = []
_installed = False


def install() -> None:
    """Put the watched part in the place of the engine's, once per process."""
    global _installed
    if not _installed:
        _installed = True
        layout.make_all_pages = _watch(layout.make_all_pages)


@contextmanager
def looking(look: Callable[[Any], None]) -> Iterator[None]:
    """Have a function called with the box of each page, without its margins; what it raises ends the layout."""
    _lookers.append(look)
    try:
        yield
    finally:
        _lookers.remove(look)


def _watch(make_all_pages: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    """Wrap the function that lays out the pages one after the other."""

    def making(*arguments: Any) -> Iterator[Any]:
        for page in make_all_pages(*arguments):
            for look in _lookers:
                look(page)
            yield page

    return making
