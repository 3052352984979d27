"""Reads a rendered page back as the blocks that a reader meets: headings, paragraphs, list items, cells.

Checks, and every format that is not a page, start from these blocks, so that none of them can drift.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_BLOCKS = frozenset({"h1", "h2", "h3", "h4", "p", "li", "th", "td"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_GROUPS = frozenset({"ul", "ol", "table"})
WRITE_IN, BOX, TICKED = "\ufffc", "\u2610 ", "\u2611 "
_VOID = frozenset({"br", "img", "meta", "hr", "link"})
_WHITE = re.compile("[ \t\r\n]+")  # a no-break space stays: a dose never breaks
_SIGNS = {"blank": WRITE_IN, "ticked": TICKED, "box-tick": BOX, "box-card": BOX}


@dataclass(frozen=True)
class Block:
    """A block of text.

    ``kind`` is its element; ``messages`` are the ids of the messages in it; ``face`` counts the parts that
    start a page from 1, 0 is the running text around them; ``group`` tells lists and tables apart, ``row`` the
    rows of tables, 0 is no row; ``number`` counts the points of a list; ``classes`` are those of the block and of
    everything it stands in; ``icon`` is the drawing above a heading. In ``text`` a line to write on is `WRITE_IN`,
    a box to tick `BOX` or `TICKED`; ``inner`` is the block's HTML.
    """

    kind: str
    text: str
    messages: tuple[str, ...]
    face: int
    group: int
    row: int
    number: int
    classes: frozenset[str]
    icon: str = ""
    inner: str = ""


@dataclass
class _Open:
    tag: str
    classes: frozenset[str]
    group: int
    row: int
    points: int = 0
    text: list[str] = field(default_factory=list)
    inner: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


def read_blocks(html: str) -> tuple[Block, ...]:
    """Return the blocks of a page in reading order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return tuple(block for block in reader.blocks if block.text or block.kind in ("td", "th"))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self._open: list[_Open] = []
        self._places: list[int] = []
        self._face = self._groups = self._rows = 0
        self._icon = ""
        self._found: list[Block | None] = []

    @property
    def blocks(self) -> list[Block]:
        """The blocks that were closed, in the order in which they were opened."""
        return [block for block in self._found if block is not None]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; a face or a group starts to count."""
        attributes = dict(attrs)
        own = frozenset((attributes.get("class") or "").split())
        if tag == "div" and "face" in own:
            self._face += 1
        if tag == "br":
            self.handle_data(" ")
        if tag not in _BLOCKS and self._open:
            self._holder().inner.append(self.get_starttag_text() or "")
        if tag in _VOID:
            return
        if "icon" in own:
            self._icon = next((name for name in own if name.startswith("icon-")), "")
        self._groups += tag in _GROUPS
        self._rows += tag == "tr"
        around = self._open[-1] if self._open else _Open("", frozenset(), 0, 0)
        group = self._groups if tag in _GROUPS else around.group
        row = self._rows if tag == "tr" else around.row
        around.points += tag == "li"
        self._open.append(_Open(tag, around.classes | own, group, row, around.points if tag == "li" else 0))
        self._places.append(len(self._found))
        if tag in _BLOCKS:
            self._found.append(None)
        message = attributes.get("data-message")
        if message:
            self._holder().messages.append(message)
        for name, sign in _SIGNS.items():
            if name in own:
                self._holder().text.append(sign)
                break

    def handle_endtag(self, tag: str) -> None:
        """Close an element; a block is complete."""
        if tag in _VOID or not self._open:
            return
        closed, place = self._open.pop(), self._places.pop()
        if closed.tag not in _BLOCKS and self._open:
            self._holder().inner.append(f"</{tag}>")
        if "num" in closed.classes:
            self._holder().text.append(" ")
        if closed.tag in _BLOCKS:
            self._found[place] = Block(
                kind=closed.tag,
                text=_WHITE.sub(" ", "".join(closed.text)).strip(" "),
                messages=tuple(closed.messages),
                face=self._face,
                group=closed.group,
                row=closed.row,
                number=closed.points if closed.tag == "li" else 0,
                classes=closed.classes,
                icon=self._take_icon() if closed.tag in _HEADINGS else "",
                inner=_WHITE.sub(" ", "".join(closed.inner)).strip(" "),
            )

    def handle_data(self, data: str) -> None:
        """Give text to the block it stands in."""
        if self._open:
            holder = self._holder()
            holder.text.append(data)
            holder.inner.append(escape(data, quote=False))

    def _take_icon(self) -> str:
        icon, self._icon = self._icon, ""
        return icon

    def _holder(self) -> _Open:
        """Return the innermost block that is open, or the innermost element where there is none."""
        return next((element for element in reversed(self._open) if element.tag in _BLOCKS), self._open[-1])
