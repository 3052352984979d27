"""Reading grade of the English text."""

from __future__ import annotations

import pytest

from ldn_print.checks.readability import (
    MAX_GRADE,
    MAX_MEAN_WORDS,
    MAX_WORDS,
    count_syllables,
    count_words,
    measure,
    split_sentences,
)
from ldn_print.extract import Extractor, library_leaflets
from ldn_print.models import Leaflet
from ldn_print.project import Library
from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("word", "syllables"),
    [
        ("take", 1),
        ("medicine", 3),
        ("opioid", 3),
        ("naltrexone", 3),
        ("tablets", 2),
        ("LDN", 3),
        ("eyes", 1),
        ("a", 1),
    ],
)
def test_count_syllables(word: str, syllables: int) -> None:
    """Syllables are counted as they are spoken, give or take a rule."""
    assert abs(count_syllables(word) - syllables) <= (1 if word == "opioid" else 0)


def test_end_of_a_block_ends_a_sentence() -> None:
    """A list item without a full stop is a sentence of its own."""
    assert split_sentences(["Liver disease", "Call us. Now."]) == ("Liver disease", "Call us.", "Now.")


def test_hard_text_has_a_higher_grade_than_plain_text() -> None:
    """The figure tells plain words from learned ones."""
    plain = measure(["Take it at bedtime. Call us if you feel sick."])
    hard = measure(
        ["Administration of the medication subsequent to opioid discontinuation necessitates consultation."]
    )

    assert plain.grade < 4 < 12 < hard.grade


def test_must_keep_names_count_as_easy_in_one_figure_only() -> None:
    """The writer is not punished for the drug's name, nor excused for the rest."""
    figures = measure(["Naltrexone blocks opioids."])

    assert figures.grade < figures.grade_all_words


def test_text_without_words_has_no_grade() -> None:
    """Nothing is not easy to read."""
    with pytest.raises(ValueError, match="without words"):
        measure(["…"])


@pytest.mark.parametrize("leaflet", library_leaflets(Library(ROOT)), ids=lambda leaflet: leaflet.name)
def test_leaflet_reads_at_or_below_sixth_grade(extractor: Extractor, leaflet: Leaflet) -> None:
    """Standards 1.10: grade, mean and longest sentence of every handout in each edition, and of every tool."""
    figures = measure([message.key.text for message in extractor.messages(leaflet)])

    assert figures.grade <= MAX_GRADE
    assert figures.mean_words <= MAX_MEAN_WORDS
    assert count_words(figures.longest) <= MAX_WORDS, figures.longest
