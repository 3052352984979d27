"""Puts pieces of one PDF onto pages of another, each with its place in the tag tree.

A piece becomes a form that the page draws last. What the page drew before is kept apart, because the engine turns
the axes of a page without turning them back. The name of a patient stands in the drawing and in the tree, never in
the metadata.
"""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pikepdf
import pikepdf.settings
from pikepdf import Array, Dictionary, Name, String

from ldn_print.engine.pieces import Piece

# Packing the tag tree again is a third of the time; this level makes it quicker, and the file 2 % larger.
pikepdf.settings.set_flate_compression_level(4)


def stamp(base: bytes, overlay: bytes, pieces: Sequence[Piece]) -> bytes:
    """Return a tagged PDF with pieces of another one on its pages.

    Args:
        base: the finished sheet.
        overlay: a PDF with one page for each piece, of the same size.
        pieces: where they go; they are read before everything else, in this order.
    """
    with pikepdf.open(io.BytesIO(base)) as pdf, pikepdf.open(io.BytesIO(overlay)) as drawn:
        drawing: dict[int, list[bytes]] = defaultdict(list)
        for number, (piece, sheet) in enumerate(zip(pieces, drawn.pages, strict=True)):
            page = pdf.pages[piece.page]
            name = f"/Personal{number}"
            _resources(page)[name] = pdf.copy_foreign(sheet.as_form_xobject())
            mark = _add_element(pdf, page, piece, number)
            drawing[piece.page].append(b"q /P <</MCID %d>> BDC %s Do EMC Q" % (mark, name.encode()))
        for place, drawn_last in drawing.items():
            page = pdf.pages[place]
            page.contents_add(b"q", prepend=True)
            page.contents_add(b"\n".join([b"Q", *drawn_last]))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def _resources(page: Any) -> Any:
    resources = page.obj.Resources
    if "/XObject" not in resources:
        resources.XObject = Dictionary()
    return resources.XObject


def _add_element(pdf: pikepdf.Pdf, page: Any, piece: Piece, place: int) -> int:
    """Put a paragraph into the tag tree and return the number that marks its content on the page."""
    tree: Any = pdf.Root.StructTreeRoot
    document = tree.K[0] if isinstance(tree.K, Array) else tree.K
    marks = _marks_of(tree.ParentTree.Nums, int(page.obj.StructParents))
    element = pdf.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.P,
            P=document,
            Pg=page.obj,
            K=len(marks),
            ActualText=String(piece.text),
            Lang=String(piece.language),
        )
    )
    marks.append(element)
    document.K.insert(place, element)
    return len(marks) - 1


def _marks_of(nums: Any, key: int) -> Any:
    return next(nums[place + 1] for place in range(0, len(nums), 2) if int(nums[place]) == key)
