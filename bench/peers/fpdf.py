"""fpdf2: the words below each other, shaped by HarfBuzz; without tables, bold type and tags."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from typing import Any

from ldn_print.languages import Language
from ldn_print.wording import Wording

_MM_OF_PT = 25.4 / 72
_LEADING = 1.35
_LARGER = {"h1": 1.8, "h2": 1.3, "h3": 1.1}


def fpdf_cases(fpdf: Any, wording: Wording, language: Language) -> dict[str, Callable[[], object]]:
    """Return what is timed: a document from nothing. It has no way to change one word of a finished one.

    Args:
        fpdf: the Python package fpdf2.
        wording: the words to set.
        language: their language.
    """
    families = (language.script.fonts[0], "Noto Sans")
    places = [_find_font(family) for family in families]

    def fresh() -> bytes:
        document = fpdf.FPDF(format="letter")
        for family, (path, number) in zip(("reader", "other"), places, strict=True):
            document.add_font(family, fname=path, collection_font_number=number)
        document.set_fallback_fonts(["other"])
        document.set_lang(language.tag)
        document.set_text_shaping(True)
        document.set_margins(20, 19)
        document.add_page()
        for line in wording.lines:
            size = language.script.body * _LARGER.get(line.kind, 1)
            document.set_font("reader", size=size)
            text = f"• {line.text}" if line.kind == "li" else line.text
            align = "R" if language.direction == "rtl" else "L"
            document.multi_cell(0, size * _LEADING * _MM_OF_PT, text, align=align, new_x="LMARGIN", new_y="NEXT")
        return bytes(document.output())

    return {"fpdf2, fresh": fresh}


def _find_font(family: str) -> tuple[str, int]:
    """Return the file of a family, and which font of a collection it is."""
    found = subprocess.run(
        ["fc-match", "-f", "%{file}\n%{index}", family], check=True, capture_output=True, encoding="utf-8"
    )
    path, number = found.stdout.splitlines()
    return path, int(number)
