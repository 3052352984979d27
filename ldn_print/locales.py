"""Which languages a library has: those of the registry that have a catalog, and English, its source."""

from __future__ import annotations

from ldn_print.languages import SOURCE_TAG, Language, all_languages, get_language
from ldn_print.project import Library


def available_languages(library: Library) -> tuple[Language, ...]:
    """Return English and every language that has a catalog, in the order of the registry."""
    return tuple(language for language in all_languages().values() if _is_available(language, library))


def find_language(tag: str, library: Library) -> Language | None:
    """Return the available language with this tag, or the first one of the same speech."""
    for language in all_languages().values():
        names = language.tag.casefold(), language.tag.split("-")[0].casefold()
        if tag.casefold() in names and _is_available(language, library):
            return language
    return None


def _is_available(language: Language, library: Library) -> bool:
    return language.is_source or library.catalog(language.locale).is_file()


def clinic_language(tag: str, library: Library) -> Language:
    """Return the language that staff read, or English where it has no catalog."""
    return find_language(tag, library) or get_language(SOURCE_TAG)
