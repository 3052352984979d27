"""How easy the English of a handout is to read: Flesch-Kincaid grade and sentence lengths.

Sentences come from the blocks of the page, not from full stops alone: a list item without a stop is a
sentence of its own (handout standards 1.10 and 3.7). Every grade is given twice: with all words, and
with the names that have to stay counted as easy words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from ldn_print.messages import PLACEHOLDER, TAG

MAX_GRADE = 6.0
MAX_MEAN_WORDS = 12.0
MAX_WORDS = 20

# Names that patients need to know letter by letter: the medicine, what it must not meet, who helps.
MUST_KEEP = frozenset(
    "naltrexone ldn opioid opioids tramadol codeine hydrocodone oxycodone morphine fentanyl methadone "
    "buprenorphine kratom tianeptine fibromyalgia crohn's pharmacy compounding provider prescriber "
    "pharmacist medicine medicines emergency hepatitis lactose allergy allergic".split()
)
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*|\d+(?:[.,]\d+)?")
_ABBREVIATION = re.compile(r"^[A-Z]{2,4}$")


@dataclass(frozen=True)
class Readability:
    """Figures of a text. Grades are US school years; lengths are words."""

    grade: float
    grade_all_words: float
    mean_words: float
    sentences: tuple[str, ...]

    @property
    def longest(self) -> str:
        """The sentence with the most words."""
        return max(self.sentences, key=count_words)


def split_sentences(blocks: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences of blocks of text; the end of a block ends a sentence."""
    plain = (TAG.sub("", PLACEHOLDER.sub("1", block)) for block in blocks)
    parts = (part.strip() for block in plain for part in _SENTENCE_END.split(block))
    return tuple(part for part in parts if _WORD.search(part))


def count_words(sentence: str) -> int:
    """Return how many words a sentence has; a number is a word."""
    return len(_WORD.findall(sentence))


def measure(blocks: Sequence[str]) -> Readability:
    """Return the figures of an English text given as its blocks.

    Raises:
        ValueError: there is no sentence in it.
    """
    sentences = split_sentences(blocks)
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if not words:
        raise ValueError("a text without words has no reading grade")
    mean = len(words) / len(sentences)
    easy = sum(1 if word.casefold() in MUST_KEEP else count_syllables(word) for word in words)
    full = sum(count_syllables(word) for word in words)
    return Readability(
        grade=_grade(mean, easy / len(words)),
        grade_all_words=_grade(mean, full / len(words)),
        mean_words=mean,
        sentences=sentences,
    )


def _grade(words_per_sentence: float, syllables_per_word: float) -> float:
    """Return the Flesch-Kincaid grade level (Kincaid et al. 1975)."""
    return round(0.39 * words_per_sentence + 11.8 * syllables_per_word - 15.59, 2)


@cache
def count_syllables(word: str) -> int:
    """Return the syllables of an English word, at least 1; an abbreviation is read letter by letter."""
    if _ABBREVIATION.match(word):
        return len(word)
    letters = re.sub(r"[^a-z]", "", word.casefold())
    if not letters:
        return 1
    hyphenated = len(_dictionary().inserted(letters).split("-"))
    return max(1, hyphenated, _count_vowel_groups(letters))


def _count_vowel_groups(letters: str) -> int:
    groups = len(re.findall(r"[aeiouy]+", letters))
    silent = bool(re.search(r"[^aeioul]es?$|[^aeiouytd]ed$", letters)) and groups > 1
    return groups - silent


@cache
def _dictionary() -> Any:
    import pyphen

    return pyphen.Pyphen(lang="en_US", left=2, right=2)
