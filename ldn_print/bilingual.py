"""Pairs a leaflet with itself in a second language, block by block, for pages in two columns.

Both versions come from the same templates, so their blocks come in the same order and carry the same messages;
where they do not, nothing is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from markupsafe import Markup

from ldn_print.errors import RenderError
from ldn_print.outline import BOX, Block, read_blocks

_SIGNS = ('<span class="box-tick"></span>', '<span class="dot"></span>')  # there once for both
_STARTS = {"section": "h2", "tier": "h3"}  # the heading that starts a part of this name
# What a part of the page is called, by the class of its blocks; the first that fits.
_PARTS = ("warning", "glance", "plan", "rail", "clinic", "mast", "about")


@dataclass(frozen=True)
class Cell:
    """A block in both languages, as HTML. ``message`` is the id of its first message."""

    own: Markup
    other: Markup
    message: str
    is_on: bool = False


@dataclass(frozen=True)
class Row:
    """What stands on one line: ``kind`` names it for the template, ``number`` counts steps."""

    kind: str
    cells: tuple[Cell, ...]
    number: int = 0


@dataclass
class Part:
    """A part of the page: the warning, a section, a table. ``icon`` is the drawing beside its heading."""

    name: str
    icon: str = ""
    rows: list[Row] = field(default_factory=list)


def pair_pages(own: str, other: str) -> tuple[Part, ...]:
    """Return the parts of a leaflet in two languages.

    Args:
        own: the leaflet's HTML in the reader's language.
        other: the same in the second language.

    Raises:
        RenderError: the two do not have the same blocks in the same order.
    """
    blocks, others = _blocks(own), _blocks(other)
    for block, second in zip(blocks, others, strict=False):
        if (block.kind, block.messages) != (second.kind, second.messages):
            raise _unlike(block, second)
    if len(blocks) != len(others):
        raise _unlike(blocks[-1], others[-1])
    parts: list[Part] = []
    for rows in _rows(_with_glance_together(list(zip(blocks, others, strict=True)))):
        first = rows[0][0]
        name = _part_name(first)
        if not parts or parts[-1].name != name or first.kind == _STARTS.get(name):
            parts.append(Part(name))
        parts[-1].icon = parts[-1].icon or first.icon
        _add(parts[-1], _row(rows))
    return tuple(parts)


def _with_glance_together(pairs: list[tuple[Block, Block]]) -> list[tuple[Block, Block]]:
    """Return the blocks with the heading of the panel right above it; on the sheet the warning stands between."""
    heading = [pair for pair in pairs if pair[0].kind == "h2" and "mast" in pair[0].classes]
    rest = [pair for pair in pairs if pair not in heading]
    place = next((number for number, (block, _) in enumerate(rest) if "glance" in block.classes), 0)
    return [*rest[:place], *heading, *rest[place:]]


def _add(part: Part, row: Row) -> None:
    """Add a row to a part; whom to call stands beside the name of its tier."""
    if part.rows and part.rows[-1].kind == "h3" and row.kind == "text":
        part.rows[-1] = replace(part.rows[-1], cells=part.rows[-1].cells + row.cells)
    else:
        part.rows.append(row)


def _blocks(html: str) -> list[Block]:
    return [block for block in read_blocks(html) if "face" in block.classes]


def _rows(pairs: Sequence[tuple[Block, Block]]) -> Iterator[list[tuple[Block, Block]]]:
    """Yield the cells of a table's row together, things to tick and all other blocks one by one."""
    for row, group in groupby(pairs, key=lambda pair: pair[0].row):
        if row:
            cells = list(group)
            yield from ([cell] for cell in cells) if "ticks" in cells[0][0].classes else [cells]
        else:
            yield from ([pair] for pair in group)


def _part_name(block: Block) -> str:
    if block.kind == "h2" and "mast" in block.classes:
        return "glance"
    known = next((name for name in _PARTS if name in block.classes), None)
    if known:
        return known
    if "tier" in block.classes:
        return "now" if "now" in block.classes else "tier"
    return "section"


def _row(pairs: list[tuple[Block, Block]]) -> Row:
    first = pairs[0][0]
    return Row(_kind(first), tuple(_cell(*pair) for pair in pairs), first.number)


def _kind(block: Block) -> str:
    """Return how the template shows a block."""
    if block.text.startswith(BOX):
        return "tick"
    if block.kind == "li":
        return "step" if "steps" in block.classes else "sign"
    if block.kind in ("h1", "h2", "h3"):
        return block.kind
    if block.kind in ("th", "td"):
        return "pen" if "pen" in block.classes else "cells"
    return next((name for name in ("line", "caption", "word") if name in block.classes), "text")


def _cell(block: Block, second: Block) -> Cell:
    own, other = block.inner, second.inner
    for sign in _SIGNS:
        other = other.replace(sign, "")
    message = block.messages[0] if block.messages else ""
    return Cell(Markup(own), Markup(other), message, "on" in block.classes)  # noqa: S704  # read from our own page


def _unlike(block: Block, second: Block) -> RenderError:
    return RenderError(
        f"two languages side by side: {block.text!r} has no partner, {second.text!r} stands in its place\n"
        "  Both versions show the same messages: take out what a template shows in one language alone."
    )
