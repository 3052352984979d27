"""The reviewers' booklet on paper: for those who read and mark with a pen."""

from __future__ import annotations

from pathlib import Path

from ldn_print.engine.layout import Layout
from ldn_print.line_breaks import set_breaks
from ldn_print.preview import Booklet, page_assets, render_booklet


def booklet_pdf(booklet: Booklet, cache_folder: Path) -> bytes:
    """Return a booklet as PDF, message by message; the pages themselves are printed apart.

    Raises:
        PdfError: the engine cannot start or gives up.
    """
    html, css = render_booklet(booklet)
    languages = (booklet.language,)
    layout = Layout(
        set_breaks(html, languages),
        css,
        page_assets(booklet),
        cache_folder,
        frozenset(booklet.language.script.fonts),
    )
    return layout.write_plain(layout.lay_out(""))
