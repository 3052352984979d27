"""Pages as pictures: PNG in a few greys, small enough to stand in one file of HTML."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

DPI = 110
_GREYS = 16
_COMPARED_DPI = 60
_BOX = 3  # dots around what changed
_FOOT = 18 / 25.4  # of an inch, at the foot of a page: its code there is another one for any change


def page_pictures(data: bytes) -> tuple[bytes, ...]:
    """Return every page of a PDF as a PNG of `DPI` dots per inch."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return tuple(_to_png(page) for page in document)
    finally:
        document.close()


def first_picture(data: bytes) -> bytes:
    """Return the first page of a PDF as a PNG of `DPI` dots per inch."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return _to_png(document[0])
    finally:
        document.close()


def compare_pages(before: bytes, after: bytes) -> Iterator[tuple[bytes | None, bytes | None, bool]]:
    """Yield each page of two PDFs as PNG, before and after, and whether it differs; what differs stands in a box.

    The foot of the page is left out: its code changes with any word of the sheet.

    A file may be empty: its pages are None.
    """
    for old, new in zip_longest(_images(before), _images(after)):
        if old is None or new is None:
            yield _as_png(old), _as_png(new), True
            continue
        box = _difference(old, new)
        if box:
            old, new = _framed(old, box), _framed(new, box)
        yield _as_png(old), _as_png(new), bool(box)


def _images(data: bytes) -> list[Any]:
    if not data:
        return []
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return [page.render(scale=_COMPARED_DPI / 72, grayscale=True).to_pil().convert("L") for page in document]
    finally:
        document.close()


def _difference(old: Any, new: Any) -> tuple[int, int, int, int] | None:
    from PIL import ImageChops

    seen = (0, 0, old.width, old.height - round(_FOOT * _COMPARED_DPI))
    difference = ImageChops.difference(old, new.resize(old.size)).crop(seen)
    box: tuple[int, int, int, int] | None = difference.getbbox()
    return box


def _framed(image: Any, box: tuple[int, int, int, int]) -> Any:
    """Return a picture with a frame around what changed."""
    from PIL import ImageDraw

    framed = image.convert("RGB")
    left, top, right, bottom = box
    around = (max(left - _BOX, 0), max(top - _BOX, 0), right + _BOX, bottom + _BOX)
    ImageDraw.Draw(framed).rectangle(around, outline=(200, 0, 60), width=2)
    return framed


def _as_png(image: Any) -> bytes | None:
    if image is None:
        return None
    out = io.BytesIO()
    image.quantize(_GREYS).save(out, "PNG")
    return out.getvalue()


def _to_png(page: object) -> bytes:
    out = io.BytesIO()
    picture = page.render(scale=DPI / 72, grayscale=True).to_pil()  # type: ignore[attr-defined]  # untyped library
    _in_even_greys(picture).save(out, "PNG", bits=4)
    return out.getvalue()


def _in_even_greys(picture: Any) -> Any:
    """Return a page in `_GREYS` greys, evenly from black to white: a search for better ones takes 50 ms."""
    from PIL import Image

    last = _GREYS - 1
    indices = picture.convert("L").point([round(value * last / 255) for value in range(256)])
    even = Image.frombytes("P", picture.size, indices.tobytes())
    even.putpalette([255 * index // last for index in range(_GREYS) for _ in "RGB"])
    return even
