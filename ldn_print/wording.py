"""The exact words of a leaflet in one language: what people sign, and what makes a signature stale.

A wording is a plain text file (docs/approvals.md): a head, then one line per block in reading order, its kind and
its text. It holds every word, the order and kind of the blocks, doses, and how strong the evidence is called;
nothing of type, fonts, paper, clinic or day. Its digest is the SHA-256 of that file: ``sha256sum`` checks it.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from itertools import groupby
from sys import intern
from typing import Any

from ldn_print.messages import SourceMessage
from ldn_print.models import Words
from ldn_print.outline import Block
from ldn_print.word_diff import Piece, changed_lines

FORMAT = "ldn_print wording 1"
_SPACES = {ord(sign): " " for sign in "\u00a0\u2007\u202f\t\n\r"}
# Signs that only steer lines and direction; U+200C and U+200D stay, they change how words are read.
_STEERING = dict.fromkeys([0x00AD, 0x200B, 0x200E, 0x200F, 0x2060, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])


@dataclass(frozen=True, slots=True)
class Line:
    """A block: its element, its text, the ids of its messages, and the section that it stands in."""

    kind: str
    text: str
    messages: tuple[str, ...] = ()
    section: str = ""


@dataclass(frozen=True)
class Wording:
    """The words of a leaflet in a language.

    ``name`` and ``edition`` are those of the leaflet; ``evidence`` and ``sources`` are what it claims to rest on,
    empty for a tool.
    """

    name: str
    edition: str
    language: str
    evidence: str
    sources: tuple[str, ...]
    lines: tuple[Line, ...]

    @cached_property
    def text(self) -> str:
        """The file that is signed: UTF-8, lines that end in a line feed."""
        head = (
            FORMAT,
            f"leaflet: {self.name}",
            f"edition: {self.edition}",
            f"language: {self.language}",
            f"evidence: {self.evidence}",
            f"sources: {' '.join(self.sources)}",
            "",
        )
        return "\n".join([*head, *(f"{line.kind} {line.text}".rstrip() for line in self.lines), ""])

    @property
    def key(self) -> Words:
        """The words by their digest."""
        return Words(self.name, self.edition, self.language, self.digest)

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of `text`, in hexadecimal."""
        return digest_of(self.text)

    @cached_property
    def sections(self) -> dict[str, str]:
        """The digest of each section's lines, so that a change shows where it is."""
        found: dict[str, list[str]] = {}
        for name, lines in groupby(self.lines, key=lambda line: line.section):
            found.setdefault(name, []).extend(f"{line.kind} {line.text}" for line in lines)
        return {name: digest_of("\n".join(rows)) for name, rows in found.items()}

    @cached_property
    def messages(self) -> tuple[str, ...]:
        """The ids of the messages that it shows, sorted."""
        return tuple(sorted({name for line in self.lines for name in line.messages}))


def digest_of(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def short(digest: str) -> str:
    """Return the start of a digest, as people compare it."""
    return digest[:12]


def plain(text: str) -> str:
    """Return a text as a reader sees it: composed (NFC), one kind of space, no signs that only steer lines."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_SPACES).translate(_STEERING).split())


def to_lines(blocks: Iterable[Block], messages: Iterable[SourceMessage]) -> tuple[Line, ...]:
    """Return the lines of a page's blocks; one without a message stands in the section of the line before it."""
    places = {message.key.id: section_of(message) for message in messages}
    lines, section = [], "title"
    for block in blocks:
        section = next((places[name] for name in block.messages if name in places), section)
        text = plain(block.text)
        if text:
            kind = "alt" if "alt" in block.classes else block.kind
            lines.append(Line(kind, text, block.messages, section))
    return tuple(lines)


def section_of(message: SourceMessage) -> str:
    """Return the section that a message stands in: a shared template's name, or the block of a handout's own."""
    stem = message.file.rpartition("/")[2].partition(".")[0]
    if message.key.context == "title":
        return "title"
    return message.block or "condition" if stem == "handout" else stem


def read_wording(text: str) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the head of a signed text by its keys, and its lines.

    Raises:
        ValueError: it is no such text.
    """
    head, _, body = text.partition("\n\n")
    first, *rows = head.splitlines()
    if first != FORMAT:
        raise ValueError(f"starts with {first[:40]!r}, not with {FORMAT!r}")
    keys = {key: value.strip() for key, _, value in (row.partition(":") for row in rows)}
    return keys, tuple(body.splitlines())


def changes_between(old: str, new: str) -> tuple[tuple[Piece, ...], ...]:
    """Return the lines that differ between two signed texts; none where the old one is not kept."""
    return changed_lines(read_wording(old)[1], read_wording(new)[1]) if old else ()


def wording_to_data(wording: Wording) -> dict[str, Any]:
    """Return a wording as plain data, for JSON."""
    return asdict(wording)


def wording_from_data(data: Mapping[str, Any]) -> Wording:
    """Return the wording that `wording_to_data` made data of.

    Kinds, ids and sections are the same in hundreds of wordings, and are held in memory once.
    """
    lines = (
        Line(intern(row["kind"]), row["text"], tuple(map(intern, row["messages"])), intern(row["section"]))
        for row in data["lines"]
    )
    return Wording(**{**data, "sources": tuple(data["sources"]), "lines": tuple(lines)})
