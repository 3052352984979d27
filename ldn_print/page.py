"""What goes on a page, and what a template may see of it. Plain values.

`PageContext` is everything a template can use, and nothing else; `RenderedPage` is what the engine gets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from ldn_print.approval import NOT_SIGNED, Standing
from ldn_print.bilingual import Part
from ldn_print.countries import Paper
from ldn_print.languages import Language
from ldn_print.localize import Translation
from ldn_print.models import Clinic, Edition, Leaflet, Publication, Schedule, Tool


@dataclass(frozen=True)
class Margins:
    """What stays free around the text of a page, in mm."""

    top: float
    side: float
    bottom: float


@dataclass(frozen=True)
class Mark:
    """What a page says of its own state, in one language; ``is_good`` when the words are approved."""

    language: Language
    text: Markup
    is_good: bool


@dataclass(frozen=True)
class Entry:
    """A line of a packet's contents: ``anchor`` is the id of the part that it names."""

    anchor: str
    title: Markup


@dataclass(frozen=True)
class PageContext:
    """Everything a template may use.

    ``dose``, ``number`` and ``free_text`` make data; ``emergency`` to ``report`` are data of the country
    and the clinic, each a text that never breaks or a line to write on.
    """

    page: Translation
    handout: Publication
    edition: Edition
    tools: tuple[str, ...]
    tool_titles: Mapping[str, Markup]
    tool_level: int
    is_web: bool
    language: Language
    clinic: Clinic
    title: str
    short_title: str
    heading: Markup
    issued: str
    review_by: str
    source_years: tuple[int, int]
    guide_pages: int
    face_pages: int
    with_notes: bool
    schedule: Schedule | None
    card: Markup
    same_language: bool
    beside: Language
    parts: tuple[Part, ...]
    section_level: int
    contents: tuple[Entry, ...]
    chapters: tuple[Markup, ...]
    reader: Language
    levels: tuple[str, ...]
    directions: tuple[str, ...]
    marks: tuple[Mark, ...]
    identity: Markup
    code: Markup
    emergency: Markup
    poison: Markup
    crisis: Markup
    clinic_phone: Markup
    after_hours: Markup
    regulator: Markup
    report: Markup
    dose: Callable[[float | Decimal], Markup]
    volume: Callable[[float | Decimal], Markup]
    unit: Callable[[str], Markup]
    blank: Callable[[str], Markup]
    number: Callable[[int], Markup]
    free_text: Callable[[str], Markup]


@dataclass(frozen=True)
class Order:
    """What goes on the page: a leaflet with its names and dates, for one clinic, on one paper.

    ``chapters`` are the handouts of a packet, each with the part that it adds, the shared sheet first;
    ``with_notes`` adds a page to write on, for a guide whose pages do not come out even; ``standing`` is the state
    of its words.
    """

    leaflet: Leaflet
    publication: Publication
    tools: tuple[Tool, ...]
    clinic: Clinic
    paper: Paper
    schedule: Schedule | None = None
    is_web: bool = False
    with_notes: bool = False
    chapters: tuple[tuple[Leaflet, Publication], ...] = ()
    standing: Standing = NOT_SIGNED


@dataclass(frozen=True)
class RenderedPage:
    """One leaflet in one language, ready for the engine.

    ``assets`` are the pictures that the style sheet and the page may name, by their ``asset:`` name;
    ``characters`` are the signs that the language is written with; ``even`` asks for whole sheets of paper;
    ``others`` are the languages of parts that name theirs (``lang``).
    """

    html: str
    css: str
    assets: Mapping[str, bytes]
    language: Language
    paper: Paper
    fingerprint: str
    characters: str
    margins: Margins
    even: bool = True
    others: tuple[Language, ...] = ()


@dataclass(frozen=True)
class Staff:
    """The messages as those who work in the country of care read them.

    ``desk`` is the clinic's language, ``emergency`` that of ambulance and hospital.
    """

    desk: Translation
    emergency: Translation
