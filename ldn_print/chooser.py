"""The page for the front desk on which a reader points at their language, each by its own name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import ceil

from markupsafe import Markup

from ldn_print.catalog import DRAFT_STATUS
from ldn_print.countries import Paper
from ldn_print.environment import CHOOSER_TEMPLATE
from ldn_print.languages import Language
from ldn_print.localize import Translation
from ldn_print.page import Order, RenderedPage
from ldn_print.render import Renderer
from ldn_print.styles import PAPER_MM
from ldn_print.values import free_text

_MOST_IN_A_COLUMN = 7  # more languages than these stand in two columns
_AROUND_MM = 62  # of the height of a page: margins and heading
_LEAST_MM, _MOST_MM = 24.0, 42.0  # of a row: what a name and its sentence take; what a finger cannot miss


def render_chooser(
    renderer: Renderer, order: Order, desk: Translation, sentences: Mapping[Language, Markup], mark: Markup
) -> RenderedPage:
    """Return the page.

    Args:
        renderer: of the library.
        order: for whom, on which paper.
        desk: the messages of the page in the clinic's language.
        sentences: what each language says below its name; empty where it has no such sentence.
        mark: what the page says of the state of these words.

    Raises:
        RenderError: a template or a style sheet cannot be read.
    """
    offers = tuple(sentences.items())
    columns = 1 if len(offers) <= _MOST_IN_A_COLUMN else 2
    return renderer.in_languages(
        CHOOSER_TEMPLATE.removesuffix(".html"),
        order,
        desk,
        tuple(sentences),
        lines=tuple(offers[first : first + columns] for first in range(0, len(offers), columns)),
        columns=columns,
        height=_row_height(ceil(len(offers) / columns), order.paper),
        mark=mark,
        clinic=order.clinic,
        clinic_name=free_text(order.clinic.name),
    )


def least_checked(words: Iterable[Translation]) -> Translation:
    """Return the words that were looked at least: a machine's draft, else a translation, else English."""

    def risk(row: Translation) -> int:
        return 0 if row.catalog is None else 2 if row.catalog.status == DRAFT_STATUS else 1

    return max(words, key=risk)


def _row_height(rows: int, paper: Paper) -> float:
    """Return how high a row is, in mm: the rows share as many pages as they need alike."""
    room = PAPER_MM[paper][1] - _AROUND_MM
    pages = ceil(rows * _LEAST_MM / room)
    return min(_MOST_MM, room / ceil(rows / pages))
