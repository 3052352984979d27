"""What the form of a leaflet must be: headings, lists, paragraphs, tables, terms explained, actions, budgets.

The checks are the items of PEMAT-P and of the CDC Clear Communication Index that a program can judge
(standards 1.1 and 1.2, marked auto). They read the blocks of the English page.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ldn_print.checks.readability import count_words
from ldn_print.errors import Diagnostic
from ldn_print.messages import SourceMessage
from ldn_print.models import Edition, Leaflet
from ldn_print.outline import Block

_HEADINGS = ("h1", "h2", "h3")
_MAX_HEADING = {"h1": 12, "h2": 8, "h3": 8}  # words (standards 1.1, item 9)
_MAX_POINTS = 5  # of a list with bullets or numbers (standards 1.1, item 8); boxes to tick may be more
_MAX_PARAGRAPH = 45  # words: four lines of a narrow column (standards 1.1, item 8)
_MAX_COLUMNS, _MAX_HEAD_WORDS = 5, 6  # of a table (standards 1.1, item 19)
_MIN_ACTIONS = 3  # on the first page (standards 1.1, item 20)
_OPENING = 40  # words in which the purpose has to stand (standards 1.1, item 1)
# Words for the reader, form labels included, on each face: what fits in every language was measured.
_MAX_WORDS: Mapping[Edition, tuple[int, ...]] = {"standard": (315, 330), "guide": (315, 870), "tool": (280,)}

# What no handout may lack (design 6): the template that says it.
_LOCKED = (
    "glance", "warning", "what-it-is", "before-you-start", "steps", "help", "side-effects", "daily-life",
    "how-well-studied", "does-it-help", "questions", "about",
)  # fmt: skip
_LOCKED_GUIDE = ("guide-medicines", "guide-dose", "guide-about-ldn", "guide-ask")

# A term, and what has to stand with its first use or before it (standards 1.1, item 4).
_TERMS: Mapping[str, str] = {
    r"\bLDN\b": r"low dose naltrexone \(LDN\)|low dose naltrexone",
    r"\boff-label\b": r"not approved this use \(off-label\)",
    r"\bcompounding pharmacy\b": r"compounding pharmacy makes it for you",
    r"\bdummy pills?\b": r"dummy pills? \((?:no medicine|a pill with no medicine)",
    r"\bnaloxone\b": r"naloxone nose spray",
}
_DOUBT = re.compile(r"\bWe do not know\b", re.IGNORECASE)


def check_structure(
    leaflet: Leaflet, blocks: Sequence[Block], messages: Sequence[SourceMessage]
) -> Iterator[Diagnostic]:
    """Yield the findings about the form of a leaflet's English page."""
    places = {message.key.id: message.place for message in messages}
    around = f"{'templates/tools' if leaflet.is_tool else 'handouts'}/{leaflet.name} ({leaflet.edition})"
    body = [block for block in blocks if block.face and "heard" not in block.classes]
    yield from _check_headings(body, places, around)
    yield from _check_lists(body, places, around)
    yield from _check_paragraphs(body, places, around)
    yield from _check_tables(body, around)
    yield from _check_budget(leaflet, body, around)
    if not leaflet.is_tool:
        yield from _check_terms(body, places, around)
        yield from _check_actions(body, around)
        yield from _check_locked(leaflet, messages, around)


def _place(block: Block, places: Mapping[str, str], around: str) -> str:
    return next((places[message] for message in block.messages if message in places), around)


def _check_headings(body: Sequence[Block], places: Mapping[str, str], around: str) -> Iterator[Diagnostic]:
    for block in body:
        if block.kind not in _HEADINGS:
            continue
        words, most = count_words(re.sub(r"^\d+\s*", "", block.text)), _MAX_HEADING[block.kind]
        place = _place(block, places, around)
        if words > most:
            yield Diagnostic(
                "S-heading", place, f"{words} words in the heading {block.text!r}", f"At most {most}."
            )
        if block.text.count(". "):
            yield Diagnostic("S-heading", place, f"two sentences in the heading {block.text!r}", "Keep one.")


def _check_lists(body: Sequence[Block], places: Mapping[str, str], around: str) -> Iterator[Diagnostic]:
    lists: dict[int, list[Block]] = defaultdict(list)
    for block in body:
        if block.kind == "li" and not block.classes & {"asks", "staff", "panel"}:
            lists[block.group].append(block)
    for points in lists.values():
        if len(points) > _MAX_POINTS:
            fact = f"{len(points)} points in a list that starts {points[0].text!r}"
            yield Diagnostic(
                "S-list", _place(points[0], places, around), fact, f"At most {_MAX_POINTS}: make two lists."
            )


def _check_paragraphs(body: Sequence[Block], places: Mapping[str, str], around: str) -> Iterator[Diagnostic]:
    for block in body:
        if block.kind in ("p", "li", "td") and not block.classes & {"about"}:
            words = count_words(block.text)
            if words > _MAX_PARAGRAPH:
                yield Diagnostic(
                    "S-paragraph",
                    _place(block, places, around),
                    f"{words} words in one paragraph: {block.text!r}",
                    f"At most {_MAX_PARAGRAPH}: make two of it, or a list.",
                )


def _check_tables(body: Sequence[Block], around: str) -> Iterator[Diagnostic]:
    heads: dict[int, list[Block]] = defaultdict(list)
    for block in body:
        if block.kind == "th" and block.classes & {"plan", "calendar", "days"}:
            heads[block.group].append(block)
    for cells in heads.values():
        named = [cell for cell in cells if count_words(cell.text) and not cell.text.isdigit()]
        long = [cell.text for cell in named if count_words(cell.text) > _MAX_HEAD_WORDS]
        columns = [cell for cell in named if "example" not in cell.classes]
        if len(columns) > _MAX_COLUMNS:
            yield Diagnostic("S-table", around, f"{len(columns)} columns", f"At most {_MAX_COLUMNS}.")
        for text in long:
            yield Diagnostic("S-table", around, f"a long head of a column: {text!r}", "A few words only.")


def _check_budget(leaflet: Leaflet, body: Sequence[Block], around: str) -> Iterator[Diagnostic]:
    words: Counter[int] = Counter()
    for block in body:
        words[block.face] += count_words(block.text)
    for face, most in enumerate(_MAX_WORDS[leaflet.edition], start=1):
        if words[face] > most:
            yield Diagnostic(
                "S-budget",
                around,
                f"{words[face]} words in part {face}",
                f"At most {most}: other languages are longer.",
            )


def _check_terms(body: Sequence[Block], places: Mapping[str, str], around: str) -> Iterator[Diagnostic]:
    """Yield the words that the reader has to learn and that are used before they are explained."""
    for term, explained in _TERMS.items():
        first = next(
            (number for number, block in enumerate(body) if re.search(term, block.text, re.IGNORECASE)), None
        )
        if first is None:
            continue
        so_far = " ".join(block.text for block in body[: first + 1])
        if not re.search(explained, so_far, re.IGNORECASE):
            found = re.search(term, body[first].text, re.IGNORECASE)
            yield Diagnostic(
                "S-term",
                _place(body[first], places, around),
                f"{found[0] if found else term!r} is used before it is explained: {body[first].text!r}",
                "Say in a few words what it is, where it stands first.",
            )


def _check_actions(body: Sequence[Block], around: str) -> Iterator[Diagnostic]:
    opening = " ".join(block.text for block in body if block.face == 1)
    words = " ".join(opening.split()[:_OPENING])
    if not re.search(r"how to take it", words, re.IGNORECASE):
        yield Diagnostic(
            "S-purpose", around, f"the first {_OPENING} words do not say what it is for", "Say it first."
        )
    steps = [block for block in body if block.face == 1 and block.kind == "li" and "steps" in block.classes]
    if len(steps) < _MIN_ACTIONS:
        yield Diagnostic("S-action", around, f"{len(steps)} steps on the first page", f"At least {_MIN_ACTIONS}.")
    if not any(_DOUBT.search(block.text) for block in body):
        yield Diagnostic("S-unknown", around, "nothing says what is not known", "Write: <b>We do not know</b> …")


def _check_locked(leaflet: Leaflet, messages: Sequence[SourceMessage], around: str) -> Iterator[Diagnostic]:
    files = {message.file for message in messages}
    wanted = _LOCKED + (_LOCKED_GUIDE if leaflet.edition == "guide" else ())
    for name in wanted:
        if f"templates/sections/{name}.html" not in files:
            yield Diagnostic("S-locked", around, f"the part {name!r} is missing", "Bring it back: it is locked.")
