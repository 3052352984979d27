"""Sets the few words that belong to one patient straight into their places, in the sheet's own type.

A clinic waits for this page with the patient beside it. The engine takes longer to build boxes for ten words than
to set them, so they go to the libraries below it: Pango orders scripts and directions, breaks lines and finds a
font for every sign; the engine's own writer draws the glyphs and embeds the fonts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

import pydyf
from weasyprint.draw.text import draw_first_line
from weasyprint.matrix import Matrix
from weasyprint.pdf.fonts import build_fonts_dictionary
from weasyprint.pdf.stream import Stream
from weasyprint.text.constants import PANGO_DIRECTION
from weasyprint.text.ffi import FROM_UNITS, TO_UNITS, ffi, gobject, pango, unicode_to_char_p

from ldn_print.engine.pieces import Piece, Span, Writing
from ldn_print.engine.stamp import Written

_MM = 96 / 25.4  # CSS pixels, in which the engine draws
_PT = 96 / 72
_SCALE = 72 / 96
_SLACK_PX = (1, 2 * _MM)  # beside and below a place: rounding, and letters of a second font
_BEHIND_LABEL_MM = 2
_BOLD = 700
_ISOLATES = {"ltr": "\u2066", "rtl": "\u2067"}
_END_OF_ISOLATE = "\u2069"

ffi.cdef("""
    PangoAttribute * pango_attr_weight_new (int weight);
    PangoAttribute * pango_attr_language_new (PangoLanguage *language);
""")


@dataclass(frozen=True)
class _Type:
    """How a text is set: its size in pt (0 for that of the sheet), its weight, lengths in mm.

    ``inset`` is the room at the end of the place, which the text then stands against, written from left to right.
    """

    size: float = 0
    weight: int = 400
    indent: float = 0
    inset: float = 0
    pitch: float = 0


_LABEL = _Type(size=10.5)
_TYPES = {
    "name": _Type(size=10.5, weight=_BOLD),
    "long-name": _Type(size=10, pitch=4.1),
    "cell": _Type(weight=_BOLD, indent=2),
    "dose": _Type(weight=_BOLD, inset=10.5),  # before the unit, which stands there already
    "note": _Type(),
}


@dataclass(frozen=True)
class Fonts:
    """The fonts of a sheet: the engine's configuration, families in their order, the size of its text in pt."""

    configuration: Any
    families: tuple[str, ...]
    size: float


@dataclass(frozen=True)
class Lettering:
    """The objects of a PDF that draw some pieces, the number of the form of each, how many texts were too long."""

    objects: tuple[Written, ...]
    forms: tuple[int, ...]
    too_long: int


def letter(pieces: Sequence[Piece], fonts: Fonts, paper_mm: tuple[float, float], free: int) -> Lettering:
    """Return the words of each piece as a form of the size of a page; missing signs are warnings of the engine.

    Args:
        pieces: what goes where.
        fonts: those of the sheet.
        paper_mm: width and height of its pages.
        free: the number of the first object.
    """
    width, height = (length * _MM for length in paper_mm)
    pdf, used = pydyf.PDF(), dict[Any, Any]()
    pdf.objects = [None] * free  # numbers that are taken
    resources = pydyf.Dictionary()
    pdf.add_object(resources)
    form = {
        "Type": "/XObject",
        "Subtype": "/Form",
        "BBox": pydyf.Array([0, 0, width * _SCALE, height * _SCALE]),
        "Resources": resources.reference,
    }
    forms, too_long, lines = [], 0, _Lines()
    for piece in pieces:
        extra = pydyf.Dictionary(form)
        stream = Stream(used, (0, 0, width, height), resources, {}, None, {}, None, extra=extra, compress=True)
        stream.transform(_SCALE, 0, 0, -_SCALE, 0, height * _SCALE)
        stream.set_color_rgb(0, 0, 0)
        too_long += sum(_Setter(writing, fonts, lines).draw(stream) for writing in piece.writings)
        pdf.add_object(stream)
        forms.append(stream.number)
    embedded = build_fonts_dictionary(pdf, used, True, True, {"hinting": False, "pdf_version": None})
    pdf.add_object(embedded)
    resources["Font"] = embedded.reference
    written = tuple(Written(row.number, row.data) for row in pdf.objects[free:])
    return Lettering(written, tuple(forms), too_long)


class _Setter:
    """One text in its place."""

    def __init__(self, writing: Writing, fonts: Fonts, lines: _Lines) -> None:
        self._writing, self._fonts, self._lines = writing, fonts, lines
        self._type = kind = _TYPES[writing.kind]
        self._size = (kind.size or fonts.size) * _PT
        self._direction = "ltr" if kind.inset else writing.direction
        slot = writing.slot
        self._indent = (kind.indent + (_BEHIND_LABEL_MM if writing.after else 0)) * _MM
        if writing.after:
            self._indent += _label_width(fonts, self._direction, writing.after)
        self._left, self._right = slot.x * _MM, (slot.x + slot.width) * _MM
        self._room = self._right - self._left - self._indent - kind.inset * _MM
        self._pitch = (kind.pitch or writing.pitch or slot.height) * _MM

    def draw(self, stream: Stream) -> bool:
        """Draw the text; tell whether it is too long for its place."""
        text, ranges = _join(self._writing.spans, self._direction)
        style = _Style(self._fonts, self._direction, self._type.weight, self._size)
        layout, lines = self._lines.of(style, text, ranges, self._room)
        hidden = [(start, end) for start, end, span in ranges if span.is_hidden]
        y = self._writing.slot.y * _MM + self._first_baseline()
        widest = 0.0
        for number, runs in enumerate(lines):
            width = sum(width for _, width in runs)
            place = self._start(width), y + number * self._pitch
            self._draw_runs(stream, (layout, text), runs, hidden, place)
            widest = max(widest, width)
        beside, below = _SLACK_PX
        height = self._writing.slot.height * _MM
        return widest > self._room + beside or len(lines) * self._pitch > height + below

    def _draw_runs(
        self,
        stream: Stream,
        laid_out: tuple[Any, str],
        runs: Sequence[tuple[Any, float]],
        hidden: Sequence[tuple[int, int]],
        place: tuple[float, float],
    ) -> None:
        """Draw the runs of a line that are not hidden, each behind the one before it."""
        x, y = place
        for run, width in runs:
            if not any(start <= run.item.offset < end for start, end in hidden):
                stream.begin_text()
                box = _OneRun(*laid_out, run, self._size)
                draw_first_line(stream, box, "clip", "none", Matrix(d=-1, e=x, f=y))
                stream.end_text()
            x += width

    def _start(self, width: float) -> float:
        """Return where a line of this width starts, from the left."""
        if self._type.inset:
            return self._right - self._type.inset * _MM - width
        return self._right - self._indent - width if self._direction == "rtl" else self._left + self._indent

    def _first_baseline(self) -> float:
        """Return how far below the top of its place the first line stands: amid its pitch, as in CSS."""
        height, baseline = _strut(self._fonts, self._type.weight, self._size)
        return (self._pitch - height) / 2 + baseline


@dataclass(frozen=True)
class _Style:
    """How a text is set: fonts, direction, weight, size in CSS pixels."""

    fonts: Fonts
    direction: str
    weight: int
    size: float

    def lay_out(self, text: str, room: float = -1) -> Any:
        """Return a text in lines of this width, in CSS pixels; in one line without it."""
        layout = ffi.gc(pango.pango_layout_new(_context(self.fonts, self.direction)), gobject.g_object_unref)
        pango.pango_layout_set_auto_dir(layout, False)
        # The engine sets it when it draws, which would throw the lines away if it was not set before.
        pango.pango_layout_set_single_paragraph_mode(layout, True)
        pango.pango_layout_set_font_description(layout, _description(self.fonts.families, self.weight, self.size))
        if room >= 0:
            pango.pango_layout_set_width(layout, int(room * TO_UNITS))
        chars, _ = unicode_to_char_p(text)
        pango.pango_layout_set_text(layout, chars, -1)
        return layout


class _Lines:
    """Texts in lines, laid out once: a note is drawn twice, its label and its words."""

    def __init__(self) -> None:
        self._found: dict[Any, tuple[Any, list[list[tuple[Any, float]]]]] = {}

    def of(
        self, style: _Style, text: str, ranges: Sequence[tuple[int, int, Span]], room: float
    ) -> tuple[Any, list[list[tuple[Any, float]]]]:
        """Return the layout of a text, and the runs of each line with their widths, from left to right."""
        key = style, text, tuple((start, span.language, span.is_bold) for start, _, span in ranges), room
        if key not in self._found:
            layout = style.lay_out(text, max(0, room))
            pango.pango_layout_set_attributes(layout, _attributes(ranges))
            self._found[key] = layout, [[(run, _width(run)) for run in _runs(line)] for line in _lines(layout)]
        return self._found[key]


@lru_cache(maxsize=64)
def _strut(fonts: Fonts, weight: int, size: float) -> tuple[float, float]:
    """Return the height of a line in the first font, and where its letters stand in it."""
    layout = _Style(fonts, "ltr", weight, size).lay_out("x")
    extents = ffi.new("PangoRectangle *")
    pango.pango_layout_line_get_extents(next(_lines(layout)), ffi.NULL, extents)
    return extents.height * FROM_UNITS, pango.pango_layout_get_baseline(layout) * FROM_UNITS


@lru_cache(maxsize=64)
def _label_width(fonts: Fonts, direction: str, label: str) -> float:
    layout = _Style(fonts, direction, _LABEL.weight, _LABEL.size * _PT).lay_out(label)
    return sum(_width(run) for line in _lines(layout) for run in _runs(line))


class _OneRun:
    """A run of glyphs in the shape of the box that the engine draws."""

    def __init__(self, layout: Any, text: str, run: Any, size: float) -> None:
        self.text = "x"  # something to draw
        self.style = {"font_size": size}
        self.baseline = 0
        line = SimpleNamespace(runs=[SimpleNamespace(data=run, next=ffi.NULL)])
        self.pango_layout = SimpleNamespace(
            layout=layout, text=text, max_width=None, get_first_line=lambda: (line, None)
        )


def _join(spans: Sequence[Span], direction: str) -> tuple[str, list[tuple[int, int, Span]]]:
    """Return a text and where each span stands in it, in bytes; one of the other direction is set apart."""
    parts, ranges, place = [], [], 0
    for span in spans:
        apart = span.direction != direction
        part = f"{_ISOLATES[span.direction]}{span.text}{_END_OF_ISOLATE}" if apart else span.text
        end = place + len(part.encode())
        ranges.append((place, end, span))
        parts.append(part)
        place = end
    return "".join(parts), ranges


def _attributes(ranges: Sequence[tuple[int, int, Span]]) -> Any:
    attributes = ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
    for start, end, span in ranges:
        name, _ = unicode_to_char_p(span.language)
        made = [pango.pango_attr_language_new(pango.pango_language_from_string(name))]
        if span.is_bold:
            made.append(pango.pango_attr_weight_new(_BOLD))
        for attribute in made:
            attribute.start_index, attribute.end_index = start, end
            pango.pango_attr_list_insert(attributes, attribute)
    return attributes


def _lines(layout: Any) -> Iterator[Any]:
    number = 0
    while (line := pango.pango_layout_get_line_readonly(layout, number)) != ffi.NULL:
        yield line
        number += 1


def _runs(line: Any) -> Iterator[Any]:
    """Yield the runs of a line from left to right."""
    run = line.runs
    while run != ffi.NULL:
        yield run.data
        run = run.next


def _width(run: Any) -> float:
    glyphs = run.glyphs
    return float(sum(glyphs.glyphs[number].geometry.width for number in range(glyphs.num_glyphs)) * FROM_UNITS)


@lru_cache(maxsize=16)
def _context(fonts: Fonts, direction: str) -> Any:
    """Return what texts of a direction are laid out in; each part of a text names its own language."""
    context = ffi.gc(pango.pango_font_map_create_context(fonts.configuration.font_map), gobject.g_object_unref)
    pango.pango_context_set_round_glyph_positions(context, False)
    pango.pango_context_set_base_dir(context, PANGO_DIRECTION[direction])
    return context


@lru_cache(maxsize=64)
def _description(families: tuple[str, ...], weight: int, size: float) -> Any:
    description = ffi.gc(pango.pango_font_description_new(), pango.pango_font_description_free)
    names, _ = unicode_to_char_p(",".join(families))
    pango.pango_font_description_set_family(description, names)
    pango.pango_font_description_set_weight(description, weight)
    pango.pango_font_description_set_absolute_size(description, int(size * TO_UNITS))
    return description
