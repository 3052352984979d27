"""Where each message stands on the pages: in which leaflets, under which heading, in which kind of block.

A translator who knows the place chooses the right word; one who sees a bare sentence guesses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ldn_print.extract import library_leaflets
from ldn_print.messages import SourceMessage, shorten, with_examples
from ldn_print.models import Leaflet
from ldn_print.outline import read_blocks
from ldn_print.press import Press

_KINDS = {
    "h1": "title of the page",
    "h2": "heading of a part",
    "h3": "heading of a few lines",
    "h4": "heading of a few lines",
    "li": "point of a list",
    "th": "left or top cell of a table",
    "td": "cell of a table",
    "p": "paragraph",
}
_SHORT = frozenset({"h1", "h2", "h3", "h4", "th"})
_NAMED = 3  # leaflets that are named; more are counted


@dataclass(frozen=True)
class Place:
    """Where a message stands: its leaflets, the heading above it, the kind of its block."""

    leaflets: tuple[Leaflet, ...]
    heading: str
    kind: str


def find_places(press: Press) -> dict[str, Place]:
    """Return where each message of the library stands, by its id, as the English pages show it.

    Messages that no page by itself shows (of a packet, of one patient's data) are not among them.

    Raises:
        LdnPrintError: a template or a handout cannot be read.
    """
    found: dict[str, Place] = {}
    for leaflet in library_leaflets(press.settings.library):
        texts = {message.key.id: with_examples(message) for message in press.extractor.messages(leaflet)}
        for name, place in _places_of(leaflet, press.english(leaflet).html, texts):
            first = found.setdefault(name, place)
            if leaflet not in first.leaflets:
                found[name] = replace(first, leaflets=(*first.leaflets, leaflet))
    return found


def _places_of(leaflet: Leaflet, html: str, texts: dict[str, str]) -> Iterator[tuple[str, Place]]:
    heading = ""
    for block in read_blocks(html):
        if block.kind in ("h1", "h2"):
            heading = " ".join(texts.get(name, "") for name in block.messages) or block.text
        yield from ((name, Place((leaflet,), heading, block.kind)) for name in block.messages)


def described_messages(press: Press) -> tuple[SourceMessage, ...]:
    """Return the library's messages; their notes also tell where they stand and how long they may be.

    Raises:
        LdnPrintError: a template or a handout cannot be read.
    """
    places, handouts = find_places(press), len(press.settings.library.handout_ids())
    return tuple(describe_message(row, places, handouts) for row in press.extractor.library)


def describe_message(message: SourceMessage, places: Mapping[str, Place], handouts: int) -> SourceMessage:
    """Return a message whose notes also tell where it stands and how long it may be.

    Args:
        message: which one.
        places: where each message of the library stands, by its id (`find_places`).
        handouts: how many handouts the library has.
    """
    return replace(message, notes=(*message.notes, *_context_notes(message, places, handouts)))


def _context_notes(message: SourceMessage, places: Mapping[str, Place], handouts: int) -> Iterator[str]:
    if message.key.id in places:
        yield from describe_place(places[message.key.id], handouts)
    if message.is_safety:
        yield "Safety: a mistake here can harm. Say exactly this, no more and no less."


def describe_place(place: Place, handouts: int) -> tuple[str, ...]:
    """Return in words where a message stands, and what that means for its length.

    Args:
        place: where it stands.
        handouts: how many handouts the library has.
    """
    under = f", under “{shorten(place.heading, 40)}”" if place.heading and place.kind not in ("h1", "h2") else ""
    lines = [f"{describe_leaflets(place.leaflets, handouts)}{under}: {_KINDS.get(place.kind, 'text')}"]
    if place.kind in _SHORT:
        lines.append("Short: no longer than the English, if you can.")
    return tuple(lines)


def describe_leaflets(leaflets: Sequence[Leaflet], handouts: int) -> str:
    """Return in words in which leaflets a message stands: "every handout (guide only)", "lupus", "the diary"."""
    names = list(dict.fromkeys(leaflet.name for leaflet in leaflets if not leaflet.is_tool))
    tools = list(dict.fromkeys(leaflet.name for leaflet in leaflets if leaflet.is_tool))
    editions = {leaflet.edition for leaflet in leaflets if not leaflet.is_tool}
    words = []
    if names:
        shown = ", ".join(names) if len(names) <= _NAMED else f"{len(names)} handouts"
        words.append("every handout" if len(names) == handouts else shown)
        words[0] += " (guide only)" if editions == {"guide"} else ""
    if tools:
        words.append(f"tool: {', '.join(tools)}")
    return "; ".join(words)
