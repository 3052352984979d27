"""How far each language is: what is translated, stale, missing or faulty, and how many words are left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ldn_print.extract import library_leaflets
from ldn_print.languages import Language
from ldn_print.messages import TAG, SourceMessage
from ldn_print.models import Leaflet
from ldn_print.press import Press

_UNTRANSLATED = frozenset({"T-missing", "T-fuzzy", "T-stale"})


@dataclass(frozen=True)
class Progress:
    """What of some messages is done in a language.

    ``stale`` counts those whose English changed since they were translated, ``faulty`` those that are translated
    and refused; ``words_left`` are the English words of all that is not translated.
    """

    translated: int
    stale: int
    missing: int
    faulty: int
    words_left: int

    @property
    def total(self) -> int:
        """How many messages there are."""
        return self.translated + self.stale + self.missing

    @property
    def complete(self) -> bool:
        """True when every message is there and sound."""
        return self.translated == self.total and not self.faulty


@dataclass(frozen=True)
class LanguageStatus:
    """A language's progress over the whole library and for each leaflet, and which leaflets are approved."""

    language: Language
    whole: Progress
    leaflets: tuple[tuple[Leaflet, Progress], ...]
    approved: frozenset[Leaflet]

    @property
    def printable(self) -> int:
        """How many leaflets can be printed."""
        return sum(progress.complete for _, progress in self.leaflets)


def read_status(press: Press, languages: Sequence[Language]) -> tuple[LanguageStatus, ...]:
    """Return how far some languages are; English is the source and has no status.

    Raises:
        LdnPrintError: a template, a handout or a catalog cannot be read.
    """
    return tuple(_read_language(press, language) for language in languages if not language.is_source)


def _read_language(press: Press, language: Language) -> LanguageStatus:
    rows = tuple(
        (leaflet, _progress(press, press.extractor.messages(leaflet), language))
        for leaflet in library_leaflets(press.library)
    )
    complete = [leaflet for leaflet, progress in rows if progress.complete]
    approved = frozenset(row for row in complete if press.approvals.standing(row, language).is_approved)
    return LanguageStatus(language, _progress(press, press.extractor.library, language), rows, approved)


def _progress(press: Press, messages: Iterable[SourceMessage], language: Language) -> Progress:
    counts = {"translated": 0, "stale": 0, "missing": 0, "faulty": 0, "words_left": 0}
    for message in messages:
        codes = {finding.code for finding in press.catalogs.check(message, language) if finding.is_error}
        state = "translated" if not codes & _UNTRANSLATED else "stale" if "T-stale" in codes else "missing"
        counts[state] += 1
        counts["faulty"] += bool(codes - _UNTRANSLATED)
        counts["words_left"] += 0 if state == "translated" else len(TAG.sub(" ", message.key.text).split())
    return Progress(**counts)
