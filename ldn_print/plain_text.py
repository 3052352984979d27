"""A leaflet as plain text, for portals, text messages and screen readers: the same blocks, in the same order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from itertools import groupby

from ldn_print.outline import BOX, TICKED, WRITE_IN, Block, read_blocks
from ldn_print.page import RenderedPage

_RULE = {"h1": "=", "h2": "-"}
_LINE = "________"


def to_plain_text(page: RenderedPage) -> str:
    """Return a page as UTF-8 text with one block on each line.

    Headings are underlined, points start with a dot, steps with their number, things to tick with brackets; a row
    of a table is one line. Of a rail only the true stop is told.
    """
    blocks = read_blocks(page.html)
    lines = [line for row in _rows(blocks) for line in _format_row(row)]
    return "\n".join(lines).strip() + "\n"


def _rows(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Yield blocks that belong on one line: the cells of a row together, any other block alone."""
    for row, group in groupby(blocks, key=lambda block: block.row):
        if row:
            yield list(group)
        else:
            yield from ([block] for block in group)


def _format_row(row: list[Block]) -> Iterator[str]:
    first = row[0]
    if len(row) > 1 or first.kind in ("th", "td"):
        yield from _format_cells(row)
    elif first.kind in ("h1", "h2", "h3", "h4"):
        yield from ("", first.text)
        if first.kind in _RULE:
            yield _RULE[first.kind] * _width(first.text)
    elif first.kind == "li":
        yield f"{_lead(first)}{_fill(first.text)}"
    elif "known" not in first.classes and first.classes & {"field", "line"}:
        yield _join(first.text, _LINE)
    else:
        yield _fill(first.text)


def _format_cells(row: list[Block]) -> Iterator[str]:
    shown = [cell for cell in row if cell.kind == "th" or "rail" not in cell.classes or "on" in cell.classes]
    if row[0].classes & {"ticks", "names"}:
        yield from (_fill(cell.text) for cell in shown if cell.text)
    elif row[0].classes & {"plan", "calendar", "days"}:
        yield " | ".join(_fill(cell.text) or _LINE for cell in shown)
    else:
        key, *answers = (_fill(cell.text) or _LINE for cell in shown)
        yield _join(key, " ".join(answers))


def _join(key: str, answer: str) -> str:
    """Return a key and its answer, with a colon where the key does not end with a sign of its own."""
    ends = not key or unicodedata.category(key[-1]).startswith("P")
    return f"{key} {answer}" if ends else f"{key}: {answer}"


def _lead(block: Block) -> str:
    if block.text.startswith((BOX, TICKED)):
        return ""
    return f"{block.number}. " if "steps" in block.classes else "• "


def _fill(text: str) -> str:
    """Return a text with signs that every reader has for what is written on and ticked."""
    for sign, plain in ((WRITE_IN, _LINE), (BOX.strip(), "[ ]"), (TICKED.strip(), "[x]")):
        text = text.replace(sign, plain)
    return text


def _width(text: str) -> int:
    """Return how many columns a text takes: signs of East Asian scripts take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
