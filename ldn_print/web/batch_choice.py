"""The choice of many sheets as it stands in a form or an address, and what the form shows beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, cast
from urllib.parse import urlencode

from ldn_print.errors import LdnPrintError
from ldn_print.languages import SOURCE_TAG, Language, all_languages, get_language
from ldn_print.models import Clinic, Edition, Format, Leaflet
from ldn_print.press import Press
from ldn_print.project import Library
from ldn_print.sets import EDITIONS, FORMATS, PAPERS, Selection
from ldn_print.web.choice import EDITIONS as EDITION_WORDS
from ldn_print.web.choice import PAPERS as PAPER_WORDS

# What the form calls the choices; the values are those of `sets`.
EDITION_NAMES = {**EDITION_WORDS, "packet": "Packet (2 to 6 conditions in one file)"}
PAPER_NAMES = {**PAPER_WORDS, "both": "Both papers"}
FORMAT_NAMES = {
    "pdf": "PDF, to print",
    "html": "HTML, a page for screens",
    "text": "Text, for messages and portals",
}


@dataclass(frozen=True)
class Tick:
    """A line to tick: its value, its name, and a note such as why it cannot be had everywhere."""

    value: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class Offer:
    """Everything that can be ticked; ``waiting`` names the languages that have no sheets yet."""

    handouts: tuple[Tick, ...]
    tools: tuple[Tick, ...]
    languages: tuple[tuple[Language, str], ...]
    waiting: tuple[Language, ...]


def first_choice(clinic: Clinic) -> Selection:
    """Return what is ticked before anybody ticked anything."""
    return Selection(languages=(SOURCE_TAG,), paper=clinic.paper)


def read_selection(values: Any, library: Library, clinic: Clinic) -> Selection:
    """Return what a form or an address chose; names that are not known are not taken.

    Args:
        values: a mapping that has ``get`` and ``getlist``.
        library: whose handouts and tools may be named.
        clinic: its paper stands for what was not said.
    """
    sheets, tools = (*library.handout_ids(), *library.tool_ids()), library.tool_ids()
    paper, edition = values.get("paper", clinic.paper), values.get("edition", "standard")
    return Selection(
        sheets=_among(sheets, values.getlist("sheet")),
        languages=tuple(dict.fromkeys(filter(None, map(_tag, values.getlist("language"))))),
        edition=cast(Edition, edition if edition in EDITIONS else "standard"),
        paper=paper if paper in PAPERS else clinic.paper,
        tools=_among(tools, values.getlist("with")),
        formats=cast(tuple[Format, ...], _among(FORMATS, values.getlist("format"))),
    )


def _among(known: tuple[str, ...], named: list[str]) -> tuple[str, ...]:
    return tuple(name for name in known if name in named)


def _tag(name: str) -> str:
    try:
        return get_language(name).tag
    except LdnPrintError:
        return ""


def to_query(selection: Selection) -> str:
    """Return a choice as the end of an address."""
    rows = [("sheet", name) for name in selection.sheets]
    rows += [("language", tag) for tag in selection.languages]
    rows += [("edition", selection.edition), ("paper", selection.paper)]
    rows += [("with", tool) for tool in selection.tools]
    return urlencode([*rows, *(("format", form) for form in selection.formats)])


def make_offer(press: Press) -> Offer:
    """Return what can be ticked, and how far each language is.

    Raises:
        LdnPrintError: a handout, a template or a catalog cannot be read.
    """
    library, available = press.library, press.catalogs.available()
    leaflets = tuple(map(Leaflet, library.handout_ids()))
    handouts = [_tick(press, leaflet, available) for leaflet in leaflets]
    tools = tuple(_tick(press, Leaflet.of_tool(tool), available) for tool in library.tool_ids())
    rows = []
    for language in available:
        ready = sum(press.completeness(leaflet, language).complete for leaflet in leaflets)
        rows.append((language, "" if ready == len(leaflets) else f"{ready} of {len(leaflets)} conditions ready"))
    waiting = tuple(language for language in all_languages().values() if language not in available)
    return Offer(tuple(sorted(handouts, key=lambda row: row.name.casefold())), tools, tuple(rows), waiting)


def _tick(press: Press, leaflet: Leaflet, available: tuple[Language, ...]) -> Tick:
    lacking = [row.english for row in available if not press.completeness(leaflet, row).complete]
    note = f"not complete in {', '.join(lacking)}" if lacking else ""
    return Tick(leaflet.name, press.publication(leaflet).topic, note)


def tick_all(selection: Selection, press: Press, what: str) -> Selection:
    """Return a choice with all or none of something ticked.

    Args:
        selection: as it is.
        press: whose conditions and languages.
        what: ``all-sheets``, ``no-sheets``, ``all-languages`` or ``no-languages``; anything else changes nothing.
    """
    tools = tuple(name for name in selection.sheets if name in press.library.tool_ids())
    if what == "all-sheets":
        return replace(selection, sheets=(*press.library.handout_ids(), *tools))
    if what == "no-sheets":
        return replace(selection, sheets=())
    if what == "all-languages":
        return replace(selection, languages=tuple(language.tag for language in press.catalogs.available()))
    return replace(selection, languages=()) if what == "no-languages" else selection
