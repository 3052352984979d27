"""Puts words onto the pages of a finished PDF, each with its place in the tag tree.

The words are written behind the end of the file, with new versions of the few objects that change (ISO 32000-1,
7.5.6, incremental updates): nothing of the sheet is written again, so that a patient does not wait for it. A piece
becomes a form that the page draws last. What the page drew before is kept apart, because the engine turns the axes
of a page without turning them back. The name of a patient stands in the drawing and in the tree, never in the
metadata.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from ldn_print.engine.pieces import Piece

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*\Z")


@dataclass(frozen=True)
class Written:
    """An object of a PDF: its number, and what stands between ``obj`` and ``endobj``."""

    number: int
    data: bytes


@dataclass(frozen=True)
class _Page:
    """What a page keeps, as it is written; ``key`` is its place in the tree of parents."""

    number: int
    entries: bytes
    contents: bytes
    resources: bytes
    pictures: bytes
    key: int


@dataclass(frozen=True)
class Base:
    """A finished sheet, and what has to be known of it to add to it.

    ``free`` is the first number that no object has; ``marks`` are the parents of what a page draws, by its key,
    ``links`` those of single things beside it.
    """

    data: bytes
    free: int
    start: int
    trailer: bytes
    identifier: bytes
    pages: tuple[_Page, ...]
    document: Written
    kids: bytes
    parents: int
    marks: Mapping[int, tuple[bytes, ...]]
    links: Mapping[int, bytes]


@lru_cache(maxsize=16)
def read_base(data: bytes) -> Base:
    """Return what has to be known of a finished sheet; kept for the next patient, as nothing of one is in it.

    Raises:
        ValueError: the file has no end as the engine writes it.
    """
    start = _START.search(data)
    if start is None:
        raise ValueError("a finished sheet has no end")
    with pikepdf.open(io.BytesIO(data)) as pdf:
        tree: Any = pdf.Root.StructTreeRoot
        document = tree.K[0] if isinstance(tree.K, Array) else tree.K
        nums = tree.ParentTree.Nums
        parents = {int(nums[at]): nums[at + 1] for at in range(0, len(nums), 2)}
        kept = [key for key in ("/Root", "/Info") if key in pdf.trailer]
        return Base(
            data=data,
            free=int(pdf.trailer.Size) + 1,
            start=int(start[1]),
            trailer=b" ".join(key.encode() + b" " + _unparse(pdf.trailer[key]) for key in kept),
            identifier=bytes(pdf.trailer.ID[0]).hex().encode(),
            pages=tuple(_read_page(page.obj) for page in pdf.pages),
            document=Written(document.objgen[0], _entries(document, "/K")),
            kids=_items(document.K),
            parents=tree.ParentTree.objgen[0],
            marks={key: tuple(map(_unparse, row)) for key, row in parents.items() if isinstance(row, Array)},
            links={key: _unparse(row) for key, row in parents.items() if not isinstance(row, Array)},
        )


def stamp(base: Base, objects: Iterable[Written], forms: Sequence[int], pieces: Sequence[Piece]) -> bytes:
    """Return a tagged PDF with pieces on its pages.

    Args:
        base: the finished sheet.
        objects: what is to be added, numbered from `Base.free` on.
        forms: which of them is drawn for each piece.
        pieces: where they go; they are read before everything else, in this order.
    """
    added = {row.number: row.data for row in objects}
    marks = {key: list(row) for key, row in base.marks.items()}
    drawings: dict[int, list[tuple[int, int]]] = {}
    elements, number = [], max(added, default=base.free) + 1
    for piece, form in zip(pieces, forms, strict=True):
        page = base.pages[piece.page]
        drawings.setdefault(piece.page, []).append((form, len(marks[page.key])))
        added[number] = _element(piece, base.document.number, page, len(marks[page.key]))
        marks[page.key].append(b"%d 0 R" % number)
        elements.append(b"%d 0 R" % number)
        number += 1
    for place, drawn in drawings.items():
        page = base.pages[place]
        added[page.number] = _draw(page, drawn, number)
        added[number], added[number + 1] = _stream(b"q"), _stream(_drawing(drawn))
        number += 2
    added[base.document.number] = b"<< %s /K [ %s %s ] >>" % (base.document.data, b" ".join(elements), base.kids)
    parents = {**base.links, **{key: b"[ %s ]" % b" ".join(row) for key, row in marks.items()}}
    rows = (b"%d %s" % row for row in sorted(parents.items()))
    added[base.parents] = b"<< /Nums [ %s ] >>" % b" ".join(rows)
    return _append(base, added, number)


def _read_page(page: Any) -> _Page:
    resources = page.Resources
    return _Page(
        number=page.objgen[0],
        entries=_entries(page, "/Contents", "/Resources"),
        contents=_items(page.Contents),
        resources=_entries(resources, "/XObject"),
        pictures=_entries(resources.XObject) if "/XObject" in resources else b"",
        key=int(page.StructParents),
    )


def _unparse(thing: Any) -> bytes:
    """Return an object as it is written where it is referred to."""
    return bytes(Array([thing]).unparse()).removeprefix(b"[ ").removesuffix(b" ]")


def _entries(dictionary: Any, *without: str) -> bytes:
    """Return the entries of a dictionary as they are written, but for some."""
    rows = (key.encode() + b" " + _unparse(value) for key, value in dictionary.items() if key not in without)
    return b" ".join(rows)


def _items(thing: Any) -> bytes:
    """Return what an array holds as it is written, or the one thing that stands in its place."""
    return b" ".join(map(_unparse, thing if isinstance(thing, Array) else [thing]))


def _element(piece: Piece, document: int, page: _Page, mark: int) -> bytes:
    """Return a paragraph of the tag tree."""
    own = Dictionary(
        Type=Name.StructElem, S=Name.P, ActualText=String(piece.text), Lang=String(piece.language), K=mark
    )
    return b"<< %s /P %d 0 R /Pg %d 0 R >>" % (_entries(own), document, page.number)


def _draw(page: _Page, drawn: Sequence[tuple[int, int]], stream: int) -> bytes:
    """Return a page that draws its forms after what it drew before, between two streams."""
    forms = b" ".join(b"/Personal%d %d 0 R" % (form, form) for form, _ in drawn)
    resources = b"<< %s /XObject << %s %s >> >>" % (page.resources, page.pictures, forms)
    contents = b"[ %d 0 R %s %d 0 R ]" % (stream, page.contents, stream + 1)
    return b"<< %s /Contents %s /Resources %s >>" % (page.entries, contents, resources)


def _drawing(drawn: Sequence[tuple[int, int]]) -> bytes:
    rows = (b"q /P <</MCID %d>> BDC /Personal%d Do EMC Q" % (mark, form) for form, mark in drawn)
    return b"Q\n" + b"\n".join(rows)


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _append(base: Base, added: dict[int, bytes], number: int) -> bytes:
    """Return a file with objects behind its end, and a table of where they are."""
    data = base.data if base.data.endswith(b"\n") else base.data + b"\n"
    parts, places, at = [data], dict[int, int](), len(data)
    for key, body in sorted(added.items()):
        parts.append(b"%d 0 obj\n%s\nendobj\n" % (key, body))
        places[key] = at
        at += len(parts[-1])
    places[number] = at
    table = b"".join(b"\1" + place.to_bytes(4, "big") + b"\0" for _, place in sorted(places.items()))
    index = b" ".join(b"%d 1" % key for key in sorted(places))
    changed = hashlib.md5(b"".join(parts[1:]), usedforsecurity=False).hexdigest().encode()
    head = b"/Type /XRef /Size %d /Prev %d %s /ID [ <%s> <%s> ] /W [ 1 4 1 ] /Index [ %s ] /Length %d" % (
        number + 1,
        base.start,
        base.trailer,
        base.identifier,
        changed,
        index,
        len(table),
    )
    parts.append(b"%d 0 obj\n<< %s >>\nstream\n%s\nendstream\nendobj\n" % (number, head, table))
    parts.append(b"startxref\n%d\n%%%%EOF\n" % at)
    return b"".join(parts)
