"""Reads the pieces of a rendered page that belong to one patient: where each goes, and what it says there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from ldn_print.models import Slot

_SPACE = re.compile(r"[ \t\r\n]+")  # as in HTML: a space that must not break stays


@dataclass(frozen=True)
class Span:
    """A part of a text in one language and weight; one that is hidden takes its room and is not drawn."""

    text: str
    language: str
    direction: str
    is_bold: bool
    is_hidden: bool


@dataclass
class Writing:
    """A text for a place to write in.

    ``kind`` names its type; ``after`` is what is printed at the start of the place already; ``pitch`` is how far
    apart its lines are in mm, 0 for the height of the place.
    """

    slot: Slot
    kind: str
    direction: str
    after: str
    pitch: float
    spans: list[Span] = field(default_factory=list)


@dataclass
class Piece:
    """What goes onto one page, counted from 0: the text for the tag tree, its language, and its parts."""

    page: int
    text: str
    language: str
    writings: list[Writing] = field(default_factory=list)


def read_pieces(html: str) -> list[Piece]:
    """Return the pieces of a page that ``templates/personal.html`` made, in its order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.pieces


class _Reader(HTMLParser):
    """Collects ``section`` as pieces, ``div`` as texts, and what stands in it as spans."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[Piece] = []
        self._writing: Writing | None = None
        self._direction = "ltr"
        self._around: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "section":
            text = _SPACE.sub(" ", values["data-text"])
            self.pieces.append(Piece(int(values["data-page"]), text, values["lang"]))
            self._direction = values["dir"]
        elif tag == "div":
            self._writing = self._open(values)
            self.pieces[-1].writings.append(self._writing)
        elif self._writing:
            self._around.append((tag, values))

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._writing = None
            self._around.clear()
        elif self._around and self._writing:
            self._around.pop()

    def handle_data(self, data: str) -> None:
        writing = self._writing
        text = _SPACE.sub(" ", data)
        if writing is None or not text:
            return
        ends = writing.spans[-1].text.endswith(" ") if writing.spans else True
        text = text.removeprefix(" ") if ends else text
        if text:
            writing.spans.append(
                Span(text, self._nearest("lang"), self._nearest("dir"), self._is_in("b"), self._is_hidden())
            )

    def _open(self, values: dict[str, str]) -> Writing:
        slot = Slot(self.pieces[-1].page, *map(float, values["data-slot"].split()))
        pitch = float(values.get("data-pitch", 0))
        return Writing(slot, values["class"], self._direction, values.get("data-after", ""), pitch)

    def _nearest(self, name: str) -> str:
        found = (values[name] for _, values in reversed(self._around) if name in values)
        return next(found, self._direction if name == "dir" else self.pieces[-1].language)

    def _is_in(self, tag: str) -> bool:
        return any(name == tag for name, _ in self._around)

    def _is_hidden(self) -> bool:
        return any("hidden" in values for _, values in self._around)
