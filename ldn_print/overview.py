"""Leaflets × languages with their state: what can be printed, and what is missing for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ldn_print.approval import State
from ldn_print.extract import library_leaflets
from ldn_print.languages import Language, all_languages
from ldn_print.models import Leaflet, Publication
from ldn_print.press import Press

Progress = Literal["incomplete", "not started"]


@dataclass(frozen=True)
class Cell:
    """A leaflet in a language: how far it is, or, when it is complete, the state of its words (`approval`)."""

    language: Language
    state: State | Progress
    missing: int
    total: int


@dataclass(frozen=True)
class Row:
    """A leaflet in every language."""

    leaflet: Leaflet
    publication: Publication
    cells: tuple[Cell, ...]


def make_overview(press: Press) -> tuple[Row, ...]:
    """Return every handout in each edition, and every tool, with its state in each language of the registry.

    Raises:
        LdnPrintError: a handout, a template or a catalog cannot be read.
    """
    available = press.catalogs.available()
    rows = []
    for leaflet in library_leaflets(press.settings.library):
        cells = [_cell(press, leaflet, language, language in available) for language in all_languages().values()]
        rows.append(Row(leaflet, press.publication(leaflet), tuple(cells)))
    return tuple(rows)


def _cell(press: Press, leaflet: Leaflet, language: Language, available: bool) -> Cell:
    total = len(press.extractor.messages(leaflet))
    if not available:
        return Cell(language, "not started", total, total)
    completeness = press.completeness(leaflet, language)
    missing = len(completeness.holes)
    if completeness.complete:
        return Cell(language, press.approvals.standing(leaflet, language).state, 0, total)
    return Cell(language, "incomplete" if completeness.started else "not started", missing, total)
