"""A rendered page becomes PDF bytes, or a list of reasons why it must not be printed.

A page that cannot be read is not written (design §2.4): the engine's warnings, a missing glyph, text
outside its box, too many pages or a broken outline are findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from ldn_print.engine.cut import cut_css
from ldn_print.engine.layout import (
    MM,
    Face,
    Layout,
    fill_faces,
    find_near_edge,
    has_class,
    line_text,
    listening,
    open_fonts,
    read_faces,
    read_lines,
    read_messages,
    read_slots,
)
from ldn_print.engine.page_breaks import find_stranded, find_torn
from ldn_print.engine.pieces import read_pieces
from ldn_print.errors import Diagnostic, Severity
from ldn_print.languages import Language, cut_family
from ldn_print.line_breaks import set_breaks
from ldn_print.models import Slot
from ldn_print.page import RenderedPage
from ldn_print.styles import PAPER_MM

EDGE_MM = 6.3  # laser printers cannot reach further (standards 2.3: 6.4, less the thickness of a line)
FACES = 2  # a sheet has two sides
_PEN_MM = (8.0, 13.0)  # a line to write on: the least height (handout standards 2.5) and the most
_SLACK_MM = 1.0  # left free on each side, so that rounding never makes a new page
_TOLERANCE_MM = 0.3
_A_PAGE_TOO_MANY = -0.1  # mm: enough room in all, but not in one piece
# Lines of the dose plan that find no room beside the first give way; the first never does.
_PLAN_LINES = ("line-1", "line-2", "line-3")
# A script that may take more than one sheet: its second side starts a leaf, and the pages stay even.
_SPREAD_CSS = "#face-2 { break-before: right } [dir=rtl] #face-2 { break-before: left }"
_BLANK_PAGE_CSS = "body::after { content: ''; display: block; break-before: page }"
_NOTDEF = re.compile(r"\.notdef glyph rendered for Unicode string unsupported by fonts: (.*)", re.DOTALL)


@dataclass(frozen=True)
class PdfResult:
    """What became of a page.

    ``data`` is empty when there are findings. ``spare_mm`` is the height left at the end of each part before
    it was given to the lines to write on; below zero, that much is too long. ``messages`` tells where each message
    stands, ``taken`` how many lines it takes there; only a draft has them.
    """

    data: bytes
    findings: tuple[Diagnostic, ...]
    pages: int
    spare_mm: tuple[float, ...]
    lines: dict[str, int] = field(default_factory=dict)
    slots: Mapping[str, Slot] = field(default_factory=dict)
    messages: tuple[tuple[str, Slot], ...] = ()
    taken: Mapping[str, int] = field(default_factory=dict)

    @property
    def fits(self) -> bool:
        """True when no side is too long."""
        return all(left >= 0 for left in self.spare_mm)


def make_pdf(page: RenderedPage, place: str, cache_folder: Path) -> PdfResult:
    """Return a page as PDF, or the findings that forbid it.

    Args:
        page: the rendered page.
        place: how findings name it: handout, language and paper.
        cache_folder: where the engine keeps its list of fonts.

    Raises:
        PdfError: the engine cannot start, or cannot lay the page out at all.
    """
    sheet = _Sheet(page, place, cache_folder)
    data = sheet.write() if not sheet.find() else b""
    findings = sheet.find()
    return sheet.result(data if not findings else b"", findings)


def make_draft(page: RenderedPage, place: str, cache_folder: Path) -> PdfResult:
    """Return a page as PDF whatever it looks like, for translators: findings are warnings.

    Raises:
        PdfError: the engine cannot start, or cannot lay the page out at all.
    """
    sheet = _Sheet(page, place, cache_folder)
    data = sheet.write()
    made = sheet.result(data, [replace(finding, severity=Severity.WARNING) for finding in sheet.find()])
    return replace(made, messages=sheet.messages, taken=sheet.taken)


def stamp_personal(made: PdfResult, page: RenderedPage, place: str, cache_folder: Path) -> PdfResult:
    """Return a finished sheet with what belongs to one patient put onto it.

    Args:
        made: the sheet.
        page: the pieces, as `Renderer.personal` makes them.
        place: how findings name it.
        cache_folder: where the engine keeps its list of fonts.

    Raises:
        PdfError: the engine cannot lay the pieces out.
    """
    from ldn_print.engine.stamp import read_base, stamp

    languages = (page.language, *page.others)
    pieces = read_pieces(set_breaks(page.html, languages))
    script, warnings = page.language.script, list[str]()
    cut = cut_css(script, page.characters, cache_folder)
    configuration = open_fonts(cut, cache_folder, _families(languages))
    from ldn_print.engine.lettering import Fonts, letter

    # Names are mostly in Latin letters.
    names = ("Noto Sans", *((cut_family(script),) if cut else ()), *script.fonts)
    with listening(warnings):
        base, fonts = read_base(made.data), Fonts(configuration, names, script.body)
        lettering = letter(pieces, fonts, PAPER_MM[page.paper], base.free)
    findings = [*_check_warnings(warnings, place), *_check_lengths(lettering.too_long, place)]
    if findings:
        return replace(made, data=b"", findings=tuple(findings))
    return replace(made, data=stamp(base, lettering.objects, lettering.forms, pieces))


def measure_messages(page: RenderedPage, cache_folder: Path) -> dict[str, tuple[int, float]]:
    """Return how many lines each message id takes on a page, and how wide they are, in mm.

    Raises:
        PdfError: the engine cannot start, or cannot lay the page out at all.
    """
    css = page.css + cut_css(page.language.script, page.characters, cache_folder)
    measured = _open_layout(page, css, cache_folder).measure(PAPER_MM[page.paper][0], "")
    return {name: (count, measured.widths[name]) for name, count in measured.lines.items()}


def _open_layout(page: RenderedPage, css: str, cache_folder: Path) -> Layout:
    """Return a page in the engine, with its line breaks and the fonts of its languages."""
    languages = (page.language, *page.others)
    return Layout(set_breaks(page.html, languages), css, page.assets, cache_folder, _families(languages))


def _families(languages: Iterable[Language]) -> frozenset[str]:
    return frozenset(font for language in languages for font in language.script.fonts)


def _check_lengths(too_long: int, place: str) -> Iterator[Diagnostic]:
    for _ in range(too_long):
        yield Diagnostic(
            "P-slot",
            place,
            "what was filled in for the patient is too long for its lines",
            "Shorten the name or the note, or write them by hand.",
        )


class _Sheet:
    """A page on real paper, with what was found about it."""

    def __init__(self, page: RenderedPage, place: str, cache_folder: Path) -> None:
        self._place = place
        self._leaves = page.language.script.leaves
        width, height = PAPER_MM[page.paper]
        self._room = height - page.margins.top - page.margins.bottom
        css = page.css + cut_css(page.language.script, page.characters, cache_folder)
        self._layout = _open_layout(page, css, cache_folder)
        self._document = self._lay_out()
        faces, self._lines = self._faces(read_faces(self._document)), dict[str, int]()
        self._spare = tuple(self._room - face.heights[-1] for face in faces)
        self._fits = not any(face.is_too_long for face in faces)
        if not self._fits:
            measured = self._layout.measure(width, self._given)
            endless = self._faces(measured.faces)
            self._spare = tuple(map(self._left, faces, endless))
            self._lines = dict(measured.lines)
        self._findings = [
            *check_html(page.html, place),
            *_check_room(self._spare, place),
            *_check_document(self._document, place, faces, even=page.even, blanks=self._leaves - 1),
            *_check_breaks(self._document, place),
            *_check_texts(self._document, place, page.margins.side),
        ]

    def _lay_out(self) -> Any:
        """Return the sheet on one leaf; a script that may take two gets them, on even pages, if it must."""
        lines: list[str] | None = None

        def lacks_room(page: Any) -> bool:
            nonlocal lines
            if lines is None:
                lines = _lines_without_room(page)
            return bool(lines)

        # Most sheets give lines away, which the page with the plan tells: the others are not laid out then.
        self._given, document = "", self._layout.lay_out_until(lacks_room)
        if document:  # the engine may have laid out its pages again, once it knew how many they are
            judged = [_lines_without_room(page._page_box) for page in document.pages]
            lines = next((found for found in judged if found is not None), None)
        if document is None or lines:
            self._given = "".join(f".{line} {{ display: none }} " for line in lines or ())
            document = self._layout.lay_out(self._given)
        if self._leaves > 1 and len(document.pages) > FACES:
            self._given, document = "", self._layout.lay_out(_SPREAD_CSS)
            if len(document.pages) % FACES:
                document = self._layout.lay_out(_SPREAD_CSS + _BLANK_PAGE_CSS)
        return document

    def _faces(self, faces: tuple[Face, ...]) -> tuple[Face, ...]:
        return tuple(replace(face, allowed=face.allowed * self._leaves) for face in faces)

    def _left(self, laid_out: Face, endless: Face) -> float:
        """Return the room that is left to a face; below zero when it takes a page too many."""
        left = self._room * endless.allowed - sum(endless.heights)
        return min(left, _A_PAGE_TOO_MANY) if laid_out.is_too_long else max(left, 0)

    def find(self) -> list[Diagnostic]:
        """Return what was found so far, the engine's warnings included."""
        return [*self._findings, *_check_warnings(self._layout.warnings, self._place)]

    def write(self) -> bytes:
        """Return the sheet as PDF."""
        if self._fits:
            fill_faces(self._document, self._room - _SLACK_MM, _PEN_MM)
        return self._layout.write(self._document)

    @property
    def messages(self) -> tuple[tuple[str, Slot], ...]:
        """Where each message stands on the pages."""
        return read_messages(self._document)

    @property
    def taken(self) -> dict[str, int]:
        """How many lines each message takes on the pages."""
        return read_lines(self._document)[0]

    def result(self, data: bytes, findings: list[Diagnostic]) -> PdfResult:
        spare = tuple(round(left, 1) for left in self._spare)
        slots = read_slots(self._document)
        return PdfResult(data, tuple(findings), len(self._document.pages), spare, self._lines, slots)


def _lines_without_room(page: Any) -> list[str] | None:
    """Return the classes of those lines of the dose plan that a page has no room for; None where it has no plan.

    It is the page of the first line, the others that did not come to stand there have no room.

    Args:
        page: the engine's box of a page; of several with lines of the plan, the first.
    """
    found = {line for box in page.descendants() for line in _PLAN_LINES if has_class(box, line)}
    return [line for line in _PLAN_LINES if line not in found] if found else None


def check_html(html: str, place: str) -> Iterator[Diagnostic]:
    """Yield what an accessible page must not lack: language, title, one outline without gaps, alt texts."""
    if not re.search(r'<html lang="[A-Za-z-]+" dir="(?:ltr|rtl)"', html):
        yield Diagnostic("P-lang", place, "the page does not name its language and direction", _TEMPLATE_HINT)
    if not re.search(r"<title[^>]*>\s*\S", html):
        yield Diagnostic("P-title", place, "the page has no title", _TEMPLATE_HINT)
    levels = [int(level) for level in re.findall(r"<h([1-6])[\s>]", html)]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield Diagnostic("P-heading", place, "the first heading is not the only h1", _TEMPLATE_HINT)
    for before, after in pairwise(levels):
        if after > before + 1:
            yield Diagnostic("P-heading", place, f"after an h{before} comes an h{after}", _TEMPLATE_HINT)
    for image in re.findall(r"<img[^>]*>", html):
        if not re.search(r'\salt="[^"]+"', image):
            yield Diagnostic("P-alt", place, "a picture has no text in its place (alt)", _TEMPLATE_HINT)
    for tag, attributes in re.findall(r"<(bdi)([^>]*)>", html):
        if 'dir="' not in attributes:
            yield Diagnostic("P-dir", place, f"a <{tag}> without dir does nothing in the engine", _TEMPLATE_HINT)


_BREAK_HINT = "Keep both together in the style sheet: break-after: avoid."
_TEMPLATE_HINT = "Mend the template; templates/handout.html shows how it is done."


def _check_room(spare: tuple[float, ...], place: str) -> Iterator[Diagnostic]:
    for number, left in enumerate(spare, start=1):
        if left < 0:
            too_long = f"is {-left:.1f} mm too long for its pages"
            if left == _A_PAGE_TOO_MANY:
                too_long = "takes a page too many, as rows and boxes are not split"
            yield Diagnostic(
                "P-budget",
                place,
                f"part {number} {too_long}",
                "Shorten the messages that take more lines than in English, or the clinic's name and address. "
                "Type is never made smaller.",
            )


def _check_document(
    document: Any, place: str, faces: tuple[Face, ...], *, even: bool, blanks: int
) -> Iterator[Diagnostic]:
    count, on_faces = len(document.pages), sum(len(face.heights) for face in faces)
    if count > on_faces + blanks:
        fact = f'{count - on_faces} of {count} pages belong to no part (<div class="face">)'
        yield Diagnostic("P-faces", place, fact, _TEMPLATE_HINT)
    if even and count % FACES:
        yield Diagnostic("P-pages", place, f"{count} pages are not even", "Shorten the text by a page.")


def _check_breaks(document: Any, place: str) -> Iterator[Diagnostic]:
    """Yield what page breaks tore apart (handout standards, item 45)."""
    for number, text in find_torn(document):
        fact = f"{text!r} belongs to a box, row or step that starts on the page before"
        yield Diagnostic(
            "P-torn", f"{place}, page {number}", fact, "Shorten it: it is longer than a page has room."
        )
    for number, text in find_stranded(document):
        fact = f"the heading {text!r} stands at the foot of its page, what it is about on the next one"
        yield Diagnostic("P-heading", f"{place}, page {number}", fact, _BREAK_HINT)


def _check_texts(document: Any, place: str, side_mm: float) -> Iterator[Diagnostic]:
    for number, page in enumerate(document.pages, start=1):
        for text in find_near_edge(page, EDGE_MM):
            yield Diagnostic(
                "P-edge",
                f"{place}, page {number}",
                f"{text!r} stands where printers cannot reach, less than {EDGE_MM} mm from the edge",
                "Shorten the running text: the handout's short_title, or the words of its state.",
            )
        for text in (*_text_outside(page, side_mm), *_text_below(page)):
            yield Diagnostic(
                "P-outside",
                f"{place}, page {number}",
                f"{text!r} does not fit its column or the page",
                "Use a shorter word, or put a soft hyphen (U+00AD) where it may break; in a script without spaces "
                "a zero width space (U+200B).",
            )


def _text_outside(page: Any, side_mm: float) -> Iterator[str]:
    """Yield texts that are wider than the box they stand in, or that leave the paper's text area."""
    box = page._page_box
    left = side_mm / MM
    right = left + box.width
    slack = _TOLERANCE_MM / MM
    for parent in box.descendants():
        children = getattr(parent, "children", ())
        for line in children:
            if type(line).__name__ != "LineBox" or not line.children:
                continue
            outside = line.position_x < left - slack or line.position_x + line.width > right + slack
            if outside or line.width > parent.width + slack:
                yield line_text(line)


def _text_below(page: Any) -> Iterator[str]:
    """Yield the last text of each closed panel that its box cannot hold."""
    for box in page._page_box.descendants():
        if not has_class(box, "panel"):
            continue
        bottom = box.position_y + box.margin_height() + _TOLERANCE_MM / MM
        for line in box.descendants():
            if type(line).__name__ == "LineBox" and line.children and line.position_y + line.height > bottom:
                yield line_text(line)


def _check_warnings(warnings: list[str], place: str) -> Iterator[Diagnostic]:
    for warning in warnings:
        glyph = _NOTDEF.match(warning)
        if glyph:
            yield Diagnostic(
                "P-glyph",
                place,
                f"no font has a sign for {glyph[1].strip()}",
                "Replace the character in the translation or in the clinic's profile.",
            )
        else:
            yield Diagnostic("P-engine", place, f"the layout engine warns: {warning}", _TEMPLATE_HINT)
