"""Finds a leaflet by what somebody types: names in any language, synonyms, codes, nearly right, or half typed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA

from ldn_print.languages import SOURCE_TAG, Language
from ldn_print.messages import MessageKey, to_plain
from ldn_print.models import Handout, Leaflet, Publication
from ldn_print.sources import Sources

_EXACT, _BEGINS, _NEAR, _INSIDE = 100, 80, 50, 40
_TITLE_BONUS = 6  # a word of the short title says more than one of a synonym
_COMMON = 0.5  # a word in more than this share of the leaflets ("LDN", "for") tells none from another
_LEAST_FOR_A_SLIP, _LEAST_FOR_TWO = 4, 7  # letters in a word that may be typed a little wrong
_LEAST_OF_LANGUAGE = 3  # letters of a language's name that are enough to mean it
# What stands between words; signs above and below letters are parts of words.
_BETWEEN = re.compile(r"[^\w.\u0300-\u036f\u0600-\u0dff\u0e00-\u109f\u1780-\u17ff]+")
_POSSESSIVE = re.compile(r"['’]s?\b")
_WIDE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class Found:
    """A leaflet that was found. ``language`` is the tag that the words asked for; empty where they did not."""

    leaflet: Leaflet
    publication: Publication
    score: float
    language: str


@dataclass(frozen=True)
class _Word:
    """A word that a leaflet can be found by; ``tag`` is its language, ``is_title`` when the short title has it."""

    text: str
    tag: str
    is_title: bool

    @property
    def is_foreign(self) -> bool:
        """True when only another language than English has the word."""
        return self.tag not in (SOURCE_TAG, "")


@dataclass(frozen=True)
class _Entry:
    leaflet: Leaflet
    publication: Publication
    words: tuple[_Word, ...]


class Finder:
    """Knows the names of every handout and tool of a library.

    Args:
        sources: the library; its names are read when something is looked for.
    """

    def __init__(self, sources: Sources) -> None:
        self._sources = sources

    def find(self, typed: str) -> tuple[Found, ...]:
        """Return what fits best first; without words everything, in the order of the titles.

        A word that names a language is taken as the language to print in; so is one that only this language has.

        Raises:
            LdnPrintError: a handout or a catalog cannot be read.
        """
        words = _words(typed)
        wanted, rest = self._split_language(words)
        if not rest:
            return tuple(Found(row.leaflet, row.publication, 0, wanted) for row in self._entries)
        found = [hit for entry in self._entries if (hit := self._score(entry, rest, wanted))]
        return tuple(sorted(found, key=lambda hit: (-hit.score, hit.publication.short_title)))

    def _split_language(self, words: Sequence[str]) -> tuple[str, list[str]]:
        """Return the tag of the language that one of the words names, and the other words."""
        for place, word in enumerate(words):
            tag = self._language(word)
            rest = [*words[:place], *words[place + 1 :]]
            is_name = any(row.text.startswith(word) for entry in self._entries for row in entry.words)
            if tag and not is_name:
                return tag, rest
        return "", list(words)

    def _language(self, word: str) -> str:
        for language in self._sources.catalogs.available():
            names = [*_words(language.english), *_words(language.own)]
            if word == fold(language.tag) or any(_names(word, name) for name in names):
                return language.tag
        return ""

    def _score(self, entry: _Entry, words: Sequence[str], wanted: str) -> Found | None:
        """Return how well an entry fits; None where one of the words is not in it at all."""
        total, tags = 0.0, set[str]()
        for word in words:
            best, tag = max((_match(word, row) for row in entry.words), default=(0.0, ""))
            if not best:
                return None
            if word not in self._common:
                total += best
                is_english = any(_likeness(word, row.text) >= _BEGINS for row in entry.words if not row.is_foreign)
                tags.add("" if is_english or tag == SOURCE_TAG else tag)
        language = wanted or (tags.pop() if len(tags) == 1 else "")
        return Found(entry.leaflet, entry.publication, total, language)

    @cached_property
    def _common(self) -> frozenset[str]:
        counts = Counter(text for entry in self._entries for text in {word.text for word in entry.words})
        most = _COMMON * len(self._entries)
        return frozenset(text for text, count in counts.items() if count > most)

    @cached_property
    def _entries(self) -> tuple[_Entry, ...]:
        library = self._sources.library
        handouts = [Leaflet(name) for name in library.handout_ids()]
        tools = [Leaflet.of_tool(name) for name in library.tool_ids()]
        handouts.sort(key=lambda leaflet: fold(self._sources.publication(leaflet).short_title))
        return tuple(map(self._entry, [*handouts, *tools]))

    def _entry(self, leaflet: Leaflet) -> _Entry:
        publication = self._sources.publication(leaflet)
        words = [*self._names(publication), *self._codes(publication)]
        return _Entry(leaflet, publication, tuple(dict.fromkeys(words)))

    def _names(self, publication: Publication) -> Iterator[_Word]:
        for language in self._sources.catalogs.available():
            for title, is_title in ((publication.short_title, True), (publication.title, False)):
                text = self._translated(title, language)
                yield from (_Word(word, language.tag, is_title) for word in _words(text))
        yield from (_Word(word, SOURCE_TAG, False) for word in _words(publication.id.replace("-", " ")))

    def _translated(self, title: str, language: Language) -> str:
        catalog = self._sources.catalogs.get(language)
        if catalog is None:
            return title
        entry = catalog.entries.get(MessageKey("title", title))
        return to_plain(entry.strings[0], {}) if entry and entry.translated else ""

    def _codes(self, publication: Publication) -> Iterator[_Word]:
        if isinstance(publication, Handout):
            for name in publication.synonyms:
                yield from (_Word(word, SOURCE_TAG, False) for word in (fold(name), *_words(name)))
            for code in publication.codes:
                yield from (_Word(fold(form), "", False) for form in (code, code.replace(".", "")))


def fold(text: str) -> str:
    """Return a text without capitals, accents and marks, as it is compared."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in parts if not unicodedata.combining(sign) or unicodedata.combining(sign) == 9)


def _names(word: str, name: str) -> bool:
    """Tell whether a word means a language by its name: its first letters, or some signs of it."""
    if _WIDE.search(word):
        return word in name
    return len(word) >= _LEAST_OF_LANGUAGE and name.startswith(word)


def _words(text: str) -> list[str]:
    parts = _BETWEEN.split(_POSSESSIVE.sub("", fold(text)))
    return [word for part in parts if (word := part.strip("."))]


def _match(word: str, row: _Word) -> tuple[float, str]:
    """Return how well a typed word fits a known one, with the known one's language; English wins a draw."""
    score = _likeness(word, row.text)
    if not score:
        return 0.0, ""
    draw = 0.0 if row.is_foreign else 0.5
    return score + draw + (_TITLE_BONUS if row.is_title else 0), row.tag


def _likeness(word: str, known: str) -> float:
    if word == known:
        return _EXACT
    if known.startswith(word):
        return _BEGINS
    if _WIDE.search(word) and word in known:
        return _INSIDE
    slips = _slips(word)
    if slips and any(_distance(word, known[:length], slips) for length in _lengths(word, known, slips)):
        return _NEAR
    return 0.0


def _slips(word: str) -> int:
    """Return how many letters may be wrong: none in a short word, where each makes another word."""
    if len(word) < _LEAST_FOR_A_SLIP or any(sign.isdigit() for sign in word):
        return 0
    return 1 if len(word) < _LEAST_FOR_TWO else 2


def _lengths(word: str, known: str, slips: int) -> Iterable[int]:
    longest = min(len(known), len(word) + slips)
    return range(max(1, len(word) - slips), longest + 1)


def _distance(word: str, known: str, slips: int) -> bool:
    return bool(OSA.distance(word, known, score_cutoff=slips) <= slips)
