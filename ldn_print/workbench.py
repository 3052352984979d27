"""A leaflet for its translator: its pages as far as they are, and all that helps with each message."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ldn_print.budgets import measure_budgets
from ldn_print.catalog import Entry
from ldn_print.context import Place
from ldn_print.countries import Paper
from ldn_print.errors import Diagnostic
from ldn_print.languages import Language
from ldn_print.messages import SourceMessage
from ldn_print.models import Leaflet, Slot
from ldn_print.one_message import former_texts, mark_of, shown_notes
from ldn_print.press import Press
from ldn_print.preview import Booklet, Row, make_booklet
from ldn_print.termbase import TermBase

Need = Literal["missing", "stale", "unsure", "faulty", "warned", "good"]
_NEEDS: Mapping[str, Need] = {"T-missing": "missing", "T-stale": "stale", "T-fuzzy": "unsure"}
_QUOTES = ("English:", "Here:")
_CLOSE_MM = 0.1
_OPEN: frozenset[Need] = frozenset({"missing", "stale", "unsure", "faulty"})


@dataclass(frozen=True)
class TermRow:
    """An idea that an English message names: what the language says for it, and never says."""

    english: str
    use: tuple[str, ...]
    forbid: tuple[str, ...]
    means: str
    note: str


@dataclass(frozen=True)
class Item:
    """A message on the workbench.

    ``number`` is its place in the leaflet; ``entry`` what its catalog says, None where it is not in the file, and
    in English; ``mark`` stands for exactly that translation (`one_message.mark_of`).
    """

    number: int
    row: Row
    entry: Entry | None
    mark: str
    terms: tuple[TermRow, ...]

    @property
    def message(self) -> SourceMessage:
        """The English."""
        return self.row.message

    @property
    def id(self) -> str:
        """The id of the message."""
        return self.row.message.key.id

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        """What the guard found."""
        return self.row.findings

    @property
    def need(self) -> Need:
        """What has to be done about it; ``faulty`` is translated and not printed."""
        codes = {finding.code for finding in self.findings if finding.is_error}
        known = next((need for code, need in _NEEDS.items() if code in codes), None)
        return known or ("faulty" if codes else "warned" if self.findings else "good")

    @property
    def is_open(self) -> bool:
        """True when the leaflet is not printed until somebody has done something about it."""
        return self.need in _OPEN

    @property
    def strings(self) -> tuple[str, ...]:
        """The translation, a text for each of its forms."""
        return self.entry.strings if self.entry else ()

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes that a translator may change."""
        return shown_notes(self.entry) if self.entry else ()

    @property
    def former(self) -> tuple[str, ...]:
        """What it said until its English changed."""
        return former_texts(self.entry) if self.entry and self.entry.is_stale else ()

    def told(self, finding: Diagnostic) -> str:
        """Return what a finding says, without the texts that it quotes: they stand beside it."""
        return "\n".join(line for line in finding.fact.splitlines() if not line.strip().startswith(_QUOTES))

    def spots(self, page: int) -> tuple[Slot, ...]:
        """Return where it stands on a page; a box inside another one of its boxes is left out."""
        slots = [slot for slot in self.row.slots if slot.page == page]
        return tuple(slot for slot in slots if not any(_holds(other, slot) for other in slots))

    @property
    def is_long(self) -> bool:
        """True when it takes more lines here than in English."""
        return self.row.budget is not None and self.row.taken > self.row.budget.lines


@dataclass(frozen=True)
class Workbench:
    """A leaflet in a language, as its translator sees it."""

    booklet: Booklet
    items: tuple[Item, ...]

    def find(self, message_id: str) -> Item | None:
        """Return a message of the leaflet by its id."""
        return next((item for item in self.items if item.id == message_id), None)

    def next_open(self, after: Item) -> Item | None:
        """Return the next message that has to be done, from the start again behind the last; None when all are."""
        ordered = (*self.items[after.number :], *self.items[: after.number - 1])
        return next((item for item in ordered if item.is_open), None)


def _holds(outer: Slot, inner: Slot) -> bool:
    """Tell whether a place lies in another one."""
    return outer != inner and (
        outer.x <= inner.x + _CLOSE_MM
        and outer.y <= inner.y + _CLOSE_MM
        and outer.x + outer.width >= inner.x + inner.width - _CLOSE_MM
        and outer.y + outer.height >= inner.y + inner.height - _CLOSE_MM
    )


def make_workbench(
    press: Press, leaflet: Leaflet, language: Language, paper: Paper, places: Mapping[str, Place]
) -> Workbench:
    """Return a leaflet as its translator sees it.

    Args:
        press: over the library.
        leaflet: which one.
        language: in which language.
        paper: the size of its pages.
        places: where each message stands, by its id (`context.find_places`).

    Raises:
        LdnPrintError: a source cannot be read, or the page cannot be laid out.
    """
    booklet = make_booklet(press, leaflet, language, paper, (places, measure_budgets(press, (leaflet,))))
    catalog = press.catalogs.get(language)
    terms = press.catalogs.guard(language).terms if catalog else None
    items = []
    for number, row in enumerate(booklet.rows, start=1):
        entry = catalog.entries.get(row.message.key) if catalog else None
        found = _find_terms(row.message, terms) if terms else ()
        items.append(Item(number, row, entry, mark_of(entry) if entry else "", found))
    return Workbench(booklet, tuple(items))


def _find_terms(message: SourceMessage, terms: TermBase) -> tuple[TermRow, ...]:
    """Return what a language says for the ideas that a message names."""
    found = terms.source.find(message.key.text) | terms.source.find(message.plural)
    rows = []
    for name in found:
        concept, term = terms.source.concepts[name], terms.terms[name]
        note = " ".join(filter(None, (concept.note, term.note)))
        rows.append(TermRow(concept.match[0], term.use, term.forbid, concept.means, note))
    return tuple(rows)
