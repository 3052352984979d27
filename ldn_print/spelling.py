"""Finds a name that a word nearly is: one letter wrong, lost, added or exchanged, two in long names."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

_SHORTEST = 5  # letters; below, too many words are near one another
_LONG = 9  # letters from which two may be wrong


class NearNames:
    """A list of names, prepared so that looking one up takes microseconds."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(name for name in names if len(name) >= _SHORTEST)
        self._by_rest: dict[str, str] = {}
        for name in sorted(self._names):
            for rest in _rests(name):
                self._by_rest.setdefault(rest, name)

    def near(self, word: str) -> str:
        """Return the name that a word nearly is; empty where it is one itself, or is far from all."""
        if word in self._names or len(word) < _SHORTEST - 1:
            return ""
        return next((self._by_rest[rest] for rest in _rests(word) if rest in self._by_rest), "")


def _rests(word: str) -> set[str]:
    """Return a word with up to one letter left out, or two in a long word: near words share such a rest."""
    most = 2 if len(word) >= _LONG else 1
    lengths = range(len(word), len(word) - most - 1, -1)
    return {"".join(kept) for length in lengths for kept in combinations(word, length)}
