"""A handout finds its language: which messages it needs, and what each says there.

The language is named by the caller and by nothing else; no operator's locale is ever asked. English
never fills a hole: a missing message refuses the handout, or is shown as a hole on a draft.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from gettext import c2py
from pathlib import Path

from markupsafe import Markup

from ldn_print.catalog import Catalog
from ldn_print.checks.translation import Guard, find_untranslated
from ldn_print.errors import Diagnostic, LanguageError, RenderError
from ldn_print.kept import Verdicts, load_catalog
from ldn_print.languages import Language
from ldn_print.locales import available_languages
from ldn_print.messages import MessageKey, SourceMessage, to_markup, to_plain
from ldn_print.project import Library
from ldn_print.termbase import SourceTerms, load_source_terms, load_term_base

# Around a message while a template renders; `render` turns the pair into an attribute of its block.
START, MIDDLE, END = "\ue000", "\ue001", "\ue002"


@dataclass(frozen=True)
class Translation:
    """The messages of one language. ``catalog`` is None for English, the source."""

    language: Language
    catalog: Catalog | None
    holes: frozenset[MessageKey] = field(default_factory=frozenset)

    @property
    def characters(self) -> str:
        """Every sign that the language's messages are written with, sorted; empty for English."""
        if self.catalog is None:
            return ""
        strings = (string for entry in self.catalog.entries.values() for string in entry.strings)
        return "".join(sorted(set().union(*strings)))

    def plain(self, context: str, text: str) -> str:
        """Return a message as plain text, for a title. A hole is its id in brackets."""
        key = MessageKey(context, text)
        return f"[{key.id}]" if key in self.holes else to_plain(self._string(key, 0), {})

    def strings(self, key: MessageKey) -> tuple[str, ...]:
        """Return a message as it stands in the catalog, with its placeholders: each of its forms."""
        if self.catalog is None:
            return (key.text,)
        return self.catalog.entries[key].strings

    def message(self, context: str, text: str, plural: str, values: Mapping[str, object]) -> Markup:
        """Return a message as HTML, marked with its id for the block that holds it."""
        key = MessageKey(context, text)
        if key in self.holes:
            body = Markup("[{}]").format(key.id)  # `render` marks it; in an attribute no tag may stand
        else:
            body = to_markup(self._plural(key, plural, values) if plural else self._string(key, 0), values)
        return Markup("{}{}{}{}{}").format(START, key.id, MIDDLE, body, END)

    def _plural(self, key: MessageKey, plural: str, values: Mapping[str, object]) -> str:
        number = values["num"]
        if not isinstance(number, int):
            raise RenderError(f"a plural message needs a whole number, got {number!r}: {key.text!r}")
        if self.catalog is None:
            return key.text if number == 1 else plural
        return self._string(key, self._plural_form(number))

    def _plural_form(self, number: int) -> int:
        from babel.messages.plurals import get_plural

        return int(c2py(get_plural(self.language.babel).plural_expr)(number))

    def _string(self, key: MessageKey, form: int) -> str:
        if self.catalog is None:
            return key.text
        entry = self.catalog.entries.get(key)
        if entry is None or not entry.translated:
            raise RenderError(
                f"{self.catalog.path}: no translation of {key.text!r}\n"
                "  The template shows a message that extraction did not find: write it as a plain {% trans %}."
            )
        return entry.strings[form]


@dataclass(frozen=True)
class Completeness:
    """Whether a leaflet can be printed in a language, and what stands in the way."""

    language: Language
    catalog: Catalog | None
    total: int
    findings: tuple[Diagnostic, ...]
    holes: frozenset[MessageKey]

    @property
    def complete(self) -> bool:
        """True when every message is there and sound; what is only a warning does not stand in the way."""
        return not self.errors

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """What keeps the leaflet from being printed."""
        return tuple(finding for finding in self.findings if finding.is_error)

    @property
    def started(self) -> bool:
        """True when the language has any of the leaflet's messages."""
        return len(self.holes) < self.total

    def translation(self) -> Translation:
        """Return the messages to print with; what is unsound is a hole."""
        return Translation(self.language, self.catalog, self.holes)


class Catalogs:
    """Reads each catalog once, and checks each of its messages once: most stand in every handout.

    Args:
        library: whose catalogs.
        cache_folder: where what was read and judged is kept for the next run; None to do without.
    """

    def __init__(self, library: Library, cache_folder: Path | None = None) -> None:
        self._library = library
        self._cache_folder = cache_folder
        self._read: dict[str, Catalog] = {}
        self._checked: dict[tuple[str, MessageKey, bool], tuple[Diagnostic, ...]] = {}
        self._guards: dict[str, Guard] = {}
        self._verdicts: dict[str, Verdicts] = {}

    def available(self) -> tuple[Language, ...]:
        """Return English and every language that has a catalog, in the order of the registry."""
        return available_languages(self._library)

    def get(self, language: Language) -> Catalog | None:
        """Return a language's catalog; None for English.

        Raises:
            LanguageError: the language has no catalog yet.
            CatalogError: its catalog cannot be read.
        """
        if language.is_source:
            return None
        if language.tag not in self._read:
            path = self._library.catalog(language.locale)
            if not path.is_file():
                tags = ", ".join(known.tag for known in self.available())
                raise LanguageError(
                    f"language {language.tag!r}: {path} is not there\n  Languages that can be printed: {tags}."
                )
            self._read[language.tag] = load_catalog(path, language, self._cache_folder)
        return self._read[language.tag]

    def check(self, message: SourceMessage, language: Language) -> tuple[Diagnostic, ...]:
        """Return the findings about a message in a language; none for English.

        Raises:
            LanguageError, CatalogError: the language's catalog is missing or cannot be read.
        """
        key = language.tag, message.key, message.is_safety
        if key not in self._checked:
            self._checked[key] = self._judge(message, language)
        return self._checked[key]

    def _judge(self, message: SourceMessage, language: Language) -> tuple[Diagnostic, ...]:
        """Return the findings about a message, from an earlier run where nothing has changed."""
        catalog = self.get(language)
        if catalog is None:
            return ()
        entry = catalog.entries.get(message.key)
        if entry is None or not entry.translated:
            return tuple(find_untranslated(message, catalog))
        verdicts = self._verdicts_of(language)
        if verdicts.is_sound(message, entry):
            return ()
        found = tuple(self.guard(language).check_entry(message, entry, catalog.place(entry)))
        verdicts.put(message, entry, found)
        return found

    def _verdicts_of(self, language: Language) -> Verdicts:
        if language.tag not in self._verdicts:
            paths = self._library.terms(language.locale), self._library.source_terms
            self._verdicts[language.tag] = Verdicts(paths, language.tag, self._cache_folder)
        return self._verdicts[language.tag]

    def save(self) -> None:
        """Keep what was judged for the next run."""
        for verdicts in self._verdicts.values():
            verdicts.save()

    def guard(self, language: Language) -> Guard:
        """Return what checks a language's messages.

        Raises:
            CatalogError: the language's term base is missing or cannot be read.
        """
        if language.tag not in self._guards:
            path = self._library.terms(language.locale)
            terms = load_term_base(path, self._source_terms, language.script.name)
            self._guards[language.tag] = Guard(language, terms)
        return self._guards[language.tag]

    @cached_property
    def _source_terms(self) -> SourceTerms:
        return load_source_terms(self._library.source_terms)


def complete(messages: Sequence[SourceMessage], language: Language, catalogs: Catalogs) -> Completeness:
    """Return what of a leaflet's messages is lacking in a language.

    Raises:
        LanguageError, CatalogError: the language's catalog is missing or cannot be read.
    """
    catalog = catalogs.get(language)
    if catalog is None:
        return Completeness(language, None, len(messages), (), frozenset())
    found = {message.key: catalogs.check(message, language) for message in messages}
    catalogs.save()
    findings = tuple(finding for row in found.values() for finding in row)
    holes = frozenset(key for key, row in found.items() if any(finding.is_error for finding in row))
    return Completeness(language, catalog, len(messages), findings, holes)
