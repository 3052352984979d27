"""What changed between two texts, word by word: what somebody reads before they sign again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word, a space, or one sign: scripts that put no space between words are compared sign by sign.
_PIECES = re.compile(r"[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|\s+|.")


@dataclass(frozen=True)
class Piece:
    """A run of text: ``kind`` is ``same``, ``gone`` or ``new``."""

    kind: str
    text: str


def changed_lines(old: Sequence[str], new: Sequence[str]) -> tuple[tuple[Piece, ...], ...]:
    """Return the lines that differ, each as runs of what stayed, went and came."""
    found: list[tuple[Piece, ...]] = []
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            found += _pair(old[start:end], new[first:last])
    return tuple(found)


def _pair(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Piece, ...]]:
    """Yield changed lines beside what they were, as far as there is one of each; then what is only in one."""
    for before, after in zip(old, new, strict=False):
        yield tuple(_compare(_PIECES.findall(before), _PIECES.findall(after)))
    yield from ((Piece("gone", line),) for line in old[len(new) :])
    yield from ((Piece("new", line),) for line in new[len(old) :])


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[Piece]:
    for tag, start, end, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(old[start:end]))
            continue
        if end > start:
            yield Piece("gone", "".join(old[start:end]))
        if last > first:
            yield Piece("new", "".join(new[first:last]))


def as_text(pieces: Sequence[Piece]) -> str:
    """Return a changed line for a terminal: ``[-what went-]{+what came+}``."""
    around = {"same": ("", ""), "gone": ("[-", "-]"), "new": ("{+", "+}")}
    return "".join(f"{around[piece.kind][0]}{piece.text}{around[piece.kind][1]}" for piece in pieces)
