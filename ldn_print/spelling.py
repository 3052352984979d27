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
        self._by_rest: tuple[dict[str, str], ...] = ({}, {})
        for name in sorted(self._names):
            for most in _slips(name):
                for rest in _rests(name, most):
                    self._by_rest[most - 1].setdefault(rest, name)

    def near(self, word: str) -> str:
        """Return the name that a word nearly is; empty where it is one itself, or is far from all."""
        if word in self._names or len(word) < _SHORTEST - 1:
            return ""
        found = (self._by_rest[most - 1].get(rest) for most in _slips(word) for rest in _rests(word, most))
        return next(filter(None, found), "")


def _slips(word: str) -> tuple[int, ...]:
    """Return how many letters of a word may be wrong: one, in long words also two."""
    return (1, 2) if len(word) >= _LONG else (1,)


def _rests(word: str, most: int) -> set[str]:
    """Return a word with up to so many letters left out: near words share such a rest."""
    lengths = range(len(word), len(word) - most - 1, -1)
    return {"".join(kept) for length in lengths for kept in combinations(word, length)}
