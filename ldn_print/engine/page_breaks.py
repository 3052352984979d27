"""Finds what a page break has torn apart: a box, row or step on two pages, a heading at the foot of a page.

The style sheets forbid it, and the engine obeys where it can: it still breaks what does not fit a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ldn_print.engine.layout import IN_LINES, has_class, line_text

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_WHOLE = frozenset({"tr", "li"})


def find_torn(document: Any) -> Iterator[tuple[int, str]]:
    """Yield the page, counted from 1, on which something goes on that may not be split, with its first line."""
    before: frozenset[int] = frozenset()
    for number, page in enumerate(document.pages, start=1):
        whole = {id(box.element): box for box in _blocks(_content(page)) if _is_whole(box)}
        for element in whole.keys() & before:
            yield number, _first_line(whole[element])
        before = frozenset(whole)


def find_stranded(document: Any) -> Iterator[tuple[int, str]]:
    """Yield the page, counted from 1, and the text of each heading that has no line beside or below it there."""
    for number, page in enumerate(document.pages, start=1):
        lines = [row for row in _lines(_content(page), None) if line_text(row[0])]
        headings = {id(heading): heading for _, heading in lines if heading is not None}
        for heading in headings.values():
            others = (line for line, around in lines if around is not heading)
            if not any(line.position_y + line.height / 2 > heading.position_y for line in others):
                yield number, _first_line(heading)


def _content(page: Any) -> Any:
    """Return the box of a page's content, without its margins."""
    return page._page_box.children[0]


def _blocks(box: Any) -> Iterator[Any]:
    """Yield the boxes below a box, but for heads of tables, which stand on each page that a table goes on."""
    for child in getattr(box, "children", ()):
        if not getattr(child, "is_header", False):
            yield child
            yield from _blocks(child)


def _is_whole(box: Any) -> bool:
    """Tell whether a box may not be split; a side of the sheet is told of as a page too many."""
    if box.element is None or type(box).__name__ in IN_LINES or has_class(box, "face"):
        return False
    return box.element_tag in _WHOLE or box.style["break_inside"] != "auto"


def _lines(box: Any, heading: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the lines of a box, each with the heading that it belongs to, if there is one."""
    for child in getattr(box, "children", ()):
        if type(child).__name__ == "LineBox":
            yield child, heading
        else:
            yield from _lines(child, child if child.element_tag in _HEADINGS else heading)


def _first_line(box: Any) -> str:
    return next((text for line, _ in _lines(box, None) if (text := line_text(line))), "a box without words")
