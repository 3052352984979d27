"""What a PDF says of itself: its keywords, in which a sheet has its code."""

from __future__ import annotations

import io


def read_keywords(data: bytes) -> str:
    """Return the keywords of a PDF; nothing where it has none or cannot be read."""
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            return str(pdf.docinfo.get("/Keywords", ""))
    except pikepdf.PdfError:
        return ""
