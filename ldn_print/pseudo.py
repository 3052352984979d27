"""Made-up languages: the English, grown and disguised, so that a page shows what a long language would break.

``accented`` is the English with accents, longer by a share; ``mirrored`` is written from right to left in Arabic
letters; ``longest`` is as long, message by message, as the longest translation there is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Literal

from ldn_print.catalog import Catalog, Entry
from ldn_print.errors import Diagnostic
from ldn_print.jobs import Settings
from ldn_print.languages import Language, make_language
from ldn_print.localize import Catalogs
from ldn_print.messages import PLACEHOLDER, TAG, MessageKey, SourceMessage
from ldn_print.press import Press
from ldn_print.project import Library

Kind = Literal["accented", "mirrored", "longest"]
KINDS: tuple[Kind, ...] = ("accented", "mirrored", "longest")
_ACCENTED = str.maketrans("AaCcEeIiLlNnOoRrSsTtUuYyZz", "ÅåÇçÉéÎîĻļÑñÖöŘřŠšŤťÛûÝýŽž")
_ARABIC = str.maketrans(dict(zip("abcdefghijklmnopqrstuvwxyz", "ابصدعفجحيكقلمنوپرستطثخشظغذ", strict=False)))
_KEPT = re.compile(f"{PLACEHOLDER.pattern}|{TAG.pattern}|\n")
_ROWS: Mapping[Kind, Mapping[str, str]] = {
    "accented": {"english": "Accented English", "own": "Åççéñť", "locale": "en", "script": "Latn"},
    "mirrored": {"english": "Mirrored English", "own": "ميررورعد", "locale": "ar", "script": "Arab"},
    "longest": {"english": "Longest of all", "own": "Ļöñĝéšť", "locale": "en", "script": "Latn"},
}


def pseudo_language(kind: Kind) -> Language:
    """Return a made-up language."""
    return make_language(f"x-{kind}", _ROWS[kind])


def disguise(text: str, kind: Kind, grow: float) -> str:
    """Return a text in a made-up language; placeholders, tags and line breaks stay as they are.

    Args:
        text: English.
        kind: which language.
        grow: how much longer it gets, 0.4 for two fifths.
    """
    change = _to_arabic if kind == "mirrored" else _accent
    parts, place = [], 0
    for match in _KEPT.finditer(text):
        parts += [change(text[place : match.start()]), match[0]]
        place = match.end()
    return _lengthen("".join([*parts, change(text[place:])]), round(len(TAG.sub("", text)) * grow))


def _accent(text: str) -> str:
    return text.translate(_ACCENTED)


def _to_arabic(text: str) -> str:
    return text.lower().translate(_ARABIC).replace("?", "؟").replace(",", "،").replace(";", "؛")


def _lengthen(text: str, more: int) -> str:
    """Return a text with so many letters more, as words of the same length as those that are there."""
    words = [word for word in _KEPT.sub(" ", text).split() if word.isalpha()]
    if not words or more <= 0:
        return text
    added: list[str] = []
    while sum(len(word) + 1 for word in added) < more:
        added.append(words[len(added) % len(words)])
    ending = re.search(r"[.?!؟:]*$", text)
    cut = ending.start() if ending else len(text)
    return f"{text[:cut]} {' '.join(added)}{text[cut:]}"


class PseudoCatalogs(Catalogs):
    """The library's catalogs, and those of the made-up languages."""

    def __init__(self, library: Library, messages: Callable[[], Iterable[SourceMessage]], grow: float) -> None:
        super().__init__(library)
        self._messages = messages
        self._grow = grow
        self._made: dict[str, Catalog] = {}

    def get(self, language: Language) -> Catalog | None:
        """Return a language's catalog; a made-up one is made from the English."""
        kind = next((kind for kind in KINDS if language.tag == f"x-{kind}"), None)
        if kind is None:
            return super().get(language)
        if language.tag not in self._made:
            entries = {row.key: self._entry(row, kind) for row in self._messages()}
            self._made[language.tag] = Catalog(Path("pseudo"), entries, "")
        return self._made[language.tag]

    def check(self, message: SourceMessage, language: Language) -> tuple[Diagnostic, ...]:
        """Return the findings about a message; a made-up language has none."""
        return () if language.tag.startswith("x-") else super().check(message, language)

    def _entry(self, message: SourceMessage, kind: Kind) -> Entry:
        grow = self._longest(message) if kind == "longest" else 0.0 if kind == "mirrored" else self._grow
        texts = (message.key.text, *([message.plural] * 5 if message.plural else []))
        return Entry(tuple(disguise(text, kind, grow) for text in texts), fuzzy=False, line=0)

    def _longest(self, message: SourceMessage) -> float:
        """Return by how much the longest translation is longer than the English."""
        english = text_width(message.key.text)
        widths = (text_width(text) for catalog in self._real for text in _strings(catalog, message.key))
        return max(0.0, max(widths, default=0) / max(english, 1) - 1)

    @cached_property
    def _real(self) -> tuple[Catalog, ...]:
        found = (super(PseudoCatalogs, self).get(language) for language in self.available())
        return tuple(catalog for catalog in found if catalog is not None)


def _strings(catalog: Catalog, key: MessageKey) -> tuple[str, ...]:
    return catalog.entries[key].strings if key in catalog.entries else ()


def text_width(text: str) -> int:
    """Return how wide a text is in Latin letters, about: Chinese signs count two, vowel signs none."""
    bare = _KEPT.sub("", text)
    return sum(
        2 if unicodedata.east_asian_width(sign) in "WF" else 0 if unicodedata.combining(sign) else 1
        for sign in bare
    )


def pseudo_press(settings: Settings, grow: float) -> Press:
    """Return a press that also knows the made-up languages.

    Args:
        settings: as for a build.
        grow: how much longer ``accented`` is than English, 0.4 for two fifths.
    """
    press = Press(settings)
    press.catalogs = PseudoCatalogs(settings.library, lambda: press.extractor.library, grow)
    return press
