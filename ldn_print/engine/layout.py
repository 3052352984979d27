"""Lays a page out and reads back what came of it: lengths in mm, lines, pages, the engine's warnings."""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ldn_print.engine.assets import make_fetcher
from ldn_print.engine.fonts import write_config
from ldn_print.engine.load import FONTS_VARIABLE, load_engine
from ldn_print.errors import PdfError
from ldn_print.line_breaks import strip_breaks
from ldn_print.models import Slot

MM = 25.4 / 96  # one CSS pixel
_TALL_MM = 2000
_TEXT_BLOCKS = frozenset({"BlockBox", "TableCellBox"})
_MESSAGE_BOXES = _TEXT_BLOCKS | {"InlineBox"}
IN_LINES = frozenset({"LineBox", "InlineBox", "TextBox"})
# What the engine raises when a page cannot be laid out at all (tried with pages made to break it).
_ENGINE_FAILURES = (RecursionError, ZeroDivisionError, MemoryError, OSError, ValueError, AssertionError)


@dataclass(frozen=True)
class Face:
    """A part of a leaflet that starts a page: a side of the sheet, or a run of pages.

    ``allowed`` is how many pages it may take, ``heights`` what it takes of each of its pages, in mm.
    """

    allowed: int
    heights: tuple[float, ...]

    @property
    def is_too_long(self) -> bool:
        """True when it takes more pages than it may."""
        return len(self.heights) > self.allowed


@dataclass(frozen=True)
class Measured:
    """What a leaflet needs on endless paper: its faces; for each message id its lines and their width in mm."""

    faces: tuple[Face, ...]
    lines: Mapping[str, int]
    widths: Mapping[str, float]


class Layout:
    """One page of HTML in the engine, laid out as often as needed, parsed once.

    ``families`` are the fonts of the page's own scripts: the engine sees them beside those of the registry's
    languages.
    """

    def __init__(
        self,
        html: str,
        css: str,
        assets: Mapping[str, bytes],
        cache_folder: Path,
        families: frozenset[str] = frozenset(),
    ) -> None:
        self._engine = load_engine(cache_folder)
        self._fonts = write_config(cache_folder, families)
        self._css = css
        self._fetcher = make_fetcher(dict(assets))
        self.warnings: list[str] = []
        with listening(self.warnings):
            self._html = self._engine.HTML(string=html, url_fetcher=self._fetcher)

    def measure(self, width_mm: float, extra_css: str) -> Measured:
        """Return what the page needs on endless paper of this width, with a style of this page's own."""
        document = self._render(f"{extra_css} @page {{ size: {width_mm}mm {_TALL_MM}mm }}")
        return Measured(read_faces(document), *read_lines(document))

    def lay_out(self, extra_css: str) -> Any:
        """Return the engine's document on real paper, with a style of this page's own."""
        return self._render(extra_css)

    def lay_out_until(self, is_enough: Callable[[Any], bool]) -> Any | None:
        """Return the engine's document on real paper; None as soon as the box of one of its pages is enough."""
        from ldn_print.engine.pages import looking

        def look(page: Any) -> None:
            if is_enough(page):
                raise _EnoughError

        try:
            with looking(look):
                return self._render("")
        except _EnoughError:
            return None

    def write(self, document: Any) -> bytes:
        """Return a document as PDF/A-2a and PDF/UA-1 in one file."""
        from ldn_print.engine.tagging import finish

        for page in document.pages:
            page.bookmarks = [(level, strip_breaks(label), *rest) for level, label, *rest in page.bookmarks]
        with listening(self.warnings):
            data = document.write_pdf(pdf_variant="pdf/a-2a", finisher=finish)
        return bytes(data)

    def write_plain(self, document: Any) -> bytes:
        """Return a document as PDF without tags."""
        with listening(self.warnings):
            data = document.write_pdf()
        return bytes(data)

    def _render(self, extra_css: str) -> Any:
        with listening(self.warnings):
            sheets = []
            for css in filter(None, (self._css, extra_css)):
                sheet, warnings = _parsed_sheet(css, self._fonts)
                self.warnings += [warning for warning in warnings if warning not in self.warnings]
                sheets.append(sheet)
            return self._html.render(stylesheets=sheets, font_config=_font_configuration(self._fonts))


def open_fonts(css: str, cache_folder: Path, families: frozenset[str]) -> Any:
    """Return the engine's fonts: the registry's, some families beside them, and those of a style sheet."""
    load_engine(cache_folder)
    config = write_config(cache_folder, families)
    _parsed_sheet(css, config)
    return _font_configuration(config)


@contextmanager
def listening(messages: list[str]) -> Iterator[None]:
    """Collect the engine's warnings, each once; turn its failures into ours."""
    from weasyprint.urls import FatalURLFetchingError

    try:
        with _collecting(messages):
            yield
    except FatalURLFetchingError as problem:
        raise PdfError(f"{problem}\n  A page may show nothing but the icons of templates/icons.") from problem
    except _ENGINE_FAILURES as problem:
        raise PdfError(f"the layout engine gave up: {type(problem).__name__}: {problem}") from problem


@contextmanager
def _collecting(messages: list[str]) -> Iterator[None]:
    """Add each of the engine's warnings to a list, once."""
    logger, handler = logging.getLogger("weasyprint"), _Collector(messages)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


class _EnoughError(Exception):
    """Whoever looks at the pages does not need the others."""


class _Collector(logging.Handler):
    def __init__(self, messages: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if message not in self._messages:
            self._messages.append(message)


def find_faces(page: Any) -> list[Any]:
    """Return the boxes on a page of the engine that are a side of the sheet, or a part of one."""
    return [box for box in page._page_box.descendants() if box.element_tag == "div" and has_class(box, "face")]


def read_faces(document: Any) -> tuple[Face, ...]:
    """Return the faces of a laid out leaflet in the order of their pages."""
    found: dict[int, tuple[int, list[float]]] = {}
    for page in document.pages:
        for box in find_faces(page):
            allowed = int(box.element.attrib.get("data-pages", 1))
            found.setdefault(id(box.element), (allowed, []))[1].append(box.height * MM)
    return tuple(Face(allowed, tuple(heights)) for allowed, heights in found.values())


def read_lines(document: Any) -> tuple[dict[str, int], dict[str, float]]:
    """Return for each message id of a laid out leaflet the most lines that it takes, and the least width in mm."""
    lines: dict[str, int] = {}
    widths: dict[str, float] = {}
    for page in document.pages:
        pieces: Counter[tuple[str, int]] = Counter()
        for box, message, around in _find_messages(page._page_box, 0):
            is_piece = type(box).__name__ == "InlineBox"
            width = (around if is_piece else box.width) * MM
            widths[message] = min(widths.get(message, width), width)
            pieces[message, id(box.element)] += is_piece
            count = pieces[message, id(box.element)] if is_piece else _count_lines(box)
            lines[message] = max(lines.get(message, 0), count)
    return lines, widths


def _count_lines(box: Any) -> int:
    return sum(type(child).__name__ == "LineBox" for child in box.descendants())


def _find_messages(box: Any, around: float) -> Iterator[tuple[Any, str, float]]:
    """Yield the boxes of messages below a box of the engine, one for each line of a message inside a line.

    Args:
        box: where to look.
        around: the width of the block that the box stands in, in CSS pixels; it comes with each message.
    """
    for child in getattr(box, "children", ()):
        kind = type(child).__name__
        message = attribute(child, "data-message")
        if message and kind in _MESSAGE_BOXES:
            yield child, message, around
        yield from _find_messages(child, around if kind in IN_LINES else child.width)


def read_messages(document: Any) -> tuple[tuple[str, Slot], ...]:
    """Return where the messages of a laid out leaflet stand, each with its id, in the order of the pages."""
    found = []
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants():
            message = attribute(box, "data-message")
            if message and type(box).__name__ in _MESSAGE_BOXES:
                sizes = (box.position_x, box.position_y, box.margin_width(), box.margin_height())
                found.append((message, Slot(number, *(size * MM for size in sizes))))
    return tuple(found)


def read_slots(document: Any) -> dict[str, Slot]:
    """Return the places to write in (``data-slot``) of a laid out leaflet."""
    found: dict[str, Slot] = {}
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants():
            name = attribute(box, "data-slot")
            if name and type(box).__name__ in _TEXT_BLOCKS:
                x, y = box.border_box_x(), box.border_box_y()
                sizes = (x, y, box.border_width(), box.border_height())
                found.setdefault(name, Slot(number, *(size * MM for size in sizes)))
    return found


def line_text(line: Any) -> str:
    """Return the text of a line of the engine."""
    return "".join(getattr(child, "text", "") for child in line.descendants()).strip()


def find_near_edge(page: Any, edge_mm: float) -> Iterator[str]:
    """Yield the running texts of a page of which a line lies nearer to the paper's edge than this."""
    edge = edge_mm / MM
    for margin in page._page_box.children:
        if type(margin).__name__ != "MarginBox":
            continue
        for line in margin.descendants():
            if type(line).__name__ != "LineBox" or not line.children:
                continue
            if line.position_y < edge or line.position_y + line.height > page.height - edge:
                yield line_text(line)


def fill_faces(document: Any, room_mm: float, pen_mm: tuple[float, float]) -> None:
    """Give what is left of each side to its lines to write on.

    Args:
        document: the engine's document, one face on each page.
        room_mm: the height of a side that may be used.
        pen_mm: the height that lines have now, and the most they may get.
    """
    from ldn_print.engine.stretch import count_pens, stretch

    least, most = pen_mm
    for page in document.pages:
        for face in find_faces(page):
            pens, spare = count_pens(face), room_mm - face.height * MM
            if pens and spare > 0:
                stretch(page._page_box, face, min(spare / pens, most - least) / MM)


def has_class(box: Any, name: str) -> bool:
    """Tell whether a box comes from an element of this class."""
    return name in attribute(box, "class").split()


def attribute(box: Any, name: str) -> str:
    """Return what an attribute of a box's element says; nothing where there is none."""
    attributes = getattr(box.element, "attrib", None) or {}
    return str(attributes.get(name, ""))


@lru_cache(maxsize=4)
def _font_configuration(config: Path) -> Any:
    """Return the one font configuration of this process for a set of fonts: making one for each page leaks."""
    from weasyprint.text.fonts import FontConfiguration

    os.environ[FONTS_VARIABLE] = str(config)
    return FontConfiguration()


@lru_cache(maxsize=64)
def _parsed_sheet(css: str, config: Path) -> tuple[Any, tuple[str, ...]]:
    """Return a style sheet and what the engine warned of: it is parsed once, and each page has to know."""
    # Pictures are fetched when a page is laid out, by the page's own fetcher; a sheet fetches none.
    from weasyprint import CSS

    warnings: list[str] = []
    with _collecting(warnings):
        sheet = CSS(string=css, url_fetcher=make_fetcher({}), font_config=_font_configuration(config))
    return sheet, tuple(warnings)
