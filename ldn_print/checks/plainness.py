"""How plain a translation is: sentence lengths everywhere, a reading formula where one is valid.

Handout standards 3.7: formulas exist for few languages, and libraries quietly use the English one for the rest. So
only languages named here get one; the blocks of the page, not full stops alone, end a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ldn_print.checks.pair import Pair
from ldn_print.errors import Diagnostic, Severity
from ldn_print.languages import Language
from ldn_print.messages import PLACEHOLDER, TAG

MOST_WORDS = 30  # in a sentence of a script with spaces; English has at most 20 (checks.readability)
MOST_SIGNS = 60  # in a sentence of a script without; 35 is the goal (standards 3.7)
_SENTENCES = re.compile(r"[.!?؟…]+(?:\s+|$)|[。！？।॥።။]")
_LIST = re.compile("[,،、，]")
_LISTED = 4  # commas; with more it is a list of names, and nobody reads that in one go
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+", re.IGNORECASE)
_STRONG = re.compile(r"[aeoáéó](?=[aeoáéóíú])|[íú](?=[aeoáéó])", re.IGNORECASE)


@dataclass(frozen=True)
class Formula:
    """A reading formula: how it reckons from words per sentence and syllables per word, and its least score."""

    name: str
    score: Callable[[float, float], float]
    syllables: Callable[[str], int]
    least: float


def _spanish_syllables(word: str) -> int:
    return max(1, len(_SPANISH_VOWELS.findall(word)) + len(_STRONG.findall(word)))


# Szigriszt-Pazos with the INFLESZ bands: 55 to 65 is normal, 65 to 80 fairly easy.
FORMULAS = {
    "es": Formula(
        "Szigriszt-Pazos (INFLESZ)",
        lambda words, syllables: 206.835 - 62.3 * syllables - words,
        _spanish_syllables,
        55,
    )
}


def check_length(pair: Pair) -> Iterator[Diagnostic]:
    """Yield sentences that are too long to be read in one go."""
    spaced = pair.terms.spaced
    for sentence in _sentences(pair.target):
        size = len(sentence.split()) if spaced else len(sentence.replace(" ", ""))
        most = MOST_WORDS if spaced else MOST_SIGNS
        if size > most and len(_LIST.findall(sentence)) < _LISTED:
            unit = "words" if spaced else "signs"
            yield pair.warning("T-long", f"a sentence of {size} {unit}", f"At most {most}: make two of it.")


def check_formula(language: Language, texts: Sequence[str], place: str) -> Iterator[Diagnostic]:
    """Yield that the words of a leaflet are harder than a language's formula allows."""
    formula = FORMULAS.get(language.tag.split("-")[0])
    if formula is None:
        return
    score = measure(formula, texts)
    if score < formula.least:
        fact = f"{formula.name} {score:.0f}, at least {formula.least:.0f}"
        yield Diagnostic("T-readable", place, fact, "Shorter sentences, shorter words.", Severity.WARNING)


def measure(formula: Formula, texts: Sequence[str]) -> float:
    """Return the score of texts by a formula."""
    sentences = [sentence for text in texts for sentence in _sentences(text)]
    words = [word for sentence in sentences for word in re.findall(r"[^\W\d_]+", sentence)]
    if not words:
        return 100.0
    syllables = sum(map(formula.syllables, words))
    return formula.score(len(words) / len(sentences), syllables / len(words))


def _sentences(text: str) -> list[str]:
    plain = PLACEHOLDER.sub("1", TAG.sub("", text))
    return [sentence.strip() for sentence in _SENTENCES.split(plain) if sentence.strip()]
