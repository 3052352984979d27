"""The registry of languages."""

from __future__ import annotations

from datetime import date

import pytest

from ldn_print.errors import LanguageError
from ldn_print.languages import all_languages, get_language


def test_registry_has_english_first() -> None:
    """English is the source and stands first."""
    assert next(iter(all_languages())) == "en"


@pytest.mark.parametrize("tag", list(all_languages()))
def test_language_is_known_to_babel(tag: str) -> None:
    """Plural rules and month names exist for every language."""
    language = get_language(tag)

    assert language.plural_count >= 1
    assert language.format_month(date(2026, 11, 23))


def test_month_is_written_in_words() -> None:
    """No date can be read the wrong way round."""
    assert get_language("es-US").format_month(date(2026, 11, 23)) == "noviembre de 2026"
    assert get_language("ar").format_month(date(2026, 11, 23)) == "نوفمبر 2026"
    assert get_language("zh-Hans").format_month(date(2026, 11, 23)) == "2026年11月"


@pytest.mark.parametrize("tag", ["es-us", "ES_US", "es_us"])
def test_tag_is_found_however_it_is_written(tag: str) -> None:
    """Case and underscore do not matter."""
    assert get_language(tag).tag == "es-US"


@pytest.mark.parametrize(("typed", "meant"), [("spanish", "es-US"), ("zh-Hant", "zh-Hans"), ("हिन्दि", "hi")])
def test_unknown_tag_is_answered_with_near_ones(typed: str, meant: str) -> None:
    """Names and near tags lead to the right tag."""
    with pytest.raises(LanguageError, match=meant):
        get_language(typed)


def test_arabic_runs_from_the_right() -> None:
    """Direction comes from the script."""
    assert get_language("ar").direction == "rtl"
    assert get_language("hi").direction == "ltr"


def test_label_names_the_language_for_reader_and_staff() -> None:
    """A sheet says its language in its own name and in English."""
    assert get_language("es-US").label == "Español (Spanish)"
    assert get_language("en").label == "English"
