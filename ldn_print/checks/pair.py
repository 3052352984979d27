"""A source message beside one translation of it: what every check of a translation looks at."""

from __future__ import annotations

from dataclasses import dataclass

from ldn_print.errors import Diagnostic, Severity
from ldn_print.languages import Language
from ldn_print.messages import SourceMessage, shorten
from ldn_print.termbase import TermBase

_SHOWN = 120


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

    def error(self, code: str, fact: str, hint: str) -> Diagnostic:
        """Return a finding that keeps the translation off every page."""
        return Diagnostic(code, self.place, f"{fact}{self._both}", hint)

    def warning(self, code: str, fact: str, hint: str) -> Diagnostic:
        """Return a finding that a translator has to look at, or to give a reason for."""
        return Diagnostic(code, self.place, f"{fact}{self._both}", hint, Severity.WARNING)

    @property
    def _both(self) -> str:
        return f"\n  English: {shorten(self.source, _SHOWN)}\n  Here:    {shorten(self.target, _SHOWN)}"
