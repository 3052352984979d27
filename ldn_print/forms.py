"""Finds ideas in a text by the forms of their words, in any script.

A form is a word or a few; ``*`` at the end or the start of a word stands for any letters, ``^`` before it for the
start of the text or of what follows a comma, ``…`` for whatever stands between two words of a sentence ("fangen …
an"). In scripts without spaces a form is found anywhere. Where two begin at one place the longer one counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

# What belongs to a word, vowel signs and points of Hebrew, Arabic, Indic, Thai, Lao, Burmese, Khmer included.
IN_WORD = (
    r"\w\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"
    r"\u0e31-\u0e4e\u0eb1-\u0ecd\u102b-\u103e\u17b4-\u17d3"
)
_ARABIC_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u0640]")
_SAME = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NON-BREAKING HYPHEN}": "-", "\N{SOFT HYPHEN}": ""})
_UNSEEN = re.compile("[\u200b\u200e\u200f\u2060-\u2069\u061c]")
_WORD = re.compile(f"[{IN_WORD}]+")
_FORM_WORD = re.compile(rf"[{IN_WORD}*]+")
_ENDS_SENTENCE = re.compile("[.?!؟。！？।]")
_COMMA = re.compile("[,;:،؛，；：]")


def fold(text: str) -> str:
    """Return a text as forms see it: one case, one form of each letter, no vowel points, nothing unseen."""
    text = unicodedata.normalize("NFC", text).translate(_SAME).casefold()
    return _UNSEEN.sub("", _ARABIC_MARKS.sub("", text))


class Finder(Protocol):
    """Finds ideas in a text."""

    def find(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each idea that stands in a text, with the folded words that say it."""


def count(finder: Finder, text: str) -> Counter[str]:
    """Return how often each idea stands in a text."""
    return Counter(name for name, _ in finder.find(text))


class _Form(NamedTuple):
    length: int
    at_start: bool
    words: tuple[str, ...]
    later: tuple[str, ...]
    name: str


class WordFinder:
    """Finds forms in scripts whose words stand apart."""

    def __init__(self, forms: Mapping[str, Iterable[str]]) -> None:
        self._by_first: dict[str, list[_Form]] = defaultdict(list)
        self._starred: list[_Form] = []
        for name, several in forms.items():
            for text in map(fold, several):
                head, _, tail = text.partition("…")
                words, later = tuple(_FORM_WORD.findall(head)), tuple(_FORM_WORD.findall(tail))
                form = _Form(len(text), text.startswith("^"), words, later, name)
                (self._starred if "*" in words[0] else self._by_first[words[0]]).append(form)

    def find(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each idea that stands in a text, with the folded words that say it."""
        folded = fold(text)
        spans = [match.span() for match in _WORD.finditer(folded)]
        words = [folded[start:end] for start, end in spans]
        gaps = [folded[end:start] for (_, end), (start, _) in zip([(0, 0), *spans], spans, strict=False)]
        place = 0
        while place < len(words):
            found = max(self._at(words, gaps, place), default=None)
            if found is None:
                place += 1
                continue
            _, number, name = found
            yield name, " ".join(words[place : place + number])
            place += number

    def _at(self, words: list[str], gaps: list[str], place: int) -> Iterator[tuple[int, int, str]]:
        """Yield the forms that begin at a word: length, number of words, idea."""
        is_first = place == 0 or bool(_COMMA.search(gaps[place]))
        last = next(
            (number for number in range(place + 1, len(words)) if _ENDS_SENTENCE.search(gaps[number])), len(words)
        )
        for form in (*self._by_first.get(words[place], ()), *self._starred):
            end = place + len(form.words)
            if (form.at_start and not is_first) or end > last:
                continue
            if all(map(_matches, form.words, words[place:end])) and _stands(form.later, words[end:last]):
                yield form.length, len(form.words), form.name


def _stands(later: tuple[str, ...], words: list[str]) -> bool:
    """Tell whether the second part of a form stands somewhere among the words that follow the first."""
    starts = range(len(words) - len(later) + 1)
    return not later or any(all(map(_matches, later, words[start : start + len(later)])) for start in starts)


def _matches(form: str, word: str) -> bool:
    if "*" not in form:
        return form == word
    core = form.strip("*")
    if form.startswith("*"):
        return core in word if form.endswith("*") else word.endswith(core)
    return word.startswith(core)


class SignFinder:
    """Finds forms in scripts without spaces."""

    def __init__(self, forms: Mapping[str, Iterable[str]]) -> None:
        self._by_first: dict[str, list[tuple[str, bool, str]]] = defaultdict(list)
        for name, several in forms.items():
            for form in map(fold, several):
                signs = form.strip("*^")
                self._by_first[signs[0]].append((signs, form.startswith("^"), name))
        for rows in self._by_first.values():
            rows.sort(key=lambda row: -len(row[0]))

    def find(self, text: str) -> Iterator[tuple[str, str]]:
        """Yield each idea that stands in a text, with the folded signs that say it."""
        folded, place = fold(text), 0
        while place < len(folded):
            found = next(self._at(folded, place), None)
            if found is None:
                place += 1
                continue
            yield found[1], found[0]
            place += len(found[0])

    def _at(self, text: str, place: int) -> Iterator[tuple[str, str]]:
        """Yield the forms that begin at a sign, the longest first."""
        for signs, at_start, name in self._by_first.get(text[place], ()):
            is_first = not place or bool(_COMMA.match(text[place - 1]))
            if (is_first or not at_start) and text.startswith(signs, place):
                yield signs, name
