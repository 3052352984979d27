"""A source message beside one translation of it: what every check of a translation looks at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from ldn_print.errors import Diagnostic, Severity
from ldn_print.languages import Language
from ldn_print.messages import PLACEHOLDER, TAG, SourceMessage, shorten
from ldn_print.termbase import TermBase

_SHOWN = 120
_SENTENCE_END = re.compile(r"[.!?؟。！？।॥։።…]+[»”\"'’]*(?:\s+|$)|(?<=[。！？])")


@dataclass(frozen=True)
class Pair:
    """A message, one text that translates it, and where that stands.

    ``source`` is the English that the text belongs to: the message's own, or its plural.
    """

    message: SourceMessage
    source: str
    target: str
    place: str
    language: Language
    terms: TermBase

    @cached_property
    def plain_source(self) -> str:
        """The English without tags and placeholders."""
        return _plain(self.source)

    @cached_property
    def plain_target(self) -> str:
        """The translation without tags and placeholders."""
        return _plain(self.target)

    @cached_property
    def sentence_counts(self) -> tuple[int, int]:
        """How many sentences the English and the translation have."""
        return len(_sentences(self.plain_source)), len(_sentences(self.plain_target))

    @cached_property
    def sentences(self) -> tuple[tuple[str, str], ...]:
        """Sentences beside one another, or the whole texts where one has more sentences."""
        source, target = _sentences(self.plain_source), _sentences(self.plain_target)
        if len(source) == len(target):
            return tuple(zip(source, target, strict=True))
        return ((" ".join(source), " ".join(target)),)

    def error(self, code: str, fact: str, hint: str) -> Diagnostic:
        """Return a finding that keeps the translation off every page."""
        return Diagnostic(code, self.place, f"{fact}{self._both}", hint)

    def warning(self, code: str, fact: str, hint: str) -> Diagnostic:
        """Return a finding that a translator has to look at, or to give a reason for."""
        return Diagnostic(code, self.place, f"{fact}{self._both}", hint, Severity.WARNING)

    @property
    def _both(self) -> str:
        return f"\n  English: {shorten(self.source, _SHOWN)}\n  Here:    {shorten(self.target, _SHOWN)}"


def _plain(text: str) -> str:
    return PLACEHOLDER.sub(" ", TAG.sub("", text))


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE_END.split(text) if sentence.strip()]
