"""Pages as pictures: PNG in a few greys, small enough to stand in one file of HTML."""

from __future__ import annotations

import io

DPI = 110
_GREYS = 16


def page_pictures(data: bytes) -> tuple[bytes, ...]:
    """Return every page of a PDF as a PNG of `DPI` dots per inch."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    try:
        return tuple(_to_png(page) for page in document)
    finally:
        document.close()


def _to_png(page: object) -> bytes:
    out = io.BytesIO()
    picture = page.render(scale=DPI / 72, grayscale=True).to_pil()  # type: ignore[attr-defined]  # untyped library
    picture.quantize(_GREYS).save(out, "PNG", optimize=False)
    return out.getvalue()
