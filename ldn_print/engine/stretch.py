"""Gives the room left on a side of the sheet to its lines to write on.

Spare room goes to the pen, never to bigger type. The boxes of a finished layout are moved and made
taller in place: laying the page out a second time would double its cost.
"""

from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.layout.background import layout_box_backgrounds

PEN_CLASS = "pen"


def count_pens(face: Any) -> int:
    """Return how many lines to write on a side has."""
    return sum(_is_pen(box) for box in face.descendants())


def stretch(page: Any, face: Any, step: float) -> None:
    """Make every line to write on in a side taller by ``step`` CSS pixels, and move what follows."""
    _grow(face, 0, step)
    _move_backgrounds(page, face)


def _move_backgrounds(page: Any, face: Any) -> None:
    """Put icons and other backgrounds where their boxes now are: the engine keeps their places apart."""
    filled = [box for box in (getattr(box, "_box", box) for box in face.descendants()) if box.background]
    images = {
        url: layer.image
        for box in filled
        for (kind, url), layer in zip(box.style["background_image"], box.background.layers, strict=True)
        if kind == "url"
    }
    for box in filled:
        layout_box_backgrounds(page, box, lambda url, **_: images[url], layout_children=False)


def _grow(box: Any, shift: float, step: float) -> float:
    """Move a box down by ``shift``, let its lines grow, and return by how much it became taller."""
    if _is_pen(box):
        _grow_pen(box, shift, step)
        return step
    if isinstance(box, AbsolutePlaceholder) or not _holds_pen(box):
        if shift:
            box.translate(0, shift)
        return 0
    box.position_y += shift
    if isinstance(box, boxes.TableRowBox):
        growth = _grow_cells(box, shift, step)
    else:
        growth = 0.0
        for child in box.children:
            growth += _grow(child, shift + growth, step)
    box.height += growth
    return growth


def _grow_cells(row: Any, shift: float, step: float) -> float:
    grown = [_grow(cell, shift, step) for cell in row.children]
    for cell, own in zip(row.children, grown, strict=True):
        cell.height += max(grown) - own
    return max(grown)


def _grow_pen(box: Any, shift: float, step: float) -> None:
    box.translate(0, shift)
    box.height += step
    if isinstance(box, boxes.TableRowBox):
        for cell in box.children:
            cell.height += step
            for child in cell.children:  # what stands in the middle stays there
                child.translate(0, step / 2)


def _holds_pen(box: Any) -> bool:
    return isinstance(box, boxes.ParentBox) and any(map(_is_pen, box.descendants()))


def _is_pen(box: Any) -> bool:
    if not isinstance(box, boxes.TableRowBox | boxes.BlockBox) or box.element is None:
        return False
    return PEN_CLASS in box.element.attrib.get("class", "").split()
